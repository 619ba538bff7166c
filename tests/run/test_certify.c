/* certificates of trained models, with the recipe's data beside them. */
#include "run_fixture.h"

#include <math.h>

#include "failing_alloc.h"
#include "kedge/certify.h"

static const char plans[] =
    "plans:\n"
    "  suppressed: {edit: suppress, direction: [1, 0, 0], from: 60}\n"
    "  ablated: {surgery: ablate, dims: [0]}\n"
    "  both: [{edit: zero, dims: [0]}, {edit: zero, dims: [1]}]\n"
    "  hidden: {edit: zero, dims: [0], site: decoder.0}\n";

static const kedge_certify_options coarse = {.resolution = 0.1, .patches = 400};

/* The model of seed 0 of the small recipe with plans. */
static kedge_model *train(fixture *f)
{
    kedge_model *model = NULL;
    load_good(f, plans);
    run_into(f, "out", 0);
    if (kedge_model_load(&model, f->ctx, in_folder(f, "out/seed-0/model.safetensors"))) fail_msg("%s", kedge_error());
    return model;
}

static kedge_certificate *certify(kedge_model *model, const char *plan)
{
    kedge_certificate *certificate = NULL;
    if (kedge_certify(&certificate, model, NULL, plan, &coarse)) fail_msg("%s", kedge_error());
    return certificate;
}

static void keeps_its_promises_on_the_data(void **state)
{
    static const char *const names[] = {"suppressed", "ablated"};
    kedge_model *model = train(*state);
    for (int i = 0; i < 2; i++) {
        kedge_certificate *certificate = certify(model, names[i]);
        const kedge_certificate_cell *cells;
        const kedge_certificate_point *points;
        int n = kedge_certificate_cells(certificate, &cells), counted = 0, away = 0;
        for (int c = 0; c < n; c++) {
            assert_true(cells[c].measured <= cells[c].bound && cells[c].found <= cells[c].bound);
            counted += cells[c].points;
        }
        assert_int_equal(kedge_certificate_points(certificate, &points), 27);
        for (int p = 0; p < 27; p++) {
            assert_true(points[p].point == p && !points[p].name);
            assert_true(points[p].after <= points[p].promised);
            away += points[p].alignment < 0;
            if (points[p].alignment < 0) assert_true(points[p].change == 0 && points[p].after == points[p].baseline);
        }
        assert_int_equal(counted + away, 27);
        assert_int_equal(kedge_certificate_is_unsigned(certificate), i);
        if (i == 1) assert_int_equal(away, 0);
        kedge_certificate_free(certificate);
    }
    kedge_model_free(model);
}

static void names_colours(void **state)
{
    kedge_model *model = train(*state);
    kedge_certificate *certificate = certify(model, "ablated");
    const kedge_certificate_point *colours;
    int n = kedge_certificate_colours(certificate, &colours);
    assert_int_equal(n, 17);
    assert_string_equal(colours[0].name, "red");
    for (int i = 0; i < n; i++) {
        const float *inputs, *latents, *outputs;
        assert_true(colours[i].point == -1 && colours[i].after <= colours[i].promised);
        kedge_model_points(model, &inputs, &latents, &outputs);
    }
    const float red[3] = {1, 0, 0};
    float latent[3], output[3];
    kedge_model_apply(model, 1, red, latent, output);
    assert_true(fabs(colours[0].alignment - fabs((double)latent[0])) < 1e-6);
    kedge_certificate_free(certificate);
    kedge_model_free(model);
}

/* The most from an angle on: the largest bound of all cells that the angle's cosine is beyond the low edge of. */
static void beyond_is_the_running_maximum(void **state)
{
    kedge_model *model = train(*state);
    kedge_certificate *certificate = certify(model, "suppressed");
    const kedge_certificate_cell *cells;
    int n = kedge_certificate_cells(certificate, &cells);
    double most = 0;
    for (int c = 0; c < n; c++) most = fmax(most, cells[c].bound);
    assert_true(kedge_certificate_beyond(certificate, 0) == most && most > 0);
    assert_true(kedge_certificate_beyond(certificate, 60) == 0);
    assert_true(kedge_certificate_beyond(certificate, 90) == 0);
    assert_true(kedge_certificate_beyond(certificate, 59) == cells[5].bound && cells[5].bound > 0);
    for (double angle = 1; angle <= 90; angle++)
        assert_true(kedge_certificate_beyond(certificate, angle) <= kedge_certificate_beyond(certificate, angle - 1));
    kedge_certificate_free(certificate);
    kedge_model_free(model);
}

/* Another recipe's plan and data. */
static void takes_a_recipe(void **state)
{
    fixture *f = *state;
    kedge_model *model = train(f);
    kedge_certificate *certificate = NULL;
    if (load(f, 0, "data: {kind: rgb-grid, points: 2, batch: 8}", "plans: {other: {edit: zero, dims: [2]}}\n", NULL))
        fail_msg("%s", kedge_error());
    assert_int_equal(kedge_certify(&certificate, model, f->loaded, "other", &coarse), KEDGE_OK);
    const kedge_certificate_point *points;
    assert_int_equal(kedge_certificate_points(certificate, &points), 8);
    kedge_certificate_free(certificate);
    kedge_model_free(model);
}

static void refuse(fixture *f, kedge_model *model, const char *plan, kedge_status status, const char *why)
{
    kedge_certificate *certificate = NULL;
    assert_int_equal(kedge_certify(&certificate, model, NULL, plan, &coarse), status);
    assert_null(certificate);
    assert_string_equal(message(f), why);
}

static void refuses_what_it_cannot_promise(void **state)
{
    fixture *f = *state;
    kedge_model *model = train(f);
    refuse(f, model, "supressed", KEDGE_EINVALID, "out/seed-0/model.safetensors: has no plan 'supressed'; its plans "
                                                  "are 'suppressed', 'ablated', 'both', 'hidden'");
    refuse(f, model, "both", KEDGE_EUNSUPPORTED,
           "plan 'both' cannot be certified: it is not a single edit or surgery");
    refuse(f, model, "hidden", KEDGE_EUNSUPPORTED, "plan 'hidden' cannot be certified: it edits a site other than "
                                                   "'bottleneck', where the latent's length is known");
    kedge_model_free(model);
}

static void refuses_options_out_of_range(void **state)
{
    fixture *f = *state;
    kedge_model *model = train(f);
    kedge_certificate *certificate = NULL;
    assert_int_equal(kedge_certify(&certificate, model, NULL, "ablated", &(kedge_certify_options){.resolution = 2}),
                     KEDGE_EINVALID);
    assert_string_equal(kedge_error(), "resolution must be between 1e-5 and 1");
    assert_int_equal(kedge_certify(&certificate, model, NULL, "ablated", &(kedge_certify_options){.patches = -1}),
                     KEDGE_EINVALID);
    assert_string_equal(kedge_error(), "patches must be between 0 and 100,000,000");
    assert_null(certificate);
    kedge_model_free(model);
}

static void survives_each_failed_allocation(void **state)
{
    fixture *f = *state;
    kedge_model_free(train(f));
    for (size_t n = 1;; n++) {
        failing_alloc memory = {0};
        kedge_context_options options = failing_alloc_options(&memory);
        kedge_context *ctx;
        kedge_model *model = NULL;
        kedge_certificate *certificate = NULL;
        assert_int_equal(kedge_context_create(&ctx, &options), KEDGE_OK);
        assert_int_equal(kedge_model_load(&model, ctx, in_folder(f, "out/seed-0/model.safetensors")), KEDGE_OK);
        memory.requests = 0;
        memory.fail_at = n;
        kedge_status status = kedge_certify(&certificate, model, NULL, "ablated",
                                            &(kedge_certify_options){.resolution = 1, .patches = 1});
        assert_int_equal(status, memory.requests < n ? KEDGE_OK : KEDGE_ENOMEM);
        kedge_certificate_free(certificate);
        kedge_model_free(model);
        kedge_context_free(ctx);
        assert_int_equal(memory.in_use, 0);
        if (memory.requests < n) break;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(keeps_its_promises_on_the_data), TEST(names_colours),
        TEST(beyond_is_the_running_maximum),  TEST(takes_a_recipe),
        TEST(refuses_what_it_cannot_promise), TEST(refuses_options_out_of_range),
        TEST(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
