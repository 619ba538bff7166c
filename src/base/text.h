/* text.h - a growing string. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/context.h"

/* After a failed append the text is 'broken' and stays as it was; ask once at the end. */
typedef struct kedge_text {
    kedge_context *ctx;
    char *bytes; /* 0-terminated; "" before the first append is NULL: use kedge_text_string */
    size_t length, capacity;
    bool broken;
} kedge_text;

void kedge_text_init(kedge_text *text, kedge_context *ctx);
void kedge_text_release(kedge_text *text);
void kedge_text_clear(kedge_text *text);

void kedge_text_add(kedge_text *text, const char *string);
void kedge_text_add_bytes(kedge_text *text, const void *bytes, size_t length);
void kedge_text_addf(kedge_text *text, const char *format, ...) KEDGE_PRINTF(2, 3);

/* A number in a printf format that has one conversion for a double, e.g. "%.9g"; with a point in any locale. */
void kedge_text_add_real(kedge_text *text, const char *format, double value);

/* The same into out[room], cut where there is no room. */
void kedge_real_format(char *out, size_t room, const char *format, double value);

/* Never NULL; owned by 'text'. */
const char *kedge_text_string(const kedge_text *text);
/* KEDGE_ENOMEM if an append failed. */
kedge_status kedge_text_status(const kedge_text *text, const char *what);

#endif
