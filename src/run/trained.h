/* trained.h - a finished run: what is written of it, and the same as a model in memory. */
#ifndef RUN_TRAINED_H
#define RUN_TRAINED_H

#include "run/model.h"
#include "run/worker.h"

/* The metadata of the worker's last run, whose seed this is: seed, version, kernels, recipe, schedule, trajectory,
 * spike, which rows of the schedule came early, and how many of each label were drawn. A new list in 'arena'; texts are
 * there, or the recipe's and the context's. */
kedge_status kedge_trained_metadata(const kedge_worker *worker, long long seed, kedge_arena *arena,
                                    kedge_st_pair **pairs, size_t *n);

/* Writes the worker's last run as a model file, whole or not at all. KEDGE_EIO, KEDGE_ENOMEM. */
kedge_status kedge_trained_save(const kedge_worker *worker, long long seed, const char *path);
/* The same for a run that stands before 'step', as a snapshot: its metadata has the step, and not what is told of a
 * whole run, trajectory and spike. */
kedge_status kedge_trained_snapshot(const kedge_worker *worker, long long seed, int step, const char *path);
/* The last run without a file: as loading it would give, with a recipe of its own. KEDGE_ENOMEM. */
kedge_status kedge_trained_model(kedge_model **out, const kedge_worker *worker, long long seed);

#endif
