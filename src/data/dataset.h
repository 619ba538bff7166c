/* dataset.h - the points that a model learns: features in, targets out, and named columns for formulas. */
#ifndef DATA_DATASET_H
#define DATA_DATASET_H

#include "base/arena.h"
#include "base/error.h"
#include "base/field.h"
#include "data/colour.h"

typedef enum kedge_data_kind {
    KEDGE_DATA_RGB_GRID, /* points^3 colours, channels in linspace(0,1,points), r slowest */
    KEDGE_DATA_HSV_GRID, /* hues x saturations x values: h = k/hues, s and v in linspace(0,1); hue slowest,
                          * value fastest */
    KEDGE_DATA_CSV,      /* a table with a header row */
    KEDGE_DATA_NPY,      /* a 2-D array [points][columns] */
    KEDGE_DATA_RGB_VALIDATION /* channels in linspace(1/16,15/16,7), then the 8 corners of the cube */
} kedge_data_kind;

typedef struct kedge_data_options {
    int kind; /* kedge_data_kind */
    int64_t points;                  /* rgb-grid */
    int64_t hues, saturations, values; /* hsv-grid */
    const char *file;                /* csv, npy: a path that can be opened from here */
    kedge_texts features, targets;   /* csv: column names; npy: column numbers from 0; no targets: the features */
    kedge_formula weight;            /* sampling weight of a point, any scale; none: all alike */
    int64_t batch;                   /* samples per update */
    int64_t epoch;                   /* draws per epoch: its last batch is smaller if they do not divide; 0: none */
} kedge_data_options;

/* The variants with their keys, in the order of kedge_data_kind. */
extern const kedge_variant kedge_data_variants[5];

/* A column of the user's table that no formula can use, under the name that a formula would use. */
typedef struct kedge_barred_column {
    const char *name;
    const char *why; /* "holds text: my.csv:4:3: 'abc' is not a finite number" */
} kedge_barred_column;

typedef struct kedge_dataset {
    kedge_context *ctx;
    kedge_arena arena; /* holds all below */
    int points, n_features, n_targets, n_columns;
    /* Columns that formulas may use: r g b h s v redness greenness blueness vibrancy for the grids (METHOD
     * section 2: redness = r (1 - g/2 - b/2), vibrancy = s v; h in [0,1)); for csv all numeric columns under
     * their names, characters that no formula may hold replaced by '_', and for colours those of the grids that the
     * table does not have; for npy c0, c1, ... */
    const char *const *column_names;
    const double *const *columns;     /* [n_columns][points] */
    int n_barred;
    const kedge_barred_column *barred;
    const char *const *feature_names; /* as the user calls them; for npy c0, c1, ... */
    const char *const *target_names;
    const float *const *features;     /* [n_features][points] */
    const float *const *targets;      /* [n_targets][points]; the features themselves for an autoencoder */
    bool is_colour;                   /* the features are r, g, b in [0,1] */
} kedge_dataset;

/* Makes or reads the data. Errors are added to 'errors': with the csv file's positions for what is wrong in it
 * (a cell that is no finite number in a used column, ragged rows), after 'where' ("recipe.yaml:3:8"; NULL: none)
 * for what is wrong in the options (out of the field table's bounds, an unknown feature with the nearest name, one
 * named twice). Nothing of 'options' is kept; 'weight' is the sampler's. NULL after an error. */
kedge_dataset *kedge_dataset_create(kedge_context *ctx, const kedge_data_options *options, const char *where,
                                    kedge_errors *errors);
void kedge_dataset_free(kedge_dataset *dataset);

/* "point 17 (r=1, g=0.5, b=0)": for messages. Written to text[size]. */
void kedge_dataset_describe(const kedge_dataset *dataset, int point, char *text, size_t size);

/* Evaluates a formula at every point into values[points]; names are the columns. One expression: numbers, names,
 * _pi, _e, + - * / ^ (power, from the right), < <= > >= == != (1 or 0), && ||, a ? b : c, parentheses, and the
 * functions of formula.h. similarity(red), similarity(dark_grey), similarity(1, 0.5, 0) is kedge_colour_similarity of
 * the point to that colour; it needs columns r, g and b in [0,1]. Errors: 'where: in "rednes^8": unknown name 'rednes'
 * at position 1; did you mean 'redness'?', syntax with the position in characters from 1, a value that is not finite
 * (with the point). False after an error. Threads may call it at the same time: they take turns. */
bool kedge_formula_eval(const kedge_formula *formula, const kedge_dataset *dataset, double *values,
                        kedge_errors *errors);

/* Whether the formula is similarity(colour) or similarity(colour)^number and nothing else; then which colour. */
bool kedge_formula_similarity(const kedge_formula *formula, kedge_hsv *colour);

#endif
