/* monitor.c - anchors as monitors. */
#include "eval/monitor.h"

#include <math.h>
#include <string.h>

/* ---- ranks ---- */

/* Heap sort: qsort of the C library may allocate. Which of equal values comes first does not matter to ranks. */
static void sift(int *order, const double *values, int top, int n)
{
    int moved = order[top];
    for (int child; (child = 2 * top + 1) < n; top = child) {
        if (child + 1 < n && values[order[child + 1]] > values[order[child]]) child++;
        if (!(values[order[child]] > values[moved])) break;
        order[top] = order[child];
    }
    order[top] = moved;
}

void kedge_ranks(int n, const double *values, int *order, double *ranks)
{
    for (int i = 0; i < n; i++) order[i] = i;
    for (int top = n / 2 - 1; top >= 0; top--) sift(order, values, top, n);
    for (int last = n - 1; last > 0; last--) {
        int largest = order[0];
        order[0] = order[last];
        order[last] = largest;
        sift(order, values, 0, last);
    }
    for (int first = 0, end; first < n; first = end) {
        for (end = first + 1; end < n && !(values[order[end]] > values[order[first]]);) end++;
        for (int i = first; i < end; i++) ranks[order[i]] = (first + 1 + end) / 2.0;
    }
}

double kedge_rank_correlation(int n, const double *a, const double *b)
{
    double mean = (n + 1) / 2.0, aa = 0, bb = 0, ab = 0;
    for (int i = 0; i < n; i++) {
        aa += (a[i] - mean) * (a[i] - mean);
        bb += (b[i] - mean) * (b[i] - mean);
        ab += (a[i] - mean) * (b[i] - mean);
    }
    return aa > 0 && bb > 0 ? ab / sqrt(aa * bb) : NAN;
}

/* ---- one anchor ---- */

static const kedge_label *label_named(const char *name, int n_labels, const kedge_label *labels)
{
    for (int i = 0; labels && i < n_labels; i++)
        if (labels[i].name && strcmp(labels[i].name, name) == 0) return &labels[i];
    return NULL;
}

static bool has_labels(const kedge_term_options *term, int n_labels, const kedge_label *labels)
{
    for (int a = 0; a < term->labels.n; a++)
        if (term->labels.values[a] > 0 && !label_named(term->labels.names[a], n_labels, labels)) return false;
    return term->labels.n > 0;
}

/* The term's rate at every point; whether it differs. */
static bool mix_rates(const kedge_term_options *term, int n, int n_labels, const kedge_label *labels, double *rates)
{
    bool differs = false;
    for (int i = 0; i < n; i++) {
        double sum = 0;
        for (int a = 0; a < term->labels.n; a++) {
            const kedge_label *label = label_named(term->labels.names[a], n_labels, labels);
            if (label) sum += term->labels.values[a] * label->rate[i];
        }
        rates[i] = fmin(1, sum);
        differs |= rates[i] != rates[0];
    }
    return differs;
}

kedge_status kedge_monitor_init(kedge_monitor *monitor, kedge_arena *arena, const kedge_dataset *dataset,
                                const kedge_term_options *term, int n_labels, const kedge_label *labels)
{
    size_t n = (size_t)dataset->points;
    *monitor = (kedge_monitor){.term = term, .n = dataset->points};
    if (!has_labels(term, n_labels, labels)) return KEDGE_OK;
    kedge_status status = kedge_carriers_find(&monitor->carriers, arena, dataset, term, n_labels, labels);
    if (status) return status;
    monitor->rates = kedge_arena_alloc(arena, n, sizeof *monitor->rates);
    monitor->order = kedge_arena_alloc(arena, n, sizeof *monitor->order);
    monitor->cosines = kedge_arena_alloc(arena, n, sizeof *monitor->cosines);
    monitor->ranks = kedge_arena_alloc(arena, n, sizeof *monitor->ranks);
    if (!monitor->rates || !monitor->order || !monitor->cosines || !monitor->ranks)
        return kedge_fail_memory("the ranks of a label");
    monitor->has_auroc = monitor->carriers.n > 0 && monitor->carriers.n < monitor->n;
    monitor->has_rank = mix_rates(term, monitor->n, n_labels, labels, monitor->cosines);
    kedge_ranks(monitor->n, monitor->cosines, monitor->order, monitor->rates);
    return KEDGE_OK;
}

void kedge_monitor_read(kedge_monitor *self, const float *latents, int k, double *auroc, double *rank)
{
    *auroc = *rank = NAN;
    if (!self->has_auroc && !self->has_rank) return;
    for (int i = 0; i < self->n; i++) {
        self->cosines[i] = kedge_anchor_cosine(self->term, latents + (size_t)i * (size_t)k, k);
        if (isnan(self->cosines[i])) return;
    }
    kedge_ranks(self->n, self->cosines, self->order, self->ranks);
    if (self->has_rank) *rank = kedge_rank_correlation(self->n, self->ranks, self->rates);
    if (!self->has_auroc) return;
    double carriers = self->carriers.n, others = self->n - carriers, sum = 0;
    for (int i = 0; i < self->carriers.n; i++) sum += self->ranks[self->carriers.points[i]];
    *auroc = (sum - carriers * (carriers + 1) / 2) / (carriers * others); /* Mann and Whitney's U, as a share */
}

/* ---- between anchors ---- */

double kedge_crosstalk(const kedge_term_options *term, const kedge_carriers *carriers, const float *latents, int k,
                       double *mean)
{
    for (int j = 0; j < k; j++) mean[j] = 0;
    for (int i = 0; i < carriers->n; i++) {
        const float *z = latents + (size_t)carriers->points[i] * (size_t)k;
        double zz = 0;
        for (int j = 0; j < k; j++) zz += (double)z[j] * (double)z[j];
        if (!(zz > 0)) return NAN;
        for (int j = 0; j < k; j++) mean[j] += (double)z[j] / sqrt(zz);
    }
    double dot = 0, mm = 0, pp = 0;
    for (int j = 0; j < k; j++) {
        double p = term->at.at[j];
        dot += p * mean[j], mm += mean[j] * mean[j], pp += p * p;
    }
    return mm > 0 ? fabs(dot) / sqrt(mm * pp) : NAN;
}

bool kedge_carriers_equal(const kedge_carriers *a, const kedge_carriers *b)
{
    if (a->n != b->n) return false;
    for (int i = 0; i < a->n; i++)
        if (a->points[i] != b->points[i]) return false;
    return true;
}
