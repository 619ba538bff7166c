/* panels.c - figures that are a grid of panels: laid out for a width, each drawn by a function of its own. */
#include "draw/panels.h"

#include <math.h>
#include <string.h>

#include "draw/page.h"

static const double SPACE = 12;    /* between panels, beside what their labels take */
static const double LEADING = 1.3; /* from line to line, of the size */
static const double HEAD = 4;      /* between a panel and what stands above it */

enum { ASIDE_LINES = 3 };

typedef struct sheet {
    const kedge_panels *panels;
    const kedge_theme *theme;
    kedge_canvas canvas;
    kedge_page page;
    int stacks, columns, bands;      /* bands: of stacks, one under the other */
    bool same_up[KEDGE_PANEL_ROWS];  /* in all panels of a row of stacks */
    bool same_across;                /* in all panels */
    double wide;                     /* of a frame */
    double number_width[KEDGE_PANEL_ROWS]; /* widest number of that row's y axes */
    double left, gap;                /* room left of the first column; between two */
} sheet;

/* ---- which panel stands where */

static const kedge_panel *panel_at(const sheet *s, int stack, int row)
{
    return &s->panels->list[stack * s->panels->rows + row];
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_range(kedge_range a, kedge_range b)
{
    return a.min == b.min && a.max == b.max;
}

static void find_shared(sheet *s)
{
    const kedge_panel *first = panel_at(s, 0, 0);
    s->same_across = true;
    for (int row = 0; row < s->panels->rows; row++) s->same_up[row] = true;
    for (int i = 0; i < s->panels->n; i++) {
        int row = i % s->panels->rows;
        const kedge_panel *panel = &s->panels->list[i], *head = panel_at(s, 0, row);
        s->same_up[row] = s->same_up[row] && same_range(panel->up, head->up) && same_text(panel->y, head->y);
        s->same_across = s->same_across && same_range(panel->across, first->across) && same_text(panel->x, first->x);
    }
}

/* Ticks of an angle at steps that divide the circle. */
static void degree_ticks(kedge_ticks *ticks, kedge_range range, double count)
{
    static const double steps[] = {15, 30, 45, 60, 90, 120, 180};
    size_t i = 0, last = sizeof steps / sizeof *steps - 1;
    while (i < last && (range.max - range.min) / steps[i] > count) i++;
    *ticks = (kedge_ticks){.step = steps[i]};
    for (double k = ceil(range.min / steps[i]); k <= range.max / steps[i] && ticks->n < KEDGE_TICKS_MAX; k++)
        ticks->at[ticks->n++] = k * steps[i];
}

/* The panel's axes without their place on the page, and what is written at them. */
static void axes_of(const sheet *s, cairo_t *cr, int stack, int row, kedge_axes *axes, kedge_axes_labels *labels)
{
    enum { POINTS_A_TICK = 40 };
    const kedge_panel *panel = panel_at(s, stack, row);
    bool first = stack % s->columns == 0;
    bool last = row == s->panels->rows - 1 && (s->panels->rows > 1 || stack + s->columns >= s->stacks);
    *axes = (kedge_axes){.cr = cr, .theme = s->theme, .width = s->wide, .height = panel->aspect * s->wide,
                         .across = panel->across, .up = panel->up};
    kedge_axes_init(axes);
    if (panel->degrees) degree_ticks(&axes->x_ticks, panel->across, s->wide / POINTS_A_TICK);
    bool y = !panel->bare && (first || !s->same_up[row]), x = !panel->bare && (last || !s->same_across);
    *labels = (kedge_axes_labels){
        .x = x ? panel->x : NULL, .y = y ? panel->y : NULL, .symbols = panel->symbols,
        .x_numbers = x, .y_numbers = y, .number_width = s->number_width[row],
    };
}

/* ---- layout */

/* Room beside the frames of this width in so many columns. */
static void measure_sides(sheet *s, cairo_t *cr)
{
    kedge_axes axes;
    kedge_axes_labels labels;
    for (int row = 0; row < s->panels->rows; row++) s->number_width[row] = 0;
    for (int i = 0; i < s->panels->n; i++) {
        int row = i % s->panels->rows;
        if (s->panels->list[i].bare) continue;
        axes_of(s, cr, i / s->panels->rows, row, &axes, &labels);
        s->number_width[row] = fmax(s->number_width[row], kedge_axes_number_width(&axes));
    }
    s->left = 0;
    s->gap = SPACE;
    for (int i = 0; i < s->panels->n; i++) {
        int stack = i / s->panels->rows, row = i % s->panels->rows;
        if (s->panels->list[i].bare) continue;
        axes_of(s, cr, stack, row, &axes, &labels);
        double room = kedge_axes_room_left(&axes, &labels);
        if (stack % s->columns == 0) s->left = fmax(s->left, room);
        else s->gap = fmax(s->gap, room + SPACE);
    }
}

/* So many columns on a page of this width: sets the frames' width. */
static void fit_columns(sheet *s, cairo_t *cr, int columns, double width)
{
    s->columns = columns;
    s->wide = s->panels->narrow; /* for the y ticks, which hardly depend on it: settled after a second look */
    for (int look = 0; look < 2; look++) {
        measure_sides(s, cr);
        double rest = width - 2 * kedge_page_margin - 2 - s->left - (columns - 1) * s->gap;
        s->wide = fmax(rest / columns, 24);
    }
}

static int even_columns(int stacks, int columns)
{
    int bands = (stacks + columns - 1) / columns;
    return (stacks + bands - 1) / bands;
}

static void choose_grid(sheet *s, cairo_t *cr, double width)
{
    int most = s->panels->columns > 0 && s->panels->columns < s->stacks ? s->panels->columns : s->stacks;
    if (width > 0) {
        int columns = s->stacks;
        fit_columns(s, cr, columns, width);
        while (columns > 1 && s->wide < s->panels->narrow) fit_columns(s, cr, --columns, width);
        if (even_columns(s->stacks, columns) != columns) fit_columns(s, cr, even_columns(s->stacks, columns), width);
    } else {
        s->columns = even_columns(s->stacks, most);
        s->wide = s->panels->wide;
        measure_sides(s, cr);
    }
    s->bands = (s->stacks + s->columns - 1) / s->columns;
}

/* ---- what stands above a panel */

static kedge_lettering title_style(const sheet *s)
{
    return (kedge_lettering){.theme = s->theme, .size = s->theme->subtitle, .ink = s->theme->ink, .bold = true};
}

static kedge_lettering aside_style(const sheet *s)
{
    return (kedge_lettering){.theme = s->theme, .size = s->theme->note, .ink = s->theme->muted};
}

/* Sets title and asides from y, the top, if 'draw'; returns the height they take. */
static double head(const sheet *s, cairo_t *cr, const kedge_panel *panel, double x, double y, bool draw)
{
    char lines[ASIDE_LINES][KEDGE_LINE];
    kedge_lettering title = title_style(s), aside = aside_style(s);
    double top = y;
    for (int part = -1; part < KEDGE_PANEL_ASIDES; part++) {
        const kedge_lettering *style = part < 0 ? &title : &aside;
        const char *text = part < 0 ? panel->title : panel->asides[part];
        int n = kedge_lettering_wrap(cr, style, text, s->wide, ASIDE_LINES, lines);
        for (int i = 0; i < n; i++, y += LEADING * style->size)
            if (draw) kedge_lettering_draw(cr, style, x, y + style->size, lines[i]);
    }
    return y > top ? y - top + HEAD : 0;
}

/* Heights that a row of panels takes: above its frames, the frames, below them. */
static void row_heights(const sheet *s, cairo_t *cr, int band, int row, double heights[3])
{
    heights[0] = heights[1] = heights[2] = 0;
    for (int stack = band * s->columns; stack < s->stacks && stack < (band + 1) * s->columns; stack++) {
        const kedge_panel *panel = panel_at(s, stack, row);
        kedge_axes axes;
        kedge_axes_labels labels;
        axes_of(s, cr, stack, row, &axes, &labels);
        heights[0] = fmax(heights[0], head(s, cr, panel, 0, 0, false));
        heights[1] = fmax(heights[1], axes.height);
        if (!panel->bare) heights[2] = fmax(heights[2], kedge_axes_room_below(&axes, &labels));
    }
}

static double space_before(const sheet *s, int band, int row)
{
    return row > 0 ? SPACE : band > 0 ? (s->panels->rows > 1 ? 2 * SPACE : SPACE) : 0;
}

/* Of the legend, with the space before it. */
static double legend_height(const sheet *s, cairo_t *cr)
{
    if (s->panels->n_entries == 0) return 0;
    return SPACE / 2 + kedge_legend_height(cr, s->theme, s->panels->n_entries, s->panels->entries, s->page.width);
}

static double height_of(const sheet *s, cairo_t *cr)
{
    double height = s->page.above + s->page.below + legend_height(s, cr);
    for (int band = 0; band < s->bands; band++)
        for (int row = 0; row < s->panels->rows; row++) {
            double heights[3];
            row_heights(s, cr, band, row, heights);
            height += space_before(s, band, row) + heights[0] + heights[1] + heights[2];
        }
    return height;
}

/* ---- drawing */

static void draw_panel(const sheet *s, int stack, int row, double top, double frame_top)
{
    const kedge_panel *panel = panel_at(s, stack, row);
    cairo_t *cr = s->canvas.cr;
    kedge_axes axes;
    kedge_axes_labels labels;
    axes_of(s, cr, stack, row, &axes, &labels);
    axes.x = kedge_page_margin + s->left + stack % s->columns * (s->wide + s->gap);
    axes.y = frame_top;
    head(s, cr, panel, axes.x, top, true);
    if (!panel->bare) kedge_axes_draw_back(&axes);
    kedge_axes_clip(&axes);
    panel->draw(panel, &axes);
    kedge_axes_unclip(&axes);
    if (!panel->bare) kedge_axes_draw_front(&axes, &labels);
    if (panel->draw_over) panel->draw_over(panel, &axes);
}

static void draw_grid(const sheet *s)
{
    double y = s->page.above;
    for (int band = 0; band < s->bands; band++)
        for (int row = 0; row < s->panels->rows; row++) {
            double heights[3];
            row_heights(s, s->canvas.cr, band, row, heights);
            y += space_before(s, band, row);
            for (int stack = band * s->columns; stack < s->stacks && stack < (band + 1) * s->columns; stack++)
                draw_panel(s, stack, row, y, y + heights[0]);
            y += heights[0] + heights[1] + heights[2];
        }
    if (s->panels->n_entries > 0)
        kedge_legend_draw(s->canvas.cr, s->theme, kedge_page_margin, y + SPACE / 2, s->page.width,
                          s->panels->n_entries, s->panels->entries);
}

kedge_status kedge_draw_panels(kedge_context *ctx, const kedge_panels *panels, const kedge_picture *to)
{
    sheet s = {.panels = panels, .theme = kedge_theme_of(to->dark), .stacks = panels->n / panels->rows};
    cairo_t *cr = kedge_canvas_measure();
    find_shared(&s);
    choose_grid(&s, cr, to->width);
    double width = s.left + s.columns * s.wide + (s.columns - 1) * s.gap;
    s.page = (kedge_page){
        .theme = s.theme, .title = panels->title, .subtitle = panels->subtitle, .note = panels->note};
    kedge_page_fit(&s.page, cr, width);
    kedge_canvas_options options = {
        .width = width + 2 * kedge_page_margin + 2, /* the last number hangs over a little */
        .height = height_of(&s, cr),
        .paper = s.theme->paper,
        .title = panels->title,
        .description = panels->description,
    };
    cairo_destroy(cr);
    kedge_status status = kedge_canvas_init(&s.canvas, ctx, to, &options);
    if (status) return status;
    kedge_page_draw(&s.page, s.canvas.cr, s.canvas.options.height);
    draw_grid(&s);
    status = kedge_canvas_save(&s.canvas);
    kedge_canvas_release(&s.canvas);
    return status;
}
