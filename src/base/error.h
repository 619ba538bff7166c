/* error.h - the thread's error message. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include "kedge/status.h"

/* Sets the thread's message and returns 'status', so that one can write: return kedge_fail(...). */
kedge_status kedge_fail(kedge_status status, const char *format, ...) KEDGE_PRINTF(2, 3);

/* Sets the message to "out of memory" with what was being made, returns KEDGE_ENOMEM. */
kedge_status kedge_fail_memory(const char *what);

/* Several errors of one file: add lines to a list, at most KEDGE_ERRORS_MAX are kept, then let kedge_errors_status
 * make them the thread's message. Lines are kept in the order in which they come; the rest is counted. */
#define KEDGE_ERRORS_MAX 20
typedef struct kedge_errors {
    kedge_status status; /* of the first */
    int count; /* of all */
    int shown; /* of those in text: the others were too many or too long */
    int used;  /* bytes in text */
    char text[8192];
} kedge_errors;

void kedge_errors_init(kedge_errors *errors);
void kedge_errors_add(kedge_errors *errors, kedge_status status, const char *format, ...)
    KEDGE_PRINTF(3, 4);
/* KEDGE_OK if the list is empty; else the first status, with all lines as the thread's message. */
kedge_status kedge_errors_status(const kedge_errors *errors);

/* The entry of names[0..n) nearest to 'word' if it is near enough to be a slip of the pen, else NULL. Upper and lower
 * case count little. */
const char *kedge_nearest(const char *word, const char *const *names, int n);

#endif
