/* Laws between the ledger's numbers, where it is taken, and that the run does not notice it. */
#include "ledger_fixture.h"

/* ---- laws ---- */

/* |sum of g_j|^2 from norms and cosines is that of the whole objective's gradient. */
static void compare_sum(watch *w, const kedge_step *step)
{
    static moment m;
    const kedge_ledger_record *now = &w->ledger->now;
    double squares = 0, want = 0;
    int n = w->ledger->n;
    differentiate(w, step, &m);
    for (int a = 0; a < n; a++) {
        if (!active(step, a)) continue;
        squares += pow(now->norms[a], 2);
        for (int b = a + 1; b < n; b++)
            if (active(step, b))
                squares += 2 * now->norms[a] * now->norms[b] * now->cosines[kedge_ledger_pair(n, a, b)];
    }
    for (int s = 0; s < m.live; s++)
        for (int k = 0; k < m.width; k++) {
            double sum = 0;
            for (int j = 0; j < n; j++) sum += m.gradients[j][s][k];
            want += sum * sum;
        }
    assert_near(w, step, "squared norm of the sum", 0, 0, squares, want, 1e-4 * want);
}

static void the_parts_add_up_to_the_objective(void **state)
{
    fixture *f = *state;
    add_the_usual(f);
    open_trainer(f, 0.01);
    look(f, compare_sum);
}

typedef struct copies {
    double norms[2][MOST_TERMS + 1], cosines[2][MOST_TERMS * MOST_TERMS];
} copies;

/* The ledger of the first step, where the parameters do not know the weights yet. */
static void first_step(fixture *f, double *norms, double *cosines)
{
    kedge_ledger *ledger;
    assert_int_equal(kedge_ledger_create(&ledger, f->trainer), KEDGE_OK);
    kedge_params_draw(&f->trainer->params, 3);
    kedge_trainer_draw(f->trainer, 3, 0);
    kedge_step step = {.task = f->training.task ? f->training.task[0] : 1, .weights = f->weights,
                       .active = kedge_trainer_gradient(f->trainer, 0)};
    kedge_ledger_take(ledger, &step);
    memcpy(norms, ledger->now.norms, (size_t)ledger->n * sizeof *norms);
    memcpy(cosines, ledger->now.cosines, (size_t)kedge_ledger_pairs(ledger->n) * sizeof *cosines);
    kedge_ledger_free(ledger);
}

static void a_weight_scales_the_norm_and_no_cosine(void **state)
{
    fixture *f = *state;
    copies c;
    add_the_usual(f);
    open_trainer(f, 0.01);
    first_step(f, c.norms[0], c.cosines[0]);
    f->weights[1] *= 4; /* the anchor's; a power of two, so that all is exact */
    first_step(f, c.norms[1], c.cosines[1]);
    for (int j = 0; j < 4; j++) assert_true(c.norms[1][j] == (j == 2 ? 4 : 1) * c.norms[0][j]);
    for (int p = 0; p < kedge_ledger_pairs(4); p++) assert_true(fabs(c.cosines[1][p] - c.cosines[0][p]) < 1e-15);
}

static void a_weight_of_0_is_no_part(void **state)
{
    fixture *f = *state;
    copies c;
    add_the_usual(f);
    open_trainer(f, 0.01);
    f->weights[0] = 0;
    first_step(f, c.norms[0], c.cosines[0]);
    assert_true(isnan(c.norms[0][1]));
    assert_true(isnan(c.cosines[0][kedge_ledger_pair(4, 0, 1)]) && isnan(c.cosines[0][kedge_ledger_pair(4, 1, 3)]));
    assert_false(isnan(c.norms[0][0]) || isnan(c.cosines[0][kedge_ledger_pair(4, 0, 3)]));
}

static void nor_is_a_task_of_weight_0(void **state)
{
    fixture *f = *state;
    copies c;
    double task[MOST_STEPS] = {0};
    add_the_usual(f);
    open_trainer(f, 0.01);
    f->training.task = task;
    first_step(f, c.norms[0], c.cosines[0]);
    assert_true(isnan(c.norms[0][0]) && isnan(c.cosines[0][0]));
    assert_false(isnan(c.norms[0][1]));
    task[0] = 1;
    first_step(f, c.norms[0], c.cosines[0]);
    task[0] = 2;
    first_step(f, c.norms[1], c.cosines[1]);
    assert_true(c.norms[1][0] == 2 * c.norms[0][0] && c.norms[1][1] == c.norms[0][1]);
}

static void pairs_are_numbered_in_order(void **state)
{
    (void)state;
    for (int n = 1, expected = 0; n < 8; n++, expected = 0) {
        for (int a = 0; a < n; a++)
            for (int b = a + 1; b < n; b++) assert_int_equal(kedge_ledger_pair(n, a, b), expected++);
        assert_int_equal(kedge_ledger_pairs(n), expected);
    }
}

/* ---- the site ---- */

static void assert_site(fixture *f, const char *expected)
{
    kedge_ledger *ledger;
    open_trainer(f, 0.01);
    assert_int_equal(kedge_ledger_create(&ledger, f->trainer), KEDGE_OK);
    assert_string_equal(ledger->site_name, expected);
    kedge_ledger_free(ledger);
}

static void it_lies_before_the_normalization(void **state)
{
    fixture *f = *state;
    add_term(f, "norm", "unitarity", (kedge_term_options){.site = "decoder.0"});
    add_term(f, "plane", "subspace", (kedge_term_options){.dims = {2, first_two}});
    assert_site(f, "pre-norm");
}

static void or_where_the_first_term_acts(void **state)
{
    fixture *f = *state;
    f->model.hidden = (kedge_ints){2, two_layers};
    add_term(f, "plane", "subspace", (kedge_term_options){.dims = {2, first_two}});
    add_term(f, "norm", "unitarity", (kedge_term_options){.site = "encoder.1"});
    assert_site(f, "encoder.1");
}

/* ---- the run ---- */

static void nothing(watch *w, const kedge_step *step)
{
    (void)w, (void)step;
}

static void the_run_is_the_same_with_it(void **state)
{
    fixture *f = *state;
    add_the_usual(f);
    open_trainer(f, 0.01);
    assert_int_equal(kedge_trainer_run(f->trainer, 3, NULL), KEDGE_OK);
    float *expected = parameters(f);
    look(f, nothing);
    assert_same_parameters(f, expected);
    free(expected);
}

static void taking_allocates_nothing(void **state)
{
    fixture *f = *state;
    add_the_usual(f);
    open_trainer(f, 0.01);
    watch w = {.f = f, .check = nothing};
    kedge_train_events events = {.step = take, .payload = &w};
    assert_int_equal(kedge_ledger_create(&w.ledger, f->trainer), KEDGE_OK);
    size_t before = f->memory.requests;
    assert_int_equal(kedge_trainer_run(f->trainer, 3, &events), KEDGE_OK);
    assert_int_equal(f->memory.requests, before);
    kedge_ledger_free(w.ledger);
}

static void each_allocation_may_fail(void **state)
{
    fixture *f = *state;
    add_the_usual(f);
    open_trainer(f, 0.01);
    size_t in_use = f->memory.in_use;
    for (size_t n = 1;; n++) {
        kedge_ledger *ledger = NULL;
        f->memory.requests = 0;
        f->memory.fail_at = n;
        kedge_status status = kedge_ledger_create(&ledger, f->trainer);
        bool failed = f->memory.requests >= n;
        f->memory.fail_at = 0;
        assert_int_equal(status, failed ? KEDGE_ENOMEM : KEDGE_OK);
        kedge_ledger_free(ledger);
        assert_int_equal(f->memory.in_use, in_use);
        if (!failed) break;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_parts_add_up_to_the_objective),
        TEST(a_weight_scales_the_norm_and_no_cosine),
        TEST(a_weight_of_0_is_no_part),
        TEST(nor_is_a_task_of_weight_0),
        TEST(pairs_are_numbered_in_order),
        TEST(it_lies_before_the_normalization),
        TEST(or_where_the_first_term_acts),
        TEST(the_run_is_the_same_with_it),
        TEST(taking_allocates_nothing),
        TEST(each_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
