/* Ablate and prune: nothing but the dims' weights change, and both give the same outputs. */
#include "surgery_fixture.h"

static const int64_t dims[] = {2, 0};

static kedge_surgery_options surgery(const char *kind, const char *site, int n)
{
    return (kedge_surgery_options){.kind = kind_named(kind), .site = site, .dims = {n, dims}};
}

/* Whether dim is one of the first n above. */
static bool is_done(int n, int dim)
{
    for (int i = 0; i < n; i++)
        if (dims[i] == dim) return true;
    return false;
}

/* 'site' lies between the layers 'producer' and 'consumer'. */
static void check_ablated(const char *site, const char *producer, const char *consumer)
{
    surgery_fixture f;
    char made[64], bias[64], read[64];
    snprintf(made, sizeof made, "%s.weight", producer);
    snprintf(bias, sizeof bias, "%s.bias", producer);
    snprintf(read, sizeof read, "%s.weight", consumer);
    fixture_open(&f, 2, true);
    kedge_params before;
    fixture_params(&before, f.ctx, &f.model);
    memcpy(before.values, f.params.values, before.size * sizeof *before.values);
    kedge_surgery_options options = surgery("ablate", site, 2);
    assert_int_equal(operate(&f, &options, NULL), KEDGE_OK);
    for (int t = 0; t < before.n; t++) {
        const kedge_param *param = &before.list[t];
        bool rows = strcmp(param->name, made) == 0 || strcmp(param->name, bias) == 0;
        bool columns = strcmp(param->name, read) == 0;
        int width = param->cols > 0 ? param->cols : 1;
        for (int i = 0; i < param->rows; i++)
            for (int j = 0; j < width; j++) {
                bool gone = (rows && is_done(2, i)) || (columns && is_done(2, j));
                float was = before.values[param->offset + (size_t)(i * width + j)];
                float is = f.params.values[param->offset + (size_t)(i * width + j)];
                if (is != (gone ? 0 : was))
                    fail_msg("%s [%d,%d] is %g, was %g", param->name, i, j, (double)is, (double)was);
            }
    }
    kedge_params_release(&before);
    fixture_close(&f);
}

static void only_weights_of_the_dims_change(void **state)
{
    (void)state;
    check_ablated("bottleneck", "encoder.4", "decoder.0");
    check_ablated("pre-norm", "encoder.4", "decoder.0");
    check_ablated("encoder.0", "encoder.0", "encoder.2");
    check_ablated("encoder.1", "encoder.2", "encoder.4");
    check_ablated("decoder.0", "decoder.0", "decoder.2");
    check_ablated("decoder.1", "decoder.2", "decoder.4");
}

static void ablating_twice_is_ablating_once(void **state)
{
    (void)state;
    surgery_fixture f;
    fixture_open(&f, 1, true);
    kedge_surgery_options options = surgery("ablate", "bottleneck", 2);
    assert_int_equal(operate(&f, &options, NULL), KEDGE_OK);
    size_t bytes = f.params.size * sizeof *f.params.values;
    float *once = malloc(bytes);
    assert_non_null(once);
    memcpy(once, f.params.values, bytes);
    assert_int_equal(operate(&f, &options, NULL), KEDGE_OK);
    assert_memory_equal(once, f.params.values, bytes);
    free(once);
    fixture_close(&f);
}

/* layers 0 to 2, normalized or plain, one and two dims */
static void pruned_equals_ablated(void **state)
{
    (void)state;
    for (int c = 0; c < 12; c++) {
        int n = 1 + c / 6;
        surgery_fixture f;
        fixture_open(&f, c % 3, c / 3 % 2);
        kedge_params pruned;
        kedge_model_options smaller;
        kedge_arena arena;
        kedge_arena_init(&arena, f.ctx);
        kedge_surgery_options prune = surgery("prune", "bottleneck", n), ablate = surgery("ablate", "bottleneck", n);
        assert_int_equal(kedge_surgery_shape(&prune, &f.model, &smaller, &arena), KEDGE_OK);
        assert_int_equal(smaller.bottleneck, 4 - n);
        fixture_params(&pruned, f.ctx, &smaller);
        assert_int_equal(kedge_surgery_apply(f.ctx, &prune, &f.model, &f.params, &pruned, f.dataset, NULL), KEDGE_OK);
        assert_int_equal(operate(&f, &ablate, NULL), KEDGE_OK);
        float *a = outputs_of(&f, &f.model, &f.params), *b = outputs_of(&f, &smaller, &pruned);
        for (int i = 0; i < 3 * f.dataset->points; i++)
            if (!(fabsf(a[i] - b[i]) <= 1e-6f))
                fail_msg("case %d: output %d is %.9g, pruned %.9g", c, i, (double)a[i], (double)b[i]);
        free(a);
        free(b);
        kedge_params_release(&pruned);
        kedge_arena_release(&arena);
        fixture_close(&f);
    }
}

/* Dims may come in any order: those that stay keep theirs. */
static void what_stays_keeps_its_numbers(void **state)
{
    (void)state;
    surgery_fixture f;
    fixture_open(&f, 0, true);
    kedge_params pruned;
    kedge_model_options smaller = f.model;
    smaller.bottleneck = 2;
    fixture_params(&pruned, f.ctx, &smaller);
    kedge_surgery_options prune = surgery("prune", "pre-norm", 2);
    assert_int_equal(kedge_surgery_apply(f.ctx, &prune, &f.model, &f.params, &pruned, f.dataset, NULL), KEDGE_OK);
    for (int k = 0; k < 2; k++) {
        int from = 2 * k + 1; /* 0 and 2 are gone */
        assert_memory_equal(tensor(&pruned, "encoder.0.weight") + 3 * k,
                            tensor(&f.params, "encoder.0.weight") + 3 * from, 3 * sizeof(float));
        assert_true(tensor(&pruned, "encoder.0.bias")[k] == tensor(&f.params, "encoder.0.bias")[from]);
        for (int i = 0; i < 3; i++)
            assert_true(tensor(&pruned, "decoder.0.weight")[2 * i + k] ==
                        tensor(&f.params, "decoder.0.weight")[4 * i + from]);
    }
    assert_memory_equal(tensor(&pruned, "decoder.0.bias"), tensor(&f.params, "decoder.0.bias"), 3 * sizeof(float));
    kedge_params_release(&pruned);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_weights_of_the_dims_change),
        cmocka_unit_test(ablating_twice_is_ablating_once),
        cmocka_unit_test(pruned_equals_ablated),
        cmocka_unit_test(what_stays_keeps_its_numbers),
    };
    return cmocka_run_group_tests_name("surgery_ablate", tests, NULL, NULL);
}
