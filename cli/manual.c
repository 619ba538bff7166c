/* manual.c - help as plain text, from the table of commands. */
#include "manual.h"

#include <stdio.h>
#include <string.h>

enum { COLUMNS = 80, NAMES = 24 };

const char cli_manual_summary[] = "concept-anchored representation engineering";

const char *const cli_manual_text[] = {
    "kedge trains models with named concepts anchored in their latent space, by recipes: one YAML file says the data, "
    "the labels, the model, the terms, the schedule and the seeds.",
    "Results go to standard output, messages to standard error. The exit status is 0; 1 if something failed; 2 if the "
    "command line is wrong.",
    NULL,
};

static bool is_example(const char *paragraph)
{
    return strncmp(paragraph, "  ", 2) == 0;
}

/* A word's letters on paper: backticks are not printed. */
static int letters(const char *word, size_t length)
{
    int n = 0;
    for (size_t i = 0; i < length; i++) n += word[i] != '`';
    return n;
}

/* Fills lines with words. The first begins at 'column', the others, after 'indent' blanks, at 'indent'. */
static void wrap(const char *text, int column, int indent)
{
    bool first = true;
    for (const char *word = text; *word;) {
        size_t length = strcspn(word, " ");
        int wide = letters(word, length);
        if (!first && column + 1 + wide > COLUMNS - 1) {
            printf("\n%*s", indent, "");
            column = indent;
        } else if (!first) {
            putchar(' ');
            column++;
        }
        for (size_t i = 0; i < length; i++)
            if (word[i] != '`') putchar(word[i]);
        column += wide;
        first = false;
        word += length;
        word += strspn(word, " ");
    }
    putchar('\n');
}

static void paragraphs(const char *const *text)
{
    for (int i = 0; text && text[i]; i++) {
        putchar('\n');
        if (is_example(text[i])) puts(text[i]);
        else wrap(text[i], 0, 0);
    }
}

static void entry(const char *name, const char *doc)
{
    int used = printf("  %s", name);
    if (used + 2 > NAMES) {
        putchar('\n');
        used = 0;
    }
    printf("%*s", NAMES - used, "");
    wrap(doc, NAMES, NAMES);
}

static void items(const cli_command *command)
{
    const char *name, *summary;
    if (command->item) printf("\n%s:\n", command->items);
    for (int i = 0; command->item && command->item(i, &name, &summary); i++) entry(name, summary);
}

static void usage(FILE *to, const cli_command *command)
{
    fprintf(to, "usage: kedge %s%s%s%s\n", command->name, *command->arguments ? " " : "", command->arguments,
            command->n_options ? " [option]..." : "");
}

void cli_manual_command(const cli_command *command)
{
    usage(stdout, command);
    putchar('\n');
    printf("%s: ", command->name);
    wrap(command->summary, (int)strlen(command->name) + 2, 0);
    paragraphs(command->text);
    items(command);
    puts("\nOptions:");
    for (int i = 0; i < command->n_options; i++) {
        const cli_option *option = &command->options[i];
        char name[80], letter[8] = "    ";
        if (option->letter) snprintf(letter, sizeof letter, "-%c, ", option->letter);
        snprintf(name, sizeof name, "%s--%s%s%s", letter, option->name, option->argument ? " " : "",
                 option->argument ? option->argument : "");
        entry(name, option->doc);
    }
    entry("-h, --help", "This text.");
}

static void commands(FILE *to)
{
    const cli_command *command;
    for (int i = 0; (command = cli_command_at(i)); i++) fprintf(to, "  %-10s %s\n", command->name, command->summary);
}

void cli_manual_overview(void)
{
    printf("usage: kedge COMMAND [argument]... [option]...\n\nkedge: %s\n", cli_manual_summary);
    paragraphs(cli_manual_text);
    puts("\nCommands:");
    commands(stdout);
    puts("\n'kedge help COMMAND' describes one, 'kedge help recipe' the keys of a recipe.");
}

void cli_manual_short(void)
{
    fputs("usage: kedge COMMAND [argument]... [option]...\n\nCommands:\n", stderr);
    commands(stderr);
    fputs("\n'kedge help COMMAND' describes one.\n", stderr);
}
