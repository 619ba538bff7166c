/* gradient.h - is an operation what it says, and is its gradient right? Against functions in double. */
#ifndef TESTS_OPS_GRADIENT_H
#define TESTS_OPS_GRADIENT_H

#include "ops/ops.h"

enum { CASE_OPERANDS = 3, CASE_NUMBERS = 4096 };

/* Operands and result of one case, in double; activations are [rows][live], parameters [rows][cols]. */
typedef struct values {
    int live;
    int rows[CASE_OPERANDS], cols[CASE_OPERANDS]; /* cols 0: an activation */
    double in[CASE_OPERANDS][CASE_NUMBERS];
    double out[CASE_NUMBERS];
} values;

/* One case: its shapes, how to build it, and what it means. */
typedef struct gradient_case {
    const char *name;
    const kedge_op *op;
    int n_in, rows[CASE_OPERANDS], cols[CASE_OPERANDS];
    bool constant[CASE_OPERANDS];              /* no gradient by this operand */
    double low[CASE_OPERANDS], high[CASE_OPERANDS]; /* range of its random values */
    int unit_operand;                          /* 1 + operand whose columns are made unit length; 0: none */
    int duplicate;                             /* the last column repeats the first */
    kedge_node *(*build)(kedge_node **in);
    void (*meaning)(values *v);                /* out from in */
    double bound;       /* on the gradient, relative to its largest entry (or 1e-6) */
    double value_bound; /* on the value, likewise (or 1e-3); 0: 3e-6 */
} gradient_case;

typedef struct gradient_cases {
    const gradient_case *at;
    int n;
} gradient_cases;

extern const gradient_cases model_cases, edit_cases;

/* A number of an operand. */
static inline double at(const values *v, int operand, int row, int column)
{
    int columns = v->cols[operand] ? v->cols[operand] : v->live;
    return v->in[operand][row * columns + column];
}

#endif
