/* axes.h - a panel on the page that shows a rectangle of data, with round ticks. */
#ifndef DRAW_AXES_H
#define DRAW_AXES_H

#include <cairo.h>
#include <stdbool.h>
#include <stddef.h>

#include "draw/theme.h"

enum { KEDGE_TICKS_MAX = 16 };

/* Ticks at multiples of a round step (1, 2 or 5 times a power of ten), or of a logarithmic axis. */
typedef struct kedge_ticks {
    int n;
    double at[KEDGE_TICKS_MAX]; /* ascending, within the range */
    double step;
    int decades; /* of a logarithmic axis: from tick to tick, whose numbers are powers of ten; 0: other ticks */
    bool log;
    int exponent; /* numbers are written as value / 10^exponent; 0 unless they are very large or small */
    int decimals; /* so written */
} kedge_ticks;

/* About 'count' (2 to 12) ticks in [min, max], min < max, both finite. The step depends on max - min alone, so that
 * axes of one length have one step, unless it would leave a lone tick. */
void kedge_ticks_round(kedge_ticks *ticks, double min, double max, double count);
/* The same for a logarithmic axis, 0 < min < max: at powers of ten, every one or every second, third, fifth, tenth,
 * ...; where less than two of them are in range at 1, 2 and 5 times a power of ten, or else as above. */
void kedge_ticks_log(kedge_ticks *ticks, double min, double max, double count);
/* The number at tick i. */
void kedge_ticks_text(const kedge_ticks *ticks, int i, char *out, size_t room);

typedef struct kedge_range {
    double min, max; /* min < max */
} kedge_range;

typedef struct kedge_axes {
    cairo_t *cr;
    const kedge_theme *theme;
    double x, y, width, height;  /* of the panel on the page, points; (x, y) is the top left corner */
    kedge_range across, up;      /* the data at its sides; up grows upwards */
    bool log_x, log_y;           /* logarithmic; then min > 0 */
    kedge_ticks x_ticks, y_ticks;
} kedge_axes;

typedef struct kedge_axes_labels {
    const char *x, *y;           /* NULL: none; "z_0" gets a small digit if 'symbols' */
    bool symbols;
    bool x_numbers, y_numbers;   /* whether the ticks carry numbers */
    double number_width;         /* room that the y numbers take, as kedge_axes_number_width measured it */
} kedge_axes_labels;

/* Sets the ticks from the ranges and the panel's size. The struct is otherwise filled by the caller. */
void kedge_axes_init(kedge_axes *axes);

/* Data to page. On a logarithmic axis what is not above 0 lies as far down as a double goes. */
double kedge_axes_x(const kedge_axes *axes, double value);
double kedge_axes_y(const kedge_axes *axes, double value);

/* Width of the widest number of the y axis; room below and left of the panel that labels and numbers take. */
double kedge_axes_number_width(const kedge_axes *axes);
double kedge_axes_room_left(const kedge_axes *axes, const kedge_axes_labels *labels);
double kedge_axes_room_below(const kedge_axes *axes, const kedge_axes_labels *labels);

/* In this order: what is under the data; the data, between clip and unclip; frame, ticks and labels over it. */
void kedge_axes_draw_back(const kedge_axes *axes);
void kedge_axes_draw_circle(const kedge_axes *axes); /* the unit circle */
void kedge_axes_clip(const kedge_axes *axes);
void kedge_axes_unclip(const kedge_axes *axes);
void kedge_axes_draw_front(const kedge_axes *axes, const kedge_axes_labels *labels);

#endif
