/* bundle.c - pairs of activations through the layers of a decoder. */
#include "certify/bundle.h"

#include <math.h>
#include <string.h>

enum { MOST_SYMBOLS = 512 };

/* Whether the activations of a layer make symbols: if there are others behind them. */
static bool makes_symbols(const kedge_decoder *decoder, int layer)
{
    return layer + 2 < decoder->n_layers || (layer + 1 < decoder->n_layers && decoder->last);
}

static int room_for(const kedge_decoder *decoder, int symbols)
{
    for (int i = 0; i < decoder->n_layers; i++) {
        int more = 3 * decoder->layers[i].rows;
        if (makes_symbols(decoder, i) && symbols + more <= MOST_SYMBOLS) symbols += more;
    }
    return symbols;
}

size_t kedge_bundle_numbers(const kedge_decoder *decoder, int n, int symbols)
{
    return 3 * (size_t)decoder->width * (size_t)(n + room_for(decoder, symbols) + 3);
}

void kedge_bundle_place(kedge_bundle *bundle, const kedge_decoder *decoder, int n, int symbols, double *numbers)
{
    size_t stride = (size_t)decoder->width, room = (size_t)(n + room_for(decoder, symbols));
    *bundle = (kedge_bundle){.n = n, .symbols = symbols, .stride = decoder->width, .room = (int)room - n};
    for (int part = 0; part < 3; part++) {
        bundle->part[part] = numbers;
        bundle->off[part] = numbers + room * stride;
        bundle->limit[part] = (void *)(numbers + (room + 1) * stride);
        memset(bundle->part[part], 0, (size_t)(n + symbols) * stride * sizeof *numbers);
        memset(bundle->off[part], 0, stride * sizeof *numbers);
        numbers += (room + 3) * stride;
    }
}

/* How far the symbols can take a unit. */
static double sway(const kedge_bundle *bundle, int part, int unit)
{
    const double *at = bundle->part[part] + (size_t)bundle->n * (size_t)bundle->stride + unit;
    double sum = 0;
    for (int s = 0; s < bundle->symbols; s++, at += bundle->stride) sum += fabs(*at);
    return sum;
}

kedge_range kedge_bundle_range(const kedge_bundle *bundle, int part, int unit)
{
    const double *at = bundle->part[part] + unit;
    double off = sway(bundle, part, unit) + bundle->off[part][unit];
    kedge_range range = {*at, *at};
    for (int v = 0; v < bundle->n; v++, at += bundle->stride) {
        range.low = *at < range.low ? *at : range.low;
        range.high = *at > range.high ? *at : range.high;
        off += *at - *at; /* what is not finite makes all of it NaN, which no comparison would show */
    }
    off += KEDGE_BEND_ERROR * (fabs(range.low) + fabs(range.high) + off);
    range = (kedge_range){range.low - off, range.high + off};
    if (bundle->limited && isfinite(off)) {
        range.low = fmax(range.low, bundle->limit[part][unit].low);
        range.high = fmin(range.high, bundle->limit[part][unit].high);
    }
    return range;
}

/* ---- linear layers ---- */

/* A sum of n products in double is off by at most n 2^-53 times the sum of their sizes; twice that is taken. */
static void linear(const kedge_decoder_layer *layer, const kedge_bundle *in, kedge_bundle *out)
{
    const double unit = (layer->cols + 4) * 0x1p-52;
    int rows = layer->rows, columns = in->n + in->symbols;
    out->n = in->n;
    out->symbols = in->symbols;
    out->limited = false;
    for (int part = 0; part < 3; part++) {
        double *off = out->off[part];
        for (int r = 0; r < rows; r++) off[r] = unit * fabs(layer->bias[r]);
        for (int v = 0; v < columns; v++) {
            double *to = out->part[part] + v * out->stride;
            if (v < in->n && part != KEDGE_CHANGE)
                memcpy(to, layer->bias, (size_t)rows * sizeof *to);
            else
                memset(to, 0, (size_t)rows * sizeof *to);
        }
        for (int c = 0; c < layer->cols; c++) {
            const double *weight = layer->weight + c * rows, *size = layer->size + c * rows;
            double most = 0;
            for (int v = 0; v < columns; v++) {
                double x = in->part[part][v * in->stride + c], *to = out->part[part] + v * out->stride;
                if (x == 0) continue; /* most symbols are of one unit */
                most = fmax(most, fabs(x));
                for (int r = 0; r < rows; r++) to[r] += weight[r] * x;
            }
            double spread = in->off[part][c] * (1 + unit) + unit * most * (1 + in->symbols);
            for (int r = 0; r < rows; r++) off[r] += size[r] * spread;
        }
    }
}

/* ---- activations ---- */

/* value = p P + q Q + d D + constant + [-radius, radius] */
typedef struct blend {
    double by[3], constant, radius;
} blend;

/* The better of two. */
static void offer(blend *best, blend other)
{
    if (other.radius < best->radius) *best = other;
}

static double slack_of(const blend *a, const double off[3])
{
    return fabs(a->by[0]) * off[0] + fabs(a->by[1]) * off[1] + fabs(a->by[2]) * off[2];
}

/* k_q q - k_p p + constant, written in each of the three ways that q = p + d allows; the least uncertain. */
static blend difference(double k_p, double k_q, double constant, double radius, const double off[3])
{
    blend ways[3] = {{.by = {-k_p, k_q, 0}}, {.by = {k_q - k_p, 0, k_q}}, {.by = {0, k_q - k_p, k_p}}};
    blend best = {.radius = INFINITY};
    for (int i = 0; i < 3; i++) {
        ways[i].constant = constant;
        ways[i].radius = radius + slack_of(&ways[i], off);
        offer(&best, ways[i]);
    }
    return best;
}

/* A unit's ranges and f at their ends. */
typedef struct unit {
    kedge_range range[3];
    double off[3];
    kedge_bend_point low[2], high[2]; /* before, after */
} unit;

static kedge_range hull(kedge_range a, kedge_range b)
{
    return (kedge_range){fmin(a.low, b.low), fmax(a.high, b.high)};
}

/* f(p + d) - f(p) = f'(.) d, with f' anywhere between p and q. */
static blend by_mean_slope(const kedge_bend *bend, const unit *u)
{
    const kedge_bend_point *a = u->low[0].x < u->low[1].x ? &u->low[0] : &u->low[1];
    const kedge_bend_point *b = u->high[0].x > u->high[1].x ? &u->high[0] : &u->high[1];
    kedge_range slopes = kedge_bend_slopes(bend, a, b);
    double middle = (slopes.low + slopes.high) / 2, most = fmax(fabs(u->range[2].low), fabs(u->range[2].high));
    blend way = {.by = {0, 0, middle}};
    way.radius = (slopes.high - slopes.low) / 2 * most + slack_of(&way, u->off);
    return way;
}

/* With d0 in the middle of d's range: f(p + d) - f(p) = h(p) + f'(.)(d - d0), h(p) = f(p + d0) - f(p), which bends by
 * h'' = f''(p + d0) - f''(p) and so no more than f''' d0: small where the edit is. */
static blend by_shift(const kedge_bend *bend, const unit *u)
{
    double shift = (u->range[2].low + u->range[2].high) / 2, spread = (u->range[2].high - u->range[2].low) / 2;
    const kedge_bend_point *a = &u->low[0], *b = &u->high[0];
    kedge_bend_point c = bend->at(a->x + shift), d = bend->at(b->x + shift);
    double width = b->x - a->x, h_a = c.value - a->value, h_b = d.value - b->value;
    double slope = width > 0 ? (h_b - h_a) / width : 0;
    kedge_range here = kedge_bend_curvatures(bend, a, b), there = kedge_bend_curvatures(bend, &c, &d);
    double most = bend->third * fabs(shift) + KEDGE_BEND_ERROR;
    double low = fmin(0, fmax(-most, there.low - here.high)), high = fmax(0, fmin(most, there.high - here.low));
    /* h is above its chord by at most -low width^2/8, below by at most high width^2/8 */
    double above = -low * width * width / 8, below = high * width * width / 8;
    const kedge_bend_point *first = u->low[1].x < c.x ? &u->low[1] : &c, *last = u->high[1].x > d.x ? &u->high[1] : &d;
    kedge_range slopes = kedge_bend_slopes(bend, first, last);
    double middle = (slopes.low + slopes.high) / 2;
    blend way = {.by = {slope, 0, middle}};
    way.constant = h_a - slope * a->x + (above - below) / 2 - middle * shift;
    way.radius = (above + below) / 2 + (slopes.high - slopes.low) / 2 * spread + slack_of(&way, u->off) +
                 4 * KEDGE_BEND_ERROR * fmax(1, fabs(c.value) + fabs(a->value) + fabs(slope * a->x));
    return way;
}

static void bend_unit(const kedge_bend *bend, kedge_bundle *bundle, int i)
{
    unit u;
    for (int part = 0; part < 3; part++) {
        u.range[part] = kedge_bundle_range(bundle, part, i);
        u.off[part] = bundle->off[part][i];
    }
    kedge_bend_line line[2];
    for (int part = 0; part < 2; part++) {
        u.low[part] = bend->at(u.range[part].low);
        u.high[part] = bend->at(u.range[part].high);
        line[part] = kedge_bend_linear(bend, &u.low[part], &u.high[part]);
    }
    blend change = difference(line[0].slope, line[1].slope, line[1].offset - line[0].offset,
                              line[0].radius + line[1].radius, u.off);
    offer(&change, by_mean_slope(bend, &u));
    double width = u.range[0].high - u.range[0].low, spread = u.range[2].high - u.range[2].low;
    if (!bend->has_kink && spread < width) offer(&change, by_shift(bend, &u));
    double sizes = fabs(change.constant);
    for (int v = 0; v < bundle->n + bundle->symbols; v++) {
        double *p = bundle->part[0] + v * bundle->stride + i, *q = bundle->part[1] + v * bundle->stride + i;
        double *d = bundle->part[2] + v * bundle->stride + i, vertex = v < bundle->n ? 1 : 0;
        double size = fabs(change.by[0] * *p) + fabs(change.by[1] * *q) + fabs(change.by[2] * *d);
        sizes = fmax(sizes, size);
        *d = change.by[0] * *p + change.by[1] * *q + change.by[2] * *d + vertex * change.constant;
        *p = line[0].slope * *p + vertex * line[0].offset;
        *q = line[1].slope * *q + vertex * line[1].offset;
    }
    for (int part = 0; part < 2; part++)
        bundle->off[part][i] = fabs(line[part].slope) * u.off[part] + line[part].radius;
    bundle->off[2][i] = change.radius + 4 * KEDGE_BEND_ERROR * sizes;
}

/* What is uncertain of each unit by itself becomes symbols, three a unit. */
static void make_symbols(kedge_bundle *bundle, int rows)
{
    if (bundle->symbols + 3 * rows > bundle->room) return;
    int first = bundle->n + bundle->symbols;
    bundle->symbols += 3 * rows;
    for (int part = 0; part < 3; part++) {
        double *columns = bundle->part[part] + first * bundle->stride;
        memset(columns, 0, 3 * (size_t)rows * (size_t)bundle->stride * sizeof *columns);
        for (int r = 0; r < rows; r++) {
            columns[(part * rows + r) * bundle->stride + r] = bundle->off[part][r];
            bundle->off[part][r] = 0;
        }
    }
}

/* ---- outputs ---- */

/* Lines that are nowhere below clamp(y) for y in the range. */
static int above_clamp(kedge_range y, double slope[3], double offset[3])
{
    slope[0] = slope[1] = slope[2] = 0;
    offset[0] = offset[1] = offset[2] = 0;
    if (y.high <= 0) return 1;
    offset[0] = 1;
    if (y.low >= 1) return 1;
    if (y.high <= 1) {
        slope[0] = y.low >= 0 ? 1 : y.high / (y.high - y.low);
        offset[0] = y.low >= 0 ? 0 : -slope[0] * y.low;
        return 1;
    }
    double low = fmin(0, y.low); /* below 0 the line through (low,0) and (1,1), above it y itself; and 1 */
    slope[1] = 1 / (1 - low);
    offset[1] = -low / (1 - low);
    if (y.low < 0) return 2;
    slope[2] = (1 - y.low) / (y.high - y.low); /* between the two, around (1,1) */
    offset[2] = 1 - slope[2];
    return 3;
}

/* clamp(y) = 1 - clamp(1 - y) */
static int below_clamp(kedge_range y, double slope[3], double offset[3])
{
    int n = above_clamp((kedge_range){1 - y.high, 1 - y.low}, slope, offset);
    for (int i = 0; i < n; i++) offset[i] = 1 - slope[i] - offset[i];
    return n;
}

/* Values at the vertices of sign times a blend, with all that is uncertain added; their largest. */
static double at_vertices(const kedge_bundle *bundle, int j, const blend *a, double sign, double *values)
{
    double most = -INFINITY, spread = a->radius;
    for (int v = 0; v < bundle->n + bundle->symbols; v++) {
        double x = 0;
        for (int part = 0; part < 3; part++) x += a->by[part] * bundle->part[part][v * bundle->stride + j];
        if (v < bundle->n) values[v] = sign * (x + a->constant);
        else spread += fabs(x);
    }
    for (int v = 0; v < bundle->n; v++) {
        values[v] += spread;
        most = fmax(most, values[v]);
    }
    return most;
}

/* The largest that sign (clamp(q) - clamp(p)) can be, as a function that is linear over the weights of the vertices:
 * best [n] is replaced where one with a smaller largest value is found. */
static void bound_clamped(const kedge_bundle *bundle, int j, const kedge_range range[2], const double off[3],
                          double sign, double *best, double *values)
{
    double s_q[3], c_q[3], s_p[3], c_p[3], least = -INFINITY;
    int n_q = sign > 0 ? above_clamp(range[1], s_q, c_q) : below_clamp(range[1], s_q, c_q);
    int n_p = sign > 0 ? below_clamp(range[0], s_p, c_p) : above_clamp(range[0], s_p, c_p);
    for (int v = 0; v < bundle->n; v++) least = fmax(least, best[v]);
    for (int a = 0; a < n_q; a++)
        for (int b = 0; b < n_p; b++) {
            blend way = difference(s_p[b], s_q[a], c_q[a] - c_p[b], 4 * KEDGE_BEND_ERROR, off);
            double most = at_vertices(bundle, j, &way, sign, values);
            if (!(most < least)) continue;
            least = most;
            memcpy(best, values, (size_t)bundle->n * sizeof *best);
        }
}

/* Adds the squares of a bound on |change of output j| at every vertex to sums [n]; work [3 n]. */
static void add_output(const kedge_decoder *decoder, const kedge_bundle *bundle, int j, double *sums, double *work)
{
    double *up = work, *down = work + bundle->n, *values = down + bundle->n, off[3];
    kedge_range range[3];
    for (int part = 0; part < 3; part++) {
        range[part] = kedge_bundle_range(bundle, part, j);
        off[part] = bundle->off[part][j];
        if (range[part].high - range[part].low < INFINITY) continue;
        for (int v = 0; v < bundle->n; v++) sums[v] = INFINITY;
        return;
    }
    blend plain = {.by = {0, 0, 1}, .radius = off[2]};
    at_vertices(bundle, j, &plain, 1, up);
    at_vertices(bundle, j, &plain, -1, down);
    kedge_range both = hull(range[0], range[1]);
    if (decoder->clamp && (both.low < 0 || both.high > 1)) {
        bound_clamped(bundle, j, range, off, 1, up, values);
        bound_clamped(bundle, j, range, off, -1, down, values);
    }
    /* clamping keeps the sign of a change */
    for (int v = 0; v < bundle->n; v++) {
        double most = 0;
        if (range[2].high > 0) most = fmax(most, up[v]);
        if (range[2].low < 0) most = fmax(most, down[v]);
        sums[v] += most * most;
    }
}

double kedge_bundle_bound(const kedge_decoder *decoder, kedge_bundle *bundle, kedge_bundle *scratch, int *vertex)
{
    for (int i = 0; i < decoder->n_layers; i++) {
        if (i > 0) {
            kedge_bundle *in = i % 2 ? bundle : scratch, *out = i % 2 ? scratch : bundle;
            linear(&decoder->layers[i], in, out);
        }
        kedge_bundle *at = i % 2 ? scratch : bundle;
        const kedge_bend *bend = i + 1 < decoder->n_layers ? decoder->bend : decoder->last;
        for (int r = 0; bend && r < decoder->layers[i].rows; r++) bend_unit(bend, at, r);
        if (makes_symbols(decoder, i)) make_symbols(at, decoder->layers[i].rows);
    }
    bool swapped = (decoder->n_layers - 1) % 2;
    const kedge_bundle *last = swapped ? scratch : bundle;
    double *sums = (swapped ? bundle : scratch)->part[0], most = 0; /* the other one is not needed any more */
    memset(sums, 0, (size_t)last->n * sizeof *sums);
    for (int j = 0; j < decoder->n_outputs; j++) add_output(decoder, last, j, sums, sums + last->n);
    *vertex = 0;
    for (int v = 0; v < last->n; v++) {
        if (!(sums[v] < INFINITY)) return decoder->clamp || decoder->last ? 1 : INFINITY;
        if (!(sums[v] > most)) continue;
        most = sums[v];
        *vertex = v;
    }
    most = most / decoder->n_outputs * (1 + 1e-12);
    return most > 1 && (decoder->clamp || decoder->last) ? 1 : most;
}
