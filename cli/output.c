/* output.c - standard output, and files that are there whole or not at all. */
#include "output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "message.h"

static int cannot_write(const char *what)
{
    /* Where an earlier write failed and the last did not, its reason is gone. */
    cli_say("%s: cannot write: %s", what, errno ? strerror(errno) : "some of it was lost");
    return CLI_FAILED;
}

int cli_output_open(cli_output *output, const char *path)
{
    struct stat info;
    *output = (cli_output){.stream = stdout, .path = path};
    if (!path) return CLI_OK;
    bool there = stat(path, &info) == 0;
    if (there && S_ISDIR(info.st_mode)) {
        cli_say("%s: cannot write: a directory is in the way", path);
        return CLI_FAILED;
    }
    if (!there || S_ISREG(info.st_mode)) { /* a rename would replace a device or a pipe */
        size_t size = strlen(path) + 32;
        output->temporary = malloc(size);
        if (!output->temporary) return cannot_write(path);
        snprintf(output->temporary, size, "%s.tmp-%ld", path, (long)getpid());
    }
    output->stream = fopen(output->temporary ? output->temporary : path, "wbe");
    if (output->stream) return CLI_OK;
    int status = cannot_write(path);
    free(output->temporary);
    return status;
}

int cli_output_close(cli_output *output, bool keep)
{
    if (!output->path) return CLI_OK;
    int status = CLI_OK;
    errno = 0;
    bool lost = fflush(output->stream) != 0 || ferror(output->stream);
    int reason = errno;
    if (fclose(output->stream) != 0 && !lost) {
        lost = true;
        reason = errno;
    }
    errno = reason;
    if (keep && (lost || (output->temporary && rename(output->temporary, output->path) != 0)))
        status = cannot_write(output->path);
    if (output->temporary && (!keep || status)) unlink(output->temporary);
    free(output->temporary);
    return status;
}

int cli_output_flush(void)
{
    errno = 0;
    return fflush(stdout) == 0 && !ferror(stdout) ? CLI_OK : cannot_write("standard output");
}
