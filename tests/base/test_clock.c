/* the clock: seconds that only go forward. */
#include "unit.h"

#include <time.h>

#include "base/clock.h"

static void it_never_goes_back(void **state)
{
    (void)state;
    double last = kedge_clock_seconds();
    for (int i = 0; i < 10000; i++) {
        double now = kedge_clock_seconds();
        assert_true(now >= last);
        last = now;
    }
}

static void it_counts_seconds(void **state)
{
    (void)state;
    double before = kedge_clock_seconds();
    nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    double passed = kedge_clock_seconds() - before;
    assert_true(passed >= 0.0199 && passed < 20); /* a busy machine may take its time */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(it_never_goes_back), cmocka_unit_test(it_counts_seconds)};
    return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
