/* branch.c - best first. */
#include "certify/branch.h"

#include <math.h>
#include <string.h>

enum { MAX_RANGES = 2 };

struct kedge_branch {
    kedge_context *ctx;
    const kedge_patch_kind *kind;
    long capacity;
    kedge_patch *patches; /* [capacity]: slots, which are not moved */
    double *bounds;       /* [capacity], by slot */
    double *numbers;      /* d and n of all slots */
    long *heap;           /* slots; the largest bound first, of equal ones the lower slot */
    long n_heap, n_slots;
    double *bundles[2];
    double *work, *z;
    kedge_probe best, probe;
    double *probes;
};

kedge_status kedge_branch_create(kedge_branch **out, kedge_context *ctx, const kedge_patch_kind *kind, long patches)
{
    kedge_branch *self = kedge_alloc_zero(ctx, 1, sizeof *self);
    if (!self) return kedge_fail_memory("a certificate");
    size_t k = (size_t)kind->path->n_latents, orthants = (size_t)kedge_patch_orthants(kind);
    size_t capacity = (size_t)patches + 2 + MAX_RANGES * orthants;
    size_t bundle = kedge_bundle_numbers(kind->decoder, kedge_patch_vertices(kind), 2);
    size_t work = kedge_patch_work(kind) > kedge_search_work(kind) ? kedge_patch_work(kind) : kedge_search_work(kind);
    kedge_status status = KEDGE_OK;
    self->ctx = ctx;
    self->kind = kind;
    self->capacity = (long)capacity;
    self->patches = kedge_alloc(ctx, capacity, sizeof *self->patches);
    self->bounds = kedge_alloc(ctx, capacity, sizeof *self->bounds);
    self->heap = kedge_alloc(ctx, capacity, sizeof *self->heap);
    self->numbers = kedge_alloc(ctx, capacity * kind->n_numbers, sizeof *self->numbers);
    self->bundles[0] = kedge_alloc(ctx, bundle, sizeof(double));
    self->bundles[1] = kedge_alloc(ctx, bundle, sizeof(double));
    self->work = kedge_alloc(ctx, work, sizeof(double));
    self->z = kedge_alloc(ctx, 2 * k, sizeof(double));
    self->probes = kedge_alloc(ctx, 2 * k, sizeof(double));
    if (!self->patches || !self->bounds || !self->heap || !self->numbers || !self->bundles[0] || !self->bundles[1] ||
        !self->work || !self->z || !self->probes) {
        status = kedge_fail_memory("a certificate");
        goto done;
    }
    for (size_t i = 0; i < capacity; i++) {
        self->patches[i].d = self->numbers + i * kind->n_numbers;
        self->patches[i].n = self->patches[i].d + kind->n_d * kind->n_d;
    }
    self->best.d = self->probes;
    self->best.n = self->probes + kind->n_d;
    self->probe.d = self->probes + k;
    self->probe.n = self->probes + k + kind->n_d;
    *out = self;
    self = NULL;
done:
    kedge_branch_free(self);
    return status;
}

void kedge_branch_free(kedge_branch *branch)
{
    if (!branch) return;
    kedge_context *ctx = branch->ctx;
    kedge_release(ctx, branch->patches);
    kedge_release(ctx, branch->bounds);
    kedge_release(ctx, branch->heap);
    kedge_release(ctx, branch->numbers);
    kedge_release(ctx, branch->bundles[0]);
    kedge_release(ctx, branch->bundles[1]);
    kedge_release(ctx, branch->work);
    kedge_release(ctx, branch->z);
    kedge_release(ctx, branch->probes);
    kedge_release(ctx, branch);
}

/* ---- the heap ---- */

static bool before(const kedge_branch *self, long a, long b)
{
    if (self->bounds[a] != self->bounds[b]) return self->bounds[a] > self->bounds[b];
    return a < b;
}

static void push(kedge_branch *self, long slot)
{
    long at = self->n_heap++;
    for (long up; at > 0 && before(self, slot, self->heap[up = (at - 1) / 2]); at = up) self->heap[at] = self->heap[up];
    self->heap[at] = slot;
}

static long pop(kedge_branch *self)
{
    long first = self->heap[0], last = self->heap[--self->n_heap], at = 0;
    for (;;) {
        long down = 2 * at + 1;
        if (down >= self->n_heap) break;
        if (down + 1 < self->n_heap && before(self, self->heap[down + 1], self->heap[down])) down++;
        if (!before(self, self->heap[down], last)) break;
        self->heap[at] = self->heap[down];
        at = down;
    }
    self->heap[at] = last;
    return first;
}

/* ---- bounds ---- */

/* Bounds the patch in a slot, which is no worse than 'most', what is known of a larger one; tries the vertex where
 * the bound is reached. */
static void bound(kedge_branch *self, long slot, double most, kedge_branch_result *result)
{
    kedge_patch *patch = &self->patches[slot];
    kedge_bundle bundle, scratch;
    int vertex, n = kedge_patch_vertices(self->kind);
    kedge_patch_project(self->kind, patch, &bundle, self->bundles[0], self->work);
    kedge_bundle_place(&scratch, self->kind->decoder, n, 2, self->bundles[1]);
    double own = kedge_bundle_bound(self->kind->decoder, &bundle, &scratch, &vertex);
    self->bounds[slot] = own < most ? own : most;
    result->patches++;
    if (!(self->bounds[slot] > result->found)) return;
    double *z = self->z, *edited = z + self->kind->path->n_latents;
    kedge_patch_vertex(self->kind, patch, vertex, z, edited);
    double value = kedge_change_at(self->kind, z, edited, self->work);
    if (value > result->found) result->found = value;
    push(self, slot);
}

static bool is_near(const kedge_branch_options *options, double bound, double found)
{
    return sqrt(bound) <= (1 + options->relative) * sqrt(found) + options->absolute;
}

kedge_branch_result kedge_branch_run(kedge_branch *self, const kedge_branch_options *options,
                                     const kedge_probe_range *ranges, int n)
{
    kedge_branch_result result = {0};
    self->n_heap = self->n_slots = 0;
    for (int i = 0; i < n; i++) {
        double value = kedge_search(self->kind, &ranges[i], options->stream, options->trials, &self->best, self->work);
        result.found = fmax(result.found, value);
    }
    for (int i = 0; i < n; i++)
        for (long orthant = 0; orthant < kedge_patch_orthants(self->kind); orthant++) {
            kedge_patch *patch = &self->patches[self->n_slots];
            patch->from = ranges[i].from;
            patch->to = ranges[i].to;
            patch->corner = ranges[i].corner;
            kedge_patch_orthant(self->kind, orthant, patch);
            bound(self, self->n_slots++, options->most, &result);
        }
    while (self->n_heap > 0 && result.patches + 2 <= options->patches && self->n_slots < self->capacity) {
        long slot = self->heap[0], other = self->n_slots;
        double most = self->bounds[slot];
        if (is_near(options, most, result.found)) break;
        if (!kedge_patch_split(self->kind, &self->patches[slot], &self->patches[other])) break;
        pop(self);
        self->n_slots++;
        bound(self, slot, most, &result);
        bound(self, other, most, &result);
    }
    result.bound = self->n_heap > 0 ? fmax(result.found, self->bounds[self->heap[0]]) : result.found;
    return result;
}
