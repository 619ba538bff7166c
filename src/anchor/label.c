/* label.c - labels: who is said to carry a concept, and how surely. */
#include "anchor/label.h"

#include <math.h>

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

static const char *const modes[] = {"stochastic", "soft", "exact", NULL};

const kedge_field kedge_label_fields[] = {
    {.key = "rate", .type = KEDGE_FIELD_FORMULA, .offset = offsetof(kedge_label_options, rate),
     .doc = "How surely a point carries the label, from 0 to 1: a formula over the columns."},
    {.key = "mode", .type = KEDGE_FIELD_CHOICE, .offset = offsetof(kedge_label_options, mode), .choices = modes,
     .fallback = "stochastic",
     .doc = "stochastic: drawn with that probability per sample and visit; soft: the rate is the label; exact: 1 for "
            "the points of 'exact', else 0."},
    {.key = "exact", .type = KEDGE_FIELD_FORMULA, .offset = offsetof(kedge_label_options, exact), .fallback = "",
     .doc = "Not 0 for the points that carry the label for certain, on which it is scored. Absent: where the rate is "
            "largest."},
};
const int kedge_n_label_fields = COUNT(kedge_label_fields);

/* Arrays while they are made. */
typedef struct label_arrays {
    double *rate;
    float *soft;
    uint32_t *threshold;
    bool *exact;
} label_arrays;

static const char *place(const kedge_formula *formula)
{
    return formula->where ? formula->where : "label";
}

/* Rates within rounding of 0 and 1 become 0 and 1; false if one is further out, or all are 0. */
static bool check_rates(const kedge_label_options *options, const kedge_dataset *dataset, double *rate,
                        kedge_errors *errors)
{
    const double dust = 1e-12;
    double max = 0;
    for (int i = 0; i < dataset->points; i++) {
        if (rate[i] < -dust || rate[i] > 1 + dust) {
            char described[512];
            kedge_dataset_describe(dataset, i, described, sizeof described);
            kedge_errors_add(errors, KEDGE_EINVALID,
                             "%s: the rate of label '%s' is %.6g at %s; it must be from 0 to 1 at every point",
                             place(&options->rate), options->name, rate[i], described);
            return false;
        }
        rate[i] = fmin(1, fmax(0, rate[i]));
        max = fmax(max, rate[i]);
    }
    if (max > 0) return true;
    kedge_errors_add(errors, KEDGE_EINVALID, "%s: the rate of label '%s' is 0 at every point; at least one must be "
                     "able to carry it", place(&options->rate), options->name);
    return false;
}

/* Marks the points that carry the label for certain. 'values' is scratch. */
static bool find_exact(const kedge_label_options *options, const kedge_dataset *dataset, const label_arrays *arrays,
                       double *values, int *n_exact, kedge_errors *errors)
{
    const bool given = options->exact.text != NULL;
    double max = 0;
    if (given && !kedge_formula_eval(&options->exact, dataset, values, errors)) return false;
    for (int i = 0; i < dataset->points; i++) max = fmax(max, arrays->rate[i]);
    *n_exact = 0;
    for (int i = 0; i < dataset->points; i++) {
        arrays->exact[i] = given ? values[i] != 0 : arrays->rate[i] >= max * (1 - 1e-9);
        *n_exact += arrays->exact[i];
    }
    if (*n_exact > 0) return true;
    kedge_errors_add(errors, KEDGE_EINVALID, "%s: 'exact' of label '%s' is 0 at every point; it must hold for at "
                     "least one", place(&options->exact), options->name);
    return false;
}

bool kedge_label_make(kedge_label *label, const kedge_label_options *options, const kedge_dataset *dataset,
                      kedge_arena *arena, kedge_errors *errors)
{
    size_t n = (size_t)dataset->points;
    int n_exact = 0;
    label_arrays arrays = {
        .rate = kedge_arena_alloc(arena, n, sizeof *arrays.rate),
        .soft = kedge_arena_alloc(arena, n, sizeof *arrays.soft),
        .threshold = kedge_arena_alloc(arena, n, sizeof *arrays.threshold),
        .exact = kedge_arena_alloc(arena, n, sizeof *arrays.exact),
    };
    const char *name = kedge_arena_text(arena, options->name);
    double *scratch = kedge_alloc(dataset->ctx, n, sizeof *scratch);
    bool sound = false;
    if (!arrays.rate || !arrays.soft || !arrays.threshold || !arrays.exact || !name || !scratch) {
        kedge_errors_add(errors, KEDGE_ENOMEM, "out of memory for label '%s'", options->name);
        goto done;
    }
    if (!kedge_formula_eval(&options->rate, dataset, arrays.rate, errors)) goto done;
    if (!check_rates(options, dataset, arrays.rate, errors)) goto done;
    if (!find_exact(options, dataset, &arrays, scratch, &n_exact, errors)) goto done;
    for (size_t i = 0; i < n; i++) {
        arrays.threshold[i] = (uint32_t)(arrays.rate[i] * 0x1p31 + 0.5);
        arrays.soft[i] = options->mode == KEDGE_LABEL_EXACT ? (float)arrays.exact[i] : (float)arrays.rate[i];
    }
    *label = (kedge_label){name, options->mode, arrays.rate, arrays.soft, arrays.threshold, arrays.exact, n_exact};
    sound = true;
done:
    kedge_release(dataset->ctx, scratch);
    return sound;
}
