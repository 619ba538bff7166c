/* test_number.c - a whole string as a number. */
#include "unit.h"

#include <locale.h>

#include "format/number.h"

static void reads_decimals(void **state)
{
    (void)state;
    static const struct { const char *text; double value; } cases[] = {
        {"0", 0.0}, {"-0.5", -0.5}, {"+2", 2.0}, {".5", 0.5}, {"5.", 5.0}, {"1e-8", 1e-8}, {"1E+2", 100.0},
        {"007", 7.0}, {"1e-400", 0.0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double value = -1.0;
        assert_true(kedge_number_real(cases[i].text, &value));
        assert_true(value == cases[i].value);
    }
}

static void refuses_all_else(void **state)
{
    (void)state;
    static const char *const cases[] = {"", " ", "1e3x", "1 ", " 1", "nan", "inf", "-inf", "0x10", "1e", "e5", ".",
                                        "+", "1.2.3", "--1", "1,5", "1e400", "1e+", "1_000", "\xD9\xA1"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double value = 7.0;
        assert_false(kedge_number_real(cases[i], &value));
        assert_true(value == 7.0);
    }
}

/* A program around the library may have a decimal comma (where such a locale is installed). */
static void ignores_the_locale(void **state)
{
    (void)state;
    double value = 0.0;
    if (!setlocale(LC_NUMERIC, "de_DE.UTF-8")) setlocale(LC_NUMERIC, "fr_FR.UTF-8");
    bool read = kedge_number_real("0.5", &value);
    setlocale(LC_NUMERIC, "C");
    assert_true(read);
    assert_true(value == 0.5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_decimals),
        cmocka_unit_test(refuses_all_else),
        cmocka_unit_test(ignores_the_locale),
    };
    return cmocka_run_group_tests_name("format/number", tests, NULL, NULL);
}
