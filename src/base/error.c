/* error.c - the thread's error message. */
#include "base/error.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Thread-local, so that no caller has to pass a buffer; overwritten by the next failure only. */
static _Thread_local char message[sizeof(((kedge_errors *)0)->text)];

const char *kedge_error(void)
{
    return message;
}

const char *kedge_status_name(kedge_status status)
{
    switch (status) {
    case KEDGE_OK: return "ok";
    case KEDGE_ENOMEM: return "out of memory";
    case KEDGE_EINVALID: return "invalid";
    case KEDGE_EFORMAT: return "wrong format";
    case KEDGE_EIO: return "input or output failed";
    case KEDGE_EEXISTS: return "exists";
    case KEDGE_ENUMERIC: return "not finite";
    case KEDGE_ECANCELLED: return "cancelled";
    case KEDGE_EUNSUPPORTED: return "unsupported";
    }
    return "unknown status";
}

kedge_status kedge_fail(kedge_status status, const char *format, ...)
{
    /* Through a second buffer: an argument may be the present message itself. */
    char text[sizeof message];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    memcpy(message, text, strlen(text) + 1);
    return status;
}

kedge_status kedge_fail_memory(const char *what)
{
    return kedge_fail(KEDGE_ENOMEM, "out of memory for %s", what);
}

void kedge_errors_init(kedge_errors *errors)
{
    errors->status = KEDGE_OK;
    errors->count = errors->shown = 0;
    errors->used = 0;
    errors->text[0] = '\0';
}

void kedge_errors_add(kedge_errors *errors, kedge_status status, const char *format, ...)
{
    enum { LAST_LINE = 32 }; /* room for "and N more errors" */
    if (errors->count == 0) errors->status = status;
    errors->count++;
    if (errors->shown == KEDGE_ERRORS_MAX || errors->shown < errors->count - 1) return;
    size_t room = sizeof errors->text - LAST_LINE - (size_t)errors->used;
    va_list args;
    va_start(args, format);
    int length = vsnprintf(errors->text + errors->used, room, format, args);
    va_end(args);
    if (length >= 0 && (size_t)length + 1 >= room && errors->used == 0) length = (int)room - 2; /* the first: cut */
    if (length < 0 || (size_t)length + 1 >= room) {
        errors->text[errors->used] = '\0';
        return;
    }
    errors->used += length;
    errors->text[errors->used++] = '\n';
    errors->text[errors->used] = '\0';
    errors->shown++;
}

kedge_status kedge_errors_status(const kedge_errors *errors)
{
    if (errors->count == 0) return KEDGE_OK;
    int length = errors->used > 0 ? errors->used - 1 : 0; /* without the last newline */
    int rest = errors->count - errors->shown;
    if (rest > 0)
        return kedge_fail(errors->status, "%.*s\nand %d more error%s", length, errors->text, rest, rest > 1 ? "s" : "");
    return kedge_fail(errors->status, "%.*s", length, errors->text);
}

/* What distances count: a letter in the other case is less of a slip than any other. */
enum { EDIT = 8, CASE = 1 };

static char lower(char letter)
{
    return letter >= 'A' && letter <= 'Z' ? (char)(letter - 'A' + 'a') : letter;
}

static int letter_distance(char a, char b)
{
    return a == b ? 0 : lower(a) == lower(b) ? CASE : EDIT;
}

/* Damerau-Levenshtein distance (with swaps of neighbours), each change counted as above; of names longer than 63
 * characters INT_MAX. */
static int edit_distance(const char *a, const char *b)
{
    enum { MAX = 64 };
    int rows[3][MAX];
    size_t n = strlen(a), m = strlen(b);
    if (n >= MAX || m >= MAX) return INT_MAX;
    for (size_t j = 0; j <= m; j++) rows[0][j] = EDIT * (int)j;
    for (size_t i = 1; i <= n; i++) {
        int *row = rows[i % 3], *above = rows[(i + 2) % 3], *above2 = rows[(i + 1) % 3];
        row[0] = EDIT * (int)i;
        for (size_t j = 1; j <= m; j++) {
            int best = above[j - 1] + letter_distance(a[i - 1], b[j - 1]);
            if (above[j] + EDIT < best) best = above[j] + EDIT;
            if (row[j - 1] + EDIT < best) best = row[j - 1] + EDIT;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && above2[j - 2] + EDIT < best)
                best = above2[j - 2] + EDIT;
            row[j] = best;
        }
    }
    return rows[n % 3][m];
}

const char *kedge_nearest(const char *word, const char *const *names, int n)
{
    const char *best = NULL;
    int limit = EDIT * (1 + (int)strlen(word) / 3); /* further away it is another word, not a slip */
    for (int i = 0; i < n; i++) {
        int distance = edit_distance(word, names[i]);
        if (distance <= limit) {
            limit = distance - 1;
            best = names[i];
        }
    }
    return best;
}
