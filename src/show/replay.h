/* replay.h - a run once more, with all that happened on its way.
 *
 * A run is a function of recipe, seed and kernels, and takes milliseconds, so its history need not be stored: it is
 * trained again and compared with what it left. */
#ifndef SHOW_REPLAY_H
#define SHOW_REPLAY_H

#include "run/model.h"
#include "run/training.h"
#include "run/worker.h"

/* Losses and weights of every step, and the parameters at some. */
typedef struct kedge_replay {
    kedge_context *ctx;
    const kedge_recipe *recipe;
    long long seed;
    bool exact;            /* it ended with the very parameters that were stored; true where none were */
    int steps;             /* updates */
    int n_terms;
    const double *lr;      /* [steps] */
    const double *weights; /* [steps][n_terms] */
    float *losses;         /* [steps][1 + n_terms] the task's, then the terms'; NaN where a term was not active */
    int n_records;
    int *at;               /* [n_records] ascending: before the update of this step; the last is 'steps', the end */
    size_t n_parameters;   /* without padding, tensor after tensor as kedge_model_tensor lists them */
    float *parameters;     /* [n_records][n_parameters] */
    /* The state that kedge_replay_seek went to: */
    kedge_evaluator *evaluator; /* of recipe->dataset: latents [points][K], outputs [points][targets] */
    kedge_params *params;       /* laid out as in the model */
    int record;
    /* Inside: */
    kedge_recipe_training training;
    kedge_worker *worker;
} kedge_replay;

/* Trains 'seed' of 'recipe' (its schedule loaded; it must outlive the replay) and keeps the parameters at the steps 0,
 * 'stride', 2 'stride', ... and at the end. stride 0: the least with which they take at most 32 MiB. 'stored': the
 * parameters that the run left, for 'exact'; NULL: none. A run that fails (its loss became no number) gives the history
 * up to there: n_records ends before it, and is 0 where the first loss was no number. KEDGE_ENOMEM, KEDGE_EINVALID. */
kedge_status kedge_replay_create(kedge_replay **out, kedge_context *ctx, const kedge_recipe *recipe, long long seed,
                                 int stride, const kedge_params *stored);
void kedge_replay_free(kedge_replay *replay);

/* Whether the run came to its end. */
static inline bool kedge_replay_whole(const kedge_replay *replay)
{
    return replay->n_records > 0 && replay->at[replay->n_records - 1] == replay->steps;
}

/* Whether two models of one layout have the same parameters, bit for bit. */
bool kedge_replay_same(const kedge_params *a, const kedge_params *b);

/* Puts the state of a record into replay->params and runs the evaluator. No allocation. */
void kedge_replay_seek(kedge_replay *replay, int record);
/* The last record at or before a step. */
int kedge_replay_find(const kedge_replay *replay, int step);

#endif
