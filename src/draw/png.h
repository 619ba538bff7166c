/* png.h - pixels as a PNG file (ISO 15948). */
#ifndef DRAW_PNG_H
#define DRAW_PNG_H

#include "base/text.h"

/* Appends a file of 8 bits a channel. pixels: rows of 'stride' bytes, each pixel a word 0x..rrggbb, as Cairo's RGB24.
 * Title and description (cleaned; NULL or "": none) go into iTXt chunks. Rows are not filtered: as libpng writes them,
 * a drawing with its plain areas takes a tenth more bytes, a video's frame a twentieth less, and both take half as
 * long again. KEDGE_ENOMEM. */
kedge_status kedge_png_add(kedge_text *out, int wide, int high, size_t stride, const unsigned char *pixels,
                           const char *title, const char *description);

#endif
