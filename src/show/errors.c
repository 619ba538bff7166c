/* errors.c - what a plan gets wrong, as panels and in words. */
#include "show/errors.h"

#include <math.h>

#include "draw/lettering.h"
#include "eval/damage.h"

enum { TURN = 360, FIRST = KEDGE_SHOW_HUE_MIN, RING = KEDGE_SHOW_HUE_MAX - FIRST + 1 };

static kedge_hsv opposite_of(kedge_hsv colour)
{
    return (kedge_hsv){colour.h < 0.5 ? colour.h + 0.5 : colour.h - 0.5, colour.s, colour.v};
}

const char *kedge_show_colour_name(kedge_hsv colour)
{
    for (int i = 0; i < KEDGE_NAMED_COLOURS; i++) {
        const kedge_hsv *named = &kedge_named_colours[i].hsv;
        if (fabs(named->h - colour.h) < 1e-6 && fabs(named->s - colour.s) < 1e-6 && fabs(named->v - colour.v) < 1e-6)
            return kedge_named_colours[i].name;
    }
    return "the concept";
}

/* ---- the panel ---- */

/* The data's points by hue; one near the seam stands on both sides. */
static kedge_status put_points(kedge_scatter_panel *panel, int n, const float *inputs, const double *errors,
                               kedge_arena *arena)
{
    double(*at)[2] = kedge_arena_alloc(arena, 2 * (size_t)n, sizeof *at);
    float *rgb = kedge_arena_alloc(arena, 2 * (size_t)n, 3 * sizeof *rgb);
    if (!at || !rgb) return kedge_fail_memory("a figure");
    for (int i = 0; i < n; i++) {
        const float *c = inputs + 3 * (size_t)i;
        kedge_hsv hsv = kedge_hsv_from_rgb((kedge_rgb){(double)c[0], (double)c[1], (double)c[2]});
        for (int turn = -1; hsv.s * hsv.v > 0 && turn <= 1; turn++) {
            double x = TURN * (hsv.h + turn);
            if (x < KEDGE_SHOW_HUE_MIN || x > KEDGE_SHOW_HUE_MAX) continue;
            at[panel->n][0] = x, at[panel->n][1] = errors[i];
            for (int k = 0; k < 3; k++) rgb[3 * panel->n + k] = c[k];
            panel->n++;
        }
    }
    panel->at = (const double(*)[2])at;
    panel->rgb = rgb;
    return KEDGE_OK;
}

/* E of one colour. */
static double error_of(const kedge_dataset *dataset, const float *shown, const float *rgb)
{
    return kedge_output_error(dataset, shown, rgb);
}

static kedge_status put_ring(kedge_scatter_panel *panel, const kedge_aspects *aspects, const kedge_aspect *aspect,
                             kedge_arena *arena)
{
    kedge_scatter_curve *curve = kedge_arena_alloc(arena, 1, sizeof *curve);
    double *x = kedge_arena_alloc(arena, RING, sizeof *x), *y = kedge_arena_alloc(arena, RING, sizeof *y);
    float *rgb = kedge_arena_alloc(arena, RING, 6 * sizeof *rgb);
    if (!curve || !x || !y || !rgb) return kedge_fail_memory("a figure");
    float *shown = rgb + 3 * RING;
    for (int i = 0; i < RING; i++) {
        x[i] = FIRST + i;
        kedge_rgb c = kedge_rgb_from_hsv((kedge_hsv){x[i] / TURN + 1, 1, 1});
        rgb[3 * i] = (float)c.r, rgb[3 * i + 1] = (float)c.g, rgb[3 * i + 2] = (float)c.b;
    }
    kedge_status status = kedge_aspect_show(aspect, RING, rgb, shown);
    if (status) return status;
    for (int i = 0; i < RING; i++) y[i] = error_of(aspects->model->recipe->dataset, shown + 3 * i, rgb + 3 * i);
    *curve = (kedge_scatter_curve){.kind = KEDGE_CURVE_MAIN, .n = RING, .x = x, .y = y, .under = true};
    panel->curves = curve;
    panel->n_curves = 1;
    return KEDGE_OK;
}

/* The target's colour and its opposite, where they have a hue. */
static kedge_status put_marks(kedge_scatter_panel *panel, const kedge_aspects *aspects, const kedge_aspect *aspect,
                              kedge_arena *arena)
{
    if (aspect->plan < 0 || !aspect->target->has_colour || aspect->target->colour.s * aspect->target->colour.v <= 0)
        return KEDGE_OK;
    kedge_scatter_mark *marks = kedge_arena_alloc(arena, 2, sizeof *marks);
    if (!marks) return kedge_fail_memory("a figure");
    for (int i = 0; i < 2; i++) {
        kedge_hsv hsv = i == 0 ? aspect->target->colour : opposite_of(aspect->target->colour);
        kedge_rgb c = kedge_rgb_from_hsv(hsv);
        float rgb[3] = {(float)c.r, (float)c.g, (float)c.b}, shown[3];
        kedge_status status = kedge_aspect_show(aspect, 1, rgb, shown);
        if (status) return status;
        marks[i] = (kedge_scatter_mark){.label = kedge_show_colour_name(hsv), .x = TURN * hsv.h,
                                        .y = error_of(aspects->model->recipe->dataset, shown, rgb)};
    }
    panel->marks = marks;
    panel->n_marks = 2;
    return KEDGE_OK;
}

kedge_status kedge_show_error_hue(kedge_scatter_panel *panel, kedge_aspects *aspects, int i, kedge_arena *arena)
{
    const kedge_aspect *aspect = &aspects->list[i];
    const kedge_evaluation *evaluation = NULL;
    const float *inputs, *outputs;
    const double *errors;
    kedge_status status = kedge_aspects_evaluation(aspects, &evaluation);
    if (status) return status;
    int n = kedge_evaluation_points(evaluation, aspect->plan, &inputs, &outputs, &errors);
    *panel = (kedge_scatter_panel){.title = aspect->name};
    panel->asides[0] = kedge_show_score_aside(aspects, i, arena);
    if (!panel->asides[0]) return kedge_fail_memory("a figure");
    status = put_points(panel, n, inputs, errors, arena);
    if (!status) status = put_ring(panel, aspects, aspect, arena);
    if (!status) status = put_marks(panel, aspects, aspect, arena);
    return status;
}

void kedge_show_error_hue_words(kedge_text *text, const kedge_scatter_panel *panel)
{
    const double *y = panel->curves[0].y - FIRST; /* y[degrees] */
    int most = 0, low, high;
    for (int i = 1; i < TURN; i++)
        if (y[i] > y[most]) most = i;
    for (low = most; low > most - TURN / 2 && y[(low - 1 + TURN) % TURN] > y[most] / 2;) low--;
    for (high = most; high < most + TURN / 2 && y[(high + 1) % TURN] > y[most] / 2;) high++;
    kedge_text_add_real(text, " Of pure hues E is largest, %.4f,", y[most]);
    kedge_text_addf(text, " at %d degrees, and above half of that from %d to %d.", most, (low + TURN) % TURN,
                    high % TURN);
}

/* ---- scores in words ---- */

/* E at the target's concept is called after its colour. */
static const char *concept_name(const kedge_aspect *aspect)
{
    return aspect->target->has_colour ? kedge_show_colour_name(aspect->target->colour) : "the concept";
}

void kedge_show_number(kedge_text *text, double value, int digits)
{
    char number[64], power[32] = "";
    if (!isfinite(value)) {
        kedge_text_add(text, "\xe2\x80\x93"); /* a dash */
        return;
    }
    int magnitude = value != 0 ? (int)floor(log10(fabs(value)) + 1e-9) : 0;
    bool small = magnitude < -3;
    int decimals = small ? digits - 1 : digits - 1 - magnitude;
    if (small) kedge_lettering_power(power, sizeof power, magnitude);
    kedge_lettering_number(number, sizeof number, small ? value / pow(10, magnitude) : value,
                           decimals > 0 ? decimals : 0);
    kedge_text_addf(text, "%s%s", number, power);
}

static void baseline_words(kedge_text *text, const kedge_aspects *aspects, bool brief)
{
    const float *inputs, *outputs;
    const double *errors;
    int n = kedge_evaluation_points(aspects->evaluation, -1, &inputs, &outputs, &errors);
    double sum = 0, most = 0;
    for (int i = 0; i < n; i++) sum += errors[i] / n, most = fmax(most, errors[i]);
    if (brief) {
        kedge_text_add(text, "mean E ");
        kedge_show_number(text, sum, 2);
        kedge_text_add(text, ", at most ");
        kedge_show_number(text, most, 2);
        return;
    }
    kedge_text_add_real(text, " E is %.3g on average", sum);
    kedge_text_add_real(text, ", at most %.3g.", most);
}

static void score(kedge_text *text, const char *before, const char *name, const char *after, const char *format,
                  double value)
{
    kedge_text_addf(text, "%s%s%s", before, name, after);
    kedge_text_add_real(text, format, fabs(value) < 0.00005 ? 0 : value);
}

void kedge_show_score_words(kedge_text *text, const kedge_aspects *aspects, int i)
{
    const kedge_aspect *aspect = &aspects->list[i];
    kedge_plan_scores scores;
    kedge_text_addf(text, " %s:", aspect->name);
    if (!kedge_evaluation_plan(aspects->evaluation, aspect->plan, &scores)) {
        baseline_words(text, aspects, false);
        return;
    }
    if (!isfinite(scores.damage)) {
        kedge_text_add(text, " it has no target.");
        return;
    }
    score(text, " E(", concept_name(aspect), ") is ", "%.4f", scores.damage);
    if (isfinite(scores.collateral))
        score(text, ", where the target is 0 it rises by ", "", "", "%.4f", scores.collateral);
    if (isfinite(scores.opposite))
        score(text, ", E(", kedge_show_colour_name(opposite_of(aspect->target->colour)), ") by ", "%.4f",
              scores.opposite);
    score(text, "; r ", "", "", "%.4f", scores.r);
    score(text, ", r^2 ", "", "", "%.4f", scores.r2);
    kedge_text_addf(text, " with %s.", scores.target);
}

const char *kedge_show_score_aside(const kedge_aspects *aspects, int i, kedge_arena *arena)
{
    const kedge_aspect *aspect = &aspects->list[i];
    kedge_plan_scores scores;
    kedge_text text;
    kedge_text_init(&text, aspects->ctx);
    if (!kedge_evaluation_plan(aspects->evaluation, aspect->plan, &scores)) {
        baseline_words(&text, aspects, true);
    } else if (isfinite(scores.damage)) {
        score(&text, "E(", concept_name(aspect), ") ", "%.3f", scores.damage);
        if (isfinite(scores.opposite))
            score(&text, ", ", kedge_show_colour_name(opposite_of(aspect->target->colour)), " ", "%+.4f",
                  scores.opposite);
        if (isfinite(scores.collateral)) score(&text, ", collateral ", "", "", "%.4f", scores.collateral);
    }
    const char *copy = text.broken ? NULL : kedge_arena_text(arena, kedge_text_string(&text));
    kedge_text_release(&text);
    return copy;
}
