/* formula.h - inside of formulas: the functions that they may call, and the check before evaluation. */
#ifndef DATA_FORMULA_H
#define DATA_FORMULA_H

#include "data/dataset.h"

/* Bounds: nothing longer or deeper reaches the evaluator. */
enum { KEDGE_FORMULA_LENGTH = 1000, KEDGE_FORMULA_DEPTH = 32, KEDGE_FORMULA_NAME = 100 };

/* A function: its name and how many arguments it takes; the one pointer that is set has that many. */
typedef struct kedge_formula_function {
    const char *name;
    int least, most;
    double (*one)(double);
    double (*two)(double, double);
    double (*three)(double, double, double);
    double (*many)(const double *, int);
    const char *doc;
} kedge_formula_function;

/* The list. */
extern const kedge_formula_function kedge_formula_functions[];
extern const int kedge_n_formula_functions;

/* A formula that has passed the check. */
typedef struct kedge_formula_parts {
    char text[KEDGE_FORMULA_LENGTH + 1]; /* with plain spaces, '& ' and '| ' for '&&' and '||' */
    int n_used;
    int used[KEDGE_FORMULA_LENGTH / 2 + 1]; /* the columns in it, each once */
} kedge_formula_parts;

/* Checks names and syntax; adds the first error, 'where: in "...": ... at position N ...'. False after one. */
bool kedge_formula_check(const kedge_formula *formula, const kedge_dataset *dataset, kedge_formula_parts *parts,
                         kedge_errors *errors);

#endif
