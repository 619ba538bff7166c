/* cmd_labels.c - kedge labels: how many labels, how wrong, how sharp does an anchor need? */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "interrupt.h"
#include "library.h"
#include "message.h"
#include "output.h"
#include "progress.h"
#include "seeds.h"

static const char *const formats[] = {"table", "csv", "json", NULL};

typedef struct settings {
    const char *directory, *label, *held_out, *seeds, *kernels;
    cli_texts set;
    long long threads;
    int format;
    bool quick, quiet;
} settings;

/* The bar comes with the first run, when it is known how many there are. */
typedef struct bar {
    cli_progress *progress;
    bool begun, quiet;
} bar;

static void update(long long done, long long total, void *payload)
{
    bar *self = payload;
    if (!self->begun) cli_progress_begin_of(self->progress, total, self->quiet, "run", "done");
    self->begun = true;
    cli_progress_update(done, total, self->progress);
}

static int print(kedge_context *context, const kedge_label_lab *lab, const settings *given)
{
    kedge_table *table = NULL;
    if (given->format != 0) {
        if (kedge_label_lab_table(&table, lab, KEDGE_LABELS_ALL)) return cli_failed();
        return cli_print_table(context, table, formats[given->format]);
    }
    for (int part = 0; part < KEDGE_LABELS_PARTS; part++) {
        if (kedge_label_lab_table(&table, lab, (kedge_label_part)part)) return cli_failed();
        if (kedge_table_rows(table) == 0) {
            kedge_table_free(table);
            continue;
        }
        int status = cli_print_table(context, table, "table");
        if (status) return status;
        printf("\n");
    }
    printf("%s\n", kedge_label_lab_verdict(lab));
    return cli_output_flush();
}

/* Tables, and the heat maps of them. */
static int save(kedge_context *context, const kedge_label_lab *lab, const char *recipe, const settings *given)
{
    char table[4096], picture[4096];
    kedge_recipe *opened = NULL;
    kedge_draw_options options = KEDGE_DRAW_OPTIONS_INIT;
    snprintf(table, sizeof table, "%s/labels.csv", given->directory);
    snprintf(picture, sizeof picture, "%s/labels.png", given->directory);
    kedge_status status = kedge_label_lab_save(lab, given->directory);
    if (!status) status = kedge_recipe_load(&opened, context, recipe, &(kedge_recipe_options){given->set.at,
                                                                                             given->set.n});
    if (!status) {
        options.title = kedge_recipe_title(opened);
        if (!*options.title) options.title = NULL;
        status = kedge_draw(context, "labels", table, &options, picture);
    }
    kedge_recipe_free(opened);
    return status ? cli_failed() : CLI_OK;
}

static int labels(const cli_command *self, kedge_context *context, const char *recipe, const settings *given,
                  cli_progress *progress)
{
    kedge_label_lab_options options = KEDGE_LABEL_LAB_OPTIONS_INIT;
    kedge_label_lab *lab = NULL;
    bar shown = {progress, false, given->quiet};
    int status = given->seeds ? cli_seeds_read(self, given->seeds, &options.first_seed, &options.seed_count) : CLI_OK;
    if (status) return status;
    options.set = given->set.at, options.n_set = given->set.n;
    options.label = given->label;
    options.held_out = given->held_out;
    options.quick = given->quick;
    options.directory = given->directory;
    options.progress = update, options.progress_payload = &shown;
    options.stop = cli_interrupt_catch();
    kedge_status done = kedge_label_lab_run(&lab, context, recipe, &options);
    if (shown.begun) cli_progress_end(progress, done ? 0 : kedge_label_lab_runs(lab));
    if (done) return cli_failed();
    status = print(context, lab, given);
    if (!status && given->directory) status = save(context, lab, recipe, given);
    long long failures = kedge_label_lab_failures(lab);
    if (failures)
        cli_say("%lld of %lld runs failed: their loss became infinite or no number", failures,
                kedge_label_lab_runs(lab));
    kedge_label_lab_free(lab);
    return status;
}

static int run(const cli_command *self, int argc, char **argv)
{
    settings given = {0};
    cli_words words;
    cli_progress progress = {0};
    kedge_context *context = NULL;
    int status;
    if (!cli_parse(self, argc, argv, &given, &words, &status)) return status;
    if (given.directory && strlen(given.directory) > 4000) return cli_wrong(self, "the directory's name is too long");
    status = cli_context_open(&context, self, &(cli_context_options){given.kernels, given.threads, &progress});
    if (!status) status = labels(self, context, words.at[0], &given, &progress);
    kedge_context_free(context);
    return status;
}

static const cli_option options[] = {
    {0, "label", "NAME", CLI_TEXT, offsetof(settings, label), .doc =
     "Which label; by default the only one that anchors, or the one whose anchor stands where the scored plan acts."},
    {0, "seeds", "N|A..B", CLI_TEXT, offsetof(settings, seeds), .doc =
     "Train every cell with N seeds from the recipe's first on, or with seeds A to B; 60 by default, 12 with "
     "`--quick`."},
    {0, "quick", NULL, CLI_SWITCH, offsetof(settings, quick), .doc = "Small grids."},
    {0, "held-out", "FORMULA", CLI_TEXT, offsetof(settings, held_out), .doc =
     "Who gets no label in the last table: points where this is not 0. By default half of the hues, from the "
     "concept's own on."},
    {'o', "output", "DIR", CLI_TEXT, offsetof(settings, directory), .doc =
     "Also write `labels.csv`, `runs.csv` (every run) and the heat maps `labels.png` there."},
    {0, "set", "path=value", CLI_TEXTS, offsetof(settings, set), .doc =
     "Change a key of the recipe. May be given several times."},
    {0, "format", "FORMAT", CLI_CHOICE, offsetof(settings, format), .choices = formats, .doc =
     "How to print: `table` (the default), or all in one table as `csv` or `json`."},
    {0, "threads", "N", CLI_INT, offsetof(settings, threads), 1, 1024, .doc =
     "Do so many runs at a time; one per core by default. The results do not depend on it."},
    {0, "kernels", "NAME", CLI_TEXT, offsetof(settings, kernels), .doc =
     "Compute with these kernels, as for `kedge run`."},
    {'q', "quiet", NULL, CLI_SWITCH, offsetof(settings, quiet), .doc = "No progress bar."},
};

static const char *const text[] = {
    "RECIPE is a YAML file, or a folder with a recipe.yaml in it. Trains it with other labels and prints, with 95% "
    "bootstrap intervals over seeds, the median score and the mean angle between the anchor and those who carry the "
    "label for certain: over the share of wrong labels and the true positives that are left, over rate and exponent, "
    "and for soft, stochastic and exact labels; `empty` is the share of batches without a label.",
    "Last: was the concept learned, or the exemplars? Half of the concept gets no label, by value, and is compared "
    "with labelled points of the same strength, with the anchor and with weight 0 on it.",
    "  kedge labels experiments/2.4.1 -o labels-2.4.1\n"
    "  kedge labels experiments/2.4.1 --quick --format csv > labels.csv\n"
    "  kedge labels my.yaml --label flies --held-out 'weight < 1'",
    "The label must have a `concept`, or a rate of the form `A * NAME^B`. A label is wrong that is handed out by "
    "`false_positive`; its share decides the false positives that are tried. The column `set` of the csv has the "
    "assignments that make a cell, for `--set`. docs/labels.md says how to read the answer.",
    NULL,
};

const cli_command cli_command_labels = {
    .name = "labels", .arguments = "RECIPE", .min_words = 1, .max_words = 1,
    .summary = "ask how many labels an anchor needs, and how wrong they may be", .text = text,
    .options = options, .n_options = sizeof options / sizeof *options, .run = run,
};
