/* cone.h - where an edit acts that begins at an angle to a direction: a cone, seen along pairs of axes. */
#ifndef DRAW_CONE_H
#define DRAW_CONE_H

#include "draw/axes.h"
#include "draw/latents.h"

/* Shades the cone in a panel that shows dims 'across' and 'up' of k; call it between clip and unclip.
 *
 * unit: latents lie on the unit sphere, and a place p of the disc stands for all that project there. Let v be the axis
 * at unit length, r the length of its part in the plane, s the coordinate of p along that part, w = sqrt(1 - |p|^2) the
 * length of what the plane does not show. The cosine to v is anything in s r +- w sqrt(1 - r^2): where the least of
 * these is at least cos(angle) all latents are inside, and the shade is strong; where only the greatest is, some are,
 * and it is light. The rim of the cone projects to an ellipse between both. An axis in the plane (r = 1) has no light
 * part: its cone is what a chord cuts off. With r < cos(angle) there is no strong one.
 * Not unit: the wedge of vectors that lie in the plane, which is empty for r <= cos(angle). */
void kedge_cone_draw(const kedge_axes *axes, const kedge_cone *cone, int k, int across, int up, bool unit);

/* Half the angle, in radians, of the arc of unit vectors in the plane that are inside; 0: none. */
double kedge_cone_arc(const kedge_cone *cone, int k, int across, int up);

#endif
