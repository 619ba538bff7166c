/* graph.h - a static graph of operations: built once, planned into one block, executed without allocation.
 *
 * Building: leaves (inputs, parameters), then operations on them. Builders nest: an operand of NULL gives NULL, the
 * first error stays in the graph and comes out of kedge_graph_plan. Activations are (rows, batch): one row per
 * feature, one column per sample (or token); parameters are dense (rows, cols); losses are scalars (1, 1).
 * core names no operation: nodes point to their interface. */
#ifndef CORE_GRAPH_H
#define CORE_GRAPH_H

#include "base/arena.h"
#include "base/error.h"

typedef struct kedge_graph kedge_graph;
typedef struct kedge_node kedge_node;

/* What backward reads of the forward pass; the planner keeps it that long. */
enum { KEDGE_READS_INPUTS = 1, KEDGE_READS_OUTPUT = 2 };

/* What an operation does to the dims (rows) of its activations: surgery on weights finds its way by it. */
typedef enum kedge_axes {
    KEDGE_AXES_OPAQUE, /* no way leads through it: dims meet, or a dim of 0 does not stay 0 */
    KEDGE_AXES_KEEPS,  /* all operands are activations; a row that is 0 in all of them is 0 in the result, and without
                        * that row the others come out the same */
    KEDGE_AXES_MIXES,  /* y = w x + b, operands x, w, b: rows of w and entries of b make the rows of y, columns of w
                        * read the rows of x */
    KEDGE_AXES_LOSS    /* a loss or a part of one: nothing that the model computes depends on it */
} kedge_axes;

typedef struct kedge_op {
    const char *name;
    int n_in; /* operands; -1: any number of at least one */
    kedge_axes axes;
    unsigned backward_reads;
    bool pointwise;      /* y = f(x); forward leaves f'(x) in aux (training), backward is dx += dy aux */
    bool scales_gradient; /* its backward multiplies the gradient of operand 0 by self->scale, see prepare.c */
    /* Sets rows, cols, n_aux and n_work from the operands; on a mismatch kedge_fail's status. */
    kedge_status (*shape)(kedge_node *self);
    void (*forward)(kedge_node *self);
    /* Adds to (or makes) the operands' gradients, see kedge_node_grad. */
    void (*backward)(kedge_node *self);
} kedge_op;

/* cols of an activation: the graph's batch, or columns of its own that no sample enters ('points' of them; those of
 * kedge_graph_constant are equal). */
enum { KEDGE_BATCH = -1, KEDGE_CONSTANT = -2, KEDGE_CONSTANT_COLUMNS = 16 };

struct kedge_node {
    const kedge_op *op; /* NULL: a leaf */
    kedge_graph *graph;
    const char *name;       /* of a parameter or input, or the node's site; else NULL */
    const void *attributes; /* of the op; lives as long as the graph */
    kedge_node **in;
    int n_in, index;
    int rows, cols; /* cols KEDGE_BATCH, KEDGE_CONSTANT or those of a parameter or scalar */
    int points;     /* columns that count, where cols is KEDGE_CONSTANT */
    int ld;         /* floats from row to row */
    float *val;     /* [rows][ld] */
    float *grad;    /* the same; NULL where nothing is trained */
    float *aux;     /* n_aux floats that forward leaves for backward; NULL in an inference graph */
    size_t n_aux;
    size_t n_work; /* floats of graph->work that forward or backward need as scratch */
    const float *constant; /* of a leaf: [rows][points] what it starts with */
    bool needs_grad;
    bool has_grad; /* during backward: somebody wrote grad already */
    bool all_one;  /* of an input that weighs samples: each counts 1 in this pass, and nobody reads val */
    bool kept;     /* val outlives the pass: a site, a root, an output */
    bool keeps_grad; /* grad outlives the pass */
    bool fused;    /* backward is done by its consumer */
    kedge_node *through; /* the pointwise operand whose backward this node does as well */
    int consumers;       /* edges that lead from it */
    uint64_t reach;      /* roots that depend on it, as bits; KEDGE_ALWAYS where an output without a root does */
};

enum { KEDGE_MAX_ROOTS = 64 };
#define KEDGE_ALWAYS (~(uint64_t)0)

typedef struct kedge_site {
    const char *name;
    kedge_node *node;  /* the activation as the model made it */
    kedge_node *edited; /* what the rest of the model sees: the same, or the end of what the hook added */
} kedge_site;

/* May insert nodes at a site while the model is built: returns the node that the rest of the model will see
 * ('node' itself to leave it), NULL after an error. */
typedef kedge_node *(*kedge_site_hook)(kedge_node *node, const char *site, void *payload);

struct kedge_graph {
    kedge_context *ctx;
    const kedge_kern *kern;
    kedge_arena arena;
    bool training; /* gradients are wanted */
    int batch;     /* largest number of samples */
    int live;      /* samples of the present pass */
    int n;         /* columns of the present pass: live rounded up to 16 */
    kedge_node **nodes; /* in order of building, which is an order of execution */
    int n_nodes;
    size_t nodes_capacity;
    kedge_node *roots[KEDGE_MAX_ROOTS];
    int n_roots;
    kedge_node *input, *output; /* of the model */
    kedge_site *sites;
    int n_sites;
    size_t sites_capacity;
    kedge_site_hook hook;
    void *hook_payload;
    kedge_node **forward, **backward, **trained; /* found by the plan: in order of execution, and the parameters */
    int n_forward, n_backward, n_trained;
    float *block, *work; /* all values and gradients; scratch of one node at a time */
    size_t block_size;   /* floats */
    kedge_status status; /* of the first error */
    char message[512];
};

/* A graph for at most 'batch' samples at a time; with gradients if 'training'. The context must outlive it. */
kedge_status kedge_graph_create(kedge_graph **out, kedge_context *ctx, int batch, bool training);
void kedge_graph_free(kedge_graph *graph);

/* Leaves. An input (rows, batch) whose val the caller fills before each pass, padded columns with anything finite
 * (they start as 0). A parameter (rows, cols) whose numbers and gradients lie with the caller (grad NULL: frozen). */
kedge_node *kedge_graph_input(kedge_graph *graph, const char *name, int rows);
kedge_node *kedge_graph_param(kedge_graph *graph, const char *name, int rows, int cols, float *val, float *grad);

/* An activation that does not depend on the samples: values [rows] are copied. */
kedge_node *kedge_graph_constant(kedge_graph *graph, int rows, const float *values);
/* Columns of the caller's that no sample enters: values [rows][points] are copied; NULL: all 0. val[r * ld + i] may be
 * written between passes. */
kedge_node *kedge_graph_points(kedge_graph *graph, int rows, int points, const float *values);

/* An operation on operands of one graph; 'attributes' (size bytes, may be NULL) are copied. */
kedge_node *kedge_graph_add(const kedge_op *op, const void *attributes, size_t size, int n_in,
                            kedge_node *const *in);

/* Names 'node' a site and lets the hook insert what it wants; returns what the rest of the model shall use. */
kedge_node *kedge_graph_site(kedge_node *node, const char *name);
/* Set before the model is built. */
void kedge_graph_on_site(kedge_graph *graph, kedge_site_hook hook, void *payload);
const kedge_site *kedge_graph_find_site(const kedge_graph *graph, const char *name);

/* Declares a node the output of the model: its value stays readable. Set last, so that what leads from a site to it
 * can be gone through again with another activation at the site: with the same parameters, as nodes of their own. */
void kedge_graph_output(kedge_node *node);
kedge_node *kedge_graph_replay(const kedge_site *site, kedge_node *instead);
/* Declares a leaf the input of the model. What leads from it to a site can be gone through again likewise, with
 * another input: what the rest of the model would see there. */
void kedge_graph_entry(kedge_node *leaf);
kedge_node *kedge_graph_replay_to(const kedge_site *site, kedge_node *instead);

/* Declares a scalar a root (a loss) and returns its number, or -1 after an error (too many, not a scalar). */
int kedge_graph_root(kedge_node *node);
/* The value of 'node' stays readable after a pass. */
void kedge_graph_keep(kedge_node *node);
/* The gradient of 'node', an operation, is wanted, whether or not anything that is trained leads to it: it stays
 * readable after backward, in the columns of the batch, and is 0 where no active root depends on the node. To be called
 * before anything is built on it (by a site's hook, say), on a graph for training. */
void kedge_graph_keep_grad(kedge_node *node);

/* Ends building: fuses, finds offsets, allocates. The first error of all building comes out here. */
kedge_status kedge_graph_plan(kedge_graph *graph);

/* Forward for 'live' samples in [1, batch]: every node that the roots in 'active' (bits) depend on, and every node
 * that no root depends on, with what leads to it. */
void kedge_graph_forward(kedge_graph *graph, int live, uint64_t active);
/* Backward of the sum of weights[r] x root r over the active roots, after forward with the same 'active'.
 * Parameters' gradients are overwritten; those that nothing reached are 0. */
void kedge_graph_backward(kedge_graph *graph, const float *weights, uint64_t active);

/* For backward of an op: where to put the gradient of 'node' and whether to add to what is there; NULL if it needs
 * none. Must be followed by that write. */
static inline float *kedge_node_grad(kedge_node *node, bool *accumulate)
{
    *accumulate = node->has_grad;
    if (!node->needs_grad) return NULL;
    node->has_grad = true;
    return node->grad;
}

/* For shape of an op. */
kedge_status kedge_shape_like(kedge_node *self, const kedge_node *like);
kedge_status kedge_shape_scalar(kedge_node *self);
/* 'linear: operand 1 is (4,16), ...': KEDGE_EINVALID with the op's name in front. */
kedge_status kedge_shape_fail(const kedge_node *self, const char *format, ...) KEDGE_PRINTF(2, 3);

/* Sets the graph's error if it has none yet, from the thread's message; returns NULL for nesting. */
kedge_node *kedge_graph_error(kedge_graph *graph, kedge_status status);

static inline bool kedge_is_activation(const kedge_node *node)
{
    return node->cols == KEDGE_BATCH || node->cols == KEDGE_CONSTANT;
}

/* Operand j as weights of samples (1,batch): NULL where there is none or all are 1, so that both take one path. */
static inline const float *kedge_node_weights(const kedge_node *self, int j)
{
    return j < self->n_in && !self->in[j]->all_one ? self->in[j]->val : NULL;
}

/* Columns rounded up to what kernels work on. */
static inline int kedge_columns(int live)
{
    return (live + 15) & ~15;
}

/* Columns that a kernel works on in the present pass, and those of them that count. */
static inline int kedge_node_columns(const kedge_node *node)
{
    return node->cols == KEDGE_CONSTANT ? kedge_columns(node->points) : node->graph->n;
}
static inline int kedge_node_live(const kedge_node *node)
{
    return node->cols == KEDGE_CONSTANT ? node->points : node->graph->live;
}
/* The most columns of any pass, for the shape of an op. */
static inline int kedge_node_capacity(const kedge_node *node)
{
    return kedge_columns(node->cols == KEDGE_CONSTANT ? node->points : node->graph->batch);
}

#endif
