/* history.c - the figure of a run's latent space over time. */
#include "draw/history.h"

#include <math.h>
#include <stdio.h>

#include "base/error.h"
#include "draw/axes.h"
#include "draw/marker.h"
#include "draw/page.h"

static const double COLUMN = 250, LARGEST = 300; /* of a page without width: a pair's block; side of a large panel */
static const double NARROWEST = 190;             /* block that still is legible */
static const double GAP = 16, ROW = 14;          /* between blocks across; down */
static const double THUMB_GAP = 5;
static const double ROOM = 1.10;                 /* panels show so much more than the data */
static const double TEN_ACROSS = 380;            /* a large panel so wide has ten small ones in a row under it */

enum { COLUMNS_MAX = 3, HALF_ROW = 5 };

typedef struct sheet {
    const kedge_history_figure *figure;
    kedge_context *ctx;
    const kedge_theme *theme;
    kedge_canvas canvas;
    kedge_page page;
    kedge_text description;
    kedge_points points;
    kedge_ink *ink;           /* [n] */
    kedge_marker *markers;    /* [n_anchors] */
    double reach;             /* all panels show [-reach, reach] */
    int columns, rows;
    double side, left, below; /* of a large panel; room beside and below it */
    double number_width;
    int across;               /* small panels in a row */
    double small;             /* their side */
    double block_width, block_height;
} sheet;

static kedge_status check(const kedge_history_figure *figure, const char *path)
{
    if (figure->n < 1 || figure->k < 2 || figure->n_frames < 1 || figure->n_pairs < 1)
        return kedge_fail(KEDGE_EINVALID,
                          "%s: cannot draw %d points of %d dimensions, %d steps and %d pairs; there must be one of "
                          "each and two dimensions", path, figure->n, figure->k, figure->n_frames, figure->n_pairs);
    for (int p = 0; p < figure->n_pairs; p++) {
        int across = figure->pairs[p][0], up = figure->pairs[p][1];
        if (across < 0 || across >= figure->k || up < 0 || up >= figure->k || across == up)
            return kedge_fail(KEDGE_EINVALID,
                              "%s: cannot draw dimensions %d and %d; a panel shows two different ones of 0 to %d", path,
                              across, up, figure->k - 1);
    }
    for (int i = 0; i < figure->n_frames; i++)
        for (size_t j = 0; j < (size_t)figure->n * (size_t)figure->k; j++)
            if (!isfinite(figure->frames[i].latents[j]))
                return kedge_fail(KEDGE_ENUMERIC, "%s: cannot draw: a latent of step %d is %g; all must be finite",
                                  path, figure->frames[i].step, (double)figure->frames[i].latents[j]);
    return KEDGE_OK;
}

/* ---- numbers to draw */

static double clamp01(double value)
{
    return value < 0 ? 0 : value > 1 ? 1 : value;
}

static kedge_status prepare(sheet *s)
{
    const kedge_history_figure *figure = s->figure;
    size_t n = (size_t)figure->n;
    s->points.n = figure->n;
    s->points.at = kedge_alloc(s->ctx, n, sizeof *s->points.at);
    s->points.order = kedge_alloc(s->ctx, n, sizeof *s->points.order);
    s->points.ink = s->ink = kedge_alloc(s->ctx, n, sizeof *s->ink);
    s->markers = kedge_alloc_zero(s->ctx, (size_t)figure->n_anchors, sizeof *s->markers);
    if (!s->points.at || !s->points.order || !s->ink || !s->markers) return kedge_fail_memory("a figure");
    for (size_t i = 0; i < n; i++) {
        const float *rgb = figure->rgb ? figure->rgb + 3 * i : NULL;
        if (rgb) s->ink[i] = (kedge_ink){clamp01(rgb[0]), clamp01(rgb[1]), clamp01(rgb[2])};
        else s->ink[i] = figure->shade ? kedge_theme_ramp(s->theme, figure->shade[i]) : s->theme->series[0];
    }
    double most = 1;
    for (int p = 0; p < figure->n_pairs; p++)
        for (int i = 0; i < figure->n_frames; i++)
            for (size_t j = 0; j < n; j++)
                for (int side = 0; side < 2; side++)
                    most = fmax(most, fabs(figure->frames[i].latents[j * (size_t)figure->k +
                                                                     (size_t)figure->pairs[p][side]]));
    s->reach = ROOM * most;
    return KEDGE_OK;
}

static double coordinate(const sheet *s, int frame, int point, int d)
{
    return s->figure->frames[frame].latents[(size_t)point * (size_t)s->figure->k + (size_t)d];
}

/* Puts the points of a frame where they are in a panel; those off the plane first. */
static void place_points(sheet *s, const kedge_axes *axes, int frame, const int pair[2])
{
    const kedge_history_figure *figure = s->figure;
    for (int i = 0; i < figure->n; i++) {
        const float *z = figure->frames[frame].latents + (size_t)i * (size_t)figure->k;
        s->points.at[i][0] = kedge_axes_x(axes, coordinate(s, frame, i, pair[0]));
        s->points.at[i][1] = kedge_axes_y(axes, coordinate(s, frame, i, pair[1]));
        double depth = kedge_latents_depth(z, figure->k, figure->n_anchors, figure->anchors, pair[0], pair[1]);
        s->points.order[i] = (kedge_depth){depth, i};
    }
    s->points.radius = kedge_points_radius(figure->n, axes->width * axes->height);
    kedge_points_sort(&s->points);
}

/* ---- layout */

static kedge_axes axes_of(const sheet *s, cairo_t *cr, double x, double y, double side)
{
    kedge_axes axes = {.cr = cr, .theme = s->theme, .x = x, .y = y, .width = side, .height = side,
                       .across = {-s->reach, s->reach}, .up = {-s->reach, s->reach}};
    kedge_axes_init(&axes);
    return axes;
}

static kedge_axes_labels labels_of(const sheet *s, const int pair[2], char names[2][16])
{
    snprintf(names[0], 16, "z_%d", pair[0]);
    snprintf(names[1], 16, "z_%d", pair[1]);
    return (kedge_axes_labels){.x = names[0], .y = names[1], .symbols = true, .x_numbers = true, .y_numbers = true,
                               .number_width = s->number_width};
}

static double step_height(const sheet *s)
{
    return 1.35 * s->theme->note;
}

static void lay_out(sheet *s, const kedge_picture *to)
{
    static const int first[2] = {0, 1};
    cairo_t *cr = kedge_canvas_measure();
    char names[2][16];
    int n = s->figure->n_pairs, small = s->figure->n_frames - 1;
    double inner = to->width - 2 * kedge_page_margin;
    if (to->width > 0) s->columns = (int)fmin(fmax(1, floor((inner + GAP) / (NARROWEST + GAP))), n);
    else s->columns = n < COLUMNS_MAX ? n : COLUMNS_MAX;
    if (to->width > 0) s->block_width = (inner - (s->columns - 1) * GAP) / s->columns;
    else s->block_width = n == 1 ? LARGEST : COLUMN;
    s->rows = (n + s->columns - 1) / s->columns;
    kedge_axes axes = axes_of(s, cr, 0, 0, s->block_width - 30);
    s->number_width = kedge_axes_number_width(&axes);
    kedge_axes_labels labels = labels_of(s, first, names);
    s->left = kedge_axes_room_left(&axes, &labels);
    s->below = kedge_axes_room_below(&axes, &labels);
    s->side = s->block_width - s->left;
    s->across = s->side >= TEN_ACROSS ? 2 * HALF_ROW : HALF_ROW;
    s->small = (s->side - (s->across - 1) * THUMB_GAP) / s->across;
    int down = (small + s->across - 1) / s->across;
    s->block_height = s->side + s->below + down * (s->small + step_height(s));
    kedge_page_fit(&s->page, cr, s->columns * s->block_width + (s->columns - 1) * GAP);
    cairo_destroy(cr);
}

/* ---- drawing */

/* In a vector file a small point is a line of no length with round ends: a third of what a disc with a rim takes, and
 * most of the points of the figure are small. */
static void draw_small_points(cairo_t *cr, const kedge_theme *theme, const kedge_points *points)
{
    if (cairo_surface_get_type(cairo_get_target(cr)) == CAIRO_SURFACE_TYPE_IMAGE) {
        kedge_points_draw(cr, theme, points);
        return;
    }
    cairo_save(cr);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_width(cr, 2 * points->radius);
    for (int i = 0; i < points->n; i++) {
        int p = points->order[i].point;
        cairo_move_to(cr, points->at[p][0], points->at[p][1]);
        cairo_close_path(cr);
        kedge_canvas_ink(cr, points->ink[p], 1);
        cairo_stroke(cr);
    }
    cairo_restore(cr);
}

static void draw_large(sheet *s, int p, double x, double y)
{
    const kedge_history_figure *figure = s->figure;
    const int *pair = figure->pairs[p];
    char names[2][16];
    kedge_axes axes = axes_of(s, s->canvas.cr, x, y, s->side);
    kedge_axes_labels labels = labels_of(s, pair, names);
    place_points(s, &axes, figure->n_frames - 1, pair);
    for (int i = 0; i < figure->n_anchors; i++) {
        const kedge_latents_anchor *anchor = &figure->anchors[i];
        s->markers[i] = (kedge_marker){.label = anchor->label, .x = kedge_axes_x(&axes, anchor->at[pair[0]]),
                                       .y = kedge_axes_y(&axes, anchor->at[pair[1]]),
                                       .beside = kedge_latents_beside(anchor->at, figure->k, pair[0], pair[1])};
    }
    kedge_axes_draw_back(&axes);
    kedge_axes_draw_circle(&axes);
    kedge_axes_clip(&axes);
    kedge_points_draw(axes.cr, s->theme, &s->points);
    kedge_axes_unclip(&axes);
    kedge_axes_draw_front(&axes, &labels);
    kedge_markers_place(s->markers, figure->n_anchors, &axes, &s->points);
    kedge_markers_draw(s->markers, figure->n_anchors, &axes);
}

static void draw_small(sheet *s, int p, int frame, double x, double y)
{
    static const kedge_axes_labels none = {0};
    kedge_axes axes = axes_of(s, s->canvas.cr, x, y, s->small);
    axes.x_ticks.n = axes.y_ticks.n = 0; /* a frame and the circle are enough */
    place_points(s, &axes, frame, s->figure->pairs[p]);
    kedge_axes_draw_back(&axes);
    kedge_axes_draw_circle(&axes);
    kedge_axes_clip(&axes);
    draw_small_points(axes.cr, s->theme, &s->points);
    kedge_axes_unclip(&axes);
    kedge_axes_draw_front(&axes, &none);
    char step[32];
    kedge_lettering style = {.theme = s->theme, .size = s->theme->note, .ink = s->theme->muted,
                             .align = KEDGE_ALIGN_CENTRE};
    snprintf(step, sizeof step, "%d", s->figure->frames[frame].step);
    kedge_lettering_draw(axes.cr, &style, x + s->small / 2, y + s->small + style.size, step);
}

static void draw_block(sheet *s, int p)
{
    double x = kedge_page_margin + s->left + p % s->columns * (s->block_width + GAP);
    double y = s->page.above + p / s->columns * (s->block_height + ROW);
    draw_large(s, p, x, y);
    y += s->side + s->below;
    for (int i = 0; i < s->figure->n_frames - 1; i++)
        draw_small(s, p, i, x + i % s->across * (s->small + THUMB_GAP),
                   y + i / s->across * (s->small + step_height(s)));
}

/* ---- words */

static kedge_status describe(sheet *s)
{
    const kedge_history_figure *figure = s->figure;
    kedge_text *out = &s->description;
    kedge_text_addf(out, "Latent space of %d points in %d dimensions after %d steps, with", figure->n, figure->k,
                    figure->frames[figure->n_frames - 1].step);
    kedge_text_addf(out, " %d earlier states small below it%s%s. Dimensions", figure->n_frames - 1,
                    figure->caveat ? "; " : "", figure->caveat ? figure->caveat : "");
    for (int p = 0; p < figure->n_pairs; p++)
        kedge_text_addf(out, "%s %d and %d", p ? "," : "", figure->pairs[p][0], figure->pairs[p][1]);
    kedge_text_add(out, ".");
    for (int i = 0; i < figure->n_anchors; i++)
        if (figure->anchors[i].label)
            kedge_text_addf(out, "%s %s", i == 0 ? " Anchored:" : ",", figure->anchors[i].label);
    if (figure->n_anchors > 0) kedge_text_add(out, ".");
    for (int i = 0; figure->concept && i < figure->n_frames; i++) {
        if (i == 0) kedge_text_addf(out, " Cosine of '%s' with its anchor:", figure->concept);
        kedge_text_add_real(out, i == 0 ? " %.2f" : ", %.2f", figure->frames[i].cosine);
        kedge_text_addf(out, " at step %d", figure->frames[i].step);
    }
    if (figure->concept) kedge_text_add(out, ".");
    return kedge_text_status(out, "a picture's description");
}

kedge_status kedge_draw_history(kedge_context *ctx, const kedge_history_figure *figure, const kedge_picture *to)
{
    sheet s = {.figure = figure, .ctx = ctx, .theme = kedge_theme_of(to->dark)};
    kedge_status status = check(figure, to->path);
    if (status) return status;
    kedge_text_init(&s.description, ctx);
    status = prepare(&s);
    if (!status) status = describe(&s);
    if (status) goto done;
    s.page = (kedge_page){.theme = s.theme, .title = figure->title, .subtitle = figure->subtitle,
                          .note = figure->n_frames > 1 ? "Under the small panels: the step." : NULL};
    lay_out(&s, to);
    kedge_canvas_options options = {
        .width = s.page.width + 2 * kedge_page_margin,
        .height = s.page.above + s.rows * s.block_height + (s.rows - 1) * ROW + s.page.below,
        .paper = s.theme->paper, .title = figure->title, .description = kedge_text_string(&s.description)};
    status = kedge_canvas_init(&s.canvas, ctx, to, &options);
    if (status) goto done;
    kedge_page_draw(&s.page, s.canvas.cr, s.canvas.options.height);
    for (int p = 0; p < figure->n_pairs; p++) draw_block(&s, p);
    status = kedge_canvas_save(&s.canvas);
done:
    kedge_canvas_release(&s.canvas);
    kedge_text_release(&s.description);
    kedge_release(ctx, s.points.at);
    kedge_release(ctx, s.points.order);
    kedge_release(ctx, s.ink);
    kedge_release(ctx, s.markers);
    return status;
}
