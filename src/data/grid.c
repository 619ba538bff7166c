/* grid.c - all colours of a grid, with the columns that describe a colour. */
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

static void put(int64_t i, kedge_rgb rgb, kedge_hsv hsv, double *const *columns, float *const *features)
{
    const double values[COLUMNS] = {
        [R] = rgb.r, [G] = rgb.g, [B] = rgb.b, [H] = hsv.h, [S] = hsv.s, [V] = hsv.v,
        [REDNESS] = kedge_redness(rgb), [GREENNESS] = kedge_greenness(rgb), [BLUENESS] = kedge_blueness(rgb),
        [VIBRANCY] = kedge_vibrancy(rgb),
    };
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
