/* lr_find.h - the learning-rate range test: how the loss goes while the learning rate rises through the decades. */
#ifndef KEDGE_LR_FIND_H
#define KEDGE_LR_FIND_H

#include "kedge/recipe.h"
#include "kedge/table.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kedge_lr_find_options {
    double from, to;      /* learning rates of the first and the last update; 0 < from < to */
    int steps;            /* updates, 10 to 1000000, in which the learning rate rises by equal factors; 0:
                           * KEDGE_LR_PER_DECADE for each factor of 10, at least 10 */
    long long first_seed; /* with seed_count > 0: these seeds, at most 100000 */
    long long seed_count; /* 0: KEDGE_LR_SEEDS from the recipe's first seed on */
    int at;               /* weights and rates of labels are those of the recipe's schedule at this step; -1: the step
                           * where its learning rate is first at its largest */
    int without_terms;    /* the task alone */
    /* Called from one thread at a time, after each finished seed. May be NULL. */
    void (*progress)(long long done, long long total, void *payload);
    void *progress_payload;
    const volatile int *stop; /* set it to non-zero to end early; may be NULL */
} kedge_lr_find_options;

#define KEDGE_LR_FIND_OPTIONS_INIT {.from = 1e-6, .to = 10, .at = -1}

/* With more updates a decade the minimum comes at a lower learning rate, so that advice is given for one number. */
enum { KEDGE_LR_SEEDS = 8, KEDGE_LR_PER_DECADE = 57 };

/* Learning rates that stand out on a smoothed curve. */
typedef enum kedge_lr_mark {
    KEDGE_LR_STEEPEST, /* the smoothed loss falls fastest per factor of the learning rate, before its minimum */
    KEDGE_LR_MINIMUM,  /* it is smallest */
    KEDGE_LR_EDGE,     /* behind the minimum it is first above 4 times that, or no finite number */
    KEDGE_LR_MARKS
} kedge_lr_mark;

typedef enum kedge_lr_part {
    KEDGE_LR_LOSS,  /* the task and all terms with their weights, of an update's batch before the update */
    KEDGE_LR_TASK,  /* the task's loss, before it is weighted */
    KEDGE_LR_SMOOTH, /* of the loss: sum of (1 - b) b^k loss(i - k) / (1 - b^(i + 1)), b = 0.95: the last 20 or so */
    KEDGE_LR_PARTS
} kedge_lr_part;

/* What was found. Read-only: threads may share it. */
typedef struct kedge_lr_test kedge_lr_test;

/* Trains the recipe's model from each seed's initial weights while the learning rate of update i is
 * from (to / from)^(i / (steps - 1)) (Smith, Cyclical learning rates for training neural networks, WACV 2017). Batches
 * and labels are those that 'kedge run' draws. Actions of the sheet do not fire, so that captured anchors have nothing
 * to hold to and are left out. A seed whose loss becomes no finite number ends there: a result, no error. On the
 * context's threads; the same for any number of them. KEDGE_EINVALID: options out of range; KEDGE_ECANCELLED: stopped;
 * KEDGE_ENOMEM. 'options' may be NULL. */
KEDGE_API kedge_status kedge_lr_find(kedge_lr_test **out, kedge_context *context, const kedge_recipe *recipe,
                                     const kedge_lr_find_options *options);
KEDGE_API void kedge_lr_test_free(kedge_lr_test *test);

KEDGE_API long long kedge_lr_test_rows(const kedge_lr_test *test); /* seeds */
KEDGE_API long long kedge_lr_test_seed(const kedge_lr_test *test, long long row);
KEDGE_API int kedge_lr_test_steps(const kedge_lr_test *test);
/* The learning rates [steps], ascending. Owned by the test, as all arrays here. */
KEDGE_API const double *kedge_lr_test_rates(const kedge_lr_test *test);
/* A seed's values [steps]; NaN from where it diverged. Row -1: the median over seeds, of which those that diverged
 * count as largest; NaN where it is one of them. */
KEDGE_API const double *kedge_lr_test_values(const kedge_lr_test *test, long long row, kedge_lr_part part);
/* Updates with a finite loss: 'steps' if the seed did not diverge. */
KEDGE_API int kedge_lr_test_reached(const kedge_lr_test *test, long long row);

/* "steepest", "minimum", "edge"; what it is, in a few words. Static; NULL past the end. */
KEDGE_API const char *kedge_lr_mark_name(kedge_lr_mark mark);
KEDGE_API const char *kedge_lr_mark_doc(kedge_lr_mark mark);
/* Of one seed; NaN where its curve has none. */
KEDGE_API double kedge_lr_test_mark(const kedge_lr_test *test, long long row, kedge_lr_mark mark);
/* Over the seeds that have it: their number, which is returned, median, least and largest (NaN if none has). The median
 * of an even number is the geometric mean of the middle two. That of the edge is over all seeds: one without an edge
 * counts as beyond all rates, and NaN stands for a median there. */
KEDGE_API long long kedge_lr_test_marks(const kedge_lr_test *test, kedge_lr_mark mark, double *median, double *low,
                                        double *high);
/* The step whose weights were used; -1 without terms. The largest learning rate of the recipe's own schedule. */
KEDGE_API int kedge_lr_test_at(const kedge_lr_test *test);
KEDGE_API double kedge_lr_test_recipe_rate(const kedge_lr_test *test);

/* Which of the recipe's sets of points are drawn in the test, and at which step of the schedule, without a full stop;
 * NULL where all are, or there are none. Owned by the test. */
KEDGE_API const char *kedge_lr_test_sets(const kedge_lr_test *test);

typedef enum kedge_lr_table {
    KEDGE_LR_TABLE_MARKS, /* a row per mark: its median and range over seeds */
    KEDGE_LR_TABLE_SEEDS, /* a row per seed: its marks, its smallest loss, the updates it reached */
    KEDGE_LR_TABLE_CURVES /* a row per update: learning rate, medians of all parts, the smoothed loss of each seed */
} kedge_lr_table;

/* As a table, which the caller frees. KEDGE_ENOMEM. */
KEDGE_API kedge_status kedge_lr_test_table(kedge_table **out, const kedge_lr_test *test, kedge_lr_table which);
/* What the marks suggest, one sentence without a full stop: a peak; to begin lower, where fewer than half of the seeds
 * have a steepest or its median lies within the first updates (20, or the 20th part), so that the test has not seen the
 * loss fall; to go higher, where it falls to the end; or other updates, where their number a decade is more than a
 * tenth off KEDGE_LR_PER_DECADE. The caller frees *text with kedge_free. KEDGE_ENOMEM. */
KEDGE_API kedge_status kedge_lr_test_advise(const kedge_lr_test *test, char **text);

#ifdef __cplusplus
}
#endif
#endif
