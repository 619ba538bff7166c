/* core_test.h - what tests of the graph share: small graphs of small operations. */
#ifndef CORE_TEST_H
#define CORE_TEST_H

#include "unit.h"

#include "core_ops.h"

static inline kedge_node *unary(const kedge_op *op, kedge_node *x)
{
    return kedge_graph_add(op, NULL, 0, 1, &x);
}

static inline kedge_node *binary(const kedge_op *op, kedge_node *x, kedge_node *y)
{
    return kedge_graph_add(op, NULL, 0, 2, (kedge_node *[]){x, y});
}

static inline kedge_node *count(kedge_node *x, float factor, int *forward, int *backward)
{
    return kedge_graph_add(&op_count, &(counted){factor, forward, backward}, sizeof(counted), 1, &x);
}

static inline kedge_context *plain_context(void)
{
    kedge_context *ctx = NULL;
    assert_int_equal(kedge_context_create(&ctx, &(kedge_context_options){.kernels = "ref", .threads = 1}), KEDGE_OK);
    return ctx;
}

static inline kedge_graph *graph_for(kedge_context *ctx, int batch, bool training)
{
    kedge_graph *graph = NULL;
    assert_int_equal(kedge_graph_create(&graph, ctx, batch, training), KEDGE_OK);
    return graph;
}

#endif
