/* figure_losses.c - how each part of the loss went in a model's run. */
#include <math.h>

#include "draw/losses.h"
#include "show/figure.h"
#include "show/phases.h"

static const char task[] = "reconstruction";

/* Column i of the replay's losses; 0 where the term had a weight but no sample of the batch its label. A run
 * that failed has no values from there on. */
static const double *values_of(kedge_arena *arena, const kedge_replay *replay, int i)
{
    int n_terms = replay->n_terms, reached = replay->at[replay->n_records - 1];
    double *values = kedge_arena_alloc(arena, (size_t)replay->steps, sizeof *values);
    for (int step = 0; values && step < replay->steps; step++) {
        float value = replay->losses[(size_t)step * (size_t)(n_terms + 1) + (size_t)i];
        bool waits = i > 0 && step < reached && replay->weights[(size_t)step * (size_t)n_terms + (size_t)i - 1] != 0;
        values[step] = waits && isnan(value) ? 0 : (double)value;
    }
    return values;
}

static kedge_status draw(kedge_show *show, const kedge_picture *to)
{
    kedge_replay *replay = NULL;
    kedge_phases phases;
    kedge_status status = kedge_show_replay(show, &replay);
    if (!status) status = kedge_phases_find(&phases, &show->arena, replay->recipe->sheet,
                                             kedge_phases_reach(replay->recipe, (int)replay->recipe->steps),
                                             replay->worker->gates);
    if (status) return status;
    kedge_loss_curve *curves = kedge_arena_alloc(&show->arena, (size_t)replay->n_terms + 1, sizeof *curves);
    if (!curves) return kedge_fail_memory("a figure");
    for (int i = 0; i <= replay->n_terms; i++) {
        const kedge_term_options *term = i > 0 ? &replay->recipe->terms[i - 1] : NULL;
        curves[i] = (kedge_loss_curve){.name = term ? term->name : task,
                                       .values = values_of(&show->arena, replay, i),
                                       .is_task = !term,
                                       .is_labelled = term && term->labels.n > 0};
        if (!curves[i].values) return kedge_fail_memory("a figure");
    }
    const char *seed = kedge_show_seed_text(show), *caveat = kedge_show_caveat(show, replay->exact);
    kedge_losses_figure figure = {
        .title = kedge_show_title(show, "losses"), .caveat = caveat, .steps = replay->steps,
        .n_curves = replay->n_terms + 1, .curves = curves, .n_phases = phases.n_phases, .phases = phases.phases,
        .n_actions = phases.n_actions, .actions = phases.actions};
    if (seed)
        figure.subtitle = kedge_arena_format(&show->arena, "%s, losses of each batch before they are weighted%s%s",
                                             seed, caveat ? "; " : "", caveat ? caveat : "");
    if (!figure.subtitle) return kedge_fail_memory("a figure");
    return kedge_draw_losses(show->ctx, &figure, to);
}

const kedge_figure kedge_figure_losses = {
    .info = {.name = "losses", .summary = "every part of the loss over the steps of a run",
             .input = KEDGE_FIGURE_MODEL},
    .draw = draw,
};
