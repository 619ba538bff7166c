/* the planner: no two buffers that are in use at one step overlap, and memory is used again. */
#include "unit.h"

#include <string.h>

#include "core/plan.h"

enum { MAX_BUFFERS = 60, MAX_TIME = 50 };

static size_t draw(uint64_t *state, size_t below)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (size_t)(*state >> 33) % below;
}

static int random_buffers(uint64_t seed, kedge_buffer *buffers)
{
    int n = 1 + (int)draw(&seed, MAX_BUFFERS);
    for (int i = 0; i < n; i++) {
        int first = (int)draw(&seed, MAX_TIME), length = (int)draw(&seed, i % 3 ? 6 : MAX_TIME);
        size_t size = draw(&seed, 8) ? draw(&seed, 500) : 0;
        buffers[i] = (kedge_buffer){.size = size, .first = first, .last = first + length};
    }
    return n;
}

static bool meet(const kedge_buffer *a, const kedge_buffer *b)
{
    return a->first <= b->last && b->first <= a->last;
}

static bool overlap(const kedge_buffer *a, const kedge_buffer *b)
{
    return a->size && b->size && a->offset < b->offset + b->size && b->offset < a->offset + a->size;
}

static size_t rounded(size_t size)
{
    return (size + 15) / 16 * 16;
}

static void what_is_in_use_together_lies_apart(void **state)
{
    (void)state;
    kedge_buffer buffers[MAX_BUFFERS];
    int order[MAX_BUFFERS];
    for (uint64_t seed = 0; seed < 500; seed++) {
        int n = random_buffers(seed, buffers);
        kedge_plan_offsets(buffers, n, order);
        for (int i = 0; i < n; i++)
            for (int j = 0; j < i; j++)
                if (meet(&buffers[i], &buffers[j])) assert_false(overlap(&buffers[i], &buffers[j]));
    }
}

static void buffers_are_aligned_and_inside(void **state)
{
    (void)state;
    kedge_buffer buffers[MAX_BUFFERS];
    int order[MAX_BUFFERS];
    for (uint64_t seed = 0; seed < 500; seed++) {
        int n = random_buffers(seed, buffers);
        size_t total = kedge_plan_offsets(buffers, n, order), end = 0;
        for (int i = 0; i < n; i++) {
            if (buffers[i].size == 0) continue;
            assert_int_equal(buffers[i].offset % 16, 0);
            if (buffers[i].offset + buffers[i].size > end) end = buffers[i].offset + buffers[i].size;
        }
        assert_int_equal(total, end);
    }
}

/* At least what is in use at the busiest step, at most all side by side. */
static void the_total_is_within_reason(void **state)
{
    (void)state;
    kedge_buffer buffers[MAX_BUFFERS];
    int order[MAX_BUFFERS];
    double found = 0, busiest_sum = 0;
    for (uint64_t seed = 0; seed < 500; seed++) {
        int n = random_buffers(seed, buffers);
        size_t sum = 0, busiest = 0;
        for (int i = 0; i < n; i++) sum += rounded(buffers[i].size);
        for (int t = 0; t < 2 * MAX_TIME; t++) {
            size_t used = 0;
            for (int i = 0; i < n; i++)
                if (buffers[i].first <= t && t <= buffers[i].last) used += rounded(buffers[i].size);
            if (used > busiest) busiest = used;
        }
        size_t total = kedge_plan_offsets(buffers, n, order);
        assert_in_range(total, busiest, sum);
        found += (double)total;
        busiest_sum += (double)busiest;
    }
    assert_true(found < 1.15 * busiest_sum); /* on average near the least there can be */
}

static void same_buffers_same_plan(void **state)
{
    (void)state;
    kedge_buffer once[MAX_BUFFERS], again[MAX_BUFFERS];
    int order[MAX_BUFFERS];
    for (uint64_t seed = 0; seed < 50; seed++) {
        int n = random_buffers(seed, once);
        memcpy(again, once, sizeof again);
        memset(order, 0x5a, sizeof order);
        size_t total = kedge_plan_offsets(once, n, order);
        memset(order, 0, sizeof order);
        assert_int_equal(kedge_plan_offsets(again, n, order), total);
        for (int i = 0; i < n; i++) assert_int_equal(again[i].offset, once[i].offset);
    }
}

/* A chain: each value is needed until the next one is there. Two places are enough. */
static void a_chain_takes_two_places(void **state)
{
    (void)state;
    kedge_buffer buffers[20];
    int order[20];
    for (int i = 0; i < 20; i++) buffers[i] = (kedge_buffer){.size = 160, .first = i, .last = i + 1};
    assert_int_equal(kedge_plan_offsets(buffers, 20, order), 320);
}

static void a_hole_is_filled(void **state)
{
    (void)state;
    kedge_buffer buffers[] = {{.size = 320, .first = 0, .last = 1},
                              {.size = 160, .first = 0, .last = 9},
                              {.size = 320, .first = 2, .last = 9}};
    int order[3];
    assert_int_equal(kedge_plan_offsets(buffers, 3, order), 480);
    assert_int_equal(buffers[2].offset, buffers[0].offset);
}

static void lifetimes_that_touch_overlap(void **state)
{
    (void)state;
    kedge_buffer buffers[] = {{.size = 16, .first = 0, .last = 3}, {.size = 16, .first = 3, .last = 5}};
    int order[2];
    assert_int_equal(kedge_plan_offsets(buffers, 2, order), 32);
}

static void sizes_are_rounded_up(void **state)
{
    (void)state;
    kedge_buffer buffers[] = {{.size = 1, .last = 9}, {.size = 17, .last = 9}, {.size = 0, .last = 9}};
    int order[3];
    assert_int_equal(kedge_plan_offsets(buffers, 3, order), 48);
}

static void nothing_takes_nothing(void **state)
{
    (void)state;
    kedge_buffer none = {.size = 0};
    int order;
    assert_int_equal(kedge_plan_offsets(&none, 0, &order), 0);
    assert_int_equal(kedge_plan_offsets(&none, 1, &order), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_in_use_together_lies_apart),
        cmocka_unit_test(buffers_are_aligned_and_inside),
        cmocka_unit_test(the_total_is_within_reason),
        cmocka_unit_test(same_buffers_same_plan),
        cmocka_unit_test(a_chain_takes_two_places),
        cmocka_unit_test(a_hole_is_filled),
        cmocka_unit_test(lifetimes_that_touch_overlap),
        cmocka_unit_test(sizes_are_rounded_up),
        cmocka_unit_test(nothing_takes_nothing),
    };
    return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
