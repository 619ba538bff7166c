/* line_names.c - names of lines, each beside its own line where that is far from the others. */
#include "draw/line_names.h"

#include <math.h>

#include "draw/lettering.h"

enum { PLACES = 48, SAMPLES = 12 }; /* along the panel; along a name */

static const double PAD = 2.5; /* between a line and its name */

typedef struct box {
    double left, top, right, bottom;
} box;

/* y on the page of a line at x on the page; NAN outside its ends. */
static double line_at(const kedge_axes *axes, const kedge_named_line *line, double x)
{
    int low = 0, high = line->n - 1;
    if (line->n == 0 || kedge_axes_x(axes, line->x[0]) > x || kedge_axes_x(axes, line->x[high]) < x) return NAN;
    while (high - low > 1) {
        int middle = (low + high) / 2;
        if (kedge_axes_x(axes, line->x[middle]) <= x) low = middle;
        else high = middle;
    }
    double x0 = kedge_axes_x(axes, line->x[low]), x1 = kedge_axes_x(axes, line->x[high]);
    double y0 = kedge_axes_y(axes, line->y[low]), y1 = kedge_axes_y(axes, line->y[high]);
    return x1 > x0 ? y0 + (x - x0) / (x1 - x0) * (y1 - y0) : y1;
}

/* The highest and the lowest place of a line along a name; false where it does not go along all of it. */
static bool extent(const kedge_axes *axes, const kedge_named_line *line, double left, double width, double *high,
                   double *low)
{
    *high = INFINITY, *low = -INFINITY;
    for (int k = 0; k <= SAMPLES; k++) {
        double y = line_at(axes, line, left + k * width / SAMPLES);
        if (isnan(y)) return false;
        *high = fmin(*high, y), *low = fmax(*low, y);
    }
    return true;
}

/* How much of the lines a name at 'at' covers; nearness counts a little, so that a name stands free where it can. */
static double covered(const kedge_axes *axes, int n, const kedge_named_line *lines, int own, box at)
{
    double bad = 0, tall = at.bottom - at.top, middle = (at.top + at.bottom) / 2;
    for (int i = 0; i < n; i++)
        for (int k = 0; k <= SAMPLES; k++) {
            double y = line_at(axes, &lines[i], at.left + k * (at.right - at.left) / SAMPLES);
            if (isnan(y)) continue;
            double off = fabs(y - middle) / (tall / 2);
            if (off < 1) bad += 2 - off;
            else if (i != own) bad += 0.3 / (off * off); /* others shall not seem to be meant */
            else bad += 0.02 * off;                      /* its own shall be near along all of the name */
        }
    return bad;
}

static bool overlap(box a, box b)
{
    return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/* The best place for the name of line i; those before it have theirs. */
static box place(const kedge_axes *axes, int n, const kedge_named_line *lines, int i, const box *placed, double width,
                 double height)
{
    box best = {0};
    double least = INFINITY;
    for (int k = 0; k < PLACES; k++) {
        double left = axes->x + PAD + k * (axes->width - width - 2 * PAD) / (PLACES - 1), high, low;
        if (!extent(axes, &lines[i], left, width, &high, &low)) continue;
        for (int side = 0; side < 2; side++) {
            double top = side == 0 ? high - PAD - height : low + PAD;
            box at = {left, top, left + width, top + height};
            double bad = covered(axes, n, lines, i, at) + (side == 1 ? 0.1 : 0);
            if (at.top < axes->y + 1 || at.bottom > axes->y + axes->height - 1) bad += 1e4;
            for (int j = 0; j < i; j++)
                if (overlap(at, placed[j])) bad += 1e3;
            if (bad < least) least = bad, best = at;
        }
    }
    return best;
}

void kedge_line_names_draw(const kedge_axes *axes, int n, const kedge_named_line *lines)
{
    box placed[KEDGE_LINE_NAMES_MAX];
    for (int i = 0; i < n && i < KEDGE_LINE_NAMES_MAX; i++) {
        kedge_lettering style = {.theme = axes->theme, .size = axes->theme->tick + 0.5, .ink = lines[i].ink,
                                 .bold = true, .halo = 1.4, .rim = axes->theme->panel};
        double width = kedge_lettering_width(axes->cr, &style, lines[i].name);
        double height = kedge_lettering_height(&style);
        placed[i] = place(axes, n, lines, i, placed, width, height + PAD);
        if (placed[i].right > placed[i].left)
            kedge_lettering_draw(axes->cr, &style, placed[i].left, placed[i].top + height, lines[i].name);
    }
}
