/* cmd_help.c - kedge help: the manual, in whole or of one command, and the keys of a recipe. */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "library.h"
#include "manual.h"
#include "message.h"
#include "nearest.h"

static const char *const formats[] = {"text", "markdown", "man", NULL};
enum { TEXT, MARKDOWN, MAN };

static const char recipe_topic[] = "recipe";

typedef struct settings {
    int format;
} settings;

static int print_reference(const cli_command *self)
{
    kedge_context *context = NULL;
    char *text = NULL;
    int status = cli_context_open(&context, self, NULL);
    if (status) return status;
    kedge_status done = kedge_recipe_reference(context, &text);
    status = cli_print_text(context, done, text);
    kedge_context_free(context);
    return status;
}

static int unknown(const cli_command *self, const char *word)
{
    cli_nearest nearest;
    cli_nearest_begin(&nearest, word);
    for (int i = 0; cli_command_at(i); i++) cli_nearest_offer(&nearest, cli_command_at(i)->name);
    cli_nearest_offer(&nearest, recipe_topic);
    if (nearest.best) return cli_wrong(self, "unknown command '%s'; did you mean '%s'?", word, nearest.best);
    return cli_wrong(self, "unknown command '%s'; 'kedge help' lists them", word);
}

static int run(const cli_command *self, int argc, char **argv)
{
    settings given = {0};
    cli_words words;
    int status;
    if (!cli_parse(self, argc, argv, &given, &words, &status)) return status;
    if (words.n == 0) {
        if (given.format == MAN) cli_manual_man();
        else if (given.format == MARKDOWN) cli_manual_markdown();
        else cli_manual_overview();
        return CLI_OK;
    }
    if (given.format == MAN)
        return cli_wrong(self, "--format man is the whole manual; leave out '%s'", words.at[0]);
    if (strcmp(words.at[0], recipe_topic) == 0) return print_reference(self);
    const cli_command *command = cli_command_named(words.at[0]);
    if (!command) return unknown(self, words.at[0]);
    if (given.format == MARKDOWN) cli_manual_markdown_command(command);
    else cli_manual_command(command);
    return CLI_OK;
}

static const cli_option options[] = {
    {0, "format", "FORMAT", CLI_CHOICE, offsetof(settings, format), .choices = formats, .doc =
     "`text` (the default), `markdown`, or `man`: the whole manual for the program man. The keys of a recipe are "
     "Markdown in any case."},
};

static const char *const text[] = {
    "Lists the commands, or describes one: `kedge help run`. `kedge help recipe` prints all keys of a recipe.",
    NULL,
};

const cli_command cli_command_help = {
    .name = "help", .arguments = "[COMMAND|recipe]", .min_words = 0, .max_words = 1,
    .summary = "describe a command, or the keys of a recipe", .text = text,
    .options = options, .n_options = sizeof options / sizeof *options, .run = run,
};
