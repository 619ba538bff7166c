/* progress.h - a bar on a terminal: how many seeds, or frames, are done, how fast, how much longer. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>

typedef struct cli_progress {
    bool shown;
    long long done, total;
    long long before; /* of those done, how many were there already: they say nothing of the speed */
    double began, drawn; /* seconds */
    const char *thing, *verb; /* "seed", "trained" */
} cli_progress;

/* Shows the bar if standard error is a terminal and not 'quiet'. */
void cli_progress_begin(cli_progress *self, long long total, bool quiet);
/* The same for other things than seeds that are trained: "frame", "drawn". Both texts are kept. */
void cli_progress_begin_of(cli_progress *self, long long total, bool quiet, const char *thing, const char *verb);
/* For kedge_run_options.progress; the payload is the cli_progress. Draws ten times a second at most. */
void cli_progress_update(long long done, long long total, void *payload);
/* Takes the bar away; a message can be printed before the next draw. */
void cli_progress_clear(const cli_progress *self);
/* Takes it away for good; leaves a line that says how long it took. */
void cli_progress_end(cli_progress *self, long long done);

#endif
