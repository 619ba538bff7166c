/* picture.h - the name of a file that a figure goes to. */
#ifndef CLI_PICTURE_H
#define CLI_PICTURE_H

#include "kedge/draw.h"
#include "options.h"

/* Whether 'path' ends with a suffix of the figure, before any work is done for it. NULL: it was not given, but must be.
 * CLI_OK, or CLI_USAGE after a message. */
int cli_picture_check(const cli_command *command, const char *path, const kedge_figure_info *figure);
/* The same for the figure of that name; a 'path' of NULL is all right. */
int cli_picture_check_named(const cli_command *command, const char *path, const char *figure);

#endif
