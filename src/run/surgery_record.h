/* surgery_record.h - what a model file says under 'surgery': all that was done to its weights after training, in order.
 *
 *     [{surgery: prune, site: bottleneck, dims: [0]}, {surgery: redirect, gamma: 0.31, site: bottleneck, dims: [1]}]
 *
 * Dims are those that were left when it was done. Constants and gammas are those that were found: the same surgery on
 * the same weights gives the same file. */
#ifndef RUN_SURGERY_RECORD_H
#define RUN_SURGERY_RECORD_H

#include "base/text.h"
#include "steer/surgery.h"

enum { KEDGE_SURGERY_RECORDS = 1000 }; /* at most so many */

typedef struct kedge_surgery_record {
    int n;
    kedge_surgery_options *at;
} kedge_surgery_record;

/* 'text' NULL: none. Everything lies in the arena. KEDGE_EFORMAT, 'name: surgery:line:column: ...', for each mistake a
 * line; KEDGE_ENOMEM. */
kedge_status kedge_surgery_record_read(kedge_surgery_record *out, const char *name, const char *text,
                                       kedge_arena *arena);
void kedge_surgery_record_print(const kedge_surgery_record *record, kedge_text *text);
/* Adds what was done and what was found; the record's list is a new one in the arena. report [dims]. KEDGE_ENOMEM;
 * KEDGE_EINVALID: it is full. */
kedge_status kedge_surgery_record_add(kedge_surgery_record *record, const kedge_surgery_options *done,
                                      const kedge_surgery_report *report, kedge_arena *arena);

/* From the options of the model that was trained to those of the model as it is now, step by step. dims [bottleneck of
 * after] gets which of the trained model's latent dims each is, in the arena. KEDGE_EINVALID, KEDGE_ENOMEM. */
kedge_status kedge_surgery_record_follow(const kedge_surgery_record *record, const kedge_model_options *before,
                                         kedge_model_options *after, int **dims, kedge_arena *arena);
/* One step of it: 'dims' of the latents before, which are thinned out where 'done' takes some. */
kedge_status kedge_surgery_record_step(const kedge_surgery_options *done, kedge_model_options *model, int *dims,
                                       kedge_arena *arena);

#endif
