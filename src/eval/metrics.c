/* metrics.c - the one list of metrics. METHOD section 8. */
#include "eval/metrics.h"

#include <math.h>
#include <string.h>

#include "base/float_state.h"
#include "eval/verdict.h"

static const kedge_gauge *scored(const kedge_meter *meter)
{
    int plan = meter->input.scored;
    return plan >= 0 && plan < meter->input.n_plans && meter->gauges[plan].has_target ? &meter->gauges[plan] : NULL;
}

/* ---- what applies to an input; it must not depend on the run ---- */

static bool always(const kedge_meter *meter, int item, size_t offset)
{
    (void)meter, (void)item, (void)offset;
    return true;
}

static bool has_score(const kedge_meter *meter, int item, size_t offset)
{
    (void)item, (void)offset;
    return scored(meter) != NULL;
}

static bool has_control(const kedge_meter *meter, int item, size_t offset)
{
    (void)item, (void)offset;
    return meter->input.control != NULL;
}

static bool has_wheel(const kedge_meter *meter, int item, size_t offset)
{
    (void)item, (void)offset;
    return meter->has_wheel;
}

static bool has_updates(const kedge_meter *meter, int item, size_t offset)
{
    (void)item, (void)offset;
    return meter->input.updates != NULL;
}

static bool is_anchor(const kedge_meter *meter, int item, size_t offset)
{
    (void)offset;
    return meter->terms[item].is_anchor;
}

static bool is_subspace(const kedge_meter *meter, int item, size_t offset)
{
    (void)offset;
    return meter->terms[item].is_subspace;
}

static bool has_auroc(const kedge_meter *meter, int item, size_t offset)
{
    (void)offset;
    return meter->terms[item].monitor.has_auroc;
}

static bool has_rank(const kedge_meter *meter, int item, size_t offset)
{
    (void)offset;
    return meter->terms[item].monitor.has_rank;
}

static bool has_crosstalk(const kedge_meter *meter, int item, size_t offset)
{
    (void)item, (void)offset;
    return meter->has_crosstalk;
}

static bool has_spike(const kedge_meter *meter, int item, size_t offset)
{
    (void)item, (void)offset;
    return meter->input.spike != NULL;
}

static bool has_target(const kedge_meter *meter, int item, size_t offset)
{
    (void)offset;
    return meter->gauges[item].has_target;
}

static bool has_orthogonal(const kedge_meter *meter, int item, size_t offset)
{
    (void)offset;
    return meter->gauges[item].n_orthogonal > 0;
}

static bool has_colour(const kedge_meter *meter, int item, size_t offset)
{
    (void)offset;
    return meter->gauges[item].has_colour;
}

static bool has_opposite(const kedge_meter *meter, int item, size_t offset)
{
    (void)offset;
    return meter->gauges[item].has_opposite;
}

static bool has_bin(const kedge_meter *meter, int item, size_t offset)
{
    size_t bin = (offset - offsetof(kedge_damage, bins)) / sizeof(double);
    return meter->gauges[item].n_in_bin[bin] > 0;
}

static kedge_evidence evidence_of(const kedge_meter *meter)
{
    const kedge_metric_input *input = &meter->input;
    kedge_evidence evidence = {.cosines = meter->cosines,
                               .has_plane = meter->has_plane,
                               .ordered = meter->run.wheel_ordered > 0,
                               .gauge = scored(meter),
                               .trajectory = input->trajectory};
    for (int i = 0; i < input->n_terms; i++)
        if (meter->terms[i].is_anchor) meter->cosines[evidence.n_anchors++] = 1 - meter->terms[i].loss;
    if (evidence.gauge) evidence.damage = &meter->damages[input->scored];
    return evidence;
}

static bool has_verdict(const kedge_meter *meter, int item, size_t offset)
{
    (void)item, (void)offset;
    kedge_evidence evidence = evidence_of(meter);
    return kedge_can_judge(&evidence);
}

static bool has_step(const kedge_meter *meter, int item, size_t offset)
{
    return meter->input.trajectory && has_verdict(meter, item, offset);
}

static bool has_leak(const kedge_meter *meter, int item, size_t offset)
{
    (void)item, (void)offset;
    kedge_evidence evidence = evidence_of(meter);
    return kedge_can_leak(&evidence);
}

/* ---- words ---- */

static const char *verdict_words(double value)
{
    return isfinite(value) ? kedge_verdict_name((int)value) : NULL;
}

static const char *leak_words(double value)
{
    return isfinite(value) ? kedge_leak_name((int)value) : NULL;
}

static const char *step_words(double value)
{
    return value == KEDGE_STEP_NEVER ? "never" : NULL;
}

static void measure_recon(kedge_meter *meter, int item);
static void measure_term(kedge_meter *meter, int item);
static void measure_wheel(kedge_meter *meter, int item);

#define RUN(field) .per = KEDGE_PER_RUN, .offset = offsetof(kedge_run_facts, field)
#define TERM(field) .per = KEDGE_PER_TERM, .offset = offsetof(kedge_term_facts, field)
#define PLAN(field) .per = KEDGE_PER_PLAN, .offset = offsetof(kedge_damage, field)

const kedge_metric kedge_metrics[] = {
    {.name = "recon_mse", RUN(recon_mse), .applies = always, .live = measure_recon,
     .doc = "mean squared error over the test set (colours clamped to [0,1])"},
    {.name = "score", RUN(score), .more = true, .applies = has_score,
     .doc = "squared correlation of the error under the scored plan with its target"},
    {.name = "verdict", RUN(verdict), .applies = has_verdict, .words = verdict_words,
     .doc = "0 clean, 1 leaky, 2 lost, 3 crumpled"},
    {.name = "verdict_step", RUN(verdict_step), .applies = has_step, .words = step_words,
     .doc = "last sampled step at which what was lost or crumpled was not so; -1: it never was"},
    {.name = "leak", RUN(leak), .applies = has_leak, .words = leak_words,
     .doc = "by what a leaky run is so: 1 too little damage at the concept, 2 collateral, 3 both"},
    {.name = "control_mse", RUN(control_mse), .applies = has_control,
     .doc = "recon_mse of a model trained without terms from the same seed"},
    {.name = "control_ratio", RUN(control_ratio), .applies = has_control, .doc = "recon_mse / control_mse"},
    {.name = "spike", RUN(spike), .detail = true, .applies = has_spike,
     .doc = "how rough training was: largest log10 rise of the smoothed task loss over its lowest; 1 is tenfold"},
    {.name = "anchor_", TERM(loss), .applies = is_anchor, .live = measure_term,
     .doc = "mean of 1 - cos(z, at) over the points that carry the term's label for certain"},
    {.name = "subspace_", TERM(loss), .applies = is_subspace, .live = measure_term,
     .doc = "mean of the sum of z^2 outside the dims, over the points that carry the term's label for certain"},
    {.name = "auroc_", TERM(auroc), .more = true, .detail = true, .applies = has_auroc,
     .doc = "on the test set: chance that cos(z, at) is larger for a certain carrier than for another point"},
    {.name = "rank_", TERM(rank), .more = true, .detail = true, .applies = has_rank,
     .doc = "on the test set: Spearman correlation of cos(z, at) with the rate of the term's label"},
    {.name = "crosstalk", RUN(crosstalk), .applies = has_crosstalk,
     .doc = "largest |cos| between the mean direction of one anchor's certain carriers and another's anchor"},
    {.name = "wheel_ordered", RUN(wheel_ordered), .more = true, .applies = has_wheel, .live = measure_wheel,
     .doc = "1 if the 12 pure hues stand in cyclic order in the plane (z0, z1), either way round, else 0"},
    {.name = "wheel_worst_gap", RUN(wheel_worst_gap), .applies = has_wheel, .live = measure_wheel,
     .doc = "largest deviation of a gap between neighbouring hues from 30, in degrees"},
    {.name = "wheel_radius", RUN(wheel_radius), .more = true, .applies = has_wheel, .live = measure_wheel,
     .doc = "mean length of the 12 pure hues in the plane (z0, z1)"},
    {.name = "red_cos", RUN(red_cos), .more = true, .applies = has_wheel, .live = measure_wheel,
     .doc = "z0 / |z| of pure red"},
    {.name = "updates", RUN(updates), .applies = has_updates,
     .doc = "updates of the run, where rows of its schedule may come early"},
    {.name = "r_", PLAN(r), .more = true, .applies = has_target,
     .doc = "correlation of the error under the plan with its target, signed"},
    {.name = "r2_", PLAN(r2), .more = true, .detail = true, .applies = has_target, .doc = "its square"},
    {.name = "damage_", PLAN(concept), .more = true, .applies = has_target,
     .doc = "error at the concept under the plan; for a pure colour that decodes to grey 1/4, to a random one 1/3"},
    {.name = "collateral_", PLAN(collateral), .applies = has_orthogonal,
     .doc = "largest increase of the error among points whose target is 0"},
    {.name = "opposite_", PLAN(opposite), .applies = has_opposite,
     .doc = "increase of the error at the opposite hue"},
    {.name = "spoof_", PLAN(spoof), .applies = has_colour,
     .doc = "how surely the concept's colour turned into another hue: 0 grey or its own, 1 a pure other one"},
    {.name = "bin0_", PLAN(bins[0]), .detail = true, .applies = has_bin,
     .doc = "mean increase of the error where the target is below .2"},
    {.name = "bin1_", PLAN(bins[1]), .detail = true, .applies = has_bin, .doc = "from .2"},
    {.name = "bin2_", PLAN(bins[2]), .detail = true, .applies = has_bin, .doc = "from .4"},
    {.name = "bin3_", PLAN(bins[3]), .detail = true, .applies = has_bin, .doc = "from .6"},
    {.name = "bin4_", PLAN(bins[4]), .detail = true, .applies = has_bin, .doc = "from .8 on"},
    {.name = NULL},
};

const kedge_metric *kedge_metric_find(const char *column)
{
    for (const kedge_metric *metric = kedge_metrics; metric->name; metric++) {
        bool whole = metric->per == KEDGE_PER_RUN;
        if (whole ? strcmp(metric->name, column) == 0 : strncmp(metric->name, column, strlen(metric->name)) == 0)
            return metric;
    }
    return NULL;
}

/* ---- reading ---- */

/* Whether two terms anchor two concepts. */
static bool are_two(const kedge_meter *meter, int i, int j)
{
    const kedge_term_facts *a = &meter->terms[i], *b = &meter->terms[j];
    return i != j && a->is_anchor && b->is_anchor && !kedge_carriers_equal(&a->carriers, &b->carriers);
}

static void read_term(kedge_meter *meter, int item)
{
    kedge_term_facts *facts = &meter->terms[item];
    const kedge_term_options *term = &meter->input.terms[item];
    const kedge_evaluator *evaluator = meter->input.evaluator;
    int k = evaluator->n_latents;
    double sum = 0;
    for (int i = 0; i < facts->carriers.n; i++) {
        const float *z = evaluator->latents + (size_t)facts->carriers.points[i] * (size_t)k;
        sum += facts->is_anchor ? 1 - kedge_anchor_cosine(term, z, k) : kedge_subspace_outside(term, z, k);
    }
    facts->loss = facts->carriers.n > 0 ? sum / facts->carriers.n : NAN;
    if (!facts->is_anchor) return;
    kedge_monitor_read(&facts->monitor, meter->input.test->latents, k, &facts->auroc, &facts->rank);
}

/* Over all pairs of anchors for two concepts; undefined as soon as one of them is. */
static void read_crosstalk(kedge_meter *meter)
{
    const kedge_evaluator *evaluator = meter->input.evaluator;
    double most = 0;
    for (int i = 0; i < meter->input.n_terms; i++)
        for (int j = 0; j < meter->input.n_terms; j++) {
            if (!are_two(meter, i, j)) continue;
            double cosine = kedge_crosstalk(&meter->input.terms[j], &meter->terms[i].carriers, evaluator->latents,
                                            evaluator->n_latents, meter->direction);
            most = isnan(most) || most > cosine ? most : cosine; /* a cosine that is no number stays */
        }
    meter->run.crosstalk = most;
}

static void read_wheel(kedge_meter *meter)
{
    kedge_evaluator *evaluator = meter->input.evaluator;
    kedge_evaluator_apply(evaluator, KEDGE_NAMED_HUES, meter->hues, meter->hue_latents, NULL);
    kedge_wheel wheel = kedge_wheel_of(meter->hue_latents, evaluator->n_latents);
    meter->run.wheel_ordered = wheel.ordered;
    meter->run.wheel_worst_gap = wheel.worst_gap;
    meter->run.wheel_radius = wheel.radius;
    meter->run.red_cos = wheel.red_cos;
}

static double value_of(const kedge_meter *meter, const kedge_column *column)
{
    const void *facts = &meter->run;
    if (column->metric->per == KEDGE_PER_TERM) facts = &meter->terms[column->item];
    if (column->metric->per == KEDGE_PER_PLAN) facts = &meter->damages[column->item];
    double value;
    memcpy(&value, (const char *)facts + column->metric->offset, sizeof value);
    return value;
}

void kedge_meter_read(kedge_meter *meter)
{
    const kedge_metric_input *input = &meter->input;
    kedge_float_state state = kedge_float_enter(); /* numbers do not depend on the caller's rounding */
    kedge_run_facts *run = &meter->run;
    *run = (kedge_run_facts){.recon_mse = kedge_mean_error(input->test)};
    if (input->updates) run->updates = *input->updates;
    if (input->control) {
        run->control_mse = kedge_mean_error(input->control);
        run->control_ratio = run->recon_mse / run->control_mse;
    }
    if (input->spike) run->spike = input->spike->value;
    for (int i = 0; i < input->n_terms; i++) read_term(meter, i);
    if (meter->has_crosstalk) read_crosstalk(meter);
    if (meter->has_wheel) read_wheel(meter);
    if (input->n_plans > 0) kedge_point_errors(input->evaluator, meter->baseline);
    for (int i = 0; i < input->n_plans; i++) {
        if (!meter->gauges[i].has_target) continue;
        kedge_point_errors(input->plans[i].evaluator, meter->errors);
        kedge_damage_read(&meter->damages[i], &meter->gauges[i], input->evaluator, input->plans[i].evaluator,
                          meter->baseline, meter->errors);
    }
    if (scored(meter)) run->score = meter->damages[input->scored].r2;
    kedge_evidence evidence = evidence_of(meter);
    run->verdict = kedge_judge(&evidence, &run->verdict_step);
    run->leak = run->verdict == KEDGE_VERDICT_LEAKY ? kedge_leaks(&evidence) : (double)NAN;
    for (int i = 0; i < meter->n_columns; i++) meter->values[i] = value_of(meter, &meter->columns[i]);
    kedge_float_leave(state);
}

/* ---- under way ---- */

static void measure_recon(kedge_meter *meter, int item)
{
    (void)item;
    kedge_evaluator_run(meter->input.test);
    meter->run.recon_mse = kedge_mean_error(meter->input.test);
}

static void measure_term(kedge_meter *meter, int item)
{
    kedge_evaluator_run(meter->input.evaluator);
    read_term(meter, item);
}

static void measure_wheel(kedge_meter *meter, int item)
{
    (void)item;
    read_wheel(meter);
}

double kedge_meter_measure(kedge_meter *meter, int column)
{
    const kedge_column *at = &meter->columns[column];
    kedge_float_state state = kedge_float_enter();
    at->metric->live(meter, at->item);
    kedge_float_leave(state);
    return value_of(meter, at);
}

/* ---- setting up ---- */

static kedge_status describe_terms(kedge_meter *meter)
{
    const kedge_metric_input *input = &meter->input;
    const kedge_graph *graph = input->evaluator->graph;
    for (int i = 0; i < input->n_terms; i++) {
        kedge_term_facts *facts = &meter->terms[i];
        facts->is_anchor = kedge_term_is_anchor(&input->terms[i], graph);
        facts->is_subspace = kedge_term_is_subspace(&input->terms[i], graph);
        meter->has_plane |= meter->has_wheel && kedge_term_is_plane(&input->terms[i], graph);
        if (!facts->is_anchor && !facts->is_subspace) continue;
        kedge_status status = kedge_carriers_find(&facts->carriers, &meter->arena, input->evaluator->dataset,
                                                  &input->terms[i], input->n_labels, input->labels);
        if (!status && facts->is_anchor)
            status = kedge_monitor_init(&facts->monitor, &meter->arena, input->test->dataset, &input->terms[i],
                                        input->n_labels, input->test_labels);
        if (status) return status;
        for (int j = 0; j < i; j++) meter->has_crosstalk |= are_two(meter, i, j);
    }
    return KEDGE_OK;
}

/* The columns that apply; counts only, while there is no place for them. */
static bool list_columns(kedge_meter *meter)
{
    const kedge_metric_input *input = &meter->input;
    const int items[] = {[KEDGE_PER_RUN] = 1, [KEDGE_PER_TERM] = input->n_terms, [KEDGE_PER_PLAN] = input->n_plans};
    meter->n_columns = 0;
    for (const kedge_metric *metric = kedge_metrics; metric->name; metric++)
        for (int item = 0; item < items[metric->per]; item++) {
            if (!metric->applies(meter, item, metric->offset)) continue;
            int at = meter->n_columns++;
            if (!meter->columns) continue;
            const char *of = metric->per == KEDGE_PER_TERM   ? input->terms[item].name
                             : metric->per == KEDGE_PER_PLAN ? input->plans[item].name
                                                             : "";
            const char *name = kedge_arena_format(&meter->arena, "%s%s", metric->name, of);
            bool aside = metric->per == KEDGE_PER_PLAN && scored(meter) && item != input->scored;
            if (!name) return false;
            meter->columns[at] = (kedge_column){name, metric, item, metric->detail || aside};
        }
    return true;
}

static kedge_status make_columns(kedge_meter *meter)
{
    list_columns(meter);
    size_t n = (size_t)meter->n_columns;
    meter->columns = kedge_arena_alloc(&meter->arena, n, sizeof *meter->columns);
    meter->values = kedge_arena_alloc(&meter->arena, n, sizeof *meter->values);
    if (!meter->columns || !meter->values || !list_columns(meter)) return kedge_fail_memory("a table of metrics");
    return KEDGE_OK;
}

static kedge_status fill(kedge_meter *meter)
{
    const kedge_metric_input *input = &meter->input;
    const kedge_evaluator *evaluator = input->evaluator;
    kedge_arena *arena = &meter->arena;
    size_t points = (size_t)evaluator->dataset->points, k = (size_t)evaluator->n_latents;
    size_t terms = (size_t)input->n_terms, plans = (size_t)input->n_plans;
    meter->terms = kedge_arena_alloc(arena, terms, sizeof *meter->terms);
    meter->cosines = kedge_arena_alloc(arena, terms, sizeof *meter->cosines);
    meter->direction = kedge_arena_alloc(arena, k, sizeof *meter->direction);
    meter->gauges = kedge_arena_alloc(arena, plans, sizeof *meter->gauges);
    meter->damages = kedge_arena_alloc(arena, plans, sizeof *meter->damages);
    meter->baseline = kedge_arena_alloc(arena, plans ? points : 0, sizeof *meter->baseline);
    meter->errors = kedge_arena_alloc(arena, plans ? points : 0, sizeof *meter->errors);
    meter->hues = kedge_arena_alloc(arena, KEDGE_NAMED_HUES, 3 * sizeof *meter->hues);
    meter->hue_latents = kedge_arena_alloc(arena, KEDGE_NAMED_HUES, k * sizeof *meter->hue_latents);
    if (!meter->terms || !meter->cosines || !meter->direction || !meter->gauges || !meter->damages ||
        !meter->baseline || !meter->errors || !meter->hues || !meter->hue_latents)
        return kedge_fail_memory("metrics");
    meter->has_wheel = evaluator->dataset->is_colour && k >= 2;
    kedge_wheel_inputs(meter->hues);
    for (int i = 0; i < input->n_plans; i++)
        meter->gauges[i] = kedge_gauge_of(evaluator->dataset, input->plans[i].target);
    kedge_status status = describe_terms(meter);
    return status ? status : make_columns(meter);
}

kedge_status kedge_meter_create(kedge_meter **out, kedge_context *ctx, const kedge_metric_input *input)
{
    kedge_meter *meter = kedge_alloc_zero(ctx, 1, sizeof *meter);
    if (!meter) return kedge_fail_memory("metrics");
    meter->ctx = ctx;
    meter->input = *input;
    kedge_arena_init(&meter->arena, ctx);
    kedge_status status = fill(meter);
    if (status)
        kedge_meter_free(meter);
    else
        *out = meter;
    return status;
}

void kedge_meter_free(kedge_meter *meter)
{
    if (!meter) return;
    kedge_arena_release(&meter->arena);
    kedge_release(meter->ctx, meter);
}
