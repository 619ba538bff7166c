/* kern_test.c - memory and comparisons for the checks of kernels. */
#include "kern_test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { GUARD = 64, MAX_BLOCKS = 4096 };
static const uint32_t untouched = 0x7fc0dead; /* not a number: it shows wherever it is read as well */

typedef struct block {
    void *memory;
    uint32_t *guarded; /* the first word of an output; NULL: an input */
    size_t n;
} block;

static block blocks[MAX_BLOCKS];
static int n_blocks;
static uint64_t stream = 17;

static void *get(size_t bytes)
{
    void *memory = NULL;
    assert_true(n_blocks < MAX_BLOCKS);
    assert_int_equal(posix_memalign(&memory, 64, bytes ? bytes : 1), 0);
    blocks[n_blocks++] = (block){.memory = memory};
    return memory;
}

double kern_draw(double low, double high)
{
    stream = stream * 6364136223846793005u + 1442695040888963407u;
    return low + (high - low) * (double)(stream >> 11) * 0x1p-53;
}

float *kern_input(size_t n, double low, double high)
{
    float *x = get(n * sizeof *x);
    for (size_t i = 0; i < n; i++) x[i] = (float)kern_draw(low, high);
    return x;
}

float *kern_matrix(int rows, int cols, int ld, double low, double high)
{
    float *x = kern_input((size_t)rows * (size_t)ld, low, high);
    for (int j = 0; j < rows; j++)
        for (int i = cols; i < ld; i++) x[kern_at(j, ld, i)] = (float)kern_draw(-1e4, 1e4);
    return x;
}

uint32_t *kern_words(size_t n)
{
    size_t all = n + 2 * GUARD;
    uint32_t *words = get(all * sizeof *words);
    for (size_t i = 0; i < all; i++) words[i] = untouched;
    blocks[n_blocks - 1].guarded = words + GUARD;
    blocks[n_blocks - 1].n = n;
    return words + GUARD;
}

float *kern_output(size_t n, int skew)
{
    uint32_t *words = kern_words(n + (size_t)skew) + skew;
    blocks[n_blocks - 1].guarded += skew;
    blocks[n_blocks - 1].n -= (size_t)skew;
    return (float *)(void *)words;
}

static uint32_t word_of(const float *x)
{
    uint32_t word;
    memcpy(&word, x, sizeof word);
    return word;
}

void kern_close(const char *what, int row, int column, double got, double want, double bound)
{
    if (!(fabs(got - want) <= bound))
        fail_msg("%s (%d,%d) is %.9g, should be %.9g: %g off, %g allowed", what, row, column, got, want,
                 fabs(got - want), bound);
}

void kern_untouched(const char *what, const float *output, int rows, int from, int ld)
{
    for (int j = 0; j < rows; j++)
        for (int i = from; i < ld; i++)
            if (word_of(output + kern_at(j, ld, i)) != untouched)
                fail_msg("%s: (%d,%d) was written, columns end at %d", what, j, i, from);
}

void kern_zero(const char *what, const float *output, int rows, int from, int to, int ld)
{
    for (int j = 0; j < rows; j++)
        for (int i = from; i < to; i++)
            if (output[kern_at(j, ld, i)] != 0)
                fail_msg("%s: (%d,%d) is %g, past %d all is 0", what, j, i, (double)output[kern_at(j, ld, i)], from);
}

void kern_same(const char *what, const float *a, const float *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (word_of(a + i) != word_of(b + i))
            fail_msg("%s: number %zu differs: %.9g and %.9g", what, i, (double)a[i], (double)b[i]);
}

float *kern_prior(float *output, int rows, int cols, int ld)
{
    float *copy = get((size_t)rows * (size_t)ld * sizeof *copy);
    for (int j = 0; j < rows; j++)
        for (int i = 0; i < cols; i++) output[kern_at(j, ld, i)] = (float)kern_draw(-2, 2);
    memcpy(copy, output, (size_t)rows * (size_t)ld * sizeof *copy);
    return copy;
}

/* The first word around the output that is not as it was left, or 0. */
static long written_past(const block *b)
{
    if (!b->guarded) return 0;
    for (long i = 1; i <= GUARD; i++) {
        if (b->guarded[-i] != untouched) return -i;
        if (b->guarded[(long)b->n + i - 1] != untouched) return (long)b->n + i - 1;
    }
    return 0;
}

void kern_done(void)
{
    long past = 0;
    size_t n = 0;
    for (int i = 0; i < n_blocks; i++) {
        if (!past) {
            past = written_past(&blocks[i]);
            n = blocks[i].n;
        }
        free(blocks[i].memory);
    }
    n_blocks = 0;
    stream = 17;
    if (past) fail_msg("number %ld of an output of %zu was written", past, n);
}
