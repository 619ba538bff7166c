/* cases.c - the meaning of every operation, in double, written apart from the library. */
#include <math.h>

#include "gradient.h"

/* ---- linear ---- */
static kedge_node *build_linear(kedge_node **in)
{
    return kedge_linear(in[0], in[1], in[2]);
}

static void meaning_linear(values *v)
{
    for (int i = 0; i < v->rows[1]; i++)
        for (int s = 0; s < v->live; s++) {
            double sum = at(v, 2, i, 0);
            for (int j = 0; j < v->rows[0]; j++) sum += at(v, 1, i, j) * at(v, 0, j, s);
            v->out[i * v->live + s] = sum;
        }
}

/* A weight used twice: its gradient is a sum; the activation between takes the fused way back. */
static kedge_node *build_linear_shared(kedge_node **in)
{
    return kedge_linear(kedge_gelu(kedge_linear(in[0], in[1], in[2])), in[1], in[2]);
}

static double gelu(double x)
{
    return 0.5 * x * erfc(-x / sqrt(2));
}

static void meaning_linear_shared(values *v)
{
    double hidden[64][64];
    meaning_linear(v);
    for (int i = 0; i < v->rows[1]; i++)
        for (int s = 0; s < v->live; s++) hidden[i][s] = gelu(v->out[i * v->live + s]);
    for (int i = 0; i < v->rows[1]; i++)
        for (int s = 0; s < v->live; s++) {
            double sum = at(v, 2, i, 0);
            for (int j = 0; j < v->rows[0]; j++) sum += at(v, 1, i, j) * hidden[j][s];
            v->out[i * v->live + s] = sum;
        }
}

/* ---- pointwise ---- */
static kedge_node *build_gelu(kedge_node **in)
{
    return kedge_gelu(in[0]);
}

static kedge_node *build_relu(kedge_node **in)
{
    return kedge_relu(in[0]);
}

static kedge_node *build_tanh(kedge_node **in)
{
    return kedge_tanh(in[0]);
}

static kedge_node *build_sigmoid(kedge_node **in)
{
    return kedge_sigmoid(in[0]);
}

static void pointwise(values *v, double (*f)(double))
{
    for (int i = 0; i < v->rows[0] * v->live; i++) v->out[i] = f(v->in[0][i]);
}

static double relu(double x)
{
    return x > 0 ? x : 0;
}

static double sigmoid(double x)
{
    return 1 / (1 + exp(-x));
}

static void meaning_gelu(values *v)
{
    pointwise(v, gelu);
}

static void meaning_relu(values *v)
{
    pointwise(v, relu);
}

static void meaning_tanh(values *v)
{
    pointwise(v, tanh);
}

static void meaning_sigmoid(values *v)
{
    pointwise(v, sigmoid);
}

/* ---- l2norm ---- */
static kedge_node *build_l2norm(kedge_node **in)
{
    return kedge_l2norm(in[0]);
}

static void meaning_l2norm(values *v)
{
    for (int s = 0; s < v->live; s++) {
        double sum = 0;
        for (int j = 0; j < v->rows[0]; j++) sum += at(v, 0, j, s) * at(v, 0, j, s);
        for (int j = 0; j < v->rows[0]; j++) v->out[j * v->live + s] = at(v, 0, j, s) / fmax(sqrt(sum), 1e-12);
    }
}

/* ---- mse ---- */
static kedge_node *build_mse(kedge_node **in)
{
    return kedge_mse(in[0], in[1], NULL);
}

static kedge_node *build_mse_weighted(kedge_node **in)
{
    return kedge_mse(in[0], in[1], in[2]);
}

static void meaning_mse(values *v)
{
    int n = v->rows[0] * v->live;
    v->out[0] = 0;
    for (int i = 0; i < n; i++) v->out[0] += (v->in[0][i] - v->in[1][i]) * (v->in[0][i] - v->in[1][i]) / n;
}

static kedge_node *build_mean_distance(kedge_node **in)
{
    return kedge_mean_distance(in[0], in[1]);
}

static void meaning_mean_distance(values *v)
{
    meaning_mse(v);
    v->out[0] *= v->rows[0];
}

static void meaning_mse_weighted(values *v)
{
    double sum = 0, weight = 1e-8;
    for (int i = 0; i < v->live; i++) weight += v->in[2][i];
    for (int i = 0; i < v->rows[0] * v->live; i++)
        sum += v->in[2][i % v->live] * (v->in[0][i] - v->in[1][i]) * (v->in[0][i] - v->in[1][i]);
    v->out[0] = sum / (v->rows[0] * weight);
}

/* ---- project ---- */
static const float direction[5] = {0.6f, -0.8f, 0.3f, 0, 1.5f};

static kedge_node *build_project(kedge_node **in)
{
    return kedge_project(in[0], direction, -1.5f, 0.75f, -INFINITY);
}

static kedge_node *build_project_floor(kedge_node **in)
{
    return kedge_project(in[0], direction, 1, 0, 0.1f);
}

static void meaning_project(values *v)
{
    for (int s = 0; s < v->live; s++) {
        v->out[s] = 0.75;
        for (int j = 0; j < v->rows[0]; j++) v->out[s] += -1.5 * (double)direction[j] * at(v, 0, j, s);
    }
}

static void meaning_project_floor(values *v)
{
    for (int s = 0; s < v->live; s++) {
        double sum = 0;
        for (int j = 0; j < v->rows[0]; j++) sum += (double)direction[j] * at(v, 0, j, s);
        v->out[s] = fmax(sum, (double)0.1f);
    }
}

/* ---- distance ---- */
static const float weights[5] = {1, 0, 0.5f, 2, 1};

static kedge_node *build_distance(kedge_node **in)
{
    return kedge_distance(in[0], direction, weights);
}

static void meaning_distance(values *v)
{
    for (int s = 0; s < v->live; s++) {
        v->out[s] = 0;
        for (int j = 0; j < v->rows[0]; j++)
            v->out[s] += (double)weights[j] * pow(at(v, 0, j, s) - (double)direction[j], 2);
    }
}

/* ---- norm_deviation ---- */
static kedge_node *build_norm_deviation(kedge_node **in)
{
    return kedge_norm_deviation(in[0]);
}

static void meaning_norm_deviation(values *v)
{
    for (int s = 0; s < v->live; s++) {
        double sum = 0;
        for (int j = 0; j < v->rows[0]; j++) sum += at(v, 0, j, s) * at(v, 0, j, s);
        v->out[s] = pow(sqrt(sum) - 1, 2);
    }
}

/* ---- mean ---- */
static kedge_node *build_mean(kedge_node **in)
{
    return kedge_mean(in[0], NULL);
}

static kedge_node *build_mean_labelled(kedge_node **in)
{
    return kedge_mean(in[0], in[1]);
}

static void meaning_mean(values *v)
{
    v->out[0] = 0;
    for (int s = 0; s < v->live; s++) v->out[0] += v->in[0][s] / v->live;
}

static void meaning_mean_labelled(values *v)
{
    double sum = 0, weight = 0;
    for (int s = 0; s < v->live; s++) sum += v->in[0][s] * v->in[1][s], weight += v->in[1][s];
    v->out[0] = sum / (weight + 1e-8);
}

/* ---- separate: no shortcuts, all pairs in both orders. Columns are taken as they are (the op asks for unit ones), so
 * the derivative is that of C_ij = e_i.e_j. ---- */
static double separate_rows(const values *v, int power, bool shift, bool labelled)
{
    double total = 0, weight = 0;
    for (int a = 0; a < v->live; a++) {
        double l = labelled ? v->in[1][a] : 1, sum = 0;
        for (int b = 0; b < v->live; b++) {
            double c = 0;
            for (int j = 0; j < v->rows[0]; j++) c += at(v, 0, j, a) * at(v, 0, j, b);
            if (a == b || fabs(c - 1) <= 1e-8 + 1e-5) c = 0;
            sum += pow(shift ? (c + 1) / 2 : c, power);
        }
        total += l * sum;
        weight += l;
    }
    return total / (labelled ? weight + 1e-8 : weight);
}

static double separate_all_pairs(const values *v, int power)
{
    double total = 0;
    for (int a = 0; a < v->live; a++)
        for (int b = 0; b < v->live; b++) {
            double c = 0;
            for (int j = 0; j < v->rows[0]; j++) c += at(v, 0, j, a) * at(v, 0, j, b);
            if (a != b) total += pow(c, power);
        }
    return v->live > 1 ? total / (v->live * (v->live - 1.0)) : 0;
}

static kedge_node *build_separate(kedge_node **in)
{
    return kedge_separate_pairs(in[0], KEDGE_SEPARATE_ROWS, 100, true, NULL);
}

static void meaning_separate(values *v)
{
    v->out[0] = separate_rows(v, 100, true, false);
}

static kedge_node *build_separate_plain(kedge_node **in)
{
    return kedge_separate_pairs(in[0], KEDGE_SEPARATE_ROWS, 7, false, NULL);
}

static void meaning_separate_plain(values *v)
{
    v->out[0] = separate_rows(v, 7, false, false);
}

static kedge_node *build_separate_labelled(kedge_node **in)
{
    return kedge_separate_pairs(in[0], KEDGE_SEPARATE_ROWS, 4, true, in[1]);
}

static void meaning_separate_labelled(values *v)
{
    v->out[0] = separate_rows(v, 4, true, true);
}

static kedge_node *build_separate_pairs(kedge_node **in)
{
    return kedge_separate_pairs(in[0], KEDGE_SEPARATE_PAIRS, 2, false, NULL);
}

static void meaning_separate_pairs(values *v)
{
    v->out[0] = separate_all_pairs(v, 2);
}

static kedge_node *build_separate_first(kedge_node **in)
{
    return kedge_separate_pairs(in[0], KEDGE_SEPARATE_PAIRS, 1, false, NULL);
}

static void meaning_separate_first(values *v)
{
    v->out[0] = separate_all_pairs(v, 1);
}

/* ---- separate_inverse ---- */
static kedge_node *build_inverse(kedge_node **in)
{
    return kedge_separate_inverse(in[0], NULL);
}

static kedge_node *build_inverse_labelled(kedge_node **in)
{
    return kedge_separate_inverse(in[0], in[1]);
}

static void inverse(values *v, bool labelled)
{
    double total = 0, weight = 0;
    for (int a = 0; a < v->live; a++) {
        double sum = 0;
        for (int b = 0; b < v->live; b++) {
            double d = 0;
            for (int j = 0; j < v->rows[0]; j++) d += pow(at(v, 0, j, a) - at(v, 0, j, b), 2);
            if (a != b && d > 1e-8) sum += 1 / d;
        }
        total += (labelled ? v->in[1][a] : 1) * sum;
        weight += labelled ? v->in[1][a] : 1;
    }
    v->out[0] = v->live > 1 ? total / ((weight + (labelled ? 1e-8 : 0)) * (v->live - 1)) : 0;
}

static void meaning_inverse(values *v)
{
    inverse(v, false);
}

static void meaning_inverse_labelled(values *v)
{
    inverse(v, true);
}

#define ANY .low = {-2, -1, -1}, .high = {2, 1, 1}
#define LABELS .constant = {false, true}, .low = {-1.5, 0}, .high = {1.5, 1}

static const gradient_case cases[] = {
    {"linear 3 to 16", &kedge_op_linear, 3, {3, 16, 16}, {0, 3, 1}, ANY, .build = build_linear,
        .meaning = meaning_linear, .bound = 5e-6},
    {"linear 16 to 4", &kedge_op_linear, 3, {16, 4, 4}, {0, 16, 1}, ANY, .build = build_linear,
        .meaning = meaning_linear, .bound = 5e-6},
    {"linear 5 to 7", &kedge_op_linear, 3, {5, 7, 7}, {0, 5, 1}, ANY, .build = build_linear,
        .meaning = meaning_linear, .bound = 5e-6},
    {"linear 1 to 1", &kedge_op_linear, 3, {1, 1, 1}, {0, 1, 1}, ANY, .build = build_linear,
        .meaning = meaning_linear, .bound = 5e-6},
    {"linear 49 to 53", &kedge_op_linear, 3, {49, 53, 53}, {0, 49, 1}, ANY, .build = build_linear,
        .meaning = meaning_linear, .bound = 5e-6},
    {"linear 64 to 48, blocked", &kedge_op_linear, 3, {64, 48, 48}, {0, 64, 1}, ANY, .build = build_linear,
        .meaning = meaning_linear, .bound = 5e-6},
    {"linear with frozen weights", &kedge_op_linear, 3, {5, 7, 7}, {0, 5, 1}, .constant = {false, true, false}, ANY,
        .build = build_linear, .meaning = meaning_linear, .bound = 5e-6},
    {"linear shared, gelu between", &kedge_op_linear, 3, {6, 6, 6}, {0, 6, 1}, ANY, .build = build_linear_shared,
        .meaning = meaning_linear_shared, .bound = 1e-5},
    {"gelu", &kedge_op_gelu, 1, {3}, {0}, .low = {-6}, .high = {6}, .build = build_gelu, .meaning = meaning_gelu,
        .bound = 2e-6},
    {"relu", &kedge_op_relu, 1, {3}, {0}, ANY, .build = build_relu, .meaning = meaning_relu, .bound = 1e-6},
    {"tanh", &kedge_op_tanh, 1, {3}, {0}, ANY, .build = build_tanh, .meaning = meaning_tanh, .bound = 2e-6},
    {"sigmoid", &kedge_op_sigmoid, 1, {3}, {0}, .low = {-6}, .high = {6}, .build = build_sigmoid,
        .meaning = meaning_sigmoid, .bound = 2e-6},
    {"l2norm", &kedge_op_l2norm, 1, {5}, {0}, ANY, .build = build_l2norm, .meaning = meaning_l2norm, .bound = 1e-5},
    /* The exact gradient is 0; what is left is rounding of y (y.dy) over a length near 0. */
    {"l2norm of one row", &kedge_op_l2norm, 1, {1}, {0}, ANY, .build = build_l2norm, .meaning = meaning_l2norm,
        .bound = 50},
    {"mse", &kedge_op_mse, 2, {3, 3}, {0, 0}, .constant = {false, true}, ANY, .build = build_mse,
        .meaning = meaning_mse, .bound = 1e-5},
    {"mean-distance", &kedge_op_mean_distance, 2, {3, 3}, {0, 0}, .constant = {false, true}, ANY,
        .build = build_mean_distance, .meaning = meaning_mean_distance, .bound = 1e-5},
    {"mse of weighted samples", &kedge_op_mse, 3, {3, 3, 1}, {0, 0, 0}, .constant = {false, true, true},
        .low = {-2, -1, 0}, .high = {2, 1, 1}, .build = build_mse_weighted, .meaning = meaning_mse_weighted,
        .bound = 1e-5},
    {"project", &kedge_op_project, 1, {5}, {0}, ANY, .build = build_project, .meaning = meaning_project, .bound = 2e-6},
    {"project with a floor", &kedge_op_project, 1, {4}, {0}, ANY, .build = build_project_floor,
        .meaning = meaning_project_floor, .bound = 2e-6},
    {"distance", &kedge_op_distance, 1, {5}, {0}, ANY, .build = build_distance, .meaning = meaning_distance,
        .bound = 5e-6},
    {"norm_deviation", &kedge_op_norm_deviation, 1, {4}, {0}, .low = {-1.5}, .high = {1.5},
        .build = build_norm_deviation, .meaning = meaning_norm_deviation, .bound = 1e-5},
    {"mean", &kedge_op_mean, 1, {1}, {0}, ANY, .build = build_mean, .meaning = meaning_mean, .bound = 1e-5},
    {"mean of the labelled", &kedge_op_mean, 2, {1, 1}, {0, 0}, LABELS, .build = build_mean_labelled,
        .meaning = meaning_mean_labelled, .bound = 1e-5},
    /* A hundredth power has a hundred times the rounding error of its base; odd powers cancel. */
    {"separate, power 100, shift, 4 dims", &kedge_op_separate, 1, {4}, {0}, ANY, .unit_operand = 1,
        .build = build_separate, .meaning = meaning_separate, .bound = 2e-5, .value_bound = 1e-5},
    {"separate, power 100, shift, 5 dims", &kedge_op_separate, 1, {5}, {0}, ANY, .unit_operand = 1,
        .build = build_separate, .meaning = meaning_separate, .bound = 2e-5, .value_bound = 1e-5},
    {"separate with duplicates", &kedge_op_separate, 1, {4}, {0}, ANY, .unit_operand = 1, .duplicate = 1,
        .build = build_separate, .meaning = meaning_separate, .bound = 2e-5, .value_bound = 1e-5},
    {"separate, power 7, no shift, 9 dims", &kedge_op_separate, 1, {9}, {0}, ANY, .unit_operand = 1,
        .build = build_separate_plain, .meaning = meaning_separate_plain, .bound = 2e-5, .value_bound = 1e-5},
    {"separate, labelled", &kedge_op_separate, 2, {4, 1}, {0, 0}, LABELS, .unit_operand = 1,
        .build = build_separate_labelled, .meaning = meaning_separate_labelled, .bound = 2e-5, .value_bound = 1e-5},
    {"separate, pairs form", &kedge_op_separate, 1, {4}, {0}, ANY, .unit_operand = 1, .duplicate = 1,
        .build = build_separate_pairs, .meaning = meaning_separate_pairs, .bound = 2e-5, .value_bound = 1e-5},
    {"separate, pairs form, power 1, 3 dims", &kedge_op_separate, 1, {3}, {0}, ANY, .unit_operand = 1,
        .build = build_separate_first, .meaning = meaning_separate_first, .bound = 2e-5, .value_bound = 1e-5},
    {"separate_inverse", &kedge_op_separate_inverse, 1, {4}, {0}, ANY, .build = build_inverse,
        .meaning = meaning_inverse, .bound = 2e-5},
    {"separate_inverse with duplicates", &kedge_op_separate_inverse, 1, {4}, {0}, ANY, .duplicate = 1,
        .build = build_inverse, .meaning = meaning_inverse, .bound = 2e-5},
    {"separate_inverse, labelled", &kedge_op_separate_inverse, 2, {3, 1}, {0, 0}, LABELS,
        .build = build_inverse_labelled, .meaning = meaning_inverse_labelled, .bound = 2e-5},
};
const gradient_cases model_cases = {cases, sizeof cases / sizeof *cases};
