/* The roughness of a run, from losses made by hand. */
#include "unit.h"

#include <math.h>

#include "eval/spike.h"
#include "failing_alloc.h"

enum { UPDATES = 400 };

static double spike_of(int n, const double *losses)
{
    kedge_spike spike;
    kedge_spike_begin(&spike);
    for (int i = 0; i < n; i++) kedge_spike_add(&spike, losses[i]);
    kedge_spike_end(&spike);
    return spike.value;
}

/* The definition, each mean worked out by itself from all losses before it. */
static double mean_until(const double *losses, int t)
{
    double sum = 0, weights = 0;
    for (int s = 0; s <= t; s++) {
        double weight = pow(1 - 2.0 / 51, t - s);
        sum += weight * losses[s];
        weights += weight;
    }
    return sum / weights;
}

static double defined(int n, const double *losses)
{
    double most = -INFINITY, lowest = INFINITY;
    for (int t = 0; t < n; t++) {
        lowest = fmin(lowest, mean_until(losses, t));
        if (t >= 100) most = fmax(most, log10(mean_until(losses, t) / lowest));
    }
    return most;
}

static void fill(double *losses, double value)
{
    for (int i = 0; i < UPDATES; i++) losses[i] = value;
}

static void even_losses_have_none(void **state)
{
    (void)state;
    double losses[UPDATES];
    fill(losses, 0.25);
    assert_float_equal(spike_of(UPDATES, losses), 0, 1e-12);
}

static void falling_losses_have_none(void **state)
{
    (void)state;
    double losses[UPDATES];
    for (int i = 0; i < UPDATES; i++) losses[i] = 1.0 / (i + 1);
    assert_true(spike_of(UPDATES, losses) == 0);
}

static void a_lasting_tenfold_rise_is_one(void **state)
{
    (void)state;
    double losses[2 * UPDATES];
    fill(losses, 0.01);
    for (int i = UPDATES; i < 2 * UPDATES; i++) losses[i] = 0.1;
    assert_float_equal(spike_of(2 * UPDATES, losses), 1, 1e-6);
}

static void a_rise_is_seen_from_the_hundredth_update_on(void **state)
{
    (void)state;
    double losses[UPDATES];
    fill(losses, 1);
    losses[99] = 100;
    assert_float_equal(spike_of(UPDATES, losses), defined(UPDATES, losses), 1e-9);
    double before = spike_of(UPDATES, losses);
    losses[99] = 1, losses[100] = 100;
    assert_float_equal(spike_of(UPDATES, losses), defined(UPDATES, losses), 1e-9);
    assert_true(spike_of(UPDATES, losses) > before);
}

/* Noise, and a trough early on that counts although no rise is looked for there. */
static void follows_its_definition(void **state)
{
    (void)state;
    double losses[UPDATES];
    for (int i = 0; i < UPDATES; i++) losses[i] = exp(sin(i * i * 0.37) - (i > 30 && i < 70 ? 3 : 0));
    assert_true(defined(UPDATES, losses) > 0.5);
    assert_float_equal(spike_of(UPDATES, losses), defined(UPDATES, losses), 1e-9);
}

static void too_few_updates_have_no_value(void **state)
{
    (void)state;
    double losses[UPDATES];
    fill(losses, 1);
    assert_true(isnan(spike_of(100, losses)));
    assert_true(spike_of(101, losses) >= 0);
}

static void losses_of_nothing_do_not_rise(void **state)
{
    (void)state;
    double losses[UPDATES];
    fill(losses, 0);
    assert_true(spike_of(UPDATES, losses) == 0);
    losses[200] = 1; /* from there on it falls */
    assert_true(spike_of(UPDATES, losses) == 0);
}

static void text_and_back(void **state)
{
    (void)state;
    kedge_context *ctx;
    kedge_arena arena;
    kedge_spike spike, read;
    assert_int_equal(kedge_context_create(&ctx, NULL), KEDGE_OK);
    kedge_arena_init(&arena, ctx);
    kedge_spike_begin(&spike);
    assert_string_equal(kedge_spike_text(&spike, &arena), "");
    spike.value = log10(3);
    assert_true(kedge_spike_read(&read, kedge_spike_text(&spike, &arena)));
    assert_true(read.value == spike.value);
    kedge_arena_release(&arena);
    kedge_context_free(ctx);
}

static void other_texts_are_not_read(void **state)
{
    (void)state;
    static const char *const texts[] = {NULL, "", "-0.5", "nan", "inf", "1 ", "much"};
    kedge_spike spike;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (kedge_spike_read(&spike, texts[i])) fail_msg("read '%s'", texts[i]);
        assert_true(isnan(spike.value));
    }
}

static void a_text_without_memory(void **state)
{
    (void)state;
    failing_alloc memory = {0};
    kedge_context_options options = failing_alloc_options(&memory);
    kedge_context *ctx;
    kedge_arena arena;
    kedge_spike spike = {.value = 0.5};
    assert_int_equal(kedge_context_create(&ctx, &options), KEDGE_OK);
    kedge_arena_init(&arena, ctx);
    memory.fail_at = memory.requests + 1;
    assert_null(kedge_spike_text(&spike, &arena));
    kedge_arena_release(&arena);
    kedge_context_free(ctx);
    assert_int_equal(memory.in_use, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(even_losses_have_none),
        cmocka_unit_test(falling_losses_have_none),
        cmocka_unit_test(a_lasting_tenfold_rise_is_one),
        cmocka_unit_test(a_rise_is_seen_from_the_hundredth_update_on),
        cmocka_unit_test(follows_its_definition),
        cmocka_unit_test(too_few_updates_have_no_value),
        cmocka_unit_test(losses_of_nothing_do_not_rise),
        cmocka_unit_test(text_and_back),
        cmocka_unit_test(other_texts_are_not_read),
        cmocka_unit_test(a_text_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
