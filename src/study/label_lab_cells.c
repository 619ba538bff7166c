/* label_lab_cells.c - the label laboratory: which labels are tried, and what is to be expected of them. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "format/number.h"
#include "run/gates.h"
#include "study/label_lab.h"
#include "run/schema.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

enum { CELLS = 128 };
enum { FEWEST = 5 }; /* labels a run at the lowest rate */

/* ---- what is expected ---- */

/* What a draw from a set of points gives where the label's rate has a factor. */
typedef struct draw {
    double mean; /* of the label */
    double some; /* probability that it is not 0 */
} draw;

static void draw_from(const kedge_label_lab *lab, const kedge_label *label, double factor, draw *of_sets)
{
    memset(of_sets, 0, KEDGE_SETS_MAX * sizeof *of_sets);
    for (int i = 0; i < lab->recipe->dataset->points; i++) {
        if (lab->set_of[i] < 0) continue;
        draw *d = &of_sets[lab->set_of[i]];
        bool drawn = label->mode == KEDGE_LABEL_STOCHASTIC;
        double value = fmin(1, factor * (drawn ? label->rate[i] : (double)label->soft[i]));
        d->mean += lab->within[i] * value;
        d->some += lab->within[i] * (drawn ? value : value > 0);
    }
}

/* What is to be expected of a cell's labels in a run in which no row comes early. */
static void expect(const kedge_label_lab *lab, kedge_lab_cell *cell)
{
    const kedge_training *training = &cell->training.training;
    const kedge_label *label = &cell->recipe->label_values[lab->label];
    double factor = 1, shares[KEDGE_SETS_MAX];
    draw of_sets[KEDGE_SETS_MAX];
    draw_from(lab, label, factor, of_sets);
    cell->labels = cell->empty = 0;
    for (int step = 0; step < training->steps; step++) {
        double now = training->rates ? training->rates[(size_t)step * (size_t)training->n_labels + (size_t)lab->label]
                                     : 1;
        if (now != factor) draw_from(lab, label, factor = now, of_sets);
        draw d = {0};
        kedge_lab_mix(training, step, shares);
        for (int k = 0; k < KEDGE_SETS_MAX; k++) {
            d.mean += shares[k] * of_sets[k].mean;
            d.some += shares[k] * of_sets[k].some;
        }
        int n = kedge_sampler_size(training->sampler, step);
        cell->labels += n * d.mean;
        cell->empty += pow(1 - d.some, n) / training->steps;
    }
}

/* ---- one cell ---- */

static void add_formula(kedge_text *text, const char *key, const kedge_formula *formula)
{
    if (!formula->text) return;
    kedge_text_addf(text, ", %s: ", key);
    kedge_yaml_print_text(text, formula->text);
}

static void add_real(kedge_text *text, const char *key, double value)
{
    kedge_text_addf(text, ", %s: ", key);
    kedge_yaml_print_real(text, value);
}

/* "labels.red={concept: redness, exponent: 8, ...}". NULL without memory. */
static const char *assignment(kedge_label_lab *lab, const kedge_lab_cell *cell)
{
    const kedge_label_options *label = &cell->label;
    kedge_text text;
    kedge_text_init(&text, lab->ctx);
    kedge_text_addf(&text, "labels.%s={concept: ", label->name);
    kedge_yaml_print_text(&text, label->concept.text);
    add_real(&text, "exponent", label->exponent);
    add_real(&text, "rate", cell->rate);
    add_real(&text, "true_positive", label->true_positive);
    add_real(&text, "false_positive", label->false_positive);
    kedge_text_addf(&text, ", mode: %s", kedge_label_modes[label->mode]);
    add_formula(&text, "exact", &label->exact);
    add_formula(&text, "among", &label->among);
    kedge_text_add(&text, "}");
    const char *kept = text.broken ? NULL : kedge_arena_text(&lab->arena, kedge_text_string(&text));
    kedge_text_release(&text);
    return kept;
}

/* The recipe of a cell, and what it takes to run it. */
static kedge_status open_cell(kedge_label_lab *lab, kedge_lab_cell *cell)
{
    const kedge_label_lab_options *options = lab->options;
    const char *label = assignment(lab, cell);
    const char *weight = kedge_arena_format(&lab->arena, "terms.%s.scale=0", lab->recipe->terms[lab->term].name);
    const char **set = kedge_arena_alloc(&lab->arena, (size_t)options->n_set + 2, sizeof *set);
    cell->runs = kedge_arena_alloc(&lab->arena, (size_t)lab->n_seeds, sizeof *cell->runs);
    if (!label || !weight || !set || !cell->runs) return kedge_fail_memory("a cell of the laboratory");
    int n = options->n_set;
    if (n) memcpy(set, options->set, (size_t)n * sizeof *set);
    set[n++] = label;
    if (cell->control) set[n++] = weight;
    cell->set = cell->control ? kedge_arena_format(&lab->arena, "%s %s", label, weight) : label;
    if (!cell->set) return kedge_fail_memory("a cell of the laboratory");
    kedge_status status = kedge_recipe_load(&cell->recipe, lab->ctx, lab->path, &(kedge_recipe_options){set, n});
    if (!status) status = kedge_recipe_training_init(&cell->training, cell->recipe);
    if (!status) expect(lab, cell);
    return status;
}

/* ---- the grids ---- */

typedef struct plan {
    kedge_label_lab *lab;
    kedge_status status;
} plan;

static kedge_lab_cell like_base(const kedge_label_lab *lab, kedge_label_part part)
{
    kedge_lab_cell cell = {.part = part, .label = lab->base, .rate = lab->rate};
    if (cell.label.mode == KEDGE_LABEL_EXACT) cell.label.mode = KEDGE_LABEL_STOCHASTIC; /* to which rates mean much */
    cell.of = kedge_label_modes[cell.label.mode];
    return cell;
}

/* Share of the labels handed out that are wrong. Where a label's rate is 0 none is, wherever that comes from. */
static double share_of_wrong(const kedge_label_lab *lab, const kedge_lab_cell *cell)
{
    const kedge_label *label = &cell->recipe->label_values[lab->label];
    double wrong = 0, all = 0;
    for (int i = 0; i < cell->recipe->dataset->points && label->mode != KEDGE_LABEL_EXACT; i++) {
        if (!(label->rate[i] > 0)) continue;
        double not_carried = 1 - pow(lab->concept[i], cell->label.exponent);
        wrong += lab->shares[i] * cell->rate * cell->label.false_positive * not_carried;
        all += lab->shares[i] * label->rate[i];
    }
    return all > 0 ? wrong / all : 0;
}

static void add(plan *p, kedge_lab_cell cell)
{
    kedge_label_lab *lab = p->lab;
    if (p->status || lab->n_cells == CELLS) return;
    kedge_lab_cell *slot = &lab->cells[lab->n_cells++];
    *slot = cell;
    p->status = open_cell(lab, slot);
    if (p->status) return;
    slot->wrong = share_of_wrong(lab, slot);
    if (kedge_recipe_reacts(slot->recipe)) slot->labels = slot->empty = NAN;
}

/* A share of wrong labels that no false_positive up to 1 gives has no cell. */
static void add_noise(plan *p)
{
    static const double all[] = {1, 0.8, 0.6, 0.4, 0.2}, few[] = {1, 0.6, 0.2};
    static const double all_wrong[] = {0, 0.1, 0.2, 0.3, 0.4, 0.5}, few_wrong[] = {0, 0.25, 0.5};
    bool quick = p->lab->options->quick;
    int n = quick ? COUNT(few) : COUNT(all), n_wrong = quick ? COUNT(few_wrong) : COUNT(all_wrong);
    for (int t = 0; t < n; t++)
        for (int w = 0; w < n_wrong; w++) {
            kedge_lab_cell cell = like_base(p->lab, KEDGE_LABELS_NOISE);
            double wrong = quick ? few_wrong[w] : all_wrong[w];
            cell.label.true_positive = quick ? few[t] : all[t];
            double odds = wrong / (1 - wrong) * p->lab->right * cell.label.true_positive;
            cell.label.false_positive = wrong > 0 ? odds / p->lab->others : 0;
            if (cell.label.false_positive <= 1) add(p, cell);
        }
}

/* A rate to two digits, so that one can write it oneself. */
static double two_digits(double value)
{
    double unit = pow(10, floor(log10(value)) - 1);
    char text[32];
    kedge_real_format(text, sizeof text, "%.12g", round(value / unit) * unit);
    return kedge_number_real(text, &value) ? value : unit;
}

/* Labels a run of what the recipe says itself. */
static double labels_of_base(plan *p)
{
    kedge_lab_cell cell = like_base(p->lab, KEDGE_LABELS_RATE);
    if (!p->status) p->status = open_cell(p->lab, &cell);
    kedge_recipe_training_release(&cell.training);
    kedge_recipe_free(cell.recipe);
    return cell.labels;
}

/* Whether it makes a difference to what power the concept is taken. */
static bool is_graded(const kedge_label_lab *lab)
{
    for (int i = 0; i < lab->recipe->dataset->points; i++)
        if (lab->concept[i] > 0 && lab->concept[i] < 1) return true;
    return false;
}

/* From about FEWEST labels a run to twice the recipe's own rate, evenly in the logarithm; from a quarter of the
 * exponent to four times it, where the concept is more than a yes or no. */
static void add_rates(plan *p)
{
    kedge_label_lab *lab = p->lab;
    bool quick = lab->options->quick;
    int below = quick ? 2 : 4; /* rates below the own one */
    double labels = labels_of_base(p), apart = pow(labels / FEWEST, 1.0 / below);
    int exponents = !is_graded(lab) ? 0 : quick ? 1 : 2; /* above the own one, and below */
    if (!(apart > 1.2)) below = 0; /* few as it is */
    for (int r = -below; r <= (quick ? 0 : 1); r++)
        for (int e = -exponents; e <= exponents; e++) {
            kedge_lab_cell cell = like_base(lab, KEDGE_LABELS_RATE);
            if (r < 0) cell.rate = two_digits(lab->rate * pow(apart, r));
            if (r > 0) cell.rate = 2 * lab->rate;
            cell.label.exponent = fmin(1000, lab->base.exponent * ldexp(1, e));
            if (cell.rate <= 1) add(p, cell);
        }
}

static void add_modes(plan *p)
{
    for (int mode = 0; kedge_label_modes[mode]; mode++) {
        kedge_lab_cell cell = like_base(p->lab, KEDGE_LABELS_MODE);
        cell.label.mode = mode;
        cell.of = kedge_label_modes[mode];
        add(p, cell);
    }
}

static void add_held_out(plan *p)
{
    kedge_label_lab *lab = p->lab;
    if (!lab->held_out || p->status) return;
    const char *own = lab->base.among.text;
    const char *among = own ? kedge_arena_format(&lab->arena, "(%s) && (%s) == 0", own, lab->held_out)
                            : kedge_arena_format(&lab->arena, "(%s) == 0", lab->held_out);
    if (!among) {
        p->status = kedge_fail_memory("a cell of the laboratory");
        return;
    }
    for (int control = 0; control < 2; control++) {
        kedge_lab_cell cell = like_base(lab, KEDGE_LABELS_HELD_OUT);
        cell.of = control ? "control" : "anchored";
        cell.control = control;
        cell.label.among = (kedge_formula){among, NULL};
        add(p, cell);
    }
}

kedge_status kedge_lab_plan(kedge_label_lab *lab)
{
    plan p = {.lab = lab};
    lab->cells = kedge_arena_alloc(&lab->arena, CELLS, sizeof *lab->cells);
    if (!lab->cells) return kedge_fail_memory("the cells of a laboratory");
    add_noise(&p);
    add_rates(&p);
    add_modes(&p);
    add_held_out(&p);
    return p.status;
}
