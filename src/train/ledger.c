/* ledger.c - what each part of the objective pulls. */
#include "train/ledger.h"

#include <math.h>
#include <string.h>

/* The first site that all parts can be compared at. A term that acts on no sample has no gradient at any. */
static kedge_node *find_site(kedge_node *node, const char *site, void *payload)
{
    kedge_ledger *self = payload;
    const kedge_training *training = self->trainer->training;
    bool wanted = strcmp(site, "pre-norm") == 0;
    for (int i = 0; i < training->n_terms; i++) {
        const kedge_term_options *term = &training->terms[i];
        wanted |= !kedge_term_kinds[term->kind]->on_no_sample && strcmp(site, term->site) == 0;
    }
    if (wanted && !self->site) {
        self->site = node;
        kedge_graph_keep_grad(node);
    }
    return node;
}

/* The trainer's graph once more. Its parameters are frozen, so that backward goes to the site and no further. */
static kedge_status build(kedge_ledger *self)
{
    const kedge_trainer *trainer = self->trainer;
    self->twin = (kedge_trainer){.ctx = trainer->ctx, .training = trainer->training, .params = trainer->params};
    self->twin.params.gradients = NULL;
    kedge_arena_init(&self->twin.arena, trainer->ctx);
    kedge_status status = kedge_trainer_build(&self->twin, find_site, self);
    if (!status) self->site_name = self->site->name;
    return status;
}

kedge_status kedge_ledger_record_init(kedge_ledger_record *record, kedge_arena *arena, int n)
{
    size_t parts = (size_t)n, pairs = (size_t)kedge_ledger_pairs(n);
    double *numbers = kedge_arena_alloc(arena, 2 * parts + 3 * pairs, sizeof *numbers);
    if (!numbers) return kedge_fail_memory("a ledger");
    *record = (kedge_ledger_record){
        .norms = numbers, .pulls = numbers + parts, .cosines = numbers + 2 * parts,
        .shared = numbers + 2 * parts + pairs, .ratios = numbers + 2 * parts + 2 * pairs};
    return KEDGE_OK;
}

kedge_status kedge_ledger_create(kedge_ledger **out, const kedge_trainer *trainer)
{
    kedge_ledger *self = kedge_alloc_zero(trainer->ctx, 1, sizeof *self);
    if (!self) return kedge_fail_memory("a ledger");
    self->trainer = trainer;
    self->n = trainer->training->n_terms + 1;
    kedge_status status = build(self);
    if (status) goto done;
    size_t n = (size_t)self->n, floats = (size_t)self->site->rows * (size_t)trainer->graph->batch;
    self->gradients = kedge_alloc(trainer->ctx, n * floats, sizeof *self->gradients);
    status = self->gradients ? kedge_ledger_record_init(&self->now, &self->twin.arena, self->n)
                             : kedge_fail_memory("a ledger");
    if (status) goto done;
    *out = self;
    self = NULL;
done:
    kedge_ledger_free(self);
    return status;
}

void kedge_ledger_free(kedge_ledger *ledger)
{
    if (!ledger) return;
    kedge_context *ctx = ledger->trainer->ctx;
    kedge_graph_free(ledger->twin.graph);
    kedge_arena_release(&ledger->twin.arena);
    kedge_release(ctx, ledger->gradients);
    kedge_release(ctx, ledger);
}

/* All that is written between passes, by the trainer for this batch or by a term when it captured something: the
 * trainer's graph has the same leaves at the same numbers. */
static void copy_batch(kedge_ledger *self)
{
    const kedge_graph *from = self->trainer->graph;
    for (int i = 0; i < from->n_nodes; i++) {
        const kedge_node *node = from->nodes[i];
        if (node->op || !kedge_is_activation(node)) continue;
        memcpy(self->twin.graph->nodes[i]->val, node->val, (size_t)node->rows * (size_t)node->ld * sizeof *node->val);
        self->twin.graph->nodes[i]->all_one = node->all_one;
    }
}

/* The gradient of part j, which is active, into its place, dense. */
static void take_gradient(kedge_ledger *self, int j, double weight)
{
    kedge_graph *graph = self->twin.graph;
    const kedge_node *site = self->site;
    float seeds[KEDGE_MAX_ROOTS] = {0};
    int live = self->trainer->graph->live, root = j == 0 ? self->twin.objective.task
                                                         : self->twin.objective.terms[j - 1].root;
    float *to = self->gradients + (size_t)j * (size_t)site->rows * (size_t)graph->batch;
    seeds[root] = (float)weight;
    /* Backward of one root takes the place of values that another's would need, so each has a pass of its own; it
     * visits just what that root depends on. */
    kedge_graph_forward(graph, live, (uint64_t)1 << root);
    kedge_graph_backward(graph, seeds, (uint64_t)1 << root);
    for (int row = 0; row < site->rows; row++)
        memcpy(to + (size_t)row * (size_t)live, site->grad + (size_t)row * (size_t)site->ld,
               (size_t)live * sizeof *to);
}

static double dot(size_t n, const float *a, const float *b)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += (double)a[i] * (double)b[i];
    return sum;
}

/* The label of each sample; NULL for a part that acts on all. */
static const float *labels_of(const kedge_ledger *self, int j)
{
    const kedge_node *row = j > 0 ? self->twin.objective.terms[j - 1].row : NULL;
    return row ? row->val : NULL;
}

static const float *gradient_of(const kedge_ledger *self, int j)
{
    return self->gradients + (size_t)j * (size_t)self->site->rows * (size_t)self->twin.graph->batch;
}

/* g_a . g_b at one sample. */
static double dot_at(const kedge_ledger *self, size_t sample, int a, int b)
{
    size_t live = (size_t)self->trainer->graph->live;
    const float *left = gradient_of(self, a) + sample, *right = gradient_of(self, b) + sample;
    double sum = 0;
    for (size_t row = 0; row < (size_t)self->site->rows; row++)
        sum += (double)left[row * live] * (double)right[row * live];
    return sum;
}

static double pull_of(const kedge_ledger *self, int j)
{
    const float *labels = labels_of(self, j);
    double sum = 0;
    int n = 0;
    for (size_t i = 0; labels && i < (size_t)self->trainer->graph->live; i++)
        if (labels[i] > 0) sum += sqrt(dot_at(self, i, j, j)), n++;
    return n ? sum / n : NAN;
}

static double cosine_of(double dot, double left, double right)
{
    return left > 0 && right > 0 ? dot / (left * right) : NAN;
}

/* Pair p, both active. */
static void compare(kedge_ledger *self, int p, int a, int b)
{
    kedge_ledger_record *now = &self->now;
    const float *left = labels_of(self, a), *right = labels_of(self, b);
    size_t live = (size_t)self->trainer->graph->live;
    double product = dot((size_t)self->site->rows * live, gradient_of(self, a), gradient_of(self, b));
    double of_a = now->norms[a], of_b = now->norms[b];
    now->cosines[p] = cosine_of(product, of_a, of_b);
    if (left || right) product = of_a = of_b = 0;
    for (size_t i = 0; i < live && (left || right); i++) {
        if ((left && !(left[i] > 0)) || (right && !(right[i] > 0))) continue;
        product += dot_at(self, i, a, b);
        of_a += dot_at(self, i, a, a);
        of_b += dot_at(self, i, b, b);
    }
    if (left || right) of_a = sqrt(of_a), of_b = sqrt(of_b);
    now->shared[p] = cosine_of(product, of_a, of_b);
    now->ratios[p] = fmin(of_a, of_b) / fmax(of_a, of_b);
}

void kedge_ledger_take(kedge_ledger *self, const kedge_step *step)
{
    size_t floats = (size_t)self->site->rows * (size_t)self->trainer->graph->live;
    kedge_ledger_record *now = &self->now;
    copy_batch(self);
    for (int j = 0; j < self->n; j++) {
        const float *gradient = gradient_of(self, j);
        now->norms[j] = now->pulls[j] = NAN;
        if (j > 0 ? !kedge_step_active(step, j - 1) : step->task == 0) continue;
        take_gradient(self, j, j > 0 ? step->weights[j - 1] : step->task);
        now->norms[j] = sqrt(dot(floats, gradient, gradient));
        now->pulls[j] = pull_of(self, j);
    }
    for (int a = 0; a < self->n; a++)
        for (int b = a + 1; b < self->n; b++) {
            int p = kedge_ledger_pair(self->n, a, b);
            now->cosines[p] = now->shared[p] = now->ratios[p] = NAN;
            if (!isnan(now->norms[a]) && !isnan(now->norms[b])) compare(self, p, a, b);
        }
}
