/* Sets of points in the training loop: who is drawn when, and what each sample counts. */
#include "training_fixture.h"

enum { SETS = 3 };
static const kedge_set_options three[SETS] = {
    {.name = "corners", .where = {.text = "(r == 0 || r == 1) && (g == 0 || g == 1) && (b == 0 || b == 1)"}},
    {.name = "edges", .where = {.text = "v == 1"}},
    {.name = "rest", .where = {.text = "1"}},
};

static kedge_sets *sets;
static double factors[MOST_STEPS][SETS];

static int close_sets(void **state)
{
    kedge_sets_free(sets);
    sets = NULL;
    return tear_down(state);
}

#undef TEST
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, close_sets)

static void set_factors(int first, int last, double a, double b, double c)
{
    for (int step = first; step < last; step++) {
        factors[step][0] = a;
        factors[step][1] = b;
        factors[step][2] = c;
    }
}

/* Opens the trainer once more, with the first n sets. */
static void open_with_sets(fixture *f, int n, const kedge_set_options *options)
{
    open_trainer(f, 0.01);
    close_trainer(f);
    sets = kedge_sets_create(f->ctx, f->dataset, &f->data.weight, n, options, &f->errors);
    assert_non_null(sets);
    f->training.sets = sets;
    f->training.factors = &factors[0][0];
    assert_int_equal(kedge_trainer_create(&f->trainer, f->ctx, &f->training), KEDGE_OK);
}

static int set_of(const fixture *f, uint32_t point)
{
    double v = 0;
    int ends = 0;
    for (int j = 0; j < 3; j++) {
        double x = (double)f->dataset->features[j][point];
        ends += x == 0 || x == 1;
        v = fmax(v, x);
    }
    return ends == 3 ? 0 : v == 1 ? 1 : 2;
}

static void sets_come_in_when_their_factor_rises(void **state)
{
    fixture *f = *state;
    double count[SETS] = {0}, points[SETS] = {0}, sum = 0;
    f->steps = 1200;
    set_factors(0, 100, 1, 0, 0);
    set_factors(100, 200, 0, 1, 0);
    set_factors(200, 1200, 1, 0.5, 0.25);
    open_with_sets(f, SETS, three);
    for (int step = 0; step < 1200; step++) {
        assert_int_equal(kedge_trainer_draw(f->trainer, 3, step), KEDGE_OK);
        for (int i = 0; i < 24; i++) {
            int k = set_of(f, f->trainer->index[i]);
            if (step < 200) assert_int_equal(k, step / 100);
            else count[k]++;
        }
    }
    for (uint32_t i = 0; i < (uint32_t)f->dataset->points; i++) points[set_of(f, i)]++;
    for (int k = 0; k < SETS; k++) sum += points[k] * factors[200][k];
    for (int k = 0; k < SETS; k++) {
        double n = 1000 * 24, p = points[k] * factors[200][k] / sum;
        assert_true(fabs(count[k] - n * p) < 4 * sqrt(n * p * (1 - p)));
    }
}

static void a_sample_counts_as_its_set_does(void **state)
{
    fixture *f = *state;
    const double counts[SETS] = {1, 0.5, 0.25};
    f->data.epoch = 31; /* 24, 7 */
    set_factors(0, 20, 1, 0.5, 0.25);
    set_factors(1, 2, 1, 1, 1);
    add_the_usual(f);
    open_with_sets(f, SETS, three);
    const kedge_node *row = f->trainer->objective.samples;
    for (int step = 0; step < 20; step++) {
        assert_int_equal(kedge_trainer_draw(f->trainer, 4, step), KEDGE_OK);
        assert_int_equal(row->all_one, step == 1);
        int live = f->trainer->graph->live;
        for (int i = 0; step != 1 && i < kedge_columns(live); i++)
            assert_true((double)row->val[i] == (i < live ? counts[set_of(f, f->trainer->index[i])] : 0));
    }
}

/* Laws: one set of all points, and all points whatever the common factor, train as without sets. */
static void one_set_of_all_trains_as_none(void **state)
{
    fixture *f = *state;
    static const kedge_set_options all = {.name = "all", .where = {.text = "1"}};
    f->data.weight = (kedge_formula){"1 + redness", NULL};
    f->data.epoch = 31;
    add_the_usual(f);
    open_trainer(f, 0.01);
    assert_int_equal(kedge_trainer_run(f->trainer, 9, NULL), KEDGE_OK);
    float *expected = parameters(f);
    close_trainer(f);
    set_factors(0, 20, 0, 0, 0);
    for (int step = 0; step < 20; step++) (&factors[0][0])[step] = step < 10 ? 0.125 : 3;
    open_with_sets(f, 1, &all);
    assert_int_equal(kedge_trainer_run(f->trainer, 9, NULL), KEDGE_OK);
    assert_same_parameters(f, expected);
    free(expected);
}

/* Where only the loss of a set moves, the points are the same and the updates are not. */
static void weights_of_samples_reach_the_updates(void **state)
{
    fixture *f = *state;
    kedge_set_options options[SETS] = {three[0], three[1], three[2]};
    options[2].moves = KEDGE_MOVES_LOSS;
    set_factors(0, 20, 1, 1, 1);
    add_the_usual(f);
    open_with_sets(f, SETS, options);
    assert_int_equal(kedge_trainer_run(f->trainer, 9, NULL), KEDGE_OK);
    float *before = parameters(f);
    uint32_t last[24];
    memcpy(last, f->trainer->index, sizeof last);
    set_factors(0, 20, 1, 1, 0.5);
    assert_int_equal(kedge_trainer_run(f->trainer, 9, NULL), KEDGE_OK);
    assert_memory_equal(last, f->trainer->index, sizeof last);
    assert_true(memcmp(before, f->trainer->params.values, f->trainer->params.size * sizeof *before) != 0);
    free(before);
}

static void no_point_to_draw_ends_the_run(void **state)
{
    fixture *f = *state;
    set_factors(0, 20, 1, 0.5, 0);
    set_factors(12, 13, 0, 0, 0);
    open_with_sets(f, SETS, three);
    assert_int_equal(kedge_trainer_run(f->trainer, 9, NULL), KEDGE_EINVALID);
    assert_string_equal(kedge_error(), "no point can be drawn at step 12, as every set has the factor 0; at least one "
                        "must be above 0");
}

static void no_allocation_while_it_runs(void **state)
{
    fixture *f = *state;
    set_factors(0, 20, 1, 0.5, 0.25);
    add_the_usual(f);
    open_with_sets(f, SETS, three);
    size_t before = f->memory.requests;
    assert_int_equal(kedge_trainer_run(f->trainer, 9, NULL), KEDGE_OK);
    assert_int_equal(f->memory.requests, before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(sets_come_in_when_their_factor_rises),
        TEST(a_sample_counts_as_its_set_does),
        TEST(one_set_of_all_trains_as_none),
        TEST(weights_of_samples_reach_the_updates),
        TEST(no_point_to_draw_ends_the_run),
        TEST(no_allocation_while_it_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
