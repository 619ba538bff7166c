/* label_lab_held.c - the label laboratory: was the concept learned, or the exemplars that had a label? */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "eval/monitor.h"
#include "study/label_lab.h"

/* ---- who is held out ---- */

static const double *column_of(const kedge_dataset *dataset, const char *name)
{
    for (int i = 0; i < dataset->n_columns; i++)
        if (strcmp(dataset->column_names[i], name) == 0) return dataset->columns[i];
    return NULL;
}

/* Half of the colours, by hue: from the hue of those who have most of the concept on, these included. Whoever lies on
 * the other side at the same strength is labelled, and the network sees no label at the concept's best examples. NULL:
 * the data are no colours (*status KEDGE_OK), or there is no memory. */
static const char *half_of_the_hues(kedge_label_lab *lab, kedge_status *status)
{
    const kedge_dataset *dataset = lab->recipe->dataset;
    const double *hue = dataset->is_colour ? column_of(dataset, "h") : NULL;
    *status = KEDGE_OK;
    if (!hue) return NULL;
    int most = 0;
    for (int i = 1; i < dataset->points; i++)
        if (lab->concept[i] > lab->concept[most]) most = i;
    char own[32];
    kedge_real_format(own, sizeof own, "%.17g", hue[most]);
    const char *text = hue[most] == 0 ? kedge_arena_text(&lab->arena, "h < 0.5")
                                      : kedge_arena_format(&lab->arena, "h - %s - floor(h - %s) < 0.5", own, own);
    if (!text) *status = kedge_fail_memory("a formula");
    return text;
}

static int bin_of(double concept)
{
    int bin = (int)(concept * KEDGE_LAB_BINS);
    return bin < KEDGE_LAB_BINS ? bin : KEDGE_LAB_BINS - 1;
}

/* Weights of the bins: the lesser of the masses of labels that both sides would have, all labelled alike. False: no bin
 * has both. */
static bool match(kedge_label_lab *lab)
{
    double mass[KEDGE_LAB_SIDES][KEDGE_LAB_BINS] = {{0}}, sum = 0;
    for (int i = 0; i < lab->recipe->dataset->points; i++)
        mass[lab->sides[i]][bin_of(lab->concept[i])] += lab->shares[i] * pow(lab->concept[i], lab->base.exponent);
    for (int b = 0; b < KEDGE_LAB_BINS; b++)
        sum += lab->bins[b] = fmin(mass[KEDGE_LAB_LABEL_SIDE][b], mass[KEDGE_LAB_HELD_SIDE][b]);
    for (int b = 0; b < KEDGE_LAB_BINS && sum > 0; b++) lab->bins[b] /= sum;
    return sum > 0;
}

static kedge_status mark(kedge_label_lab *lab, bool given)
{
    const kedge_dataset *dataset = lab->recipe->dataset;
    const kedge_formula formula = {lab->held_out, given ? "--held-out" : NULL};
    double *values = kedge_alloc(lab->ctx, (size_t)dataset->points, sizeof *values);
    kedge_errors errors;
    kedge_errors_init(&errors);
    if (!values) return kedge_fail_memory("who is held out");
    bool sound = kedge_formula_eval(&formula, dataset, values, &errors);
    for (int i = 0; sound && i < dataset->points; i++)
        if (values[i] != 0 && lab->sides[i] == KEDGE_LAB_LABEL_SIDE) lab->sides[i] = KEDGE_LAB_HELD_SIDE;
    kedge_release(lab->ctx, values);
    if (!sound) return kedge_errors_status(&errors);
    if (match(lab)) return KEDGE_OK;
    if (given)
        return kedge_fail(KEDGE_EINVALID, "--held-out: no points that are held out can be compared with labelled ones "
                          "of the same strength of '%s'; both sides must have some", lab->base.concept.text);
    lab->held_out = NULL;
    lab->verdict = "Concept or exemplars: not asked, as no points on both sides of the concept's hue have the same "
                   "strength; --held-out FORMULA says who gets no label.";
    return KEDGE_OK;
}

kedge_status kedge_lab_hold_out(kedge_label_lab *lab)
{
    kedge_status status = KEDGE_OK;
    const char *given = lab->options->held_out;
    lab->verdict = "Concept or exemplars: not asked, as the data are no colours; --held-out FORMULA says who gets no "
                   "label.";
    lab->held_out = given ? kedge_arena_text(&lab->arena, given) : half_of_the_hues(lab, &status);
    if (given && !lab->held_out) status = kedge_fail_memory("a formula");
    return status || !lab->held_out ? status : mark(lab, given != NULL);
}

/* ---- one run ---- */

void kedge_lab_read_held(const kedge_label_lab *lab, const double *cosines, double *scratch, int *order,
                         double *values)
{
    int points = lab->recipe->dataset->points, n = 0, count[KEDGE_LAB_SIDES][KEDGE_LAB_BINS] = {{0}};
    double sum[KEDGE_LAB_SIDES][KEDGE_LAB_BINS] = {{0}}, mean[KEDGE_LAB_SIDES] = {0};
    double *held = scratch, *ranks = scratch + points, *concept = scratch + 2 * (size_t)points;
    bool sound = true;
    for (int i = 0; i < points; i++) {
        int side = lab->sides[i], bin = bin_of(lab->concept[i]);
        sum[side][bin] += cosines[i];
        count[side][bin]++;
        if (side != KEDGE_LAB_HELD_SIDE) continue;
        sound = sound && isfinite(cosines[i]);
        held[n] = cosines[i];
        concept[n++] = lab->concept[i];
    }
    for (int b = 0; b < KEDGE_LAB_BINS; b++)
        for (int side = 0; side < KEDGE_LAB_NO_SIDE && lab->bins[b] > 0; side++)
            mean[side] += lab->bins[b] * sum[side][b] / count[side][b];
    values[KEDGE_LAB_LABELLED] = mean[KEDGE_LAB_LABEL_SIDE];
    values[KEDGE_LAB_HELD] = mean[KEDGE_LAB_HELD_SIDE];
    values[KEDGE_LAB_RANK] = NAN;
    if (!sound) return;
    kedge_ranks(n, held, order, ranks);
    kedge_ranks(n, concept, order, held);
    values[KEDGE_LAB_RANK] = kedge_rank_correlation(n, ranks, held);
}

/* ---- the verdict ---- */

enum { FEWEST_SEEDS = 10 }; /* that decide: the bootstrap of a handful of values is far too narrow */

/* Both cells of the part, and what points gained by the anchor, seed by seed. */
typedef struct gains {
    double *labelled, *held, *beyond; /* [n]; gained_held - gained_labelled / 2 */
    double *rank, *control_rank;
    size_t n;
} gains;

static void gather(const kedge_label_lab *lab, gains *g)
{
    const kedge_lab_cell *anchored = &lab->cells[lab->n_cells - 2], *control = &lab->cells[lab->n_cells - 1];
    for (long long s = 0; s < lab->n_seeds; s++) {
        const double *a = anchored->runs[s].values, *c = control->runs[s].values;
        double labelled = a[KEDGE_LAB_LABELLED] - c[KEDGE_LAB_LABELLED], held = a[KEDGE_LAB_HELD] - c[KEDGE_LAB_HELD];
        if (!isfinite(labelled) || !isfinite(held) || !isfinite(a[KEDGE_LAB_RANK] + c[KEDGE_LAB_RANK])) continue;
        g->labelled[g->n] = labelled;
        g->held[g->n] = held;
        g->beyond[g->n] = held - labelled / 2;
        g->rank[g->n] = a[KEDGE_LAB_RANK];
        g->control_rank[g->n++] = c[KEDGE_LAB_RANK];
    }
}

static const char *who_was_learned(const gains *g, double gained, const kedge_interval *decisive)
{
    if (g->n < FEWEST_SEEDS) return "Undecided: too few seeds";
    if (!(gained > 0)) return "Undecided";
    return decisive->low > 0 ? "The concept" : decisive->high < 0 ? "The labelled exemplars" : "Undecided";
}

static void add_verdict(const kedge_label_lab *lab, const gains *g, const kedge_paired *gained,
                        const kedge_paired *ranks, const char *who, kedge_text *text)
{
    const kedge_interval *between = &gained->difference.of_mean;
    bool gains_any = gained->mean_a > 0;
    kedge_text_addf(text, "%s: points that were never labelled (%s)", who, lab->held_out);
    if (g->n == 0) {
        kedge_text_add(text, " are not compared with labelled ones, as no seed has both runs.");
        return;
    }
    kedge_text_add_real(text, " came %.3f nearer to the anchor", gained->mean_b);
    if (gains_any) kedge_text_add_real(text, ", %.0f%% of", 100 * gained->mean_b / gained->mean_a);
    kedge_text_add_real(text, gains_any ? " the %.3f of" : ", beside %.3f of", gained->mean_a);
    kedge_text_add_real(text, " labelled ones of the same strength (cosines; difference %.3f",
                        gained->difference.mean);
    if (isfinite(between->low)) {
        kedge_text_add_real(text, ", 95%% from %.3f", between->low);
        kedge_text_add_real(text, " to %.3f", between->high);
    }
    kedge_text_addf(text, "); the order of the former follows '%s'", lab->base.concept.text);
    kedge_text_add_real(text, " with rank correlation %.2f", ranks->mean_a);
    kedge_text_add_real(text, ", without the anchor %.2f.", ranks->mean_b);
}

static kedge_status write_verdict(kedge_label_lab *lab, const gains *g)
{
    kedge_resamples resamples;
    kedge_paired gained, ranks;
    kedge_distribution decisive;
    kedge_text text;
    kedge_resamples_init(&resamples, lab->ctx);
    kedge_text_init(&text, lab->ctx);
    kedge_status status = kedge_compare_pairs(&gained, &resamples, g->labelled, g->held, g->n);
    if (!status) status = kedge_compare_pairs(&ranks, &resamples, g->rank, g->control_rank, g->n);
    if (!status) status = kedge_describe(&decisive, &resamples, g->beyond, g->n);
    if (status) goto done;
    add_verdict(lab, g, &gained, &ranks, who_was_learned(g, gained.mean_a, &decisive.of_mean), &text);
    status = kedge_text_status(&text, "a verdict");
    if (!status) {
        lab->verdict = kedge_arena_text(&lab->arena, kedge_text_string(&text));
        if (!lab->verdict) status = kedge_fail_memory("a verdict");
    }
done:
    kedge_text_release(&text);
    kedge_resamples_release(&resamples);
    return status;
}

kedge_status kedge_lab_judge(kedge_label_lab *lab)
{
    if (!lab->held_out) return KEDGE_OK;
    size_t n = (size_t)lab->n_seeds;
    double *room = kedge_alloc(lab->ctx, 5 * n, sizeof *room);
    if (!room) return kedge_fail_memory("a verdict");
    gains g = {room, room + n, room + 2 * n, room + 3 * n, room + 4 * n, 0};
    gather(lab, &g);
    kedge_status status = write_verdict(lab, &g);
    kedge_release(lab->ctx, room);
    return status;
}
