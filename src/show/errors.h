/* errors.h - what a plan gets wrong, as panels and in words. */
#ifndef SHOW_ERRORS_H
#define SHOW_ERRORS_H

#include "base/text.h"
#include "draw/scatter.h"
#include "show/aspects.h"

/* The range of hues in such panels, degrees: a little more than a turn, so that red is whole on both sides. */
enum { KEDGE_SHOW_HUE_MIN = -10, KEDGE_SHOW_HUE_MAX = 370 };

/* E of the points of the recipe's data that have a hue, in their own colours, by hue; the curve of the pure hues; the
 * target's colour and its opposite, marked. All is in the arena. KEDGE_ENUMERIC, KEDGE_ENOMEM. */
kedge_status kedge_show_error_hue(kedge_scatter_panel *panel, kedge_aspects *aspects, int i, kedge_arena *arena);
/* The same in words: the largest E of a pure hue, and where E is above half of it. */
void kedge_show_error_hue_words(kedge_text *text, const kedge_scatter_panel *panel);

/* The scores of aspect i: " E(red) is 0.259, ..."; of the model as it is, mean and largest E. */
void kedge_show_score_words(kedge_text *text, const kedge_aspects *aspects, int i);
/* The same in short, for the panel: "E(red) 0.26, E(cyan) +0.0001". In the arena; NULL without memory. */
const char *kedge_show_score_aside(const kedge_aspects *aspects, int i, kedge_arena *arena);

/* A number as it stands in a picture, with so many significant digits: "0.26", "4.8x10^-5" with the signs that one
 * writes there. */
void kedge_show_number(kedge_text *text, double value, int digits);

/* What a colour is called, "red", or "the concept". Static. */
const char *kedge_show_colour_name(kedge_hsv colour);

#endif
