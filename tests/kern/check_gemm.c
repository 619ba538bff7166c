/* check_gemm.c - large products. Entries are small whole numbers, so that every order of summing gives the same. */
#include "kern_test.h"

static float *whole_numbers(size_t n)
{
    float *x = kern_input(n, 0, 1);
    for (size_t i = 0; i < n; i++) x[i] = (float)((int)(x[i] * 9) - 4);
    return x;
}

typedef struct product {
    int m, n, k;
    bool a_turned, b_turned, accumulate;
    int skew; /* floats by which c is off a multiple of 64 bytes */
} product;

static void product_case(const kedge_kern *kern, const product *p)
{
    int m = p->m, n = p->n, k = p->k, ldc = n + 3;
    /* The longer side has gaps between rows, as a batch has. */
    int lda = (p->a_turned ? m : k) + 5, ldb = (p->b_turned ? k : n) + 2;
    size_t a_end = kern_at((p->a_turned ? k : m) - 1, lda, p->a_turned ? m : k);
    size_t b_end = kern_at((p->b_turned ? n : k) - 1, ldb, p->b_turned ? k : n);
    float *a = whole_numbers(a_end), *b = whole_numbers(b_end);
    float *c = kern_output((size_t)m * (size_t)ldc, p->skew), *work = kern_output(KEDGE_GEMM_WORK, 0);
    float *prior = p->accumulate ? kern_prior(c, m, n, ldc) : NULL;
    for (int i = 0; prior && i < m; i++) /* whole numbers there as well */
        for (int j = 0; j < n; j++) c[kern_at(i, ldc, j)] = prior[kern_at(i, ldc, j)] = (float)(i % 7 - j % 5);
    int rsa = p->a_turned ? 1 : lda, csa = p->a_turned ? lda : 1;
    int rsb = p->b_turned ? 1 : ldb, csb = p->b_turned ? ldb : 1;
    kern->gemm(m, n, k, a, rsa, csa, b, rsb, csb, p->accumulate, c, ldc, work);
    static float row[1024]; /* exact: below 2^24 */
    for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) row[j] = prior ? prior[kern_at(i, ldc, j)] : 0;
        for (int l = 0; l < k; l++) {
            float left = a[kern_at(i, rsa, 0) + kern_at(l, csa, 0)];
            for (int j = 0; j < n; j++) row[j] += left * b[kern_at(l, rsb, 0) + kern_at(j, csb, 0)];
        }
        kern_same("a row of c", c + kern_at(i, ldc, 0), row, (size_t)n);
    }
    kern_untouched("c", c, m, n, ldc);
    kern_done();
}

static void all_forms(const kedge_kern *kern, int m, int n, int k)
{
    for (int form = 0; form < 8; form++) {
        product p = {.m = m, .n = n, .k = k, .skew = form % 3,
                     .a_turned = form & 1, .b_turned = form & 2, .accumulate = form & 4};
        product_case(kern, &p);
    }
}

static void small_sizes(const kedge_kern *kern)
{
    static const int sizes[] = {1, 2, 5, 6, 7, 12, 13, 16, 31, 33};
    for (int i = 0; i < COUNT(sizes); i++)
        for (int j = 0; j < COUNT(sizes); j++) all_forms(kern, sizes[i], sizes[j], sizes[(i + 3 * j) % COUNT(sizes)]);
}

/* Each of the three past the end of a block, by one and by more, the others small. */
static void past_one_block(const kedge_kern *kern)
{
    static const int sizes[][3] = {{97, 5, 5}, {145, 33, 1}, {257, 1, 5}, {5, 769, 3}, {1, 800, 97}, {5, 5, 257},
                                   {97, 1, 300}, {1, 97, 513}, {300, 17, 16}};
    for (int i = 0; i < COUNT(sizes); i++) all_forms(kern, sizes[i][0], sizes[i][1], sizes[i][2]);
}

static void past_all_blocks(const kedge_kern *kern)
{
    static const product products[] = {
        {.m = 150, .n = 800, .k = 257},
        {.m = 97, .n = 257, .k = 300, .a_turned = true, .accumulate = true},
        {.m = 257, .n = 97, .k = 260, .b_turned = true, .skew = 1},
        {.m = 145, .n = 300, .k = 257, .a_turned = true, .b_turned = true, .accumulate = true, .skew = 3},
    };
    for (int i = 0; i < COUNT(products); i++) product_case(kern, &products[i]);
}

/* Rounding: sums of numbers of both signs, against double. */
static void rounding(const kedge_kern *kern)
{
    enum { M = 13, N = 37, K = 600 };
    float *a = kern_input(M * K, -1, 1), *b = kern_input(K * N, -1, 1);
    float *c = kern_output(M * N, 0), *work = kern_output(KEDGE_GEMM_WORK, 0);
    kern->gemm(M, N, K, a, K, 1, b, N, 1, false, c, N, work);
    for (int i = 0; i < M; i++)
        for (int j = 0; j < N; j++) {
            double want = 0;
            for (int l = 0; l < K; l++) want += (double)a[kern_at(i, K, l)] * (double)b[kern_at(l, N, j)];
            kern_close("c", i, j, (double)c[kern_at(i, N, j)], want, 2e-5);
        }
}

const kern_check kern_checks_gemm[] = {
    {"small sizes, all strides", small_sizes},
    {"past the end of one block", past_one_block},
    {"past the end of all blocks", past_all_blocks},
    {"rounding", rounding},
    {0},
};
