/* label_lab.h - inside of the label laboratory: one label, many cells, every cell on the same seeds. */
#ifndef STUDY_LABEL_LAB_H
#define STUDY_LABEL_LAB_H

#include "kedge/labels.h"
#include "run/recipe.h"
#include "run/training.h"
#include "store/statistics.h"

/* What is measured of a run. */
enum {
    KEDGE_LAB_SCORE,
    KEDGE_LAB_ANGLE,    /* degrees */
    KEDGE_LAB_RECON,
    KEDGE_LAB_CLEAN,    /* 1 or 0 */
    KEDGE_LAB_DRAWN,    /* labels handed out; soft ones: their sum */
    KEDGE_LAB_EMPTY,    /* share of batches without a label */
    KEDGE_LAB_LABELLED, /* mean cosine of the labelled side, matched; NAN in other parts */
    KEDGE_LAB_HELD,     /* of the held-out side */
    KEDGE_LAB_RANK,     /* of held-out cosines with the concept */
    KEDGE_LAB_VALUES
};

typedef struct kedge_lab_run {
    bool failed;                     /* the loss became infinite or no number; no value then */
    double values[KEDGE_LAB_VALUES]; /* NAN: undefined */
} kedge_lab_run;

typedef struct kedge_lab_cell {
    kedge_label_part part;
    const char *of;
    kedge_label_options label;       /* as it is in this cell */
    double rate;                     /* its rate as a number */
    double wrong;                    /* share of its labels that are wrong */
    bool control;                    /* the anchor weighs nothing */
    const char *set;
    kedge_recipe *recipe;            /* while it is run */
    kedge_recipe_training training;
    double labels, empty;            /* expected: labels a run, share of batches without one; NAN: not known before,
                                      * as rows of the schedule may come early */
    kedge_lab_run *runs;             /* [seeds] */
} kedge_lab_cell;

enum { KEDGE_LAB_BINS = 20 };

/* Points that may be labelled where others are held out, those, and who never may. */
enum { KEDGE_LAB_LABEL_SIDE, KEDGE_LAB_HELD_SIDE, KEDGE_LAB_NO_SIDE, KEDGE_LAB_SIDES };

struct kedge_label_lab {
    kedge_context *ctx;
    kedge_arena arena; /* holds all below but the recipes */
    const kedge_label_lab_options *options;
    const char *path;
    kedge_recipe *recipe; /* as it is */
    int label, term;      /* numbers of the label and of its anchor in the recipe */
    kedge_label_options base;
    double rate;          /* of base */
    double *shares;       /* [points]: how often each is drawn in a run as it is written; sum 1 */
    int *set_of;          /* [points]: its set of points, -1: never drawn; 0 where the recipe has no sets */
    double *within;       /* [points]: its share of that set's draws */
    double *concept;      /* [points] */
    double right, others; /* shares of draws, by c^exponent and the rest of it, at points that may be labelled */
    const char *held_out; /* formula; NULL: the last part is not done, and 'verdict' says why */
    unsigned char *sides; /* [points]: KEDGE_LAB_LABEL_SIDE, ... */
    double bins[KEDGE_LAB_BINS]; /* weight of each, sum 1 */
    long long first_seed, n_seeds;
    int n_cells;
    kedge_lab_cell *cells;
    const char *verdict;
};

/* With which probability a sample of 'step' is of each set of points; shares [KEDGE_SETS_MAX]. */
void kedge_lab_mix(const kedge_training *training, int step, double *shares);

/* Lists the cells and reads the recipe of each. KEDGE_EINVALID, KEDGE_ENOMEM. */
kedge_status kedge_lab_plan(kedge_label_lab *lab);

/* Chooses who is held out and matches points. Without an error but held_out NULL: it cannot be done, see verdict. */
kedge_status kedge_lab_hold_out(kedge_label_lab *lab);
/* Values LABELLED, HELD and RANK of cosines[points]; 'scratch' [3 * points] and order[points] are overwritten. */
void kedge_lab_read_held(const kedge_label_lab *lab, const double *cosines, double *scratch, int *order,
                         double *values);
/* Writes the verdict. */
kedge_status kedge_lab_judge(kedge_label_lab *lab);

#endif
