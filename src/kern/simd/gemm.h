/* gemm.h - large products, blocked for the caches (Goto and van de Geijn, Anatomy of high-performance matrix
 * multiplication, 2008): a panel of b stays in the outer cache, a block of a in the inner one, a tile of c in
 * registers. */
#ifndef KERN_SIMD_GEMM_H
#define KERN_SIMD_GEMM_H

#include "kern/simd/vec.h"

enum {
    TILE_ROWS = KEDGE_LANES == 16 ? 12 : 6,
    TILE_VECTORS = 2,
    TILE_COLS = TILE_VECTORS * KEDGE_LANES,
    BLOCK_TERMS = 256,
    BLOCK_M = KEDGE_LANES == 16 ? 144 : 96,   /* rows of a at a time: a multiple of TILE_ROWS */
    BLOCK_N = 768,                            /* columns of b at a time: a multiple of TILE_COLS */
    A_FLOATS = BLOCK_M * BLOCK_TERMS,
};
_Static_assert(A_FLOATS + BLOCK_N * BLOCK_TERMS + TILE_ROWS * TILE_COLS <= KEDGE_GEMM_WORK, "work is too small");

/* Rows i0 .. of a, 'terms' of them, as panels of TILE_ROWS: [panel][term][row], missing rows 0. */
static void pack_a(int rows, int terms, const float *a, int rsa, int csa, float *to)
{
    for (int i = 0; i < rows; i += TILE_ROWS)
        for (int l = 0; l < terms; l++)
            for (int r = 0; r < TILE_ROWS; r++)
                *to++ = i + r < rows ? a[(size_t)(i + r) * (size_t)rsa + (size_t)l * (size_t)csa] : 0;
}

/* Likewise b: [panel][term][column]. */
static void pack_b(int terms, int cols, const float *b, int rsb, int csb, float *to)
{
    for (int j = 0; j < cols; j += TILE_COLS)
        for (int l = 0; l < terms; l++) {
            const float *from = b + (size_t)l * (size_t)rsb + (size_t)j * (size_t)csb;
            if (csb == 1 && j + TILE_COLS <= cols) {
                for (int v = 0; v < TILE_VECTORS; v++) store(to + v * LANES, load_any(from + v * LANES));
                to += TILE_COLS;
            } else {
                for (int c = 0; c < TILE_COLS; c++) *to++ = j + c < cols ? from[(size_t)c * (size_t)csb] : 0;
            }
        }
}

/* c (TILE_ROWS, TILE_COLS) (+)= panel of a times panel of b */
static void multiply_tile(int terms, const float *a, const float *b, bool accumulate, float *c, int ldc)
{
    vf sum[TILE_ROWS][TILE_VECTORS];
    for (int r = 0; r < TILE_ROWS; r++)
        for (int v = 0; v < TILE_VECTORS; v++) sum[r][v] = splat(0);
    for (int l = 0; l < terms; l++, a += TILE_ROWS, b += TILE_COLS) {
        vf right[TILE_VECTORS];
        for (int v = 0; v < TILE_VECTORS; v++) right[v] = load(b + v * LANES);
        for (int r = 0; r < TILE_ROWS; r++)
            for (int v = 0; v < TILE_VECTORS; v++) sum[r][v] += a[r] * right[v];
    }
    for (int r = 0; r < TILE_ROWS; r++)
        for (int v = 0; v < TILE_VECTORS; v++) {
            float *to = c + (size_t)r * (size_t)ldc + v * LANES;
            store_any(to, accumulate ? load_any(to) + sum[r][v] : sum[r][v]);
        }
}

/* A tile that reaches over the edge of c goes through 'edge'. */
static void multiply_edge(int rows, int cols, int terms, const float *a, const float *b, bool accumulate, float *c,
                          int ldc, float *edge)
{
    multiply_tile(terms, a, b, false, edge, TILE_COLS);
    for (int r = 0; r < rows; r++)
        for (int j = 0; j < cols; j++) {
            float *to = c + (size_t)r * (size_t)ldc + j;
            *to = accumulate ? *to + edge[r * TILE_COLS + j] : edge[r * TILE_COLS + j];
        }
}

static void multiply_block(int rows, int cols, int terms, const float *a, const float *b, bool accumulate, float *c,
                           int ldc, float *edge)
{
    for (int j = 0; j < cols; j += TILE_COLS)
        for (int i = 0; i < rows; i += TILE_ROWS) {
            const float *left = a + (size_t)i * (size_t)terms, *right = b + (size_t)j * (size_t)terms;
            float *to = c + (size_t)i * (size_t)ldc + j;
            if (i + TILE_ROWS <= rows && j + TILE_COLS <= cols)
                multiply_tile(terms, left, right, accumulate, to, ldc);
            else
                multiply_edge(rows - i < TILE_ROWS ? rows - i : TILE_ROWS, cols - j < TILE_COLS ? cols - j : TILE_COLS,
                              terms, left, right, accumulate, to, ldc, edge);
        }
}

INLINE int at_most(int a, int b)
{
    return a < b ? a : b;
}

static void gemm(int m, int n, int k, const float *a, int rsa, int csa, const float *b, int rsb, int csb,
                 bool accumulate, float *c, int ldc, float *work)
{
    float *packed_a = work, *packed_b = work + A_FLOATS, *edge = packed_b + BLOCK_N * BLOCK_TERMS;
    for (int j = 0; j < n; j += BLOCK_N)
        for (int l = 0; l < k; l += BLOCK_TERMS) {
            int cols = at_most(BLOCK_N, n - j), terms = at_most(BLOCK_TERMS, k - l);
            pack_b(terms, cols, b + (size_t)l * (size_t)rsb + (size_t)j * (size_t)csb, rsb, csb, packed_b);
            for (int i = 0; i < m; i += BLOCK_M) {
                int rows = at_most(BLOCK_M, m - i);
                pack_a(rows, terms, a + (size_t)i * (size_t)rsa + (size_t)l * (size_t)csa, rsa, csa, packed_a);
                multiply_block(rows, cols, terms, packed_a, packed_b, accumulate || l > 0,
                               c + (size_t)i * (size_t)ldc + j, ldc, edge);
            }
        }
}

#endif
