/* message.h - what goes to standard error: lines that begin with 'kedge: ', or with a place in the user's file. */
#ifndef CLI_MESSAGE_H
#define CLI_MESSAGE_H

#include "kedge/api.h"
#include "options.h"

/* One line, 'kedge: ...'. */
void cli_say(const char *format, ...) KEDGE_PRINTF(1, 2);

/* What is wrong with the arguments of a command, 'kedge: run: ...'. Returns CLI_USAGE. */
int cli_wrong(const cli_command *command, const char *format, ...) KEDGE_PRINTF(2, 3);

/* Every line of the library's last message: 'file:line:column: ...' as it is, others after 'kedge: '. Returns
 * CLI_FAILED. */
int cli_failed(void);

#endif
