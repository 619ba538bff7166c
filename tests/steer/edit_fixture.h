/* edit_fixture.h - edits of columns that a test writes down. */
#ifndef STEER_EDIT_FIXTURE_H
#define STEER_EDIT_FIXTURE_H

#include "kernels.h"
#include "reference_terms.h"

#include "core/graph.h"
#include "steer/edit.h"

enum { COLUMNS = 256, DIMS = 8 };

/* Columns z[i], of which the first 'dims' numbers count. */
typedef struct columns {
    int dims, n;
    float z[COLUMNS][DIMS];
} columns;

/* The number of a kind of edit. */
static inline int edit_kind(const char *name)
{
    for (int i = 0; kedge_edit_kinds[i]; i++)
        if (strcmp(kedge_edit_kinds[i]->variant.name, name) == 0) return i;
    fail_msg("no kind of edit is called '%s'", name);
    return -1;
}

/* What the edits, one on top of the other, make of the columns; the first error of building. */
static inline kedge_status edit_columns(kedge_context *ctx, int n_edits, const kedge_edit_options *edits,
                                        const columns *from, columns *to)
{
    kedge_graph *graph = NULL;
    *to = *from;
    kedge_status status = kedge_graph_create(&graph, ctx, COLUMNS, false);
    if (status) return status;
    kedge_node *input = kedge_graph_input(graph, "input", from->dims), *node = input;
    for (int e = 0; e < n_edits && node; e++) node = kedge_edit_kinds[edits[e].kind]->build(&edits[e], node);
    kedge_graph_keep(node);
    status = kedge_graph_plan(graph);
    if (!status) {
        for (int k = 0; k < from->dims; k++)
            for (int i = 0; i < from->n; i++) input->val[k * input->ld + i] = from->z[i][k];
        kedge_graph_forward(graph, from->n, 0);
        for (int k = 0; k < from->dims; k++)
            for (int i = 0; i < from->n; i++) to->z[i][k] = node->val[k * node->ld + i];
    }
    kedge_graph_free(graph);
    return status;
}

static inline void edit_ok(kedge_context *ctx, const kedge_edit_options *edit, const columns *from, columns *to)
{
    if (edit_columns(ctx, 1, edit, from, to)) fail_msg("%s", kedge_error());
}

/* The edit is refused, with this message. */
static inline void edit_refused(const kedge_edit_options *edit, int dims, const char *message)
{
    static const columns none = {.n = 1};
    columns from = none, to;
    int k = 0;
    kedge_context *ctx = kernels_next(&k);
    from.dims = dims;
    assert_int_equal(edit_columns(ctx, 1, edit, &from, &to), KEDGE_EINVALID);
    assert_string_equal(kedge_error(), message);
    kedge_context_free(ctx);
}

/* The cosine of column i with v (of any length), in double; its length. */
static inline double cosine_with(const columns *c, int i, const double *v)
{
    double z[DIMS];
    for (int k = 0; k < c->dims; k++) z[k] = (double)c->z[i][k];
    return ref_dot(c->dims, z, v) / (ref_length(c->dims, z) * ref_length(c->dims, v));
}

static inline double length_of(const columns *c, int i)
{
    double z[DIMS];
    for (int k = 0; k < c->dims; k++) z[k] = (double)c->z[i][k];
    return ref_length(c->dims, z);
}

/* Random columns: half of them of unit length, the others of any. */
static inline columns random_columns(int dims)
{
    columns c = {.dims = dims, .n = COLUMNS};
    uint64_t random = 5;
    for (int i = 0; i < c.n; i++) {
        for (int k = 0; k < dims; k++) c.z[i][k] = (float)ref_uniform(&random, -1, 1);
        double length = length_of(&c, i);
        for (int k = 0; k < dims && i % 2; k++) c.z[i][k] = (float)((double)c.z[i][k] / length);
    }
    return c;
}

/* What edits along v must not stumble over: nothing, almost nothing, parallel, antipodal, across, and near to each. */
static inline columns odd_columns(int dims, const double *v)
{
    static const double scales[] = {1, 1e-30, 1e-13, 1e-6, 3e4, 1e19};
    columns c = {.dims = dims};
    double length = ref_length(dims, v);
    for (int s = 0; s < 6; s++)
        for (int sign = -1; sign <= 1; sign++)
            for (int off = 0; off < 4; off++) {
                double bend = off ? pow(10, -2 * off - 1) : 0;
                for (int k = 0; k < dims; k++)
                    c.z[c.n][k] = (float)(scales[s] * (sign * v[k] / length + (k == 1 ? bend : 0)));
                c.n++;
            }
    c.z[c.n][0] = -0.0f; /* and the rest 0 */
    c.n++;
    return c;
}

static inline void assert_same_column(const columns *got, const columns *want, int i)
{
    if (memcmp(got->z[i], want->z[i], (size_t)got->dims * sizeof(float)) != 0)
        fail_msg("column %d has changed: %a %a .. from %a %a ..", i, (double)got->z[i][0], (double)got->z[i][1],
                 (double)want->z[i][0], (double)want->z[i][1]);
}

static inline void assert_finite(const columns *c)
{
    for (int i = 0; i < c->n; i++)
        for (int k = 0; k < c->dims; k++)
            if (!isfinite(c->z[i][k])) fail_msg("dim %d of column %d is %g", k, i, (double)c->z[i][k]);
}

#endif
