/* axes.h - the value of --axes: which dims a picture shows. */
#ifndef CLI_AXES_H
#define CLI_AXES_H

#include "options.h"

enum { CLI_AXES_MAX = 64 };

/* Reads pairs of dims, across and up, as in "0,1;0,2". CLI_OK, or CLI_USAGE after a message. */
int cli_axes_read(const cli_command *self, const char *value, int (*pairs)[2], int *n);

#endif
