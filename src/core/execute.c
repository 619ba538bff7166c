/* execute.c - running a planned graph. */
#include <assert.h>
#include <string.h>

#include "core/graph.h"

void kedge_graph_forward(kedge_graph *graph, int live, uint64_t active)
{
    assert(graph->block && live >= 1 && live <= graph->batch);
    graph->live = live;
    graph->n = kedge_columns(live);
    for (int i = 0; i < graph->n_nodes; i++) {
        kedge_node *node = graph->nodes[i];
        if (node->op && (node->reach & active || graph->n_roots == 0)) node->op->forward(node);
    }
}

static bool is_param(const kedge_node *node)
{
    return !node->op && node->needs_grad;
}

void kedge_graph_backward(kedge_graph *graph, const float *weights, uint64_t active)
{
    assert(graph->training);
    for (int i = 0; i < graph->n_nodes; i++) graph->nodes[i]->has_grad = false;
    for (int r = 0; r < graph->n_roots; r++) {
        kedge_node *root = graph->roots[r];
        if (!(active >> r & 1) || !root->needs_grad) continue;
        root->grad[0] = root->has_grad ? root->grad[0] + weights[r] : weights[r];
        root->has_grad = true;
    }
    for (int i = graph->n_nodes - 1; i >= 0; i--) {
        kedge_node *node = graph->nodes[i];
        if (node->op && node->has_grad && !node->fused) node->op->backward(node);
    }
    for (int i = 0; i < graph->n_nodes; i++) {
        kedge_node *node = graph->nodes[i];
        if (is_param(node) && !node->has_grad)
            memset(node->grad, 0, (size_t)node->rows * (size_t)node->cols * sizeof *node->grad);
    }
}
