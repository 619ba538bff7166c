/* slices.h - regular sets of colours through a model under a plan. */
#ifndef SHOW_SLICES_H
#define SHOW_SLICES_H

#include "draw/colours.h"
#include "show/aspects.h"

/* 24 hues by 10 values of one saturation; the title says which, with the aspect's name before it if 'named'. All is in
 * the arena. KEDGE_ENUMERIC: an output is no number; KEDGE_ENOMEM. */
kedge_status kedge_show_slice(kedge_colours_slice *slice, const kedge_aspect *aspect, double saturation, bool named,
                              kedge_arena *arena);

#endif
