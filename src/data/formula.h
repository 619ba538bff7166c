/* formula.h - inside of formulas: the functions that they may call, and the check before evaluation. */
#ifndef DATA_FORMULA_H
#define DATA_FORMULA_H

#include "data/colour.h"
#include "data/dataset.h"

/* Bounds: nothing longer or deeper reaches the evaluator. */
enum { KEDGE_FORMULA_LENGTH = 1000, KEDGE_FORMULA_DEPTH = 32, KEDGE_FORMULA_NAME = 100 };
/* The shortest call is similarity(red). */
enum { KEDGE_FORMULA_COLOURS = KEDGE_FORMULA_LENGTH / 15 };

/* A function: its name and how many arguments it takes; the one pointer that is set has that many. None is set for
 * the one that takes a colour: how like it each point is. */
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
    char text[KEDGE_FORMULA_LENGTH + 1]; /* with plain spaces, '& ' and '| ' for '&&' and '||', and the name "#2" and
                                          * spaces for the call that has colour 2 */
    int n_used;
    int used[KEDGE_FORMULA_LENGTH / 2 + 1]; /* the columns in it, each once */
    int n_colours;
    kedge_hsv colours[KEDGE_FORMULA_COLOURS];
    int channels[3]; /* the columns r, g and b, where there are colours */
} kedge_formula_parts;

/* Checks names and syntax; adds the first error, 'where: in "...": ... at position N ...'. False after one. */
bool kedge_formula_check(const kedge_formula *formula, const kedge_dataset *dataset, kedge_formula_parts *parts,
                         kedge_errors *errors);

/* Reads the argument of similarity from behind its parenthesis, text[at], to behind the closing one, whose index is
 * returned: the name of a colour, '_' for a space, or three numbers from 0 to 1. -1 after a mistake, which is then in
 * message[size] with its position. Ignores what follows. */
int kedge_formula_read_colour(const char *text, int at, kedge_hsv *colour, char *message, size_t size);

#endif
