/* manual.h - help, the man page and docs/cli.md, made from the table of commands. All go to standard output but
 * the short one. */
#ifndef CLI_MANUAL_H
#define CLI_MANUAL_H

#include "commands.h"

/* What 'kedge' alone answers, on standard error. */
void cli_manual_short(void);

/* Plain text, 80 columns. */
void cli_manual_overview(void);
void cli_manual_command(const cli_command *command);

/* Markdown: docs/cli.md, and the section of one command. */
void cli_manual_markdown(void);
void cli_manual_markdown_command(const cli_command *command);

/* roff: kedge.1. */
void cli_manual_man(void);

/* Sentences that all three share. */
extern const char cli_manual_summary[];
extern const char *const cli_manual_text[]; /* paragraphs as in cli_command */

#endif
