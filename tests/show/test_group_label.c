/* test_group_label.c - what a group is called: by the settings that differ. */
#include "unit.h"

#include <math.h>

#include "show/group_label.h"
#include "store/table.h"

/* A table of two groups with two settings each, and the title and digest of their recipes. */
static kedge_table *table_of(kedge_context *ctx, const char *first, const char *second, const double settings[2][2],
                             const char *const titles[2])
{
    kedge_table *table = NULL;
    assert_int_equal(kedge_table_create(&table, ctx), KEDGE_OK);
    const char *const names[] = {"group", first, second, "metric", "recipe", "digest"};
    for (int i = 0; i < 6; i++) kedge_table_add_column(table, names[i], KEDGE_RANK_KEPT);
    for (int row = 0; row < 2; row++) {
        int at = 0;
        kedge_table_add_row(table);
        kedge_table_put_integer(table, &at, row + 1);
        for (int i = 0; i < 2; i++) kedge_table_put_real(table, &at, settings[row][i]); /* NaN: none */
        kedge_table_put_text(table, &at, "score");
        kedge_table_put_text(table, &at, titles[row]);
        kedge_table_put_text(table, &at, row ? "bbbb" : "aaaa");
    }
    assert_int_equal(kedge_table_status(table), KEDGE_OK);
    return table;
}

static void check(const char *first, const char *second, const double settings[2][2], const char *const titles[2],
                  const char *want)
{
    kedge_context *ctx;
    kedge_arena arena;
    assert_int_equal(kedge_context_create(&ctx, NULL), KEDGE_OK);
    kedge_arena_init(&arena, ctx);
    kedge_table *table = table_of(ctx, first, second, settings, titles);
    assert_string_equal(kedge_group_label(&arena, table, "metric", 1), want);
    kedge_table_free(table);
    kedge_arena_release(&arena);
    kedge_context_free(ctx);
}

static const char *const same[] = {"title", "title"}, *const different[] = {"one", "other"};

static void what_is_the_same_is_not_named(void **state)
{
    (void)state;
    check("optimizer.clip", "terms.separate.power", (const double[2][2]){{1, 50}, {1, 100}}, same, "power 100");
}

static void several_settings_are_named_in_order(void **state)
{
    (void)state;
    check("optimizer.clip", "terms.separate.power", (const double[2][2]){{1, 50}, {0.5, 100}}, same,
          "clip 0.5, power 100");
}

static void paths_that_end_alike_are_named_whole(void **state)
{
    (void)state;
    check("terms.a.power", "terms.b.power", (const double[2][2]){{1, 50}, {1, 100}}, same, "terms.b.power 100");
}

static void a_setting_that_is_missing_is_left_out(void **state)
{
    (void)state;
    check("optimizer.clip", "terms.separate.power", (const double[2][2]){{1, 50}, {(double)NAN, 100}}, same,
          "power 100");
}

static void recipes_of_other_titles_are_named_first(void **state)
{
    (void)state;
    check("optimizer.clip", "terms.separate.power", (const double[2][2]){{1, 50}, {1, 100}}, different,
          "other, power 100");
}

static void recipes_of_one_title_are_told_by_digest(void **state)
{
    (void)state;
    check("optimizer.clip", "terms.separate.power", (const double[2][2]){{1, 50}, {1, 50}}, same, "bbbb");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_the_same_is_not_named),
        cmocka_unit_test(several_settings_are_named_in_order),
        cmocka_unit_test(paths_that_end_alike_are_named_whole),
        cmocka_unit_test(a_setting_that_is_missing_is_left_out),
        cmocka_unit_test(recipes_of_other_titles_are_named_first),
        cmocka_unit_test(recipes_of_one_title_are_told_by_digest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
