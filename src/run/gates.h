/* gates.h - a schedule that reacts: rows that come early in a run because of what is measured in it (schedule/until.h
 * has the rule of their time, docs/schedules.md all rules for users). */
#ifndef RUN_GATES_H
#define RUN_GATES_H

#include "eval/metrics.h"
#include "run/training.h"
#include "schedule/until.h"

enum { KEDGE_GATES_EVERY = 10 }; /* steps from one measurement to the next */

/* Those of one worker's runs, one run after another. */
typedef struct kedge_gates {
    kedge_context *ctx;
    const kedge_recipe *recipe;
    kedge_arena arena;          /* holds the lists below */
    kedge_recipe_training own;  /* for the trainer: the tables as the run's time has them, and its number of updates */
    int steps;                  /* updates where nothing comes early */
    double *times, *column;     /* [steps] the schedule's time at each update; scratch */
    int *fires;                 /* [actions] the sheet's step of each */
    kedge_meter *meter;         /* without plans */
    int n, next;                /* rows that may come early and that a run comes to; the next of them */
    const kedge_until *untils;  /* [n] */
    int *columns;               /* [n] of the meter */
    int n_advances;
    kedge_advance *advances;    /* [n] those of the present run, in order */
} kedge_gates;

/* Whether rows of the recipe's sheet may come early. */
bool kedge_recipe_reacts(const kedge_recipe *recipe);
/* Adds to 'errors', at its place, each metric that is not measured while this recipe's runs go on: one unknown, or that
 * does not apply to it. The recipe's sheet and data are loaded. Out of memory is an error too. */
void kedge_gates_check(const kedge_recipe *recipe, kedge_errors *errors);

/* For a recipe that reacts; it must outlive them. KEDGE_ENOMEM. */
kedge_status kedge_gates_create(kedge_gates **out, kedge_context *ctx, const kedge_recipe *recipe);
void kedge_gates_free(kedge_gates *gates);
/* What measures: of the parameters that are trained, on the points learned and the test set. To be called before the
 * first run; both must outlive the gates. KEDGE_ENOMEM. */
kedge_status kedge_gates_measure(kedge_gates *gates, kedge_evaluator *evaluator, kedge_evaluator *test);

/* Before a run: the schedule's own time. Before each update, with its number: measures where it is time to, and where
 * the condition holds lets the rest of the tables follow, and the actions that are still due. No allocation. */
void kedge_gates_begin(kedge_gates *gates);
void kedge_gates_step(kedge_gates *gates, int step);
/* The update at which the present run comes to a step of the sheet; without gates (NULL) that step. */
int kedge_gates_update(const kedge_gates *gates, int step);

/* What came early, for a model's metadata: '620>750/50;900>1200/20', the update, the row's step and the steps of the
 * way of each. A new text in 'arena', NULL without memory; "" if nothing did. Reading it back makes the tables those of
 * that run; false, and as before a run, if 'text' (may be NULL: nothing did) cannot be one of this recipe. */
const char *kedge_gates_text(const kedge_gates *gates, kedge_arena *arena);
bool kedge_gates_read(kedge_gates *gates, const char *text);
/* How many updates a run of the recipe had of which such a text tells (NULL: nothing came early); -1 if it cannot be
 * one of this recipe. */
int kedge_recipe_updates(const kedge_recipe *recipe, const char *text);

#endif
