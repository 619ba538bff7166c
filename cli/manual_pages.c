/* manual_pages.c - the manual as Markdown (docs/cli.md) and as a man page (kedge.1), from the table of commands. */
#include <stdio.h>
#include <string.h>

#include "kedge/version.h"
#include "manual.h"

static bool is_example(const char *paragraph)
{
    return strncmp(paragraph, "  ", 2) == 0;
}

/* ---- Markdown ---- */

static void markdown_example(const char *text)
{
    puts("```sh");
    for (const char *line = text; *line;) {
        size_t length = strcspn(line, "\n");
        printf("%.*s\n", length > 2 ? (int)length - 2 : 0, line + 2);
        line += length + (line[length] == '\n');
    }
    puts("```");
}

static void markdown_paragraphs(const char *const *text)
{
    for (int i = 0; text && text[i]; i++) {
        putchar('\n');
        if (is_example(text[i])) markdown_example(text[i]);
        else puts(text[i]);
    }
}

void cli_manual_markdown_command(const cli_command *command)
{
    printf("## kedge %s%s%s\n\n%c%s.\n", command->name, *command->arguments ? " " : "", command->arguments,
           command->summary[0] - 'a' + 'A', command->summary + 1);
    markdown_paragraphs(command->text);
    const char *name, *summary;
    if (command->item) printf("\n%s:\n\n", command->items);
    for (int i = 0; command->item && command->item(i, &name, &summary); i++) printf("* `%s`: %s\n", name, summary);
    if (command->n_options) putchar('\n');
    for (int i = 0; i < command->n_options; i++) {
        const cli_option *option = &command->options[i];
        printf("* `");
        if (option->letter) printf("-%c, ", option->letter);
        printf("--%s%s%s`: %s\n", option->name, option->argument ? " " : "", option->argument ? option->argument : "",
               option->doc);
    }
}

void cli_manual_markdown(void)
{
    const cli_command *command;
    puts("# The command line\n\nMade by `kedge help --format markdown`. Change the text in `cli/`, not here.");
    markdown_paragraphs(cli_manual_text);
    puts("\nEvery command takes `-h, --help`. Options stand before or behind the other arguments, as `--name value` "
         "or `--name=value`; behind `--` everything is an argument. All keys of a recipe stand in "
         "[reference.md](reference.md).");
    for (int i = 0; (command = cli_command_at(i)); i++) {
        putchar('\n');
        cli_manual_markdown_command(command);
    }
}

/* ---- roff ---- */

/* Text with what roff would read as its own escaped; `backticks` become bold. It begins a line. */
static void roff_text(const char *text)
{
    bool bold = false;
    if (*text == '.' || *text == '\'') fputs("\\&", stdout);
    for (; *text; text++) {
        if (*text == '`') fputs((bold = !bold) ? "\\fB" : "\\fR", stdout);
        else if (*text == '\\') fputs("\\e", stdout);
        else if (*text == '-') fputs("\\-", stdout);
        else if (*text == '\'') fputs("\\(aq", stdout);
        else if (*text == '^') fputs("\\(ha", stdout);
        else if (*text == '~') fputs("\\(ti", stdout);
        else if (*text == '\n') fputs(text[1] == '.' ? "\n\\&" : "\n", stdout);
        else putchar(*text);
    }
}

static void roff(const char *text)
{
    roff_text(text);
    putchar('\n');
}

static void roff_paragraphs(const char *const *text)
{
    for (int i = 0; text && text[i]; i++) {
        puts(is_example(text[i]) ? ".PP\n.EX" : ".PP");
        roff(text[i]);
        if (is_example(text[i])) puts(".EE");
    }
}

static void roff_command(const cli_command *command)
{
    printf(".SS kedge %s", command->name);
    if (*command->arguments) putchar(' ');
    roff(command->arguments);
    putchar(command->summary[0] - 'a' + 'A');
    roff_text(command->summary + 1);
    puts(".");
    roff_paragraphs(command->text);
    const char *name, *summary;
    if (command->item) printf(".PP\n%s:\n", command->items);
    for (int i = 0; command->item && command->item(i, &name, &summary); i++) {
        printf(".TP\n\\fB%s\\fR\n", name);
        roff(summary);
    }
    for (int i = 0; i < command->n_options; i++) {
        const cli_option *option = &command->options[i];
        puts(".TP");
        if (option->letter) printf("\\fB\\-%c\\fR, ", option->letter);
        fputs("\\fB\\-\\-", stdout);
        printf("%s\\fR", option->name);
        if (option->argument) printf(" \\fI%s\\fR", option->argument);
        putchar('\n');
        roff(option->doc);
    }
}

void cli_manual_man(void)
{
    const cli_command *command;
    printf(".TH KEDGE 1 \"\" \"kedge %s\" \"User commands\"\n.SH NAME\nkedge \\- ", kedge_version());
    roff(cli_manual_summary);
    puts(".SH SYNOPSIS\n.B kedge\n.I COMMAND\n[\\fIargument\\fR]... [\\fIoption\\fR]...\n.SH DESCRIPTION");
    roff_paragraphs(cli_manual_text);
    puts(".PP");
    roff("Every command takes `-h, --help`. Options stand before or behind the other arguments, as `--name value` or "
         "`--name=value`; behind `--` everything is an argument. `kedge help recipe` prints the keys of a recipe.");
    puts(".SH COMMANDS");
    for (int i = 0; (command = cli_command_at(i)); i++) roff_command(command);
}
