/* lint.c - what a schedule comes to, and what in it is probably not meant. */
#include "study/lint.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "run/gates.h"

static const double SPENT = 0.05; /* of its largest: below it a weight no longer protects */
static const double HOT = 0.1;    /* of the heat: more than that to come is not the end of a run */

static double weight_at(const kedge_training *training, int step, int term)
{
    return training->weights[(size_t)step * (size_t)training->n_terms + (size_t)term];
}

void kedge_lint_warn(kedge_lint *lint, kedge_warning_kind kind, const char *format, ...)
{
    char text[1024];
    va_list args;
    if (lint->status) return;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    kedge_warning *grown =
        kedge_grow(lint->ctx, lint->warnings, (size_t)lint->n, &lint->room, (size_t)lint->n + 1, sizeof *grown);
    if (grown) lint->warnings = grown;
    const char *copy = grown ? kedge_arena_text(&lint->arena, text) : NULL;
    if (!copy) {
        lint->status = kedge_fail_memory("warnings");
        return;
    }
    lint->warnings[lint->n++] = (kedge_warning){kind, lint->recipe->file, copy};
}

/* The first update that a term can act in: after its capture, if it waits for one; the number of updates if there is
 * none. */
static int first_update(const kedge_training *training, int term)
{
    if (!kedge_term_kinds[training->terms[term].kind]->capture) return 0;
    int step = kedge_action_first_capture(training->n_actions, training->actions, term);
    return step < 0 ? training->steps : step;
}

/* ---- doses ---- */

static void find_dose(kedge_dose *dose, const kedge_training *training, int term)
{
    double moment = 0;
    *dose = (kedge_dose){.term = training->terms[term].name, .first = -1, .last = -1};
    for (int step = first_update(training, term); step < training->steps; step++) {
        double weight = weight_at(training, step, term), part = fabs(weight) * training->lr[step];
        dose->dose += part;
        moment += step * part;
        if (weight == 0) continue;
        if (dose->first < 0) dose->first = step;
        dose->last = step;
    }
    dose->centroid = dose->dose > 0 ? moment / dose->dose : NAN;
}

static void find_set(kedge_lint *lint, const kedge_training *training, int set)
{
    size_t n = (size_t)lint->recipe->n_sets;
    kedge_set_use *use = &lint->sets[set];
    *use = (kedge_set_use){.set = lint->recipe->sets[set].name, .first = -1, .last = -1,
                           .points = kedge_sets_points(training->sets, set)};
    for (int step = 0; step < training->steps; step++) {
        if (!(training->factors[(size_t)step * n + (size_t)set] > 0)) continue;
        if (use->first < 0) use->first = step;
        use->last = step;
    }
}

/* ---- protection and heat ---- */

/* Of terms that hold something; one of another kind does so where it is told on which samples. */
static void check_end(kedge_lint *lint, const kedge_training *training, int term)
{
    const kedge_term_options *options = &training->terms[term];
    double most = 0, rest = 0;
    int first = first_update(training, term), from = training->steps;
    if (!kedge_term_kinds[options->kind]->holds && options->labels.n == 0) return;
    for (int step = first; step < training->steps; step++) most = fmax(most, fabs(weight_at(training, step, term)));
    while (most > 0 && fabs(weight_at(training, from - 1, term)) < SPENT * most) rest += training->lr[--from];
    if (!(lint->heat > 0) || !(rest > HOT * lint->heat)) return;
    char share[32];
    kedge_real_format(share, sizeof share, "%.0f", 100 * rest / lint->heat);
    kedge_lint_warn(lint, KEDGE_WARNING_HOT_END,
                    "term '%s' ends while the learning rate is hot: from step %d on its weight is below 5%% of its "
                    "largest, with %s%% of the heat still to come; what it protects may be lost again",
                    options->name, from, share);
}

/* ---- what can never act ---- */

/* Whether any label of the term may be handed out at this step. */
static bool is_labelled(const kedge_lint *lint, const kedge_training *training, int step, int term)
{
    const kedge_weights *labels = &training->terms[term].labels;
    if (labels->n == 0 || !training->rates) return true;
    for (int i = 0; i < labels->n; i++)
        for (int k = 0; k < training->n_labels; k++)
            if (labels->values[i] > 0 && strcmp(lint->recipe->labels[k].name, labels->names[i]) == 0 &&
                training->rates[(size_t)step * (size_t)training->n_labels + (size_t)k] > 0)
                return true;
    return false;
}

static void warn_not_captured(kedge_lint *lint, const char *name, int term)
{
    int step = kedge_recipe_capture_step(lint->recipe, term);
    if (step < 0)
        kedge_lint_warn(lint, KEDGE_WARNING_NEVER_ACTIVE,
                        "term '%s' is never active: no action 'anchor' captures its reference points", name);
    else
        kedge_lint_warn(lint, KEDGE_WARNING_NEVER_ACTIVE,
                        "term '%s' is never active: its action 'anchor' at step %d is never reached", name, step);
}

static void check_active(kedge_lint *lint, const kedge_training *training, int term)
{
    const char *name = training->terms[term].name;
    bool weighted = false, moves = false, labelled = false;
    int first = first_update(training, term);
    if (training->terms[term].scale == 0) return; /* it was left out on purpose */
    for (int step = first; step < training->steps && !labelled; step++) {
        if (weight_at(training, step, term) == 0) continue;
        weighted = true;
        if (training->lr[step] == 0) continue;
        moves = true;
        labelled = is_labelled(lint, training, step, term);
    }
    if (labelled) return;
    if (first == training->steps) {
        warn_not_captured(lint, name, term);
        return;
    }
    kedge_lint_warn(lint, KEDGE_WARNING_NEVER_ACTIVE, "term '%s' is never active: %s", name,
                    !weighted && first > 0 ? "its weight is 0 from the capture of its reference points on"
                    : !weighted ? "its weight is 0 at every update"
                    : !moves  ? "it has a weight only while the learning rate is 0"
                              : "whenever it has a weight, the rates of its labels are 0");
}

static void check_task(kedge_lint *lint, const kedge_training *training)
{
    for (int step = 0; step < training->steps; step++)
        if (!training->task || training->task[step] != 0) return;
    kedge_lint_warn(lint, KEDGE_WARNING_NEVER_ACTIVE,
                    "the task is never active: its weight 'recon' is 0 at every update");
}

static void check_sets(kedge_lint *lint)
{
    for (int k = 0; k < lint->recipe->n_sets; k++)
        if (lint->sets[k].first < 0)
            kedge_lint_warn(lint, KEDGE_WARNING_NEVER_ACTIVE,
                            "set '%s' is never drawn: its factor is 0 at every update", lint->sets[k].set);
}

/* ---- all of it ---- */

static void look(kedge_lint *lint, const kedge_training *training)
{
    for (int step = 0; step < training->steps; step++) lint->heat += training->lr[step];
    for (int i = 0; i < training->n_terms; i++) find_dose(&lint->doses[i], training, i);
    for (int k = 0; k < lint->recipe->n_sets; k++) find_set(lint, training, k);
    for (int i = 0; i < training->n_terms; i++) check_end(lint, training, i);
    for (int i = 0; i < training->n_terms; i++) check_active(lint, training, i);
    check_task(lint, training);
    check_sets(lint);
    kedge_lint_conflicts(lint, training);
    kedge_lint_phases(lint);
}

kedge_status kedge_recipe_lint(kedge_lint **out, const kedge_recipe *recipe)
{
    kedge_recipe_training training = {0};
    kedge_lint *lint = kedge_alloc_zero(recipe->ctx, 1, sizeof *lint);
    if (!lint) return kedge_fail_memory("warnings");
    lint->ctx = recipe->ctx;
    lint->recipe = recipe;
    kedge_arena_init(&lint->arena, recipe->ctx);
    lint->doses = kedge_arena_alloc(&lint->arena, (size_t)recipe->n_terms, sizeof *lint->doses);
    lint->sets = kedge_arena_alloc(&lint->arena, (size_t)recipe->n_sets, sizeof *lint->sets);
    bool room = lint->doses && lint->sets;
    lint->status = room ? kedge_recipe_training_init(&training, recipe) : kedge_fail_memory("warnings");
    if (!lint->status) look(lint, &training.training);
    kedge_recipe_training_release(&training);
    kedge_status status = lint->status;
    if (status) kedge_lint_free(lint);
    else *out = lint;
    return status;
}

void kedge_lint_free(kedge_lint *lint)
{
    if (!lint) return;
    kedge_release(lint->ctx, lint->warnings);
    kedge_arena_release(&lint->arena);
    kedge_release(lint->ctx, lint);
}

double kedge_lint_heat(const kedge_lint *lint)
{
    return lint->heat;
}

int kedge_lint_dose(const kedge_lint *lint, int i, kedge_dose *dose)
{
    if (i < 0 || i >= lint->recipe->n_terms) return 0;
    *dose = lint->doses[i];
    return 1;
}

int kedge_lint_set(const kedge_lint *lint, int i, kedge_set_use *use)
{
    if (i < 0 || i >= lint->recipe->n_sets) return 0;
    *use = lint->sets[i];
    return 1;
}

int kedge_lint_warning(const kedge_lint *lint, int i, kedge_warning *warning)
{
    if (i < 0 || i >= lint->n) return 0;
    *warning = lint->warnings[i];
    return 1;
}

kedge_status kedge_lint_print(const kedge_lint *lint, char **text)
{
    kedge_text out;
    kedge_text_init(&out, lint->ctx);
    if (kedge_recipe_reacts(lint->recipe)) kedge_text_add(&out, "# if no row comes early (UNTIL):\n");
    kedge_text_add_real(&out, "# heat %.4g: the sum of the learning rate", lint->heat);
    kedge_text_addf(&out, " over %d updates\n", (int)lint->recipe->steps);
    for (int i = 0; i < lint->recipe->n_terms; i++) {
        const kedge_dose *dose = &lint->doses[i];
        kedge_text_addf(&out, "# term %s:", dose->term);
        kedge_text_add_real(&out, " dose %.4g", dose->dose);
        if (dose->dose > 0) kedge_text_add_real(&out, ", centroid %.0f", dose->centroid);
        if (dose->first >= 0) kedge_text_addf(&out, ", active %d..%d\n", dose->first, dose->last);
        else kedge_text_add(&out, ", never active\n");
    }
    for (int k = 0; k < lint->recipe->n_sets; k++) {
        const kedge_set_use *use = &lint->sets[k];
        kedge_text_addf(&out, "# set %s: %d point%s, ", use->set, use->points, use->points == 1 ? "" : "s");
        if (use->first >= 0) kedge_text_addf(&out, "drawn at %d..%d\n", use->first, use->last);
        else kedge_text_add(&out, "never drawn\n");
    }
    kedge_status status = kedge_text_status(&out, "doses");
    if (status) kedge_text_release(&out);
    else *text = out.bytes;
    return status;
}
