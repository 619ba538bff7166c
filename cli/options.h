/* options.h - the arguments of a command: a table of options, read into the fields of a struct. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

/* What the program returns. */
enum { CLI_OK, CLI_FAILED, CLI_USAGE };

enum { CLI_TEXTS_MAX = 256, CLI_WORDS_MAX = 4 };

/* The texts of an option that may be given several times, in order. */
typedef struct cli_texts {
    const char *at[CLI_TEXTS_MAX];
    int n;
} cli_texts;

/* The arguments that are no options. */
typedef struct cli_words {
    const char *at[CLI_WORDS_MAX];
    int n;
} cli_words;

typedef enum cli_option_type {
    CLI_SWITCH, /* bool: true where it stands */
    CLI_TEXT,   /* const char * */
    CLI_TEXTS,  /* cli_texts */
    CLI_INT,    /* long long in [min, max] */
    CLI_CHOICE  /* int: which of 'choices' */
} cli_option_type;

typedef struct cli_option {
    char letter;          /* 0: it has only its long name */
    const char *name;     /* without the dashes */
    const char *argument; /* what help calls its value; NULL for a switch */
    cli_option_type type;
    size_t offset; /* of the field in the command's settings */
    long long min, max;
    const char *const *choices; /* ends with NULL; the settings hold the default before */
    const char *doc;            /* sentences; `backticks` around what is typed */
} cli_option;

typedef struct cli_command cli_command;

/* Reads the arguments that follow the command's name: options (--name value, --name=value, -o value, -ovalue,
 * letters of switches together, until '--') into the fields of 'settings', the others into 'words', whose number
 * must be one that the command takes. The last of two equal options holds. False if there is nothing left to do,
 * with *status for the program: a mistake was reported, or --help answered. */
bool cli_parse(const cli_command *command, int argc, char **argv, void *settings, cli_words *words, int *status);

#endif
