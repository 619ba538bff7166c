/* repel.c - turns columns away from a direction and keeps their length. METHOD section 6. */
#include <math.h>
#include <string.h>

#include "ops/alignment.h"
#include "ops/ops.h"

typedef struct attributes {
    kedge_turn turn;
    double v[]; /* [rows of z], then the way out [rows] */
} attributes;

/* Below this share of its length a column's part across v is rounding. */
static const double parallel = 1e-6;

/* A Bezier coordinate as c[0] + c[1] t + c[2] t^2 + c[3] t^3. */
typedef struct cubic {
    double c[4];
} cubic;

static cubic bezier(double p0, double p1, double p2, double p3)
{
    return (cubic){{p0, 3 * (p1 - p0), 3 * (p0 - 2 * p1 + p2), p3 - p0 + 3 * (p1 - p2)}};
}

static double value(const cubic *b, double t)
{
    return b->c[0] + t * (b->c[1] + t * (b->c[2] + t * b->c[3]));
}

static double slope_of(const cubic *b, double t)
{
    return b->c[1] + t * (2 * b->c[2] + t * 3 * b->c[3]);
}

/* t with B(t) = x, from B(0) to B(1). The inner points lie between the outer ones, so B rises: Newton's method, kept
 * inside what has been bracketed, halves where that would leave it. Once it is near one step more leaves rounding. */
static double find(const cubic *b, double x)
{
    double low = 0, high = 1, t = (x - b->c[0]) / (b->c[1] + b->c[2] + b->c[3]);
    for (int i = 0; i < 64; i++) {
        double off = value(b, t) - x;
        if (off > 0)
            high = t;
        else
            low = t;
        double next = t - off / slope_of(b, t);
        t = next >= low && next <= high ? next : (low + high) / 2;
        if (fabs(off) <= 1e-11) break;
    }
    return t;
}

/* The tangents y = x at (a,a) and y = b at (1,b) meet at (b,b). */
static double curve(double a, double b, double alpha, double *slope)
{
    const double share = 1 / sqrt(2), inner = a + share * (b - a), outer = 1 - share * (1 - b);
    const cubic x = bezier(a, inner, outer, 1), y = bezier(a, inner, b, b);
    double t = find(&x, alpha);
    if (slope) {
        double dx = slope_of(&x, t), dy = slope_of(&y, t);
        *slope = dy < dx ? fmax(0, dy) / dx : 1; /* the curve bends down from slope 1 to slope 0 */
    }
    return value(&y, t);
}

double kedge_turn_at(const kedge_turn *turn, double alpha, double *slope)
{
    double a = turn->from, b = turn->to;
    if (slope) *slope = 1;
    if (!(alpha > a) || b >= 1 || a >= 1) return alpha;
    alpha = fmin(alpha, 1);
    double m;
    if (turn->curved) {
        m = curve(a, b, alpha, slope);
    } else {
        m = a + (alpha - a) * (b - a) / (1 - a);
        if (slope) *slope = (b - a) / (1 - a);
    }
    return fmin(m, fmin(alpha, b)); /* whatever rounding says */
}

static kedge_status shape(kedge_node *self)
{
    if (!kedge_is_activation(self->in[0])) return kedge_shape_fail(self, "the operand is no activation");
    self->n_work = KEDGE_ALIGNMENT_WORK(self->in[0]) + 8 * (size_t)kedge_node_capacity(self->in[0]);
    return kedge_shape_like(self, self->in[0]);
}

/* across (n) = |z - (z.v) v|, not from |z|^2 - (z.v)^2, which near v is all rounding */
static void measure_across(const kedge_node *z, const double *v, const double *dot, double *across)
{
    int n = kedge_node_columns(z);
    for (int i = 0; i < n; i++) across[i] = 0;
    for (int k = 0; k < z->rows; k++) {
        const float *row = kedge_row(z->val, z, k);
        for (int i = 0; i < n; i++) {
            double w = (double)row[i] - dot[i] * v[k];
            across[i] += w * w;
        }
    }
    for (int i = 0; i < n; i++) across[i] = sqrt(across[i]);
}

/* With n the direction across v, y (K,N) = |z| (m v + sqrt(1 - m^2) n) = stay z + along v + out way */
static void forward(kedge_node *self)
{
    const attributes *own = self->attributes;
    const kedge_node *z = self->in[0];
    const double *v = own->v, *way = v + z->rows;
    int n = kedge_node_columns(self);
    double *across;
    kedge_alignment at = kedge_align(z, v, &across);
    measure_across(z, v, at.dot, across);
    double *stay = across, *along = across + n, *out = across + 2 * n; /* across is not needed after its column */
    for (int i = 0; i < n; i++) {
        double length = at.length[i], side = across[i];
        stay[i] = along[i] = out[i] = 0;
        if (!(at.alpha[i] > own->turn.from)) continue;
        double m = kedge_turn_at(&own->turn, at.alpha[i], NULL), rest = length * sqrt(1 - m * m);
        if (side > parallel * length) {
            stay[i] = rest / side;
            along[i] = m < at.alpha[i] ? length * m - stay[i] * at.dot[i] : 0;
        } else if (m < at.alpha[i]) {
            along[i] = length * m;
            out[i] = rest;
        }
    }
    for (int k = 0; k < z->rows; k++) {
        const float *row = kedge_row(z->val, z, k);
        float *to = kedge_row(self->val, self, k);
        for (int i = 0; i < n; i++) { /* what is not edited stays to the bit */
            float turned = (float)(stay[i] * (double)row[i] + along[i] * v[k] + out[i] * way[k]);
            to[i] = along[i] != 0 ? turned : row[i];
        }
    }
}

/* How the gradient dy of one turned column becomes dz = keep dy + back z + along v. */
typedef struct way_back {
    double keep, back, along;
} way_back;

/* With z = |z| (alpha v + beta n) and y = |z| (m v + mu n) three things can change: the length, and with it y; the
 * angle in the plane of v and n, along beta v - alpha n; and n, across both, whose change y sees mu/beta times. 'g' are
 * dy's parts along v and n. Parallel to v there is no plane, and only the length can change. */
static way_back turned_back(const kedge_turn *turn, double length, double alpha, double side, double g_v, double g_n,
                            double g_way)
{
    double slope, m = kedge_turn_at(turn, alpha, &slope), mu = sqrt(1 - m * m), beta = side / length;
    if (m >= alpha) return (way_back){1, 0, 0};
    if (!(side > parallel * length)) return (way_back){0, (m * g_v + mu * g_way) / length, 0};
    double longer = m * g_v + mu * g_n, closer = beta * slope * (g_v - m / mu * g_n), keep = mu / beta;
    double by_v = alpha * longer + beta * closer - keep * g_v, by_n = beta * longer - alpha * closer - keep * g_n;
    return (way_back){keep, by_n / side, by_v - by_n * alpha / beta};
}

/* g_v, g_way and g_z (n): dy's products with v, the way out, and z */
static void project_gradient(const kedge_node *self, const double *v, const double *way, double *g_v, double *g_way,
                             double *g_z)
{
    const kedge_node *z = self->in[0];
    int n = kedge_node_columns(self);
    for (int i = 0; i < n; i++) g_v[i] = g_way[i] = g_z[i] = 0;
    for (int k = 0; k < z->rows; k++) {
        const float *dy = kedge_row(self->grad, self, k), *row = kedge_row(z->val, z, k);
        for (int i = 0; i < n; i++) {
            g_v[i] += v[k] * (double)dy[i];
            g_way[i] += way[k] * (double)dy[i];
            g_z[i] += (double)row[i] * (double)dy[i];
        }
    }
}

static void backward(kedge_node *self)
{
    const attributes *own = self->attributes;
    kedge_node *z = self->in[0];
    const double *v = own->v, *way = v + z->rows;
    int n = kedge_node_columns(self);
    bool accumulate;
    float *dz = kedge_node_grad(z, &accumulate);
    if (!dz) return;
    double *across;
    kedge_alignment at = kedge_align(z, v, &across);
    double *g_v = across + n, *g_way = across + 2 * n, *g_z = across + 3 * n;
    double *keep = g_v, *back = g_way, *along = g_z; /* each column's are read before they are written over */
    measure_across(z, v, at.dot, across);
    project_gradient(self, v, way, g_v, g_way, g_z);
    for (int i = 0; i < n; i++) {
        way_back by = {1, 0, 0};
        if (at.alpha[i] > own->turn.from) {
            double g_n = across[i] > 0 ? (g_z[i] - at.dot[i] * g_v[i]) / across[i] : 0;
            by = turned_back(&own->turn, at.length[i], at.alpha[i], across[i], g_v[i], g_n, g_way[i]);
        }
        keep[i] = by.keep;
        back[i] = by.back;
        along[i] = by.along;
    }
    for (int k = 0; k < z->rows; k++) {
        const float *row = kedge_row(z->val, z, k), *dy = kedge_row(self->grad, self, k);
        float *to = kedge_row(dz, z, k);
        for (int i = 0; i < n; i++)
            to[i] = (accumulate ? to[i] : 0) +
                    (float)(keep[i] * (double)dy[i] + back[i] * (double)row[i] + along[i] * v[k]);
    }
}

kedge_node *kedge_repel(kedge_node *z, const double *v, const double *way, const kedge_turn *turn)
{
    if (!z) return NULL;
    size_t rows = (size_t)z->rows, size = sizeof(attributes) + 2 * rows * sizeof(double);
    attributes *own = kedge_arena_alloc(&z->graph->arena, 1, size);
    if (!own) return kedge_graph_error(z->graph, kedge_fail_memory("a node"));
    own->turn = *turn;
    memcpy(own->v, v, rows * sizeof *v);
    memcpy(own->v + rows, way, rows * sizeof *way);
    return kedge_graph_add(&kedge_op_repel, own, size, 1, &z);
}

const kedge_op kedge_op_repel = {
    .name = "repel",
    .n_in = 1,
    .backward_reads = KEDGE_READS_INPUTS,
    .shape = shape,
    .forward = forward,
    .backward = backward,
};
