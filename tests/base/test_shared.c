/* shared libraries: functions that are found when they are needed, and what is said when they are not. */
#include "unit.h"

#include <string.h>

#include "base/shared.h"

typedef struct functions {
    double (*cosine)(double x);
    size_t (*length)(const char *text);
} functions;

static const kedge_symbol cosine = {"cos", offsetof(functions, cosine)};
static const kedge_symbol length = {"strlen", offsetof(functions, length)};

static void functions_can_be_called(void **state)
{
    (void)state;
    const char *library = "libm.so.6";
    functions table = {0};
    assert_int_equal(kedge_shared_load(&library, 1, &cosine, 1, &table, "the test"), KEDGE_OK);
    assert_true(table.cosine(0) == 1);
}

static void each_symbol_is_looked_for_in_all_libraries(void **state)
{
    (void)state;
    const char *libraries[] = {"libm.so.6", "libc.so.6"};
    const kedge_symbol symbols[] = {length, cosine};
    functions table = {0};
    assert_int_equal(kedge_shared_load(libraries, 2, symbols, 2, &table, "the test"), KEDGE_OK);
    assert_int_equal(table.length("four"), 4);
    assert_true(table.cosine(0) == 1);
}

static void a_missing_library_is_named_with_its_package(void **state)
{
    (void)state;
    const char *library = "libabsent.so.59";
    functions table = {0};
    assert_int_equal(kedge_shared_load(&library, 1, &cosine, 1, &table, "video"), KEDGE_EUNSUPPORTED);
    assert_non_null(strstr(kedge_error(), "video needs 'libabsent.so.59' (Debian: libabsent59)"));
}

static void a_package_name_keeps_two_numbers_apart(void **state)
{
    (void)state;
    const char *library = "libabsent-1.0.so.0";
    functions table = {0};
    assert_int_equal(kedge_shared_load(&library, 1, &cosine, 1, &table, "text"), KEDGE_EUNSUPPORTED);
    assert_non_null(strstr(kedge_error(), "(Debian: libabsent-1.0-0)"));
}

static void a_missing_symbol_is_named(void **state)
{
    (void)state;
    const char *library = "libm.so.6";
    const kedge_symbol symbols[] = {cosine, {"kedge_no_such_function", offsetof(functions, length)}};
    functions table = {0};
    assert_int_equal(kedge_shared_load(&library, 1, symbols, 2, &table, "video"), KEDGE_EUNSUPPORTED);
    assert_string_equal(kedge_error(),
                        "video needs the function 'kedge_no_such_function', which 'libm.so.6' does not have");
}

static void a_table_stays_as_it_was_where_a_symbol_is_missing(void **state)
{
    (void)state;
    const char *library = "libm.so.6";
    const kedge_symbol symbols[] = {cosine, {"kedge_no_such_function", offsetof(functions, length)}};
    functions table = {0};
    assert_int_equal(kedge_shared_load(&library, 1, symbols, 2, &table, "video"), KEDGE_EUNSUPPORTED);
    assert_null(table.cosine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(functions_can_be_called),
        cmocka_unit_test(each_symbol_is_looked_for_in_all_libraries),
        cmocka_unit_test(a_missing_library_is_named_with_its_package),
        cmocka_unit_test(a_package_name_keeps_two_numbers_apart),
        cmocka_unit_test(a_missing_symbol_is_named),
        cmocka_unit_test(a_table_stays_as_it_was_where_a_symbol_is_missing),
    };
    return cmocka_run_group_tests_name("shared", tests, NULL, NULL);
}
