/* cmd_check.c - kedge check: the resolved recipe, or all that is wrong with it. */
#include <stdio.h>

#include "commands.h"
#include "library.h"

typedef struct settings {
    cli_texts set;
} settings;

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
    if (!status) fputs(kedge_recipe_text(recipe), stdout);
    kedge_recipe_free(recipe);
    kedge_context_free(context);
    return status;
}

static const cli_option options[] = {
    {0, "set", "path=value", CLI_TEXTS, offsetof(settings, set), .doc =
     "Change a key of the recipe first, as `kedge run` does. May be given several times."},
};

static const char *const text[] = {
    "Reads the recipe, its schedule and its data as `kedge run` would, and trains nothing. If all is well, prints the "
    "recipe with every key and its value, defaults too. Otherwise prints every mistake at its place, "
    "file:line:column, and exits with 1.",
    "  kedge check experiments/2.4.1 --set model.hidden='[32, 32]'",
    NULL,
};

const cli_command cli_command_check = {
    .name = "check", .arguments = "RECIPE", .min_words = 1, .max_words = 1,
    .summary = "print the resolved recipe, or every mistake in it", .text = text,
    .options = options, .n_options = sizeof options / sizeof *options, .run = run,
};
