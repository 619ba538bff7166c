/* dataset.c - the points that a model learns: options in, a filled and checked data set out. */
#include "data/dataset.h"

#include <stdio.h>
#include <string.h>

#include "data/fill.h"
#include "format/utf8.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

/* The keys that every kind has. */
#define COMMON_FIELDS                                                                                          \
    {.key = "weight", .type = KEDGE_FIELD_FORMULA, .offset = offsetof(kedge_data_options, weight),             \
     .fallback = "", .doc = "How often a point is drawn, in any scale: a formula over the columns. "           \
                            "Absent: all points alike."},                                                      \
    {.key = "batch", .type = KEDGE_FIELD_INT, .offset = offsetof(kedge_data_options, batch), .min = 1,         \
     .max = 1000000, .fallback = "64", .doc = "Samples in one update."},                                       \
    {.key = "epoch", .type = KEDGE_FIELD_INT, .offset = offsetof(kedge_data_options, epoch), .max = 1e9,       \
     .fallback = "0", .doc = "Draws in an epoch, whose last batch is smaller if the batch does not divide it; " \
                             "0: all batches are full."}

/* The keys of a table from a file. */
#define FILE_FIELD(what)                                                                                       \
    {.key = "file", .type = KEDGE_FIELD_TEXT, .offset = offsetof(kedge_data_options, file), .doc = what}
#define FEATURES_FIELD(what)                                                                                   \
    {.key = "features", .type = KEDGE_FIELD_TEXTS, .offset = offsetof(kedge_data_options, features), .doc = what}
#define TARGETS_FIELD(what)                                                                                    \
    {.key = "targets", .type = KEDGE_FIELD_TEXTS, .offset = offsetof(kedge_data_options, targets),             \
     .fallback = "", .doc = what}

static const kedge_field rgb_fields[] = {
    {.key = "points", .type = KEDGE_FIELD_INT, .offset = offsetof(kedge_data_options, points), .min = 2, .max = 64,
     .fallback = "8", .doc = "Values of each channel, evenly spaced from 0 to 1."},
    COMMON_FIELDS,
};

static const kedge_field hsv_fields[] = {
    {.key = "hues", .type = KEDGE_FIELD_INT, .offset = offsetof(kedge_data_options, hues), .min = 1, .max = 360,
     .fallback = "36", .doc = "Hues, evenly spaced around the wheel from red on."},
    {.key = "saturations", .type = KEDGE_FIELD_INT, .offset = offsetof(kedge_data_options, saturations), .min = 2,
     .max = 64, .fallback = "10", .doc = "Saturations, evenly spaced from 0 to 1."},
    {.key = "values", .type = KEDGE_FIELD_INT, .offset = offsetof(kedge_data_options, values), .min = 2, .max = 64,
     .fallback = "10", .doc = "Values (brightnesses), evenly spaced from 0 to 1."},
    COMMON_FIELDS,
};

static const kedge_field csv_fields[] = {
    FILE_FIELD("The table: comma-separated values with a header row, seen from the recipe's folder."),
    FEATURES_FIELD("Names of the columns that go into the model."),
    TARGETS_FIELD("Names of the columns that should come out. Absent: the features."),
    COMMON_FIELDS,
};

static const kedge_field npy_fields[] = {
    FILE_FIELD("The array [points][columns], a NumPy file, seen from the recipe's folder."),
    FEATURES_FIELD("Numbers, from 0, of the columns that go into the model."),
    TARGETS_FIELD("Numbers, from 0, of the columns that should come out. Absent: the features."),
    COMMON_FIELDS,
};

static const kedge_field validation_fields[] = {COMMON_FIELDS};

const kedge_variant kedge_data_variants[5] = {
    [KEDGE_DATA_RGB_GRID] = {"rgb-grid", "All colours of a cube of red, green and blue values.", rgb_fields,
                             COUNT(rgb_fields)},
    [KEDGE_DATA_HSV_GRID] = {"hsv-grid", "All colours of a grid of hues, saturations and values.", hsv_fields,
                             COUNT(hsv_fields)},
    [KEDGE_DATA_CSV] = {"csv", "A table of your own with named columns.", csv_fields, COUNT(csv_fields)},
    [KEDGE_DATA_RGB_VALIDATION] = {"rgb-validation",
                                   "343 colours that an rgb-grid of 8 points does not hold, "
                                       "and the 8 corners of the cube.",
                                   validation_fields, COUNT(validation_fields)},
    [KEDGE_DATA_NPY] = {"npy", "A NumPy array of your own.", npy_fields, COUNT(npy_fields)},
};

/* One option against its line of the table. */
static void check_field(const kedge_field *field, const kedge_data_options *options, const char *where,
                        kedge_errors *errors)
{
    const char *at = (const char *)options + field->offset;
    bool missing = false;
    if (field->type == KEDGE_FIELD_INT) {
        int64_t value = *(const int64_t *)(const void *)at;
        if (value < (int64_t)field->min || value > (int64_t)field->max)
            kedge_errors_add(errors, KEDGE_EINVALID, "%s: '%s' is %lld; it must be from %.0f to %.0f", where,
                             field->key, (long long)value, field->min, field->max);
    } else if (field->type == KEDGE_FIELD_TEXT) {
        const char *text = *(const char *const *)(const void *)at;
        missing = !text || !*text;
    } else if (field->type == KEDGE_FIELD_TEXTS) {
        missing = ((const kedge_texts *)(const void *)at)->n == 0;
    }
    if (missing && !field->fallback)
        kedge_errors_add(errors, KEDGE_EINVALID, "%s: '%s' is missing", where, field->key);
}

/* 'what': "feature". */
static void check_names(const kedge_texts *names, const char *what, const char *where, kedge_errors *errors)
{
    if (names->n > KEDGE_DATA_WIDTH) {
        kedge_errors_add(errors, KEDGE_EINVALID, "%s: %d %ss; at most %d are possible", where, names->n, what,
                         (int)KEDGE_DATA_WIDTH);
        return;
    }
    for (int i = 0; i < names->n; i++)
        for (int j = 0; j < i; j++)
            if (strcmp(names->at[i], names->at[j]) == 0) {
                kedge_errors_add(errors, KEDGE_EINVALID, "%s: %s '%s' is named twice; once is enough", where, what,
                                 names->at[i]);
                break;
            }
}

static bool check_options(const kedge_data_options *options, const char *where, kedge_errors *errors)
{
    int before = errors->count;
    if (options->kind < 0 || options->kind >= COUNT(kedge_data_variants)) {
        kedge_errors_add(errors, KEDGE_EINVALID, "%s: unknown kind of data %d", where, options->kind);
        return false;
    }
    const kedge_variant *variant = &kedge_data_variants[options->kind];
    for (int i = 0; i < variant->n_fields; i++) check_field(&variant->fields[i], options, where, errors);
    if (options->kind == KEDGE_DATA_CSV || options->kind == KEDGE_DATA_NPY) {
        check_names(&options->features, "feature", where, errors);
        check_names(&options->targets, "target", where, errors);
    }
    return errors->count == before;
}

static bool is_colour(const kedge_dataset *dataset)
{
    static const char *const channels[] = {"r", "g", "b"};
    if (dataset->n_features != 3) return false;
    for (int c = 0; c < 3; c++) {
        if (strcmp(dataset->feature_names[c], channels[c]) != 0) return false;
        for (int i = 0; i < dataset->points; i++)
            if (!(dataset->features[c][i] >= 0 && dataset->features[c][i] <= 1)) return false;
    }
    return true;
}

kedge_dataset *kedge_dataset_create(kedge_context *ctx, const kedge_data_options *options, const char *where,
                                    kedge_errors *errors)
{
    if (!where) where = "data";
    if (!check_options(options, where, errors)) return NULL;
    kedge_dataset *dataset = kedge_alloc_zero(ctx, 1, sizeof *dataset);
    if (!dataset) {
        kedge_errors_add(errors, KEDGE_ENOMEM, "%s: out of memory for a data set", where);
        return NULL;
    }
    dataset->ctx = ctx;
    kedge_arena_init(&dataset->arena, ctx);
    bool filled = false;
    switch ((kedge_data_kind)options->kind) {
    case KEDGE_DATA_RGB_GRID: filled = kedge_fill_rgb_grid(dataset, options, errors); break;
    case KEDGE_DATA_HSV_GRID: filled = kedge_fill_hsv_grid(dataset, options, errors); break;
    case KEDGE_DATA_RGB_VALIDATION: filled = kedge_fill_rgb_validation(dataset, errors); break;
    case KEDGE_DATA_CSV: filled = kedge_fill_csv(dataset, options, where, errors); break;
    case KEDGE_DATA_NPY: filled = kedge_fill_npy(dataset, options, where, errors); break;
    }
    dataset->is_colour = filled && is_colour(dataset);
    if (options->kind == KEDGE_DATA_CSV && dataset->is_colour) filled = kedge_fill_colour_columns(dataset, errors);
    if (!filled) {
        kedge_dataset_free(dataset);
        return NULL;
    }
    if (dataset->n_targets == 0) {
        dataset->n_targets = dataset->n_features;
        dataset->target_names = dataset->feature_names;
        dataset->targets = dataset->features;
    }
    return dataset;
}

void kedge_dataset_free(kedge_dataset *dataset)
{
    if (!dataset) return;
    kedge_arena_release(&dataset->arena);
    kedge_release(dataset->ctx, dataset);
}

void kedge_dataset_describe(const kedge_dataset *dataset, int point, char *text, size_t size)
{
    enum { SHOWN = 6 }; /* features; more would hide the message that they stand in */
    char values[512];
    size_t used = 0;
    values[0] = '\0';
    for (int c = 0; c < dataset->n_features && used < sizeof values; c++) {
        const char *between = c == 0 ? "" : ", ";
        if (c == SHOWN) {
            snprintf(values + used, sizeof values - used, ", ...");
            break;
        }
        int length = snprintf(values + used, sizeof values - used, "%s%s=%.6g", between,
                              kedge_clip_text(dataset->feature_names[c]).text, (double)dataset->features[c][point]);
        if (length < 0) break;
        used += (size_t)length;
    }
    snprintf(text, size, "point %d (%s)", point, values);
}
