/* test_typesetter.c - Pango bound to a drawing context: one each, no grid, safe to use from many threads. */
#include "draw_test.h"

#include <pthread.h>

#include "draw/canvas.h"
#include "draw/lettering.h"
#include "draw/typesetter.h"

static void a_context_has_one_typesetter(void **state)
{
    (void)state;
    kedge_typesetter *first, *second;
    cairo_t *cr = kedge_canvas_measure();
    assert_int_equal(kedge_typesetter_of(&first, cr), KEDGE_OK);
    assert_int_equal(kedge_typesetter_of(&second, cr), KEDGE_OK);
    assert_ptr_equal(first, second);
    cairo_destroy(cr);
}

static void contexts_share_no_typesetter(void **state)
{
    (void)state;
    kedge_typesetter *first, *second;
    cairo_t *a = kedge_canvas_measure(), *b = kedge_canvas_measure();
    assert_int_equal(kedge_typesetter_of(&first, a), KEDGE_OK);
    assert_int_equal(kedge_typesetter_of(&second, b), KEDGE_OK);
    assert_ptr_not_equal(first, second);
    cairo_destroy(a);
    cairo_destroy(b);
}

static void a_broken_context_has_none(void **state)
{
    (void)state;
    kedge_typesetter *setter;
    cairo_t *cr = cairo_create(NULL); /* in a state of error */
    assert_int_equal(kedge_typesetter_of(&setter, cr), KEDGE_ENOMEM);
    cairo_destroy(cr);
}

static double width_at(double size)
{
    const kedge_lettering style = {.theme = kedge_theme_of(false), .size = size};
    cairo_t *cr = kedge_canvas_measure();
    double width = kedge_lettering_width(cr, &style, "Quilombo 0.25, \xce\xb1 \xe2\x88\x92 AVATAR");
    cairo_destroy(cr);
    return width;
}

/* A pixel grid would move letters by up to half a point. */
static void widths_grow_with_the_size(void **state)
{
    (void)state;
    assert_float_equal(width_at(20), 2 * width_at(10), 0.02);
    assert_float_equal(width_at(8.5), 0.85 * width_at(10), 0.02);
}

static void *measure(void *payload)
{
    double *width = payload;
    *width = width_at(9);
    return NULL;
}

static void threads_measure_alike(void **state)
{
    (void)state;
    enum { THREADS = 6 };
    pthread_t threads[THREADS];
    double widths[THREADS] = {0}, own = width_at(9);
    for (int i = 0; i < THREADS; i++) assert_int_equal(pthread_create(&threads[i], NULL, measure, &widths[i]), 0);
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    for (int i = 0; i < THREADS; i++) assert_true(widths[i] == own);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_context_has_one_typesetter),
        cmocka_unit_test(contexts_share_no_typesetter),
        cmocka_unit_test(a_broken_context_has_none),
        cmocka_unit_test(widths_grow_with_the_size),
        cmocka_unit_test(threads_measure_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
