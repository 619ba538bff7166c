/* heat.c - heat maps. */
#include "draw/heat.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "draw/chart.h"
#include "draw/page.h"

static const double PAGE = 520, WIDE = 400;        /* width where nothing is asked for; from WIDE on two in a row */
static const double BETWEEN_X = 20, BETWEEN_Y = 18; /* room between maps */
static const double CELL_WIDE = 44, CELL_HIGH = 21; /* at most */
static const double BAR = 7, TITLE_ROW = 16, HATCH = 4;

typedef struct sheet {
    const kedge_heat_figure *figure;
    const kedge_theme *theme;
    kedge_canvas canvas;
    kedge_page page;
    kedge_text description, note;
    double inner, left, below; /* page between margins; room left of a map and under it */
    double cell, high;         /* size of cells of the map at hand */
    int across;                /* maps in a row */
} sheet;

/* ---- numbers */

static size_t cells_of(const kedge_heat_map *map)
{
    return (size_t)map->rows * (size_t)map->columns;
}

/* From the least to the greatest value of all maps of this one's name. */
static kedge_range range_of(const kedge_heat_figure *figure, const kedge_heat_map *map)
{
    kedge_range range = {INFINITY, -INFINITY};
    for (int m = 0; m < figure->n; m++)
        for (size_t i = 0; strcmp(figure->maps[m].of, map->of) == 0 && i < cells_of(&figure->maps[m]); i++) {
            double value = figure->maps[m].values[i];
            if (!isfinite(value)) continue;
            range.min = fmin(range.min, value);
            range.max = fmax(range.max, value);
        }
    return range;
}

static kedge_status check(const kedge_heat_figure *figure, const char *path)
{
    if (figure->n < 1 || figure->n > KEDGE_HEAT_MAPS)
        return kedge_fail(KEDGE_EINVALID, "%s: cannot draw %d heat maps; must be from 1 to %d", path, figure->n,
                          KEDGE_HEAT_MAPS);
    for (int m = 0; m < figure->n; m++) {
        const kedge_heat_map *map = &figure->maps[m];
        if (map->rows < 1 || map->columns < 1 || map->rows > KEDGE_HEAT_SIDE || map->columns > KEDGE_HEAT_SIDE)
            return kedge_fail(KEDGE_EINVALID, "%s: cannot draw a heat map of %d by %d cells; sides must be from 1 to "
                              "%d", path, map->rows, map->columns, KEDGE_HEAT_SIDE);
        size_t finite = 0;
        for (size_t i = 0; i < cells_of(map); i++) finite += isfinite(map->values[i]) != 0;
        if (finite == 0)
            return kedge_fail(KEDGE_EINVALID, "%s: cannot draw: no cell has a value of '%s'", path, map->of);
    }
    return KEDGE_OK;
}

/* Place of a value on the ramp: light is good. */
static double shade(const kedge_heat_map *map, kedge_range range, double value)
{
    double t = range.max > range.min ? (value - range.min) / (range.max - range.min) : 1;
    return range.max > range.min && map->less ? 1 - t : t;
}

/* ---- layout */

static double widest(const kedge_lettering *style, cairo_t *cr, int n, const char *const *names)
{
    double most = 0;
    for (int i = 0; i < n; i++) most = fmax(most, kedge_lettering_width(cr, style, names[i]));
    return most;
}

static void lay_out_cells(sheet *s, const kedge_heat_map *map)
{
    double room = (s->inner - (s->across - 1) * BETWEEN_X) / s->across - s->left;
    s->cell = fmin(CELL_WIDE, room / map->columns);
    s->high = fmin(CELL_HIGH, s->cell);
}

static double height_of(sheet *s, const kedge_heat_map *map)
{
    lay_out_cells(s, map);
    return (map->title ? TITLE_ROW : 0) + s->high * map->rows + s->below;
}

static double row_height(sheet *s, int first)
{
    double height = 0;
    for (int m = first; m < first + s->across && m < s->figure->n; m++)
        height = fmax(height, height_of(s, &s->figure->maps[m]));
    return height;
}

static double lay_out(sheet *s, const kedge_picture *to)
{
    cairo_t *cr = kedge_canvas_measure();
    kedge_lettering style = {.theme = s->theme, .size = s->theme->tick};
    double names = 0, height = 0;
    s->inner = (to->width > 0 ? to->width : PAGE) - 2 * kedge_page_margin;
    s->across = s->inner + 2 * kedge_page_margin >= WIDE && s->figure->n > 1 ? 2 : 1;
    for (int m = 0; m < s->figure->n; m++)
        names = fmax(names, widest(&style, cr, s->figure->maps[m].rows, s->figure->maps[m].row_names));
    s->left = names + 5 + 1.4 * s->theme->label;
    /* names, label, bar, its numbers */
    s->below = 1.5 * s->theme->tick + 1.5 * s->theme->label + 6 + BAR + 1.4 * s->theme->tick;
    for (int m = 0; m < s->figure->n; m += s->across) height += row_height(s, m) + (m > 0 ? BETWEEN_Y : 0);
    kedge_page_fit(&s->page, cr, s->inner);
    cairo_destroy(cr);
    return height;
}

/* ---- drawing */

static void hatch(const sheet *s, cairo_t *cr, double x, double y)
{
    cairo_save(cr);
    cairo_rectangle(cr, x, y, s->cell, s->high);
    cairo_clip(cr);
    kedge_canvas_ink(cr, s->theme->muted, 0.7);
    cairo_set_line_width(cr, 0.6);
    for (double at = -s->high; at < s->cell; at += HATCH) {
        cairo_move_to(cr, x + at, y + s->high);
        cairo_line_to(cr, x + at + s->high, y);
    }
    cairo_stroke(cr);
    cairo_restore(cr);
}

/* Ink that can be read on a colour. */
static kedge_ink ink_on(kedge_ink ground)
{
    static const kedge_ink dark = {0.05, 0.05, 0.05}, light = {1, 1, 1};
    return 0.30 * ground.r + 0.59 * ground.g + 0.11 * ground.b > 0.5 ? dark : light;
}

/* Whether the cells have room for all numbers of a map. */
static bool has_room(const sheet *s, const kedge_heat_map *map, const kedge_lettering *style)
{
    for (size_t i = 0; i < cells_of(map); i++) {
        char number[64];
        if (!isfinite(map->values[i])) continue;
        kedge_lettering_number(number, sizeof number, map->values[i], map->decimals);
        if (kedge_lettering_width(s->canvas.cr, style, number) > s->cell - 2) return false;
    }
    return s->high > 1.1 * style->size;
}

static void draw_cells(const sheet *s, const kedge_heat_map *map, double x, double y)
{
    cairo_t *cr = s->canvas.cr;
    kedge_range range = range_of(s->figure, map);
    kedge_lettering style = {.theme = s->theme, .size = s->theme->tick, .align = KEDGE_ALIGN_CENTRE};
    bool numbers = has_room(s, map, &style);
    for (int row = 0; row < map->rows; row++)
        for (int column = 0; column < map->columns; column++) {
            double value = map->values[(size_t)row * (size_t)map->columns + (size_t)column];
            double left = x + column * s->cell, top = y + row * s->high;
            if (!isfinite(value)) {
                hatch(s, cr, left, top);
                continue;
            }
            kedge_ink ground = kedge_theme_ramp(s->theme, shade(map, range, value));
            kedge_canvas_ink(cr, ground, 1);
            cairo_rectangle(cr, left, top, s->cell, s->high);
            cairo_fill(cr);
            if (!numbers) continue;
            char number[64];
            kedge_lettering_number(number, sizeof number, value, map->decimals);
            style.ink = ink_on(ground);
            kedge_lettering_draw(cr, &style, left + s->cell / 2,
                                 top + (s->high + kedge_lettering_height(&style)) / 2, number);
        }
    kedge_canvas_ink(cr, s->theme->frame, 1);
    cairo_set_line_width(cr, 0.8);
    cairo_rectangle(cr, x, y, s->cell * map->columns, s->high * map->rows);
    cairo_stroke(cr);
}

/* Of a map's columns, where they fill what it has. */
static double widest_map(const sheet *s)
{
    return (s->inner - (s->across - 1) * BETWEEN_X) / s->across - s->left;
}

/* As many names as do not touch, evenly spaced. The label of a few columns reaches over them. */
static void draw_names(const sheet *s, const kedge_heat_map *map, double x, double y)
{
    cairo_t *cr = s->canvas.cr;
    kedge_lettering style = {.theme = s->theme, .size = s->theme->tick, .ink = s->theme->ink};
    double base = y + s->high * map->rows + 3 + style.size;
    int stride = (int)ceil((widest(&style, cr, map->columns, map->column_names) + 3) / s->cell);
    int down = (int)ceil(1.15 * style.size / s->high);
    style.align = KEDGE_ALIGN_CENTRE;
    for (int i = 0; i < map->columns; i += stride)
        kedge_lettering_draw(cr, &style, x + (i + 0.5) * s->cell, base, map->column_names[i]);
    style.align = KEDGE_ALIGN_RIGHT;
    for (int i = 0; i < map->rows; i += down)
        kedge_lettering_draw(cr, &style, x - 4, y + (i + 0.5) * s->high + kedge_lettering_height(&style) / 2,
                             map->row_names[i]);
    kedge_lettering label = {.theme = s->theme, .size = s->theme->label, .ink = s->theme->ink,
                             .align = KEDGE_ALIGN_CENTRE};
    char line[1][KEDGE_LINE];
    double width = s->cell * map->columns, room = width + 2 * fmax(0, fmin(s->left, widest_map(s) - width));
    if (map->x && kedge_lettering_wrap(cr, &label, map->x, room, 1, line) > 0)
        kedge_lettering_draw(cr, &label, x + width / 2, base + 1.4 * label.size, line[0]);
    if (!map->y || kedge_lettering_wrap(cr, &label, map->y, s->high * map->rows + 20, 1, line) == 0) return;
    cairo_save(cr);
    cairo_translate(cr, x - s->left + kedge_lettering_height(&label), y + s->high * map->rows / 2);
    cairo_rotate(cr, -M_PI / 2);
    kedge_lettering_draw(cr, &label, 0, 0, line[0]);
    cairo_restore(cr);
}

/* The colours, with the values at their ends and what they are of. */
static void draw_bar(const sheet *s, const kedge_heat_map *map, double x, double y)
{
    cairo_t *cr = s->canvas.cr;
    kedge_range range = range_of(s->figure, map);
    double width = s->cell * map->columns;
    enum { STEPS = 64 };
    for (int i = 0; i < STEPS; i++) {
        kedge_canvas_ink(cr, kedge_theme_ramp(s->theme, range.max > range.min ? (i + 0.5) / STEPS : 1), 1);
        cairo_rectangle(cr, x + width * i / STEPS, y, width / STEPS + (i + 1 < STEPS ? 0.3 : 0), BAR);
        cairo_fill(cr);
    }
    kedge_lettering style = {.theme = s->theme, .size = s->theme->tick, .ink = s->theme->muted};
    char from[64], to[64];
    kedge_lettering_number(from, sizeof from, map->less ? range.max : range.min, map->decimals);
    kedge_lettering_number(to, sizeof to, map->less ? range.min : range.max, map->decimals);
    y += BAR + 2 + style.size;
    kedge_lettering_draw(cr, &style, x, y, from);
    style.align = KEDGE_ALIGN_RIGHT;
    kedge_lettering_draw(cr, &style, x + width, y, to);
    style.align = KEDGE_ALIGN_CENTRE;
    double room = width - 2 * fmax(kedge_lettering_width(cr, &style, from), kedge_lettering_width(cr, &style, to));
    if (kedge_lettering_width(cr, &style, map->of) < room - 8)
        kedge_lettering_draw(cr, &style, x + width / 2, y, map->of);
}

static void draw_map(sheet *s, const kedge_heat_map *map, double x, double y)
{
    lay_out_cells(s, map);
    kedge_lettering title = {.theme = s->theme, .size = s->theme->subtitle, .ink = s->theme->ink, .bold = true};
    x += s->left;
    if (map->title) {
        char line[1][KEDGE_LINE];
        if (kedge_lettering_wrap(s->canvas.cr, &title, map->title, widest_map(s), 1, line) > 0)
            kedge_lettering_draw(s->canvas.cr, &title, x, y + title.size - 1, line[0]);
        y += TITLE_ROW;
    }
    draw_cells(s, map, x, y);
    draw_names(s, map, x, y);
    draw_bar(s, map, x, y + s->high * map->rows + 1.5 * s->theme->tick + 1.5 * s->theme->label + 6);
}

/* ---- words */

static kedge_status describe(sheet *s)
{
    const kedge_heat_figure *figure = s->figure;
    kedge_text *out = &s->description;
    char number[64];
    bool hatched = false;
    kedge_text_addf(out, "%d heat map%s.", figure->n, figure->n == 1 ? "" : "s");
    for (int m = 0; m < figure->n; m++) {
        const kedge_heat_map *map = &figure->maps[m];
        kedge_text_addf(out, " %s%s%s, %s across:", map->title ? map->title : map->of, map->y ? ", by " : "",
                        map->y ? map->y : "", map->x ? map->x : "columns");
        for (int row = 0; row < map->rows; row++) {
            kedge_text_addf(out, "%s %s:", row ? ";" : "", map->row_names[row]);
            for (int column = 0; column < map->columns; column++) {
                double value = map->values[(size_t)row * (size_t)map->columns + (size_t)column];
                hatched = hatched || !isfinite(value);
                kedge_real_format(number, sizeof number, "%.3g", value);
                kedge_text_addf(out, "%s %s", column ? "," : "", isfinite(value) ? number : "none");
            }
        }
        kedge_text_add(out, ".");
    }
    if (figure->note) kedge_text_add(&s->note, figure->note);
    if (hatched) kedge_text_addf(&s->note, "%sHatched: no value.", figure->note ? " " : "");
    kedge_status status = kedge_text_status(out, "a picture's description");
    return status ? status : kedge_text_status(&s->note, "a figure");
}

kedge_status kedge_draw_heat(kedge_context *ctx, const kedge_heat_figure *figure, const kedge_picture *to)
{
    sheet s = {.figure = figure, .theme = kedge_theme_of(to->dark)};
    kedge_status status = check(figure, to->path);
    if (status) return status;
    kedge_text_init(&s.description, ctx);
    kedge_text_init(&s.note, ctx);
    if ((status = describe(&s))) goto done;
    s.page = (kedge_page){.theme = s.theme, .title = figure->title, .subtitle = figure->subtitle,
                          .note = s.note.length ? kedge_text_string(&s.note) : NULL};
    double height = lay_out(&s, to), y = s.page.above;
    kedge_canvas_options options = {
        .width = s.inner + 2 * kedge_page_margin, .height = s.page.above + height + s.page.below,
        .paper = s.theme->paper, .title = figure->title, .description = kedge_text_string(&s.description)};
    if ((status = kedge_canvas_init(&s.canvas, ctx, to, &options))) goto done;
    kedge_page_draw(&s.page, s.canvas.cr, s.canvas.options.height);
    double stride = (s.inner + BETWEEN_X) / s.across;
    for (int m = 0; m < figure->n; m++) {
        draw_map(&s, &figure->maps[m], kedge_page_margin + m % s.across * stride, y);
        if (m % s.across == s.across - 1) y += row_height(&s, m + 1 - s.across) + BETWEEN_Y;
    }
    status = kedge_canvas_save(&s.canvas);
done:
    kedge_canvas_release(&s.canvas);
    kedge_text_release(&s.note);
    kedge_text_release(&s.description);
    return status;
}
