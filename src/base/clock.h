/* clock.h - elapsed time, for progress and timing files only: nothing that is computed may depend on it. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

/* Seconds of the monotonic clock. */
double kedge_clock_seconds(void);

#endif
