/* patch.c - products of an arc and two spherical simplices. */
#include "certify/patch.h"

#include <math.h>
#include <string.h>

static const double wide = 1.005; /* rays this long: 6 degrees from the middle */

enum { CUT_NOWHERE, CUT_RANGE, CUT_D, CUT_N };

kedge_patch_kind kedge_patch_kind_of(const kedge_path *path, const kedge_decoder *decoder)
{
    int n_d = path->n_edited, n_n = path->n_latents - n_d;
    return (kedge_patch_kind){path, decoder, n_d, n_n, (size_t)n_d * (size_t)n_d + (size_t)n_n * (size_t)n_n};
}

static int n_vertices(const kedge_patch_kind *kind)
{
    return kind->n_n > 0 ? kind->n_n : 1;
}

int kedge_patch_vertices(const kedge_patch_kind *kind)
{
    return 2 * kind->n_d * n_vertices(kind);
}

size_t kedge_patch_work(const kedge_patch_kind *kind)
{
    return (size_t)(kind->n_d + n_vertices(kind)) * (size_t)kind->decoder->layers[0].rows;
}

/* ---- all of the sphere ---- */

long kedge_patch_orthants(const kedge_patch_kind *kind)
{
    int free = kind->n_n + (kind->path->both_signs ? kind->n_d : 0);
    return 1L << free;
}

void kedge_patch_orthant(const kedge_patch_kind *kind, long i, kedge_patch *patch)
{
    for (int k = 0; k < kind->n_n; k++, i >>= 1)
        for (int j = 0; j < kind->n_n; j++) patch->n[k * kind->n_n + j] = k != j ? 0 : i & 1 ? -1 : 1;
    for (int k = 0; k < kind->n_d; k++, i >>= 1)
        for (int j = 0; j < kind->n_d; j++) patch->d[k * kind->n_d + j] = k != j ? 0 : i & 1 ? -1 : 1;
}

/* ---- the first layer ---- */

/* 1/|m| for m in the flat simplex between unit vectors lies in [1, the result]: |m| is at least its part along any
 * unit vector, here the one through the middle, and that part is least at a vertex. So no vector of the cone is further
 * from the middle than the angle whose cosine is 1 over the result. *length is that of the vertices' sum. */
static double longest_ray(int k, const double *vertices, double *length)
{
    double sum = 0, least = 1;
    for (int j = 0; j < k; j++) {
        double middle = 0;
        for (int v = 0; v < k; v++) middle += vertices[v * k + j];
        sum += middle * middle;
    }
    for (int v = 0; v < k; v++) {
        double along = 0;
        for (int j = 0; j < k; j++) {
            double middle = 0;
            for (int w = 0; w < k; w++) middle += vertices[w * k + j];
            along += middle * vertices[v * k + j];
        }
        least = fmin(least, along / sqrt(sum));
    }
    *length = k > 1 ? sqrt(sum) : 1;
    return k > 1 ? 1 / least * (1 + 1e-14) : 1;
}

/* to [k][rows] = the layer's columns from 'first' on times each vertex */
static void weigh(const kedge_decoder_layer *layer, int first, int k, const double *vertices, double *to)
{
    int rows = layer->rows;
    memset(to, 0, (size_t)(k > 0 ? k : 1) * (size_t)rows * sizeof *to);
    for (int v = 0; v < k; v++)
        for (int j = 0; j < k; j++) {
            double x = vertices[v * k + j];
            if (x == 0) continue;
            for (int r = 0; r < rows; r++) to[v * rows + r] += layer->weight[(first + j) * rows + r] * x;
        }
}

/* One of the two factors: what its vertices weigh, and its rays' lengths as a middle and a half width. */
typedef struct factor {
    int n;
    const double *weighed; /* [n][rows] */
    double ray, length; /* see longest_ray */
    double middle, half;
    int of[2];    /* the parts of the arc that it goes with, before and after */
    int first, k; /* its dims among the latent's */
} factor;

static factor factor_of(const kedge_patch_kind *kind, bool is_d, const kedge_patch *patch, const double *weighed)
{
    factor f = {.n = is_d ? kind->n_d : n_vertices(kind), .weighed = weighed,
                .of = {is_d ? KEDGE_PATH_COS : KEDGE_PATH_SIN, is_d ? KEDGE_PATH_A : KEDGE_PATH_B},
                .first = is_d ? 0 : kind->n_d, .k = is_d ? kind->n_d : kind->n_n};
    f.ray = longest_ray(f.k, is_d ? patch->d : patch->n, &f.length);
    f.middle = (f.ray + 1) / 2;
    f.half = (f.ray - 1) / 2;
    return f;
}

static double largest(const factor *f, int rows, int r)
{
    double most = 0;
    for (int v = 0; v < f->n; v++) most = fmax(most, fabs(f->weighed[v * rows + r]));
    return most;
}

/* The arc's part before or after the edit, or its change, at one end. */
static double part_at(const kedge_arc *arc, const factor *f, int part, int end)
{
    if (part != KEDGE_CHANGE) return arc->at[f->of[part]][end];
    return arc->at[f->of[1]][end] - arc->at[f->of[0]][end];
}

static double part_off(const kedge_arc *arc, const factor *f, int part)
{
    return part != KEDGE_CHANGE ? arc->off[f->of[part]] : arc->off_change[f->of[0] == KEDGE_PATH_SIN];
}

/* Adds part(s) ray vertex for one factor: its columns at all vertices, and to 'off' how far the arc may be from its
 * line. The ray's length is the middle one in the columns; its deviation is a symbol where it is the same for all
 * vertices, by their mean, and 'off' where it is not. */
static void add_factor(kedge_bundle *bundle, const kedge_arc *arc, const factor *f, int inner, int outer, int symbol,
                       int rows)
{
    for (int part = 0; part < 3; part++) {
        double ends[2] = {part_at(arc, f, part, 0), part_at(arc, f, part, 1)};
        double off = part_off(arc, f, part);
        double *column = bundle->part[part];
        for (int end = 0; end < 2; end++)
            for (int o = 0; o < outer; o++)
                for (int v = 0; v < f->n; v++)
                    for (int i = 0; i < inner; i++, column += bundle->stride) {
                        double size = ends[end] * f->middle;
                        const double *w = f->weighed + v * rows;
                        for (int r = 0; r < rows; r++) column[r] += size * w[r];
                    }
        double *sway = bundle->part[part] + (bundle->n + symbol) * bundle->stride;
        for (int r = 0; r < rows; r++) {
            double mean = 0, spread = 0, most = largest(f, rows, r);
            for (int v = 0; v < f->n; v++) mean += f->weighed[v * rows + r] * (ends[0] + ends[1]) / (2 * f->n);
            for (int v = 0; v < f->n && f->half > 0; v++)
                for (int end = 0; end < 2; end++)
                    spread = fmax(spread, fabs(ends[end] * f->weighed[v * rows + r] - mean));
            sway[r] = f->half * mean;
            bundle->off[part][r] += f->half * spread + most * (f->middle + f->half) * off +
                                    KEDGE_BEND_ERROR * most * (fabs(ends[0]) + fabs(ends[1]));
        }
    }
}

/* ---- what a wide cone cannot leave ---- */

/* w.x for all unit vectors x of the cone: |w| times the cosine of their angle, which is that of the cone's middle to w
 * give or take the cone's radius. While a cone is wide its simplex, whose rays reach out of the sphere, is worse. */
static kedge_range within_cap(const kedge_decoder_layer *layer, const factor *f, int r)
{
    double length = 0, middle = 0, near = 1 / f->ray, aside = sqrt(fmax(0, 1 - near * near));
    if (f->k < 2) return (kedge_range){f->weighed[r], f->weighed[r]};
    for (int j = 0; j < f->k; j++) length += pow(layer->weight[(f->first + j) * layer->rows + r], 2);
    length = sqrt(length);
    for (int v = 0; v < f->n; v++) middle += f->weighed[v * layer->rows + r] / f->length;
    if (!(length > 0)) return (kedge_range){0, 0};
    double cosine = fmin(1, fmax(-1, middle / length)), sine = sqrt(1 - cosine * cosine), more = 1e-7 * length;
    /* 1e-7: a rounding of 1e-16 under a root */
    return (kedge_range){cosine <= -near ? -length - more : length * (cosine * near - sine * aside) - more,
                         cosine >= near ? length + more : length * (cosine * near + sine * aside) + more};
}

static kedge_range product(const double ends[2], double off, kedge_range b)
{
    double low = fmin(ends[0], ends[1]) - off, high = fmax(ends[0], ends[1]) + off;
    double products[4] = {low * b.low, low * b.high, high * b.low, high * b.high};
    kedge_range range = {products[0], products[0]};
    for (int i = 1; i < 4; i++) {
        range.low = fmin(range.low, products[i]);
        range.high = fmax(range.high, products[i]);
    }
    return range;
}

static void limit(kedge_bundle *bundle, const kedge_decoder_layer *layer, const kedge_arc *arc,
                  const factor factors[2])
{
    for (int r = 0; r < layer->rows; r++) {
        kedge_range caps[2] = {within_cap(layer, &factors[0], r), within_cap(layer, &factors[1], r)};
        for (int part = 0; part < 3; part++) {
            kedge_range *range = &bundle->limit[part][r];
            range->low = range->high = part == KEDGE_CHANGE ? 0 : layer->bias[r];
            for (int i = 0; i < 2; i++) {
                const double ends[2] = {part_at(arc, &factors[i], part, 0), part_at(arc, &factors[i], part, 1)};
                kedge_range more = product(ends, part_off(arc, &factors[i], part), caps[i]);
                range->low += more.low;
                range->high += more.high;
            }
            double error = KEDGE_BEND_ERROR * (fabs(range->low) + fabs(range->high) + fabs(layer->bias[r]));
            range->low -= error;
            range->high += error;
        }
    }
    bundle->limited = true;
}

/* How much two vertices differ for what comes after the first layer. */
static double distance(const kedge_decoder_layer *layer, const kedge_bundle *bundle, int a, int b)
{
    double sum = 0;
    for (int part = 0; part < 2; part++) {
        const double *x = bundle->part[part] + a * bundle->stride, *y = bundle->part[part] + b * bundle->stride;
        for (int r = 0; r < layer->rows; r++) sum += layer->reach[r] * (x[r] - y[r]) * (x[r] - y[r]);
    }
    return sum;
}

static void find_cut(const kedge_patch_kind *kind, kedge_patch *patch, const kedge_bundle *bundle)
{
    const kedge_decoder_layer *layer = &kind->decoder->layers[0];
    int n_n = n_vertices(kind), n_d = kind->n_d, half = n_d * n_n;
    double most = 0;
    patch->cut = CUT_NOWHERE;
    for (int v = 0; v < half; v++) {
        double across = distance(layer, bundle, v, half + v);
        if (across > most) most = across, patch->cut = CUT_RANGE;
    }
    for (int v = 0; v < 2 * half; v++)
        for (int other = v % n_n + 1; other < n_n; other++) {
            double across = distance(layer, bundle, v, v - v % n_n + other);
            if (!(across > most)) continue;
            most = across;
            patch->cut = CUT_N, patch->cut_a = v % n_n, patch->cut_b = other;
        }
    for (int v = 0; v < 2 * half; v++)
        for (int other = v % half / n_n + 1; other < n_d; other++) {
            double across = distance(layer, bundle, v, v + (other - v % half / n_n) * n_n);
            if (!(across > most)) continue;
            most = across;
            patch->cut = CUT_D, patch->cut_a = v % half / n_n, patch->cut_b = other;
        }
}

void kedge_patch_project(const kedge_patch_kind *kind, kedge_patch *patch, kedge_bundle *bundle, double *numbers,
                         double *work)
{
    const kedge_decoder_layer *layer = &kind->decoder->layers[0];
    int rows = layer->rows, n_d = kind->n_d, n_n = n_vertices(kind);
    double *wd = work, *wn = work + n_d * rows;
    kedge_arc arc;
    if (patch->corner) kedge_path_corner(patch->from, patch->to, &arc);
    else kedge_path_arc(kind->path, patch->d[0], patch->from, patch->to, &arc);
    weigh(layer, 0, n_d, patch->d, wd);
    weigh(layer, n_d, kind->n_n, patch->n, wn);
    kedge_bundle_place(bundle, kind->decoder, 2 * n_d * n_n, 2, numbers);
    for (int part = 0; part < 2; part++)
        for (int v = 0; v < bundle->n; v++)
            memcpy(bundle->part[part] + v * bundle->stride, layer->bias, (size_t)rows * sizeof(double));
    for (int part = 0; part < 3; part++)
        for (int r = 0; r < rows; r++) bundle->off[part][r] = KEDGE_BEND_ERROR * fabs(layer->bias[r]);
    const factor factors[2] = {factor_of(kind, true, patch, wd), factor_of(kind, false, patch, wn)};
    add_factor(bundle, &arc, &factors[0], n_n, 1, 0, rows);
    add_factor(bundle, &arc, &factors[1], 1, n_d, 1, rows);
    if (fmax(factors[0].ray, factors[1].ray) > wide) limit(bundle, layer, &arc, factors);
    find_cut(kind, patch, bundle);
}

/* ---- halves ---- */

/* Of the cone between unit vectors: both have the middle of the edge from a to b in place of one of its ends. */
static void split_cone(int k, double *one, double *other, int a, int b)
{
    double middle[KEDGE_CERTIFY_DIMS], sum = 0;
    memcpy(other, one, (size_t)(k * k) * sizeof *one);
    for (int j = 0; j < k; j++) {
        middle[j] = one[a * k + j] + one[b * k + j];
        sum += middle[j] * middle[j];
    }
    for (int j = 0; j < k; j++) one[a * k + j] = other[b * k + j] = middle[j] / sqrt(sum);
}

bool kedge_patch_split(const kedge_patch_kind *kind, kedge_patch *patch, kedge_patch *other)
{
    other->corner = patch->corner;
    other->from = patch->from;
    other->to = patch->to;
    memcpy(other->d, patch->d, (size_t)(kind->n_d * kind->n_d) * sizeof(double));
    memcpy(other->n, patch->n, (size_t)(kind->n_n * kind->n_n) * sizeof(double));
    switch (patch->cut) {
    case CUT_RANGE: patch->to = other->from = (patch->from + patch->to) / 2; return true;
    case CUT_D: split_cone(kind->n_d, patch->d, other->d, patch->cut_a, patch->cut_b); return true;
    case CUT_N: split_cone(kind->n_n, patch->n, other->n, patch->cut_a, patch->cut_b); return true;
    default: return false;
    }
}

void kedge_patch_vertex(const kedge_patch_kind *kind, const kedge_patch *patch, int vertex, double *z, double *edited)
{
    int n_n = n_vertices(kind), half = kind->n_d * n_n;
    const double *d = patch->d + vertex % half / n_n * kind->n_d, *n = patch->n + vertex % n_n * kind->n_n;
    double end = vertex < half ? patch->from : patch->to, at[KEDGE_PATH_PARTS] = {1, 0, 0, end};
    if (!patch->corner) kedge_path_at(kind->path, patch->d[0], end, at);
    for (int j = 0; j < kind->n_d; j++) {
        z[j] = at[KEDGE_PATH_COS] * d[j];
        edited[j] = at[KEDGE_PATH_A] * d[j];
    }
    for (int j = 0; j < kind->n_n; j++) {
        z[kind->n_d + j] = at[KEDGE_PATH_SIN] * n[j];
        edited[kind->n_d + j] = at[KEDGE_PATH_B] * n[j];
    }
}
