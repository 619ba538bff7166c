/* axes.c - a panel on the page that shows a rectangle of data, with round ticks. */
#include "draw/axes.h"

#include <math.h>
#include <stdio.h>

#include "draw/canvas.h"
#include "draw/lettering.h"

static const double TICK = 3.5, MINOR = 2, GAP = 2.5; /* lengths of ticks, room between things; points */
static const double EVERY = 46;                       /* points of panel for a numbered tick */

/* The multiples of mantissa x 10^power in [min, max]. */
static int fill_ticks(kedge_ticks *ticks, double min, double max, double mantissa, int power)
{
    double step = mantissa * pow(10, power), last = floor(max / step + 1e-9);
    ticks->step = step;
    ticks->n = 0;
    for (double k = ceil(min / step - 1e-9); k <= last && ticks->n < KEDGE_TICKS_MAX; k++)
        ticks->at[ticks->n++] = k * step;
    return ticks->n;
}

void kedge_ticks_round(kedge_ticks *ticks, double min, double max, double count)
{
    static const double mantissas[] = {1, 2, 5};
    double span = max - min;
    *ticks = (kedge_ticks){0};
    int decade = (int)floor(log10(span / count)), i = 0;
    while (i < 3 && span > count * mantissas[i] * pow(10, decade)) i++; /* the finest step that is coarse enough */
    i += 3 * decade + 300 * 3; /* steps in one row: mantissa i % 3, power i / 3 - 300 */
    while (fill_ticks(ticks, min, max, mantissas[i % 3], i / 3 - 300) < 2 && i > 0) i--;
    int digits = (int)floor(log10(fmax(fabs(min), fabs(max)))), power = i / 3 - 300;
    ticks->exponent = digits >= 5 || digits < -3 ? digits : 0;
    ticks->decimals = ticks->exponent > power ? ticks->exponent - power : 0;
    if (ticks->decimals > 12) ticks->decimals = 12;
}

void kedge_ticks_text(const kedge_ticks *ticks, int i, char *out, size_t room)
{
    kedge_lettering_number(out, room, ticks->at[i] / pow(10, ticks->exponent), ticks->decimals);
}

static kedge_lettering number_style(const kedge_axes *axes, kedge_align align)
{
    return (kedge_lettering){
        .theme = axes->theme, .size = axes->theme->tick, .ink = axes->theme->muted, .align = align};
}

static kedge_lettering label_style(const kedge_axes *axes, bool symbols)
{
    return (kedge_lettering){.theme = axes->theme, .size = axes->theme->label, .ink = axes->theme->ink,
                             .align = KEDGE_ALIGN_CENTRE, .symbol = symbols};
}

static double widest(const kedge_axes *axes, const kedge_ticks *ticks)
{
    kedge_lettering style = number_style(axes, KEDGE_ALIGN_LEFT);
    double width = 0;
    for (int i = 0; i < ticks->n; i++) {
        char text[64];
        kedge_ticks_text(ticks, i, text, sizeof text);
        width = fmax(width, kedge_lettering_width(axes->cr, &style, text));
    }
    return width;
}

static double count_that_fits(double length)
{
    return fmin(fmax(length / EVERY, 2), 12);
}

void kedge_axes_init(kedge_axes *axes)
{
    double count = count_that_fits(axes->width);
    kedge_ticks_round(&axes->x_ticks, axes->across.min, axes->across.max, count);
    /* Numbers side by side must not touch. */
    while (count > 2 && axes->x_ticks.n * (widest(axes, &axes->x_ticks) + 4 * GAP) > axes->width)
        kedge_ticks_round(&axes->x_ticks, axes->across.min, axes->across.max, count = fmax(2, count - 1));
    kedge_ticks_round(&axes->y_ticks, axes->up.min, axes->up.max, count_that_fits(axes->height));
}

double kedge_axes_x(const kedge_axes *axes, double value)
{
    return axes->x + (value - axes->across.min) / (axes->across.max - axes->across.min) * axes->width;
}

double kedge_axes_y(const kedge_axes *axes, double value)
{
    return axes->y + (axes->up.max - value) / (axes->up.max - axes->up.min) * axes->height;
}

double kedge_axes_number_width(const kedge_axes *axes)
{
    return widest(axes, &axes->y_ticks);
}

/* A label, with the power of ten that its numbers leave out. */
static void label_text(char *out, size_t room, const char *label, const kedge_ticks *ticks, bool numbers)
{
    char power[64];
    kedge_lettering_power(power, sizeof power, ticks->exponent);
    if (numbers && ticks->exponent) snprintf(out, room, "%s (%s)", label, power);
    else snprintf(out, room, "%s", label);
}

/* A y label that is longer than a symbol stands upright along the axis. */
static bool turned(const kedge_axes *axes, const kedge_lettering *style, const char *text)
{
    return kedge_lettering_width(axes->cr, style, text) > 2 * style->size;
}

double kedge_axes_room_left(const kedge_axes *axes, const kedge_axes_labels *labels)
{
    double room = TICK + GAP;
    if (labels->y_numbers) room += labels->number_width + GAP;
    if (labels->y) {
        char text[KEDGE_LINE];
        kedge_lettering style = label_style(axes, labels->symbols);
        label_text(text, sizeof text, labels->y, &axes->y_ticks, labels->y_numbers);
        room += turned(axes, &style, text) ? style.size : kedge_lettering_width(axes->cr, &style, text);
        room += 2 * GAP;
    }
    return room;
}

double kedge_axes_room_below(const kedge_axes *axes, const kedge_axes_labels *labels)
{
    double room = TICK + GAP;
    if (labels->x_numbers) room += axes->theme->tick + GAP;
    if (labels->x) room += 1.05 * axes->theme->label + GAP;
    return room;
}

static void line(cairo_t *cr, double x0, double y0, double x1, double y1)
{
    cairo_move_to(cr, x0, y0);
    cairo_line_to(cr, x1, y1);
}

void kedge_axes_draw_back(const kedge_axes *axes)
{
    cairo_t *cr = axes->cr;
    double right = axes->x + axes->width, bottom = axes->y + axes->height;
    kedge_canvas_ink(cr, axes->theme->panel, 1);
    cairo_rectangle(cr, axes->x, axes->y, axes->width, axes->height);
    cairo_fill(cr);
    cairo_set_line_width(cr, 0.6);
    for (int zero = 0; zero < 2; zero++) { /* zero lines last, over the others */
        for (int i = 0; i < axes->x_ticks.n; i++) {
            double at = kedge_axes_x(axes, axes->x_ticks.at[i]);
            if ((axes->x_ticks.at[i] == 0) == zero) line(cr, at, axes->y, at, bottom);
        }
        for (int i = 0; i < axes->y_ticks.n; i++) {
            double at = kedge_axes_y(axes, axes->y_ticks.at[i]);
            if ((axes->y_ticks.at[i] == 0) == zero) line(cr, axes->x, at, right, at);
        }
        kedge_canvas_ink(cr, zero ? axes->theme->rule : axes->theme->grid, 1);
        cairo_stroke(cr);
    }
}

void kedge_axes_draw_circle(const kedge_axes *axes)
{
    cairo_t *cr = axes->cr;
    double x = kedge_axes_x(axes, 0), y = kedge_axes_y(axes, 0);
    double across = kedge_axes_x(axes, 1) - x, up = y - kedge_axes_y(axes, 1);
    if (fmin(across, up) < 0.1) return; /* too small to be seen, or for Cairo to scale by */
    kedge_axes_clip(axes);
    cairo_save(cr);
    cairo_translate(cr, x, y);
    cairo_scale(cr, across, up); /* an ellipse if scales differ */
    cairo_new_sub_path(cr);
    cairo_arc(cr, 0, 0, 1, 0, 2 * M_PI);
    cairo_restore(cr);
    kedge_canvas_ink(cr, axes->theme->rule, 1);
    cairo_set_line_width(cr, 0.9);
    cairo_stroke(cr);
    kedge_axes_unclip(axes);
}

void kedge_axes_clip(const kedge_axes *axes)
{
    cairo_save(axes->cr);
    cairo_rectangle(axes->cr, axes->x, axes->y, axes->width, axes->height);
    cairo_clip(axes->cr);
}

void kedge_axes_unclip(const kedge_axes *axes)
{
    cairo_restore(axes->cr);
}

/* A mark at each tick, and a short one halfway between two and towards the ends. */
static void tick_marks(const kedge_axes *axes, const kedge_ticks *ticks, kedge_range range, bool across)
{
    double bottom = axes->y + axes->height;
    for (int i = -1; i < ticks->n; i++) {
        double before = i < 0 ? ticks->at[0] - ticks->step : ticks->at[i];
        double at[2] = {i < 0 ? NAN : ticks->at[i], before + ticks->step / 2};
        for (int minor = 0; minor < 2; minor++) {
            if (!(at[minor] >= range.min && at[minor] <= range.max)) continue;
            double length = minor ? MINOR : TICK;
            double x = kedge_axes_x(axes, at[minor]), y = kedge_axes_y(axes, at[minor]);
            if (across) line(axes->cr, x, bottom, x, bottom + length);
            else line(axes->cr, axes->x, y, axes->x - length, y);
        }
    }
}

static void draw_frame(const kedge_axes *axes)
{
    cairo_t *cr = axes->cr;
    kedge_canvas_ink(cr, axes->theme->frame, 1);
    cairo_set_line_width(cr, 0.7);
    cairo_rectangle(cr, axes->x, axes->y, axes->width, axes->height);
    if (axes->x_ticks.n > 0) tick_marks(axes, &axes->x_ticks, axes->across, true);
    if (axes->y_ticks.n > 0) tick_marks(axes, &axes->y_ticks, axes->up, false);
    cairo_stroke(cr);
}

static void draw_numbers(const kedge_axes *axes, const kedge_axes_labels *labels)
{
    char text[64];
    kedge_lettering below = number_style(axes, KEDGE_ALIGN_CENTRE), left = number_style(axes, KEDGE_ALIGN_RIGHT);
    double height = kedge_lettering_height(&below);
    for (int i = 0; labels->x_numbers && i < axes->x_ticks.n; i++) {
        kedge_ticks_text(&axes->x_ticks, i, text, sizeof text);
        /* Centred on the digits: a minus sign hangs out to the left. */
        double sign = axes->x_ticks.at[i] < 0 ? kedge_lettering_width(axes->cr, &below, "\xe2\x88\x92") / 2 : 0;
        kedge_lettering_draw(axes->cr, &below, kedge_axes_x(axes, axes->x_ticks.at[i]) - sign,
                             axes->y + axes->height + TICK + GAP + height, text);
    }
    for (int i = 0; labels->y_numbers && i < axes->y_ticks.n; i++) {
        kedge_ticks_text(&axes->y_ticks, i, text, sizeof text);
        kedge_lettering_draw(axes->cr, &left, axes->x - TICK - GAP,
                             kedge_axes_y(axes, axes->y_ticks.at[i]) + height / 2, text);
    }
}

static void draw_y_label(const kedge_axes *axes, const kedge_axes_labels *labels)
{
    char text[KEDGE_LINE];
    kedge_lettering style = label_style(axes, labels->symbols);
    label_text(text, sizeof text, labels->y, &axes->y_ticks, labels->y_numbers);
    double right = axes->x - kedge_axes_room_left(axes, labels), middle = axes->y + axes->height / 2;
    if (!turned(axes, &style, text)) {
        style.align = KEDGE_ALIGN_LEFT;
        kedge_lettering_draw(axes->cr, &style, right, middle + kedge_lettering_height(&style) / 2, text);
        return;
    }
    cairo_save(axes->cr);
    cairo_translate(axes->cr, right + kedge_lettering_height(&style), middle);
    cairo_rotate(axes->cr, -M_PI / 2);
    kedge_lettering_draw(axes->cr, &style, 0, 0, text);
    cairo_restore(axes->cr);
}

void kedge_axes_draw_front(const kedge_axes *axes, const kedge_axes_labels *labels)
{
    draw_frame(axes);
    draw_numbers(axes, labels);
    if (labels->y) draw_y_label(axes, labels);
    if (labels->x) {
        char text[KEDGE_LINE];
        kedge_lettering style = label_style(axes, labels->symbols);
        label_text(text, sizeof text, labels->x, &axes->x_ticks, labels->x_numbers);
        double below = TICK + GAP + (labels->x_numbers ? axes->theme->tick + GAP : 0);
        kedge_lettering_draw(axes->cr, &style, axes->x + axes->width / 2,
                             axes->y + axes->height + below + kedge_lettering_height(&style), text);
    }
}
