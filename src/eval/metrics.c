/* metrics.c - the one list of metrics. METHOD section 8. Scores are computed in double. */
#include <math.h>
#include <string.h>

#include "data/colour.h"
#include "eval/metrics.h"

static bool always(const kedge_metric_input *input, int term)
{
    (void)input, (void)term;
    return true;
}

static double clamp(double x)
{
    return x < 0 ? 0 : x > 1 ? 1 : x;
}

/* Mean over points and targets of (output - target)^2; colours are clamped first, as they would be shown. */
static double reconstruction(const kedge_metric_input *input, int term)
{
    (void)term;
    const kedge_evaluator *evaluator = input->test;
    const kedge_dataset *dataset = evaluator->dataset;
    bool colours = dataset->is_colour && dataset->targets == dataset->features;
    double sum = 0;
    for (int i = 0; i < dataset->points; i++)
        for (int j = 0; j < dataset->n_targets; j++) {
            double y = (double)evaluator->outputs[(size_t)i * (size_t)dataset->n_targets + (size_t)j];
            double difference = (colours ? clamp(y) : y) - (double)dataset->targets[j][i];
            sum += difference * difference;
        }
    return sum / ((double)dataset->points * dataset->n_targets);
}

/* Whether the point carries one of the term's labels for certain. */
static bool carries(const kedge_metric_input *input, const kedge_term_options *term, int point)
{
    for (int a = 0; a < term->labels.n; a++)
        for (int l = 0; l < input->n_labels; l++)
            if (strcmp(input->labels[l].name, term->labels.names[a]) == 0 && term->labels.values[a] > 0 &&
                input->labels[l].exact[point])
                return true;
    return false;
}

/* Whether the term's site is the bottleneck, be it under the name of pre-norm; an angle is the same before the norm. */
static bool acts_on_latents(const kedge_metric_input *input, const kedge_term_options *term)
{
    const kedge_graph *graph = input->evaluator->graph;
    const kedge_site *site = kedge_graph_find_site(graph, term->site), *latent = kedge_graph_find_site(graph,
        "bottleneck");
    bool angle = term->metric == KEDGE_METRIC_ANGULAR && strcmp(term->site, "pre-norm") == 0;
    return site && latent && (site->node == latent->node || (angle && term->at.n > 0));
}

static bool is_labelled(const kedge_metric_input *input, int term, const char *kind)
{
    const kedge_term_options *options = &input->terms[term];
    return strcmp(kedge_term_kinds[options->kind]->variant.name, kind) == 0 && options->labels.n > 0 &&
           acts_on_latents(input, options);
}

static bool is_anchor(const kedge_metric_input *input, int term)
{
    return is_labelled(input, term, "anchor");
}

static bool is_subspace(const kedge_metric_input *input, int term)
{
    return is_labelled(input, term, "subspace");
}

/* Mean over the exact carriers of 'of' their latent vector. */
static double mean_over_carriers(const kedge_metric_input *input, int term,
                                 double (*of)(const kedge_term_options *, const float *z, int k))
{
    const kedge_evaluator *evaluator = input->evaluator;
    const kedge_term_options *options = &input->terms[term];
    double sum = 0;
    int n = 0;
    for (int i = 0; i < evaluator->dataset->points; i++)
        if (carries(input, options, i)) {
            sum += of(options, evaluator->latents + (size_t)i * (size_t)evaluator->n_latents, evaluator->n_latents);
            n++;
        }
    return n > 0 ? sum / n : NAN;
}

static double angle_loss(const kedge_term_options *options, const float *z, int k)
{
    double dot = 0, zz = 0, pp = 0;
    for (int j = 0; j < k; j++) {
        double p = options->at.at[j], x = (double)z[j];
        dot += p * x, zz += x * x, pp += p * p;
    }
    return zz > 0 ? 1 - dot / sqrt(zz * pp) : NAN;
}

static double outside(const kedge_term_options *options, const float *z, int k)
{
    double sum = 0;
    for (int j = 0; j < k; j++) {
        bool kept = false;
        for (int d = 0; d < options->dims.n; d++) kept |= options->dims.at[d] == j;
        if (!kept) sum += (double)z[j] * (double)z[j];
    }
    return sum;
}

static double anchor_loss(const kedge_metric_input *input, int term)
{
    return mean_over_carriers(input, term, angle_loss);
}

static double subspace_loss(const kedge_metric_input *input, int term)
{
    return mean_over_carriers(input, term, outside);
}

/* ---- the colour wheel: the 12 pure hues in the plane of z0 and z1 ---- */

static bool has_wheel(const kedge_metric_input *input, int term)
{
    (void)term;
    return input->evaluator->dataset->is_colour && input->evaluator->n_latents >= 2;
}

typedef struct wheel {
    double x[KEDGE_NAMED_HUES], y[KEDGE_NAMED_HUES], length[KEDGE_NAMED_HUES];
} wheel;

static wheel turn(const kedge_metric_input *input)
{
    enum { MAX_LATENTS = 4096 };
    kedge_evaluator *evaluator = input->evaluator;
    wheel w = {0};
    for (int i = 0; i < KEDGE_NAMED_HUES; i++) {
        float z[MAX_LATENTS];
        kedge_rgb c = kedge_rgb_from_hsv(kedge_named_colours[i].hsv);
        kedge_evaluator_apply(evaluator, 1, (float[]){(float)c.r, (float)c.g, (float)c.b}, z, NULL);
        w.x[i] = (double)z[0], w.y[i] = (double)z[1];
        for (int k = 0; k < evaluator->n_latents; k++) w.length[i] += (double)z[k] * (double)z[k];
        w.length[i] = sqrt(w.length[i]);
    }
    return w;
}

/* The angle from hue i to the next, in degrees, in (-180, 180]. */
static double gap(const wheel *w, int i)
{
    int j = (i + 1) % KEDGE_NAMED_HUES;
    double cross = w->x[i] * w->y[j] - w->y[i] * w->x[j], dot = w->x[i] * w->x[j] + w->y[i] * w->y[j];
    return atan2(cross, dot) * 180 / M_PI;
}

static double wheel_ordered(const kedge_metric_input *input, int term)
{
    (void)term;
    wheel w = turn(input);
    double sum = 0;
    int forward = 0;
    for (int i = 0; i < KEDGE_NAMED_HUES; i++) {
        sum += gap(&w, i);
        forward += gap(&w, i) > 0;
    }
    return (forward == 0 || forward == KEDGE_NAMED_HUES) && fabs(fabs(sum) - 360) < 1e-6 ? 1 : 0;
}

static double wheel_worst_gap(const kedge_metric_input *input, int term)
{
    (void)term;
    wheel w = turn(input);
    double sum = 0, worst = 0;
    for (int i = 0; i < KEDGE_NAMED_HUES; i++) sum += gap(&w, i);
    for (int i = 0; i < KEDGE_NAMED_HUES; i++) /* the wheel may turn either way */
        worst = fmax(worst, fabs((sum < 0 ? -gap(&w, i) : gap(&w, i)) - 30));
    return worst;
}

static double wheel_radius(const kedge_metric_input *input, int term)
{
    (void)term;
    wheel w = turn(input);
    double sum = 0;
    for (int i = 0; i < KEDGE_NAMED_HUES; i++) sum += sqrt(w.x[i] * w.x[i] + w.y[i] * w.y[i]);
    return sum / KEDGE_NAMED_HUES;
}

static double red_cos(const kedge_metric_input *input, int term)
{
    (void)term;
    wheel w = turn(input);
    return w.length[0] > 0 ? w.x[0] / w.length[0] : NAN;
}

const kedge_metric kedge_metrics[] = {
    {"recon_mse", "mean squared error over the test set (colours clamped to [0,1])", false, always, reconstruction},
    {"anchor_", "mean of 1 - cos(z, at) over the points that carry the term's label for certain", true, is_anchor,
     anchor_loss},
    {"subspace_", "mean of the sum of z^2 outside the dims, over the points that carry the term's label for certain",
     true, is_subspace, subspace_loss},
    {"wheel_ordered", "1 if the 12 pure hues stand in cyclic order in the plane (z0, z1), either way round, else 0",
     false, has_wheel, wheel_ordered},
    {"wheel_worst_gap", "largest deviation of a gap between neighbouring hues from 30, in degrees", false, has_wheel,
     wheel_worst_gap},
    {"wheel_radius", "mean length of the 12 pure hues in the plane (z0, z1)", false, has_wheel, wheel_radius},
    {"red_cos", "z0 / |z| of pure red", false, has_wheel, red_cos},
    {NULL, NULL, false, NULL, NULL},
};

void kedge_measure(const kedge_metric_input *input,
                   void (*column)(const char *metric, const char *term, double value, void *payload), void *payload)
{
    for (const kedge_metric *metric = kedge_metrics; metric->name; metric++)
        for (int term = 0; term < (metric->per_term ? input->n_terms : 1); term++)
            if (metric->applies(input, term))
                column(metric->name, metric->per_term ? input->terms[term].name : NULL, metric->measure(input, term),
                       payload);
}
