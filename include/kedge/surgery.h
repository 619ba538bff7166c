/* surgery.h - changes of a model's weights that remove or move what dims of an activation carry, and what two models
 * differ in. */
#ifndef KEDGE_SURGERY_H
#define KEDGE_SURGERY_H

#include "kedge/context.h"
#include "kedge/model.h"
#include "kedge/table.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What was done to one dim. */
typedef struct kedge_surgery_report {
    int dim;
    /* Of the dim over the recipe's data, before surgery, as the weights make it: before normalization and before the
     * function between layers. */
    double rms, mean, least, most;
    double set; /* redirect: -gamma; constant: the constant; else 0 */
    /* The greatest value of the site's dim on the data before, and what the same point has after; 0 if it is gone. */
    double peak_before, peak_after;
    double loss_before, loss_after; /* mean squared error over the data (colours clamped), with all dims done */
} kedge_surgery_report;

/* What to do; the lists need to live for the call only. */
typedef struct kedge_surgery {
    const char *kind;     /* "ablate", "prune", "redirect", "reflect", "constant" */
    const char *site;     /* "bottleneck", "pre-norm", "encoder.N", "decoder.N"; NULL: "bottleneck" */
    int n_dims;
    const int *dims;      /* of the site as it is now, counted from 0, each once */
    double gamma;         /* redirect: dims become -gamma; 0: each its root mean square over the data */
    int n_values;
    const double *values; /* constant: one per dim; none: those that make the loss on the data least */
} kedge_surgery;

#define KEDGE_SURGERY_INIT {0}

/* Changes the weights of a model in memory (METHOD section 7). With the producers, the weights whose rows make the
 * dims, and the consumers, those whose columns read them:
 *   ablate    producers' rows and biases 0, consumers' columns 0;
 *   prune     the same, deleted: a smaller model with the outputs of ablate but for rounding; at the bottleneck only;
 *   redirect  rows 0, biases -gamma: for every input the place opposite the concept;
 *   reflect   rows and biases negated; twice is the identity, to the bit;
 *   constant  rows 0, biases constants: for one dim the best of a range that holds the data's and 0, by a scan,
 *             refined; for several the best along each dim by turns, which need not be the best of all.
 * The metadata 'surgery' says what was done; the recipe stays the one it was trained with. Pointers that came from the
 * model before are no longer valid, but for its recipe and old metadata. report [n_dims] may be NULL.
 * KEDGE_EINVALID: an unknown kind or site, a dim out of range or twice, a number that the kind does not take, a site
 * where dims do not have weights of their own (a sigmoid between them), prune of a hidden layer or of all dims,
 * redirect without gamma of a dim that is always 0; KEDGE_ENUMERIC: the model gives numbers that are not finite;
 * KEDGE_ENOMEM. After an error the model is as it was. */
KEDGE_API kedge_status kedge_model_operate(kedge_model *model, const kedge_surgery *surgery,
                                           kedge_surgery_report *report);

/* What b differs in from a, as a table with a row for each line of a tensor that is not the same:
 *   tensor   its name;
 *   change   'changed'; 'missing' or 'added': only a or only b has it; 'reshaped': its shape differs and what both have
 *            cannot be told;
 *   part     'row', 'column', 'entry' (of a bias), 'tensor' (all of it);
 *   index    of the row, column or entry, from 0, in a (in b where it was added);
 *   entries  how many of its numbers differ; largest, norm: the largest absolute difference, and the square root of
 *            the sum of their squares.
 * Entries that differ are named by few lines that hold all of them: a row that was set is one row. Where one shape has
 * fewer rows or columns, as after prune, the lines that are gone are those without which most numbers agree; if less
 * than half do, the tensor is 'reshaped'. 0 is like -0, NaN like NaN. No rows: the weights are the same. The caller
 * frees it with kedge_table_free. KEDGE_ENOMEM. */
KEDGE_API kedge_status kedge_model_diff(kedge_table **out, const kedge_model *a, const kedge_model *b);

#ifdef __cplusplus
}
#endif
#endif
