/* attribution.c - the figure of crossed seeds. */
#include "draw/attribution.h"

#include <math.h>
#include <stdio.h>

#include "base/error.h"
#include "base/sort.h"
#include "draw/chart.h"
#include "draw/page.h"

static const double PAGE = 520, NARROW = 400;       /* width where nothing is asked for; less has the bars below */
static const double BARS = 170, BETWEEN = 22;       /* width of the bars beside a map; room between */
static const double CELL = 17;                      /* of a map at most */
static const double BAR = 9, BAR_ROW = 25;          /* a bar's height; from bar to bar */
static const double PART_GAP = 16, LABEL_ROW = 15;
static const double CLIPPED = 0.05;                 /* share of values beyond either end of the colours */

static const char *const sources[KEDGE_ATTRIBUTION_SOURCES] = {"weights", "batches", "only the pair"};

/* One part on the page. */
typedef struct place {
    double map, cell_x, cell_y;  /* width of the map and of its cells */
    double height;               /* of all of the part */
    double bars_x, bars_y, bars; /* from the part's corner; their width */
} place;

typedef struct sheet {
    const kedge_attribution_figure *figure;
    const kedge_theme *theme;
    kedge_canvas canvas;
    kedge_page page;
    kedge_text description, note;
    double inner, left, below;   /* room beside and under a map */
    double low, high;            /* of the colours */
    int n;                       /* parts that are drawn */
    place places[KEDGE_ATTRIBUTION_PARTS];
} sheet;

/* ---- numbers */

static size_t cells_of(const kedge_attribution_part *part)
{
    return (size_t)part->rows * (size_t)part->columns;
}

/* The scale of the colours: outliers must not leave all others one colour. */
static kedge_status find_scale(sheet *s, kedge_context *ctx, const char *path)
{
    size_t n = 0, total = 0;
    for (int p = 0; p < s->n; p++) total += cells_of(&s->figure->parts[p]);
    double *sorted = kedge_alloc(ctx, total, sizeof *sorted);
    if (!sorted) return kedge_fail_memory("a figure");
    for (int p = 0; p < s->n; p++)
        for (size_t i = 0; i < cells_of(&s->figure->parts[p]); i++)
            if (isfinite(s->figure->parts[p].values[i])) sorted[n++] = s->figure->parts[p].values[i];
    kedge_sort_reals(sorted, n);
    if (n > 0) {
        size_t away = (size_t)(CLIPPED * (double)(n - 1));
        s->low = sorted[away], s->high = sorted[n - 1 - away];
    }
    kedge_release(ctx, sorted);
    if (n > 0) return KEDGE_OK;
    return kedge_fail(KEDGE_EINVALID, "%s: cannot draw: no crossed run has a value of '%s'", path, s->figure->metric);
}

/* ---- layout */

static kedge_axes axes_of(const sheet *s, cairo_t *cr, int p, double x, double y)
{
    const kedge_attribution_part *part = &s->figure->parts[p];
    const place *at = &s->places[p];
    kedge_axes axes = {.cr = cr, .theme = s->theme, .x = x, .y = y, .width = at->cell_x * part->columns,
                       .height = at->cell_y * part->rows, .across = {0, part->columns}, .up = {0, part->rows}};
    kedge_axes_init(&axes);
    axes.x_ticks.n = axes.y_ticks.n = 0; /* seeds are named at cells */
    return axes;
}

/* Room for seeds' numbers and the label left of a map and below it. */
static double number_room(const sheet *s, cairo_t *cr)
{
    kedge_lettering style = {.theme = s->theme, .size = s->theme->note};
    double widest = 0;
    for (int p = 0; p < s->n; p++)
        for (int i = 0; i < s->figure->parts[p].rows; i++) {
            char number[32];
            snprintf(number, sizeof number, "%lld", s->figure->parts[p].row_seeds[i]);
            widest = fmax(widest, kedge_lettering_width(cr, &style, number));
        }
    return widest;
}

static void place_part(sheet *s, int p, bool narrow)
{
    const kedge_attribution_part *part = &s->figure->parts[p];
    place *at = &s->places[p];
    double room = s->inner - s->left - (narrow ? 0 : BARS + BETWEEN), label = *part->label ? LABEL_ROW : 0;
    at->cell_x = at->cell_y = fmin(narrow ? room : CELL, room / part->columns);
    at->map = at->cell_x * part->columns;
    double map_height = at->cell_y * part->rows + s->below, bars = 0;
    for (int i = 0; i < part->n_shares; i++) bars += LABEL_ROW + KEDGE_ATTRIBUTION_SOURCES * BAR_ROW + 4;
    at->bars = narrow ? room : fmin(BARS + CELL * 4, s->inner - s->left - at->map - BETWEEN);
    at->bars_x = narrow ? s->left : s->left + at->map + BETWEEN;
    at->bars_y = label + (narrow ? map_height + 10 : 0);
    at->height = label + (narrow ? map_height + 10 + bars : fmax(map_height, bars));
}

static double lay_out(sheet *s, const kedge_picture *to)
{
    cairo_t *cr = kedge_canvas_measure();
    bool narrow = to->width > 0 && to->width < NARROW;
    double height = 0;
    s->inner = (to->width > 0 ? to->width : PAGE) - 2 * kedge_page_margin;
    s->left = number_room(s, cr) + 5 + 1.4 * s->theme->label;
    s->below = 1.2 * s->theme->note + 5 + 1.2 * s->theme->label;
    for (int p = 0; p < s->n; p++) {
        place_part(s, p, narrow);
        height += s->places[p].height + (p > 0 ? PART_GAP : 0);
    }
    kedge_page_fit(&s->page, cr, s->inner);
    cairo_destroy(cr);
    return height;
}

/* ---- drawing */

static void draw_cells(const sheet *s, int p, const kedge_axes *axes)
{
    const kedge_attribution_part *part = &s->figure->parts[p];
    const place *at = &s->places[p];
    cairo_t *cr = axes->cr;
    double span = s->high > s->low ? s->high - s->low : 1;
    for (int row = 0; row < part->rows; row++)
        for (int column = 0; column < part->columns; column++) {
            size_t i = (size_t)row * (size_t)part->columns + (size_t)column;
            double x = axes->x + column * at->cell_x, y = axes->y + row * at->cell_y;
            if (isfinite(part->values[i])) {
                kedge_canvas_ink(cr, kedge_theme_ramp(s->theme, (part->values[i] - s->low) / span), 1);
                cairo_rectangle(cr, x, y, at->cell_x, at->cell_y);
                cairo_fill(cr);
            }
            if (part->failed[i])
                kedge_chart_dot(cr, KEDGE_SHAPE_CROSS, x + at->cell_x / 2, y + at->cell_y / 2,
                                0.32 * fmin(at->cell_x, at->cell_y), s->theme->series[1], s->theme->panel);
        }
}

/* The seeds at a map's side: as many as do not touch, evenly spaced. */
static void draw_seeds(const sheet *s, const kedge_axes *axes, bool down, int n, const long long *seeds, double cell)
{
    kedge_lettering style = {.theme = s->theme, .size = s->theme->note, .ink = s->theme->muted,
                             .align = down ? KEDGE_ALIGN_RIGHT : KEDGE_ALIGN_CENTRE};
    double room = 1.15 * style.size;
    for (int i = 0; i < n && !down; i++) {
        char number[32];
        snprintf(number, sizeof number, "%lld", seeds[i]);
        room = fmax(room, kedge_lettering_width(axes->cr, &style, number) + 4);
    }
    int stride = (int)ceil(room / cell);
    if (stride > 2 && stride % 5) stride += 5 - stride % 5; /* every fifth, tenth, .. */
    for (int i = 0; i < n; i += stride) {
        char number[32];
        snprintf(number, sizeof number, "%lld", seeds[i]);
        double at = (i + 0.5) * cell, base = axes->y + axes->height + 3 + style.size;
        if (down) base = axes->y + at + kedge_lettering_height(&style) / 2;
        kedge_lettering_draw(axes->cr, &style, down ? axes->x - 4 : axes->x + at, base, number);
    }
}

static void draw_map(const sheet *s, int p, double x, double y)
{
    const kedge_attribution_part *part = &s->figure->parts[p];
    static const kedge_axes_labels none = {0};
    kedge_axes axes = axes_of(s, s->canvas.cr, p, x + s->left, y);
    kedge_lettering label = {.theme = s->theme, .size = s->theme->label, .ink = s->theme->ink,
                             .align = KEDGE_ALIGN_CENTRE};
    kedge_axes_draw_back(&axes);
    draw_cells(s, p, &axes);
    kedge_axes_draw_front(&axes, &none);
    draw_seeds(s, &axes, true, part->rows, part->row_seeds, s->places[p].cell_y);
    draw_seeds(s, &axes, false, part->columns, part->column_seeds, s->places[p].cell_x);
    kedge_lettering_draw(axes.cr, &label, axes.x + axes.width / 2, axes.y + axes.height + s->below - 2,
                         "seed of the batches");
    cairo_save(axes.cr);
    cairo_translate(axes.cr, x + kedge_lettering_height(&label), y + axes.height / 2);
    cairo_rotate(axes.cr, -M_PI / 2);
    kedge_lettering_draw(axes.cr, &label, 0, 0, "seed of the weights");
    cairo_restore(axes.cr);
}

static void percent(char *out, size_t room, double share)
{
    if (isfinite(share)) snprintf(out, room, "%.0f%%", 100 * share);
    else snprintf(out, room, "\xe2\x80\x93");
}

/* "weights  6% (2% to 12%)" over a bar with its interval. */
static void draw_bar(const sheet *s, const kedge_attribution_shares *shares, int source, double x, double y,
                     double width)
{
    cairo_t *cr = s->canvas.cr;
    kedge_lettering name = {.theme = s->theme, .size = s->theme->tick, .ink = s->theme->ink};
    kedge_lettering number = {.theme = s->theme, .size = s->theme->tick, .ink = s->theme->muted,
                              .align = KEDGE_ALIGN_RIGHT};
    char share[32], low[32], high[32], text[128];
    percent(share, sizeof share, shares->share[source]);
    percent(low, sizeof low, shares->low[source]);
    percent(high, sizeof high, shares->high[source]);
    snprintf(text, sizeof text, "%s (%s to %s)", share, low, high);
    kedge_lettering_draw(cr, &name, x, y + name.size, sources[source]);
    kedge_lettering_draw(cr, &number, x + width, y + name.size, text);
    y += 1.35 * name.size;
    kedge_canvas_ink(cr, s->theme->grid, 1);
    cairo_rectangle(cr, x, y, width, BAR);
    cairo_fill(cr);
    if (!isfinite(shares->share[source])) return;
    kedge_canvas_ink(cr, s->theme->series[source == 0 ? 0 : source == 1 ? 2 : KEDGE_SERIES - 1], source == 2 ? 0.6 : 1);
    cairo_rectangle(cr, x, y, width * shares->share[source], BAR);
    cairo_fill(cr);
    if (!isfinite(shares->low[source]) || !isfinite(shares->high[source])) return;
    for (int rim = 1; rim >= 0; rim--) {
        kedge_canvas_ink(cr, rim ? s->theme->panel : s->theme->ink, 1);
        cairo_set_line_width(cr, rim ? 3.4 : 1.6);
        cairo_move_to(cr, x + width * shares->low[source] - rim, y + BAR / 2);
        cairo_line_to(cr, x + width * shares->high[source] + rim, y + BAR / 2);
        cairo_stroke(cr);
    }
}

static void draw_part(const sheet *s, int p, double y)
{
    const kedge_attribution_part *part = &s->figure->parts[p];
    const place *at = &s->places[p];
    double x = kedge_page_margin, bars_y = y + at->bars_y;
    kedge_lettering label = {.theme = s->theme, .size = s->theme->subtitle, .ink = s->theme->ink, .bold = true};
    if (*part->label) {
        char line[1][KEDGE_LINE];
        if (kedge_lettering_wrap(s->canvas.cr, &label, part->label, s->inner - s->left, 1, line) > 0)
            kedge_lettering_draw(s->canvas.cr, &label, x + s->left, y + label.size - 1, line[0]);
        y += LABEL_ROW;
    }
    draw_map(s, p, x, y);
    for (int i = 0; i < part->n_shares; i++) {
        const kedge_attribution_shares *shares = &part->shares[i];
        char heading[KEDGE_LINE];
        snprintf(heading, sizeof heading, "variance of %s", shares->of);
        kedge_lettering_draw(s->canvas.cr, &label, x + at->bars_x, bars_y + label.size - 1, heading);
        bars_y += LABEL_ROW;
        for (int source = 0; source < KEDGE_ATTRIBUTION_SOURCES; source++, bars_y += BAR_ROW)
            draw_bar(s, shares, source, x + at->bars_x, bars_y, at->bars);
        bars_y += 4;
    }
}

/* ---- words */

static void tell_part(sheet *s, const kedge_attribution_part *part)
{
    kedge_text *out = &s->description;
    int failed = 0, runs = 0;
    for (size_t i = 0; i < cells_of(part); i++) failed += part->failed[i], runs += isfinite(part->values[i]);
    kedge_text_addf(out, " %s%s%d seeds of weights by %d of batches, %d runs with a value", part->label,
                    *part->label ? ": " : "", part->rows, part->columns, runs);
    if (failed > 0) kedge_text_addf(out, ", %d failed", failed);
    kedge_text_add_real(out, "; mean %.4g", part->mean);
    kedge_text_add_real(out, ", sd %.4g.", part->sd);
    for (int i = 0; i < part->n_shares; i++) {
        kedge_text_addf(out, " Variance of %s:", part->shares[i].of);
        for (int k = 0; k < KEDGE_ATTRIBUTION_SOURCES; k++) {
            char share[32], low[32], high[32];
            percent(share, sizeof share, part->shares[i].share[k]);
            percent(low, sizeof low, part->shares[i].low[k]);
            percent(high, sizeof high, part->shares[i].high[k]);
            kedge_text_addf(out, "%s %s %s (%s to %s)", k ? "," : "", sources[k], share, low, high);
        }
        kedge_text_add(out, ".");
    }
}

static kedge_status describe(sheet *s)
{
    kedge_text_addf(&s->description, "Heat map of %s for crossed seeds.", s->figure->metric);
    for (int p = 0; p < s->n; p++) tell_part(s, &s->figure->parts[p]);
    bool failed = false;
    for (int p = 0; p < s->n; p++)
        for (size_t i = 0; i < cells_of(&s->figure->parts[p]); i++) failed |= s->figure->parts[p].failed[i];
    kedge_text_addf(&s->note, "Colours end at the 5%% and 95%% quantiles. Bars: shares with 95%% intervals.");
    if (failed) kedge_text_add(&s->note, " Crosses: runs that failed.");
    if (s->n < s->figure->n_parts)
        kedge_text_addf(&s->note, " The first %d of %d groups.", s->n, s->figure->n_parts);
    kedge_status status = kedge_text_status(&s->description, "a picture's description");
    return status ? status : kedge_text_status(&s->note, "a figure");
}

kedge_status kedge_draw_attribution(kedge_context *ctx, const kedge_attribution_figure *figure,
                                    const kedge_picture *to)
{
    sheet s = {.figure = figure, .theme = kedge_theme_of(to->dark),
               .n = figure->n_parts < KEDGE_ATTRIBUTION_PARTS ? figure->n_parts : KEDGE_ATTRIBUTION_PARTS};
    kedge_status status = find_scale(&s, ctx, to->path);
    if (status) return status;
    kedge_text_init(&s.description, ctx);
    kedge_text_init(&s.note, ctx);
    if ((status = describe(&s))) goto done;
    s.page = (kedge_page){.theme = s.theme, .title = figure->title, .subtitle = figure->subtitle,
                          .note = kedge_text_string(&s.note), .bar = figure->metric, .bar_from = s.low,
                          .bar_to = s.high};
    double height = lay_out(&s, to), y = s.page.above;
    kedge_canvas_options options = {
        .width = s.inner + 2 * kedge_page_margin, .height = s.page.above + height + s.page.below,
        .paper = s.theme->paper, .title = figure->title, .description = kedge_text_string(&s.description)};
    if ((status = kedge_canvas_init(&s.canvas, ctx, to, &options))) goto done;
    kedge_page_draw(&s.page, s.canvas.cr, s.canvas.options.height);
    for (int p = 0; p < s.n; p++) {
        draw_part(&s, p, y);
        y += s.places[p].height + PART_GAP;
    }
    status = kedge_canvas_save(&s.canvas);
done:
    kedge_canvas_release(&s.canvas);
    kedge_text_release(&s.note);
    kedge_text_release(&s.description);
    return status;
}
