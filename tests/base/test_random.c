/* random streams: Philox4x32-10, by (seed, purpose, step, part, index). */
#include "unit.h"

#include <math.h>
#include <string.h>

#include "base/random.h"

/* The vectors that come with Random123: counter, key, answer. */
static void published_answers(void **state)
{
    (void)state;
    static const uint32_t vectors[][10] = {
        {0, 0, 0, 0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8},
        {~0u, ~0u, ~0u, ~0u, ~0u, ~0u, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd},
        {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0, 0xd16cfe09, 0x94fdcceb, 0x5001e420,
         0x24126ea1},
    };
    for (int i = 0; i < 3; i++) {
        const uint32_t *v = vectors[i];
        uint32_t out[4];
        uint64_t seed = v[4] | (uint64_t)v[5] << 32;
        kedge_random_block(seed, (kedge_purpose)v[2], v[1], v[3], v[0], out);
        assert_memory_equal(out, v + 6, sizeof out);
    }
}

static void planes_are_blocks(void **state)
{
    (void)state;
    static uint32_t w[4][48] __attribute__((aligned(64)));
    for (int k = 0; kedge_kern_at(k); k++) {
        const kedge_kern *kern = kedge_kern_at(k);
        if (!kern->usable()) continue;
        uint64_t seed = 0x123456789abcdef0;
        kedge_random_planes(kern, seed, KEDGE_PURPOSE_LABELS, 99, 2, 48, w[0], w[1], w[2], w[3]);
        for (uint32_t i = 0; i < 48; i++) {
            uint32_t block[4];
            kedge_random_block(seed, KEDGE_PURPOSE_LABELS, 99, 2, i, block);
            for (int j = 0; j < 4; j++) assert_int_equal(w[j][i], block[j]);
        }
    }
}

static void each_argument_matters(void **state)
{
    (void)state;
    uint32_t base[4], other[6][4];
    kedge_random_block(1, KEDGE_PURPOSE_BATCH, 2, 3, 4, base);
    kedge_random_block(2, KEDGE_PURPOSE_BATCH, 2, 3, 4, other[0]);
    kedge_random_block(1 | (uint64_t)1 << 32, KEDGE_PURPOSE_BATCH, 2, 3, 4, other[1]);
    kedge_random_block(1, KEDGE_PURPOSE_WEIGHTS, 2, 3, 4, other[2]);
    kedge_random_block(1, KEDGE_PURPOSE_BATCH, 3, 3, 4, other[3]);
    kedge_random_block(1, KEDGE_PURPOSE_BATCH, 2, 4, 4, other[4]);
    kedge_random_block(1, KEDGE_PURPOSE_BATCH, 2, 3, 5, other[5]);
    for (int i = 0; i < 6; i++) assert_memory_not_equal(base, other[i], sizeof base);
}

/* Runs that exist would change. */
static void purposes_keep_their_numbers(void **state)
{
    (void)state;
    assert_int_equal(KEDGE_PURPOSE_WEIGHTS, 1);
    assert_int_equal(KEDGE_PURPOSE_BATCH, 2);
    assert_int_equal(KEDGE_PURPOSE_LABELS, 3);
}

static void units_are_below_one(void **state)
{
    (void)state;
    assert_true(kedge_random_unit(0) == 0);
    assert_true(kedge_random_unit(255) == 0);
    assert_true(kedge_random_unit(256) == 0x1p-24f);
    assert_true(kedge_random_unit(1u << 31) == 0.5f);
    assert_true(kedge_random_unit(~0u) == 1 - 0x1p-24f);
}

/* 40,000 numbers: mean and variance within four standard errors. */
static void units_are_uniform(void **state)
{
    (void)state;
    enum { N = 10000 };
    double sum = 0, squares = 0;
    for (uint32_t i = 0; i < N; i++) {
        uint32_t block[4];
        kedge_random_block(7, KEDGE_PURPOSE_WEIGHTS, 0, 0, i, block);
        for (int j = 0; j < 4; j++) {
            double u = (double)kedge_random_unit(block[j]);
            sum += u;
            squares += (u - 0.5) * (u - 0.5);
        }
    }
    assert_true(fabs(sum / (4 * N) - 0.5) < 4 / sqrt(12.0 * 4 * N));
    assert_true(fabs(squares / (4 * N) - 1 / 12.0) < 4 * sqrt(1 / 180.0 / (4 * N)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_answers),   cmocka_unit_test(planes_are_blocks),
        cmocka_unit_test(each_argument_matters), cmocka_unit_test(purposes_keep_their_numbers),
        cmocka_unit_test(units_are_below_one), cmocka_unit_test(units_are_uniform),
    };
    return cmocka_run_group_tests_name("random", tests, NULL, NULL);
}
