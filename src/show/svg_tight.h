/* svg_tight.h - an SVG in fewer bytes. */
#ifndef SHOW_SVG_TIGHT_H
#define SHOW_SVG_TIGHT_H

#include "base/text.h"

/* Appends to 'out' an SVG that looks the same as 'svg', which Cairo wrote: coordinates have two decimals (points, so
 * .01 is 3.5 micrometres), paths are relative to where they are, colours are hexadecimal, what is the default is left
 * out, as is the space between elements. Words stay as they are. About two fifths of the size; what is not understood
 * is copied. */
void kedge_svg_tighten(const kedge_text *svg, kedge_text *out);

#endif
