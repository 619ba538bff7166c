/* ledger_fixture.h - a run whose ledger is looked at step by step, and the gradients of all parts in double. */
#ifndef TRAIN_LEDGER_FIXTURE_H
#define TRAIN_LEDGER_FIXTURE_H

#include "training_fixture.h"

#include "train/ledger.h"

static const int64_t two_layers[] = {6, 5};

/* What one moment looks like in double. */
typedef struct moment {
    int n, live, width;        /* parts, samples, dims of the site */
    ref_rows gradients[MOST_TERMS + 1];
    double labels[MOST_TERMS][REF_BATCH];
} moment;

typedef struct watch {
    fixture *f;
    kedge_ledger *ledger;
    void (*check)(struct watch *w, const kedge_step *step);
    int taken;
} watch;

/* The activation that the ledger's site has, in a pass of the reference. */
static inline ref_rows *activation_of(ref_pass *pass, const char *site)
{
    int layer;
    if (sscanf(site, "encoder.%d", &layer) == 1) return &pass->hidden[0][layer];
    return &pass->pre_norm;
}

/* The pass from that activation on. */
static inline void forward_from(const ref_model *model, ref_pass *pass, const char *site)
{
    int layers = model->options->hidden.n + 1, layer = layers, k = (int)model->options->bottleneck;
    if (sscanf(site, "encoder.%d", &layer) == 1) layer++;
    for (; layer < layers; layer++) {
        bool last = layer == layers - 1;
        ref_rows *to = last ? &pass->pre_norm : &pass->hidden[0][layer];
        int width = ref_linear(model, layer, pass->n, pass->hidden[0][layer - 1], *to);
        for (int a = 0; a < pass->n && !last; a++)
            for (int j = 0; j < width; j++) (*to)[a][j] = ref_activation(model->options->activation, (*to)[a][j]);
    }
    if (model->options->normalize) ref_normalize(pass->n, k, pass->pre_norm, pass->bottleneck);
    else memcpy(pass->bottleneck, pass->pre_norm, sizeof pass->bottleneck);
    ref_half(model, 1, pass, pass->bottleneck, pass->y);
    for (int a = 0; a < pass->n && model->options->output == KEDGE_OUTPUT_SIGMOID; a++)
        for (int j = 0; j < model->n_out; j++) pass->y[a][j] = 1 / (1 + exp(-pass->y[a][j]));
}

/* Weighted losses of all parts, from the site's activation on. */
static inline void losses(const watch *w, const ref_model *model, ref_pass *pass, const moment *m,
                          const kedge_step *step, double *out)
{
    const fixture *f = w->f;
    forward_from(model, pass, w->ledger->site_name);
    out[0] = step->task * ref_task(model, pass);
    for (int i = 0; i < f->n_terms; i++)
        out[i + 1] = step->weights[i] * ref_term_at_site(model, pass, &f->terms[i],
                                                         f->terms[i].labels.n ? m->labels[i] : NULL);
}

static inline void read_batch(const fixture *f, ref_pass *pass, moment *m)
{
    const kedge_trainer *t = f->trainer;
    double rows[MOST_LABELS][REF_BATCH];
    const char *names[MOST_LABELS];
    m->live = pass->n = t->graph->live;
    for (int a = 0; a < pass->n; a++) {
        for (int j = 0; j < 3; j++) {
            pass->x[a][j] = (double)t->input->val[j * t->input->ld + a];
            pass->target[a][j] = (double)t->target->val[j * t->target->ld + a];
        }
        for (int l = 0; l < f->n_labels; l++)
            rows[l][a] = t->objective.label_rows[l] ? (double)t->objective.label_rows[l]->val[a] : 0;
    }
    for (int l = 0; l < f->n_labels; l++) names[l] = f->labels[l].name;
    for (int i = 0; i < f->n_terms; i++) ref_mix(&f->terms[i], f->n_labels, names, rows, pass->n, m->labels[i]);
}

/* The gradients of all parts by central differences. */
static inline void differentiate(const watch *w, const kedge_step *step, moment *m)
{
    static ref_model model;
    static ref_pass pass;
    const fixture *f = w->f;
    double above[MOST_TERMS + 1], below[MOST_TERMS + 1], h = 1e-6;
    ref_model_read(&model, &f->model, 3, 3, &f->trainer->params);
    read_batch(f, &pass, m);
    ref_forward(&model, &pass);
    m->n = f->n_terms + 1;
    m->width = w->ledger->site->rows;
    ref_rows *u = activation_of(&pass, w->ledger->site_name);
    for (int a = 0; a < m->live; a++)
        for (int k = 0; k < m->width; k++) {
            double at = (*u)[a][k];
            (*u)[a][k] = at + h;
            losses(w, &model, &pass, m, step, above);
            (*u)[a][k] = at - h;
            losses(w, &model, &pass, m, step, below);
            (*u)[a][k] = at;
            for (int j = 0; j < m->n; j++) m->gradients[j][a][k] = (above[j] - below[j]) / (2 * h);
        }
}

static inline double dot_of(const moment *m, int a, int b)
{
    double sum = 0;
    for (int s = 0; s < m->live; s++) sum += ref_dot(m->width, m->gradients[a][s], m->gradients[b][s]);
    return sum;
}

/* ---- running one ---- */

static inline kedge_status take(const kedge_step *step, void *payload)
{
    watch *w = payload;
    if (step->step % 5 != 0) return KEDGE_OK;
    kedge_ledger_take(w->ledger, step);
    w->check(w, step);
    w->taken++;
    return KEDGE_OK;
}

/* Runs seed 3 and has 'check' look at the ledger at every fifth step. */
static inline void look(fixture *f, void (*check)(watch *w, const kedge_step *step))
{
    watch w = {.f = f, .check = check};
    kedge_train_events events = {.step = take, .payload = &w};
    assert_int_equal(kedge_ledger_create(&w.ledger, f->trainer), KEDGE_OK);
    assert_int_equal(kedge_trainer_run(f->trainer, 3, &events), KEDGE_OK);
    assert_int_equal(w.taken, (f->steps + 4) / 5);
    kedge_ledger_free(w.ledger);
}

static inline bool active(const kedge_step *step, int part)
{
    return part == 0 ? step->task != 0 : kedge_step_active(step, part - 1);
}

static inline void assert_near(const watch *w, const kedge_step *step, const char *what, int a, int b, double got,
                               double want, double bound)
{
    const char *left = a ? w->f->terms[a - 1].name : "task", *right = b ? w->f->terms[b - 1].name : "task";
    if (!(fabs(got - want) <= bound))
        fail_msg("step %d: %s of '%s' and '%s' is %.9g, should be %.9g", step->step, what, left, right, got, want);
}

#endif
