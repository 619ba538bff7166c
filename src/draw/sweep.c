/* sweep.c - the figure of a sweep: what both kinds share, and its words. */
#include "draw/sweep.h"

#include <math.h>

#include "base/error.h"
#include "draw/sweep_parts.h"

static const double PAGE = 520;       /* width where nothing is asked for */
static const double DECADES = 30;     /* greatest over least: from here on the axis is logarithmic */

static const double MEANS_ROOM = 0.8; /* of the range of means with their intervals, beside it */
static const double NARROW = 320;     /* pages with less room say in a note what is better */

enum { GROUPS_TOLD = 40 };

static kedge_status check(const kedge_sweep_figure *figure, const char *path)
{
    int runs = 0;
    for (int g = 0; g < figure->n_groups; g++) runs += figure->groups[g].n;
    if (figure->n_groups >= 1 && runs >= 1) return KEDGE_OK;
    return kedge_fail(KEDGE_EINVALID, "%s: cannot draw: no run has a value of '%s'%s%s%s", path, figure->metric,
                      figure->other ? " and '" : "", figure->other ? figure->other : "", figure->other ? "'" : "");
}

static void widen(kedge_range *range, double value)
{
    if (!isfinite(value)) return;
    if (value < range->min) range->min = value;
    if (value > range->max) range->max = value;
}

kedge_range kedge_sweep_range(const kedge_sweep_figure *figure, bool other, bool *log)
{
    kedge_range all = {INFINITY, -INFINITY}, means = all;
    for (int g = 0; g < figure->n_groups; g++) {
        const kedge_sweep_group *group = &figure->groups[g];
        const double *values = other ? group->others : group->values;
        for (int i = 0; i < group->n; i++) widen(&all, values[i]);
        if (group->n == 0) continue;
        widen(&means, other ? group->other_mean : group->mean);
        widen(&means, other ? group->other_low : group->low);
        widen(&means, other ? group->other_high : group->high);
    }
    widen(&all, means.min), widen(&all, means.max);
    if (figure->other && figure->n_groups > 1) { /* groups are compared: runs far from all means may lie outside */
        double beyond = MEANS_ROOM * (means.max - means.min);
        all = (kedge_range){fmax(all.min, means.min - beyond), fmin(all.max, means.max + beyond)};
    }
    /* Of what is at best 1, as scores and shares are, the good end is what is looked at. */
    bool share = (other ? figure->other_more : figure->more) && all.max <= 1;
    *log = !share && all.min > 0 && all.max > DECADES * all.min;
    double least = *log ? 2 : fmax(1e-12, 1e-3 * fmax(fabs(all.min), fabs(all.max)));
    return kedge_chart_widen(all, 0.05, least, *log);
}

const char *kedge_sweep_axis(kedge_sweep_sheet *sheet, bool other)
{
    const kedge_sweep_figure *figure = sheet->figure;
    const char *name = other ? figure->other : figure->metric, *better = NULL;
    better = (other ? figure->other_more : figure->more) ? "more is better" : "less is better";
    if (sheet->inner >= NARROW) return kedge_arena_format(&sheet->arena, "%s (%s)", name, better);
    kedge_text_addf(&sheet->note, "%s%s: %s.", sheet->note.length ? " " : "", name, better);
    return name;
}

/* ---- words */

static void tell_numbers(kedge_text *out, const char *metric, double mean, double low, double high)
{
    kedge_text_addf(out, " %s", metric);
    kedge_text_add_real(out, " %.4g", mean);
    kedge_text_add_real(out, " (%.4g", low);
    kedge_text_add_real(out, " to %.4g)", high);
}

static kedge_status describe(kedge_sweep_sheet *sheet)
{
    const kedge_sweep_figure *figure = sheet->figure;
    kedge_text *out = &sheet->description;
    kedge_text_addf(out, "Means with 95%% intervals of %d %s.", figure->n_groups,
                    figure->n_groups == 1 ? "group of runs" : "groups of runs");
    for (int g = 0; g < figure->n_groups && g < GROUPS_TOLD; g++) {
        const kedge_sweep_group *group = &figure->groups[g];
        kedge_text_addf(out, " %s%s%d runs", group->label, *group->label ? ", " : "", group->n);
        if (group->failed > 0) kedge_text_addf(out, " and %d failed", group->failed);
        if (group->n == 0) {
            kedge_text_add(out, ".");
            continue;
        }
        kedge_text_add(out, ":");
        tell_numbers(out, figure->metric, group->mean, group->low, group->high);
        if (figure->other) {
            kedge_text_add(out, ",");
            tell_numbers(out, figure->other, group->other_mean, group->other_low, group->other_high);
        }
        kedge_text_add(out, figure->other && group->front && figure->n_groups > 1 ? ", on the front." : ".");
    }
    if (figure->n_groups > GROUPS_TOLD) kedge_text_addf(out, " And %d more.", figure->n_groups - GROUPS_TOLD);
    if (figure->other && figure->n_groups == 1) kedge_text_addf(out, " %d runs are on the front.", figure->n_front);
    return kedge_text_status(out, "a picture's description");
}

kedge_status kedge_draw_sweep(kedge_context *ctx, const kedge_sweep_figure *figure, const kedge_picture *to)
{
    kedge_sweep_sheet sheet = {.figure = figure, .ctx = ctx, .theme = kedge_theme_of(to->dark),
                               .inner = (to->width > 0 ? to->width : PAGE) - 2 * kedge_page_margin};
    kedge_status status = check(figure, to->path);
    if (status) return status;
    kedge_arena_init(&sheet.arena, ctx);
    kedge_text_init(&sheet.description, ctx);
    kedge_text_init(&sheet.note, ctx);
    status = describe(&sheet);
    if (!status) status = figure->other ? kedge_sweep_draw_scatter(&sheet, to) : kedge_sweep_draw_rows(&sheet, to);
    kedge_canvas_release(&sheet.canvas);
    kedge_text_release(&sheet.note);
    kedge_text_release(&sheet.description);
    kedge_arena_release(&sheet.arena);
    return status;
}
