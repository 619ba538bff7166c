/* path.c - edits of a unit latent by its alignment. */
#include "certify/path.h"

#include <math.h>
#include <string.h>

#include "ops/ops.h"
#include "steer/edit_direction.h"

/* Added to every range that is found by calculus: 2^-43 of numbers that are at most a few. */
static const double rounding = 0x1p-40;

/* ---- values ---- */

static double share(const kedge_path *path, double c)
{
    /* At the point where the edit begins the share may jump: what counts is its limit from above. */
    double a = path->from, p = path->edit->power, t = fmin(1, fmax(0, (c - a) / (1 - a)));
    return path->edit->strength * (p == 0 ? 1 : pow(t, p));
}

static kedge_turn turn_of(const kedge_path *path)
{
    return (kedge_turn){path->from, kedge_cos_degrees(path->edit->to), path->edit->map == KEDGE_MAP_BEZIER};
}

static double turned(const kedge_path *path, double c, double *slope)
{
    kedge_turn turn = turn_of(path);
    double m = kedge_turn_at(&turn, fmin(1, c), slope);
    return fmin(1, fmax(0, m));
}

void kedge_path_at(const kedge_path *path, double sign, double angle, double at[KEDGE_PATH_PARTS])
{
    double c = cos(angle), s = sin(angle);
    at[KEDGE_PATH_COS] = c;
    at[KEDGE_PATH_SIN] = s;
    at[KEDGE_PATH_A] = c;
    at[KEDGE_PATH_B] = s;
    switch (path->kind) {
    case KEDGE_PATH_SUPPRESS: at[KEDGE_PATH_A] = c * (1 - share(path, c)); break;
    case KEDGE_PATH_REPEL: {
        double m = turned(path, c, NULL);
        at[KEDGE_PATH_A] = m;
        at[KEDGE_PATH_B] = sqrt((1 - m) * (1 + m));
        break;
    }
    case KEDGE_PATH_ADD: at[KEDGE_PATH_A] = c + sign * path->edit->strength; break;
    case KEDGE_PATH_ZERO: at[KEDGE_PATH_A] = 0; break;
    case KEDGE_PATH_REFLECT: at[KEDGE_PATH_A] = -c; break;
    default: at[KEDGE_PATH_A] = 0, at[KEDGE_PATH_B] = 1; break;
    }
}

/* ---- how far from the chord ---- */

static kedge_range add(kedge_range a, kedge_range b)
{
    return (kedge_range){a.low + b.low, a.high + b.high};
}

static kedge_range times(double k, kedge_range a)
{
    return k < 0 ? (kedge_range){k * a.high, k * a.low} : (kedge_range){k * a.low, k * a.high};
}

/* How far a concave function may be above its chord over a width: at most where the tangents at both ends meet,
 * which is no higher than width/4 times the difference of their slopes; and no further than a monotone function
 * rises. A convex one is as far below. */
static double gap(double width, double slope_a, double slope_b, double rise)
{
    double tangents = width / 4 * fabs(slope_a - slope_b);
    return (tangents < fabs(rise) ? tangents : fabs(rise)) + rounding;
}

/* t^q over [t0,t1] in [0,1] against its chord. */
static kedge_range power_gap(double q, double t0, double t1)
{
    if (q == 0 || q == 1 || t1 <= t0) return (kedge_range){0, 0};
    double most = gap(t1 - t0, q * pow(t0, q - 1), q * pow(t1, q - 1), pow(t1, q) - pow(t0, q));
    return q > 1 ? (kedge_range){-most, 0} : (kedge_range){0, most};
}

/* A(c) = c - b c t^p with t = (c - a)/(1 - a), so c = a + (1 - a) t and A = c - b (a t^p + (1 - a) t^(p+1)).
 * 'cosine' is how far cos is from the chord that the other parts are measured against. */
static kedge_range suppress_gap(const kedge_path *path, const double a_ends[2], double c0, double c1,
                                kedge_range cosine)
{
    double a = path->from, b = path->edit->strength, p = path->edit->power;
    double t0 = fmin(1, fmax(0, (c0 - a) / (1 - a))), t1 = fmin(1, fmax(0, (c1 - a) / (1 - a)));
    double slope = c1 > c0 ? (a_ends[1] - a_ends[0]) / (c1 - c0) : 1;
    if (p == 0) return times(1 - b, cosine);
    kedge_range bent = add(times(-b * a, power_gap(p, t0, t1)), times(-b * (1 - a), power_gap(p + 1, t0, t1)));
    return add(bent, times(slope, cosine));
}

/* The turned cosine m(c) is a line or concave; B = sqrt(1 - m^2) is concave in m. */
static void repel_gap(const kedge_path *path, double c0, double c1, kedge_range cosine, kedge_range *a, kedge_range *b)
{
    double s0, s1, m0 = turned(path, c0, &s0), m1 = turned(path, c1, &s1);
    double slope = c1 > c0 ? (m1 - m0) / (c1 - c0) : 1;
    double bent = path->edit->map == KEDGE_MAP_BEZIER ? gap(c1 - c0, s0, s1, m1 - m0) : 0;
    *a = add(times(slope, cosine), (kedge_range){0, bent});
    double b0 = sqrt((1 - m0) * (1 + m0)), b1 = sqrt((1 - m1) * (1 + m1));
    double sink = m1 > m0 ? (b1 - b0) / (m1 - m0) : 0;
    double steep0 = b0 > 0 ? m0 / b0 : 1e300, steep1 = b1 > 0 ? m1 / b1 : 1e300;
    *b = add(times(sink, *a), (kedge_range){0, gap(m1 - m0, steep0, steep1, b1 - b0)});
}

/* Lines are moved to the middle of what they may be off. */
static void centre(kedge_arc *arc, const kedge_range off[KEDGE_PATH_PARTS], const kedge_range change[2])
{
    double middle[KEDGE_PATH_PARTS];
    for (int i = 0; i < KEDGE_PATH_PARTS; i++) {
        middle[i] = (off[i].low + off[i].high) / 2;
        arc->at[i][0] += middle[i];
        arc->at[i][1] += middle[i];
        arc->off[i] = (off[i].high - off[i].low) / 2 + rounding;
    }
    for (int i = 0; i < 2; i++) {
        double moved = middle[KEDGE_PATH_A + i] - middle[KEDGE_PATH_COS + i];
        arc->off_change[i] = fmax(fabs(change[i].low - moved), fabs(change[i].high - moved)) + rounding;
    }
}

/* cos and sin are concave on [0, pi/2] with |f''| = f: above their chords by at most f_max width^2/8. */
void kedge_path_arc(const kedge_path *path, double sign, double from, double to, kedge_arc *arc)
{
    double ends[2][KEDGE_PATH_PARTS], width = to - from;
    kedge_path_at(path, sign, from, ends[0]);
    kedge_path_at(path, sign, to, ends[1]);
    for (int i = 0; i < KEDGE_PATH_PARTS; i++) arc->at[i][0] = ends[0][i], arc->at[i][1] = ends[1][i];
    double c1 = ends[0][KEDGE_PATH_COS], c0 = ends[1][KEDGE_PATH_COS]; /* c0 <= c1 */
    const double a_ends[2] = {ends[1][KEDGE_PATH_A], ends[0][KEDGE_PATH_A]};
    kedge_range none = {0, 0}, off[KEDGE_PATH_PARTS], change[2] = {none, none};
    off[KEDGE_PATH_COS] = (kedge_range){0, c1 * width * width / 8};
    off[KEDGE_PATH_SIN] = (kedge_range){0, ends[1][KEDGE_PATH_SIN] * width * width / 8};
    off[KEDGE_PATH_A] = none;
    off[KEDGE_PATH_B] = off[KEDGE_PATH_SIN];
    switch (path->kind) {
    case KEDGE_PATH_SUPPRESS: off[KEDGE_PATH_A] = suppress_gap(path, a_ends, c0, c1, off[KEDGE_PATH_COS]); break;
    case KEDGE_PATH_REPEL: repel_gap(path, c0, c1, off[KEDGE_PATH_COS], &off[KEDGE_PATH_A], &off[KEDGE_PATH_B]); break;
    case KEDGE_PATH_ADD: off[KEDGE_PATH_A] = off[KEDGE_PATH_COS]; break;
    case KEDGE_PATH_REFLECT: off[KEDGE_PATH_A] = times(-1, off[KEDGE_PATH_COS]); break;
    case KEDGE_PATH_ABLATE: off[KEDGE_PATH_B] = none; break;
    default: break;
    }
    if (path->kind == KEDGE_PATH_SUPPRESS && path->edit->power == 0)
        change[0] = times(-path->edit->strength, off[KEDGE_PATH_COS]);
    else if (path->kind != KEDGE_PATH_ADD)
        change[0] = add(off[KEDGE_PATH_A], times(-1, off[KEDGE_PATH_COS]));
    if (path->kind == KEDGE_PATH_REPEL || path->kind == KEDGE_PATH_ABLATE)
        change[1] = add(off[KEDGE_PATH_B], times(-1, off[KEDGE_PATH_SIN]));
    centre(arc, off, change);
}

void kedge_path_corner(double from, double to, kedge_arc *arc)
{
    const kedge_range none = {0, 0}, cosine = {-KEDGE_CORNER * KEDGE_CORNER / 2, 0}, sine = {0, KEDGE_CORNER};
    const kedge_range off[KEDGE_PATH_PARTS] = {cosine, sine, none, none};
    const kedge_range change[2] = {times(-1, cosine), times(-1, sine)};
    *arc = (kedge_arc){.at = {{1, 1}, {0, 0}, {0, 0}, {from, to}}};
    centre(arc, off, change);
}

/* ---- from a plan ---- */

static kedge_status refuse(const kedge_plan_options *plan, const char *why)
{
    return kedge_fail(KEDGE_EUNSUPPORTED, "plan '%s' cannot be certified: %s", plan->name, why);
}

/* The edited dims first, the others behind them. */
static kedge_status take_dims(kedge_path *path, const kedge_plan_options *plan, const kedge_ints *dims)
{
    int k = path->n_latents, row = 0;
    bool edited[4096] = {false};
    for (int i = 0; i < dims->n; i++) {
        if (dims->at[i] < 0 || dims->at[i] >= k)
            return kedge_fail(KEDGE_EINVALID, "plan '%s': dim %lld; the latent has dims 0 to %d", plan->name,
                              (long long)dims->at[i], k - 1);
        if (edited[dims->at[i]])
            return kedge_fail(KEDGE_EINVALID, "plan '%s': dim %lld is named twice", plan->name, (long long)dims->at[i]);
        edited[dims->at[i]] = true;
        path->basis[row++ * k + dims->at[i]] = 1;
    }
    if (row == 0) return kedge_fail(KEDGE_EINVALID, "plan '%s': 'dims' is empty; must name at least one", plan->name);
    path->n_edited = row;
    path->both_signs = true;
    for (int j = 0; j < k; j++)
        if (!edited[j]) path->basis[row++ * k + j] = 1;
    return KEDGE_OK;
}

/* v and what is at right angles to it: the rows of the reflection that takes the first axis to v (or -v, turned
 * round). */
static kedge_status take_direction(kedge_path *path, const kedge_plan_options *plan, const kedge_reals *direction)
{
    int k = path->n_latents;
    double largest = 0, sum = 0, *v = path->basis;
    if (direction->n != k)
        return kedge_fail(KEDGE_EINVALID, "plan '%s': 'direction' has %d numbers; the latent has %d dims", plan->name,
                          direction->n, k);
    for (int j = 0; j < k; j++) largest = fmax(largest, fabs(direction->at[j]));
    if (largest == 0)
        return kedge_fail(KEDGE_EINVALID, "plan '%s': 'direction' is all 0; must have a number that is not",
                          plan->name);
    for (int j = 0; j < k; j++) sum += pow(direction->at[j] / largest, 2);
    for (int j = 0; j < k; j++) v[j] = direction->at[j] / largest / sqrt(sum);
    /* u = v + s e0, s the sign of v0; row i is e_i - 2 u_i u/|u|^2 = e_i - v_i u/(1 + |v0|), orthogonal to v */
    double s = v[0] < 0 ? -1 : 1, whole = 1 + fabs(v[0]);
    for (int i = 1; i < k; i++)
        for (int j = 0; j < k; j++)
            path->basis[i * k + j] = (i == j ? 1 : 0) - v[i] * (v[j] + (j == 0 ? s : 0)) / whole;
    path->n_edited = 1;
    return KEDGE_OK;
}

static kedge_status take_edit(kedge_path *path, const kedge_plan_options *plan, const kedge_edit_options *edit)
{
    const kedge_edit_kind *kind = kedge_edit_kinds[edit->kind];
    path->edit = edit;
    if (kind == &kedge_edit_zero && strcmp(edit->site, "pre-norm") == 0) {
        path->kind = KEDGE_PATH_ABLATE; /* what is left is scaled up just so */
        return take_dims(path, plan, &edit->dims);
    }
    if (strcmp(edit->site, "bottleneck") != 0)
        return refuse(plan, "it edits a site other than 'bottleneck', where the latent's length is known");
    if (kind == &kedge_edit_zero) {
        path->kind = KEDGE_PATH_ZERO;
        return take_dims(path, plan, &edit->dims);
    }
    path->kind = kind == &kedge_edit_suppress ? KEDGE_PATH_SUPPRESS
                 : kind == &kedge_edit_repel  ? KEDGE_PATH_REPEL : KEDGE_PATH_ADD;
    path->both_signs = path->kind == KEDGE_PATH_ADD;
    if (path->kind == KEDGE_PATH_ADD)
        path->longest = 1 + fabs(edit->strength);
    else
        path->from = kedge_cos_degrees(edit->from);
    if (path->from < 0) return refuse(plan, "'from' is more than 90 degrees; must be at most that");
    if (path->kind == KEDGE_PATH_SUPPRESS && fabs(1 - edit->strength) > 1) path->longest = 1 + edit->strength;
    return take_direction(path, plan, &edit->direction);
}

static kedge_status take_surgery(kedge_path *path, const kedge_plan_options *plan, const kedge_surgery_options *surgery)
{
    const char *name = kedge_surgery_kinds[surgery->kind]->variant.name;
    if (strcmp(surgery->site, "pre-norm") != 0 && strcmp(surgery->site, "bottleneck") != 0)
        return refuse(plan, "its surgery is not on the latent");
    if (strcmp(name, "ablate") == 0 || strcmp(name, "prune") == 0)
        path->kind = KEDGE_PATH_ABLATE;
    else if (strcmp(name, "reflect") == 0)
        path->kind = KEDGE_PATH_REFLECT;
    else
        return refuse(plan, "what its surgery puts in place of the dims depends on the latent's length before the "
                            "norm; ablate, prune and reflect can be");
    return take_dims(path, plan, &surgery->dims);
}

kedge_status kedge_path_init(kedge_path *path, kedge_arena *arena, const kedge_plan_options *plan,
                             const kedge_model_options *model)
{
    size_t k = (size_t)model->bottleneck;
    *path = (kedge_path){.n_latents = (int)k, .longest = 1};
    if (!model->normalize)
        return refuse(plan, "the model's latents are not normalized, so that no alignment bounds what an edit moves");
    if (plan->n_steps != 1) return refuse(plan, "it is not a single edit or surgery");
    path->basis = kedge_arena_alloc(arena, k * k, sizeof *path->basis);
    if (!path->basis) return kedge_fail_memory("a certificate");
    const kedge_plan_step *step = &plan->steps[0];
    return step->is_surgery ? take_surgery(path, plan, &step->surgery) : take_edit(path, plan, &step->edit);
}
