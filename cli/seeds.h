/* seeds.h - which seeds: the argument of --seeds. */
#ifndef CLI_SEEDS_H
#define CLI_SEEDS_H

#include "options.h"

/* "N": so many from the recipe's first, for which *first becomes -1; or "A..B", both included. CLI_OK, or CLI_USAGE
 * after a message. */
int cli_seeds_read(const cli_command *command, const char *value, long long *first, long long *count);

#endif
