/* show.h - what a picture or page is made of: one input, and all that follows from it, worked out when first asked
 * for. */
#ifndef SHOW_SHOW_H
#define SHOW_SHOW_H

#include "kedge/draw.h"
#include "kedge/evaluate.h"
#include "kedge/store.h"
#include "run/model.h"
#include "show/replay.h"

/* Everything that a getter hands out is owned by the show and lives as long as it. */
typedef struct kedge_show {
    kedge_context *ctx;
    kedge_arena arena;                 /* for who draws; released with the show */
    const char *input;                 /* path, as given; NULL: a model in memory, or nothing */
    const kedge_draw_options *options; /* never NULL */
    bool hurried;                      /* one of many figures: what would take seconds is declined */
    bool declined;                     /* set by a figure that fails as nothing can be shown so, not as it went wrong */
    /* Behind the getters below: */
    kedge_model *model;
    bool model_is_lent;
    const kedge_recipe *recipe;
    kedge_recipe *own_recipe;
    kedge_replay *replay;
    const char *failure;       /* why the run of 'replay' did not come to its end */
    kedge_context *replay_ctx; /* with the kernels that made the model, where they are not this context's */
    kedge_evaluation *evaluation;
    kedge_store *store;
    struct kedge_gathering *gathering; /* of all seeds, by the figure that shows them; in the arena */
    long long *seeds; /* of a run directory, ascending, or of what else the input is */
    size_t n_seeds;
    bool seeds_are_stored; /* they have models in the run directory */
} kedge_show;

/* 'input' and 'options' (NULL: none) must outlive it. Nothing is opened yet. */
void kedge_show_init(kedge_show *show, kedge_context *ctx, const char *input, const kedge_draw_options *options);
void kedge_show_init_model(kedge_show *show, kedge_model *model, const kedge_draw_options *options);
void kedge_show_release(kedge_show *show);

/* The model that the input means: a file, a seed of a run directory, or a seed of a recipe, trained on the spot. */
kedge_status kedge_show_model(kedge_show *show, kedge_model **model);
/* The recipe of the input, with its schedule (sheet or constants) loaded. */
kedge_status kedge_show_recipe(kedge_show *show, const kedge_recipe **recipe);
/* The model's run once more, step by step. After surgery it is the run before it (see kedge_show_caveat).
 * KEDGE_ENUMERIC: a run that fails before its first update. */
kedge_status kedge_show_replay(kedge_show *show, kedge_replay **replay);
/* The context that a run is repeated in: with the kernels that made it ('kernels'; NULL: unknown), where this machine
 * has them, as others add in another order; else the show's own. */
kedge_status kedge_show_repeat_context(kedge_show *show, const char *kernels, kedge_context **ctx);
/* The model under options->plans (all of the recipe's, if none are named). */
kedge_status kedge_show_evaluation(kedge_show *show, kedge_evaluation **evaluation);
kedge_status kedge_show_store(kedge_show *show, kedge_store **store);
/* The seeds that the input has: of a run directory those with a model, of a recipe those that it asks for, of a model
 * file its own. */
kedge_status kedge_show_seeds(kedge_show *show, const long long **seeds, size_t *n);

/* options->title, or else the title of the recipe or model that was opened; 'otherwise' where there is none. */
const char *kedge_show_title(kedge_show *show, const char *otherwise);
/* What a picture of the model's way must say where it is not quite the model's: "before the model's surgery", or with
 * 'exact' false (see kedge_replay) that the run ended otherwise when it was repeated. Static; NULL: nothing. */
const char *kedge_show_caveat(const kedge_show *show, bool exact);
/* "seed 7": the model's, as its file says. In the show's arena; NULL without memory. */
const char *kedge_show_seed_text(kedge_show *show);

#endif
