/* cmd_diff.c - kedge diff: what two models differ in. */
#include <stdio.h>

#include "commands.h"
#include "library.h"
#include "message.h"
#include "models.h"

static const char *const formats[] = {"table", "csv", "json", NULL};
enum { TABLE };

typedef struct settings {
    int format;
} settings;

static int print(kedge_context *context, const kedge_model *a, const kedge_model *b, const settings *given)
{
    kedge_table *table = NULL;
    if (kedge_model_diff(&table, a, b)) return cli_failed();
    if (given->format != TABLE || kedge_table_rows(table) > 0)
        return cli_print_table(context, table, formats[given->format]);
    puts("the weights are the same");
    kedge_table_free(table);
    return CLI_OK;
}

static int run(const cli_command *self, int argc, char **argv)
{
    settings given = {0};
    cli_words words;
    kedge_context *context = NULL;
    kedge_model *a = NULL, *b = NULL;
    int status;
    if (!cli_parse(self, argc, argv, &given, &words, &status)) return status;
    status = cli_model_check_file(words.at[0]);
    if (!status) status = cli_model_check_file(words.at[1]);
    if (!status) status = cli_context_open(&context, self, NULL);
    if (status) return status;
    if (kedge_model_load(&a, context, words.at[0]) || kedge_model_load(&b, context, words.at[1])) status = cli_failed();
    else status = print(context, a, b, &given);
    kedge_model_free(b);
    kedge_model_free(a);
    kedge_context_free(context);
    return status;
}

static const cli_option options[] = {
    {0, "format", "FORMAT", CLI_CHOICE, offsetof(settings, format), .choices = formats, .doc =
     "How to print it: `table` (the default), `csv` or `json`."},
};

static const char *const text[] = {
    "Prints which rows and columns of the weights of model B are not those of model A: a row of a weight is what "
    "makes one of its outputs, a column what reads one of its inputs, an entry is one of a bias. `entries` is how "
    "many numbers differ there, `largest` the largest difference, `norm` the square root of the sum of their "
    "squares. Differences are named by few rows and columns that hold all of them.",
    "  kedge diff model.safetensors ablated.safetensors",
    "If one model is smaller, as after `kedge edit prune`, the rows and columns that only A has are `missing`, "
    "those that only B has `added`. A tensor of another shape whose numbers have nothing to do with the other's "
    "is `reshaped`. The exit status is 0 whether they differ or not.",
    NULL,
};

const cli_command cli_command_diff = {
    .name = "diff", .arguments = "A B", .min_words = 2, .max_words = 2,
    .summary = "print which rows and columns of two models' weights differ", .text = text,
    .options = options, .n_options = sizeof options / sizeof *options, .run = run,
};
