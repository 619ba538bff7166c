/* table_text.h - a table of colours as Markdown, CSV or LaTeX. */
#ifndef SHOW_TABLE_TEXT_H
#define SHOW_TABLE_TEXT_H

#include "draw/colour_table.h"

/* The suffixes of such files: ".md", ".csv", ".tex". */
bool kedge_table_is_text(const char *path);

/* Writes it, whole or not at all (or appends it to to->into). Colours stand as six hexadecimal digits; in LaTeX also as
 * swatches and shades, which want the packages booktabs and xcolor with its option 'table'. The caller has checked the
 * table. KEDGE_EINVALID: another suffix; KEDGE_EIO, KEDGE_ENOMEM. */
kedge_status kedge_table_write(kedge_context *ctx, const kedge_colour_table *table, const kedge_picture *to);

#endif
