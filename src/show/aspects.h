/* aspects.h - a model as it is and under plans, each ready for any colours: what figures of colours are made of. */
#ifndef SHOW_ASPECTS_H
#define SHOW_ASPECTS_H

#include "base/text.h"
#include "draw/canvas.h"
#include "show/show.h"

typedef struct kedge_aspect {
    const char *name;                  /* "baseline", or the plan's */
    int plan;                          /* its number in the evaluation; -1: the model as it is */
    const kedge_plan_options *options; /* NULL: the model as it is */
    const kedge_target *target;        /* what its damage is compared with; formula NULL: nothing */
    bool scored;                       /* the plan whose score counts */
    kedge_evaluator *evaluator;        /* has run on the recipe's data */
    kedge_plan *own;                   /* NULL: the model as it is */
} kedge_aspect;

typedef struct kedge_aspects {
    kedge_context *ctx;
    kedge_arena arena;
    kedge_recipe view; /* the recipe with the chosen plans */
    kedge_model *model;
    kedge_evaluation *evaluation; /* behind the getter below */
    const char *const *names; /* of the chosen plans; n_names 0: all */
    int n_names;
    int n;
    kedge_aspect *list; /* [n] the baseline first, where it is among them */
} kedge_aspects;

typedef enum kedge_aspects_choice {
    KEDGE_ASPECTS_ONE,   /* the plans named in the options ("baseline" may be one), else the scored one, else the first,
                          * else the model as it is */
    KEDGE_ASPECTS_PLANS, /* the plans named, or all; KEDGE_EINVALID where there is none */
    KEDGE_ASPECTS_ALL    /* the model as it is, then the plans named, or all */
} kedge_aspects_choice;

/* The model that the show means under plans. 'figure' is named in messages. KEDGE_EINVALID: an unknown plan, one that
 * does not fit the model; data that are no colours. On failure there is nothing to release. */
kedge_status kedge_aspects_init(kedge_aspects *aspects, kedge_show *show, const char *figure,
                                kedge_aspects_choice choice);
/* Does nothing on a cleared struct. */
void kedge_aspects_release(kedge_aspects *aspects);

/* A figure that says in words what plans do: draws it from 'aspects', with 'words' still empty. */
typedef kedge_status (*kedge_aspects_drawing)(kedge_aspects *aspects, kedge_show *show, kedge_text *words,
                                              const kedge_picture *to);
/* Init, 'draw', release. */
kedge_status kedge_aspects_draw(kedge_show *show, const char *figure, kedge_aspects_choice choice,
                                kedge_aspects_drawing draw, const kedge_picture *to);

/* The scores of the chosen plans, worked out when first asked for; owned by the aspects. */
kedge_status kedge_aspects_evaluation(kedge_aspects *aspects, const kedge_evaluation **evaluation);

/* n colours [n][3] through it, as they would be shown: clamped to [0,1]. KEDGE_ENUMERIC: an output is no number. */
kedge_status kedge_aspect_show(const kedge_aspect *aspect, int n, const float *rgb, float *shown);

#endif
