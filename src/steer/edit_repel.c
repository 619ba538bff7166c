/* edit_repel.c - turns an activation away from a direction. METHOD section 6. */
#include <math.h>

#include "base/random.h"
#include "ops/ops.h"
#include "steer/edit_direction.h"

static kedge_turn turn_of(const kedge_edit_options *options)
{
    return (kedge_turn){.from = kedge_cos_degrees(options->from), .to = kedge_cos_degrees(options->to),
                        .curved = options->map == KEDGE_MAP_BEZIER};
}

static double dot(int n, const double *a, const double *b)
{
    double sum = 0;
    for (int k = 0; k < n; k++) sum += a[k] * b[k];
    return sum;
}

/* A unit vector at right angles to v, by v alone: where to turn what is parallel to v. A draw is taken if enough of it
 * is left across v, which one of a few is. */
static double *draw_way(kedge_node *site, const double *v)
{
    int n = site->rows;
    double *way = kedge_arena_alloc(&site->graph->arena, (size_t)n, sizeof *way), length = 0;
    if (!way) {
        kedge_graph_error(site->graph, kedge_fail_memory("an edit"));
        return NULL;
    }
    for (uint32_t draw = 0; length < 0.1; draw++) {
        uint32_t words[4];
        for (int k = 0; k < n; k++) {
            if (k % 4 == 0) kedge_random_block(0, KEDGE_PURPOSE_REPEL, draw, 0, (uint32_t)(k / 4), words);
            way[k] = 2 * (double)kedge_random_unit(words[k % 4]) - 1;
        }
        for (int pass = 0; pass < 2; pass++) { /* the second takes what rounding left of v */
            double along = dot(n, way, v);
            for (int k = 0; k < n; k++) way[k] -= along * v[k];
        }
        length = sqrt(dot(n, way, way));
    }
    for (int k = 0; k < n; k++) way[k] /= length;
    return way;
}

static kedge_node *build(const kedge_edit_options *options, kedge_node *site)
{
    const double *v = kedge_edit_direction(options, site);
    if (!v) return NULL;
    if (options->to >= options->from)
        return kedge_graph_error(site->graph, kedge_fail(KEDGE_EINVALID, "repel: 'to' is not less than 'from'; "
                                 "activations are moved from all angles below 'from' to those between the two"));
    if (site->rows < 2)
        return kedge_graph_error(site->graph, kedge_fail(KEDGE_EINVALID, "repel: site '%s' has one dim, in which "
                                 "nothing can be turned; must have at least 2", options->site));
    const double *way = draw_way(site, v);
    kedge_turn turn = turn_of(options);
    return way ? kedge_repel(site, v, way, &turn) : NULL;
}

double kedge_repel_map(const kedge_edit_options *options, double alpha)
{
    kedge_turn turn = turn_of(options);
    return kedge_turn_at(&turn, alpha, NULL);
}

static const char *const maps[] = {"linear", "bezier", NULL};

static const kedge_field fields[] = {
    {"direction", KEDGE_FIELD_REALS, offsetof(kedge_edit_options, direction), 0, 0, NULL, NULL,
     "the direction to stay away from: one number per dim of the site, of any length but 0"},
    {"map", KEDGE_FIELD_CHOICE, offsetof(kedge_edit_options, map), 0, 0, maps, "linear",
     "how cosines change: linear up to the cosine of 'to', or a Bezier curve that begins and ends without a kink"},
    {"from", KEDGE_FIELD_REAL, offsetof(kedge_edit_options, from), 0, 90, NULL, "90",
     "degrees: activations further than this from the direction stay as they are"},
    {"to", KEDGE_FIELD_REAL, offsetof(kedge_edit_options, to), 0, 90, NULL, NULL,
     "degrees, less than 'from': none comes nearer to the direction than this"},
};

const kedge_edit_kind kedge_edit_repel = {
    .variant = {"repel", "turns activations away from a direction; lengths stay", fields,
                sizeof fields / sizeof *fields},
    .build = build,
};
