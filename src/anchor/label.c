/* label.c - labels: who is said to carry a concept, and how surely. */
#include "anchor/label.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "format/number.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

const char *const kedge_label_modes[] = {"stochastic", "soft", "exact", NULL};

/* Keys that both kinds of labels have, once each. */
#define MODE \
    {.key = "mode", .type = KEDGE_FIELD_CHOICE, .offset = offsetof(kedge_label_options, mode), \
     .choices = kedge_label_modes, .fallback = "stochastic", \
     .doc = "stochastic: drawn with that probability per sample and visit; soft: the rate is the label; exact: 1 for " \
            "the points of 'exact', else 0."}
#define EXACT(most) \
    {.key = "exact", .type = KEDGE_FIELD_FORMULA, .offset = offsetof(kedge_label_options, exact), .fallback = "", \
     .doc = "Not 0 for the points that carry the label for certain, on which it is scored. Absent: where the " most \
            " is largest."}
#define AMONG \
    {.key = "among", .type = KEDGE_FIELD_FORMULA, .offset = offsetof(kedge_label_options, among), .fallback = "", \
     .doc = "Labels are handed out only where this is not 0; who is scored does not depend on it. Absent: everywhere."}
#define SHARE(member, text) \
    .type = KEDGE_FIELD_REAL, .offset = offsetof(kedge_label_options, member), .min = 0, .max = 1, .fallback = text

const kedge_field kedge_label_fields[] = {
    {.key = "rate", .type = KEDGE_FIELD_FORMULA, .offset = offsetof(kedge_label_options, rate),
     .doc = "How surely a point carries the label, from 0 to 1: a formula over the columns."},
    MODE, EXACT("rate"), AMONG,
};
const int kedge_n_label_fields = COUNT(kedge_label_fields);

const kedge_field kedge_label_concept_fields[] = {
    {.key = "concept", .type = KEDGE_FIELD_FORMULA, .offset = offsetof(kedge_label_options, concept),
     .doc = "How surely a point carries the concept, c, from 0 to 1: a formula over the columns. A point is labelled "
            "with probability rate * (true_positive * c^exponent + false_positive * (1 - c^exponent))."},
    {.key = "exponent", .type = KEDGE_FIELD_REAL, .offset = offsetof(kedge_label_options, exponent), .min = 0,
     .max = 1000, .fallback = "1", .doc = "How sharply the label falls off with the concept."},
    {.key = "rate", .type = KEDGE_FIELD_FORMULA, .offset = offsetof(kedge_label_options, rate),
     .doc = "How often labels are handed out at all, from 0 to 1: one number."},
    {.key = "true_positive", SHARE(true_positive, "1"), .doc = "How often one who carries the concept is labelled."},
    {.key = "false_positive", SHARE(false_positive, "0"), .doc = "How often one who does not is labelled."},
    MODE, EXACT("concept"), AMONG,
};
const int kedge_n_label_concept_fields = COUNT(kedge_label_concept_fields);

/* Arrays while they are made. */
typedef struct label_arrays {
    double *rate;
    double *strength; /* scratch: where it is largest, the label is carried for certain */
    double *values;   /* scratch */
    float *soft;
    uint32_t *threshold;
    bool *exact;
} label_arrays;

static const double dust = 1e-12; /* rounding beyond 0 and 1 that is forgiven */

static const char *place(const kedge_formula *formula)
{
    return formula->where ? formula->where : "label";
}

/* Values within rounding of 0 and 1 become 0 and 1; false if one is further out. */
static bool check_unit(double *values, const char *what, const kedge_formula *formula,
                       const kedge_label_options *options, const kedge_dataset *dataset, kedge_errors *errors)
{
    for (int i = 0; i < dataset->points; i++) {
        if (values[i] < -dust || values[i] > 1 + dust) {
            char described[512];
            kedge_dataset_describe(dataset, i, described, sizeof described);
            kedge_errors_add(errors, KEDGE_EINVALID,
                             "%s: the %s of label '%s' is %.6g at %s; it must be from 0 to 1 at every point",
                             place(formula), what, options->name, values[i], described);
            return false;
        }
        values[i] = fmin(1, fmax(0, values[i]));
    }
    return true;
}

static double largest(const double *values, int n)
{
    double max = 0;
    for (int i = 0; i < n; i++) max = fmax(max, values[i]);
    return max;
}

/* Rates and strength of a label with a concept. */
static bool work_out_concept(const kedge_label_options *options, const kedge_dataset *dataset,
                             const label_arrays *arrays, kedge_errors *errors)
{
    int n = dataset->points;
    if (!kedge_formula_eval(&options->concept, dataset, arrays->strength, errors) ||
        !kedge_formula_eval(&options->rate, dataset, arrays->rate, errors))
        return false;
    if (!check_unit(arrays->strength, "concept", &options->concept, options, dataset, errors)) return false;
    for (int i = 1; i < n; i++) {
        if (arrays->rate[i] == arrays->rate[0]) continue;
        kedge_errors_add(errors, KEDGE_EINVALID, "%s: the rate of label '%s' varies among points; beside 'concept' it "
                         "must be one number", place(&options->rate), options->name);
        return false;
    }
    if (!check_unit(arrays->rate, "rate", &options->rate, options, dataset, errors)) return false;
    for (int i = 0; i < n; i++) {
        double carried = pow(arrays->strength[i], options->exponent);
        arrays->rate[i] *= options->true_positive * carried + options->false_positive * (1 - carried);
    }
    return true;
}

/* Rates at all points, and what the exact carriers have most of. */
static bool work_out(const kedge_label_options *options, const kedge_dataset *dataset, const label_arrays *arrays,
                     kedge_errors *errors)
{
    int n = dataset->points;
    if (options->concept.text) {
        if (!work_out_concept(options, dataset, arrays, errors)) return false;
    } else if (!kedge_formula_eval(&options->rate, dataset, arrays->rate, errors)) {
        return false;
    }
    if (!check_unit(arrays->rate, "rate", &options->rate, options, dataset, errors)) return false;
    if (!options->concept.text) memcpy(arrays->strength, arrays->rate, (size_t)n * sizeof *arrays->rate);
    if (largest(arrays->rate, n) > 0) return true;
    kedge_errors_add(errors, KEDGE_EINVALID, "%s: the rate of label '%s' is 0 at every point; at least one must be "
                     "able to carry it", place(&options->rate), options->name);
    return false;
}

/* Marks the points that carry the label for certain. */
static bool find_exact(const kedge_label_options *options, const kedge_dataset *dataset, const label_arrays *arrays,
                       int *n_exact, kedge_errors *errors)
{
    const bool given = options->exact.text != NULL;
    if (given && !kedge_formula_eval(&options->exact, dataset, arrays->values, errors)) return false;
    double max = largest(arrays->strength, dataset->points);
    *n_exact = 0;
    for (int i = 0; i < dataset->points; i++) {
        arrays->exact[i] = given ? arrays->values[i] != 0 : arrays->strength[i] >= max * (1 - 1e-9);
        *n_exact += arrays->exact[i];
    }
    if (*n_exact > 0) return true;
    kedge_errors_add(errors, KEDGE_EINVALID, "%s: 'exact' of label '%s' is 0 at every point; it must hold for at "
                     "least one", place(&options->exact), options->name);
    return false;
}

/* What is handed out at each point, after the rates and exact carriers are known. */
static bool hand_out(const kedge_label_options *options, const kedge_dataset *dataset, const label_arrays *arrays,
                     kedge_errors *errors)
{
    const bool given = options->among.text != NULL;
    if (given && !kedge_formula_eval(&options->among, dataset, arrays->values, errors)) return false;
    bool any = false;
    for (int i = 0; i < dataset->points; i++) {
        bool here = !given || arrays->values[i] != 0;
        if (!here) arrays->rate[i] = 0;
        arrays->threshold[i] = (uint32_t)(arrays->rate[i] * 0x1p31 + 0.5);
        arrays->soft[i] = options->mode == KEDGE_LABEL_EXACT ? (float)(here && arrays->exact[i])
                                                             : (float)arrays->rate[i];
        any = any || arrays->soft[i] > 0;
    }
    if (any || !given) return true;
    kedge_errors_add(errors, KEDGE_EINVALID, "%s: label '%s' is handed out at no point of 'among'; at least one must "
                     "be able to carry it", place(&options->among), options->name);
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
        .strength = kedge_alloc(dataset->ctx, 2 * n, sizeof *arrays.strength),
    };
    const char *name = kedge_arena_text(arena, options->name);
    bool sound = false;
    if (!arrays.rate || !arrays.soft || !arrays.threshold || !arrays.exact || !name || !arrays.strength) {
        kedge_errors_add(errors, KEDGE_ENOMEM, "out of memory for label '%s'", options->name);
        goto done;
    }
    arrays.values = arrays.strength + n;
    if (!work_out(options, dataset, &arrays, errors)) goto done;
    if (!find_exact(options, dataset, &arrays, &n_exact, errors)) goto done;
    if (!hand_out(options, dataset, &arrays, errors)) goto done;
    *label = (kedge_label){name, options->mode, arrays.rate, arrays.soft, arrays.threshold, arrays.exact, n_exact};
    sound = true;
done:
    kedge_release(dataset->ctx, arrays.strength);
    return sound;
}

/* ---- a rate as a concept */

/* A number that a formula can hold, without a sign; the text behind it, or NULL. */
static const char *read_number(const char *text, double *value)
{
    char digits[32];
    size_t n = strspn(text, "0123456789.");
    if (n > 0 && (text[n] == 'e' || text[n] == 'E')) {
        size_t sign = text[n + 1] == '-' || text[n + 1] == '+', more = strspn(text + n + 1 + sign, "0123456789");
        if (more > 0) n += 1 + sign + more;
    }
    if (n == 0 || n >= sizeof digits) return NULL;
    memcpy(digits, text, n);
    digits[n] = '\0';
    return kedge_number_real(digits, value) ? text + n : NULL;
}

static const char *skip(const char *text)
{
    while (*text == ' ' || *text == '\t') text++;
    return text;
}

/* A name, with what stands in parentheses behind it; the text behind them, or NULL. */
static const char *read_name(const char *text)
{
    if (!isalpha((unsigned char)*text) && *text != '_') return NULL;
    while (isalnum((unsigned char)*text) || *text == '_') text++;
    if (*text != '(') return text;
    int depth = 0;
    for (; *text; text++) {
        depth += *text == '(';
        depth -= *text == ')';
        if (depth == 0) return text + 1;
    }
    return NULL;
}

bool kedge_label_by_concept(kedge_label_options *out, const kedge_label_options *options, kedge_arena *arena)
{
    double factor = 1, exponent = 1;
    if (options->concept.text) {
        *out = *options;
        return true;
    }
    const char *text = options->rate.text ? skip(options->rate.text) : "", *behind = read_number(text, &factor);
    const char *rate = "1";
    if (behind) {
        rate = kedge_arena_format(arena, "%.*s", (int)(behind - text), text);
        behind = skip(behind);
        if (*behind != '*') return false;
        text = skip(behind + 1);
    }
    const char *end = read_name(text);
    if (!end) return false;
    const char *rest = skip(end);
    if (*rest == '^' && !(rest = read_number(skip(rest + 1), &exponent))) return false;
    if (*skip(rest) || !(factor > 0 && factor <= 1) || exponent > 1000) return false;
    const char *concept = kedge_arena_format(arena, "%.*s", (int)(end - text), text);
    if (!concept || !rate) return false;
    *out = *options;
    out->concept = (kedge_formula){concept, options->rate.where};
    out->rate = (kedge_formula){rate, options->rate.where};
    out->exponent = exponent;
    out->true_positive = 1;
    out->false_positive = 0;
    return true;
}
