/* attack.h - what a plan changes, in double and written apart from the library (METHOD sections 5 to 7), and
 * latents that try to change more than was promised. */
#ifndef CERTIFY_ATTACK_H
#define CERTIFY_ATTACK_H

#include "certify_fixture.h"

/* ---- the reference ---- */

static inline double length_of(int n, const double *x)
{
    double sum = 0;
    for (int j = 0; j < n; j++) sum += x[j] * x[j];
    return sqrt(sum);
}

static inline double activate(int activation, double x)
{
    switch (activation) {
    case KEDGE_ACTIVATION_RELU: return fmax(0, x);
    case KEDGE_ACTIVATION_TANH: return tanh(x);
    case KEDGE_ACTIVATION_SIGMOID: return 1 / (1 + exp(-x));
    default: return x / 2 * (1 + erf(x / sqrt(2)));
    }
}

static inline void reference_decode(const fixture *f, const double *z, double *y)
{
    double x[MAX_WIDTH], next[MAX_WIDTH];
    int layers = f->model.hidden.n + 1;
    memcpy(x, z, (size_t)f->model.bottleneck * sizeof *x);
    for (int i = 0; i < layers; i++) {
        const kedge_param *weight = &f->params.list[2 * (layers + i)], *bias = weight + 1;
        for (int r = 0; r < weight->rows; r++) {
            next[r] = (double)f->params.values[bias->offset + (size_t)r];
            for (int c = 0; c < weight->cols; c++)
                next[r] += (double)f->params.values[weight->offset + (size_t)(r * weight->cols + c)] * x[c];
            if (i + 1 < layers) next[r] = activate(f->model.activation, next[r]);
            else if (f->model.output == KEDGE_OUTPUT_SIGMOID) next[r] = activate(KEDGE_ACTIVATION_SIGMOID, next[r]);
        }
        memcpy(x, next, sizeof x);
    }
    for (int j = 0; j < N_OUT; j++) y[j] = f->clamp ? fmin(1, fmax(0, x[j])) : x[j];
}

static inline bool is_dim(const kedge_ints *dims, int j)
{
    for (int i = 0; i < dims->n; i++)
        if (dims->at[i] == j) return true;
    return false;
}

/* z' of the plan's one step, for a unit z. */
static inline void reference_edit(const fixture *f, const double *z, double *edited)
{
    int k = (int)f->model.bottleneck;
    const kedge_edit_options *e = &f->step.edit;
    const kedge_edit_kind *kind = f->step.is_surgery ? NULL : kedge_edit_kinds[e->kind];
    memcpy(edited, z, (size_t)k * sizeof *z);
    if (f->step.is_surgery || kind == &kedge_edit_zero) {
        const kedge_ints *dims = f->step.is_surgery ? &f->step.surgery.dims : &e->dims;
        bool reflect = f->step.is_surgery && f->step.surgery.kind == surgery_of("reflect");
        for (int j = 0; j < k; j++)
            if (is_dim(dims, j)) edited[j] = reflect ? -z[j] : 0;
        double left = length_of(k, edited);
        if ((f->step.is_surgery && !reflect) || strcmp(e->site ? e->site : "", "pre-norm") == 0)
            for (int j = 0; j < k; j++) edited[j] /= left;
        return;
    }
    double along = 0, size = length_of(k, f->direction), v[MAX_DIMS];
    for (int j = 0; j < k; j++) {
        v[j] = f->direction[j] / size;
        along += z[j] * v[j];
    }
    double aside = sqrt(fmax(0, 1 - along * along));
    if (kind == &kedge_edit_add)
        for (int j = 0; j < k; j++) edited[j] = z[j] + e->strength * v[j];
    else if (kind == &kedge_edit_suppress)
        for (int j = 0; j < k; j++) edited[j] = z[j] - kedge_suppress_share(e, fmax(0, along)) * along * v[j];
    else if (along > 0) {
        double m = kedge_repel_map(e, along), mu = sqrt(1 - m * m);
        for (int j = 0; j < k; j++) edited[j] = m * v[j] + mu * (z[j] - along * v[j]) / aside;
    }
}

/* The root mean square over outputs of what the plan changes for a unit latent. */
static inline double reference_change(const fixture *f, const double *z)
{
    double edited[MAX_DIMS], before[N_OUT], after[N_OUT], sum = 0;
    reference_edit(f, z, edited);
    reference_decode(f, z, before);
    reference_decode(f, edited, after);
    for (int j = 0; j < N_OUT; j++) sum += (after[j] - before[j]) * (after[j] - before[j]);
    return sqrt(sum / N_OUT);
}

/* ---- attack ---- */

/* A unit latent whose alignment is about 'alignment': the direction or the edited dims drawn apart from the others. */
static inline void draw_latent(fixture *f, double alignment, double *z)
{
    int k = (int)f->model.bottleneck, edited = f->path.n_edited;
    double parts[MAX_DIMS], d, n;
    for (int j = 0; j < k; j++) parts[j] = uniform(f, -1, 1);
    if (edited == 1 && !f->path.both_signs) parts[0] = 1;
    d = length_of(edited, parts);
    n = length_of(k - edited, parts + edited);
    for (int j = 0; j < k; j++) {
        z[j] = 0;
        for (int i = 0; i < k; i++) {
            double size = i < edited ? alignment / d : sqrt(1 - alignment * alignment) / (n > 0 ? n : 1);
            z[j] += f->path.basis[i * k + j] * parts[i] * size;
        }
    }
}

static inline double alignment_of(const fixture *f, const double *z)
{
    int k = (int)f->model.bottleneck;
    double sum = 0, first = 0;
    for (int i = 0; i < f->path.n_edited; i++) {
        double along = 0;
        for (int j = 0; j < k; j++) along += f->path.basis[i * k + j] * z[j];
        sum += along * along;
        first = i == 0 ? along : first;
    }
    return f->path.n_edited == 1 && !f->path.both_signs ? first : sqrt(sum);
}

/* Tries latents and climbs from each, whatever cell it leads through; every change on the way must be promised.
 * Returns the largest share of a promise that was reached. */
static inline double attack(fixture *f, int starts, int steps)
{
    int k = (int)f->model.bottleneck;
    double most = 0, z[MAX_DIMS], other[MAX_DIMS];
    for (int start = 0; start < starts; start++) {
        double best = 0, size = 0.3;
        draw_latent(f, start % 8 == 0 ? 1 - 1e-9 : uniform(f, 0, 1), z);
        for (int i = 0; i < steps; i++) {
            for (int j = 0; j < k; j++) other[j] = z[j] + (i > 0 ? uniform(f, -size, size) : 0);
            double length = length_of(k, other);
            for (int j = 0; j < k; j++) other[j] /= length;
            double alignment = alignment_of(f, other), change = reference_change(f, other);
            if (alignment < 0 || !isfinite(change)) continue;
            int at = kedge_certify_cell(f->cells, f->n_cells, fmin(1, alignment));
            const kedge_certificate_cell *cell = &f->cells[at];
            if (change > cell->bound + 1e-14) /* the reference rounds, too, even where nothing is edited */
                fail_msg("alignment %.9g: changes by %.9g, at most %.9g was promised", alignment, change, cell->bound);
            if (cell->bound > 0) most = fmax(most, change / cell->bound);
            if (change < best) {
                size = fmax(1e-3, size * 0.9);
                continue;
            }
            best = change;
            memcpy(z, other, sizeof z);
        }
    }
    return most;
}

#endif
