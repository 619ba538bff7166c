/* deflate.h - bytes in fewer (RFC 1950). */
#ifndef FORMAT_DEFLATE_H
#define FORMAT_DEFLATE_H

#include "base/text.h"

/* Appends the bytes as a zlib stream; the same bytes give the same stream on one machine. KEDGE_ENOMEM. */
kedge_status kedge_deflate(kedge_text *out, const void *bytes, size_t length);

#endif
