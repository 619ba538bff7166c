/* cmd_check.c - kedge check: the resolved recipe, or all that is wrong with it. */
#include <stdio.h>

#include "commands.h"
#include "library.h"
#include "message.h"
#include "output.h"

typedef struct settings {
    cli_texts set;
    bool strict;
} settings;

/* The recipe, and below it what its schedule comes to; what is probably not meant goes to standard error. */
static int print(const settings *given, kedge_context *context, const kedge_recipe *recipe)
{
    kedge_lint *lint = NULL;
    kedge_warning warning;
    char *resolved = NULL, *doses = NULL;
    int warnings = 0;
    if (kedge_recipe_lint(&lint, recipe)) return cli_failed();
    kedge_status printed = kedge_recipe_write(recipe, &resolved);
    int status = cli_print_text(context, printed, resolved);
    if (!status) printed = kedge_lint_print(lint, &doses);
    if (!status) status = cli_print_text(context, printed, doses);
    if (!status) status = cli_output_flush(); /* the recipe before what is said of it */
    for (; !status && kedge_lint_warning(lint, warnings, &warning); warnings++)
        fprintf(stderr, "%s: warning: %s\n", warning.file, warning.text);
    if (!status && warnings > 0 && given->strict) status = CLI_FAILED;
    kedge_lint_free(lint);
    return status;
}

static int run(const cli_command *self, int argc, char **argv)
{
    settings given = {0};
    cli_words words;
    kedge_context *context = NULL;
    kedge_recipe *recipe = NULL;
    int status;
    if (!cli_parse(self, argc, argv, &given, &words, &status)) return status;
    status = cli_context_open(&context, self, NULL);
    if (!status) status = cli_recipe_open(&recipe, context, self, words.at[0], &given.set);
    if (!status) status = print(&given, context, recipe);
    kedge_recipe_free(recipe);
    kedge_context_free(context);
    return status;
}

static const cli_option options[] = {
    {0, "set", "path=value", CLI_TEXTS, offsetof(settings, set), .doc =
     "Change a key of the recipe first, as `kedge run` does. May be given several times."},
    {0, "strict", NULL, CLI_SWITCH, offsetof(settings, strict), .doc = "Exit with 1 where there is a warning."},
};

static const char *const text[] = {
    "Reads the recipe, its schedule and its data as `kedge run` would, and trains nothing. If all is well, prints the "
    "recipe with every key and its value, defaults too. Otherwise prints every mistake at its place, "
    "file:line:column, and exits with 1.",
    "Below the recipe stand comments: the heat of the run (the sum of its learning rate) and for each term its dose "
    "(the sum of weight times learning rate), the dose's middle in time, and the steps between which it has a weight; "
    "then of each set of points how many they are and when they are drawn. "
    "Warnings on standard error tell of what is probably not meant: a term that ends while the learning rate is hot, "
    "a term or a set of points that is never active, two terms that pull the same quantity in opposite directions, "
    "two phases whose names differ by a slip of the pen.",
    "  kedge check experiments/2.4.1 --set model.hidden='[32, 32]'",
    NULL,
};

const cli_command cli_command_check = {
    .name = "check", .arguments = "RECIPE", .min_words = 1, .max_words = 1,
    .summary = "print the resolved recipe, or every mistake in it", .text = text,
    .options = options, .n_options = sizeof options / sizeof *options, .run = run,
};
