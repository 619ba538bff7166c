/* status.h - what functions return, and where the detail is. */
#ifndef KEDGE_STATUS_H
#define KEDGE_STATUS_H

#include "kedge/api.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Every function that can fail returns one of these: 0 or negative. */
typedef enum kedge_status {
    KEDGE_OK = 0,
    KEDGE_ENOMEM = -1,      /* an allocation failed */
    KEDGE_EINVALID = -2,    /* an argument or a value in a user's file is wrong */
    KEDGE_EFORMAT = -3,     /* a file is not what it should be: syntax, truncation, lying header */
    KEDGE_EIO = -4,         /* the operating system refused: missing file, full disk, permission */
    KEDGE_EEXISTS = -5,     /* the place holds something else that would be lost */
    KEDGE_ENUMERIC = -6,    /* a loss became infinite or not a number */
    KEDGE_ECANCELLED = -7,  /* the caller asked to stop; what was finished is kept */
    KEDGE_EUNSUPPORTED = -8 /* this build or machine cannot do that */
} kedge_status;

/* The constant's name in lower case: "ok", "out of memory", ... Never NULL; static. */
KEDGE_API const char *kedge_status_name(kedge_status status);

/* The message of this thread's last failed call: one line per error, without a final newline, lower
 * case, 'file:line:column: what is wrong; what would be right' where a user's file is at fault.
 * "" if nothing failed yet. Valid until the thread's next failing call. */
KEDGE_API const char *kedge_error(void);

#ifdef __cplusplus
}
#endif
#endif
