/* colours.c - the figure of what a model makes of colours: slices of hue and value, reconstruction beside truth. */
#include "draw/colours.h"

#include <math.h>

#include "base/error.h"
#include "draw/chart.h"
#include "draw/colours_panel.h"

static const double INNER = 0.42; /* side of a small patch, of the large one's */

/* ---- numbers ---- */

static double clamp01(double value)
{
    return value < 0 ? 0 : value > 1 ? 1 : value;
}

kedge_colours_error kedge_colours_error_of(const kedge_colours_slice *slice)
{
    kedge_colours_error error = {.most = -1};
    for (int value = 0; value < slice->values; value++)
        for (int hue = 0; hue < slice->hues; hue++) {
            size_t at = 3 * ((size_t)value * (size_t)slice->hues + (size_t)hue);
            double sum = 0;
            for (size_t c = at; c < at + 3; c++) {
                double off = clamp01((double)slice->shown[c]) - clamp01((double)slice->truth[c]);
                sum += off * off / 3;
            }
            error.mean += sum / slice->hues / slice->values;
            if (sum > error.most) error.most = sum, error.hue = hue, error.value = value;
        }
    return error;
}

kedge_status kedge_colours_check(const kedge_colours_slice *slice, int number, const char *path)
{
    if (slice->hues < 1 || slice->values < 1)
        return kedge_fail(KEDGE_EINVALID, "%s: cannot draw %d hues of %d values; there must be at least one", path,
                          slice->hues, slice->values);
    for (size_t c = 0; c < 3 * (size_t)slice->hues * (size_t)slice->values; c++)
        if (!isfinite(slice->shown[c]) || !isfinite(slice->truth[c]))
            return kedge_fail(KEDGE_ENUMERIC, "%s: cannot draw: channel %zu of colour %zu of slice %d is %g", path,
                              c % 3, c / 3, number,
                              (double)(isfinite(slice->shown[c]) ? slice->truth[c] : slice->shown[c]));
    return KEDGE_OK;
}

static kedge_status check(const kedge_colours_figure *figure, const char *path)
{
    if (figure->n < 1 || figure->rows < 1 || figure->rows > KEDGE_PANEL_ROWS || figure->n % figure->rows != 0)
        return kedge_fail(KEDGE_EINVALID, "%s: cannot draw %d slices in columns of %d", path, figure->n, figure->rows);
    kedge_status status = KEDGE_OK;
    for (int i = 0; !status && i < figure->n; i++) status = kedge_colours_check(&figure->slices[i], i, path);
    return status;
}

/* ---- a panel ---- */

static void fill_patch(cairo_t *cr, const float *rgb, double x, double y, double width, double height)
{
    kedge_ink ink = {clamp01((double)rgb[0]), clamp01((double)rgb[1]), clamp01((double)rgb[2])};
    kedge_canvas_ink(cr, ink, 1);
    cairo_rectangle(cr, x, y, width, height);
    cairo_fill(cr);
}

/* Large patches reach a little under their right and lower neighbours, so that no seam shows between them. */
static void draw(const kedge_panel *panel, const kedge_axes *axes)
{
    const double seam = 0.3;
    const kedge_colours_slice *slice = panel->data;
    double wide = axes->width / slice->hues, high = axes->height / slice->values;
    double inner = INNER * fmin(wide, high);
    cairo_save(axes->cr);
    cairo_set_antialias(axes->cr, CAIRO_ANTIALIAS_NONE);
    for (int small = 0; small < 2; small++)
        for (int row = 0; row < slice->values; row++) /* from the top, where value is 1 */
            for (int hue = 0; hue < slice->hues; hue++) {
                size_t at = 3 * ((size_t)(slice->values - 1 - row) * (size_t)slice->hues + (size_t)hue);
                double x = axes->x + hue * wide, y = axes->y + row * high;
                if (small)
                    fill_patch(axes->cr, slice->truth + at, x + (wide - inner) / 2, y + (high - inner) / 2, inner,
                               inner);
                else
                    fill_patch(axes->cr, slice->shown + at, x, y, wide + seam, high + seam);
            }
    cairo_restore(axes->cr);
}

kedge_status kedge_colours_panel(kedge_panel *panel, kedge_arena *arena, const kedge_colours_slice *slice)
{
    kedge_colours_error error = kedge_colours_error_of(slice);
    char mean[32], most[32];
    double hue = 360.0 / slice->hues, value = 1.0 / slice->values;
    kedge_chart_number(mean, sizeof mean, error.mean, 2);
    kedge_chart_number(most, sizeof most, error.most, 2);
    *panel = (kedge_panel){
        .title = slice->title, .x = "hue (degrees)", .y = "value", .degrees = true, .data = slice, .draw = draw,
        .across = {-hue / 2, 360 - hue / 2}, .up = {value / 2, 1 + value / 2},
        .aspect = (double)slice->values / slice->hues,
    };
    panel->asides[0] = kedge_arena_format(arena, "E %s, at most %s", mean, most);
    return panel->asides[0] ? KEDGE_OK : kedge_fail_memory("a figure");
}

/* ---- the figure ---- */

static kedge_status describe(kedge_text *text, const kedge_colours_figure *figure)
{
    if (figure->subtitle) kedge_text_addf(text, "%s. ", figure->subtitle);
    kedge_text_addf(text, "Colours as a model gives them back, by hue and value, in %d slice%s: each large patch is "
                    "what comes out, the small one within it what went in.", figure->n, figure->n == 1 ? "" : "s");
    for (int i = 0; i < figure->n; i++) {
        const kedge_colours_slice *slice = &figure->slices[i];
        kedge_colours_error error = kedge_colours_error_of(slice);
        kedge_text_addf(text, " %s: mean error ", slice->title ? slice->title : "A slice");
        kedge_text_add_real(text, "%.4f", error.mean);
        kedge_text_add_real(text, ", at most %.4f at hue ", error.most);
        kedge_text_add_real(text, "%.0f and value ", 360.0 * error.hue / slice->hues);
        kedge_text_add_real(text, "%.2g.", (error.value + 1.0) / slice->values);
    }
    return kedge_text_status(text, "a figure's description");
}

kedge_status kedge_draw_colours(kedge_context *ctx, const kedge_colours_figure *figure, const kedge_picture *to)
{
    kedge_arena arena;
    kedge_text description;
    kedge_status status = check(figure, to->path);
    if (status) return status;
    kedge_arena_init(&arena, ctx);
    kedge_text_init(&description, ctx);
    kedge_panel *list = kedge_arena_alloc(&arena, (size_t)figure->n, sizeof *list);
    if (!list) status = kedge_fail_memory("a figure");
    for (int i = 0; !status && i < figure->n; i++) status = kedge_colours_panel(&list[i], &arena, &figure->slices[i]);
    if (!status) status = describe(&description, figure);
    if (status) goto done;
    bool single = figure->rows == 1;
    kedge_panels panels = {
        .title = figure->title, .subtitle = figure->subtitle, .description = kedge_text_string(&description),
        .note = "Large patch: what comes out. Small patch: what went in. E: mean squared error over channels.",
        .n = figure->n, .list = list, .rows = figure->rows, .columns = single ? 2 : 0, .wide = single ? 252 : 190,
        .narrow = 150,
    };
    status = kedge_draw_panels(ctx, &panels, to);
done:
    kedge_text_release(&description);
    kedge_arena_release(&arena);
    return status;
}
