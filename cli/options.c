/* options.c - the arguments of a command, read by its table of options. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "manual.h"
#include "message.h"
#include "nearest.h"

typedef struct parser {
    const cli_command *command;
    int argc, next;
    char **argv;
    char *settings;
    bool helped;
} parser;

/* Known to every command. */
static const cli_option help_option = {.letter = 'h', .name = "help", .type = CLI_SWITCH};

static const cli_option *option_at(const cli_command *command, int i)
{
    return i < command->n_options ? &command->options[i] : i == command->n_options ? &help_option : NULL;
}

static const cli_option *long_option(const cli_command *command, const char *name, size_t length)
{
    const cli_option *option;
    for (int i = 0; (option = option_at(command, i)); i++)
        if (strlen(option->name) == length && strncmp(option->name, name, length) == 0) return option;
    return NULL;
}

static const cli_option *short_option(const cli_command *command, char letter)
{
    const cli_option *option;
    for (int i = 0; (option = option_at(command, i)); i++)
        if (option->letter == letter) return option;
    return NULL;
}

static int unknown(const parser *self, const char *given, const char *name, size_t length)
{
    char word[64];
    snprintf(word, sizeof word, "%.*s", (int)length, name);
    cli_nearest nearest;
    cli_nearest_begin(&nearest, word);
    for (int i = 0; option_at(self->command, i); i++) cli_nearest_offer(&nearest, option_at(self->command, i)->name);
    if (nearest.best && length > 1)
        return cli_wrong(self->command, "unknown option '%s'; did you mean '--%s'?", given, nearest.best);
    return cli_wrong(self->command, "unknown option '%s'; 'kedge help %s' lists all", given, self->command->name);
}

static int read_int(const parser *self, const cli_option *option, const char *value)
{
    char *end;
    errno = 0;
    long long number = strtoll(value, &end, 10);
    bool digits = value[strspn(value, "0123456789")] == '\0' && value[0];
    if (!digits || errno || number < option->min || number > option->max)
        return cli_wrong(self->command, "--%s '%s' must be a whole number from %lld to %lld", option->name, value,
                         option->min, option->max);
    memcpy(self->settings + option->offset, &number, sizeof number);
    return CLI_OK;
}

static int read_choice(const parser *self, const cli_option *option, const char *value)
{
    char all[256] = "";
    cli_nearest nearest;
    cli_nearest_begin(&nearest, value);
    for (int i = 0; option->choices[i]; i++) {
        if (strcmp(option->choices[i], value) == 0) {
            memcpy(self->settings + option->offset, &i, sizeof i);
            return CLI_OK;
        }
        cli_nearest_offer(&nearest, option->choices[i]);
        size_t used = strlen(all);
        const char *between = i == 0 ? "" : option->choices[i + 1] ? ", " : " or ";
        snprintf(all + used, sizeof all - used, "%s'%s'", between, option->choices[i]);
    }
    if (nearest.best)
        return cli_wrong(self->command, "--%s '%s' is unknown; did you mean '%s'?", option->name, value, nearest.best);
    return cli_wrong(self->command, "--%s '%s' is unknown; must be %s", option->name, value, all);
}

static int read_value(const parser *self, const cli_option *option, const char *value)
{
    char *field = self->settings + option->offset;
    switch (option->type) {
    case CLI_TEXT: memcpy(field, &value, sizeof value); return CLI_OK;
    case CLI_TEXTS: {
        cli_texts *texts = (cli_texts *)(void *)field;
        if (texts->n == CLI_TEXTS_MAX)
            return cli_wrong(self->command, "--%s is given too often; at most %d times", option->name, CLI_TEXTS_MAX);
        texts->at[texts->n++] = value;
        return CLI_OK;
    }
    case CLI_INT: return read_int(self, option, value);
    case CLI_CHOICE: return read_choice(self, option, value);
    case CLI_SWITCH: break;
    }
    return CLI_OK;
}

static void turn_on(parser *self, const cli_option *option)
{
    static const bool on = true;
    if (option == &help_option) self->helped = true;
    else memcpy(self->settings + option->offset, &on, sizeof on);
}

/* The value of an option that stands in the next argument. Another option in its place is a slip, not a value. */
static int next_value(parser *self, const cli_option *option)
{
    const char *value = self->next < self->argc ? self->argv[self->next] : NULL;
    if (!value) return cli_wrong(self->command, "--%s needs a value: %s", option->name, option->argument);
    if (strncmp(value, "--", 2) == 0)
        return cli_wrong(self->command, "--%s needs a value, %s, before '%s'; write --%s=%s if that is it",
                         option->name, option->argument, value, option->name, value);
    self->next++;
    return read_value(self, option, value);
}

static int parse_long(parser *self, const char *given)
{
    const char *name = given + 2;
    size_t length = strcspn(name, "=");
    const cli_option *option = long_option(self->command, name, length);
    if (!option) return unknown(self, given, name, length);
    if (option->type == CLI_SWITCH) {
        if (name[length] == '=') return cli_wrong(self->command, "--%s takes no value", option->name);
        turn_on(self, option);
        return CLI_OK;
    }
    return name[length] == '=' ? read_value(self, option, name + length + 1) : next_value(self, option);
}

static int parse_letters(parser *self, const char *given)
{
    for (const char *letter = given + 1; *letter; letter++) {
        const cli_option *option = short_option(self->command, *letter);
        if (!option) return unknown(self, given, letter, strlen(letter));
        if (option->type != CLI_SWITCH)
            return letter[1] ? read_value(self, option, letter + 1) : next_value(self, option);
        turn_on(self, option);
    }
    return CLI_OK;
}

static int parse_word(const parser *self, cli_words *words, const char *given)
{
    if (words->n >= self->command->max_words || words->n >= CLI_WORDS_MAX)
        return cli_wrong(self->command, "unexpected argument '%s'; usage: kedge %s%s%s", given, self->command->name,
                         *self->command->arguments ? " " : "", self->command->arguments);
    words->at[words->n++] = given;
    return CLI_OK;
}

bool cli_parse(const cli_command *command, int argc, char **argv, void *settings, cli_words *words, int *status)
{
    parser self = {.command = command, .argc = argc, .argv = argv, .settings = settings};
    bool only_words = false;
    words->n = 0;
    *status = CLI_OK;
    while (*status == CLI_OK && !self.helped && self.next < argc) {
        const char *given = argv[self.next++];
        if (only_words || given[0] != '-' || given[1] == '\0') *status = parse_word(&self, words, given);
        else if (strcmp(given, "--") == 0) only_words = true;
        else *status = given[1] == '-' ? parse_long(&self, given) : parse_letters(&self, given);
    }
    if (*status == CLI_OK && self.helped) {
        cli_manual_command(command);
        return false;
    }
    if (*status == CLI_OK && words->n < command->min_words)
        *status = cli_wrong(command, "an argument is missing; usage: kedge %s %s", command->name, command->arguments);
    return *status == CLI_OK;
}
