/* attribute.c - variance between runs, divided among their causes. */
#include "run/attribute.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/random.h"
#include "base/sort.h"
#include "store/statistics.h"

/* Streams of random numbers; step = resample, four draws a block. */
enum { DRAW_ROWS = 1, DRAW_COLUMNS, SHUFFLE_WEIGHTS, SHUFFLE_STREAM };

typedef struct crossing {
    size_t rows, columns;
    const double *values; /* [rows][columns], mean subtracted; 0 where there is no run */
    const double *there;  /* [rows][columns]: 1 or 0 */
    const double *w, *v;  /* [rows], [columns]: how often each counts */
    double *sums;         /* scratch, [3 * columns] */
} crossing;

/* ---- variances ---- */

/* Over pairs of cells with weights a and b: sum of a b (x - y)^2 / 2 = n sum(a x^2) - sum(a x)^2. */
static double squares(double n, double sum, double square)
{
    return n * square - sum * sum;
}

/* What pairs of one row or column, and all pairs, add up to. */
typedef struct pair_sums {
    double of_row, pairs_of_row;       /* pairs in one row, rows counted w times */
    double of_column, pairs_of_column; /* pairs in one column, columns counted v times */
    double all, pairs;                 /* pairs that share neither */
} pair_sums;

static pair_sums add_pairs(const crossing *c)
{
    size_t m = c->columns;
    double *n = c->sums, *sum = n + m, *square = sum + m; /* of columns */
    double all_n = 0, all_sum = 0, all_square = 0, twice = 0;
    pair_sums s = {0};
    memset(c->sums, 0, 3 * m * sizeof *c->sums);
    for (size_t i = 0; i < c->rows; i++) {
        double row_n = 0, row_sum = 0, row_square = 0, row_self = 0, w = c->w[i];
        if (w == 0) continue;
        for (size_t j = 0; j < m; j++) {
            double x = c->values[i * m + j], there = c->there[i * m + j], v = c->v[j] * there;
            row_n += v;
            row_sum += v * x;
            row_square += v * x * x;
            row_self += v * v;
            n[j] += w * there;
            sum[j] += w * there * x;
            square[j] += w * there * x * x;
            s.pairs_of_column -= v * w * w * there; /* a row with itself */
            twice += w * w * v * v;
        }
        s.of_row += w * squares(row_n, row_sum, row_square);
        s.pairs_of_row += w * (row_n * row_n - row_self);
        s.all -= w * w * squares(row_n, row_sum, row_square);
        s.pairs -= w * w * row_n * row_n;
        all_n += w * row_n;
        all_sum += w * row_sum;
        all_square += w * row_square;
    }
    for (size_t j = 0; j < m; j++) {
        double v = c->v[j], own = squares(n[j], sum[j], square[j]);
        s.of_column += v * own;
        s.pairs_of_column += v * n[j] * n[j];
        s.all -= v * v * own;
        s.pairs -= v * v * n[j] * n[j];
    }
    s.all += squares(all_n, all_sum, all_square);
    s.pairs += all_n * all_n + twice; /* a cell with itself was taken away with its row and with its column */
    return s;
}

/* False: too few different rows or columns for an estimate. */
static bool estimate(const crossing *c, double variances[KEDGE_SOURCES])
{
    pair_sums s = add_pairs(c);
    if (!(s.pairs_of_row > 0.5 && s.pairs_of_column > 0.5 && s.pairs > 0.5)) return false;
    double column = s.of_column / s.pairs_of_column; /* weights + rest */
    double row = s.of_row / s.pairs_of_row;          /* stream + rest */
    double neither = s.all / s.pairs;
    variances[KEDGE_FROM_WEIGHTS] = neither - row;
    variances[KEDGE_FROM_STREAM] = neither - column;
    variances[KEDGE_FROM_REST] = row + column - neither;
    return true;
}

/* What rounding leaves of a part that is none counts as none. False: there is no variance. */
static bool divide(const double variances[KEDGE_SOURCES], double shares[KEDGE_SOURCES])
{
    double total = 0;
    for (int k = 0; k < KEDGE_SOURCES; k++) total += fmax(variances[k], 0);
    if (!(total > 0)) return false;
    for (int k = 0; k < KEDGE_SOURCES; k++) shares[k] = variances[k] > 1e-12 * total ? variances[k] / total : 0;
    return true;
}

/* ---- resampling ---- */

/* Draws a, b, c, ... of one resample. */
typedef struct draws {
    uint64_t stream;
    uint32_t step, taken, words[4];
} draws;

static size_t draw(draws *self, size_t n)
{
    if (self->taken % 4 == 0)
        kedge_random_block(self->stream, KEDGE_PURPOSE_BOOTSTRAP, self->step, 0, self->taken / 4, self->words);
    return (size_t)((uint64_t)self->words[self->taken++ % 4] * n >> 32);
}

static void draw_counts(uint64_t stream, int resample, size_t n, double *counts)
{
    draws d = {.stream = stream, .step = (uint32_t)resample};
    memset(counts, 0, n * sizeof *counts);
    for (size_t i = 0; i < n; i++) counts[draw(&d, n)]++;
}

/* Room for all of it. */
typedef struct workspace {
    double *w, *v, *moved, *shares; /* shares[KEDGE_SOURCES][KEDGE_RESAMPLES] */
    size_t *cells; /* [rows or columns] */
} workspace;

static void find_intervals(kedge_attribution *out, const crossing *whole, workspace *space)
{
    crossing c = *whole;
    size_t n = 0;
    c.w = space->w;
    c.v = space->v;
    for (int r = 0; r < KEDGE_RESAMPLES; r++) {
        double variances[KEDGE_SOURCES], shares[KEDGE_SOURCES];
        draw_counts(DRAW_ROWS, r, c.rows, space->w);
        draw_counts(DRAW_COLUMNS, r, c.columns, space->v);
        if (!estimate(&c, variances) || !divide(variances, shares)) continue;
        for (int k = 0; k < KEDGE_SOURCES; k++) space->shares[k * KEDGE_RESAMPLES + (int)n] = shares[k];
        n++;
    }
    for (int k = 0; k < KEDGE_SOURCES && n > 0; k++) {
        double *shares = space->shares + k * KEDGE_RESAMPLES;
        kedge_sort_reals(shares, n);
        out->sources[k].low = kedge_quantile(shares, n, 0.025);
        out->sources[k].high = kedge_quantile(shares, n, 0.975);
    }
}

/* Fisher and Yates over the runs of one line of the table: 'n' cells, 'step' apart. */
static void shuffle(draws *d, double *values, const double *there, size_t n, size_t step, size_t *cells)
{
    size_t runs = 0;
    for (size_t i = 0; i < n; i++)
        if (there[i * step] != 0) cells[runs++] = i * step;
    for (; runs > 1; runs--) {
        size_t a = cells[draw(d, runs)], b = cells[runs - 1];
        double kept = values[a];
        values[a] = values[b];
        values[b] = kept;
    }
}

/* How often as much is estimated where the source can have no part. */
static double find_p(const crossing *whole, int source, double variance, const workspace *space)
{
    crossing c = *whole;
    int as_much = 1;
    bool weights = source == KEDGE_FROM_WEIGHTS;
    double *moved = space->moved;
    c.values = moved;
    /* Tables of failures are full of ties: the same variance, summed in another order, is as much. */
    double squares = 0;
    for (size_t i = 0; i < c.rows * c.columns; i++) squares += whole->values[i] * whole->values[i];
    double tied = variance - 1e-9 * squares / (double)(c.rows * c.columns);
    for (int r = 0; r < KEDGE_RESAMPLES; r++) {
        double variances[KEDGE_SOURCES];
        draws d = {.stream = weights ? SHUFFLE_WEIGHTS : SHUFFLE_STREAM, .step = (uint32_t)r};
        memcpy(moved, whole->values, c.rows * c.columns * sizeof *moved);
        for (size_t i = 0; i < (weights ? c.columns : c.rows); i++) {
            size_t from = weights ? i : i * c.columns;
            shuffle(&d, moved + from, c.there + from, weights ? c.rows : c.columns, weights ? c.columns : 1,
                    space->cells);
        }
        estimate(&c, variances);
        as_much += variances[source] >= tied;
    }
    return (double)as_much / (KEDGE_RESAMPLES + 1);
}

/* ---- all of it ---- */

/* Mean and spread; 'centred' gets the values less their mean. False: all runs are equal, or there are none. */
static bool describe(kedge_attribution *out, const double *values, size_t n, double *centred, double *there)
{
    double sum = 0, squared = 0, low = INFINITY, high = -INFINITY;
    *out = (kedge_attribution){.mean = NAN, .sd = NAN};
    for (int k = 0; k < KEDGE_SOURCES; k++) out->sources[k] = (kedge_source){NAN, NAN, NAN, NAN, NAN};
    for (size_t i = 0; i < n; i++) {
        there[i] = isfinite(values[i]);
        if (!there[i]) continue;
        out->runs++;
        sum += values[i];
        low = fmin(low, values[i]);
        high = fmax(high, values[i]);
    }
    if (out->runs == 0) return false;
    out->mean = low < high ? sum / (double)out->runs : low;
    for (size_t i = 0; i < n; i++) {
        centred[i] = there[i] ? values[i] - out->mean : 0;
        squared += centred[i] * centred[i];
    }
    if (out->runs > 1) out->sd = sqrt(squared / (double)(out->runs - 1));
    return low < high;
}

kedge_status kedge_attribute_values(kedge_attribution *out, kedge_context *ctx, const double *values, size_t rows,
                                    size_t columns)
{
    size_t n = rows * columns;
    double *room = kedge_alloc(ctx, 3 * n + 2 * rows + 5 * columns + KEDGE_SOURCES * KEDGE_RESAMPLES, sizeof *room);
    size_t *cells = kedge_alloc(ctx, rows > columns ? rows : columns, sizeof *cells);
    if (!room || !cells) {
        kedge_release(ctx, room);
        kedge_release(ctx, cells);
        return kedge_fail_memory("an attribution");
    }
    double *centred = room, *there = centred + n, *ones = there + n + n, *sums = ones + rows + columns;
    workspace space = {.moved = there + n, .w = sums + 3 * columns, .cells = cells};
    space.v = space.w + rows;
    space.shares = space.v + columns;
    for (size_t i = 0; i < rows + columns; i++) ones[i] = 1;
    crossing c = {.rows = rows, .columns = columns, .values = centred, .there = there, .w = ones, .v = ones,
                  .sums = sums};
    double variances[KEDGE_SOURCES], shares[KEDGE_SOURCES];
    bool varies = describe(out, values, n, centred, there);
    kedge_status status = KEDGE_OK;
    if (!estimate(&c, variances))
        status = kedge_fail(KEDGE_EINVALID, "too few runs are crossed: at least two seeds of the weights and two of "
                            "the stream are needed, with runs of most pairs");
    else if (varies && divide(variances, shares)) {
        for (int k = 0; k < KEDGE_SOURCES; k++) {
            out->sources[k].variance = variances[k];
            out->sources[k].share = shares[k];
            if (k != KEDGE_FROM_REST) out->sources[k].p = find_p(&c, k, variances[k], &space);
        }
        find_intervals(out, &c, &space);
    }
    kedge_release(ctx, cells);
    kedge_release(ctx, room);
    return status;
}
