/* figure_ledger.c - what each part of the objective pulled in a model's run, and who pulled against whom. */
#include <math.h>
#include <stdlib.h>

#include "draw/ledger.h"
#include "run/ledger_summary.h"
#include "show/figure.h"
#include "show/phases.h"

enum { RECORDS = 2000, PAIRS = 6, AT_LEAST = 2, FEWEST = 5 };

static const double SQUARE = 0.1; /* cosines below it say that two have nothing to do with each other */

/* The run's ledger, in the show's arena. */
typedef struct gathering {
    kedge_arena *arena;
    kedge_ledger *ledger;
    kedge_ledger_summary *summary;
    int stride, n;
    double *at;                   /* [n] */
    double **norms, **cosines;    /* [parts][n], [pairs][n] */
} gathering;

static kedge_status take(const kedge_step *step, void *payload)
{
    gathering *g = payload;
    if (step->step % g->stride != 0) return KEDGE_OK;
    kedge_ledger_take(g->ledger, step);
    kedge_ledger_summary_add(g->summary, step->step, &g->ledger->now);
    g->at[g->n] = step->step;
    for (int i = 0; i < g->ledger->n; i++) g->norms[i][g->n] = g->ledger->now.norms[i];
    for (int p = 0; p < g->summary->n_pairs; p++) {
        const kedge_ledger_record *now = &g->ledger->now;
        g->cosines[p][g->n] = now->ratios[p] >= KEDGE_LEDGER_EVEN ? now->shared[p] : (double)NAN;
    }
    g->n++;
    return KEDGE_OK;
}

static double **rows(kedge_arena *arena, int n, size_t records)
{
    double **list = kedge_arena_alloc(arena, (size_t)n, sizeof *list);
    for (int i = 0; list && i < n; i++) {
        list[i] = kedge_arena_alloc(arena, records, sizeof **list);
        if (!list[i]) return NULL;
    }
    return list;
}

/* The replay's run again, by its own worker: the end is the same, and with it the replay's state. */
static kedge_status run(gathering *g, kedge_replay *replay)
{
    kedge_worker *worker = replay->worker;
    size_t records = (size_t)(replay->steps / g->stride + 1);
    kedge_status status = kedge_worker_keep_ledger(worker);
    if (status) return status;
    g->ledger = worker->ledger;
    status = kedge_ledger_summary_create(&g->summary, replay->ctx, worker->trainer->training, g->ledger->site_name, 1,
                                        0);
    if (status) return status;
    g->at = kedge_arena_alloc(g->arena, records, sizeof *g->at);
    g->norms = rows(g->arena, g->ledger->n, records);
    g->cosines = rows(g->arena, g->summary->n_pairs, records);
    if (!g->at || !g->norms || !g->cosines) return kedge_fail_memory("a figure");
    kedge_train_events events = {.step = take, .payload = g};
    kedge_ledger_summary_begin(g->summary);
    status = kedge_worker_train(worker, (uint64_t)replay->seed, (uint64_t)replay->seed, &events);
    kedge_replay_seek(replay, replay->record);
    if (status && status != KEDGE_ENUMERIC) return status; /* a run that fails has a ledger up to there */
    return kedge_ledger_summary_finish(g->summary);
}

/* The pairs that matter: those that are a match for each other now and then, the least square to each other first. */
static int choose_pairs(const kedge_ledger_summary *summary, int chosen[PAIRS])
{
    int n = 0;
    for (int p = 0; p < summary->n_pairs; p++) {
        if (summary->between[p].even < FEWEST) continue;
        int at = n < PAIRS ? n++ : PAIRS;
        for (; at > 0 && fabs(summary->between[p].shared) > fabs(summary->between[chosen[at - 1]].shared); at--)
            if (at < PAIRS) chosen[at] = chosen[at - 1];
        if (at < PAIRS) chosen[at] = p;
    }
    while (n > AT_LEAST && fabs(summary->between[chosen[n - 1]].shared) < SQUARE) n--;
    return n;
}

static kedge_status fill(const gathering *g, kedge_ledger_figure *figure)
{
    const kedge_ledger_summary *summary = g->summary;
    int chosen[PAIRS], n = choose_pairs(summary, chosen);
    kedge_ledger_curve *norms = kedge_arena_alloc(g->arena, (size_t)summary->n, sizeof *norms);
    kedge_ledger_curve *cosines = kedge_arena_alloc(g->arena, PAIRS, sizeof *cosines);
    if (!norms || !cosines) return kedge_fail_memory("a figure");
    for (int i = 0; i < summary->n; i++)
        norms[i] = (kedge_ledger_curve){.name = summary->parts[i].name, .values = g->norms[i], .is_task = i == 0};
    for (int i = 0; i < n; i++) {
        const kedge_ledger_between *between = &summary->between[chosen[i]];
        cosines[i] = (kedge_ledger_curve){
            .name = kedge_arena_format(g->arena, "%s, %s", summary->parts[between->a].name,
                                       summary->parts[between->b].name),
            .values = g->cosines[chosen[i]]};
        if (!cosines[i].name) return kedge_fail_memory("a figure");
    }
    figure->n = g->n, figure->at = g->at;
    figure->n_norms = summary->n, figure->norms = norms;
    figure->n_cosines = n, figure->cosines = cosines;
    return KEDGE_OK;
}

static kedge_status draw_run(kedge_show *show, kedge_replay *replay, gathering *g, const kedge_picture *to)
{
    kedge_phases phases;
    kedge_status status = kedge_phases_find(&phases, &show->arena, replay->recipe->sheet,
                                            kedge_phases_reach(replay->recipe, (int)replay->recipe->steps),
                                            replay->worker->gates);
    if (!status) status = run(g, replay);
    if (status) return status;
    const char *seed = kedge_show_seed_text(show), *caveat = kedge_show_caveat(show, replay->exact);
    kedge_ledger_figure figure = {
        .title = kedge_show_title(show, "ledger"), .caveat = caveat, .steps = replay->steps,
        .n_phases = phases.n_phases, .phases = phases.phases, .n_actions = phases.n_actions, .actions = phases.actions};
    if (seed)
        figure.subtitle = kedge_arena_format(&show->arena, "%s, gradients of weight x term at %s%s%s", seed,
                                             g->ledger->site_name, caveat ? "; " : "", caveat ? caveat : "");
    if (!figure.subtitle) return kedge_fail_memory("a figure");
    status = fill(g, &figure);
    return status ? status : kedge_draw_ledger(show->ctx, &figure, to);
}

static kedge_status draw(kedge_show *show, const kedge_picture *to)
{
    kedge_replay *replay = NULL;
    kedge_status status = kedge_show_replay(show, &replay);
    if (status) return status;
    gathering g = {.arena = &show->arena, .stride = 1 + (replay->steps - 1) / RECORDS};
    status = draw_run(show, replay, &g, to);
    kedge_ledger_summary_free(g.summary);
    return status;
}

const kedge_figure kedge_figure_ledger = {
    .info = {.name = "ledger", .summary = "what each term pulled over the steps of a run, and which against which",
             .input = KEDGE_FIGURE_MODEL},
    .draw = draw,
};
