/* kern_test.h - what the checks of kernels share: inputs that end where they say, outputs between guards, and
 * comparison with numbers made in double. */
#ifndef KERN_TEST_H
#define KERN_TEST_H

#include "unit.h"

#include "kern/kern.h"

/* One thing to check of a kernel, on any set of them. */
typedef struct kern_check {
    const char *name;
    void (*run)(const kedge_kern *kern);
} kern_check;

/* kern_checks_NAME, ended by {0}, for each kernel of the list. Weak: one that is missing fails as a test, by name,
 * and not in the linker. */
#define KERNEL(name, arguments) extern const kern_check kern_checks_##name[] __attribute__((weak));
KEDGE_KERNELS(KERNEL)
#undef KERNEL

#define COUNT(array) (int)(sizeof(array) / sizeof *(array))

#define UNIT 0x1p-24 /* half a last place of 1: what one rounding may cost, relative */

/* Numbers in [low, high), the same every time for the same kernel and check. */
double kern_draw(double low, double high);

/* n floats, aligned to 64, with nothing behind the last (AddressSanitizer sees what reads past it), drawn from
 * [low, high). Blocks last until the check is over. */
float *kern_input(size_t n, double low, double high);
/* A matrix [rows][ld] likewise, whose columns from 'cols' on hold junk: finite, large. */
float *kern_matrix(int rows, int cols, int ld, double low, double high);
/* n floats to write to: not a number before the kernel writes them, guards on both sides, which are looked at when
 * the check is over. 'skew' floats past a multiple of 64 bytes. */
float *kern_output(size_t n, int skew);
/* n words likewise. */
uint32_t *kern_words(size_t n);

/* Fails unless |got - want| <= bound; 'what' and the place say which. */
void kern_close(const char *what, int row, int column, double got, double want, double bound);
/* Fails unless columns [from, ld) of all rows are as kern_output left them. */
void kern_untouched(const char *what, const float *output, int rows, int from, int ld);
/* Fails unless columns [from, to) of all rows are exactly 0. */
void kern_zero(const char *what, const float *output, int rows, int from, int to, int ld);
/* Fails unless both hold the same bits. */
void kern_same(const char *what, const float *a, const float *b, size_t n);

static inline size_t kern_at(int row, int ld, int column)
{
    return (size_t)row * (size_t)ld + (size_t)column;
}

/* What an output held before, if it is added to: drawn into [rows][cols] of it, and a copy for the comparison. */
float *kern_prior(float *output, int rows, int cols, int ld);

/* For the main program: frees all blocks, after a look at the guards. */
void kern_done(void);

#endif
