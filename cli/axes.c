/* axes.c - the value of --axes. */
#include "axes.h"

#include <stdlib.h>
#include <string.h>

#include "message.h"

enum { AXIS_MAX = 100000 };

static bool read_axis(const char **text, int *axis)
{
    size_t digits = strspn(*text, "0123456789");
    if (digits == 0 || digits > 6) return false;
    *axis = (int)strtol(*text, NULL, 10);
    *text += digits;
    return *axis <= AXIS_MAX;
}

int cli_axes_read(const cli_command *self, const char *value, int (*pairs)[2], int *n)
{
    const char *at = value;
    for (*n = 0; *n < CLI_AXES_MAX;) {
        if (!read_axis(&at, &pairs[*n][0]) || *at++ != ',' || !read_axis(&at, &pairs[*n][1])) break;
        ++*n;
        if (*at == '\0') return CLI_OK;
        if (*at++ != ';') break;
    }
    return cli_wrong(self, "--axes '%s' must be pairs of dims, across and up, as in '0,1;0,2'", value);
}
