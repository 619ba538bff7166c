/* execute.c - running a planned graph. */
#include <assert.h>
#include <string.h>

#include "core/graph.h"

void kedge_graph_forward(kedge_graph *graph, int live, uint64_t active)
{
    assert(graph->block && live >= 1 && live <= graph->batch);
    graph->live = live;
    graph->n = kedge_columns(live);
    for (int i = 0; i < graph->n_forward; i++) {
        kedge_node *node = graph->forward[i];
        if (node->reach & active || node->reach == KEDGE_ALWAYS) node->op->forward(node);
    }
}

void kedge_graph_backward(kedge_graph *graph, const float *weights, uint64_t active)
{
    assert(graph->training);
    for (int r = 0; r < graph->n_roots; r++) {
        kedge_node *root = graph->roots[r];
        if (!(active >> r & 1) || !root->needs_grad) continue;
        root->grad[0] = root->has_grad ? root->grad[0] + weights[r] : weights[r];
        root->has_grad = true;
    }
    /* has_grad is false everywhere between passes: a node's is cleared once its operands have theirs. */
    for (int i = 0; i < graph->n_backward; i++) {
        kedge_node *node = graph->backward[i];
        if (!node->has_grad) {
            if (node->keeps_grad) memset(node->grad, 0, (size_t)node->rows * (size_t)node->ld * sizeof *node->grad);
            continue;
        }
        node->op->backward(node);
        node->has_grad = false;
    }
    for (int i = 0; i < graph->n_trained; i++) {
        kedge_node *node = graph->trained[i];
        if (!node->has_grad) memset(node->grad, 0, (size_t)node->rows * (size_t)node->cols * sizeof *node->grad);
        node->has_grad = false;
    }
}
