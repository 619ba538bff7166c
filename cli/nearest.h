/* nearest.h - what a mistyped word was probably meant to be. */
#ifndef CLI_NEAREST_H
#define CLI_NEAREST_H

typedef struct cli_nearest {
    const char *word;
    const char *best; /* of those offered; NULL: none is near enough to be a slip of the pen */
    int limit;
} cli_nearest;

void cli_nearest_begin(cli_nearest *self, const char *word);
void cli_nearest_offer(cli_nearest *self, const char *candidate);

#endif
