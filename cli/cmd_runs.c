/* cmd_runs.c - kedge runs: what is in a store. */
#include "commands.h"
#include "library.h"

static const char *const formats[] = {"table", "csv", "json", NULL};
enum { TABLE };

typedef struct settings {
    cli_texts where, metrics;
    const char *sort;
    long long limit;
    int format;
    bool group;
} settings;

static kedge_status ask(kedge_table **table, kedge_store *store, const void *query)
{
    return kedge_store_runs(table, store, query);
}

static int run(const cli_command *self, int argc, char **argv)
{
    settings given = {0};
    cli_words words;
    int status;
    if (!cli_parse(self, argc, argv, &given, &words, &status)) return status;
    kedge_store_query query = {
        .where = given.where.at, .n_where = given.where.n,
        .metrics = given.metrics.n ? given.metrics.at : NULL, .n_metrics = given.metrics.n,
        .all_metrics = given.metrics.n == 0 && given.format != TABLE,
        .sort = given.sort, .limit = given.limit, .by_group = given.group,
    };
    return cli_store_ask(self, words.at[0], formats[given.format], ask, &query);
}

static const cli_option options[] = {
    {0, "where", "CONDITION", CLI_TEXTS, offsetof(settings, where), .doc =
     "Only runs that fulfil this: NAME, then `=`, `!=`, `<`, `<=`, `>` or `>=`, then a value. May be given several "
     "times; all must hold."},
    {0, "group", NULL, CLI_SWITCH, offsetof(settings, group), .doc =
     "A row per group and metric: statistics over the seeds."},
    {0, "metric", "NAME", CLI_TEXTS, offsetof(settings, metrics), .doc =
     "Show this metric; may be given several times. By default a table shows `score` and `recon_mse`, csv and json "
     "have all."},
    {0, "sort", "COLUMN[:desc]", CLI_TEXT, offsetof(settings, sort), .doc =
     "Order by a column, or by a metric (of groups, by its mean), rising or with `:desc` falling. What is undefined "
     "comes last."},
    {0, "limit", "N", CLI_INT, offsetof(settings, limit), 1, 1000000000, .doc = "So many rows at most."},
    {0, "format", "FORMAT", CLI_CHOICE, offsetof(settings, format), .choices = formats, .doc =
     "How to print them: `table` (the default), `csv` or `json`."},
};

static const char *const text[] = {
    "STORE is the file that `kedge sweep -o STORE` writes; a sweep may be at work on it. Every run has an id, the "
    "group it belongs to, its settings, its seed, its status (`pending`, `done` or `failed`) and its metrics. A "
    "group is all runs that differ in their seed alone.",
    "  kedge runs clip.kedge --where 'score<0.9' --sort score\n"
    "  kedge runs clip.kedge --group --metric score --sort score:desc\n"
    "  kedge runs clip.kedge --where optimizer.clip=0.5 --where status=done --format csv",
    "A NAME in a condition is `id`, `group`, `seed`, `stream`, `status`, `recipe` (its title or the beginning of its "
    "digest), the path of a setting (or its last part, where no other setting has it), or a metric.",
    "With `--group`: n counts the runs with a value; sd divides by n - 1; quantiles are of type 7, linear between the "
    "order statistics; low and high are the 95% interval of the mean, a percentile bootstrap of 2,000 resamples that "
    "gives the same numbers every time.",
    NULL,
};

const cli_command cli_command_runs = {
    .name = "runs", .arguments = "STORE", .min_words = 1, .max_words = 1,
    .summary = "list the runs of a store, or statistics over their seeds", .text = text,
    .options = options, .n_options = sizeof options / sizeof *options, .run = run,
};
