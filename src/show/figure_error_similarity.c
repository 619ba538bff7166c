/* figure_error_similarity.c - how errors under a plan grow with likeness to the concept. */
#include <math.h>

#include "show/errors.h"
#include "show/figure.h"
#include "show/power_fit.h"

enum { CURVE = 201 };

static const double MARGIN = 0.04; /* of the axis, beside its ends */

/* Scratch and results of one plan. */
typedef struct study {
    kedge_power_base base;
    double low, high; /* of the axis, without its margins */
    kedge_power_fit fit, best;
    bool any_power;   /* 'best' is there: what is below 0 has no powers */
} study;

/* 0 to 1 where that holds all points, as it does for a similarity; else what they have. */
static void find_range(study *s, kedge_scatter_panel *panel)
{
    bool usual = s->base.least >= 0 && s->base.most <= 1;
    s->low = usual ? 0 : s->base.least;
    s->high = usual ? 1 : s->base.most;
    double wide = s->high - s->low, margin = wide > 0 ? MARGIN * wide : fmax(fabs(s->high), 1) / 2;
    panel->x_min = s->low - margin;
    panel->x_max = s->high + margin;
}

static kedge_status put_curve(kedge_scatter_curve *curve, int kind, const study *s, const kedge_power_fit *fit,
                              kedge_arena *arena)
{
    double *x = kedge_arena_alloc(arena, CURVE, sizeof *x), *y = kedge_arena_alloc(arena, CURVE, sizeof *y);
    if (!x || !y) return kedge_fail_memory("a figure");
    for (int i = 0; i < CURVE; i++) {
        x[i] = s->low + (s->high - s->low) * i / (CURVE - 1);
        y[i] = fit->offset + fit->slope * pow(x[i], fit->power);
    }
    *curve = (kedge_scatter_curve){.kind = kind, .n = CURVE, .x = x, .y = y};
    return KEDGE_OK;
}

static kedge_status put_points(kedge_scatter_panel *panel, const double *x, const double *errors, kedge_arena *arena)
{
    double(*at)[2] = kedge_arena_alloc(arena, (size_t)panel->n, sizeof *at);
    if (!at) return kedge_fail_memory("a figure");
    for (int i = 0; i < panel->n; i++) at[i][0] = x[i], at[i][1] = errors[i];
    panel->at = (const double(*)[2])at;
    return KEDGE_OK;
}

/* "E = 0.0015 + 0.29 x", with the power raised. */
static void add_equation(kedge_text *text, const kedge_power_fit *fit)
{
    kedge_text_add(text, "E = ");
    kedge_show_number(text, fit->offset, 2);
    kedge_text_add(text, fit->slope < 0 ? " \xe2\x88\x92 " : " + ");
    kedge_show_number(text, fabs(fit->slope), 2);
    if (fit->power == 2 || fit->power == 3) kedge_text_add(text, fit->power == 2 ? " x\xc2\xb2" : " x\xc2\xb3");
    else if (fit->power == 1) kedge_text_add(text, " x");
    else kedge_text_add_real(text, " x^%g", fit->power);
}

static const char *take(kedge_text *text, kedge_arena *arena)
{
    const char *copy = text->broken ? NULL : kedge_arena_text(arena, kedge_text_string(text));
    kedge_text_clear(text);
    return copy;
}

static kedge_status put_asides(kedge_scatter_panel *panel, const study *s, kedge_aspects *aspects, int i,
                               kedge_arena *arena)
{
    kedge_plan_scores scores;
    kedge_text text;
    kedge_text_init(&text, aspects->ctx);
    kedge_evaluation_plan(aspects->evaluation, aspects->list[i].plan, &scores);
    kedge_text_add_real(&text, "r %.3f", scores.r);
    kedge_text_add_real(&text, ", r\xc2\xb2 %.3f", scores.r2);
    kedge_text_addf(&text, " with %s", scores.target);
    panel->asides[0] = take(&text, arena);
    add_equation(&text, &s->fit);
    panel->asides[1] = take(&text, arena);
    if (s->any_power) {
        kedge_text_add_real(&text, "best power %.2f", s->best.power);
        kedge_text_add_real(&text, ": r\xc2\xb2 %.3f", s->best.r2);
    } else {
        kedge_text_add(&text, "x is below 0 somewhere: no best power");
    }
    panel->asides[2] = take(&text, arena);
    panel->asides[3] = kedge_show_score_aside(aspects, i, arena);
    kedge_text_release(&text);
    for (int k = 0; k < KEDGE_SCATTER_ASIDES; k++)
        if (!panel->asides[k]) return kedge_fail_memory("a figure");
    return KEDGE_OK;
}

static void describe(kedge_text *words, const study *s, const kedge_aspects *aspects, int i)
{
    kedge_show_score_words(words, aspects, i);
    kedge_text_add_real(words, " By least squares E = %.3g", s->fit.offset);
    kedge_text_add_real(words, s->fit.slope < 0 ? " - %.3g" : " + %.3g", fabs(s->fit.slope));
    kedge_text_addf(words, s->base.compound ? " (%s)" : " %s", s->base.formula);
    if (s->fit.power != 1) kedge_text_add_real(words, "^%g", s->fit.power);
    if (!s->any_power) {
        kedge_text_addf(words, "; %s is below 0 somewhere, so that no power is fitted.", s->base.formula);
        return;
    }
    kedge_text_add_real(words, "; the power that fits best is %.3g,", s->best.power);
    kedge_text_add_real(words, " with r^2 %.4f.", s->best.r2);
}

static kedge_status make_panel(kedge_scatter_panel *panel, kedge_aspects *aspects, int i, kedge_text *words,
                               kedge_arena *arena)
{
    const kedge_aspect *aspect = &aspects->list[i];
    const kedge_evaluation *evaluation = NULL;
    const float *outputs;
    const double *errors;
    study s;
    kedge_status status = kedge_aspects_evaluation(aspects, &evaluation);
    if (!status) status = kedge_power_base_of(&s.base, aspect->target, aspects->model->recipe->dataset, arena);
    if (status) return status;
    *panel = (kedge_scatter_panel){.title = aspect->name, .x = s.base.formula};
    s.any_power = s.base.least >= 0;
    find_range(&s, panel);
    panel->n = kedge_evaluation_points(evaluation, aspect->plan, &panel->rgb, &outputs, &errors);
    double *work = kedge_arena_alloc(arena, (size_t)panel->n, sizeof *work);
    kedge_scatter_curve *curves = kedge_arena_alloc(arena, 2, sizeof *curves);
    if (!work || !curves) return kedge_fail_memory("a figure");
    s.fit = kedge_power_fit_at(panel->n, s.base.values, errors, s.base.power, work);
    if (s.any_power) s.best = kedge_power_fit_best(panel->n, s.base.values, errors, work);
    panel->curves = curves;
    panel->n_curves = s.any_power ? 2 : 1;
    status = put_points(panel, s.base.values, errors, arena);
    if (!status) status = put_curve(&curves[0], KEDGE_CURVE_MAIN, &s, &s.fit, arena);
    if (!status && s.any_power) status = put_curve(&curves[1], KEDGE_CURVE_DASHED, &s, &s.best, arena);
    if (!status) status = put_asides(panel, &s, aspects, i, arena);
    describe(words, &s, aspects, i);
    return status;
}

static kedge_status draw_aspects(kedge_aspects *aspects, kedge_show *show, kedge_text *words, const kedge_picture *to)
{
    kedge_scatter_panel *panels = kedge_arena_alloc(&show->arena, (size_t)aspects->n, sizeof *panels);
    const char *seed = kedge_show_seed_text(show);
    int n = 0;
    if (!panels || !seed) return kedge_fail_memory("a figure");
    kedge_text_addf(words, "%s. Errors of the recipe's points under plans, against what they should depend on.", seed);
    for (int i = 0; i < aspects->n; i++) {
        if (!aspects->list[i].target->formula) continue;
        kedge_status status = make_panel(&panels[n++], aspects, i, words, &show->arena);
        if (status) return status;
    }
    if (n == 0)
        return kedge_fail(KEDGE_EINVALID, "%s: no plan here has a target that errors could be compared with; 'target' "
                          "of a plan, or of 'score', would be one", aspects->model->recipe->file);
    kedge_status status = kedge_text_status(words, "a figure's description");
    if (status) return status;
    kedge_scatter_figure figure = {
        .title = kedge_show_title(show, "errors by similarity"), .subtitle = seed,
        .description = kedge_text_string(words),
        .note = "E: mean squared error over channels. Points have the colours that went in; x is what stands under "
                "the axis.",
        .x = "x", .y = "E",
        .names = {[KEDGE_CURVE_MAIN] = "the target's power", [KEDGE_CURVE_DASHED] = "the power that fits best"},
        .x_min = -MARGIN, .x_max = 1 + MARGIN, .n = n, .panels = panels,
    };
    return kedge_draw_scatter(show->ctx, &figure, to);
}

static kedge_status draw(kedge_show *show, const kedge_picture *to)
{
    return kedge_aspects_draw(show, "error-similarity", KEDGE_ASPECTS_PLANS, draw_aspects, to);
}

const kedge_figure kedge_figure_error_similarity = {
    .info = {.name = "error-similarity",
             .summary = "errors under plans against likeness to the concept, with the power that fits",
             .input = KEDGE_FIGURE_MODEL},
    .draw = draw,
};
