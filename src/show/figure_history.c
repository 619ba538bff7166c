/* figure_history.c - how a model's latent space came about. */
#include <math.h>
#include <string.h>

#include "draw/history.h"
#include "eval/concept.h"
#include "show/cloud.h"
#include "show/figure.h"

enum { EARLIER = 10 };

/* What is gathered, in the show's arena. */
typedef struct gathering {
    kedge_replay *replay;
    kedge_arena *arena;
    const kedge_term_options *term; /* the first labelled anchor; NULL: none */
    kedge_carriers carriers;        /* of its concept */
    kedge_history_figure figure;
    kedge_history_frame frames[EARLIER + 1];
} gathering;

/* Steps before the end, denser early, where most happens: steps (i/10)^2. Each once. */
static int choose_records(const kedge_replay *replay, int records[EARLIER + 1])
{
    int last = replay->n_records - 1, n = 0;
    for (int i = 0; i < EARLIER; i++) {
        double share = (double)i / EARLIER;
        int record = kedge_replay_find(replay, (int)(replay->at[last] * share * share + 0.5));
        if (record < last && (n == 0 || record > records[n - 1])) records[n++] = record;
    }
    records[n++] = last;
    return n;
}

static kedge_status find_concept(gathering *g)
{
    const kedge_recipe *recipe = g->replay->recipe;
    for (int i = 0; i < recipe->n_terms && !g->term; i++) {
        if (!kedge_term_is_anchor(&recipe->terms[i], g->replay->evaluator->graph)) continue;
        kedge_status status = kedge_carriers_find(&g->carriers, g->arena, recipe->dataset, &recipe->terms[i],
                                                  recipe->n_labels, recipe->label_values);
        if (status) return status;
        if (g->carriers.n > 0) g->term = &recipe->terms[i];
    }
    if (g->term) g->figure.concept = g->term->labels.n ? g->term->labels.names[0] : g->term->name;
    return KEDGE_OK;
}

static kedge_status add_frame(gathering *g, int record)
{
    const kedge_evaluator *evaluator = g->replay->evaluator;
    size_t n = (size_t)evaluator->dataset->points, k = (size_t)evaluator->n_latents;
    float *latents = kedge_arena_alloc(g->arena, n * k, sizeof *latents);
    if (!latents) return kedge_fail_memory("a figure");
    kedge_replay_seek(g->replay, record);
    memcpy(latents, evaluator->latents, n * k * sizeof *latents);
    double sum = 0;
    for (int i = 0; i < g->carriers.n && g->term; i++)
        sum += kedge_anchor_cosine(g->term, latents + (size_t)g->carriers.points[i] * k, (int)k);
    g->frames[g->figure.n_frames++] = (kedge_history_frame){
        .step = g->replay->at[record], .latents = latents, .cosine = g->term ? sum / g->carriers.n : (double)NAN};
    return KEDGE_OK;
}

static kedge_status gather(gathering *g, kedge_show *show)
{
    static const int usual[][2] = {{0, 1}, {0, 2}};
    const kedge_draw_options *options = show->options;
    int records[EARLIER + 1];
    kedge_cloud cloud;
    kedge_status status = kedge_show_replay(show, &g->replay);
    if (status) return status;
    const kedge_evaluator *evaluator = g->replay->evaluator;
    int k = evaluator->n_latents;
    status = kedge_cloud_init(&cloud, g->arena, g->replay->recipe, k, NULL);
    if (!status) status = find_concept(g);
    int n = status ? 0 : choose_records(g->replay, records);
    for (int i = 0; i < n && !status; i++) status = add_frame(g, records[i]);
    if (status) return status;
    g->figure.n = cloud.n, g->figure.k = k;
    g->figure.rgb = cloud.rgb, g->figure.shade = cloud.shade;
    g->figure.n_anchors = cloud.n_anchors, g->figure.anchors = cloud.anchors;
    g->figure.frames = g->frames;
    g->figure.n_pairs = options->n_pairs > 0 ? options->n_pairs : k > 2 ? 2 : 1;
    g->figure.pairs = options->n_pairs > 0 ? options->pairs : usual;
    return KEDGE_OK;
}

static kedge_status draw(kedge_show *show, const kedge_picture *to)
{
    gathering g = {.arena = &show->arena};
    kedge_status status = gather(&g, show);
    if (status) return status;
    const char *seed = kedge_show_seed_text(show), *caveat = kedge_show_caveat(show, g.replay->exact);
    g.figure.caveat = caveat;
    g.figure.title = kedge_show_title(show, "history");
    if (seed)
        g.figure.subtitle = kedge_arena_format(&show->arena, "%s, %d points after %d steps%s%s; below, on their way",
                                               seed, g.figure.n, g.frames[g.figure.n_frames - 1].step,
                                               caveat ? ", " : "", caveat ? caveat : "");
    if (!g.figure.subtitle) return kedge_fail_memory("a figure");
    return kedge_draw_history(show->ctx, &g.figure, to);
}

const kedge_figure kedge_figure_history = {
    .info = {.name = "history", .summary = "the latent space at the end of a run, and at ten steps before",
             .input = KEDGE_FIGURE_MODEL},
    .draw = draw,
};
