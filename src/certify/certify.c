/* certify.c - cell by cell. */
#include "certify/certify.h"

#include <math.h>

#include "base/pool.h"
#include "certify/branch.h"
#include "certify/wide.h"

enum { TRIALS = 192, PATCHES = 20000, MAX_CELLS = 100000 };

typedef struct work {
    const kedge_path *path;
    const kedge_patch_kind *kind;
    kedge_branch_options options;
    kedge_certificate_cell *cells;
    int n;
    double slack;
    kedge_branch **branches; /* by worker; NULL in many dims */
    double **scratch;        /* by worker */
} work;

/* ---- cells ---- */

/* Multiples of the resolution, and the alignment where the edit begins. */
static kedge_status make_cells(kedge_certificate_cell **out, int *n, const kedge_path *path, kedge_arena *arena,
                               double resolution)
{
    double edge = 0;
    int most = (int)fmin(MAX_CELLS, ceil(1 / resolution - 1e-9)), count = 0;
    kedge_certificate_cell *cells = kedge_arena_alloc(arena, (size_t)most + 1, sizeof *cells);
    if (!cells) return kedge_fail_memory("a certificate");
    for (int i = 1; i <= most; i++) {
        double next = i == most ? 1 : i * resolution;
        if (path->from > edge && path->from < next) {
            cells[count++] = (kedge_certificate_cell){.low = edge, .high = path->from};
            edge = path->from;
        }
        cells[count++] = (kedge_certificate_cell){.low = edge, .high = next};
        edge = next;
    }
    *out = cells;
    *n = count;
    return KEDGE_OK;
}

int kedge_certify_cell(const kedge_certificate_cell *cells, int n, double alignment)
{
    int low = 0, high = n - 1;
    while (low < high) {
        int middle = (low + high) / 2;
        if (alignment <= cells[middle].high) high = middle;
        else low = middle + 1;
    }
    return low;
}

double kedge_certify_alignment(const kedge_path *path, const float *latent)
{
    /* the sums in the order in which ops/alignment.c makes them, so that no rounding tells a latent from another
     * cell's */
    size_t k = (size_t)path->n_latents;
    double dot = 0, edited = 0, length = 0;
    for (size_t j = 0; j < k; j++) {
        double x = (double)latent[j];
        dot += path->basis[j] * x;
        length += x * x;
    }
    length = sqrt(length);
    if (!(length >= 1e-12)) return 0;
    if (path->n_edited == 1 && !path->both_signs) return fmax(-1, fmin(1, dot / length));
    for (size_t i = 0; i < (size_t)path->n_edited; i++) {
        double along = 0;
        for (size_t j = 0; j < k; j++) along += path->basis[i * k + j] * (double)latent[j];
        edited += along * along;
    }
    return fmin(1, sqrt(edited) / length);
}

/* ---- bounds ---- */

/* The angles of a cell, a little more than exactly, so that what rounding puts on the other side of an edge is
 * covered. */
static int ranges_of(const kedge_path *path, const kedge_certificate_cell *cell, kedge_probe_range ranges[2])
{
    const double more = 1e-9;
    double low = fmax(0, cell->low - more), high = fmin(1, cell->high + more);
    int n = 0;
    if (path->n_edited == path->n_latents) { /* nothing but d: alignment is 1 */
        if (cell->high < 1) return 0;
        low = 1;
    }
    ranges[n++] = (kedge_probe_range){acos(high), acos(low), false};
    if (path->kind == KEDGE_PATH_ABLATE && high == 1) ranges[n++] = (kedge_probe_range){0, 1, true};
    return n;
}

static void bound_cell(long i, int worker, void *payload)
{
    work *self = payload;
    kedge_certificate_cell *cell = &self->cells[i];
    kedge_probe_range ranges[2];
    int n = cell->high <= self->path->from ? 0 : ranges_of(self->path, cell, ranges);
    kedge_branch_options options = self->options;
    kedge_branch_result result = {0};
    options.stream = (uint32_t)i;
    if (n == 0) return; /* not touched, or no such latent */
    double *scratch = self->scratch[worker], *probe = scratch + kedge_wide_work(self->kind);
    for (int r = 0; r < n; r++) result.bound = fmax(result.bound, kedge_wide_bound(self->kind, &ranges[r], scratch));
    if (self->branches) {
        options.most = result.bound;
        result = kedge_branch_run(self->branches[worker], &options, ranges, n);
    } else {
        double *search = probe + self->path->n_latents;
        for (int r = 0; r < n; r++) {
            kedge_probe best = {.d = probe, .n = probe + self->kind->n_d};
            double found = kedge_search(self->kind, &ranges[r], options.stream, options.trials, &best, search);
            result.found = fmax(result.found, found);
            result.patches += KEDGE_WIDE_PARTS;
        }
    }
    bool in_unit = self->kind->decoder->clamp || self->kind->decoder->last;
    cell->found = sqrt(result.found);
    cell->bound = sqrt(fmax(result.bound, result.found)) + self->slack;
    if (in_unit && cell->bound > 1) cell->bound = 1;
    cell->patches = result.patches;
}

/* How far the edited latents in float32 may be from the exact ones: normalization leaves a length of 1 within (K +
 * 4) units of rounding, edits are computed in double and rounded. See docs/certificate.md. */
static double latent_error(const kedge_path *path)
{
    return (path->n_latents + 8) * 0x1p-23 * path->longest;
}

static void release(work *self, kedge_context *ctx)
{
    for (int w = 0; w < ctx->threads; w++) {
        if (self->branches) kedge_branch_free(self->branches[w]);
        if (self->scratch) kedge_release(ctx, self->scratch[w]);
    }
    kedge_release(ctx, self->branches);
    kedge_release(ctx, self->scratch);
}

static kedge_status prepare(work *self, kedge_context *ctx)
{
    const kedge_decoder *decoder = self->kind->decoder;
    double *slack = kedge_alloc(ctx, kedge_decoder_slack_work(decoder), sizeof *slack);
    if (!slack) return kedge_fail_memory("a certificate");
    self->slack = kedge_decoder_slack(decoder, 1, latent_error(self->path), slack) +
                  kedge_decoder_slack(decoder, self->path->longest, latent_error(self->path), slack);
    kedge_release(ctx, slack);
    bool few = self->path->n_latents <= KEDGE_CERTIFY_DIMS;
    self->scratch = kedge_alloc_zero(ctx, (size_t)ctx->threads, sizeof *self->scratch);
    if (few) self->branches = kedge_alloc_zero(ctx, (size_t)ctx->threads, sizeof *self->branches);
    if (!self->scratch || (few && !self->branches)) return kedge_fail_memory("a certificate");
    size_t numbers = kedge_wide_work(self->kind) + (size_t)self->path->n_latents + kedge_search_work(self->kind);
    for (int w = 0; w < ctx->threads; w++) {
        self->scratch[w] = kedge_alloc(ctx, numbers, sizeof(double));
        if (!self->scratch[w]) return kedge_fail_memory("a certificate");
        kedge_status status = KEDGE_OK;
        if (few) status = kedge_branch_create(&self->branches[w], ctx, self->kind, self->options.patches);
        if (status) return status;
    }
    return KEDGE_OK;
}

static kedge_status check(const kedge_certify_options *options)
{
    if (!(options->resolution >= 0 && options->resolution <= 1) ||
        (options->resolution > 0 && options->resolution < 1.0 / MAX_CELLS))
        return kedge_fail(KEDGE_EINVALID, "resolution must be between 1e-5 and 1");
    if (options->patches < 0 || options->patches > 100000000)
        return kedge_fail(KEDGE_EINVALID, "patches must be between 0 and 100,000,000");
    return KEDGE_OK;
}

kedge_status kedge_certify_cells(kedge_certificate_cell **cells, int *n, kedge_path *path, kedge_arena *arena,
                                 const kedge_plan_options *plan, const kedge_model_options *model,
                                 const kedge_params *params, int n_outputs, bool clamp,
                                 const kedge_certify_options *options)
{
    const kedge_certify_options defaults = KEDGE_CERTIFY_OPTIONS_INIT;
    kedge_decoder decoder;
    work self = {.path = path};
    if (!options) options = &defaults;
    kedge_status status = check(options);
    if (!status) status = kedge_path_init(path, arena, plan, model);
    if (!status) status = kedge_decoder_init(&decoder, arena, model, params, n_outputs, clamp, path->basis);
    if (!status)
        status = make_cells(&self.cells, &self.n, path, arena, options->resolution > 0 ? options->resolution : 0.02);
    if (status) return status;
    kedge_patch_kind kind = kedge_patch_kind_of(path, &decoder);
    double tolerance = options->tolerance == 0 ? 0.02 : options->tolerance;
    self.kind = &kind;
    self.options = (kedge_branch_options){.patches = options->patches > 0 ? (long)options->patches : PATCHES,
                                          .relative = tolerance < 0 ? 0 : tolerance,
                                          .absolute = tolerance < 0 ? 0 : 1e-4,
                                          .trials = TRIALS};
    status = prepare(&self, arena->ctx);
    if (!status) {
        kedge_pool_run(arena->ctx->threads, self.n, bound_cell, &self, NULL);
        *cells = self.cells;
        *n = self.n;
    }
    release(&self, arena->ctx);
    return status;
}
