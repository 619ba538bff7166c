/* grid.c - all colours of a grid, and the columns that describe a colour. */
#include <math.h>
#include <string.h>

#include "data/colour.h"
#include "data/fill.h"

enum { R, G, B, H, S, V, REDNESS, GREENNESS, BLUENESS, VIBRANCY, COLUMNS };

static const char *const names[COLUMNS] = {"r", "g", "b", "h", "s", "v",
                                           "redness", "greenness", "blueness", "vibrancy"};

/* Room for 'points' colours. */
static bool reserve(kedge_dataset *dataset, int64_t points, double **columns, float **features,
                    kedge_errors *errors)
{
    kedge_arena *arena = &dataset->arena;
    size_t n = (size_t)points;
    double *values = kedge_arena_alloc(arena, n * COLUMNS, sizeof *values);
    float *channels = kedge_arena_alloc(arena, n * 3, sizeof *channels);
    const double **column = kedge_arena_alloc(arena, COLUMNS, sizeof *column);
    const float **feature = kedge_arena_alloc(arena, 3, sizeof *feature);
    if (!values || !channels || !column || !feature) {
        kedge_errors_add(errors, KEDGE_ENOMEM, "out of memory for %lld colours", (long long)points);
        return false;
    }
    for (size_t c = 0; c < COLUMNS; c++) column[c] = columns[c] = values + c * n;
    for (size_t c = 0; c < 3; c++) feature[c] = features[c] = channels + c * n;
    dataset->points = (int)points;
    dataset->n_columns = COLUMNS;
    dataset->column_names = names;
    dataset->columns = column;
    dataset->n_features = 3;
    dataset->feature_names = names;
    dataset->features = feature;
    return true;
}

static void describe(kedge_rgb rgb, kedge_hsv hsv, double values[COLUMNS])
{
    values[R] = rgb.r, values[G] = rgb.g, values[B] = rgb.b;
    values[H] = hsv.h, values[S] = hsv.s, values[V] = hsv.v;
    values[REDNESS] = kedge_redness(rgb), values[GREENNESS] = kedge_greenness(rgb);
    values[BLUENESS] = kedge_blueness(rgb), values[VIBRANCY] = kedge_vibrancy(rgb);
}

static void put(int64_t i, kedge_rgb rgb, kedge_hsv hsv, double *const *columns, float *const *features)
{
    double values[COLUMNS];
    describe(rgb, hsv, values);
    for (int c = 0; c < COLUMNS; c++) columns[c][i] = values[c];
    for (int c = 0; c < 3; c++) features[c][i] = (float)values[c];
}

bool kedge_fill_rgb_grid(kedge_dataset *dataset, const kedge_data_options *options, kedge_errors *errors)
{
    int64_t n = options->points, i = 0;
    double *columns[COLUMNS];
    float *features[3];
    if (!reserve(dataset, n * n * n, columns, features, errors)) return false;
    double last = (double)(n - 1);
    for (int64_t r = 0; r < n; r++)
        for (int64_t g = 0; g < n; g++)
            for (int64_t b = 0; b < n; b++) {
                kedge_rgb rgb = {(double)r / last, (double)g / last, (double)b / last};
                put(i++, rgb, kedge_hsv_from_rgb(rgb), columns, features);
            }
    return true;
}

/* Held out from a grid of eighths: METHOD section 5. */
bool kedge_fill_rgb_validation(kedge_dataset *dataset, kedge_errors *errors)
{
    enum { INNER = 7, CORNERS = 8 };
    int64_t i = 0;
    double *columns[COLUMNS], channel[INNER];
    float *features[3];
    if (!reserve(dataset, INNER * INNER * INNER + CORNERS, columns, features, errors)) return false;
    for (int c = 0; c < INNER; c++) channel[c] = 1.0 / 16 + c * (14.0 / 16) / (INNER - 1);
    for (int r = 0; r < INNER; r++)
        for (int g = 0; g < INNER; g++)
            for (int b = 0; b < INNER; b++) {
                kedge_rgb rgb = {channel[r], channel[g], channel[b]};
                put(i++, rgb, kedge_hsv_from_rgb(rgb), columns, features);
            }
    for (int corner = 0; corner < CORNERS; corner++) {
        kedge_rgb rgb = {corner >> 2 & 1, corner >> 1 & 1, corner & 1};
        put(i++, rgb, kedge_hsv_from_rgb(rgb), columns, features);
    }
    return true;
}

bool kedge_fill_hsv_grid(kedge_dataset *dataset, const kedge_data_options *options, kedge_errors *errors)
{
    int64_t i = 0;
    double *columns[COLUMNS];
    float *features[3];
    if (!reserve(dataset, options->hues * options->saturations * options->values, columns, features, errors))
        return false;
    double last_s = (double)(options->saturations - 1), last_v = (double)(options->values - 1);
    for (int64_t h = 0; h < options->hues; h++)
        for (int64_t s = 0; s < options->saturations; s++)
            for (int64_t v = 0; v < options->values; v++) {
                kedge_hsv hsv = {(double)h / (double)options->hues, (double)s / last_s, (double)v / last_v};
                kedge_rgb rgb = kedge_rgb_from_hsv(hsv);
                /* One colour, one description: the grid meets black and every grey many times. */
                if (v == 0) hsv.s = 0;
                if (v == 0 || s == 0) hsv.h = 0;
                put(i++, rgb, hsv, columns, features);
            }
    return true;
}

/* -- colours of a table ----------------------------------------------------------------------------------- */

static const double *column_named(const kedge_dataset *dataset, const char *name)
{
    for (int i = 0; i < dataset->n_columns; i++)
        if (strcmp(dataset->column_names[i], name) == 0) return dataset->columns[i];
    return NULL;
}

static bool is_barred(const kedge_dataset *dataset, const char *name)
{
    for (int i = 0; i < dataset->n_barred; i++)
        if (strcmp(dataset->barred[i].name, name) == 0) return true;
    return false;
}

static double unit(double value)
{
    return fmin(1, fmax(0, value)); /* a feature is in [0,1] after rounding to single precision */
}

bool kedge_fill_colour_columns(kedge_dataset *dataset, kedge_errors *errors)
{
    kedge_arena *arena = &dataset->arena;
    size_t n = (size_t)dataset->points, have = (size_t)dataset->n_columns;
    const double *r = column_named(dataset, "r"), *g = column_named(dataset, "g"), *b = column_named(dataset, "b");
    const char **all_names = kedge_arena_alloc(arena, have + COLUMNS, sizeof *all_names);
    const double **all = kedge_arena_alloc(arena, have + COLUMNS, sizeof *all);
    double *derived[COLUMNS] = {0};
    bool sound = all_names && all;
    if (!r || !g || !b) return true;
    for (size_t c = 0; sound && c < have; c++) all_names[c] = dataset->column_names[c], all[c] = dataset->columns[c];
    for (int c = 0; sound && c < COLUMNS; c++) {
        if (column_named(dataset, names[c]) || is_barred(dataset, names[c])) continue;
        derived[c] = kedge_arena_alloc(arena, n, sizeof *derived[c]);
        sound = derived[c] != NULL;
        all_names[have] = names[c];
        all[have++] = derived[c];
    }
    if (!sound) {
        kedge_errors_add(errors, KEDGE_ENOMEM, "out of memory for %d colours", dataset->points);
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        double values[COLUMNS];
        kedge_rgb rgb = {unit(r[i]), unit(g[i]), unit(b[i])};
        describe(rgb, kedge_hsv_from_rgb(rgb), values);
        for (int c = 0; c < COLUMNS; c++)
            if (derived[c]) derived[c][i] = values[c];
    }
    dataset->n_columns = (int)have;
    dataset->column_names = all_names;
    dataset->columns = all;
    return true;
}
