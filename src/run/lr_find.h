/* lr_find.h - inside of kedge_lr_test, and what is read off one curve. */
#ifndef RUN_LR_FIND_H
#define RUN_LR_FIND_H

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
    double *rates;     /* [steps] */
    long long n;
    kedge_lr_curve *curves; /* [n] */
    kedge_lr_curve median;  /* over curves; its marks are the medians of theirs */
    long long found[KEDGE_LR_MARKS]; /* seeds that have the mark */
    double low[KEDGE_LR_MARKS], high[KEDGE_LR_MARKS]; /* among them; NaN: none has */
};

/* The smoothed curve of 'reached' finite losses; NaN behind them. */
void kedge_lr_smooth(const double *loss, int reached, int steps, double *smooth);

/* Reads the marks off a smoothed curve of which 'reached' values are there. The slope at i is that of the straight line
 * through the values from i - w to i + w by least squares, w = steps / 40 and at least 1, so that one batch makes none.
 * A curve that nowhere falls has no steepest; one that diverges at once has no mark but the edge. */
void kedge_lr_read(const double *rates, const double *smooth, int reached, int steps, double marks[KEDGE_LR_MARKS]);

#endif
