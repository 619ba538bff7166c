/* surgery_probe.c - a site's dims and the loss, over data. */
#include "steer/surgery_probe.h"

#include <math.h>
#include <string.h>

#include "base/float_state.h"
#include "steer/surgery_walk.h"

static kedge_node *find_site(kedge_node *node, const char *site, void *payload)
{
    kedge_probe *probe = payload;
    if (strcmp(site, probe->name) != 0) return node;
    kedge_node *source = kedge_walk_source(node);
    kedge_graph_keep(source);
    probe->site = node;
    probe->source = source;
    return node;
}

kedge_status kedge_probe_init(kedge_probe *probe, kedge_context *ctx, const kedge_model_options *model,
                              kedge_params *params, const kedge_dataset *dataset, const char *site)
{
    *probe = (kedge_probe){.name = site};
    return kedge_evaluator_create(&probe->evaluator, ctx, model, params, dataset, find_site, probe);
}

void kedge_probe_release(kedge_probe *probe)
{
    kedge_evaluator_free(probe->evaluator);
    *probe = (kedge_probe){0};
}

/* The n points from 'from' on through the model. */
static void pass(kedge_probe *probe, int from, int n)
{
    const kedge_dataset *dataset = probe->evaluator->dataset;
    kedge_node *input = probe->evaluator->input;
    kedge_float_state state = kedge_float_enter();
    for (int j = 0; j < dataset->n_features; j++)
        memcpy(input->val + (size_t)j * (size_t)input->ld, dataset->features[j] + from, (size_t)n * sizeof(float));
    kedge_graph_forward(probe->evaluator->graph, n, 0);
    kedge_float_leave(state);
}

kedge_status kedge_probe_measure(kedge_probe *probe, kedge_surgery_report *report, int *peak)
{
    int points = probe->evaluator->dataset->points, batch = probe->evaluator->graph->batch;
    double sum = 0, squares = 0, least = INFINITY, most = -INFINITY, greatest = -INFINITY;
    *peak = 0;
    for (int from = 0; from < points; from += batch) {
        int n = points - from < batch ? points - from : batch;
        pass(probe, from, n);
        const float *u = probe->source->val + (size_t)report->dim * (size_t)probe->source->ld;
        const float *z = probe->site->val + (size_t)report->dim * (size_t)probe->site->ld;
        for (int s = 0; s < n; s++) {
            double value = (double)u[s];
            if (!isfinite(value) || !isfinite(z[s]))
                return kedge_fail(KEDGE_ENUMERIC, "dim %d of site '%s' is not finite at point %d of the data; the "
                                  "model cannot be measured", report->dim, probe->name, from + s);
            sum += value;
            squares += value * value;
            least = fmin(least, value);
            most = fmax(most, value);
            if ((double)z[s] <= greatest) continue;
            greatest = (double)z[s];
            *peak = from + s;
        }
    }
    report->rms = sqrt(squares / points);
    report->mean = sum / points;
    report->least = least;
    report->most = most;
    report->peak_before = greatest;
    return KEDGE_OK;
}

double kedge_probe_at(kedge_probe *probe, int dim, int point)
{
    pass(probe, point, 1);
    return (double)probe->site->val[(size_t)dim * (size_t)probe->site->ld];
}

static double clamp(double x)
{
    return x < 0 ? 0 : x > 1 ? 1 : x;
}

double kedge_probe_loss(kedge_probe *probe)
{
    const kedge_dataset *dataset = probe->evaluator->dataset;
    bool colours = dataset->is_colour && dataset->targets == dataset->features;
    kedge_evaluator_run(probe->evaluator);
    const float *output = probe->evaluator->outputs;
    double sum = 0;
    for (int i = 0; i < dataset->points; i++)
        for (int j = 0; j < dataset->n_targets; j++) {
            double y = (double)*output++, difference = (colours ? clamp(y) : y) - (double)dataset->targets[j][i];
            sum += difference * difference;
        }
    double loss = sum / ((double)dataset->points * dataset->n_targets);
    return isnan(loss) ? INFINITY : loss;
}
