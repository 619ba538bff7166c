/* recipe.h - a recipe: the options of every part of a run. */
#ifndef RUN_RECIPE_H
#define RUN_RECIPE_H

#include "anchor/label.h"
#include "anchor/term.h"
#include "data/dataset.h"
#include "data/sampler.h"
#include "data/sets.h"
#include "eval/target.h"
#include "format/yaml.h"
#include "kedge/recipe.h"
#include "kedge/schedule.h"
#include "nn/model.h"
#include "nn/optimizer.h"
#include "steer/plan.h"

typedef struct kedge_score_options {
    const char *plan;      /* NULL: the recipe has no score */
    kedge_formula target;  /* none: that of the plan; see kedge_recipe.targets for what holds */
} kedge_score_options;

/* The column of a schedule that a set's factor stands in: this and its name. */
#define KEDGE_SET_COLUMN "data-"

struct kedge_recipe {
    kedge_context *ctx;
    kedge_arena arena;
    const char *file; /* path it was read from, or the name given */
    const char *title;
    kedge_data_options data;
    kedge_data_options test; /* what reconstruction is measured on; default: see bind_test */
    int n_sets;
    kedge_set_options *sets;       /* of data; none: every point may be drawn at any time */
    int n_labels;
    kedge_label_options *labels;
    kedge_model_options model;
    int n_terms;
    kedge_term_options *terms;
    kedge_optimizer_options optimizer;
    /* The schedule: a sheet, or constants. */
    kedge_schedule *sheet;         /* NULL with constants, or where loading it was not asked for */
    const char *sheet_path;        /* as it can be opened from here; NULL with constants */
    const char *sheet_named;       /* as the recipe names it; NULL with constants */
    const char *sheet_bytes;       /* the file as it is, for the run directory; NULL where sheet is */
    size_t sheet_length;
    kedge_weights constants;       /* lr and weights */
    int64_t steps;                 /* updates of a run; 0: unknown, as neither given nor the sheet loaded */
    int64_t hold;                  /* schedule steps past this one read its values; -1: none */
    int64_t first_seed, n_seeds;
    int n_plans;
    kedge_plan_options *plans;
    kedge_target *targets;         /* [n_plans] on dataset: the plan's own, else the score's, else that of the plan that
                                    * is scored; formula NULL: none of them */
    kedge_score_options score;
    int score_plan;                /* index of the plan that is scored; -1: none */
    kedge_dataset *dataset, *test_set; /* shared by all runs; one object where test asks for the same points */
    kedge_sampler *sampler;            /* of data, on dataset */
    kedge_sets *point_sets;            /* sets, on dataset; NULL without sets */
    kedge_label *label_values;         /* [n_labels] on dataset */
    kedge_label *test_labels;          /* [n_labels] on test_set, whatever is 'among'; without a name where a formula
                                        * cannot be worked out there, or no point carries the label */
    const char *text;              /* resolved, canonical YAML */
};

/* A recipe from memory, as it stands in the metadata of a model file. 'name' stands for the file in messages, and
 * relative paths are seen from its folder. 'sheet': the bytes of the schedule that it names, as there; NULL: it is not
 * loaded (the file need not be there), all else is as after kedge_recipe_load. A sheet for a recipe whose schedule is
 * constants is not looked at. */
kedge_status kedge_recipe_from_text(kedge_recipe **out, kedge_context *ctx, const char *name, const char *text,
                                    const char *sheet);

#endif
