/* lint.h - what a recipe's schedule comes to, and what in it is probably not meant. */
#ifndef KEDGE_LINT_H
#define KEDGE_LINT_H

#include "kedge/recipe.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A look at the schedule of a recipe, as it is if no row comes early: nothing is trained. Read-only: threads may share
 * it. */
typedef struct kedge_lint kedge_lint;

/* What one term's weight comes to over a run. */
typedef struct kedge_dose {
    const char *term;
    double dose;     /* sum over updates of |weight| x learning rate */
    double centroid; /* its middle in time: sum of step x |weight| x learning rate, over the dose; NaN: no dose */
    int first, last; /* steps at which its weight is first and last not 0; -1: at none */
} kedge_dose;

/* When the points of one set are drawn. */
typedef struct kedge_set_use {
    const char *set;
    int points;      /* that belong to it */
    int first, last; /* steps at which its factor is first and last not 0; -1: at none */
} kedge_set_use;

typedef enum kedge_warning_kind {
    KEDGE_WARNING_HOT_END, /* the weight of a term that holds something (an anchor, captured-anchor, anti-anchor,
                            * subspace, anti-subspace, fallback, or any with labels) falls for good below 5% of its
                            * largest, since its capture if it waits for one, while more than 10% of the heat is still
                            * to come (METHOD section 11: protection must outlive the heat) */
    KEDGE_WARNING_NEVER_ACTIVE, /* a term or the task can act at no update: its weight is 0, or the learning rate is,
                                 * or the rates of all its labels are */
    KEDGE_WARNING_CONFLICT, /* two terms that act at one site, at one step, on samples that both may reach, pull the
                             * same quantity in opposite directions (METHOD section 3) */
    KEDGE_WARNING_PHASES /* two phases of the sheet whose names differ in one letter of a word, or in case: one may be a
                          * slip of the pen for the other */
} kedge_warning_kind;

typedef struct kedge_warning {
    kedge_warning_kind kind;
    const char *file; /* the recipe's */
    const char *text; /* one line, as those of kedge_error */
} kedge_warning;

/* Works all of it out. The recipe must outlive it. KEDGE_ENOMEM. */
KEDGE_API kedge_status kedge_recipe_lint(kedge_lint **out, const kedge_recipe *recipe);
KEDGE_API void kedge_lint_free(kedge_lint *lint);

/* Sum of the learning rate over all updates. */
KEDGE_API double kedge_lint_heat(const kedge_lint *lint);
/* Term i of the recipe, in its order; 0 past the end, else 1. */
KEDGE_API int kedge_lint_dose(const kedge_lint *lint, int i, kedge_dose *dose);
/* Set i of the recipe, in its order; 0 past the end, else 1. */
KEDGE_API int kedge_lint_set(const kedge_lint *lint, int i, kedge_set_use *use);
/* Warning i: hot ends, then what is never active, then conflicts, then phases; 0 past the end, else 1. Owned by the
 * lint. */
KEDGE_API int kedge_lint_warning(const kedge_lint *lint, int i, kedge_warning *warning);

/* Heat, doses and sets as lines of comments, to stand below a recipe's text: what they are appended to stays a recipe.
 * Where rows of the sheet may come early (UNTIL), the first line says that the others hold if none does. The caller
 * frees *text with kedge_free. KEDGE_ENOMEM. */
KEDGE_API kedge_status kedge_lint_print(const kedge_lint *lint, char **text);

#ifdef __cplusplus
}
#endif
#endif
