/* The training loop: what a run is a function of, how it ends, and what it leaves alone. */
#include "training_fixture.h"

#include <fenv.h>
#include <float.h>

static float *run(fixture *f, uint64_t seed)
{
    assert_int_equal(kedge_trainer_run(f->trainer, seed, NULL), KEDGE_OK);
    return parameters(f);
}

static void same_seed_same_bytes(void **state)
{
    fixture *f = *state;
    add_the_usual(f);
    open_trainer(f, 0.01);
    float *first = run(f, 7);
    float *other = run(f, 8); /* leaves nothing behind for the next */
    assert_int_equal(kedge_trainer_run(f->trainer, 7, NULL), KEDGE_OK);
    assert_same_parameters(f, first);
    close_trainer(f);
    open_trainer(f, 0.01);
    assert_int_equal(kedge_trainer_run(f->trainer, 7, NULL), KEDGE_OK);
    assert_same_parameters(f, first);
    free(first);
    free(other);
}

static void other_seed_other_bytes(void **state)
{
    fixture *f = *state;
    open_trainer(f, 0.01);
    static const uint64_t seeds[] = {0, 1, 2, 1ull << 32, 1ull << 63};
    float *results[5];
    for (int i = 0; i < 5; i++) {
        results[i] = run(f, seeds[i]);
        for (int j = 0; j < i; j++)
            assert_memory_not_equal(results[i], results[j], f->trainer->params.size * sizeof(float));
    }
    for (int i = 0; i < 5; i++) free(results[i]);
}

static void labels_belong_to_the_seed(void **state)
{
    fixture *f = *state;
    add_the_usual(f);
    f->steps = 50;
    open_trainer(f, 0.01);
    free(run(f, 7));
    double drawn = f->trainer->drawn[0], soft = f->trainer->drawn[1];
    assert_true(drawn > 0 && soft > 0);
    free(run(f, 7));
    assert_true(f->trainer->drawn[0] == drawn && f->trainer->drawn[1] == soft);
}

static void the_loss_falls(void **state)
{
    fixture *f = *state;
    f->steps = 300;
    open_trainer(f, 0.01);
    kedge_params_draw(&f->trainer->params, 1);
    kedge_trainer_draw(f->trainer, 1, 0);
    kedge_trainer_gradient(f->trainer, 0);
    float before = f->trainer->graph->roots[0]->val[0];
    free(run(f, 1));
    kedge_trainer_draw(f->trainer, 1, 0);
    kedge_trainer_gradient(f->trainer, 0);
    assert_true(f->trainer->graph->roots[0]->val[0] < before / 20);
}

static void steps_allocate_nothing(void **state)
{
    fixture *f = *state;
    add_the_usual(f);
    open_trainer(f, 0.01);
    size_t before = f->memory.requests;
    assert_int_equal(kedge_trainer_run(f->trainer, 7, NULL), KEDGE_OK);
    assert_int_equal(f->memory.requests, before);
}

static void needs_no_labels_and_terms(void **state)
{
    fixture *f = *state;
    f->steps = 1;
    open_trainer(f, 0.01);
    assert_int_equal(kedge_trainer_run(f->trainer, 7, NULL), KEDGE_OK);
}

static void a_bad_term_is_refused(void **state)
{
    fixture *f = *state;
    open_data(f);
    add_term(f, "lost", "unitarity", (kedge_term_options){.site = "nowhere"});
    f->training = (kedge_training){.dataset = f->dataset, .sampler = f->sampler, .model = &f->model, .n_terms = 1,
                                   .terms = f->terms, .steps = 1, .lr = f->lr, .weights = f->weights};
    assert_int_equal(kedge_trainer_create(&f->trainer, f->ctx, &f->training), KEDGE_EINVALID);
    assert_null(f->trainer);
    assert_string_equal(kedge_error(), "term 'lost': unknown site 'nowhere'");
}

/* ---- the caller's floating-point state ---- */

static bool keeps_denormals(void)
{
    volatile float tiny = FLT_MIN;
    return tiny / 2 != 0;
}

static bool rounds_up(void)
{
    volatile float one = 1, little = FLT_EPSILON / 4;
    return one + little > 1;
}

static void denormals_are_the_callers(void **state)
{
    fixture *f = *state;
    open_trainer(f, 0.01);
    assert_true(keeps_denormals());
    assert_int_equal(kedge_trainer_run(f->trainer, 7, NULL), KEDGE_OK);
    assert_true(keeps_denormals());
}

static void rounding_is_the_callers_and_changes_nothing(void **state)
{
    fixture *f = *state;
    add_the_usual(f);
    open_trainer(f, 0.01);
    float *expected = run(f, 7);
    assert_int_equal(fesetround(FE_UPWARD), 0);
    kedge_status status = kedge_trainer_run(f->trainer, 7, NULL);
    bool up = rounds_up();
    fesetround(FE_TONEAREST);
    assert_int_equal(status, KEDGE_OK);
    assert_true(up);
    assert_same_parameters(f, expected);
    free(expected);
}

/* A caller that traps overflows gets a status, no signal. */
static void traps_are_the_callers(void **state)
{
    fixture *f = *state;
    open_trainer(f, 1e30);
    int before = feenableexcept(FE_INVALID | FE_OVERFLOW);
    if (before == -1) return; /* this machine cannot trap */
    int enabled = fegetexcept();
    kedge_status status = kedge_trainer_run(f->trainer, 7, NULL);
    int after = fegetexcept();
    fedisableexcept(FE_ALL_EXCEPT);
    assert_int_equal(status, KEDGE_ENUMERIC);
    assert_int_equal(after, enabled);
}

/* ---- events ---- */

typedef struct watch {
    fixture *f;
    int calls, stop_at;
    int stop;
    kedge_status answer;
} watch;

static kedge_status watch_step(const kedge_step *step, void *payload)
{
    watch *w = payload;
    assert_int_equal(step->step, w->calls);
    assert_true(step->lr == w->f->lr[step->step]);
    assert_ptr_equal(step->weights, w->f->weights + step->step * w->f->n_terms);
    assert_true(step->active & 1);
    w->calls++;
    if (step->step != w->stop_at) return KEDGE_OK;
    w->stop = 1;
    return w->answer;
}

static kedge_train_events events_of(watch *w)
{
    return (kedge_train_events){.step = watch_step, .payload = w, .stop = &w->stop};
}

static void events_come_before_each_update(void **state)
{
    fixture *f = *state;
    add_the_usual(f);
    open_trainer(f, 0.01);
    watch w = {.f = f, .stop_at = -1};
    kedge_train_events events = events_of(&w);
    assert_int_equal(kedge_trainer_run(f->trainer, 7, &events), KEDGE_OK);
    assert_int_equal(w.calls, f->steps);
}

static void watching_changes_nothing(void **state)
{
    fixture *f = *state;
    add_the_usual(f);
    open_trainer(f, 0.01);
    float *expected = run(f, 7);
    watch w = {.f = f, .stop_at = -1};
    kedge_train_events events = events_of(&w);
    assert_int_equal(kedge_trainer_run(f->trainer, 7, &events), KEDGE_OK);
    assert_same_parameters(f, expected);
    free(expected);
}

static void stops_before_the_first_step(void **state)
{
    fixture *f = *state;
    open_trainer(f, 0.01);
    watch w = {.f = f, .stop_at = -1, .stop = 1};
    kedge_train_events events = events_of(&w);
    assert_int_equal(kedge_trainer_run(f->trainer, 7, &events), KEDGE_ECANCELLED);
    assert_string_equal(kedge_error(), "cancelled at step 0");
    assert_int_equal(w.calls, 0);
}

static void stops_after_the_step_under_way(void **state)
{
    fixture *f = *state;
    open_trainer(f, 0.01);
    watch w = {.f = f, .stop_at = 4};
    kedge_train_events events = events_of(&w);
    assert_int_equal(kedge_trainer_run(f->trainer, 7, &events), KEDGE_ECANCELLED);
    assert_string_equal(kedge_error(), "cancelled at step 5");
    assert_int_equal(w.calls, 5);
}

/* Parameters after the first 'steps' updates. */
static float *after(fixture *f, int steps)
{
    int all = f->training.steps;
    f->training.steps = steps;
    float *result = run(f, 7);
    f->training.steps = all;
    return result;
}

static void a_refused_step_is_not_taken(void **state)
{
    fixture *f = *state;
    open_trainer(f, 0.01);
    float *expected = after(f, 3);
    watch w = {.f = f, .stop_at = 3, .answer = KEDGE_EIO};
    kedge_train_events events = events_of(&w);
    assert_int_equal(kedge_trainer_run(f->trainer, 7, &events), KEDGE_EIO);
    assert_same_parameters(f, expected);
    free(expected);
}

/* ---- losses that are no numbers ---- */

static void a_reconstruction_that_blows_up_is_named(void **state)
{
    fixture *f = *state;
    open_trainer(f, 1e30);
    assert_int_equal(kedge_trainer_run(f->trainer, 7, NULL), KEDGE_ENUMERIC);
    assert_string_equal(kedge_error(),
                        "the reconstruction loss became not a number at step 1; try a lower learning rate");
}

static void a_reconstruction_that_overflows_is_named(void **state)
{
    fixture *f = *state;
    f->model.hidden.n = 0; /* outputs of 1e20 and more, whose squares are too large, but no difference of them */
    f->model.normalize = false;
    f->model.bottleneck = 1;
    open_trainer(f, 1e12);
    assert_int_equal(kedge_trainer_run(f->trainer, 7, NULL), KEDGE_ENUMERIC);
    assert_string_equal(kedge_error(), "the reconstruction loss became infinite at step 1; try a lower learning rate");
}

static void a_term_that_overflows_is_named(void **state)
{
    static const double far_away[] = {1e25, 0, 0};
    fixture *f = *state;
    add_the_usual(f);
    f->terms[1].metric = KEDGE_METRIC_EUCLIDEAN;
    f->terms[1].labels.n = 0;
    f->terms[1].at = (kedge_reals){3, far_away};
    open_trainer(f, 0.01);
    for (int i = 0; i < 3; i++) f->weights[3 * i + 1] = 0; /* is not looked at before step 3 */
    f->weights[3 * 3 + 1] = 0.125;
    float *expected = after(f, 3);
    assert_int_equal(kedge_trainer_run(f->trainer, 7, NULL), KEDGE_ENUMERIC);
    assert_string_equal(kedge_error(), "term 'anchor' became infinite at step 3 (weight 0.125); try a lower weight or "
                                       "learning rate");
    assert_same_parameters(f, expected);
    free(expected);
}

/* The gradient overflows at step 2; what it does to the weights shows in the next loss. */
static void a_weight_that_blows_up_the_model_fails(void **state)
{
    fixture *f = *state;
    add_the_usual(f);
    f->weights[3 * 2] = 1e60;
    open_trainer(f, 0.01);
    assert_int_equal(kedge_trainer_run(f->trainer, 7, NULL), KEDGE_ENUMERIC);
    assert_string_equal(kedge_error(),
                        "the reconstruction loss became not a number at step 3; try a lower learning rate");
}

/* No loss comes after the last update: the weights themselves tell. */
static void a_last_update_that_blows_up_the_model_fails(void **state)
{
    fixture *f = *state;
    add_the_usual(f);
    f->weights[3 * (f->steps - 1)] = 1e60;
    open_trainer(f, 0.01);
    assert_int_equal(kedge_trainer_run(f->trainer, 7, NULL), KEDGE_ENUMERIC);
    assert_string_equal(kedge_error(), "the parameters became infinite or not a number in the last update, step 19; "
                                       "try a lower weight or learning rate");
}

static void a_failed_run_leaves_nothing_for_the_next(void **state)
{
    fixture *f = *state;
    add_the_usual(f);
    open_trainer(f, 0.01);
    float *expected = run(f, 7);
    f->lr[0] = 1e30;
    assert_int_equal(kedge_trainer_run(f->trainer, 7, NULL), KEDGE_ENUMERIC);
    f->lr[0] = 0.01;
    assert_int_equal(kedge_trainer_run(f->trainer, 7, NULL), KEDGE_OK);
    assert_same_parameters(f, expected);
    free(expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(same_seed_same_bytes),
        TEST(other_seed_other_bytes),
        TEST(labels_belong_to_the_seed),
        TEST(the_loss_falls),
        TEST(steps_allocate_nothing),
        TEST(needs_no_labels_and_terms),
        TEST(a_bad_term_is_refused),
        TEST(denormals_are_the_callers),
        TEST(rounding_is_the_callers_and_changes_nothing),
        TEST(traps_are_the_callers),
        TEST(events_come_before_each_update),
        TEST(watching_changes_nothing),
        TEST(stops_before_the_first_step),
        TEST(stops_after_the_step_under_way),
        TEST(a_refused_step_is_not_taken),
        TEST(a_reconstruction_that_blows_up_is_named),
        TEST(a_reconstruction_that_overflows_is_named),
        TEST(a_term_that_overflows_is_named),
        TEST(a_weight_that_blows_up_the_model_fails),
        TEST(a_last_update_that_blows_up_the_model_fails),
        TEST(a_failed_run_leaves_nothing_for_the_next),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
