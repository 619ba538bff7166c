/* labels.h - the label laboratory: how many labels, how wrong, how sharp does an anchor need? */
#ifndef KEDGE_LABELS_H
#define KEDGE_LABELS_H

#include "kedge/context.h"
#include "kedge/table.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What was found for one label of a recipe. Read-only: threads may share it. */
typedef struct kedge_label_lab kedge_label_lab;

/* What is varied; all else is the recipe's own. */
typedef enum kedge_label_part {
    KEDGE_LABELS_NOISE,    /* true positives, and wrong labels among those handed out */
    KEDGE_LABELS_RATE,     /* rate and exponent */
    KEDGE_LABELS_MODE,     /* soft, stochastic, exact */
    KEDGE_LABELS_HELD_OUT, /* half of the concept gets no label; with the anchor, and without */
    KEDGE_LABELS_PARTS,
    KEDGE_LABELS_ALL = KEDGE_LABELS_PARTS
} kedge_label_part;

typedef struct kedge_label_lab_options {
    const char *const *set; /* assignments "path=value" over the recipe, as in kedge_recipe_options */
    int n_set;
    const char *label;      /* NULL: the only one that an anchor of the latents uses, or the one whose anchor stands
                             * where the scored plan acts */
    const char *held_out;   /* a formula over the data's columns: not 0 for points that get no label in the last part.
                             * NULL: for colours the half circle of hues that begins with the concept's own */
    long long first_seed;   /* -1: the recipe's */
    long long seed_count;   /* of every cell; 0: 60, or 12 if quick */
    int quick;              /* small grids */
    const char *directory;  /* where kedge_label_lab_save is to write: made, and tried, before anything is trained.
                             * NULL: nowhere */
    /* Called from one thread at a time, after each finished run. May be NULL. */
    void (*progress)(long long done, long long total, void *payload);
    void *progress_payload;
    const volatile int *stop; /* set it to non-zero (from a signal handler, say) to end early; may be NULL */
} kedge_label_lab_options;

#define KEDGE_LABEL_LAB_OPTIONS_INIT {.first_seed = -1}

/* Trains the recipe (a file or a folder) with other labels, every cell of every part on the same seeds, on the
 * context's threads. The label must have a concept, or a rate of the form A * NAME^B, and a term that anchors the
 * latents by it. A label handed out by chance false_positive (1 - c^exponent) is called wrong. Which points are
 * labelled and which held out depends on their values, never on a draw. Same recipe, seeds, build and kernels: same
 * numbers for any number of threads. A run whose loss becomes infinite fails by itself and is counted.
 * KEDGE_ECANCELLED: stopped, nothing is kept; KEDGE_EINVALID, KEDGE_EFORMAT, KEDGE_EIO, KEDGE_ENOMEM. */
KEDGE_API kedge_status kedge_label_lab_run(kedge_label_lab **out, kedge_context *context, const char *recipe,
                                           const kedge_label_lab_options *options);
KEDGE_API void kedge_label_lab_free(kedge_label_lab *lab);

/* Runs of all cells, and those that failed. */
KEDGE_API long long kedge_label_lab_runs(const kedge_label_lab *lab);
KEDGE_API long long kedge_label_lab_failures(const kedge_label_lab *lab);

/* A row per cell. Columns: part, of (modes: which; held out: 'anchored', 'control', 'gained'), true_positive, wrong
 * (share of the labels handed out, expected), false_positive, rate, exponent, n (runs with numbers), failed, labels (a
 * run) and labels_expected, empty (share of batches without a label, counted) and empty_expected (neither where rows of
 * the schedule may come early, as a run's updates are not known before), score (median),
 * angle (from the anchor, degrees; mean; of those who carry the label for certain), recon_mse (mean), each with its 95%
 * interval _low and _high (percentile bootstrap over seeds, as in kedge_store_runs), clean (share of runs whose verdict
 * is that).
 * Held out: labelled, held_out (mean cosines with the anchor, of points matched by strength of the concept in steps of
 * 0.05, weighed by c^exponent), difference (labelled - held_out) with interval, rank (of the held-out points' cosines
 * with the concept, Spearman's) with interval; 'control' has weight 0 on the anchor, 'gained' is anchored - control,
 * seed by seed. set: the assignments that make the cell, separated by blanks.
 * One part has its own columns only. Where a part could not be done it has no row. */
KEDGE_API kedge_status kedge_label_lab_table(kedge_table **out, const kedge_label_lab *lab, kedge_label_part part);

/* What the last part says in a sentence: that the concept was learned or the labelled exemplars, or why it was not
 * asked. The former if points that were never labelled gained more than half of what labelled ones did (the 95%
 * interval of gained_held_out - gained_labelled / 2 lies above 0). Fewer than 10 seeds decide nothing. Owned by the
 * lab. */
KEDGE_API const char *kedge_label_lab_verdict(const kedge_label_lab *lab);

/* Writes labels.csv (all rows, for 'kedge draw labels') and runs.csv (every run) into a folder, which is made if it is
 * not there. KEDGE_EIO, KEDGE_ENOMEM. */
KEDGE_API kedge_status kedge_label_lab_save(const kedge_label_lab *lab, const char *directory);

#ifdef __cplusplus
}
#endif
#endif
