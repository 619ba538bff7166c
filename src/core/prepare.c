/* prepare.c - from a finished graph to one block of memory: what is fused, how long each buffer lives, where it is.
 *
 * Time runs over the nodes forward (0 .. n-1) and backward (n .. 2n-1): node i is executed at i and its backward
 * at 2n-1-i. An inference graph has the first half only. */
#include <string.h>

#include "core/graph.h"
#include "core/plan.h"

enum { VAL, AUX, GRAD, N_BUFFERS };

/* A pointwise node whose one consumer can multiply by f' while it writes the gradient needs no gradient of its own
 * and no pass of its own: 7% of a step for the small autoencoders. */
static void fuse(kedge_graph *graph)
{
    for (int i = 0; i < graph->n_nodes; i++) {
        kedge_node *consumer = graph->nodes[i];
        if (!consumer->op || !consumer->op->scales_gradient || !consumer->needs_grad) continue;
        kedge_node *unary = consumer->in[0];
        if (!unary->op || !unary->op->pointwise || unary->consumers != 1 || !unary->needs_grad) continue;
        if (unary->keeps_grad) continue;
        if (unary->in[0]->consumers != 1) continue; /* then the write below would have to accumulate */
        consumer->through = unary;
        unary->fused = true;
    }
}

/* Backwards, so that what leads to an output without a root is always there as well. */
static void mark_reach(kedge_graph *graph)
{
    for (int r = 0; r < graph->n_roots; r++) graph->roots[r]->reach |= (uint64_t)1 << r;
    for (int i = graph->n_nodes - 1; i >= 0; i--) {
        kedge_node *node = graph->nodes[i];
        if (node->reach == 0) node->reach = KEDGE_ALWAYS;
        for (int j = 0; j < node->n_in; j++) node->in[j]->reach |= node->reach;
    }
}

static void extend(kedge_buffer *buffer, int time)
{
    if (time < buffer->first) buffer->first = time;
    if (time > buffer->last) buffer->last = time;
}

/* Sizes and lifetimes of a node's three buffers, as far as the node itself uses them. */
static void own_uses(const kedge_graph *graph, const kedge_node *node, kedge_buffer *buffers)
{
    int forward = node->index, backward = 2 * graph->n_nodes - 1 - node->index;
    size_t floats = (size_t)node->rows * (size_t)node->ld;
    bool trained = graph->training && node->needs_grad && node->op;
    for (int b = 0; b < N_BUFFERS; b++) buffers[b] = (kedge_buffer){.first = forward, .last = forward};
    if (!node->val) buffers[VAL].size = floats;
    if (node->kept) extend(&buffers[VAL], 0), extend(&buffers[VAL], 2 * graph->n_nodes);
    if (trained) {
        buffers[AUX].size = node->n_aux;
        extend(&buffers[AUX], backward);
        if (node->op->backward_reads & KEDGE_READS_OUTPUT) extend(&buffers[VAL], backward);
        if (!node->fused) buffers[GRAD] = (kedge_buffer){.size = floats, .first = backward, .last = backward};
        if (node->keeps_grad) extend(&buffers[GRAD], 0), extend(&buffers[GRAD], 2 * graph->n_nodes);
    }
}

/* What the consumer 'node' does to the buffers of its operands. */
static void operand_uses(const kedge_graph *graph, const kedge_node *node, kedge_buffer (*buffers)[N_BUFFERS])
{
    int forward = node->index, backward = 2 * graph->n_nodes - 1 - node->index;
    for (int j = 0; j < node->n_in; j++) {
        const kedge_node *operand = node->in[j];
        kedge_buffer *of = buffers[operand->index];
        extend(&of[VAL], forward);
        if (!graph->training || !node->needs_grad) continue;
        if (node->op->backward_reads & KEDGE_READS_INPUTS) extend(&of[VAL], backward);
        if (of[GRAD].size) extend(&of[GRAD], backward);
    }
    if (node->through) { /* it reads the derivative and writes one further down */
        extend(&buffers[node->through->index][AUX], backward);
        kedge_buffer *target = &buffers[node->through->in[0]->index][GRAD];
        if (target->size) extend(target, backward);
    }
}

static void place(kedge_graph *graph, kedge_buffer (*buffers)[N_BUFFERS])
{
    for (int i = 0; i < graph->n_nodes; i++) {
        kedge_node *node = graph->nodes[i];
        kedge_buffer *own = buffers[i];
        if (own[VAL].size) node->val = graph->block + own[VAL].offset;
        if (own[AUX].size) node->aux = graph->block + own[AUX].offset;
        if (own[GRAD].size) node->grad = graph->block + own[GRAD].offset;
        for (int r = 0; node->constant && r < node->rows; r++)
            for (int c = 0; c < node->ld; c++) {
                int from = c < node->points ? c : node->points - 1; /* past the points: something finite */
                node->val[r * node->ld + c] = node->constant[r * node->points + from];
            }
    }
}

/* What the two passes visit, without what they would only look at. */
static kedge_status list_passes(kedge_graph *graph)
{
    size_t n = (size_t)graph->n_nodes;
    kedge_node **lists = kedge_arena_alloc(&graph->arena, 3 * n, sizeof *lists);
    if (!lists) return kedge_fail_memory("the plan of a graph");
    graph->forward = lists;
    graph->backward = lists + n;
    graph->trained = lists + 2 * n;
    for (int i = 0; i < graph->n_nodes; i++) {
        kedge_node *node = graph->nodes[i], *last = graph->nodes[graph->n_nodes - 1 - i];
        if (node->op) graph->forward[graph->n_forward++] = node;
        if (graph->training && last->op && last->needs_grad && !last->fused)
            graph->backward[graph->n_backward++] = last;
        if (!node->op && node->needs_grad) graph->trained[graph->n_trained++] = node;
    }
    return KEDGE_OK;
}

kedge_status kedge_graph_plan(kedge_graph *graph)
{
    if (graph->status) return kedge_fail(graph->status, "%s", graph->message);
    int n = graph->n_nodes;
    size_t work = 0;
    for (int i = 0; i < n; i++) {
        kedge_node *node = graph->nodes[i];
        if (node->ld == 0) node->ld = kedge_is_activation(node) ? kedge_node_capacity(node) : 16;
        if ((int64_t)node->rows * node->ld > INT32_MAX) /* kernels count in int */
            return kedge_fail(KEDGE_EINVALID, "an activation of %d rows for %d samples at a time is too large; make "
                              "the layer or the batch smaller", node->rows, graph->batch);
        if (node->n_work > work) work = node->n_work;
    }
    if (graph->training) fuse(graph);
    mark_reach(graph);
    kedge_status status = list_passes(graph);
    if (status) return status;
    kedge_buffer(*buffers)[N_BUFFERS] = kedge_alloc(graph->ctx, (size_t)n, sizeof *buffers);
    int *order = kedge_alloc(graph->ctx, (size_t)n * N_BUFFERS, sizeof *order);
    if (!buffers || !order) {
        status = kedge_fail_memory("the plan of a graph");
        goto done;
    }
    for (int i = 0; i < n; i++) own_uses(graph, graph->nodes[i], buffers[i]);
    for (int r = 0; r < graph->n_roots; r++) { /* their gradient is set before backward begins */
        kedge_buffer *seed = &buffers[graph->roots[r]->index][GRAD];
        if (seed->size) extend(seed, n);
    }
    for (int i = 0; i < n; i++)
        if (graph->nodes[i]->op) operand_uses(graph, graph->nodes[i], buffers);
    graph->block_size = kedge_plan_offsets(buffers[0], n * N_BUFFERS, order);
    graph->block = kedge_alloc_zero(graph->ctx, graph->block_size, sizeof *graph->block);
    graph->work = kedge_alloc(graph->ctx, work, sizeof *graph->work);
    if (!graph->block || !graph->work) {
        status = kedge_fail_memory("the values of a graph");
        goto done;
    }
    place(graph, buffers);
done:
    kedge_release(graph->ctx, buffers);
    kedge_release(graph->ctx, order);
    return status;
}
