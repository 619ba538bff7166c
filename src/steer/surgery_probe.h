/* surgery_probe.h - what the dims of a site are over data, and what surgery on them costs. */
#ifndef STEER_SURGERY_PROBE_H
#define STEER_SURGERY_PROBE_H

#include "steer/evaluator.h"
#include "steer/surgery.h"

typedef struct kedge_probe {
    const char *name; /* the site's */
    kedge_evaluator *evaluator;
    const kedge_node *site, *source; /* in its graph, both kept */
} kedge_probe;

/* For 'params', whose values are read at each call. Site and data set must outlive it. KEDGE_ENOMEM, KEDGE_EINVALID. */
kedge_status kedge_probe_init(kedge_probe *probe, kedge_context *ctx, const kedge_model_options *model,
                              kedge_params *params, const kedge_dataset *dataset, const char *site);
void kedge_probe_release(kedge_probe *probe);

/* Over all points: rms, mean, least and most of the source's row report->dim; peak_before and peak, the site's greatest
 * value there and the point that has it. KEDGE_ENUMERIC: a value is not finite. */
kedge_status kedge_probe_measure(kedge_probe *probe, kedge_surgery_report *report, int *peak);
/* The site's dim at one point of the data. */
double kedge_probe_at(kedge_probe *probe, int dim, int point);
/* Mean over points and targets of (output - target)^2, colours clamped to [0,1]; infinite where it is no number. */
double kedge_probe_loss(kedge_probe *probe);

#endif
