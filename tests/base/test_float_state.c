/* the floating-point state: denormals are flushed between enter and leave, and the caller's state is as it was. */
#include "unit.h"

#include <fenv.h>
#include <float.h>

#include "base/float_state.h"

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

/* Volatile, so that it happens here and now. */
static float product(float a, float b)
{
    volatile float x = a, y = b, z = x * y;
    return z;
}

static float ratio(float a, float b)
{
    volatile float x = a, y = b, z = x / y;
    return z;
}

static void denormals_are_there_before_and_after(void **state)
{
    (void)state;
    assert_true(product(FLT_MIN, 0.25f) > 0);
    kedge_float_state own = kedge_float_enter();
    float inside = product(FLT_MIN, 0.25f), read = product(FLT_MIN / 4, 0x1p100f);
    kedge_float_leave(own);
#if defined(__x86_64__) || defined(__aarch64__)
    assert_true(inside == 0); /* results */
    assert_true(read == 0);   /* and operands */
#else
    (void)inside, (void)read;
#endif
    assert_true(product(FLT_MIN, 0.25f) > 0);
}

static void the_callers_rounding_is_set_aside(void **state)
{
    (void)state;
    static const int modes[] = {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
    float near = ratio(1, 3), near2 = ratio(2, 3); /* one is above, one below */
    for (int i = 0; i < 4; i++) {
        assert_int_equal(fesetround(modes[i]), 0);
        kedge_float_state own = kedge_float_enter();
        float inside = ratio(1, 3), inside2 = ratio(2, 3);
        kedge_float_leave(own);
        int after = fegetround();
        fesetround(FE_TONEAREST);
        assert_true(inside == near && inside2 == near2);
        assert_int_equal(after, modes[i]);
    }
}

static void pairs_nest(void **state)
{
    (void)state;
    kedge_float_state outer = kedge_float_enter(), inner = kedge_float_enter();
    kedge_float_leave(inner);
    float inside = product(FLT_MIN, 0.25f);
    kedge_float_leave(outer);
#if defined(__x86_64__) || defined(__aarch64__)
    assert_true(inside == 0);
#else
    (void)inside;
#endif
    assert_true(product(FLT_MIN, 0.25f) > 0);
}

#if defined(__x86_64__)
/* All of it: rounding, masks, flags that were raised, and flushing that the caller had chosen himself. */
static void every_bit_is_as_it_was(void **state)
{
    (void)state;
    unsigned before = _mm_getcsr();
    static const unsigned states[] = {0x1f80, 0x1f80 | 0x6000, 0x1f80 | 0x8040, 0x1fbf, 0x1f80 | 0x2001};
    for (int i = 0; i < 5; i++) {
        _mm_setcsr(states[i]);
        kedge_float_state own = kedge_float_enter();
        ratio(1, 0); /* raises flags */
        product(FLT_MAX, 2);
        kedge_float_leave(own);
        unsigned after = _mm_getcsr();
        _mm_setcsr(before);
        assert_int_equal(after, states[i]);
    }
}

static void exceptions_are_masked(void **state)
{
    (void)state;
    unsigned before = _mm_getcsr();
    _mm_setcsr(0x1f80 & ~0x0200u); /* a division by zero would end the process */
    kedge_float_state own = kedge_float_enter();
    float inside = ratio(1, 0);
    kedge_float_leave(own);
    unsigned after = _mm_getcsr();
    _mm_setcsr(before);
    assert_true(inside > FLT_MAX);
    assert_int_equal(after, 0x1f80 & ~0x0200u);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(denormals_are_there_before_and_after),
        cmocka_unit_test(the_callers_rounding_is_set_aside),
        cmocka_unit_test(pairs_nest),
#if defined(__x86_64__)
        cmocka_unit_test(every_bit_is_as_it_was),
        cmocka_unit_test(exceptions_are_masked),
#endif
    };
    return cmocka_run_group_tests_name("float_state", tests, NULL, NULL);
}
