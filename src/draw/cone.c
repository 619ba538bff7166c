/* cone.c - where an edit acts that begins at an angle to a direction. */
#include "draw/cone.h"

#include <math.h>

#include "draw/canvas.h"

enum { ARC_STEPS = 48 };

static const double STRONG = 0.17, LIGHT = 0.07; /* alphas */

/* The cone as a plane sees it. */
typedef struct section {
    double cosine, sine;       /* of its angle */
    double along, beyond;      /* r and sqrt(1 - r^2) */
    double x, y;               /* of the axis's part in the plane, at unit length; (1, 0) where it has none */
    double arc;                /* half angle of the unit vectors inside; 0: none */
} section;

static section section_of(const kedge_cone *cone, int k, int across, int up)
{
    double squares = 0, vx = (double)cone->axis[across], vy = (double)cone->axis[up];
    for (int d = 0; d < k; d++) squares += (double)cone->axis[d] * (double)cone->axis[d];
    double length = sqrt(squares), part = hypot(vx, vy);
    section s = {.x = 1, .cosine = cone->angle == 90 ? 0 : cos(cone->angle * M_PI / 180)};
    s.sine = sqrt(1 - s.cosine * s.cosine);
    s.along = length > 0 ? fmin(part / length, 1) : 0;
    s.beyond = s.along > 1 - 1e-12 ? 0 : sqrt(1 - s.along * s.along);
    if (part > 0) s.x = vx / part, s.y = vy / part;
    if (s.along > 1e-9 && s.along > s.cosine) s.arc = acos(s.cosine / s.along);
    return s;
}

double kedge_cone_arc(const kedge_cone *cone, int k, int across, int up)
{
    return section_of(cone, k, across, up).arc;
}

/* To a place by its coordinates along the axis's part in the plane and across it. */
static void line_to(const kedge_axes *axes, const section *s, double along, double beside)
{
    cairo_line_to(axes->cr, kedge_axes_x(axes, s->x * along - s->y * beside),
                  kedge_axes_y(axes, s->y * along + s->x * beside));
}

/* Along the ellipse that the rim projects to, or along the unit circle. */
static void arc_to(const kedge_axes *axes, const section *s, bool rim, double from, double to)
{
    for (int i = 0; i <= ARC_STEPS; i++) {
        double t = from + (to - from) * i / ARC_STEPS;
        if (rim) line_to(axes, s, s->cosine * s->along + s->beyond * s->sine * cos(t), s->sine * sin(t));
        else line_to(axes, s, cos(t), sin(t));
    }
}

static void fill(const kedge_axes *axes, double alpha)
{
    cairo_close_path(axes->cr);
    kedge_canvas_ink(axes->cr, axes->theme->series[0], alpha);
    cairo_fill(axes->cr);
}

static void draw_on_sphere(const kedge_axes *axes, const section *s)
{
    if (s->beyond > 0) {
        cairo_new_path(axes->cr);
        arc_to(axes, s, true, 0, 2 * M_PI);
        fill(axes, LIGHT);
    }
    if (s->arc > 0) { /* between the circle and the ellipse, from where they touch */
        double touch = acos(fmin(1, s->cosine * s->beyond / (s->along * s->sine)));
        cairo_new_path(axes->cr);
        arc_to(axes, s, false, -s->arc, s->arc);
        arc_to(axes, s, true, touch, -touch);
        fill(axes, STRONG);
    }
}

void kedge_cone_draw(const kedge_axes *axes, const kedge_cone *cone, int k, int across, int up, bool unit)
{
    section s = section_of(cone, k, across, up);
    if (unit) {
        if (s.sine > 0) draw_on_sphere(axes, &s);
    } else if (s.arc > 0) {
        double far = 2 * fmax(fmax(fabs(axes->across.min), fabs(axes->across.max)),
                              fmax(fabs(axes->up.min), fabs(axes->up.max)));
        cairo_new_path(axes->cr);
        line_to(axes, &s, 0, 0);
        for (int i = -8; i <= 8; i++) line_to(axes, &s, far * cos(s.arc * i / 8), far * sin(s.arc * i / 8));
        fill(axes, STRONG);
    }
}
