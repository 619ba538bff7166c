/* process.c - which process this is, and whether another one still lives. */
#include "store/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

/* The beginning of a small file; "" if it cannot be read. */
static void read_start(const char *path, char *text, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? 0 : read(fd, text, size - 1);
    text[got > 0 ? got : 0] = '\0';
    if (fd >= 0) close(fd);
}

/* State and start time from /proc; false where there is no such process, or no /proc. */
static bool ask(int64_t pid, char *state, int64_t *started)
{
    char path[64], line[1024];
    snprintf(path, sizeof path, "/proc/%lld/stat", (long long)pid);
    read_start(path, line, sizeof line);
    const char *at = strrchr(line, ')'); /* the name before it may hold anything */
    if (!at || at[1] != ' ') return false;
    *state = at[2];
    at += 2;
    for (int field = 3; field < 22; field++) { /* starttime is the 22nd */
        at = strchr(at, ' ');
        if (!at) return false;
        at++;
    }
    *started = strtoll(at, NULL, 10);
    return true;
}

void kedge_process_self(kedge_process *self)
{
    char name[96] = "", boot[16], space[64], state;
    if (gethostname(name, sizeof name - 1) != 0) name[0] = '\0';
    read_start("/proc/sys/kernel/random/boot_id", boot, 9); /* 8 digits tell two boots apart */
    ssize_t length = readlink("/proc/self/ns/pid", space, sizeof space - 1);
    space[length > 0 ? length : 0] = '\0';
    snprintf(self->host, sizeof self->host, "%s/%s/%s", name, boot, space);
    self->pid = (int64_t)getpid();
    if (!ask(self->pid, &state, &self->started)) self->started = 0;
}

bool kedge_process_lives(int64_t pid, int64_t started)
{
    char state;
    int64_t began;
    if (ask(pid, &state, &began)) return state != 'Z' && state != 'X' && (started == 0 || began == started);
    if (started != 0) return false;
    return kill((pid_t)pid, 0) == 0 || errno == EPERM;
}
