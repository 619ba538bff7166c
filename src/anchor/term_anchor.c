/* term_anchor.c - pull labelled samples to a point, or keep all samples out of a hemisphere. METHOD section 3. */
#include <math.h>

#include "anchor/term.h"
#include "ops/ops.h"

/* 'at' as floats, at unit length if 'unit'; in the graph's arena. */
static float *point(const kedge_term_options *options, kedge_node *site, bool unit)
{
    float *p = kedge_arena_alloc(&site->graph->arena, (size_t)site->rows, sizeof *p);
    if (!p) {
        kedge_graph_error(site->graph, kedge_fail_memory("a term"));
        return NULL;
    }
    double sum = 0;
    for (int k = 0; k < site->rows; k++) sum += options->at.at[k] * options->at.at[k];
    for (int k = 0; k < site->rows; k++) p[k] = (float)(unit ? options->at.at[k] / sqrt(sum) : options->at.at[k]);
    return p;
}

static bool fits(const kedge_term_options *options, kedge_node *site)
{
    if (options->at.n == site->rows) return true;
    kedge_graph_error(site->graph,
                      kedge_fail(KEDGE_EINVALID, "term '%s': 'at' has %d numbers; site '%s' has %d dims", options->name,
                                 options->at.n, options->site, site->rows));
    return false;
}

static kedge_node *anchor(const kedge_term_options *options, kedge_node *site, kedge_node *labels)
{
    if (!fits(options, site)) return NULL;
    bool angular = options->metric == KEDGE_METRIC_ANGULAR;
    const float *p = point(options, site, angular);
    if (!p) return NULL;
    if (angular) return kedge_mean(kedge_project(kedge_unit(site), p, -1, 1, -INFINITY), labels);
    float *m = kedge_arena_alloc(&site->graph->arena, (size_t)site->rows, sizeof *m);
    if (!m) return kedge_graph_error(site->graph, kedge_fail_memory("a term"));
    for (int k = 0; k < site->rows; k++) m[k] = 1;
    return kedge_mean(kedge_distance(site, p, m), labels);
}

static kedge_node *anti_anchor(const kedge_term_options *options, kedge_node *site, kedge_node *labels)
{
    if (!fits(options, site)) return NULL;
    const float *p = point(options, site, true);
    if (!p) return NULL;
    if (options->form == KEDGE_FORM_FULL)
        return kedge_mean(kedge_project(kedge_unit(site), p, 0.5f, 0.5f, -INFINITY), labels);
    return kedge_mean(kedge_project(kedge_unit(site), p, 1, 0, 0), labels);
}

static const char *const metrics[] = {"angular", "euclidean", NULL};
static const char *const forms[] = {"hemispheric", "full", NULL};

static const kedge_field anchor_fields[] = {
    {"metric", KEDGE_FIELD_CHOICE, offsetof(kedge_term_options, metric), 0, 0, metrics, "angular",
     "angular: 1 - cos(z, at); euclidean: |z - at|^2"},
    {"at", KEDGE_FIELD_REALS, offsetof(kedge_term_options, at), 0, 0, NULL, NULL,
     "the anchor point: one number per dim of the site, not all 0"},
};

static const kedge_field anti_anchor_fields[] = {
    {"form", KEDGE_FIELD_CHOICE, offsetof(kedge_term_options, form), 0, 0, forms, "hemispheric",
     "hemispheric: max(0, cos(z, at)); full: (cos(z, at) + 1) / 2"},
    {"at", KEDGE_FIELD_REALS, offsetof(kedge_term_options, at), 0, 0, NULL, NULL,
     "the point to stay away from: one number per dim of the site, not all 0"},
};

const kedge_term_kind kedge_term_anchor = {
    .variant = {"anchor", "pulls labelled samples to a point chosen before training", anchor_fields,
                sizeof anchor_fields / sizeof *anchor_fields},
    .build = anchor,
    .holds = true,
};
const kedge_term_kind kedge_term_anti_anchor = {
    .variant = {"anti-anchor", "pushes samples away from a point, usually the one opposite an anchor",
        anti_anchor_fields,
                sizeof anti_anchor_fields / sizeof *anti_anchor_fields},
    .build = anti_anchor,
    .holds = true,
};
