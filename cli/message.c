/* message.c - what goes to standard error. */
#include "message.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "kedge/status.h"

enum { LINE = 4096 };

void cli_say(const char *format, ...)
{
    char text[LINE];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    fprintf(stderr, "kedge: %s\n", text);
}

int cli_wrong(const cli_command *command, const char *format, ...)
{
    char text[LINE];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    fprintf(stderr, "kedge: %s: %s\n", command->name, text);
    return CLI_USAGE;
}

/* Whether ':DIGITS:DIGITS: ' stands in the line. Editors jump to lines that begin with such a place. */
static bool has_place(const char *line, size_t length)
{
    static const char digits[] = "0123456789";
    const char *end = line + length;
    for (const char *at = line; (at = memchr(at, ':', (size_t)(end - at))); at++) {
        size_t row = strspn(at + 1, digits);
        if (row == 0 || at[1 + row] != ':') continue;
        const char *second = at + 1 + row;
        size_t column = strspn(second + 1, digits);
        if (column > 0 && second[1 + column] == ':' && second[2 + column] == ' ') return true;
    }
    return false;
}

int cli_failed(void)
{
    for (const char *line = kedge_error(); *line;) {
        size_t length = strcspn(line, "\n");
        fprintf(stderr, "%s%.*s\n", has_place(line, length) ? "" : "kedge: ", (int)length, line);
        line += length + (line[length] == '\n');
    }
    return CLI_FAILED;
}
