/* lint_conflicts.c - pairs of terms that pull the same quantity in opposite directions. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "study/lint.h"

static const double ALIKE = 0.7; /* a cosine: directions nearer than 45 degrees */
static const double MOST = 0.5;  /* of a point's squared length */

/* Two terms, in either order. */
typedef struct pair {
    const kedge_term_options *a, *b;
} pair;

/* ---- where and on whom ---- */

static bool reaches(const kedge_term_options *term, const char *label)
{
    for (int i = 0; i < term->labels.n; i++)
        if (term->labels.values[i] > 0 && strcmp(term->labels.names[i], label) == 0) return true;
    return false;
}

/* Whom both act on, for messages; false: on nobody. A term without labels acts on all. */
static bool find_shared(const pair *p, char *text, size_t size)
{
    const kedge_term_options *labelled = p->a->labels.n > 0 ? p->a : p->b, *other = labelled == p->a ? p->b : p->a;
    snprintf(text, size, "all samples");
    if (labelled->labels.n == 0) return true;
    for (int i = 0; i < labelled->labels.n; i++) {
        if (!(labelled->labels.values[i] > 0)) continue;
        if (other->labels.n > 0 && !reaches(other, labelled->labels.names[i])) continue;
        snprintf(text, size, "samples labelled '%s'", labelled->labels.names[i]);
        return true;
    }
    return false;
}

/* Both are minimized, not maximized, at one step at least at which something is learned. */
static bool meet(const kedge_training *training, int i, int k)
{
    for (int step = 0; step < training->steps; step++) {
        const double *weights = training->weights + (size_t)step * (size_t)training->n_terms;
        if (weights[i] > 0 && weights[k] > 0 && training->lr[step] > 0) return true;
    }
    return false;
}

/* ---- what they pull at ---- */

static double cosine(const kedge_reals *a, const kedge_reals *b)
{
    double dot = 0, left = 0, right = 0;
    for (int i = 0; i < a->n && i < b->n; i++) {
        dot += a->at[i] * b->at[i];
        left += a->at[i] * a->at[i];
        right += b->at[i] * b->at[i];
    }
    return left > 0 && right > 0 ? dot / sqrt(left * right) : NAN;
}

static bool has_dim(const kedge_ints *dims, int64_t dim)
{
    for (int i = 0; i < dims->n; i++)
        if (dims->at[i] == dim) return true;
    return false;
}

/* Of the point's squared length, what lies in the dims. */
static double share_in(const kedge_reals *at, const kedge_ints *dims)
{
    double in = 0, all = 0;
    for (int i = 0; i < at->n; i++) {
        double square = at->at[i] * at->at[i];
        all += square;
        if (has_dim(dims, i)) in += square;
    }
    return all > 0 ? in / all : 0;
}

static bool is_kind(const kedge_term_options *term, const kedge_term_kind *kind)
{
    return kedge_term_kinds[term->kind] == kind;
}

/* Each writes what two terms fight for, if they do; 'whom' both act on. */

static bool anchor_and_anti_anchor(const pair *p, const char *whom, char *text, size_t size)
{
    double alike = cosine(&p->a->at, &p->b->at);
    if (!(alike > ALIKE)) return false;
    char number[32];
    kedge_real_format(number, sizeof number, "%.2f", alike);
    snprintf(text, size, "where %s point: one pulls them to its 'at', the other pushes them off (cosine %s)", whom,
             number);
    return true;
}

static bool two_anchors(const pair *p, const char *whom, char *text, size_t size)
{
    double alike = cosine(&p->a->at, &p->b->at);
    if (!(alike < ALIKE)) return false;
    char number[32];
    kedge_real_format(number, sizeof number, "%.2f", alike);
    snprintf(text, size, "where %s point: their 'at' lie apart (cosine %s)", whom, number);
    return true;
}

static bool subspace_and_anti_subspace(const pair *p, const char *whom, char *text, size_t size)
{
    for (int i = 0; i < p->a->dims.n; i++)
        if (!has_dim(&p->b->dims, p->a->dims.at[i])) return false;
    snprintf(text, size, "the dims of %s: one keeps them in dims that the other empties, so that none is left", whom);
    return true;
}

static bool anchor_and_anti_subspace(const pair *p, const char *whom, char *text, size_t size)
{
    double share = share_in(&p->a->at, &p->b->dims);
    if (!(share > MOST)) return false;
    snprintf(text, size, "the dims of %s: an 'at' has %.0f%% of its squared length in dims that the other empties",
             whom, 100 * share);
    return true;
}

static bool separate_inverse_and_unitarity(const pair *p, const char *whom, char *text, size_t size)
{
    (void)p;
    snprintf(text, size, "the length of %s: one grows it without end to set them apart, the other holds it at 1", whom);
    return true;
}

static const struct {
    const kedge_term_kind *a, *b;
    bool (*fights)(const pair *p, const char *whom, char *text, size_t size);
} rules[] = {
    {&kedge_term_anchor, &kedge_term_anti_anchor, anchor_and_anti_anchor},
    {&kedge_term_anchor, &kedge_term_anchor, two_anchors},
    {&kedge_term_subspace, &kedge_term_anti_subspace, subspace_and_anti_subspace},
    {&kedge_term_anchor, &kedge_term_anti_subspace, anchor_and_anti_subspace},
    {&kedge_term_separate_inverse, &kedge_term_unitarity, separate_inverse_and_unitarity},
};

/* ---- all pairs ---- */

static void check_pair(kedge_lint *lint, const kedge_training *training, int i, int k)
{
    const kedge_term_options *one = &training->terms[i], *two = &training->terms[k];
    char whom[128], what[512], left[32], right[32];
    if (strcmp(one->site, two->site) != 0 || !meet(training, i, k)) return;
    for (size_t r = 0; r < sizeof rules / sizeof *rules; r++) {
        bool forward = is_kind(one, rules[r].a) && is_kind(two, rules[r].b);
        bool backward = is_kind(two, rules[r].a) && is_kind(one, rules[r].b);
        if (!forward && !backward) continue;
        pair p = forward ? (pair){one, two} : (pair){two, one};
        if (!find_shared(&p, whom, sizeof whom) || !rules[r].fights(&p, whom, what, sizeof what)) continue;
        bool swapped = p.a == two;
        double ratio = lint->doses[swapped ? k : i].dose / lint->doses[swapped ? i : k].dose;
        kedge_real_format(left, sizeof left, "%.2g", ratio >= 1 ? ratio : 1);
        kedge_real_format(right, sizeof right, "%.2g", ratio >= 1 ? 1 : 1 / ratio);
        kedge_lint_warn(lint, KEDGE_WARNING_CONFLICT, "terms '%s' and '%s' fight over %s; their doses are as %s to %s",
                        p.a->name, p.b->name, what, left, right);
    }
}

void kedge_lint_conflicts(kedge_lint *lint, const kedge_training *training)
{
    for (int i = 0; i < training->n_terms; i++)
        for (int k = i + 1; k < training->n_terms; k++) check_pair(lint, training, i, k);
}
