/* surgery_walk.c - from a site along its dims to the weights that make and read them. METHOD section 7. */
#include "steer/surgery_walk.h"

/* A walk under way. */
typedef struct walker {
    const kedge_graph *graph;
    const char *site;
    bool *inside; /* [nodes] its rows are the site's dims */
    bool *read;   /* [nodes] some operation or loss takes it */
    kedge_walk *walk;
} walker;

static kedge_status unknown_site(const kedge_graph *graph, const char *site, kedge_arena *arena)
{
    const char **names = kedge_arena_alloc(arena, (size_t)graph->n_sites, sizeof *names);
    if (!names) return kedge_fail_memory("surgery");
    for (int i = 0; i < graph->n_sites; i++) names[i] = graph->sites[i].name;
    const char *nearest = kedge_nearest(site, names, graph->n_sites);
    if (nearest) return kedge_fail(KEDGE_EINVALID, "unknown site '%s'; did you mean '%s'?", site, nearest);
    return kedge_fail(KEDGE_EINVALID, "unknown site '%s'; must be 'bottleneck', 'pre-norm', 'encoder.N' or 'decoder.N'",
                      site);
}

kedge_node *kedge_walk_source(kedge_node *node)
{
    while (node->op && node->op->axes == KEDGE_AXES_KEEPS && node->n_in == 1) node = node->in[0];
    return node;
}

static bool any_inside(const walker *self, const kedge_node *node)
{
    for (int j = 0; j < node->n_in; j++)
        if (self->inside[node->in[j]->index]) return true;
    return false;
}

/* Marks all nodes that share their rows with the site. The list is an order of execution, so that each sweep carries a
 * mark any way forwards; ways that turn back need another. */
static void spread(walker *self)
{
    for (bool changed = true; changed;) {
        changed = false;
        for (int i = 0; i < self->graph->n_nodes; i++) {
            const kedge_node *node = self->graph->nodes[i];
            if (!node->op || node->op->axes != KEDGE_AXES_KEEPS) continue;
            if (!self->inside[i] && !any_inside(self, node)) continue;
            changed |= !self->inside[i];
            self->inside[i] = true;
            for (int j = 0; j < node->n_in; j++) {
                changed |= !self->inside[node->in[j]->index];
                self->inside[node->in[j]->index] = true;
            }
        }
    }
}

/* Where the dims come from. */
static kedge_status look_back(walker *self, const kedge_node *node)
{
    if (!node->op)
        return kedge_fail(KEDGE_EINVALID, "the dims of site '%s' come from '%s' as they are; no weights make them",
                          self->site, node->name);
    if (node->op->axes == KEDGE_AXES_MIXES)
        self->walk->producers[self->walk->n_producers++] = node;
    else if (node->op->axes != KEDGE_AXES_KEEPS)
        return kedge_fail(KEDGE_EINVALID, "the dims of site '%s' come out of '%s', which does not keep a dim of 0 at "
                          "0; surgery needs a site without it between the dims and their weights", self->site,
                          node->op->name);
    return KEDGE_OK;
}

/* What becomes of the dims in 'node', which takes operand j from inside. */
static kedge_status look_on(walker *self, const kedge_node *node, int j)
{
    self->read[node->in[j]->index] = true;
    switch (node->op->axes) {
    case KEDGE_AXES_KEEPS:
    case KEDGE_AXES_LOSS: return KEDGE_OK;
    case KEDGE_AXES_MIXES:
        if (j > 0) break;
        self->walk->consumers[self->walk->n_consumers++] = node;
        return KEDGE_OK;
    case KEDGE_AXES_OPAQUE: break;
    }
    return kedge_fail(KEDGE_EINVALID, "the dims of site '%s' go into '%s', which does not keep them apart; surgery "
                      "needs a site whose dims only weights read", self->site, node->op->name);
}

static kedge_status collect(walker *self)
{
    for (int i = 0; i < self->graph->n_nodes; i++) {
        const kedge_node *node = self->graph->nodes[i];
        kedge_status status = self->inside[i] ? look_back(self, node) : KEDGE_OK;
        for (int j = 0; j < node->n_in && !status; j++)
            if (self->inside[node->in[j]->index]) status = look_on(self, node, j);
        if (status) return status;
    }
    bool ends = self->walk->n_consumers == 0;
    for (int i = 0; i < self->graph->n_nodes; i++) ends |= self->inside[i] && !self->read[i];
    if (ends)
        return kedge_fail(KEDGE_EINVALID, "the dims of site '%s' are an output of the model; no weights read them",
                          self->site);
    return KEDGE_OK;
}

/* A layer of weights outside of which nobody can reach them cannot be operated on. */
static kedge_status check_weights(const kedge_node *const *nodes, int n)
{
    for (int i = 0; i < n; i++)
        for (int j = 1; j < nodes[i]->n_in; j++)
            if (nodes[i]->in[j]->op || !nodes[i]->in[j]->name)
                return kedge_fail(KEDGE_EINVALID, "weights that '%s' uses are computed, not stored; surgery cannot "
                                  "change them", nodes[i]->op->name);
    return KEDGE_OK;
}

kedge_status kedge_walk_site(kedge_walk *out, const kedge_graph *graph, const char *site, kedge_arena *arena)
{
    if (graph->status) return kedge_fail(graph->status, "%s", graph->message);
    const kedge_site *found = kedge_graph_find_site(graph, site);
    if (!found) return unknown_site(graph, site, arena);
    size_t n = (size_t)graph->n_nodes;
    int edges = 0;
    for (int i = 0; i < graph->n_nodes; i++) edges += graph->nodes[i]->n_in;
    kedge_walk walk = {.site = found->node, .source = kedge_walk_source(found->node)};
    walk.producers = kedge_arena_alloc(arena, n, sizeof *walk.producers);
    walk.consumers = kedge_arena_alloc(arena, (size_t)edges, sizeof *walk.consumers);
    walker self = {.graph = graph, .site = site, .walk = &walk};
    self.inside = kedge_arena_alloc(arena, n, sizeof *self.inside);
    self.read = kedge_arena_alloc(arena, n, sizeof *self.read);
    if (!walk.producers || !walk.consumers || !self.inside || !self.read) return kedge_fail_memory("surgery");
    self.inside[found->node->index] = true;
    spread(&self);
    kedge_status status = collect(&self);
    if (!status) status = check_weights(walk.producers, walk.n_producers);
    if (!status) status = check_weights(walk.consumers, walk.n_consumers);
    if (!status) *out = walk;
    return status;
}
