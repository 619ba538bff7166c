/* output.h - where results go: standard output, or a file that is there whole or not at all. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

typedef struct cli_output {
    FILE *stream;
    const char *path; /* NULL: standard output */
    char *temporary;  /* what is renamed to 'path' at the end; NULL: written in place (a pipe, a device) */
} cli_output;

/* 'path' may be NULL: standard output. CLI_OK, or CLI_FAILED after a message. */
int cli_output_open(cli_output *output, const char *path);
/* Puts the file in place, or with 'keep' false removes what was written of it. CLI_OK, or CLI_FAILED after a
 * message; standard output is looked at by cli_output_flush. */
int cli_output_close(cli_output *output, bool keep);

/* Writes out what is still held back of standard output; CLI_FAILED, after a message, if any of it was lost since the
 * last call. */
int cli_output_flush(void);

#endif
