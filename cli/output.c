/* output.c - standard output, and files that are there whole or not at all. */
#include "output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "message.h"

static int cannot_write(const char *path, int reason)
{
    cli_say("%s: cannot write: %s", path, reason ? strerror(reason) : "some of it was lost");
    return CLI_FAILED;
}

/* Writes out what a stream holds back. Returns whether all of it was written since it was opened; *reason is errno of
 * what was not. Where an earlier write failed, errno is still that one's: nothing else failed in between. */
static bool flush(FILE *stream, int *reason)
{
    if (!ferror(stream)) errno = 0;
    bool written = !ferror(stream) && fflush(stream) == 0;
    *reason = errno;
    return written;
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
        if (!output->temporary) return cannot_write(path, ENOMEM);
        snprintf(output->temporary, size, "%s.tmp-%ld", path, (long)getpid());
    }
    output->stream = fopen(output->temporary ? output->temporary : path, "wbe");
    if (output->stream) return CLI_OK;
    int status = cannot_write(path, errno);
    free(output->temporary);
    return status;
}

int cli_output_close(cli_output *output, bool keep)
{
    int status = CLI_OK, reason;
    if (!output->path) return CLI_OK;
    bool written = flush(output->stream, &reason);
    if (fclose(output->stream) != 0 && written) {
        written = false;
        reason = errno;
    }
    if (keep && written && output->temporary && rename(output->temporary, output->path) != 0) {
        written = false;
        reason = errno;
    }
    if (keep && !written) status = cannot_write(output->path, reason);
    if (output->temporary && (!keep || status)) unlink(output->temporary);
    free(output->temporary);
    return status;
}

int cli_output_flush(void)
{
    int reason;
    if (flush(stdout, &reason)) return CLI_OK;
    clearerr(stdout); /* reported once */
    return cannot_write("standard output", reason);
}
