/* cmd_pareto.c - kedge pareto: which settings are beaten by no others. */
#include "commands.h"
#include "library.h"
#include "message.h"

static const char *const formats[] = {"table", "csv", "json", NULL};

typedef struct settings {
    cli_texts where, minimize, maximize;
    int format;
    bool runs;
} settings;

static kedge_status ask(kedge_table **table, kedge_store *store, const void *options)
{
    return kedge_store_pareto(table, store, options);
}

static int run(const cli_command *self, int argc, char **argv)
{
    settings given = {0};
    cli_words words;
    kedge_store_objective objectives[2 * CLI_TEXTS_MAX];
    int status, n = 0;
    if (!cli_parse(self, argc, argv, &given, &words, &status)) return status;
    for (int i = 0; i < given.minimize.n; i++) objectives[n++] = (kedge_store_objective){given.minimize.at[i], 0};
    for (int i = 0; i < given.maximize.n; i++) objectives[n++] = (kedge_store_objective){given.maximize.at[i], 1};
    if (n == 0) return cli_wrong(self, "an objective is missing; give --minimize METRIC or --maximize METRIC");
    kedge_store_pareto_options front = {.objectives = objectives, .n_objectives = n, .where = given.where.at,
                                        .n_where = given.where.n, .runs = given.runs};
    return cli_store_ask(self, words.at[0], formats[given.format], ask, &front);
}

static const cli_option options[] = {
    {0, "minimize", "METRIC", CLI_TEXTS, offsetof(settings, minimize), .doc =
     "The less of this metric the better. May be given several times."},
    {0, "maximize", "METRIC", CLI_TEXTS, offsetof(settings, maximize), .doc =
     "The more of it the better. May be given several times."},
    {0, "runs", NULL, CLI_SWITCH, offsetof(settings, runs), .doc =
     "Compare single runs instead of the means of groups."},
    {0, "where", "CONDITION", CLI_TEXTS, offsetof(settings, where), .doc =
     "Only runs that fulfil this, as in `kedge runs`. May be given several times."},
    {0, "format", "FORMAT", CLI_CHOICE, offsetof(settings, format), .choices = formats, .doc =
     "How to print them: `table` (the default), `csv` or `json`."},
};

static const char *const text[] = {
    "Prints the Pareto front of a store: the groups of runs that no other group is at least as good as in every "
    "objective and better in one. A group is all runs that differ in their seed alone; it stands for its means. n "
    "is the number of runs that have a value, failed that of runs that failed, which have none.",
    "  kedge pareto clip.kedge --maximize score --minimize recon_mse",
    "The best in the first objective comes first; those of `--minimize` come before those of `--maximize`.",
    NULL,
};

const cli_command cli_command_pareto = {
    .name = "pareto", .arguments = "STORE", .min_words = 1, .max_words = 1,
    .summary = "list the settings of a store that no others beat", .text = text,
    .options = options, .n_options = sizeof options / sizeof *options, .run = run,
};
