/* wide.c - norms instead of patches. */
#include "certify/wide.h"

#include <math.h>
#include <string.h>

enum { SQUARINGS = 5 }; /* the norm is found within a factor m^(1/128) */

static size_t least(int a, int b)
{
    return (size_t)(a < b ? a : b);
}

static int side(const kedge_decoder *decoder)
{
    size_t most = 1;
    for (int i = 0; i < decoder->n_layers; i++) {
        size_t m = least(decoder->layers[i].rows, decoder->layers[i].cols);
        most = m > most ? m : most;
    }
    return (int)most;
}

size_t kedge_wide_work(const kedge_patch_kind *kind)
{
    size_t bundles = 2 * kedge_bundle_numbers(kind->decoder, 2, 0), m = (size_t)side(kind->decoder);
    size_t norms = 2 * m * m;
    return bundles > norms ? bundles : norms;
}

/* For G = A A^T or A^T A, |A|^2 = |G| <= |G^p|_F^(1/p) for any power p: G is squared again and again, scaled so that
 * nothing overflows. Rounding is far below the 1e-9 that is added. */
double kedge_spectral_bound(int rows, int cols, const double *columns, double *work)
{
    size_t m = least(rows, cols), n = m * m, length = (size_t)(rows > cols ? rows : cols);
    size_t across = cols <= rows ? (size_t)rows : 1, along = cols <= rows ? 1 : (size_t)rows;
    double *g = work, *next = work + n, log_scale = 0, power = 1;
    for (size_t a = 0; a < m; a++)
        for (size_t b = 0; b < m; b++) {
            double sum = 0;
            for (size_t i = 0; i < length; i++)
                sum += columns[a * across + i * along] * columns[b * across + i * along];
            g[a * m + b] = sum;
        }
    for (int i = 0;; i++) {
        double sum = 0;
        for (size_t j = 0; j < n; j++) sum += g[j] * g[j];
        double norm = sqrt(sum);
        if (norm == 0) return 0;
        log_scale += log(norm) / power; /* G^p = exp(p log_scale) g, |g|_F = 1 */
        if (i == SQUARINGS) return exp(log_scale / 2) * (1 + 1e-9);
        for (size_t j = 0; j < n; j++) g[j] /= norm;
        for (size_t a = 0; a < m; a++)
            for (size_t b = 0; b < m; b++) {
                double entry = 0;
                for (size_t j = 0; j < m; j++) entry += g[a * m + j] * g[j * m + b];
                next[a * m + b] = entry;
            }
        memcpy(g, next, n * sizeof *g);
        power *= 2;
    }
}

/* The length of row r of the first layer over the columns [first, first + n). */
static double row_length(const kedge_decoder_layer *layer, int r, int first, int n)
{
    double sum = 0;
    for (int c = first; c < first + n; c++) sum += pow(layer->weight[c * layer->rows + r], 2);
    return sqrt(sum) * (1 + 1e-12);
}

static double largest(const double ends[2], double off)
{
    return fmax(fabs(ends[0]), fabs(ends[1])) + off;
}

/* Sizes of the four parts over an arc, and of their changes A - cos and B - sin. */
static void sizes_of(const kedge_arc *arc, double size[KEDGE_PATH_PARTS], double change[2])
{
    for (int i = 0; i < KEDGE_PATH_PARTS; i++) size[i] = largest(arc->at[i], arc->off[i]);
    for (int i = 0; i < 2; i++) {
        const double ends[2] = {arc->at[KEDGE_PATH_A + i][0] - arc->at[KEDGE_PATH_COS + i][0],
                                arc->at[KEDGE_PATH_A + i][1] - arc->at[KEDGE_PATH_COS + i][1]};
        change[i] = largest(ends, arc->off_change[i]);
    }
}

/* A single edited dim has a known sign: its part stands in two columns, one for each end of the arc, so that what
 * it does to several units can cancel. All else goes to 'off'. */
static double by_bundle(const kedge_patch_kind *kind, const kedge_arc *arc, double sign, double *work)
{
    const kedge_decoder *decoder = kind->decoder;
    const kedge_decoder_layer *layer = &decoder->layers[0];
    double size[KEDGE_PATH_PARTS], change[2];
    kedge_bundle bundle, scratch;
    int vertex;
    sizes_of(arc, size, change);
    kedge_bundle_place(&bundle, decoder, 2, 0, work);
    kedge_bundle_place(&scratch, decoder, 2, 0, work + kedge_bundle_numbers(decoder, 2, 0));
    for (int r = 0; r < layer->rows; r++) {
        double d = row_length(layer, r, 0, kind->n_d), n = row_length(layer, r, kind->n_d, kind->n_n);
        const double n_size[3] = {size[KEDGE_PATH_SIN], size[KEDGE_PATH_B], change[1]};
        const double d_size[3] = {size[KEDGE_PATH_COS], size[KEDGE_PATH_A], change[0]};
        const double d_off[3] = {arc->off[KEDGE_PATH_COS], arc->off[KEDGE_PATH_A], arc->off_change[0]};
        for (int part = 0; part < 3; part++) {
            bool single = kind->n_d == 1;
            bundle.off[part][r] = n * n_size[part] + d * (single ? d_off[part] : d_size[part]);
            for (int end = 0; end < 2; end++) {
                const double at[3] = {arc->at[KEDGE_PATH_COS][end], arc->at[KEDGE_PATH_A][end],
                                      arc->at[KEDGE_PATH_A][end] - arc->at[KEDGE_PATH_COS][end]};
                double *to = bundle.part[part] + end * bundle.stride + r;
                *to = (part == KEDGE_CHANGE ? 0 : layer->bias[r]) + (single ? sign * at[part] * layer->weight[r] : 0);
                bundle.off[part][r] += KEDGE_BEND_ERROR * fabs(*to);
            }
        }
    }
    return kedge_bundle_bound(decoder, &bundle, &scratch, &vertex);
}

static double by_norms(const kedge_patch_kind *kind, const kedge_arc *arc, double *work)
{
    double size[KEDGE_PATH_PARTS], change[2];
    sizes_of(arc, size, change);
    const kedge_decoder *decoder = kind->decoder;
    const kedge_decoder_layer *layer = &decoder->layers[0];
    double product = 0;
    if (change[0] > 0) product += change[0] * kedge_spectral_bound(layer->rows, kind->n_d, layer->weight, work);
    if (change[1] > 0 && kind->n_n > 0)
        product += change[1] * kedge_spectral_bound(layer->rows, kind->n_n,
                                                    layer->weight + (size_t)kind->n_d * (size_t)layer->rows, work);
    for (int i = 1; i < decoder->n_layers; i++) {
        const kedge_decoder_layer *next = &decoder->layers[i];
        product *= decoder->bend->steepest * kedge_spectral_bound(next->rows, next->cols, next->weight, work);
    }
    if (decoder->last) product *= decoder->last->steepest;
    return product * product / decoder->n_outputs * (1 + 1e-9);
}

double kedge_wide_bound(const kedge_patch_kind *kind, const kedge_probe_range *range, double *work)
{
    double most = 0, signs[2] = {1, kind->path->both_signs ? -1 : 1};
    for (int i = 0; i < 2 * KEDGE_WIDE_PARTS; i++) {
        double from = range->from + (range->to - range->from) * (i / 2) / KEDGE_WIDE_PARTS;
        double to = i / 2 + 1 < KEDGE_WIDE_PARTS
                        ? range->from + (range->to - range->from) * (i / 2 + 1) / KEDGE_WIDE_PARTS : range->to;
        kedge_arc arc;
        if (range->corner) kedge_path_corner(from, to, &arc);
        else kedge_path_arc(kind->path, signs[i % 2], from, to, &arc);
        double bundle = by_bundle(kind, &arc, signs[i % 2], work), norms = by_norms(kind, &arc, work);
        double bound = norms < bundle ? norms : bundle;
        most = bound > most ? bound : most;
    }
    return most;
}
