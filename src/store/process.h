/* process.h - which process this is, and whether another one still lives. */
#ifndef STORE_PROCESS_H
#define STORE_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

/* The host is its name with what tells apart its boots and its containers, as far as the system tells: process numbers
 * mean something within one of them alone. */
typedef struct kedge_process {
    char host[192];
    int64_t pid;
    int64_t started; /* in ticks since the boot: a number that is used again starts later; 0: the system does not say */
} kedge_process;

void kedge_process_self(kedge_process *self);
/* Of a process of this host: whether it runs (not whether it is waited for). */
bool kedge_process_lives(int64_t pid, int64_t started);

#endif
