/* lr_find.h - inside of kedge_lr_test, and what is read off one curve. */
#ifndef STUDY_LR_FIND_H
#define STUDY_LR_FIND_H

#include "base/arena.h"
#include "kedge/lr_find.h"

typedef struct kedge_lr_curve {
    long long seed;
    int reached;                    /* updates with a finite loss */
    double *values[KEDGE_LR_PARTS]; /* [steps] each */
    double marks[KEDGE_LR_MARKS];   /* NaN: none */
} kedge_lr_curve;

struct kedge_lr_test {
    kedge_context *ctx;
    kedge_arena arena;
    const char *title; /* the recipe's */
    int steps, at;
    double recipe_rate;
    const char *sets;  /* which are drawn and which are not; NULL: all are, or there are none */
    double *rates;     /* [steps] */
    long long n;
    kedge_lr_curve *curves; /* [n] */
    kedge_lr_curve median;  /* over curves; its marks are the medians of theirs */
    long long found[KEDGE_LR_MARKS]; /* seeds that have the mark */
    double low[KEDGE_LR_MARKS], high[KEDGE_LR_MARKS]; /* among them; NaN: none has */
};

/* The smoothed curve of 'reached' finite losses; NaN behind them. */
void kedge_lr_smooth(const double *loss, int reached, int steps, double *smooth);

/* Updates to either side of the one whose slope is asked for: steps / 40, at least 1. */
int kedge_lr_reach(int steps);
/* Updates of a test from one learning rate to a higher one for which the advice holds; at least 10. */
int kedge_lr_calibrated_steps(double from, double to);

/* Reads the marks off a smoothed curve of which 'reached' values are there. The slope at i is that of the straight line
 * through the values from i - w to i + w by least squares, w being the reach, so that one batch makes none.
 * A curve that nowhere falls has no steepest; one that diverges at once has no mark but the edge. */
void kedge_lr_read(const double *rates, const double *smooth, int reached, int steps, double marks[KEDGE_LR_MARKS]);

/* From the marks of all curves: how many have each, their range, the medians. 'sorted' [n] is scratch. */
void kedge_lr_find_ranges(kedge_lr_test *test, double *sorted);

#endif
