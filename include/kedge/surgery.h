/* surgery.h - changes of a model's weights that remove or move what dims of an activation carry, and what two models
 * differ in. */
#ifndef KEDGE_SURGERY_H
#define KEDGE_SURGERY_H

#include "kedge/context.h"
#include "kedge/model.h"

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

#ifdef __cplusplus
}
#endif
#endif
