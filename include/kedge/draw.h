/* draw.h - figures of runs. */
#ifndef KEDGE_DRAW_H
#define KEDGE_DRAW_H

#include "kedge/context.h"
#include "kedge/lr_find.h"
#include "kedge/model.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a figure is made of. Where it is a model or a recipe, any of these will do: a model file, a run directory (see
 * 'seed'), a recipe (then its seed is trained first, as 'kedge run' would). */
typedef enum kedge_figure_input {
    KEDGE_FIGURE_MODEL,  /* a trained model */
    KEDGE_FIGURE_RECIPE, /* a recipe alone: nothing is trained */
    KEDGE_FIGURE_RUNS,   /* all seeds of a run directory, or of a recipe */
    KEDGE_FIGURE_STORE,  /* a store, as a sweep leaves it */
    KEDGE_FIGURE_NOTHING,
    KEDGE_FIGURE_EITHER, /* a recipe, or nothing: then of examples */
    KEDGE_FIGURE_TABLE   /* a csv file that a command wrote, or its folder */
} kedge_figure_input;

typedef struct kedge_figure_info {
    const char *name;    /* "latents" */
    const char *summary; /* one line: what it shows */
    kedge_figure_input input;
    const char *const *suffixes; /* of the files it can be: ".png", ".svg", ".pdf", of tables others; ends in NULL */
} kedge_figure_info;

/* Figure i of the list; 0 past its end, else 1. Static. */
KEDGE_API int kedge_figure_at(int i, kedge_figure_info *info);

typedef struct kedge_draw_options {
    const char *title;     /* NULL: the recipe's, or the figure's own */
    int dark;              /* light lines on a dark ground */
    double width;          /* of the page in points, 1/72 inch; 0: what suits the figure. A paper's column: about 250 */
    long long seed;        /* of a run directory or recipe; -1: the lowest */
    const int (*pairs)[2]; /* axis pairs, across and up; NULL: all pairs of the first four dims */
    int n_pairs;
    const char *const *plans; /* names of the recipe's plans; NULL: the scored one, or all where several are shown */
    int n_plans;
    const char *const *metrics; /* of stores and run directories; NULL: the score, or the reconstruction error */
    int n_metrics;
    int edited; /* latents: what the decoder sees under the plan, instead of what the encoder gives */
} kedge_draw_options;

#define KEDGE_DRAW_OPTIONS_INIT {.seed = -1}

/* Draws the figure named so of 'input' (NULL for figures of nothing) into 'path', whose suffix says what is written:
 * .png (2 pixels a point; its words in a .txt beside it), .svg or .pdf, or another that the figure has; whole or not at
 * all. The same input gives the
 * same bytes. 'options' may be NULL. KEDGE_EINVALID: an unknown figure (the nearest is named), suffix, plan, metric or
 * pair, or an input of another kind; KEDGE_ENUMERIC: values that are not finite; KEDGE_EIO, KEDGE_EFORMAT,
 * KEDGE_ENOMEM. */
KEDGE_API kedge_status kedge_draw(kedge_context *context, const char *figure, const char *input,
                                  const kedge_draw_options *options, const char *path);
/* The same of a model in memory (edited, say), for figures whose input is a model or a recipe. */
KEDGE_API kedge_status kedge_draw_model(kedge_model *model, const char *figure, const kedge_draw_options *options,
                                        const char *path);

/* The figure 'lr-find' of a test that was made already. */
KEDGE_API kedge_status kedge_draw_lr_test(const kedge_lr_test *test, const kedge_draw_options *options,
                                          const char *path);

#ifdef __cplusplus
}
#endif
#endif
