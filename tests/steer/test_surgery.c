/* What all kinds of surgery share: checks, report, memory. */
#include "failing_alloc.h"
#include "surgery_fixture.h"

static const int64_t dims[] = {0, 1, 2, 3, 4};

static void expect_refusal(const kedge_surgery_options *options, const char *message)
{
    surgery_fixture f;
    kedge_arena arena;
    kedge_model_options after = {.bottleneck = 77};
    fixture_open(&f, 1, true);
    kedge_arena_init(&arena, f.ctx);
    assert_int_equal(kedge_surgery_shape(options, &f.model, &after, &arena), KEDGE_EINVALID);
    assert_string_equal(kedge_error(), message);
    assert_int_equal(after.bottleneck, 77);
    kedge_arena_release(&arena);
    fixture_close(&f);
}

static void mistakes_are_refused(void **state)
{
    (void)state;
    static const int64_t twice[] = {1, 0, 1}, below[] = {-1};
    static const double values[] = {1, 2, 3};
    kedge_surgery_options options = {.kind = kind_named("ablate"), .site = "bottleneck"};
    expect_refusal(&options, "ablate: 'dims' is empty; must name at least one");
    options.dims = (kedge_ints){5, dims};
    expect_refusal(&options, "ablate: dim 4 is none of site 'bottleneck'; must be from 0 to 3");
    options.dims = (kedge_ints){1, below};
    expect_refusal(&options, "ablate: dim -1 is none of site 'bottleneck'; must be from 0 to 3");
    options.dims = (kedge_ints){3, twice};
    expect_refusal(&options, "ablate: dim 1 is named twice; must be named once");
    options.site = "encoder.1";
    expect_refusal(&options, "ablate: unknown site 'encoder.1'; did you mean 'encoder.0'?");
    options = (kedge_surgery_options){.kind = kind_named("constant"), .site = "bottleneck", .dims = {2, dims},
                                      .value = {3, values}};
    expect_refusal(&options, "constant: 'value' has 3 numbers; must have 2, one per dim");
}

static void prune_is_refused_where_widths_are_shared(void **state)
{
    (void)state;
    kedge_surgery_options options = {.kind = kind_named("prune"), .site = "encoder.0", .dims = {1, dims}};
    expect_refusal(&options, "prune: site 'encoder.0' shares its width with another; only 'bottleneck' can lose dims, "
                   "elsewhere ablate them");
}

static void a_dim_must_stay(void **state)
{
    (void)state;
    kedge_surgery_options options = {.kind = kind_named("prune"), .site = "bottleneck", .dims = {4, dims}};
    expect_refusal(&options, "prune: all 4 dims of site 'bottleneck'; at least one must stay");
}

static void apply_checks_as_shape_does(void **state)
{
    (void)state;
    surgery_fixture f;
    fixture_open(&f, 1, true);
    kedge_surgery_options options = {.kind = kind_named("ablate"), .site = "bottleneck", .dims = {5, dims}};
    assert_int_equal(operate(&f, &options, NULL), KEDGE_EINVALID);
    assert_string_equal(kedge_error(), "ablate: dim 4 is none of site 'bottleneck'; must be from 0 to 3");
    fixture_close(&f);
}

static void shapes_stay_but_for_prune(void **state)
{
    (void)state;
    for (int kind = 0; kind < kedge_n_surgery_kinds(); kind++) {
        surgery_fixture f;
        kedge_arena arena;
        kedge_model_options after;
        fixture_open(&f, 1, true);
        kedge_arena_init(&arena, f.ctx);
        kedge_surgery_options options = {.kind = kind, .site = "bottleneck", .dims = {2, dims}};
        assert_int_equal(kedge_surgery_shape(&options, &f.model, &after, &arena), KEDGE_OK);
        assert_int_equal(after.bottleneck, kedge_surgery_kinds[kind]->resizes ? 2 : 4);
        assert_int_equal(after.hidden.n, 1);
        kedge_arena_release(&arena);
        fixture_close(&f);
    }
}

static void *get_little(size_t size, void *payload)
{
    (void)payload;
    return size < 1 << 20 ? aligned_alloc(64, (size + 63) / 64 * 64) : NULL;
}

static void give_back(void *block, void *payload)
{
    (void)payload;
    free(block);
}

/* The shape of a model whose numbers would be 2 GB. */
static void shapes_take_no_memory_for_numbers(void **state)
{
    (void)state;
    static const int64_t wide[] = {65536};
    kedge_context_options little = {.alloc = get_little, .free = give_back, .threads = 1};
    kedge_model_options model = {.hidden = {1, wide}, .bottleneck = 4096, .normalize = true}, after;
    kedge_surgery_options options = {.kind = kind_named("prune"), .site = "bottleneck", .dims = {2, dims}};
    kedge_context *ctx;
    kedge_arena arena;
    assert_int_equal(kedge_context_create(&ctx, &little), KEDGE_OK);
    kedge_arena_init(&arena, ctx);
    assert_int_equal(kedge_surgery_shape(&options, &model, &after, &arena), KEDGE_OK);
    assert_int_equal(after.bottleneck, 4094);
    kedge_arena_release(&arena);
    kedge_context_free(ctx);
}

/* Into other numbers, or in place: the same. */
static void in_place_or_not(void **state)
{
    (void)state;
    for (int kind = 0; kind < kedge_n_surgery_kinds(); kind++) {
        if (kedge_surgery_kinds[kind]->resizes) continue;
        surgery_fixture f;
        kedge_params other;
        kedge_surgery_report apart[2], within[2];
        fixture_open(&f, 1, true);
        fixture_params(&other, f.ctx, &f.model);
        kedge_surgery_options options = {.kind = kind, .site = "bottleneck", .dims = {2, dims}};
        assert_int_equal(kedge_surgery_apply(f.ctx, &options, &f.model, &f.params, &other, f.dataset, apart), KEDGE_OK);
        assert_int_equal(operate(&f, &options, within), KEDGE_OK);
        assert_memory_equal(other.values, f.params.values, other.size * sizeof *other.values);
        assert_memory_equal(apart, within, sizeof apart);
        kedge_params_release(&other);
        fixture_close(&f);
    }
}

/* Asking for a report changes no number. */
static void with_a_report_or_without(void **state)
{
    (void)state;
    for (int kind = 0; kind < kedge_n_surgery_kinds(); kind++) {
        if (kedge_surgery_kinds[kind]->resizes) continue;
        surgery_fixture f, g;
        kedge_surgery_report report[2];
        fixture_open(&f, 1, true);
        fixture_open(&g, 1, true);
        kedge_surgery_options options = {.kind = kind, .site = "bottleneck", .dims = {2, dims}};
        assert_int_equal(operate(&f, &options, report), KEDGE_OK);
        assert_int_equal(operate(&g, &options, NULL), KEDGE_OK);
        assert_memory_equal(f.params.values, g.params.values, f.params.size * sizeof *f.params.values);
        fixture_close(&g);
        fixture_close(&f);
    }
}

static void the_report_has_the_losses(void **state)
{
    (void)state;
    for (int kind = 0; kind < kedge_n_surgery_kinds(); kind++) {
        surgery_fixture f;
        kedge_params after;
        kedge_model_options model;
        kedge_arena arena;
        kedge_surgery_report report[2];
        fixture_open(&f, 1, true);
        kedge_arena_init(&arena, f.ctx);
        kedge_surgery_options options = {.kind = kind, .site = "bottleneck", .dims = {2, dims}};
        assert_int_equal(kedge_surgery_shape(&options, &f.model, &model, &arena), KEDGE_OK);
        fixture_params(&after, f.ctx, &model);
        assert_int_equal(kedge_surgery_apply(f.ctx, &options, &f.model, &f.params, &after, f.dataset, report),
                         KEDGE_OK);
        double before = loss_of(&f, &f.params);
        f.model = model;
        for (int d = 0; d < 2; d++) {
            assert_int_equal(report[d].dim, d);
            assert_float_equal(report[d].loss_before, before, 1e-15);
            assert_float_equal(report[d].loss_after, loss_of(&f, &after), 1e-15);
        }
        kedge_params_release(&after);
        kedge_arena_release(&arena);
        fixture_close(&f);
    }
}

/* Every request for memory fails in turn: one clear error, nothing kept. */
static void lack_of_memory(void **state)
{
    (void)state;
    for (int kind = 0; kind < kedge_n_surgery_kinds(); kind++) {
        surgery_fixture f;
        kedge_surgery_report report[1];
        kedge_surgery_options options = {.kind = kind, .site = "bottleneck", .dims = {1, dims}};
        fixture_open(&f, 1, true);
        kedge_params after;
        kedge_model_options model = f.model;
        model.bottleneck -= kedge_surgery_kinds[kind]->resizes;
        fixture_params(&after, f.ctx, &model);
        for (size_t n = 1;; n++) {
            failing_alloc memory = {.fail_at = n};
            kedge_context_options with = failing_alloc_options(&memory);
            kedge_context *ctx = NULL;
            kedge_arena arena;
            kedge_model_options shape;
            kedge_status status = kedge_context_create(&ctx, &with);
            if (!status) {
                kedge_arena_init(&arena, ctx);
                status = kedge_surgery_shape(&options, &f.model, &shape, &arena);
                if (!status)
                    status = kedge_surgery_apply(ctx, &options, &f.model, &f.params, &after, f.dataset, report);
                kedge_arena_release(&arena);
                kedge_context_free(ctx);
            }
            assert_int_equal(memory.in_use, 0);
            assert_int_equal(status, memory.requests < n ? KEDGE_OK : KEDGE_ENOMEM);
            if (memory.requests < n) break;
            assert_true(n < 10000);
        }
        kedge_params_release(&after);
        fixture_close(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_are_refused),
        cmocka_unit_test(prune_is_refused_where_widths_are_shared),
        cmocka_unit_test(a_dim_must_stay),
        cmocka_unit_test(apply_checks_as_shape_does),
        cmocka_unit_test(shapes_stay_but_for_prune),
        cmocka_unit_test(shapes_take_no_memory_for_numbers),
        cmocka_unit_test(in_place_or_not),
        cmocka_unit_test(with_a_report_or_without),
        cmocka_unit_test(the_report_has_the_losses),
        cmocka_unit_test(lack_of_memory),
    };
    return cmocka_run_group_tests_name("surgery", tests, NULL, NULL);
}
