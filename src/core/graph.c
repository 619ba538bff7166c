/* graph.c - building a graph. */
#include "core/graph.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

kedge_status kedge_graph_create(kedge_graph **out, kedge_context *ctx, int batch, bool training)
{
    if (batch < 1 || batch > 1 << 24)
        return kedge_fail(KEDGE_EINVALID, "a graph for %d samples at a time; 1 to %d are possible", batch, 1 << 24);
    kedge_graph *graph = kedge_alloc_zero(ctx, 1, sizeof *graph);
    if (!graph) return kedge_fail_memory("a graph");
    graph->ctx = ctx;
    graph->kern = ctx->kern;
    graph->batch = batch;
    graph->training = training;
    kedge_arena_init(&graph->arena, ctx);
    *out = graph;
    return KEDGE_OK;
}

void kedge_graph_free(kedge_graph *graph)
{
    if (!graph) return;
    kedge_release(graph->ctx, graph->nodes);
    kedge_release(graph->ctx, graph->sites);
    kedge_release(graph->ctx, graph->block);
    kedge_release(graph->ctx, graph->work);
    kedge_arena_release(&graph->arena);
    kedge_release(graph->ctx, graph);
}

kedge_node *kedge_graph_error(kedge_graph *graph, kedge_status status)
{
    if (graph->status == KEDGE_OK) {
        graph->status = status;
        snprintf(graph->message, sizeof graph->message, "%s", kedge_error());
    }
    return NULL;
}

/* A cleared node at the end of the list. */
static kedge_node *append(kedge_graph *graph, const char *name)
{
    if (graph->block) {
        kedge_fail(KEDGE_EINVALID, "the graph is planned; no node can be added");
        return kedge_graph_error(graph, KEDGE_EINVALID);
    }
    kedge_node *node = kedge_arena_alloc(&graph->arena, 1, sizeof *node);
    kedge_node **nodes = kedge_grow(graph->ctx, graph->nodes, (size_t)graph->n_nodes, &graph->nodes_capacity,
                                    (size_t)graph->n_nodes + 1, sizeof *nodes);
    if (nodes) graph->nodes = nodes;
    if (node && name) {
        node->name = kedge_arena_text(&graph->arena, name);
        if (!node->name) node = NULL;
    }
    if (!node || !nodes) return kedge_graph_error(graph, kedge_fail_memory("a node"));
    node->graph = graph;
    node->index = graph->n_nodes;
    graph->nodes[graph->n_nodes++] = node;
    return node;
}

kedge_node *kedge_graph_input(kedge_graph *graph, const char *name, int rows)
{
    kedge_node *node = append(graph, name);
    if (!node) return NULL;
    node->rows = rows;
    node->cols = KEDGE_BATCH;
    node->kept = true;
    return node;
}

kedge_node *kedge_graph_param(kedge_graph *graph, const char *name, int rows, int cols, float *val, float *grad)
{
    kedge_node *node = append(graph, name);
    if (!node) return NULL;
    node->rows = rows;
    node->cols = node->ld = cols;
    node->val = val;
    node->grad = grad;
    node->needs_grad = graph->training && grad;
    return node;
}

/* A leaf of columns that lie in the graph already. */
static kedge_node *points(kedge_graph *graph, int rows, int n, const float *columns)
{
    kedge_node *node = append(graph, NULL);
    if (!node) return NULL;
    node->rows = rows;
    node->cols = KEDGE_CONSTANT;
    node->points = n;
    node->constant = columns;
    node->kept = true;
    return node;
}

kedge_node *kedge_graph_constant(kedge_graph *graph, int rows, const float *values)
{
    float *columns = kedge_arena_alloc(&graph->arena, (size_t)rows * KEDGE_CONSTANT_COLUMNS, sizeof *columns);
    if (!columns) return kedge_graph_error(graph, kedge_fail_memory("a node"));
    for (int i = 0; i < rows * KEDGE_CONSTANT_COLUMNS; i++) columns[i] = values[i / KEDGE_CONSTANT_COLUMNS];
    return points(graph, rows, KEDGE_CONSTANT_COLUMNS, columns);
}

kedge_node *kedge_graph_points(kedge_graph *graph, int rows, int n, const float *values)
{
    size_t size = (size_t)rows * (size_t)n;
    float *copy = kedge_arena_alloc(&graph->arena, size, sizeof *copy); /* of zeros */
    if (!copy) return kedge_graph_error(graph, kedge_fail_memory("a node"));
    if (values) memcpy(copy, values, size * sizeof *copy);
    return points(graph, rows, n, copy);
}

/* An operation whose attributes lie in the graph already. */
static kedge_node *add(const kedge_op *op, const void *attributes, int n_in, kedge_node *const *in)
{
    kedge_graph *graph = in[0]->graph;
    kedge_node *self = append(graph, NULL);
    if (!self) return NULL;
    self->op = op;
    self->n_in = n_in;
    self->attributes = attributes;
    self->in = kedge_arena_alloc(&graph->arena, (size_t)n_in, sizeof *self->in);
    if (!self->in) return kedge_graph_error(graph, kedge_fail_memory("a node"));
    for (int i = 0; i < n_in; i++) {
        self->in[i] = in[i];
        in[i]->consumers++;
        self->needs_grad |= in[i]->needs_grad;
        if (in[i]->cols == KEDGE_CONSTANT) self->points = in[i]->points;
    }
    kedge_status status = op->shape(self);
    return status ? kedge_graph_error(graph, status) : self;
}

kedge_node *kedge_graph_add(const kedge_op *op, const void *attributes, size_t size, int n_in,
                            kedge_node *const *in)
{
    for (int i = 0; i < n_in; i++)
        if (!in[i]) return NULL;
    kedge_graph *graph = in[0]->graph;
    if (op->n_in >= 0 ? n_in != op->n_in : n_in < 1) {
        kedge_fail(KEDGE_EINVALID, "%s: takes %d operands, got %d", op->name, op->n_in, n_in);
        return kedge_graph_error(graph, KEDGE_EINVALID);
    }
    void *copy = size ? kedge_arena_alloc(&graph->arena, 1, size) : NULL;
    if (size && !copy) return kedge_graph_error(graph, kedge_fail_memory("a node"));
    if (size) memcpy(copy, attributes, size);
    return add(op, copy, n_in, in);
}

void kedge_graph_on_site(kedge_graph *graph, kedge_site_hook hook, void *payload)
{
    graph->hook = hook;
    graph->hook_payload = payload;
}

kedge_node *kedge_graph_site(kedge_node *node, const char *name)
{
    if (!node) return NULL;
    kedge_graph *graph = node->graph;
    if (kedge_graph_find_site(graph, name)) {
        kedge_fail(KEDGE_EINVALID, "site '%s' is there already", name);
        return kedge_graph_error(graph, KEDGE_EINVALID);
    }
    char *copy = kedge_arena_text(&graph->arena, name);
    kedge_site *sites = kedge_grow(graph->ctx, graph->sites, (size_t)graph->n_sites, &graph->sites_capacity,
                                   (size_t)graph->n_sites + 1, sizeof *sites);
    if (sites) graph->sites = sites;
    if (!copy || !sites) return kedge_graph_error(graph, kedge_fail_memory("a site"));
    if (!node->name) node->name = copy;
    node->kept = true;
    kedge_node *edited = graph->hook ? graph->hook(node, name, graph->hook_payload) : node;
    if (!edited) return NULL;
    edited->kept = true;
    graph->sites[graph->n_sites++] = (kedge_site){.name = copy, .node = node, .edited = edited};
    return edited;
}

const kedge_site *kedge_graph_find_site(const kedge_graph *graph, const char *name)
{
    for (int i = 0; i < graph->n_sites; i++)
        if (strcmp(graph->sites[i].name, name) == 0) return &graph->sites[i];
    return NULL;
}

int kedge_graph_root(kedge_node *node)
{
    if (!node) return -1;
    kedge_graph *graph = node->graph;
    if (node->rows != 1 || node->cols != 1)
        kedge_fail(KEDGE_EINVALID, "a loss must be a scalar, not (%d,%d)", node->rows, node->cols);
    else if (graph->n_roots == KEDGE_MAX_ROOTS)
        kedge_fail(KEDGE_EINVALID, "too many losses in one graph; at most %d", KEDGE_MAX_ROOTS);
    else {
        node->kept = true;
        graph->roots[graph->n_roots] = node;
        return graph->n_roots++;
    }
    kedge_graph_error(graph, KEDGE_EINVALID);
    return -1;
}

void kedge_graph_keep(kedge_node *node)
{
    if (node) node->kept = true;
}

void kedge_graph_keep_grad(kedge_node *node)
{
    if (node) node->keeps_grad = node->needs_grad = true;
}

void kedge_graph_output(kedge_node *node)
{
    if (!node) return;
    node->kept = true;
    node->graph->output = node;
}

/* The node that stands for 'of' in the replay: its twin, or itself where the site does not lead to it. */
static kedge_node *twin_of(kedge_node *of, kedge_node *const *twins)
{
    return twins[of->index] ? twins[of->index] : of;
}

/* Adds twins of all that leads from 'from' to 'to', with 'instead' for 'from'; returns that of 'to', NULL where nothing
 * does (then the graph has no error) or after an error. */
static kedge_node *replay(const kedge_node *from, const kedge_node *to, kedge_node *instead)
{
    kedge_graph *graph = instead->graph;
    kedge_node **twins = kedge_arena_alloc(&graph->arena, (size_t)graph->n_nodes, sizeof(kedge_node *));
    if (!twins) return kedge_graph_error(graph, kedge_fail_memory("a node"));
    twins[from->index] = instead;
    for (int i = from->index + 1; i <= to->index; i++) {
        const kedge_node *node = graph->nodes[i];
        bool led_to = false;
        for (int j = 0; j < node->n_in; j++) led_to = led_to || twins[node->in[j]->index];
        if (!led_to) continue;
        kedge_node **in = kedge_arena_alloc(&graph->arena, (size_t)node->n_in, sizeof *in);
        if (!in) return kedge_graph_error(graph, kedge_fail_memory("a node"));
        for (int j = 0; j < node->n_in; j++) in[j] = twin_of(node->in[j], twins);
        twins[i] = add(node->op, node->attributes, node->n_in, in);
        if (!twins[i]) return NULL;
    }
    return twins[to->index];
}

kedge_node *kedge_graph_replay(const kedge_site *site, kedge_node *instead)
{
    if (!site || !instead) return NULL;
    kedge_graph *graph = instead->graph;
    if (!graph->output) {
        kedge_fail(KEDGE_EINVALID, "the graph has no output yet; nothing leads from site '%s' to it", site->name);
        return kedge_graph_error(graph, KEDGE_EINVALID);
    }
    kedge_node *again = replay(site->edited, graph->output, instead);
    if (again || graph->status) return again;
    kedge_fail(KEDGE_EINVALID, "nothing leads from site '%s' to the output", site->name);
    return kedge_graph_error(graph, KEDGE_EINVALID);
}

void kedge_graph_entry(kedge_node *leaf)
{
    if (leaf) leaf->graph->input = leaf;
}

kedge_node *kedge_graph_replay_to(const kedge_site *site, kedge_node *instead)
{
    if (!site || !instead) return NULL;
    kedge_graph *graph = instead->graph;
    kedge_node *again = graph->input ? replay(graph->input, site->edited, instead) : NULL;
    if (again || graph->status) return again;
    kedge_fail(KEDGE_EINVALID, "nothing leads from the input to site '%s'", site->name);
    return kedge_graph_error(graph, KEDGE_EINVALID);
}

kedge_status kedge_shape_like(kedge_node *self, const kedge_node *like)
{
    self->rows = like->rows;
    self->cols = like->cols;
    return KEDGE_OK;
}

kedge_status kedge_shape_scalar(kedge_node *self)
{
    self->rows = self->cols = 1;
    return KEDGE_OK;
}

kedge_status kedge_shape_fail(const kedge_node *self, const char *format, ...)
{
    char text[256];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return kedge_fail(KEDGE_EINVALID, "%s: %s", self->op->name, text);
}
