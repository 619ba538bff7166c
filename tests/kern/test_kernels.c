/* Every kernel of the list, on every set that this machine can run, against its meaning in double. */
#include "kern_test.h"

#include <stdio.h>
#include <stdlib.h>

#include "kedge/context.h"

typedef struct listed {
    const char *name;
    const kern_check *checks;
} listed;

static const listed kernels[] = {
#define KERNEL(name, arguments) {#name, kern_checks_##name},
    KEDGE_KERNELS(KERNEL)
#undef KERNEL
};

typedef struct bound_check {
    const kedge_kern *kern;
    const kern_check *check;
    char name[96];
} bound_check;

enum { MAX_CHECKS = 512 };
static bound_check bound[MAX_CHECKS];
static struct CMUnitTest tests[MAX_CHECKS];

static void every_kernel_is_checked(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(kernels); i++)
        if (!kernels[i].checks || !kernels[i].checks[0].run) fail_msg("kernel '%s' has no check", kernels[i].name);
}

static void every_set_has_every_kernel(void **state)
{
    (void)state;
    for (int i = 0; kedge_kern_at(i); i++) {
        const kedge_kern *kern = kedge_kern_at(i);
        assert_non_null(kern->name);
        assert_non_null(kern->usable);
#define KERNEL(kernel, arguments)                                                                                      \
    if (!kern->kernel) fail_msg("'%s' has no kernel '%s'", kern->name, #kernel);
        KEDGE_KERNELS(KERNEL)
#undef KERNEL
    }
}

static void the_plain_set_is_first_and_runs_anywhere(void **state)
{
    (void)state;
    assert_ptr_equal(kedge_kern_at(0), &kedge_kern_ref);
    assert_string_equal(kedge_kern_at(0)->name, "ref");
    assert_true(kedge_kern_at(0)->usable());
}

static void the_list_ends(void **state)
{
    (void)state;
    int n = 0;
    while (kedge_kern_at(n)) n++;
    assert_null(kedge_kern_at(n + 1));
    assert_null(kedge_kern_at(1000));
}

static void run_check(void **state)
{
    const bound_check *self = *state;
    self->check->run(self->kern);
    kern_done();
}

static int add_checks(const kedge_kern *kern, int n)
{
    for (int i = 0; i < COUNT(kernels); i++)
        for (const kern_check *check = kernels[i].checks; check && check->run; check++, n++) {
            if (n == MAX_CHECKS) abort();
            bound[n] = (bound_check){.kern = kern, .check = check};
            snprintf(bound[n].name, sizeof bound[n].name, "%s (%s): %s", kernels[i].name, kern->name, check->name);
            tests[n] = (struct CMUnitTest){
                .name = bound[n].name, .test_func = run_check, .initial_state = &bound[n]};
        }
    return n;
}

int main(void)
{
    int n = 0;
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(every_kernel_is_checked);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(every_set_has_every_kernel);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(the_plain_set_is_first_and_runs_anywhere);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(the_list_ends);
    for (int i = 0; kedge_kern_at(i); i++)
        if (kedge_kern_at(i)->usable()) n = add_checks(kedge_kern_at(i), n);
    return _cmocka_run_group_tests("kernels", tests, (size_t)n, NULL, NULL);
}
