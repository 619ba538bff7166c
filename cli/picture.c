/* picture.c - the name of a file that a figure goes to. */
#include "picture.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "message.h"

static bool ends_in(const char *path, const char *suffix)
{
    size_t length = strlen(path), end = strlen(suffix);
    return length > end && strcasecmp(path + length - end, suffix) == 0;
}

int cli_picture_check(const cli_command *command, const char *path, const kedge_figure_info *figure)
{
    char list[128] = "";
    for (int i = 0; figure->suffixes[i]; i++) {
        if (path && ends_in(path, figure->suffixes[i])) return CLI_OK;
        size_t used = strlen(list);
        const char *before = i == 0 ? "" : figure->suffixes[i + 1] ? ", " : " or ";
        snprintf(list + used, sizeof list - used, "%s%s%s", before, path ? "" : "FILE", figure->suffixes[i]);
    }
    if (!path) return cli_wrong(command, "where to is missing; give -o %s", list);
    return cli_wrong(command, "--output '%s' must end with %s", path, list);
}

int cli_picture_check_named(const cli_command *command, const char *path, const char *figure)
{
    kedge_figure_info info;
    for (int i = 0; path && kedge_figure_at(i, &info); i++)
        if (strcmp(info.name, figure) == 0) return cli_picture_check(command, path, &info);
    return CLI_OK;
}
