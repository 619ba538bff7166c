/* commands.h - the commands: one table for dispatch, help, the man page and docs/cli.md. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "options.h"

/* Each stands at the bottom of its own file, cmd_NAME.c. */
struct cli_command {
    const char *name;
    const char *arguments;   /* what usage shows behind the name; "" if nothing */
    int min_words, max_words; /* how many arguments there may be besides options */
    const char *summary;     /* one line, a small letter first, no full stop */
    const char *const *text; /* paragraphs, until NULL; one that begins with two blanks is an example, kept as it is;
                              * in the others `backticks` stand around what is typed */
    /* Below the paragraphs, what the command can be asked for: item i as two texts, false past the end. May be NULL. */
    bool (*item)(int i, const char **name, const char **summary);
    const char *items; /* their heading */
    const cli_option *options;
    int n_options;
    /* argv begins behind the command's name. Returns the program's exit status. */
    int (*run)(const cli_command *self, int argc, char **argv);
};

extern const cli_command cli_command_runs, cli_command_pareto, cli_command_compare;
extern const cli_command cli_command_sweep, cli_command_lr_find;
extern const cli_command cli_command_view;
extern const cli_command cli_command_evaluate;
extern const cli_command cli_command_certify, cli_command_labels;
extern const cli_command cli_command_edit, cli_command_diff;
extern const cli_command cli_command_report, cli_command_video;
extern const cli_command cli_command_run, cli_command_check, cli_command_schedule, cli_command_show,
    cli_command_latents, cli_command_draw, cli_command_help, cli_command_version;

/* Command i, in the order of help; NULL past the end. */
const cli_command *cli_command_at(int i);
/* NULL if there is none. */
const cli_command *cli_command_named(const char *name);
/* The command that 'word' was probably meant to be, or NULL. */
const char *cli_command_nearest(const char *word);

#endif
