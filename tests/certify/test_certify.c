/* certificates of bare parameters: never violated, tight, exact where the answer is known. */
#include "attack.h"

#include "failing_alloc.h"

static const kedge_certify_options coarse = {.resolution = 0.1, .patches = 600};

/* ---- sound ---- */

static void survives_attack(fixture *f, const kedge_certify_options *options, double least)
{
    must_certify(f, options);
    double reached = attack(f, 24, 60);
    if (reached < least) fail_msg("no latent came nearer to its promise than %.3g of it", reached);
}

static void suppression(void **state)
{
    fixture *f = *state;
    for (uint64_t seed = 0; seed < 8; seed++) {
        make_model(f, 4, 16, 0, KEDGE_ACTIVATION_GELU, seed, 2);
        make_edit(f, &kedge_edit_suppress, seed % 2);
        survives_attack(f, &coarse, 0.5);
    }
}

static void suppression_with_a_falloff(void **state)
{
    fixture *f = *state;
    static const double powers[] = {0, 0.3, 1, 1.5, 2, 7}, froms[] = {90, 60, 37, 10};
    for (uint64_t seed = 0; seed < 24; seed++) {
        make_model(f, 3, 8, 0, KEDGE_ACTIVATION_GELU, seed, 3);
        kedge_edit_options *edit = make_edit(f, &kedge_edit_suppress, true);
        edit->power = powers[seed % 6];
        edit->from = froms[seed / 6];
        edit->strength = seed % 3 == 0 ? 2 : 0.7;
        survives_attack(f, &coarse, 0);
    }
}

static void repulsion(void **state)
{
    fixture *f = *state;
    for (uint64_t seed = 0; seed < 16; seed++) {
        make_model(f, 4, 12, 0, KEDGE_ACTIVATION_GELU, seed, 3);
        kedge_edit_options *edit = make_edit(f, &kedge_edit_repel, true);
        edit->map = seed % 2 ? KEDGE_MAP_BEZIER : KEDGE_MAP_LINEAR;
        edit->from = seed % 4 < 2 ? 90 : 50;
        edit->to = seed % 8 < 4 ? edit->from - 1 : 5;
        survives_attack(f, &coarse, 0.1);
    }
}

static void addition(void **state)
{
    fixture *f = *state;
    for (uint64_t seed = 0; seed < 6; seed++) {
        make_model(f, 4, 12, 0, KEDGE_ACTIVATION_GELU, seed, 2);
        make_edit(f, &kedge_edit_add, true)->strength = seed % 2 ? -3 : 0.4;
        survives_attack(f, &coarse, 0.5);
    }
}

static void dims_zeroed_ablated_reflected(void **state)
{
    fixture *f = *state;
    for (uint64_t seed = 0; seed < 24; seed++) {
        make_model(f, 4 + (int)seed % 2, 12, 0, KEDGE_ACTIVATION_GELU, seed, 2);
        int dims = 1 + (int)seed / 8;
        if (seed % 4 == 0) make_zero(f, dims);
        else make_surgery(f, seed % 4 == 1 ? "ablate" : seed % 4 == 2 ? "prune" : "reflect", dims);
        survives_attack(f, &coarse, 0.3);
    }
}

static void every_activation(void **state)
{
    fixture *f = *state;
    static const int kinds[] = {KEDGE_ACTIVATION_GELU, KEDGE_ACTIVATION_RELU, KEDGE_ACTIVATION_TANH,
                                KEDGE_ACTIVATION_SIGMOID};
    for (uint64_t seed = 0; seed < 16; seed++) {
        make_model(f, 4, 10, seed % 2 ? 10 : 0, kinds[seed / 4], seed, 3);
        f->model.output = seed % 4 < 2 ? KEDGE_OUTPUT_LINEAR : KEDGE_OUTPUT_SIGMOID;
        f->clamp = seed % 4 == 0;
        make_edit(f, &kedge_edit_suppress, true);
        survives_attack(f, &coarse, 0.3);
    }
}

static void huge_weights(void **state)
{
    fixture *f = *state;
    static const double scales[] = {1e-3, 30, 1e3, 1e6, 1e18};
    for (uint64_t seed = 0; seed < 20; seed++) {
        make_model(f, 4, 16, seed % 2 ? 8 : 0, KEDGE_ACTIVATION_GELU, seed, scales[seed % 5]);
        f->clamp = seed % 4 < 2;
        if (seed < 10) make_edit(f, &kedge_edit_suppress, true);
        else make_surgery(f, "ablate", 2);
        survives_attack(f, &coarse, 0);
    }
}

static void few_dims(void **state)
{
    fixture *f = *state;
    for (uint64_t seed = 0; seed < 12; seed++) {
        int k = 1 + (int)seed % 3;
        make_model(f, k, 8, 0, KEDGE_ACTIVATION_GELU, seed, 2);
        if (seed < 6) make_edit(f, &kedge_edit_suppress, true);
        else make_zero(f, seed % 2 ? k : 1);
        must_certify(f, &coarse);
        attack(f, 24, 40);
    }
}

static void many_dims(void **state)
{
    fixture *f = *state;
    for (uint64_t seed = 0; seed < 8; seed++) {
        make_model(f, 9 + (int)seed % 5, 16, seed % 2 ? 16 : 0, KEDGE_ACTIVATION_GELU, seed, 1);
        if (seed % 4 < 2) make_edit(f, &kedge_edit_suppress, true);
        else make_surgery(f, "ablate", 1 + (int)seed % 3);
        survives_attack(f, &coarse, 0.05);
    }
}

/* ---- tight ---- */

static void comes_near_to_what_is_found(void **state)
{
    fixture *f = *state;
    for (uint64_t seed = 0; seed < 4; seed++) {
        make_model(f, 4, 16, 0, KEDGE_ACTIVATION_GELU, seed, 2);
        make_edit(f, &kedge_edit_suppress, true);
        must_certify(f, NULL);
        assert_int_equal(f->n_cells, 50);
        for (int i = 0; i < f->n_cells; i++) {
            assert_true(f->cells[i].found <= f->cells[i].bound);
            assert_true(f->cells[i].bound <= 1.02 * f->cells[i].found + 3e-4);
        }
    }
}

/* Without a hidden layer the change is the weights' column along the direction times what is removed. */
static void is_exact_for_a_linear_decoder(void **state)
{
    fixture *f = *state;
    make_model(f, 4, 0, 0, KEDGE_ACTIVATION_GELU, 3, 1);
    f->clamp = false;
    make_edit(f, &kedge_edit_suppress, false)->strength = 0.6;
    must_certify(f, &(kedge_certify_options){.tolerance = 1e-3});
    const float *w = f->params.values + kedge_params_find(&f->params, "decoder.0.weight")->offset;
    double column = sqrt(((double)w[0] * (double)w[0] + (double)w[4] * (double)w[4] + (double)w[8] * (double)w[8]) / 3);
    for (int i = 0; i < f->n_cells; i++) {
        double exact = 0.6 * f->cells[i].high * column;
        assert_true(f->cells[i].bound >= exact && f->cells[i].bound <= 1.001 * exact + 2e-4);
        assert_true(fabs(f->cells[i].found - exact) < 1e-3 * exact + 1e-5);
    }
}

/* A decoder that sees nothing of the direction. */
static void promises_nothing_changes_where_nothing_can(void **state)
{
    fixture *f = *state;
    make_model(f, 4, 8, 0, KEDGE_ACTIVATION_GELU, 1, 1);
    const kedge_param *weight = kedge_params_find(&f->params, "decoder.0.weight");
    for (int r = 0; r < 8; r++) f->params.values[weight->offset + (size_t)(4 * r)] = 0;
    make_edit(f, &kedge_edit_suppress, false);
    must_certify(f, NULL);
    for (int i = 0; i < f->n_cells; i++) assert_true(f->cells[i].bound < 5e-5);
}

/* ---- cells ---- */

static void cells_meet_and_begin_where_the_edit_does(void **state)
{
    fixture *f = *state;
    make_model(f, 3, 4, 0, KEDGE_ACTIVATION_GELU, 1, 1);
    make_edit(f, &kedge_edit_suppress, false)->from = 50; /* .6428 */
    must_certify(f, &(kedge_certify_options){.resolution = 0.1});
    assert_int_equal(f->n_cells, 11);
    for (int i = 0; i < f->n_cells; i++) {
        assert_true(f->cells[i].low == (i ? f->cells[i - 1].high : 0));
        if (i < 7) assert_true(f->cells[i].bound == 0 && f->cells[i].patches == 0);
        else assert_true(f->cells[i].bound > 0 && f->cells[i].patches > 0);
    }
    assert_true(f->cells[10].high == 1 && fabs(f->cells[6].high - cos(50 * M_PI / 180)) < 1e-12);
    assert_int_equal(kedge_certify_cell(f->cells, f->n_cells, 0), 0);
    assert_int_equal(kedge_certify_cell(f->cells, f->n_cells, f->cells[6].high), 6);
    assert_int_equal(kedge_certify_cell(f->cells, f->n_cells, nextafter(f->cells[6].high, 1)), 7);
    assert_int_equal(kedge_certify_cell(f->cells, f->n_cells, 1), 10);
}

/* Ablation of a latent that is all of the ablated dim leaves the decoder with nothing, or any unit vector. */
static void the_corner_is_covered(void **state)
{
    fixture *f = *state;
    for (uint64_t seed = 0; seed < 6; seed++) {
        make_model(f, 4, 12, 0, KEDGE_ACTIVATION_GELU, seed, 4);
        make_surgery(f, "ablate", 1);
        must_certify(f, &coarse);
        double z[4] = {1, 0, 0, 0}, nothing[4] = {0}, before[N_OUT], after[N_OUT];
        for (int sign = -1; sign <= 1; sign += 2)
            for (double r = 0; r <= 1; r += 0.25) {
                z[0] = sign;
                nothing[1] = r;
                reference_decode(f, z, before);
                reference_decode(f, nothing, after);
                double sum = 0;
                for (int j = 0; j < N_OUT; j++) sum += pow(after[j] - before[j], 2) / N_OUT;
                assert_true(sqrt(sum) <= f->cells[f->n_cells - 1].bound);
            }
    }
}

static void alignment_is_what_edits_see(void **state)
{
    fixture *f = *state;
    make_model(f, 4, 4, 0, KEDGE_ACTIVATION_GELU, 1, 1);
    make_edit(f, &kedge_edit_suppress, false);
    must_certify(f, &coarse);
    assert_true(fabs(kedge_certify_alignment(&f->path, (const float[4]){3, 0, 4, 0}) - 0.6) < 1e-15);
    assert_true(fabs(kedge_certify_alignment(&f->path, (const float[4]){-3, 0, 4, 0}) + 0.6) < 1e-15);
    assert_true(kedge_certify_alignment(&f->path, (const float[4]){0, 0, 0, 0}) == 0);
    make_surgery(f, "ablate", 2);
    must_certify(f, &coarse);
    assert_true(fabs(kedge_certify_alignment(&f->path, (const float[4]){3, 4, 0, 12}) - 5.0 / 13) < 1e-15);
    assert_true(fabs(kedge_certify_alignment(&f->path, (const float[4]){-3, 0, 4, 0}) - 0.6) < 1e-15);
}

/* ---- the same for all ---- */

static void threads_do_not_matter(void **state)
{
    fixture *f = *state;
    kedge_certificate_cell cells[11];
    make_model(f, 4, 12, 6, KEDGE_ACTIVATION_GELU, 7, 2);
    make_surgery(f, "ablate", 1);
    must_certify(f, &coarse);
    assert_int_equal(f->n_cells, 10);
    memcpy(cells, f->cells, (size_t)f->n_cells * sizeof *cells);
    f->ctx->threads = 5;
    must_certify(f, &coarse);
    assert_memory_equal(cells, f->cells, (size_t)f->n_cells * sizeof *cells);
}

static void more_patches_are_tighter(void **state)
{
    fixture *f = *state;
    make_model(f, 6, 12, 0, KEDGE_ACTIVATION_GELU, 7, 2);
    make_edit(f, &kedge_edit_suppress, true);
    kedge_certify_options options = {.resolution = 0.5, .patches = 1, .tolerance = 1e-3};
    double before = INFINITY;
    for (; options.patches < 3000; options.patches *= 9) {
        must_certify(f, &options);
        assert_true(f->cells[1].bound <= before);
        before = f->cells[1].bound;
    }
}

/* ---- refused ---- */

static void refuse(fixture *f, kedge_status status, const char *why)
{
    assert_int_equal(certify(f, &coarse), status);
    assert_string_equal(kedge_error(), why);
}

static void a_model_that_is_not_normalized(void **state)
{
    fixture *f = *state;
    make_model(f, 4, 4, 0, KEDGE_ACTIVATION_GELU, 1, 1);
    make_edit(f, &kedge_edit_suppress, false);
    f->model.normalize = false;
    refuse(f, KEDGE_EUNSUPPORTED, "plan 'p' cannot be certified: the model's latents are not normalized, so that no "
                                  "alignment bounds what an edit moves");
}

static void a_plan_of_two_steps(void **state)
{
    fixture *f = *state;
    make_model(f, 4, 4, 0, KEDGE_ACTIVATION_GELU, 1, 1);
    make_edit(f, &kedge_edit_suppress, false);
    f->plan.n_steps = 2;
    refuse(f, KEDGE_EUNSUPPORTED, "plan 'p' cannot be certified: it is not a single edit or surgery");
}

static void an_edit_elsewhere(void **state)
{
    fixture *f = *state;
    make_model(f, 4, 4, 0, KEDGE_ACTIVATION_GELU, 1, 1);
    make_edit(f, &kedge_edit_suppress, false)->site = "decoder.0";
    refuse(f, KEDGE_EUNSUPPORTED, "plan 'p' cannot be certified: it edits a site other than 'bottleneck', where the "
                                  "latent's length is known");
}

static void surgery_that_depends_on_lengths(void **state)
{
    fixture *f = *state;
    make_model(f, 4, 4, 0, KEDGE_ACTIVATION_GELU, 1, 1);
    make_surgery(f, "redirect", 1);
    refuse(f, KEDGE_EUNSUPPORTED, "plan 'p' cannot be certified: what its surgery puts in place of the dims depends on "
                                  "the latent's length before the norm; ablate, prune and reflect can be");
}

static void numbers_that_do_not_fit(void **state)
{
    fixture *f = *state;
    make_model(f, 4, 4, 0, KEDGE_ACTIVATION_GELU, 1, 1);
    make_edit(f, &kedge_edit_suppress, false)->direction.n = 3;
    refuse(f, KEDGE_EINVALID, "plan 'p': 'direction' has 3 numbers; the latent has 4 dims");
    make_edit(f, &kedge_edit_suppress, false);
    f->direction[0] = 0;
    refuse(f, KEDGE_EINVALID, "plan 'p': 'direction' is all 0; must have a number that is not");
    make_zero(f, 1);
    f->dims[0] = 4;
    refuse(f, KEDGE_EINVALID, "plan 'p': dim 4; the latent has dims 0 to 3");
    make_zero(f, 2);
    f->dims[0] = 0;
    refuse(f, KEDGE_EINVALID, "plan 'p': dim 0 is named twice");
}

static void weights_that_are_no_numbers(void **state)
{
    fixture *f = *state;
    make_model(f, 4, 4, 0, KEDGE_ACTIVATION_GELU, 1, 1);
    make_edit(f, &kedge_edit_suppress, false);
    f->params.values[kedge_params_find(&f->params, "decoder.2.weight")->offset] = NAN;
    refuse(f, KEDGE_ENUMERIC, "tensor 'decoder.2.weight' holds numbers that are not finite; nothing can be promised of "
                              "such a model");
}

/* ---- memory ---- */

static void survives_each_failed_allocation(void **state)
{
    fixture *f = *state;
    for (int k = 4; k <= 9; k += 5) {
        make_model(f, k, 4, 0, KEDGE_ACTIVATION_GELU, 1, 1);
        make_edit(f, &kedge_edit_suppress, true);
        for (size_t n = 1;; n++) {
            failing_alloc memory = {0};
            kedge_context_options options = failing_alloc_options(&memory);
            kedge_context *ctx;
            kedge_arena arena;
            kedge_certificate_cell *cells;
            kedge_path path;
            int count;
            assert_int_equal(kedge_context_create(&ctx, &options), KEDGE_OK);
            kedge_arena_init(&arena, ctx);
            memory.requests = 0;
            memory.fail_at = n;
            kedge_status status = kedge_certify_cells(&cells, &count, &path, &arena, &f->plan, &f->model, &f->params,
                                                      N_OUT, true, &(kedge_certify_options){.resolution = 1,
                                                                                            .patches = 1});
            assert_int_equal(status, memory.requests < n ? KEDGE_OK : KEDGE_ENOMEM);
            kedge_arena_release(&arena);
            kedge_context_free(ctx);
            assert_int_equal(memory.in_use, 0);
            if (memory.requests < n) break;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(suppression),
        TEST(suppression_with_a_falloff),
        TEST(repulsion),
        TEST(addition),
        TEST(dims_zeroed_ablated_reflected),
        TEST(every_activation),
        TEST(huge_weights),
        TEST(few_dims),
        TEST(many_dims),
        TEST(comes_near_to_what_is_found),
        TEST(is_exact_for_a_linear_decoder),
        TEST(promises_nothing_changes_where_nothing_can),
        TEST(cells_meet_and_begin_where_the_edit_does),
        TEST(the_corner_is_covered),
        TEST(alignment_is_what_edits_see),
        TEST(threads_do_not_matter),
        TEST(more_patches_are_tighter),
        TEST(a_model_that_is_not_normalized),
        TEST(a_plan_of_two_steps),
        TEST(an_edit_elsewhere),
        TEST(surgery_that_depends_on_lengths),
        TEST(numbers_that_do_not_fit),
        TEST(weights_that_are_no_numbers),
        TEST(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
