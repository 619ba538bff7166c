/* base64.h - bytes as text (RFC 4648, section 4). */
#ifndef FORMAT_BASE64_H
#define FORMAT_BASE64_H

#include "base/text.h"

/* Appends the bytes as base64, padded, without line breaks. */
void kedge_base64_add(kedge_text *text, const void *bytes, size_t length);
/* Appends n floats as base64 of their little-endian bytes, whatever the machine's order is. */
void kedge_base64_add_floats(kedge_text *text, const float *values, size_t n);

#endif
