/* What the training loop computes: batches, losses and updates, against double. */
#include "training_fixture.h"

/* The batch of the present step, as the trainer drew it. */
typedef struct batch {
    ref_pass pass;
    double labels[MOST_LABELS][REF_BATCH];
} batch;

/* Checks that the inputs, targets and soft labels are those of the drawn points, and copies them. */
static void read_batch(const fixture *f, batch *b)
{
    const kedge_trainer *t = f->trainer;
    const kedge_dataset *d = f->dataset;
    b->pass.n = t->graph->live;
    for (int a = 0; a < b->pass.n; a++) {
        uint32_t point = t->index[a];
        assert_in_range(point, 0, (uintmax_t)d->points - 1);
        for (int j = 0; j < d->n_features; j++) {
            assert_true(t->input->val[j * t->input->ld + a] == d->features[j][point]);
            b->pass.x[a][j] = (double)d->features[j][point];
        }
        for (int j = 0; j < d->n_targets; j++) {
            assert_true(t->target->val[j * t->target->ld + a] == d->targets[j][point]);
            b->pass.target[a][j] = (double)d->targets[j][point];
        }
        for (int l = 0; l < f->n_labels; l++) {
            const kedge_node *row = t->objective.label_rows[l];
            float label = row ? row->val[a] : 0;
            if (row && f->labels[l].mode == KEDGE_LABEL_STOCHASTIC) assert_true(label == 0 || label == 1);
            if (row && f->labels[l].mode != KEDGE_LABEL_STOCHASTIC) assert_true(label == f->labels[l].soft[point]);
            b->labels[l][a] = (double)label;
        }
    }
}

static double loss_of(const fixture *f, const ref_model *model, batch *b, int step, double *values)
{
    const char *names[MOST_LABELS];
    double mixed[REF_BATCH];
    for (int l = 0; l < f->n_labels; l++) names[l] = f->labels[l].name;
    ref_forward(model, &b->pass);
    values[0] = ref_task(model, &b->pass);
    double loss = (f->training.task ? f->training.task[step] : 1) * values[0];
    for (int i = 0; i < f->n_terms; i++) {
        const kedge_term_options *term = &f->terms[i];
        ref_mix(term, f->n_labels, names, b->labels, b->pass.n, mixed);
        values[i + 1] = ref_term_at_site(model, &b->pass, term, term->labels.n ? mixed : NULL);
        loss += f->weights[step * f->n_terms + i] * values[i + 1];
    }
    return loss;
}

/* Adam in double (Kingma and Ba, algorithm 1). */
typedef struct optimizer {
    double m[REF_PARAMS], v[REF_PARAMS];
} optimizer;

static void update(const fixture *f, ref_model *model, batch *b, int step, optimizer *adam)
{
    static double gradient[REF_PARAMS];
    double values[MOST_TERMS + 1], h = 1e-6;
    for (int i = 0; i < model->n_params; i++) {
        double p = model->params[i];
        model->params[i] = p + h;
        double above = loss_of(f, model, b, step, values);
        model->params[i] = p - h;
        double below = loss_of(f, model, b, step, values);
        model->params[i] = p;
        gradient[i] = (above - below) / (2 * h);
    }
    for (int i = 0; i < model->n_params; i++) {
        adam->m[i] = 0.9 * adam->m[i] + 0.1 * gradient[i];
        adam->v[i] = 0.999 * adam->v[i] + 0.001 * gradient[i] * gradient[i];
        double m = adam->m[i] / (1 - pow(0.9, step + 1)), v = adam->v[i] / (1 - pow(0.999, step + 1));
        model->params[i] -= f->lr[step] * m / (sqrt(v) + 1e-8);
    }
}

static void assert_near_parameters(const fixture *f, const ref_model *model, int step)
{
    for (int t = 0; t < model->n_tensors; t++)
        for (int i = 0; i < model->tensors[t].count; i++) {
            double got = f->trainer->params.values[model->tensors[t].offset + (size_t)i];
            double want = model->params[model->tensors[t].first + i];
            if (!(fabs(got - want) <= 2e-4 * f->lr[step] * (step + 1)))
                fail_msg("after step %d: '%s'[%d] is %.9g, should be %.9g", step, model->tensors[t].name, i, got, want);
        }
}

/* What the loop tells at each step. */
typedef struct told {
    int n_terms;
    float values[64][MOST_TERMS + 1];
} told;

static kedge_status note(const kedge_step *step, void *payload)
{
    told *t = payload;
    memcpy(t->values[step->step], step->values, (size_t)(t->n_terms + 1) * sizeof(float));
    return KEDGE_OK;
}

/* Follows a run step by step in double: losses, then parameters. */
static void follow(fixture *f, uint64_t seed)
{
    static ref_model model;
    static batch b;
    static optimizer adam;
    told t = {.n_terms = f->n_terms};
    double values[MOST_TERMS + 1];
    memset(&adam, 0, sizeof adam);
    kedge_train_events events = {.step = note, .payload = &t};
    assert_int_equal(kedge_trainer_run(f->trainer, seed, &events), KEDGE_OK);
    float *end = parameters(f);
    kedge_params_draw(&f->trainer->params, seed);
    kedge_optimizer_clear(&f->trainer->optimizer);
    ref_model_read(&model, &f->model, f->dataset->n_features, f->dataset->n_targets, &f->trainer->params);
    for (int step = 0; step < f->steps; step++) {
        kedge_trainer_draw(f->trainer, seed, step);
        assert_int_equal(f->trainer->graph->live, kedge_sampler_size(f->sampler, step));
        read_batch(f, &b);
        loss_of(f, &model, &b, step, values);
        for (int i = 0; i <= f->n_terms; i++)
            if (!(fabs((double)t.values[step][i] - values[i]) <= 2e-4 * fmax(1e-3, fabs(values[i]))))
                fail_msg("step %d: loss part %d is %.9g, should be %.9g", step, i, (double)t.values[step][i],
                         values[i]);
        update(f, &model, &b, step, &adam);
        kedge_trainer_gradient(f->trainer, step);
        kedge_trainer_update(f->trainer, step);
        assert_near_parameters(f, &model, step);
    }
    assert_same_parameters(f, end); /* the parts of a step make the run */
    free(end);
}

static void a_usual_run(void **state)
{
    fixture *f = *state;
    add_the_usual(f);
    open_trainer(f, 0.01);
    follow(f, 3);
}

static void a_plain_model(void **state)
{
    fixture *f = *state;
    f->model.normalize = false;
    f->model.output = KEDGE_OUTPUT_SIGMOID;
    add_the_usual(f);
    open_trainer(f, 0.01);
    follow(f, 4);
}

static void the_last_batch_of_an_epoch(void **state)
{
    fixture *f = *state;
    f->data.epoch = 55; /* 24, 24, 7 */
    add_the_usual(f);
    open_trainer(f, 0.01);
    assert_int_equal(kedge_sampler_size(f->sampler, 2), 7);
    follow(f, 5);
}

static void batches_of_one(void **state)
{
    fixture *f = *state;
    f->data.batch = 1;
    add_the_usual(f);
    open_trainer(f, 0.01);
    follow(f, 6);
}

static void schedules_that_change(void **state)
{
    fixture *f = *state;
    add_the_usual(f);
    for (int i = 0; i < 3 * f->steps; i++) f->weights[i] = 0.02 * (1 + i % 17);
    open_trainer(f, 0.01);
    for (int i = 0; i < f->steps; i++) f->lr[i] = 0.01 * (i % 5 + 1);
    follow(f, 7);
}

static void a_task_that_yields(void **state)
{
    fixture *f = *state;
    double task[64];
    add_the_usual(f);
    open_trainer(f, 0.01);
    for (int i = 0; i < f->steps; i++) task[i] = i % 4 == 3 ? 0 : 1.5 - 0.5 * (i % 4);
    f->training.task = task;
    follow(f, 7);
}

static void weighted_points(void **state)
{
    fixture *f = *state;
    f->data.weight.text = "1 + r";
    add_the_usual(f);
    open_trainer(f, 0.01);
    follow(f, 8);
}

/* ---- targets of their own, from a table ---- */

static void write_table(const char *path)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("a,b,c\n", file);
    for (int i = 0; i < 40; i++) fprintf(file, "%d.5,%.2f,%.3f\n", i % 5 - 2, 0.25 * (i % 7), 0.1 * (i % 3) - 0.05 * i);
    fclose(file);
}

static void targets_of_their_own(void **state)
{
    static const char *const features[] = {"a", "b"}, *const targets[] = {"c"};
    fixture *f = *state;
    char path[] = "/tmp/kedge-trainer-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    write_table(path);
    f->data = (kedge_data_options){
        .kind = KEDGE_DATA_CSV, .file = path, .features = {2, features}, .targets = {1, targets}, .batch = 10};
    add_label(f, "red", "0.1 * b", KEDGE_LABEL_STOCHASTIC);
    unlink(path);
    add_term(f, "anchor", "anchor", (kedge_term_options){.at = {3, first_axis}, .labels = {1, red, whole}});
    open_trainer(f, 0.01);
    assert_ptr_not_equal(f->trainer->target, f->trainer->input);
    follow(f, 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_usual_run),
        TEST(a_plain_model),
        TEST(the_last_batch_of_an_epoch),
        TEST(batches_of_one),
        TEST(schedules_that_change),
        TEST(a_task_that_yields),
        TEST(weighted_points),
        TEST(targets_of_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
