/* search.c - multi-start local ascent. */
#include "certify/search.h"

#include <math.h>
#include <string.h>

#include "base/random.h"

enum { STARTS = 3 }; /* of the drawn latents, the best ones that are climbed from */

size_t kedge_search_work(const kedge_patch_kind *kind)
{
    size_t k = (size_t)kind->path->n_latents;
    return 2 * (size_t)kind->decoder->width + 2 * (size_t)kind->decoder->n_outputs + 2 * k + (STARTS + 2) * k;
}

double kedge_change_at(const kedge_patch_kind *kind, const double *z, const double *edited, double *work)
{
    const kedge_decoder *decoder = kind->decoder;
    double *before = work + 2 * decoder->width, *after = before + decoder->n_outputs, sum = 0;
    kedge_decoder_apply(decoder, z, work, before);
    kedge_decoder_apply(decoder, edited, work, after);
    for (int j = 0; j < decoder->n_outputs; j++) sum += (after[j] - before[j]) * (after[j] - before[j]);
    return sum / decoder->n_outputs;
}

static double change(const kedge_patch_kind *kind, const kedge_probe *at, double *work)
{
    double *z = work + 2 * kind->decoder->width + 2 * kind->decoder->n_outputs, *edited = z + kind->path->n_latents;
    double parts[KEDGE_PATH_PARTS] = {1, 0, 0, at->angle};
    if (!at->corner) kedge_path_at(kind->path, at->d[0], at->angle, parts);
    for (int j = 0; j < kind->n_d; j++) {
        z[j] = parts[KEDGE_PATH_COS] * at->d[j];
        edited[j] = parts[KEDGE_PATH_A] * at->d[j];
    }
    for (int j = 0; j < kind->n_n; j++) {
        z[kind->n_d + j] = parts[KEDGE_PATH_SIN] * at->n[j];
        edited[kind->n_d + j] = parts[KEDGE_PATH_B] * at->n[j];
    }
    return kedge_change_at(kind, z, edited, work);
}

static void normalize(int k, double *x)
{
    double sum = 0;
    for (int j = 0; j < k; j++) sum += x[j] * x[j];
    for (int j = 0; j < k; j++) x[j] = sum > 0 ? x[j] / sqrt(sum) : j == 0;
}

/* A step of one coordinate; false if it leads nowhere. 0 is the angle, then those of d, then those of n. */
static bool step(const kedge_patch_kind *kind, const kedge_probe_range *range, int coordinate, double by,
                 kedge_probe *at)
{
    if (coordinate == 0) {
        double angle = fmin(range->to, fmax(range->from, at->angle + by * (range->to - range->from)));
        bool moved = angle != at->angle;
        at->angle = angle;
        return moved;
    }
    bool in_d = coordinate <= kind->n_d;
    double *x = in_d ? at->d : at->n;
    int n = in_d ? kind->n_d : kind->n_n, j = coordinate - 1 - (in_d ? 0 : kind->n_d);
    if (n < 2) return false; /* the two ends of a line are not near each other */
    x[j] += by;
    normalize(n, x);
    return true;
}

/* From 'at', whose change is 'value', to a point from which no small step leads higher, or until 'trials' are used
 * up; returns the change there. */
static double climb(const kedge_patch_kind *kind, const kedge_probe_range *range, int trials, kedge_probe *at,
                    double value, double *work)
{
    int k = kind->path->n_latents, trial = 0;
    double *own = work + kedge_search_work(kind) - 2 * k, *d = own, *n = own + kind->n_d;
    for (double by = 0.25; by > 1e-4 && trial < trials;) {
        bool better = false;
        for (int i = 0; i < 2 * (1 + k) && trial < trials; i++) {
            kedge_probe other = {at->angle, at->corner, d, n};
            memcpy(d, at->d, (size_t)kind->n_d * sizeof *d);
            memcpy(n, at->n, (size_t)kind->n_n * sizeof *n);
            if (!step(kind, range, i / 2, i % 2 ? -by : by, &other)) continue;
            double moved = change(kind, &other, work);
            trial++;
            if (!(moved > value)) continue;
            value = moved;
            better = true;
            at->angle = other.angle;
            memcpy(at->d, d, (size_t)kind->n_d * sizeof *d);
            memcpy(at->n, n, (size_t)kind->n_n * sizeof *n);
        }
        by = better ? by : by / 2;
    }
    return value;
}

/* Evenly in the cube between -1 and 1, made a unit vector: every direction has its chance. */
static void draw(const kedge_patch_kind *kind, const kedge_probe_range *range, uint32_t stream, int trial,
                 kedge_probe *at)
{
    uint32_t words[4];
    kedge_random_block(0, KEDGE_PURPOSE_CERTIFY, stream, (uint32_t)trial, 0, words);
    double inside = range->from + (double)kedge_random_unit(words[0]) * (range->to - range->from);
    /* both ends are tried as well: changes are mostly largest there */
    at->angle = trial % 3 == 0 ? range->from : trial % 3 == 1 ? range->to : inside;
    at->corner = range->corner;
    for (int i = 0; i < kind->path->n_latents; i++) {
        if (i % 4 == 0)
            kedge_random_block(0, KEDGE_PURPOSE_CERTIFY, stream, (uint32_t)trial, 1 + (uint32_t)i / 4, words);
        double x = 2 * (double)kedge_random_unit(words[i % 4]) - 1;
        if (i < kind->n_d) at->d[i] = x;
        else at->n[i - kind->n_d] = x;
    }
    normalize(kind->n_d, at->d);
    normalize(kind->n_n, at->n);
    if (kind->n_d == 1 && !kind->path->both_signs) at->d[0] = 1;
}

double kedge_search(const kedge_patch_kind *kind, const kedge_probe_range *range, uint32_t stream, int trials,
                    kedge_probe *best, double *work)
{
    size_t k = (size_t)kind->path->n_latents;
    double *own = work + kedge_search_work(kind) - (STARTS + 2) * k, values[STARTS], most = 0;
    kedge_probe starts[STARTS];
    for (int i = 0; i < STARTS; i++, own += k) {
        starts[i] = (kedge_probe){.d = own, .n = own + kind->n_d};
        values[i] = -1;
    }
    draw(kind, range, stream, 0, best);
    for (int trial = 0; trial < trials; trial++) {
        draw(kind, range, stream, trial, best);
        double value = change(kind, best, work);
        int worst = 0;
        for (int i = 1; i < STARTS; i++) worst = values[i] < values[worst] ? i : worst;
        if (!(value > values[worst])) continue;
        values[worst] = value;
        starts[worst].angle = best->angle;
        starts[worst].corner = best->corner;
        memcpy(starts[worst].d, best->d, (size_t)kind->n_d * sizeof(double));
        memcpy(starts[worst].n, best->n, (size_t)kind->n_n * sizeof(double));
    }
    for (int i = 0; i < STARTS; i++) {
        if (values[i] < 0) continue;
        double value = climb(kind, range, trials, &starts[i], values[i], work);
        if (!(value > most)) continue;
        most = value;
        best->angle = starts[i].angle;
        best->corner = starts[i].corner;
        memcpy(best->d, starts[i].d, (size_t)kind->n_d * sizeof(double));
        memcpy(best->n, starts[i].n, (size_t)kind->n_n * sizeof(double));
    }
    return most;
}
