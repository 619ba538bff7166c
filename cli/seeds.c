/* seeds.c - the argument of --seeds. */
#include "seeds.h"

#include <stdlib.h>
#include <string.h>

#include "message.h"

#define SEED_MAX 1000000000000LL
#define COUNT_MAX 10000000LL

/* A whole number of at most 'max' at *text, which moves behind it; -1 if there is none. */
static long long read_number(const char **text, long long max)
{
    size_t digits = strspn(*text, "0123456789");
    if (digits == 0 || digits > 15) return -1;
    long long number = strtoll(*text, NULL, 10);
    *text += digits;
    return number <= max ? number : -1;
}

int cli_seeds_read(const cli_command *command, const char *value, long long *first, long long *count)
{
    const char *at = value;
    bool range = strstr(value, "..") != NULL;
    long long number = read_number(&at, range ? SEED_MAX : COUNT_MAX);
    if (!range && number > 0 && *at == '\0') {
        *first = -1;
        *count = number;
        return CLI_OK;
    }
    if (range && number >= 0 && strncmp(at, "..", 2) == 0) {
        at += 2;
        long long last = read_number(&at, SEED_MAX);
        if (last >= number && last - number < COUNT_MAX && *at == '\0') {
            *first = number;
            *count = last - number + 1;
            return CLI_OK;
        }
    }
    return cli_wrong(command, "--seeds '%s' must be how many, 1 to %lld, or the first and the last, A..B, with as many "
                     "at most", value, COUNT_MAX);
}
