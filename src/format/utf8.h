/* utf8.h - what every text format asks first: is this text at all, and how is a piece of it shown in a message. */
#ifndef FORMAT_UTF8_H
#define FORMAT_UTF8_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

/* Bytes of the longest prefix that is valid UTF-8 (RFC 3629: no overlong forms, no surrogates) without a 0. */
size_t kedge_utf8_span(const char *bytes, size_t length);

/* 3 if the bytes begin with a byte order mark, else 0. */
size_t kedge_utf8_mark(const char *bytes, size_t length);

/* Line and column, from 1 and in bytes, of the byte at 'offset'. LF ends a line. */
void kedge_utf8_place(const char *bytes, size_t offset, int *line, int *column);

/* Adds 'name:line:column: ...' and returns false if the bytes hold a 0 or are not UTF-8. */
bool kedge_utf8_check(const char *name, const char *bytes, size_t length, kedge_errors *errors);

/* Text as a message can show it: at most 60 bytes, cut between characters and then ended by '...', control
 * characters as '?'. Meant for use in an argument: kedge_clip_text(word).text. */
typedef struct kedge_clip {
    char text[64];
} kedge_clip;

kedge_clip kedge_clip_text(const char *text);

#endif
