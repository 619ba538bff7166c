/* kern.h - the loops over floats: one list, made by several sets of kernels.
 *
 * Common to all: matrices of activations are [rows][n] with 'ld' floats from row to row (ld >= n, a
 * multiple of 16, every row aligned to 64 bytes); n is the number of columns that are worked on, a
 * multiple of 16: columns past the batch hold finite values without meaning, and zero gradients.
 * 'live' is the number of columns that hold samples. Weights are dense [m][k], as PyTorch stores
 * them, aligned to 64 at the block's start only. Inputs first, outputs last, nothing aliases unless
 * said. No allocation, no status, no global. 'accumulate': add to the output instead of overwriting
 * it. kern/ref is the meaning; the others are compared with it. */
#ifndef KERN_KERN_H
#define KERN_KERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Pairwise loss over unit columns, see 'separate'. */
typedef struct kedge_separate {
    int power;         /* P >= 1 */
    float scale, bias; /* C := scale C + bias: (.5, .5) with the shift, (1, 0) without */
    float limit;       /* pairs with scale C + bias >= limit are left out; infinity: none */
} kedge_separate;

/* The list: name, arguments. */
/* clang-format off */
#define KEDGE_KERNELS(KERNEL)                                                                      \
    /* y (m,n) = w (m,k) x (k,n) + b (m) */                                                        \
    KERNEL(linear, (int m, int k, int n, const float *w, const float *b, const float *x,           \
                    int ldx, float *y, int ldy))                                                   \
    /* dx (k,n) = wT dy [* scale (k,n), unless NULL] */                                            \
    KERNEL(linear_dx, (int m, int k, int n, const float *w, const float *dy, int lddy,             \
                       const float *scale, int lds, bool accumulate, float *dx, int lddx))         \
    /* dw (m,k) = dy xT, db (m) = row sums of dy */                                                \
    KERNEL(linear_dw, (int m, int k, int n, const float *dy, int lddy, const float *x, int ldx,    \
                       bool accumulate, float *dw, float *db))                                     \
    /* c (m,n) = a (m,k) b (k,n): element (i,j) of a at a[i*rsa + j*csa], of b likewise; c has     \
       rows ldc apart. For large sizes; work has KEDGE_GEMM_WORK floats. Any m, k, n. */           \
    KERNEL(gemm, (int m, int n, int k, const float *a, int rsa, int csa, const float *b,           \
                  int rsb, int csb, bool accumulate, float *c, int ldc, float *work))              \
    /* y (n) = f(x), d (n) = f'(x) unless NULL. gelu(x) = x/2 (1 + erf(x/sqrt 2)) */               \
    KERNEL(gelu, (int n, const float *x, float *y, float *d))                                      \
    KERNEL(relu, (int n, const float *x, float *y, float *d))                                      \
    KERNEL(tanh, (int n, const float *x, float *y, float *d))                                      \
    KERNEL(sigmoid, (int n, const float *x, float *y, float *d))                                   \
    /* z (n) = x * y; z may be x */                                                                \
    KERNEL(mul, (int n, const float *x, const float *y, bool accumulate, float *z))                \
    /* y (n) = s x */                                                                              \
    KERNEL(scale, (int n, const float *x, float s, bool accumulate, float *y))                     \
    /* y (k,n) = x / max(|x|, 1e-12) by columns, r (n) = 1 / max(|x|, 1e-12) unless NULL */        \
    KERNEL(l2norm, (int k, int n, const float *x, int ldx, float *y, int ldy, float *r))           \
    /* dx (k,n) = r (dy - y (y.dy)) */                                                             \
    KERNEL(l2norm_grad, (int k, int n, const float *y, int ldy, const float *dy, int lddy,         \
                         const float *r, bool accumulate, float *dx, int lddx))                    \
    /* d (rows,n) = y - t, 0 past live; *sum = sum of squares of d */                              \
    KERNEL(difference, (int rows, int n, int live, const float *y, int ldy, const float *t,        \
                        int ldt, float *d, int ldd, float *sum))                                   \
    /* *sum = sum over ordered pairs i != j of live columns of c_i x^P, x = scale e_i.e_j +        \
       bias < limit; *left_out = the sum of c_i over the pairs at or over the limit; g (k,n) =     \
       the derivative of *sum by e, 0 past live. c NULL: all 1. work: KEDGE_SEPARATE_WORK(k,       \
       live) floats. METHOD section 3. */                                                          \
    KERNEL(separate, (const kedge_separate *s, int k, int live, const float *e, int lde,           \
                      const float *c, float *g, int ldg, float *work, float *sum,                  \
                      float *left_out))                                                            \
    /* a (n) = sum_j p_j z_j: the dot product of every column with p */                            \
    KERNEL(project, (int k, int n, const float *z, int ldz, const float *p, float *a))             \
    /* dz (k,n) = p_j da */                                                                        \
    KERNEL(project_grad, (int k, int n, const float *p, const float *da, bool accumulate,          \
                          float *dz, int lddz))                                                    \
    /* a (n) = sum_j m_j (z_j - p_j)^2 */                                                          \
    KERNEL(distance, (int k, int n, const float *z, int ldz, const float *p, const float *m,       \
                      float *a))                                                                   \
    /* dz (k,n) = 2 m_j (z_j - p_j) da */                                                          \
    KERNEL(distance_grad, (int k, int n, const float *z, int ldz, const float *p,                  \
                           const float *m, const float *da, bool accumulate, float *dz,            \
                           int lddz))                                                              \
    /* *sum = sum of a l over live columns (l NULL: of a) */                                       \
    KERNEL(weighted_sum, (int live, const float *a, const float *l, float *sum))                   \
    /* m = b1 m + (1-b1) g; v = b2 v + (1-b2) g^2; p -= rate m / (sqrt(v) root + eps). n a         \
       multiple of 16. rate = lr / (1 - b1^t), root = 1 / sqrt(1 - b2^t): Kingma and Ba,           \
       algorithm 1 */                                                                              \
    KERNEL(adam, (int n, const float *g, float rate, float root, float b1, float b2, float eps,    \
                  float *m, float *v, float *p))                                                   \
    /* m and v as in adam; p -= decay p + rate m / (sqrt(v) root + eps). decay = lr times the       \
       weight decay: Loshchilov and Hutter 2019, algorithm 2 */                                    \
    KERNEL(adamw, (int n, const float *g, float rate, float root, float b1, float b2, float eps,   \
                   float decay, float *m, float *v, float *p))                                     \
    /* d = g + decay p; v = mu v + d; p -= rate (v, or d + mu v with nesterov). n a multiple of    \
       16. As torch.optim.SGD */                                                                   \
    KERNEL(sgd, (int n, const float *g, float rate, float mu, bool nesterov, float decay,          \
                 float *v, float *p))                                                              \
    /* Philox4x32-10 of counters (i, counter[0..2]), i in [0, n): word j of block i at wj[i]       \
       */                                                                                          \
    KERNEL(philox, (int n, const uint32_t key[2], const uint32_t counter[3], uint32_t *w0,         \
                    uint32_t *w1, uint32_t *w2, uint32_t *w3))                                     \
    /* l (n) = 1 where (word >> 1) < threshold[index], else 0; *sum = their number */              \
    KERNEL(bernoulli, (int n, const uint32_t *word, const uint32_t *threshold,                     \
                       const uint32_t *index, float *l, float *sum))                               \
    /* y (n) = x[index]; index < 2^31 */                                                           \
    KERNEL(gather, (int n, const float *x, const uint32_t *index, float *y))
/* clang-format on */

/* One set of kernels. */
typedef struct kedge_kern {
    const char *name;
    bool (*usable)(void); /* on this machine */
#define KERNEL(name, arguments) void(*name) arguments;
    KEDGE_KERNELS(KERNEL)
#undef KERNEL
} kedge_kern;

/* Scratch that kernels need, in floats. */
enum { KEDGE_GEMM_WORK = 1 << 18 };
/* e wrapped: k rows of 2 live and more; pair powers: live/2 rows of the same. */
#define KEDGE_SEPARATE_ROW(live) ((2 * (size_t)(live) + 31) / 16 * 16)
#define KEDGE_SEPARATE_WORK(k, live)                                                               \
    (((size_t)(k) + (size_t)(live) / 2 + 1) * KEDGE_SEPARATE_ROW(live))

extern const kedge_kern kedge_kern_ref;
#if defined(KEDGE_SIMD_X86)
extern const kedge_kern kedge_kern_avx2, kedge_kern_avx512;
#endif

/* The sets that this build has, from the plainest to the fastest; NULL past the end. */
const kedge_kern *kedge_kern_at(int i);

#endif
