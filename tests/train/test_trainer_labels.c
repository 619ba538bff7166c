/* Labels in the training loop: how many are drawn, of whom, and that they keep to themselves. */
#include "training_fixture.h"

static const char *const names[MOST_LABELS] = {"l0", "l1", "l2", "l3", "l4", "l5", "l6"};

/* A term that looks at a label, so that it is drawn. All labels can hang on one term. */
static void use_labels(fixture *f)
{
    static const double ones[MOST_LABELS] = {1, 1, 1, 1, 1, 1, 1};
    add_term(f, "unitarity", "unitarity",
             (kedge_term_options){.site = "pre-norm", .labels = {f->n_labels, names, ones}});
}

/* Counts over draws, without any training: of each label, of each pair. */
typedef struct counts {
    long samples;
    double one[MOST_LABELS], both[MOST_LABELS][MOST_LABELS];
    double repeat[MOST_LABELS]; /* the label at this step and place, and at the next step there */
} counts;

static void count(fixture *f, uint64_t seed, counts *c)
{
    static float before[MOST_LABELS][REF_BATCH];
    *c = (counts){0};
    for (int step = 0; step < f->steps; step++) {
        kedge_trainer_draw(f->trainer, seed, step);
        int n = f->trainer->graph->live;
        c->samples += n;
        for (int i = 0; i < f->n_labels; i++) {
            const float *row = f->trainer->objective.label_rows[i]->val;
            double sum = 0;
            for (int a = 0; a < n; a++) {
                sum += (double)row[a];
                if (step > 0) c->repeat[i] += (double)(row[a] * before[i][a]);
                for (int j = 0; j < f->n_labels; j++)
                    c->both[i][j] += (double)(row[a] * f->trainer->objective.label_rows[j]->val[a]);
            }
            for (int a = n; a < kedge_columns(n); a++) assert_true(row[a] == 0);
            assert_true(fabs((double)f->trainer->objective.label_sums[i] - sum) < 1e-4);
            c->one[i] += sum;
            memcpy(before[i], row, (size_t)n * sizeof *row);
        }
    }
}

/* Within four standard deviations of a binomial count. */
static void assert_binomial(double count, long n, double p, const char *what, int i)
{
    double expected = (double)n * p, deviation = sqrt((double)n * p * (1 - p));
    if (!(fabs(count - expected) <= 4 * deviation + 1e-9))
        fail_msg("%s %d: %.0f of %ld, expected %.0f with deviation %.1f", what, i, count, n, expected, deviation);
}

/* Mean over the points of a product of rates. */
static double mean_rate(const fixture *f, int i, int j)
{
    double sum = 0;
    for (int p = 0; p < f->dataset->points; p++) sum += f->labels[i].rate[p] * (j < 0 ? 1 : f->labels[j].rate[p]);
    return sum / f->dataset->points;
}

static void seven_stochastic_labels(fixture *f)
{
    static const char *const rates[MOST_LABELS] = {"0.3 * redness", "0.5",  "0.2 * v", "0.08",
                                                   "0.9 * g",       "0.25", "0.6 * b"};
    for (int i = 0; i < MOST_LABELS; i++) add_label(f, names[i], rates[i], KEDGE_LABEL_STOCHASTIC);
    use_labels(f);
    f->steps = 1500;
    open_trainer(f, 0.01);
}

static void as_many_as_the_rates_say(void **state)
{
    fixture *f = *state;
    static counts c;
    seven_stochastic_labels(f);
    count(f, 1, &c);
    assert_int_equal(c.samples, 1500 * 24);
    for (int i = 0; i < MOST_LABELS; i++) assert_binomial(c.one[i], c.samples, mean_rate(f, i, -1), "label", i);
}

static void each_on_its_own(void **state)
{
    fixture *f = *state;
    static counts c;
    seven_stochastic_labels(f);
    count(f, 2, &c);
    for (int i = 0; i < MOST_LABELS; i++)
        for (int j = 0; j < i; j++)
            assert_binomial(c.both[i][j], c.samples, mean_rate(f, i, j), "pair of labels", 10 * i + j);
}

static void anew_at_each_step(void **state)
{
    fixture *f = *state;
    static counts c;
    seven_stochastic_labels(f);
    count(f, 3, &c);
    for (int i = 0; i < MOST_LABELS; i++)
        assert_binomial(c.repeat[i], c.samples - 24, pow(mean_rate(f, i, -1), 2), "repeated label", i);
}

static void counted_in_the_run(void **state)
{
    fixture *f = *state;
    static counts c;
    seven_stochastic_labels(f);
    count(f, 4, &c);
    assert_int_equal(kedge_trainer_run(f->trainer, 4, NULL), KEDGE_OK);
    for (int i = 0; i < MOST_LABELS; i++) assert_true(f->trainer->drawn[i] == c.one[i]);
}

/* A point that comes twice in a batch draws twice. */
static void duplicates_draw_for_themselves(void **state)
{
    fixture *f = *state;
    add_label(f, "l0", "0.5", KEDGE_LABEL_STOCHASTIC);
    use_labels(f);
    f->steps = 400;
    open_trainer(f, 0.01);
    long pairs = 0, alike = 0;
    for (int step = 0; step < f->steps; step++) {
        kedge_trainer_draw(f->trainer, 5, step);
        const float *row = f->trainer->objective.label_rows[0]->val;
        for (int a = 0; a < 24; a++)
            for (int b = 0; b < a; b++) {
                if (f->trainer->index[a] != f->trainer->index[b]) continue;
                pairs++;
                alike += row[a] == row[b];
            }
    }
    assert_true(pairs > 1000);
    assert_binomial((double)alike, pairs, 0.5, "duplicates that agree", 0);
}

static void rates_of_zero_and_one(void **state)
{
    fixture *f = *state;
    add_label(f, "l0", "r > 0.5", KEDGE_LABEL_STOCHASTIC);
    use_labels(f);
    f->steps = 100;
    open_trainer(f, 0.01);
    for (int step = 0; step < f->steps; step++) {
        kedge_trainer_draw(f->trainer, 6, step);
        for (int a = 0; a < 24; a++)
            assert_true(f->trainer->objective.label_rows[0]->val[a] ==
                        (f->dataset->features[0][f->trainer->index[a]] > 0.5f ? 1 : 0));
    }
}

static void partial_batches_count_their_own(void **state)
{
    fixture *f = *state;
    static counts c;
    f->data.epoch = 31; /* 24, 7 */
    add_label(f, "l0", "0.5", KEDGE_LABEL_STOCHASTIC);
    add_label(f, "l1", "0.5 + 0.5 * r", KEDGE_LABEL_SOFT);
    use_labels(f);
    f->steps = 1000;
    open_trainer(f, 0.01);
    count(f, 7, &c); /* nothing past the batch */
    assert_int_equal(c.samples, 500 * 31);
    assert_binomial(c.one[0], c.samples, 0.5, "label", 0);
}

static void soft_and_exact_labels_are_handed_out(void **state)
{
    fixture *f = *state;
    add_label(f, "l0", "0.3 * redness", KEDGE_LABEL_SOFT);
    add_label(f, "l1", "0.3 * redness", KEDGE_LABEL_EXACT);
    add_label(f, "l2", "0.7 * v", KEDGE_LABEL_SOFT);
    use_labels(f);
    f->steps = 200;
    open_trainer(f, 0.01);
    double sum = 0;
    for (int step = 0; step < f->steps; step++) {
        kedge_trainer_draw(f->trainer, 8, step);
        for (int i = 0; i < 3; i++)
            for (int a = 0; a < 24; a++) {
                uint32_t point = f->trainer->index[a];
                float got = f->trainer->objective.label_rows[i]->val[a];
                assert_true(got == (i == 1 ? (float)f->labels[i].exact[point] : (float)f->labels[i].rate[point]));
                if (i == 0) sum += (double)got;
            }
    }
    assert_int_equal(kedge_trainer_run(f->trainer, 8, NULL), KEDGE_OK);
    assert_true(fabs(f->trainer->drawn[0] - sum) < 1e-3);
}

/* Which labels a recipe has besides does not change the draws of the first. */
static void other_labels_change_nothing(void **state)
{
    fixture *f = *state;
    static counts alone, among;
    f->steps = 200;
    add_label(f, "l0", "0.3 * redness", KEDGE_LABEL_STOCHASTIC);
    use_labels(f);
    open_trainer(f, 0.01);
    count(f, 9, &alone);
    close_trainer(f);
    for (int i = 1; i < MOST_LABELS; i++) add_label(f, names[i], "0.5", KEDGE_LABEL_STOCHASTIC);
    f->n_terms = 0;
    use_labels(f);
    open_trainer(f, 0.01);
    count(f, 9, &among);
    assert_true(alone.one[0] == among.one[0] && alone.repeat[0] == among.repeat[0]);
}

static void unused_labels_are_not_drawn(void **state)
{
    fixture *f = *state;
    add_label(f, "l0", "0.5", KEDGE_LABEL_STOCHASTIC);
    add_label(f, "l1", "0.5", KEDGE_LABEL_STOCHASTIC);
    open_trainer(f, 0.01);
    assert_int_equal(kedge_trainer_run(f->trainer, 10, NULL), KEDGE_OK);
    assert_true(f->trainer->drawn[0] == 0 && f->trainer->drawn[1] == 0);
}

/* Factors on the rates of all labels, the same at all steps. */
static double *factors(const fixture *f, double factor)
{
    static double table[MOST_STEPS * MOST_LABELS];
    for (int i = 0; i < f->steps * f->n_labels; i++) table[i] = factor;
    return table;
}

static void as_many_as_factors_on_the_rates_say(void **state)
{
    fixture *f = *state;
    static counts c;
    seven_stochastic_labels(f);
    f->training.rates = factors(f, 2.5);
    count(f, 1, &c);
    for (int i = 0; i < MOST_LABELS; i++) {
        double mean = 0;
        for (int p = 0; p < f->dataset->points; p++) mean += fmin(1, 2.5 * f->labels[i].rate[p]);
        assert_binomial(c.one[i], c.samples, mean / f->dataset->points, "label", i);
    }
}

static void factors_of_one_change_nothing(void **state)
{
    fixture *f = *state;
    add_the_usual(f);
    open_trainer(f, 0.01);
    assert_int_equal(kedge_trainer_run(f->trainer, 3, NULL), KEDGE_OK);
    float *before = parameters(f);
    f->training.rates = factors(f, 1);
    assert_int_equal(kedge_trainer_run(f->trainer, 3, NULL), KEDGE_OK);
    assert_same_parameters(f, before);
    free(before);
}

/* Half of a rate by a factor is half of it in the formula: the same draws, to the bit. */
static void a_factor_is_as_another_rate(void **state)
{
    fixture *f = *state;
    add_label(f, "l0", "0.3 * redness", KEDGE_LABEL_STOCHASTIC);
    add_label(f, "l1", "0.7 * v", KEDGE_LABEL_SOFT);
    use_labels(f);
    open_trainer(f, 0.01);
    f->training.rates = factors(f, 0.5);
    assert_int_equal(kedge_trainer_run(f->trainer, 3, NULL), KEDGE_OK);
    float *halved = parameters(f);
    close_trainer(f);
    f->n_labels = 0;
    add_label(f, "l0", "(0.3 * redness) / 2", KEDGE_LABEL_STOCHASTIC);
    add_label(f, "l1", "(0.7 * v) / 2", KEDGE_LABEL_SOFT);
    open_trainer(f, 0.01);
    assert_int_equal(kedge_trainer_run(f->trainer, 3, NULL), KEDGE_OK);
    assert_same_parameters(f, halved);
    free(halved);
}

static void a_factor_holds_at_its_step_alone(void **state)
{
    fixture *f = *state;
    static counts c;
    add_label(f, "l0", "0.5", KEDGE_LABEL_STOCHASTIC);
    add_label(f, "l1", "0.5", KEDGE_LABEL_STOCHASTIC);
    use_labels(f);
    open_trainer(f, 0.01);
    double *table = factors(f, 0);
    table[7 * 2 + 1] = 1000;
    f->training.rates = table;
    count(f, 5, &c);
    assert_true(c.one[0] == 0 && c.one[1] == 24); /* all of one batch */
}

static void soft_and_exact_labels_are_scaled_up_to_one(void **state)
{
    fixture *f = *state;
    const double factor[] = {0.5, 3};
    add_label(f, "l0", "redness", KEDGE_LABEL_SOFT);
    add_label(f, "l1", "redness", KEDGE_LABEL_EXACT);
    use_labels(f);
    open_trainer(f, 0.01);
    for (int k = 0; k < 2; k++) {
        f->training.rates = factors(f, factor[k]);
        for (int step = 0; step < f->steps; step++) {
            kedge_trainer_draw(f->trainer, 8, step);
            for (int a = 0; a < 24; a++) {
                uint32_t point = f->trainer->index[a];
                double rate[] = {f->labels[0].rate[point], (double)f->labels[1].exact[point]};
                for (int i = 0; i < 2; i++)
                    assert_true(f->trainer->objective.label_rows[i]->val[a] == (float)fmin(1, factor[k] * rate[i]));
            }
        }
    }
}

static void scaled_labels_stop_at_the_batch(void **state)
{
    fixture *f = *state;
    static counts c;
    f->data.epoch = 31; /* 24, 7 */
    add_label(f, "l0", "0.25", KEDGE_LABEL_STOCHASTIC);
    add_label(f, "l1", "0.5 + 0.5 * r", KEDGE_LABEL_SOFT);
    use_labels(f);
    f->steps = 1000;
    open_trainer(f, 0.01);
    f->training.rates = factors(f, 2);
    count(f, 7, &c); /* nothing past the batch */
    assert_binomial(c.one[0], c.samples, 0.5, "label", 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(as_many_as_the_rates_say),
        TEST(each_on_its_own),
        TEST(anew_at_each_step),
        TEST(counted_in_the_run),
        TEST(duplicates_draw_for_themselves),
        TEST(rates_of_zero_and_one),
        TEST(partial_batches_count_their_own),
        TEST(soft_and_exact_labels_are_handed_out),
        TEST(other_labels_change_nothing),
        TEST(unused_labels_are_not_drawn),
        TEST(as_many_as_factors_on_the_rates_say),
        TEST(factors_of_one_change_nothing),
        TEST(a_factor_is_as_another_rate),
        TEST(a_factor_holds_at_its_step_alone),
        TEST(soft_and_exact_labels_are_scaled_up_to_one),
        TEST(scaled_labels_stop_at_the_batch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
