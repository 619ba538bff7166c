/* marker.c - named places in a panel: a ring with a cross-hair, and a label that covers few points. */
#include "draw/marker.h"

#include <math.h>

#include "draw/lettering.h"

static const double RING = 5.5, ARM = 3.5; /* radius of the ring; the cross-hair's arms stand out so far */
static const double PAD = 2;               /* around a label */

enum { DIRECTIONS = 24, DISTANCES = 7, POINTS_LOOKED_AT = 4000 };

typedef struct box {
    double left, top, right, bottom;
} box;

static kedge_lettering label_style(const kedge_axes *axes)
{
    return (kedge_lettering){.theme = axes->theme, .size = axes->theme->tick + 0.5, .ink = axes->theme->ink,
                             .align = KEDGE_ALIGN_LEFT, .bold = true, .halo = 1.6, .rim = axes->theme->panel};
}

static bool overlap(box a, box b)
{
    return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

static box ring_box(const kedge_marker *marker)
{
    double reach = RING + ARM;
    return (box){marker->x - reach, marker->y - reach, marker->x + reach, marker->y + reach};
}

static box label_box(const kedge_marker *marker)
{
    return (box){marker->left - PAD, marker->top - PAD, marker->left + marker->width + PAD,
                 marker->top + marker->height + PAD};
}

/* Points under a box, in points per thousand where not all are looked at. */
static double covered(box at, const kedge_points *points)
{
    int stride = 1 + points->n / POINTS_LOOKED_AT, count = 0;
    double more = points->radius;
    for (int i = 0; i < points->n; i += stride) {
        double x = points->at[i][0], y = points->at[i][1];
        count += x > at.left - more && x < at.right + more && y > at.top - more && y < at.bottom + more;
    }
    return (double)count * stride;
}

/* How bad a place is for the label of marker i; labels before it are placed. */
static double badness(box at, const kedge_marker *markers, int i, int n, const kedge_axes *axes,
                      const kedge_points *points)
{
    double bad = 40 * covered(at, points) / (1 + points->n) * sqrt(points->n);
    if (at.left < axes->x || at.right > axes->x + axes->width || at.top < axes->y ||
        at.bottom > axes->y + axes->height)
        bad += 1e6;
    for (int j = 0; j < n; j++) {
        if (overlap(at, ring_box(&markers[j]))) bad += 1e3;
        if (j < i && markers[j].width > 0 && overlap(at, label_box(&markers[j]))) bad += 1e4;
    }
    return bad;
}

static void place(kedge_marker *markers, int i, int n, const kedge_axes *axes, const kedge_points *points)
{
    kedge_marker *marker = &markers[i];
    kedge_lettering style = label_style(axes);
    marker->width = kedge_lettering_width(axes->cr, &style, marker->label);
    marker->height = kedge_lettering_height(&style);
    double half_wide = marker->width / 2 + PAD, half_high = marker->height / 2 + PAD;
    double best = INFINITY, best_x = marker->x, best_y = marker->y;
    for (int distance = 0; distance < DISTANCES; distance++) {
        for (int direction = 0; direction < DIRECTIONS; direction++) {
            double angle = 2 * M_PI * direction / DIRECTIONS, away = RING + ARM + 1 + 9 * distance;
            double x = marker->x + cos(angle) * (away + half_wide), y = marker->y - sin(angle) * (away + half_high);
            box at = {x - half_wide, y - half_high, x + half_wide, y + half_high};
            double bad = badness(at, markers, i, n, axes, points) + 6 * distance + 0.5 * (1 - cos(angle));
            if (bad >= best) continue;
            best = bad, best_x = x, best_y = y;
        }
    }
    marker->left = best_x - marker->width / 2;
    marker->top = best_y - marker->height / 2;
}

void kedge_markers_place(kedge_marker *markers, int n, const kedge_axes *axes, const kedge_points *points)
{
    for (int i = 0; i < n; i++) {
        markers[i].width = 0;
        if (markers[i].label && markers[i].label[0]) place(markers, i, n, axes, points);
    }
}

static double between(double value, double low, double high)
{
    return value < low ? low : value > high ? high : value;
}

/* From the ring to the nearest side of a label that stands off. */
static void leader_path(cairo_t *cr, const kedge_marker *marker)
{
    double x = between(marker->x, marker->left - PAD, marker->left + marker->width + PAD);
    double y = between(marker->y, marker->top - PAD, marker->top + marker->height + PAD);
    double dx = x - marker->x, dy = y - marker->y, length = hypot(dx, dy);
    if (marker->width <= 0 || length < RING + ARM + 6) return;
    cairo_move_to(cr, marker->x + dx / length * (RING + 1), marker->y + dy / length * (RING + 1));
    cairo_line_to(cr, x, y);
}

static void arms_path(cairo_t *cr, const kedge_marker *marker)
{
    if (marker->repels) {
        double reach = RING * M_SQRT1_2;
        cairo_move_to(cr, marker->x - reach, marker->y - reach);
        cairo_line_to(cr, marker->x + reach, marker->y + reach);
        return;
    }
    for (int i = 0; i < 4; i++) {
        double dx = i == 0 ? 1 : i == 1 ? -1 : 0, dy = i == 2 ? 1 : i == 3 ? -1 : 0;
        cairo_move_to(cr, marker->x + dx * (RING - 2), marker->y + dy * (RING - 2));
        cairo_line_to(cr, marker->x + dx * (RING + ARM), marker->y + dy * (RING + ARM));
    }
}

static void stroke(cairo_t *cr, const kedge_theme *theme, const kedge_marker *marker, bool rim)
{
    const double dashes[] = {2.2, 1.8};
    double width = marker->beside ? 0.9 : 1.3;
    kedge_canvas_ink(cr, rim ? theme->panel : theme->ink, rim ? 0.85 : 1);
    cairo_set_line_width(cr, rim ? 2.2 : 0.7);
    leader_path(cr, marker);
    cairo_stroke(cr);
    cairo_set_line_width(cr, rim ? width + 1.7 : width);
    arms_path(cr, marker);
    cairo_stroke(cr);
    if (marker->beside && !rim) cairo_set_dash(cr, dashes, 2, 0);
    cairo_new_sub_path(cr);
    cairo_arc(cr, marker->x, marker->y, RING, 0, 2 * M_PI);
    cairo_stroke(cr);
    cairo_set_dash(cr, NULL, 0, 0);
}

void kedge_markers_draw(const kedge_marker *markers, int n, const kedge_axes *axes)
{
    kedge_lettering style = label_style(axes);
    cairo_save(axes->cr);
    cairo_set_line_cap(axes->cr, CAIRO_LINE_CAP_BUTT);
    for (int i = 0; i < n; i++) { /* a rim under each keeps it visible on any colour */
        stroke(axes->cr, axes->theme, &markers[i], true);
        stroke(axes->cr, axes->theme, &markers[i], false);
    }
    for (int i = 0; i < n; i++)
        if (markers[i].width > 0)
            kedge_lettering_draw(axes->cr, &style, markers[i].left, markers[i].top + markers[i].height,
                                 markers[i].label);
    cairo_restore(axes->cr);
}
