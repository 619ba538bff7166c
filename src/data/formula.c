/* formula.c - formulas over a data set's columns, evaluated by muParser.
 *
 * Its C interface keeps messages in one static buffer, hence the lock; kedge_formula_check has found what users get
 * wrong, so that here a message is the last resort. Functions are our own list, whatever the version has built in
 * (its 'log' has changed its base between versions). Points are evaluated one by one: the bulk call starts threads. */
#include "data/formula.h"

#include <ctype.h>
#include <limits.h>
#include <math.h>
#include <muParserDLL.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "format/utf8.h"

/* As muParser ranks them: below comparisons, which are 4. */
enum { OR_PRECEDENCE = 1, AND_PRECEDENCE = 2 };

static double sign(double x)
{
    return (x > 0) - (x < 0);
}

static double clamp(double x, double low, double high)
{
    return fmin(fmax(x, low), high);
}

static double smallest(const double *x, int n)
{
    double best = x[0];
    for (int i = 1; i < n; i++) best = fmin(best, x[i]);
    return best;
}

static double largest(const double *x, int n)
{
    double best = x[0];
    for (int i = 1; i < n; i++) best = fmax(best, x[i]);
    return best;
}

static double sum(const double *x, int n)
{
    double total = 0;
    for (int i = 0; i < n; i++) total += x[i];
    return total;
}

static double mean(const double *x, int n)
{
    return sum(x, n) / n;
}

/* muParser's own && and || drop the fraction of what they are given: 0.5 || 0 would be 0. */
static double both(double a, double b)
{
    return a != 0 && b != 0;
}

static double either(double a, double b)
{
    return a != 0 || b != 0;
}

const kedge_formula_function kedge_formula_functions[] = {
    {"abs", 1, 1, .one = fabs, .doc = "absolute value"},
    {"sign", 1, 1, .one = sign, .doc = "-1, 0 or 1"},
    {"sqrt", 1, 1, .one = sqrt, .doc = "square root"},
    {"exp", 1, 1, .one = exp, .doc = "e to the power of it"},
    {"ln", 1, 1, .one = log, .doc = "natural logarithm"},
    {"log", 1, 1, .one = log, .doc = "natural logarithm"},
    {"log2", 1, 1, .one = log2, .doc = "logarithm to base 2"},
    {"log10", 1, 1, .one = log10, .doc = "logarithm to base 10"},
    {"sin", 1, 1, .one = sin, .doc = "sine of an angle in radians"},
    {"cos", 1, 1, .one = cos, .doc = "cosine of an angle in radians"},
    {"tan", 1, 1, .one = tan, .doc = "tangent of an angle in radians"},
    {"asin", 1, 1, .one = asin, .doc = "angle with that sine"},
    {"acos", 1, 1, .one = acos, .doc = "angle with that cosine"},
    {"atan", 1, 1, .one = atan, .doc = "angle with that tangent"},
    {"atan2", 2, 2, .two = atan2, .doc = "angle of the point (second, first)"},
    {"tanh", 1, 1, .one = tanh, .doc = "hyperbolic tangent"},
    {"floor", 1, 1, .one = floor, .doc = "next integer below"},
    {"ceil", 1, 1, .one = ceil, .doc = "next integer above"},
    {"round", 1, 1, .one = round, .doc = "nearest integer, halves away from 0"},
    {"clamp", 3, 3, .three = clamp, .doc = "the first, but no less than the second and no more than the third"},
    {"min", 1, INT_MAX, .many = smallest, .doc = "smallest"},
    {"max", 1, INT_MAX, .many = largest, .doc = "largest"},
    {"sum", 1, INT_MAX, .many = sum, .doc = "sum"},
    {"avg", 1, INT_MAX, .many = mean, .doc = "mean"},
    {"similarity", 1, 3, .doc = "how like a colour the point is, from 0 to 1: similarity(red), similarity(1, 0.5, 0)"},
};
const int kedge_n_formula_functions = sizeof kedge_formula_functions / sizeof *kedge_formula_functions;

/* The values of a formula's names at one point. */
typedef struct point_values {
    double columns[KEDGE_FORMULA_LENGTH / 2 + 1];
    double colours[KEDGE_FORMULA_COLOURS];
} point_values;

static const char *place(const kedge_formula *formula)
{
    return formula->where ? formula->where : "formula";
}

/* Gives the parser the columns, constants, operators and functions. Columns come first: their names win over a
 * constant's, and they may be called like a function. */
static void define(muParserHandle_t parser, const kedge_formula_parts *parts, const kedge_dataset *dataset,
                   point_values *slots)
{
    static const struct {
        const char *name;
        double value;
    } constants[] = {{"_pi", M_PI}, {"_e", M_E}};
    mupClearFun(parser);
    mupClearConst(parser);
    /* No column's name can have a '#'. */
    if (parts->n_colours)
        mupDefineNameChars(parser, "0123456789_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ#");
    for (int i = 0; i < parts->n_used; i++) mupDefineVar(parser, dataset->column_names[parts->used[i]],
                                                              &slots->columns[i]);
    for (int i = 0; i < parts->n_colours; i++) {
        char name[16];
        snprintf(name, sizeof name, "#%d", i);
        mupDefineVar(parser, name, &slots->colours[i]);
    }
    for (size_t k = 0; k < sizeof constants / sizeof *constants; k++) {
        bool taken = false;
        for (int i = 0; i < parts->n_used && !taken; i++)
            taken = strcmp(dataset->column_names[parts->used[i]], constants[k].name) == 0;
        if (!taken) mupDefineConst(parser, constants[k].name, constants[k].value);
    }
    mupDefineOprt(parser, "&", both, AND_PRECEDENCE, muOPRT_ASCT_LEFT, 1);
    mupDefineOprt(parser, "|", either, OR_PRECEDENCE, muOPRT_ASCT_LEFT, 1);
    for (int i = 0; i < kedge_n_formula_functions; i++) {
        const kedge_formula_function *f = &kedge_formula_functions[i];
        if (f->one) mupDefineFun1(parser, f->name, f->one, 1);
        if (f->two) mupDefineFun2(parser, f->name, f->two, 1);
        if (f->three) mupDefineFun3(parser, f->name, f->three, 1);
        if (f->many) mupDefineMultFun(parser, f->name, f->many, 1);
    }
}

static bool fail_parser(const kedge_formula *formula, muParserHandle_t parser, kedge_errors *errors)
{
    char message[256];
    snprintf(message, sizeof message, "%s", mupGetErrorMsg(parser));
    message[0] = (char)tolower((unsigned char)message[0]);
    kedge_errors_add(errors, KEDGE_EINVALID, "%s: in \"%s\": %s", place(formula),
                     kedge_clip_text(formula->text).text, message);
    return false;
}

static bool fail_value(const kedge_formula *formula, const kedge_dataset *dataset, int point, double value,
                       kedge_errors *errors)
{
    char described[512];
    kedge_dataset_describe(dataset, point, described, sizeof described);
    kedge_errors_add(errors, KEDGE_EINVALID, "%s: in \"%s\": the value is %s at %s; it must be finite at every point",
                     place(formula), kedge_clip_text(formula->text).text,
                     isnan(value) ? "not a number" : "infinite", described);
    return false;
}

/* Fills the slots; false where the point is no colour and has to be one. */
static bool fill(const kedge_formula *formula, const kedge_formula_parts *parts, const kedge_dataset *dataset,
                 int point, point_values *slots, kedge_errors *errors)
{
    for (int i = 0; i < parts->n_used; i++) slots->columns[i] = dataset->columns[parts->used[i]][point];
    if (parts->n_colours == 0) return true;
    double channel[3];
    for (int c = 0; c < 3; c++) {
        channel[c] = dataset->columns[parts->channels[c]][point];
        if (channel[c] >= 0 && channel[c] <= 1) continue;
        char described[512];
        kedge_dataset_describe(dataset, point, described, sizeof described);
        kedge_errors_add(errors, KEDGE_EINVALID, "%s: in \"%s\": '%s' is %.6g at %s; for 'similarity' it must be from "
                         "0 to 1 at every point", place(formula), kedge_clip_text(formula->text).text,
                         dataset->column_names[parts->channels[c]], channel[c], described);
        return false;
    }
    kedge_hsv here = kedge_hsv_from_rgb((kedge_rgb){channel[0], channel[1], channel[2]});
    for (int i = 0; i < parts->n_colours; i++) slots->colours[i] = kedge_colour_similarity(here, parts->colours[i]);
    return true;
}

static bool evaluate(const kedge_formula *formula, const kedge_formula_parts *parts, const kedge_dataset *dataset,
                     double *values, kedge_errors *errors)
{
    point_values slots;
    bool sound = true;
    muParserHandle_t parser = mupCreate(muBASETYPE_FLOAT);
    if (!parser) {
        kedge_errors_add(errors, KEDGE_ENOMEM, "%s: out of memory for a formula", place(formula));
        return false;
    }
    define(parser, parts, dataset, &slots);
    mupSetExpr(parser, parts->text);
    if (mupError(parser)) sound = fail_parser(formula, parser, errors);
    for (int point = 0; point < dataset->points && sound; point++) {
        if (!fill(formula, parts, dataset, point, &slots, errors)) {
            sound = false;
            break;
        }
        values[point] = mupEval(parser);
        if (mupError(parser))
            sound = fail_parser(formula, parser, errors);
        else if (!isfinite(values[point]))
            sound = fail_value(formula, dataset, point, values[point], errors);
    }
    mupRelease(parser);
    return sound;
}

bool kedge_formula_eval(const kedge_formula *formula, const kedge_dataset *dataset, double *values,
                        kedge_errors *errors)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* around what muParser shares */
    kedge_formula_parts parts;
    if (!kedge_formula_check(formula, dataset, &parts, errors)) return false;
    pthread_mutex_lock(&lock);
    bool sound = evaluate(formula, &parts, dataset, values, errors);
    pthread_mutex_unlock(&lock);
    return sound;
}
