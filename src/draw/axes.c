/* axes.c - a panel on the page that shows a rectangle of data, with round ticks. */
#include "draw/axes.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

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

/* Ticks at 1, 2 and 5 times a power of ten. */
static int fill_mantissas(kedge_ticks *ticks, double min, double max)
{
    static const double mantissas[] = {1, 2, 5};
    *ticks = (kedge_ticks){.log = true};
    for (int power = (int)floor(log10(min)) - 1; power <= (int)ceil(log10(max)); power++)
        for (int i = 0; i < 3 && ticks->n < KEDGE_TICKS_MAX; i++) {
            double at = mantissas[i] * pow(10, power);
            if (at >= min * (1 - 1e-9) && at <= max * (1 + 1e-9)) ticks->at[ticks->n++] = at;
        }
    return ticks->n;
}

void kedge_ticks_log(kedge_ticks *ticks, double min, double max, double count)
{
    static const int steps[] = {1, 2, 3, 5, 10, 20, 50, 100, 200};
    int first = (int)ceil(log10(min) - 1e-9), last = (int)floor(log10(max) + 1e-9), i = 0;
    if (last - first < 1) {
        if (fill_mantissas(ticks, min, max) < 2) kedge_ticks_round(ticks, min, max, count);
        ticks->log = true;
        return;
    }
    while (i < 8 && last - first + 1 > count * steps[i]) i++;
    while (i > 0 && last - first < steps[i]) i--; /* two ticks at least */
    *ticks = (kedge_ticks){.log = true, .decades = steps[i]};
    for (int power = first; power <= last && ticks->n < KEDGE_TICKS_MAX; power++)
        if (power % steps[i] == 0) ticks->at[ticks->n++] = pow(10, power);
}

/* A number of a logarithmic axis: a power of ten, or plain. */
static void log_text(const kedge_ticks *ticks, int i, char *out, size_t room)
{
    char power[64];
    int exponent = (int)floor(log10(ticks->at[i]) + 1e-9);
    double mantissa = ticks->at[i] / pow(10, exponent);
    kedge_lettering_power(power, sizeof power, exponent);
    const char *ten = power + strlen("\xc3\x97"); /* without the multiplication sign */
    if (ticks->decades) snprintf(out, room, "%s", ten);
    else if (exponent < -3 || exponent > 3) snprintf(out, room, "%.0f%s", mantissa, power);
    else kedge_lettering_number(out, room, ticks->at[i], exponent < 0 ? -exponent : 0);
}

void kedge_ticks_text(const kedge_ticks *ticks, int i, char *out, size_t room)
{
    if (ticks->log && ticks->step == 0) {
        log_text(ticks, i, out, room);
        return;
    }
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

static void set_ticks(kedge_ticks *ticks, kedge_range range, bool log, double count)
{
    if (log) kedge_ticks_log(ticks, range.min, range.max, count);
    else kedge_ticks_round(ticks, range.min, range.max, count);
}

void kedge_axes_init(kedge_axes *axes)
{
    double count = count_that_fits(axes->width), up = count_that_fits(axes->height);
    set_ticks(&axes->x_ticks, axes->across, axes->log_x, count);
    /* Numbers side by side must not touch. */
    while (count > 2 && axes->x_ticks.n * (widest(axes, &axes->x_ticks) + 4 * GAP) > axes->width)
        set_ticks(&axes->x_ticks, axes->across, axes->log_x, count = fmax(2, count - 1));
    /* Powers of ten are short and may stand closer, one above the other, than other numbers. */
    set_ticks(&axes->y_ticks, axes->up, axes->log_y, axes->log_y ? fmin(2 * up, KEDGE_TICKS_MAX) : up);
}

static double logarithm(double value)
{
    return log10(value > 0 ? value : DBL_TRUE_MIN);
}

/* How far a value is on its way from 'from' to 'to'. */
static double share(double value, double from, double to, bool log)
{
    if (log) return (logarithm(value) - logarithm(from)) / (logarithm(to) - logarithm(from));
    return (value - from) / (to - from);
}

double kedge_axes_x(const kedge_axes *axes, double value)
{
    return axes->x + share(value, axes->across.min, axes->across.max, axes->log_x) * axes->width;
}

double kedge_axes_y(const kedge_axes *axes, double value)
{
    return axes->y + share(value, axes->up.max, axes->up.min, axes->log_y) * axes->height;
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

static void tick_mark(const kedge_axes *axes, double at, double length, bool across)
{
    double x = kedge_axes_x(axes, at), y = kedge_axes_y(axes, at), bottom = axes->y + axes->height;
    if (across) line(axes->cr, x, bottom, x, bottom + length);
    else line(axes->cr, axes->x, y, axes->x - length, y);
}

/* A mark at each tick; short ones at 2 to 9 times each power of ten, or at the powers between ticks. */
static void log_marks(const kedge_axes *axes, const kedge_ticks *ticks, kedge_range range, bool across)
{
    for (int i = 0; i < ticks->n; i++) tick_mark(axes, ticks->at[i], TICK, across);
    if (!ticks->decades) return;
    for (int power = (int)floor(log10(range.min)); power <= (int)floor(log10(range.max)); power++)
        for (int mantissa = 1; mantissa < (ticks->decades == 1 ? 10 : 2); mantissa++) {
            double at = mantissa * pow(10, power);
            if (at >= range.min && at <= range.max) tick_mark(axes, at, MINOR, across);
        }
}

/* A mark at each tick, and a short one halfway between two and towards the ends. */
static void tick_marks(const kedge_axes *axes, const kedge_ticks *ticks, kedge_range range, bool across)
{
    if (ticks->log) {
        log_marks(axes, ticks, range, across);
        return;
    }
    for (int i = -1; i < ticks->n; i++) {
        double before = i < 0 ? ticks->at[0] - ticks->step : ticks->at[i];
        double at[2] = {i < 0 ? NAN : ticks->at[i], before + ticks->step / 2};
        for (int minor = 0; minor < 2; minor++) {
            if (!(at[minor] >= range.min && at[minor] <= range.max)) continue;
            tick_mark(axes, at[minor], minor ? MINOR : TICK, across);
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
