/* test_model_diff.c - what two models differ in. */
#include "operated.h"

#include <math.h>

#include "failing_alloc.h"
#include "run/model_diff.h"

/* The difference as csv without its header, columns up to 'entries'; a static buffer. */
static const char *diff(const fixture *f, const kedge_model *a, const kedge_model *b)
{
    static char text[8192];
    kedge_table *table = NULL;
    text[0] = '\0';
    if (kedge_model_diff(&table, a, b)) fail_msg("%s", kedge_error());
    assert_non_null(f);
    for (long long i = 0; i < kedge_table_rows(table); i++) {
        size_t used = strlen(text);
        kedge_cell cells[5];
        for (int c = 0; c < 5; c++) cells[c] = kedge_table_cell(table, i, c);
        used += (size_t)snprintf(text + used, sizeof text - used, "%s %s %s", cells[0].text, cells[1].text,
                                 cells[2].text);
        if (cells[3].kind) used += (size_t)snprintf(text + used, sizeof text - used, " %lld", cells[3].integer);
        if (cells[4].kind) used += (size_t)snprintf(text + used, sizeof text - used, ": %lld", cells[4].integer);
        snprintf(text + used, sizeof text - used, "\n");
    }
    kedge_table_free(table);
    return text;
}

static float *numbers(kedge_model *model, const char *tensor)
{
    const kedge_param *param = kedge_params_find(&model->params, tensor);
    assert_non_null(param);
    return model->params.values + param->offset;
}

static void a_model_is_like_itself(void **state)
{
    fixture *f = *state;
    kedge_model *a = train_one(f), *b = load_operated(f, trained);
    assert_string_equal(diff(f, a, b), "");
    numbers(a, "encoder.0.weight")[3] = 0;
    numbers(b, "encoder.0.weight")[3] = -0.0f;
    numbers(a, "encoder.0.weight")[4] = NAN;
    numbers(b, "encoder.0.weight")[4] = -NAN;
    assert_string_equal(diff(f, a, b), "");
    kedge_model_free(a);
    kedge_model_free(b);
}

static void rows_and_columns_of_surgery(void **state)
{
    fixture *f = *state;
    kedge_model *a = train_one(f), *b = load_operated(f, trained);
    operate_on(b, "ablate", 1);
    assert_string_equal(diff(f, a, b), "encoder.4.weight changed row 1: 5\n"
                                       "encoder.4.bias changed entry 1: 1\n"
                                       "decoder.0.weight changed column 1: 5\n");
    kedge_model_free(a);
    kedge_model_free(b);
}

/* A row of one surgery and a column of another cross in one tensor. */
static void a_row_and_a_column_that_cross(void **state)
{
    fixture *f = *state;
    kedge_model *a = train_one(f), *b = load_operated(f, trained);
    for (int j = 0; j < 6; j++) numbers(b, "encoder.2.weight")[6 * 2 + j] += 1; /* [5, 6] */
    for (int i = 0; i < 5; i++) numbers(b, "encoder.2.weight")[6 * i + 3] += 1;
    assert_string_equal(diff(f, a, b), "encoder.2.weight changed row 2: 6\n"
                                       "encoder.2.weight changed column 3: 5\n");
    kedge_model_free(a);
    kedge_model_free(b);
}

static void by_how_much(void **state)
{
    fixture *f = *state;
    kedge_table *table = NULL;
    kedge_model *a = train_one(f), *b = load_operated(f, trained);
    float *from = numbers(a, "decoder.4.weight"), *to = numbers(b, "decoder.4.weight"); /* [3, 6] */
    for (int j = 0; j < 6; j++) from[6 + j] = 0, to[6 + j] = 0;
    to[6] = 3;
    to[8] = -4;
    assert_int_equal(kedge_model_diff(&table, a, b), KEDGE_OK);
    assert_int_equal(kedge_table_rows(table), 1);
    assert_int_equal(kedge_table_cell(table, 0, kedge_table_column(table, "entries")).integer, 2);
    assert_true(kedge_table_cell(table, 0, kedge_table_column(table, "largest")).real == 4);
    assert_true(kedge_table_cell(table, 0, kedge_table_column(table, "norm")).real == 5);
    kedge_table_free(table);
    kedge_model_free(a);
    kedge_model_free(b);
}

static void what_prune_took_is_missing(void **state)
{
    fixture *f = *state;
    kedge_model *a = train_one(f), *b = load_operated(f, trained);
    kedge_surgery prune = {.kind = "prune", .n_dims = 2, .dims = (const int[]){0, 2}};
    assert_int_equal(kedge_model_operate(b, &prune, NULL), KEDGE_OK);
    assert_string_equal(diff(f, a, b), "encoder.4.weight missing row 0\nencoder.4.weight missing row 2\n"
                                       "encoder.4.bias missing entry 0\nencoder.4.bias missing entry 2\n"
                                       "decoder.0.weight missing column 0\ndecoder.0.weight missing column 2\n");
    assert_string_equal(diff(f, b, a), "encoder.4.weight added row 0\nencoder.4.weight added row 2\n"
                                       "encoder.4.bias added entry 0\nencoder.4.bias added entry 2\n"
                                       "decoder.0.weight added column 0\ndecoder.0.weight added column 2\n");
    kedge_model_free(a);
    kedge_model_free(b);
}

/* Row 2 of the trained model is row 1 now; it is named by its number in the first. */
static void what_changed_besides_prune(void **state)
{
    fixture *f = *state;
    kedge_model *a = train_one(f), *b = load_operated(f, trained);
    operate_on(b, "prune", 1);
    for (int j = 0; j < 2; j++) numbers(b, "encoder.4.weight")[5 + j] += 0.5f;
    assert_string_equal(diff(f, a, b), "encoder.4.weight missing row 1\n"
                                       "encoder.4.weight changed row 2: 2\n"
                                       "encoder.4.bias missing entry 1\n"
                                       "decoder.0.weight missing column 1\n");
    kedge_model_free(a);
    kedge_model_free(b);
}

static void strangers_of_another_shape(void **state)
{
    fixture *f = *state;
    kedge_model *a = train_one(f), *b = load_operated(f, trained);
    operate_on(b, "prune", 1);
    for (int i = 0; i < 10; i++) numbers(b, "encoder.4.weight")[i] += 0.5f;
    assert_string_equal(diff(f, a, b), "encoder.4.weight reshaped tensor\n"
                                       "encoder.4.bias missing entry 1\n"
                                       "decoder.0.weight missing column 1\n");
    kedge_model_free(a);
    kedge_model_free(b);
}

/* Deeper by a layer, with other widths: tensors that only one has, tensors of another shape both ways. */
static void models_of_other_recipes(void **state)
{
    fixture *f = *state;
    kedge_model *a = train_one(f);
    kedge_recipe_options deeper = {(const char *const[]){"model.hidden=[7]"}, 1};
    kedge_recipe_free(f->loaded);
    f->loaded = NULL;
    assert_int_equal(load(f, -1, NULL, "", &deeper), KEDGE_OK);
    run_into(f, "other", 0);
    kedge_model *b = load_operated(f, "other/seed-1/model.safetensors");
    const char *text = diff(f, a, b);
    assert_non_null(strstr(text, "encoder.2.weight reshaped tensor\n"));
    assert_non_null(strstr(text, "encoder.4.weight missing tensor\n"));
    assert_non_null(strstr(diff(f, b, a), "encoder.4.weight added tensor\n"));
    kedge_model_free(a);
    kedge_model_free(b);
}

/* ---- which lines were kept: against all choices ---- */

static void matching_is_the_best_of_all(void **state)
{
    fixture *f = *state;
    static const float many[6][2] = {{1, 1}, {2, 2}, {1, 1}, {3, 4}, {2, 5}, {3, 4}};
    static const struct {
        float few[3][2];
        int at[3];
        int64_t differ;
    } cases[] = {
        {{{1, 1}, {1, 1}, {3, 4}}, {0, 2, 3}, 0},
        {{{2, 2}, {3, 4}, {3, 4}}, {1, 3, 5}, 0},
        {{{3, 4}, {2, 5}, {3, 4}}, {3, 4, 5}, 0},
        {{{2, 7}, {2, 5}, {3, 4}}, {1, 4, 5}, 1},
        {{{3, 4}, {1, 1}, {2, 2}}, {0, 2, 4}, 3},
    };
    kedge_arena arena;
    kedge_arena_init(&arena, f->ctx);
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        int at[3];
        int64_t differ;
        kedge_lines all = {many[0], 6, 2, 2, 1}, some = {cases[c].few[0], 3, 2, 2, 1};
        assert_int_equal(kedge_lines_match(&all, &some, at, &differ, &arena), KEDGE_OK);
        assert_int_equal(differ, cases[c].differ);
        assert_memory_equal(at, cases[c].at, sizeof at);
    }
    kedge_arena_release(&arena);
}

static void too_much_to_match_is_left(void **state)
{
    fixture *f = *state;
    static const float one = 1;
    int at, n = 1 << 15;
    int64_t differ = 5;
    kedge_arena arena;
    kedge_arena_init(&arena, f->ctx);
    kedge_lines many = {&one, 2 * n, n, 0, 0}, few = {&one, n, n, 0, 0};
    assert_int_equal(kedge_lines_match(&many, &few, &at, &differ, &arena), KEDGE_OK);
    assert_int_equal(differ, -1);
    kedge_arena_release(&arena);
}

static void survives_each_failed_allocation(void **state)
{
    fixture *f = *state;
    kedge_model *a = train_one(f);
    operate_on(a, "prune", 1);
    save_as(f, a, "pruned.safetensors");
    kedge_model_free(a);
    for (size_t n = 1;; n++) {
        failing_alloc memory = {0};
        kedge_context_options options = failing_alloc_options(&memory);
        kedge_context *ctx;
        kedge_model *b = NULL;
        kedge_table *table = NULL;
        assert_int_equal(kedge_context_create(&ctx, &options), KEDGE_OK);
        assert_int_equal(kedge_model_load(&a, ctx, in_folder(f, trained)), KEDGE_OK);
        assert_int_equal(kedge_model_load(&b, ctx, in_folder(f, "pruned.safetensors")), KEDGE_OK);
        memory.requests = 0;
        memory.fail_at = n;
        kedge_status status = kedge_model_diff(&table, a, b);
        size_t requests = memory.requests;
        assert_int_equal(status, requests < n ? KEDGE_OK : KEDGE_ENOMEM);
        kedge_table_free(table);
        kedge_model_free(b);
        kedge_model_free(a);
        kedge_context_free(ctx);
        assert_int_equal(memory.in_use, 0);
        if (requests < n) break;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_model_is_like_itself),
        TEST(rows_and_columns_of_surgery),
        TEST(a_row_and_a_column_that_cross),
        TEST(by_how_much),
        TEST(what_prune_took_is_missing),
        TEST(what_changed_besides_prune),
        TEST(strangers_of_another_shape),
        TEST(models_of_other_recipes),
        TEST(matching_is_the_best_of_all),
        TEST(too_much_to_match_is_left),
        TEST(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
