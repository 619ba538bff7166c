/* edit_direction.h - what edits along a direction share. */
#ifndef STEER_EDIT_DIRECTION_H
#define STEER_EDIT_DIRECTION_H

#include "steer/edit.h"

/* The direction at unit length [rows of site], in the graph's arena. NULL after an error, kept in the graph: it has not
 * one number per dim, or is all 0. */
double *kedge_edit_direction(const kedge_edit_options *options, kedge_node *site);

/* The cosine of an angle in [0, 90] degrees; exact for 0, 60 and 90. */
double kedge_cos_degrees(double angle);

#endif
