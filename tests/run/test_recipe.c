/* test_recipe.c - recipes that load, and what their resolved text says. */
#include "failing_alloc.h"
#include "recipe_fixture.h"

/* The recipe of issue 2, word for word. */
static const char contract[] =
    "title: red anchored, hues on a wheel\n"
    "data:   {kind: rgb-grid, points: 8, batch: 64}        # rgb-grid | hsv-grid | csv | npy\n"
    "labels:\n"
    "  red:     0.08 * redness^8                            # a rate, drawn per sample and visit\n"
    "  vibrant: {rate: 0.01 * vibrancy^10, mode: stochastic}   # stochastic | soft | exact\n"
    "model:  {kind: autoencoder, hidden: [16], bottleneck: 4, normalize: true, activation: gelu, output: linear}\n"
    "terms:\n"
    "  separate: {kind: separate, power: 100, shift: true}\n"
    "  anchor:   {kind: anchor, metric: angular, at: [1, 0, 0, 0], labels: {red: 1}}\n"
    "  subspace: {kind: subspace, dims: [0, 1], labels: {vibrant: 1}}\n"
    "schedule: schedule.csv                                 # columns: lr, and one per term; a plain mapping of "
    "constants works too\n"
    "optimizer: {kind: adam}\n"
    "seeds: 60\n";

static void loads_the_contract(void **state)
{
    fixture *f = *state;
    put(f, "recipe.yaml", contract);
    put(f, "schedule.csv", "STEP,PHASE,ACTION,lr,separate,anchor,subspace\n0,,,0.1,1,1,1\n1500,,,0.05,0,0,0\n");
    assert_int_equal(kedge_recipe_load(&f->loaded, f->ctx, f->recipe, NULL), KEDGE_OK);
    assert_string_equal(kedge_recipe_title(f->loaded), "red anchored, hues on a wheel");
    assert_int_equal(kedge_recipe_first_seed(f->loaded), 0);
    assert_int_equal(kedge_recipe_seed_count(f->loaded), 60);
    assert_int_equal(kedge_recipe_steps(f->loaded), 1501);
    assert_int_equal(f->loaded->dataset->points, 512);
    assert_int_equal(f->loaded->n_terms, 3);
    assert_int_equal(f->loaded->label_values[0].n_exact, 1);
    assert_non_null(f->loaded->sampler);
}

static void resolves_the_contract(void **state)
{
    fixture *f = *state;
    put(f, "recipe.yaml", contract);
    put(f, "schedule.csv", "STEP,PHASE,ACTION,lr,separate,anchor,subspace\n0,,,0.1,1,1,1\n1500,,,0.05,0,0,0\n");
    assert_int_equal(kedge_recipe_load(&f->loaded, f->ctx, f->recipe, NULL), KEDGE_OK);
    assert_string_equal(kedge_recipe_text(f->loaded),
                        "title: \"red anchored, hues on a wheel\"\n"
                        "data:\n  kind: rgb-grid\n  points: 8\n  batch: 64\n  epoch: 0\n"
                        "test:\n  kind: rgb-validation\n"
                        "labels:\n  red:\n    rate: 0.08 * redness^8\n    mode: stochastic\n"
                        "  vibrant:\n    rate: 0.01 * vibrancy^10\n    mode: stochastic\n"
                        "model:\n  kind: autoencoder\n  hidden: [16]\n  bottleneck: 4\n  normalize: true\n"
                        "  activation: gelu\n  output: linear\n"
                        "terms:\n  separate:\n    kind: separate\n    power: 100\n    shift: true\n"
                        "    site: bottleneck\n    scale: 1\n"
                        "  anchor:\n    kind: anchor\n    metric: angular\n    at: [1, 0, 0, 0]\n    site: bottleneck\n"
                        "    labels: {red: 1}\n    scale: 1\n"
                        "  subspace:\n    kind: subspace\n    dims: [0, 1]\n    site: bottleneck\n"
                        "    labels: {vibrant: 1}\n    scale: 1\n"
                        "schedule: schedule.csv\nsteps: 1501\n"
                        "optimizer:\n  kind: adam\n  beta1: 0.9\n  beta2: 0.999\n  epsilon: 1.0e-08\n  clip: 0\n"
                        "seeds:\n  first: 0\n  count: 60\n");
}

static void loads_the_experiments(void **state)
{
    static const struct {
        const char *name;
        int steps, seeds, hidden, terms, plans;
        const char *scored, *target;
    } cases[] = {
        {"1.7", 10001, 20, 1, 5, 0, NULL, NULL},
        {"2.4.1", 1501, 60, 1, 3, 3, "suppressed", "similarity(red)^2"},
        {"2.5.1", 1501, 60, 1, 2, 1, "suppressed", "similarity(red)^2"},
        {"2.7.1", 1501, 60, 1, 2, 1, "ablated", "vibrancy^2.3"},
        {"2.9.1", 1501, 60, 2, 4, 2, "ablated", "similarity(red)^3"},
    };
    fixture *f = *state;
    const char *source = getenv("KEDGE_SOURCE");
    assert_non_null(source);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char path[1024];
        kedge_recipe *recipe = NULL;
        snprintf(path, sizeof path, "%s/experiments/%s", source, cases[i].name);
        assert_int_equal(kedge_recipe_load(&recipe, f->ctx, path, NULL), KEDGE_OK);
        assert_int_equal(kedge_recipe_steps(recipe), cases[i].steps);
        assert_int_equal(kedge_recipe_seed_count(recipe), cases[i].seeds);
        assert_int_equal(recipe->model.hidden.n, cases[i].hidden);
        assert_int_equal(recipe->n_terms, cases[i].terms);
        assert_int_equal(recipe->n_plans, cases[i].plans);
        if (cases[i].scored) {
            assert_string_equal(recipe->plans[recipe->score_plan].name, cases[i].scored);
            assert_string_equal(recipe->targets[recipe->score_plan].formula, cases[i].target);
        }
        kedge_recipe_free(recipe);
    }
}

/* METHOD section 4, at every key of every column: experiment, column, step, value. */
static void sheets_have_the_published_keys(void **state)
{
    static const struct {
        const char *name, *column;
        int step;
        double value;
    } keys[] = {
        {"2.4.1", "lr", 0, 1e-8}, {"2.4.1", "lr", 10, .01}, {"2.4.1", "lr", 750, .1}, {"2.4.1", "lr", 1425, .1},
        {"2.4.1", "lr", 1500, .05}, {"2.4.1", "separate", 0, .01}, {"2.4.1", "separate", 750, .01},
        {"2.4.1", "separate", 1425, 0}, {"2.4.1", "anchor", 0, .01}, {"2.4.1", "anchor", 750, .1},
        {"2.4.1", "anchor", 1425, 0}, {"2.4.1", "subspace", 0, .01}, {"2.4.1", "subspace", 375, .1},
        {"2.4.1", "subspace", 1125, .1}, {"2.4.1", "subspace", 1425, 0},
        {"2.5.1", "lr", 750, .1}, {"2.5.1", "separate", 750, .015}, {"2.5.1", "separate", 1425, 0},
        {"2.5.1", "anchor", 0, .01}, {"2.5.1", "anchor", 750, .1}, {"2.5.1", "anchor", 1425, 0},
        {"2.7.1", "lr", 1500, .05}, {"2.7.1", "separate", 750, .01}, {"2.7.1", "separate", 1425, 0},
        {"2.7.1", "subspace", 0, .01}, {"2.7.1", "subspace", 375, .1}, {"2.7.1", "subspace", 1125, .1},
        {"2.7.1", "subspace", 1425, 0},
        {"2.9.1", "lr", 1425, .1}, {"2.9.1", "separate", 0, .01}, {"2.9.1", "separate", 248, .01},
        {"2.9.1", "separate", 750, .001}, {"2.9.1", "separate", 1425, 0}, {"2.9.1", "anchor", 0, 0},
        {"2.9.1", "anchor", 248, .1}, {"2.9.1", "anchor", 750, .1}, {"2.9.1", "anchor", 1425, 0},
        {"2.9.1", "anti-anchor", 0, 0}, {"2.9.1", "anti-anchor", 248, .05}, {"2.9.1", "anti-anchor", 1425, 0},
        {"2.9.1", "anti-subspace", 0, .25}, {"2.9.1", "anti-subspace", 750, .003},
        {"2.9.1", "anti-subspace", 1425, 0},
        {"1.7", "lr", 0, 1e-8}, {"1.7", "lr", 10, .01}, {"1.7", "lr", 5000, .01}, {"1.7", "lr", 10000, .005},
        {"1.7", "separate", 0, .001}, {"1.7", "separate", 500, .02}, {"1.7", "separate", 2500, .01},
        {"1.7", "separate", 5000, .001}, {"1.7", "reg-planar", 0, .02}, {"1.7", "reg-planar", 2500, .08},
        {"1.7", "reg-planar", 5000, .02}, {"1.7", "reg-norm", 0, .01}, {"1.7", "reg-norm", 5000, .2},
        {"1.7", "reg-norm-v", 0, .02}, {"1.7", "reg-norm-v", 10000, .02}, {"1.7", "reg-polar", 0, .006},
        {"1.7", "reg-polar", 5000, .006}, {"1.7", "reg-polar", 7500, .0002},
    };
    fixture *f = *state;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        char path[1024];
        kedge_schedule *schedule = NULL;
        snprintf(path, sizeof path, "%s/experiments/%s/schedule.csv", getenv("KEDGE_SOURCE"), keys[i].name);
        assert_int_equal(kedge_schedule_load(&schedule, f->ctx, path), KEDGE_OK);
        int column = kedge_schedule_column(schedule, keys[i].column);
        assert_true(column >= 0);
        assert_true(kedge_schedule_value(schedule, column, keys[i].step) == keys[i].value);
        kedge_schedule_free(schedule);
    }
}

static void text_loads_back_to_itself(void **state)
{
    fixture *f = *state;
    assert_int_equal(load(f, 1, "labels: {red: 'redness > 0.5 ? 1 : 0', \"dark\": {rate: \"1 - v\", exact: v == 0}}",
                          "title: \"a: 'b' # c\"\nsteps: 50\nhold: 7\nseeds: {first: 5, count: 3}\n", NULL),
                     KEDGE_EFORMAT); /* seeds twice */
    assert_int_equal(load(f, 1, "labels: {red: 'redness > 0.5 ? 1 : 0', \"dark\": {rate: \"1 - v\", exact: v == 0}}",
                          "title: \"a: 'b' # c\"\nsteps: 50\nhold: 7\n"
                          "optimizer: {kind: adam, epsilon: 1e-7, clip: 0.5}\n"
                          "test: {kind: hsv-grid}\n", NULL), KEDGE_OK);
    char *first = strdup(kedge_recipe_text(f->loaded));
    put(f, "recipe.yaml", first);
    kedge_recipe_free(f->loaded);
    f->loaded = NULL;
    assert_int_equal(kedge_recipe_load(&f->loaded, f->ctx, f->folder, NULL), KEDGE_OK);
    assert_string_equal(kedge_recipe_text(f->loaded), first);
    free(first);
}

static void a_label_may_name_its_concept(void **state)
{
    fixture *f = *state;
    const char *const set[] = {"labels.red.false_positive=.05", "labels.red.among=h < .5"};
    assert_int_equal(load(f, 1, "labels: {red: {concept: redness, exponent: 3, rate: 1/4}, dark: 1 - v}", "",
                          &(kedge_recipe_options){set, 2}), KEDGE_OK);
    assert_non_null(strstr(kedge_recipe_text(f->loaded),
                           "labels:\n  red:\n    concept: redness\n    exponent: 3\n    rate: 1/4\n"
                           "    true_positive: 1\n    false_positive: 0.05\n    mode: stochastic\n    among: h < .5\n"
                           "  dark:\n    rate: 1 - v\n    mode: stochastic\n"));
    char *first = strdup(kedge_recipe_text(f->loaded));
    put(f, "recipe.yaml", first);
    kedge_recipe_free(f->loaded);
    f->loaded = NULL;
    assert_int_equal(kedge_recipe_load(&f->loaded, f->ctx, f->folder, NULL), KEDGE_OK);
    assert_string_equal(kedge_recipe_text(f->loaded), first);
    free(first);
}

static void a_label_without_concept_has_no_noise(void **state)
{
    fixture *f = *state;
    assert_int_equal(load(f, 1, "labels: {red: {rate: redness, false_positive: 0.1}, dark: 1 - v}", "", NULL),
                     KEDGE_EINVALID);
    assert_string_equal(message(f), "recipe.yaml:2:31: unknown key 'false_positive' in label 'red'; must be 'rate', "
                                    "'mode', 'exact' or 'among'");
}

/* A label that is written as a formula alone has the keys of one that is written as a map. */
static void sets_keys_of_a_short_label(void **state)
{
    fixture *f = *state;
    const char *const set[] = {"labels.red=0.5 * redness", "labels.red.mode=soft"};
    const kedge_recipe_options options = {.set = set, .n_set = 2};
    assert_int_equal(load(f, -1, "", "", &options), KEDGE_OK);
    int red = strcmp(f->loaded->labels[0].name, "red") == 0 ? 0 : 1;
    assert_int_equal(f->loaded->labels[red].mode, KEDGE_LABEL_SOFT);
    assert_string_equal(f->loaded->labels[red].rate.text, "0.5 * redness");
}

static void keeps_the_bytes_of_the_sheet(void **state)
{
    fixture *f = *state;
    assert_int_equal(load(f, -1, NULL, "", NULL), KEDGE_OK);
    assert_int_equal(f->loaded->sheet_length, strlen(sheet));
    assert_memory_equal(f->loaded->sheet_bytes, sheet, strlen(sheet));
}

static void takes_constants(void **state)
{
    fixture *f = *state;
    assert_int_equal(load(f, 6, "schedule: {lr: 0.01, anchor: 0.5}", "steps: 20\n", NULL), KEDGE_OK);
    assert_null(f->loaded->sheet);
    assert_int_equal(f->loaded->constants.n, 2);
    assert_true(f->loaded->constants.values[1] == 0.5);
    assert_int_equal(kedge_recipe_steps(f->loaded), 20);
    assert_non_null(strstr(kedge_recipe_text(f->loaded), "\nschedule: {lr: 0.01, anchor: 0.5}\nsteps: 20\n"));
}

static void counts_seeds_from_a_first(void **state)
{
    fixture *f = *state;
    assert_int_equal(load(f, 7, "seeds: {first: 17, count: 3}", "", NULL), KEDGE_OK);
    assert_int_equal(kedge_recipe_first_seed(f->loaded), 17);
    assert_int_equal(kedge_recipe_seed_count(f->loaded), 3);
}

static void runs_one_seed_by_default(void **state)
{
    fixture *f = *state;
    assert_int_equal(load(f, 7, "", "", NULL), KEDGE_OK);
    assert_int_equal(kedge_recipe_seed_count(f->loaded), 1);
}

static void needs_no_labels_and_terms(void **state)
{
    fixture *f = *state;
    put(f, "recipe.yaml", "data: {kind: rgb-grid}\nmodel: {kind: autoencoder, bottleneck: 2}\nschedule: {lr: 0.01}\n"
                          "steps: 5\n");
    assert_int_equal(kedge_recipe_load(&f->loaded, f->ctx, f->recipe, NULL), KEDGE_OK);
    assert_int_equal(f->loaded->n_labels, 0);
    assert_int_equal(f->loaded->n_terms, 0);
}

static void assigns_over_the_file(void **state)
{
    fixture *f = *state;
    const char *const set[] = {"terms.anchor.at=[0, 1, 0]", "steps=33", "optimizer.kind=adam", "optimizer.beta1=0.5",
                               "labels.dark=1 - vibrancy"};
    assert_int_equal(load(f, -1, NULL, "", &(kedge_recipe_options){set, 5}), KEDGE_OK);
    assert_true(f->loaded->terms[1].at.at[1] == 1);
    assert_int_equal(kedge_recipe_steps(f->loaded), 33);
    assert_true(f->loaded->optimizer.beta1 == 0.5);
    assert_true(f->loaded->optimizer.clip == 0);
    assert_string_equal(f->loaded->labels[1].rate.text, "1 - vibrancy");
}

static void optimizers_have_their_defaults(void **state)
{
    static const char *const resolved[][2] = {
        {"", "optimizer:\n  kind: adam\n  beta1: 0.9\n  beta2: 0.999\n  epsilon: 1.0e-08\n  clip: 0\n"},
        {"optimizer: {kind: adamw}\n", "optimizer:\n  kind: adamw\n  beta1: 0.9\n  beta2: 0.999\n"
                                       "  epsilon: 1.0e-08\n  weight_decay: 0.01\n  clip: 0\n"},
        {"optimizer: {kind: sgd, clip: 0.5}\n", "optimizer:\n  kind: sgd\n  momentum: 0.9\n  nesterov: false\n"
                                                "  weight_decay: 0\n  clip: 0.5\n"},
    };
    fixture *f = *state;
    for (size_t i = 0; i < sizeof resolved / sizeof *resolved; i++) {
        assert_int_equal(load(f, -1, NULL, resolved[i][0], NULL), KEDGE_OK);
        assert_non_null(strstr(kedge_recipe_text(f->loaded), resolved[i][1]));
        kedge_recipe_free(f->loaded);
        f->loaded = NULL;
    }
}

static void tests_grids_between_their_points(void **state)
{
    fixture *f = *state;
    assert_int_equal(load(f, -1, NULL, "", NULL), KEDGE_OK);
    assert_int_equal(f->loaded->test_set->points, 351);
}

static void shares_the_points_where_test_asks_for_the_same(void **state)
{
    fixture *f = *state;
    assert_int_equal(load(f, -1, NULL, "", &(kedge_recipe_options){(const char *const[]){"test={kind: rgb-grid, "
        "points: 3}"}, 1}),
                     KEDGE_OK);
    assert_ptr_equal(f->loaded->test_set, f->loaded->dataset);
    assert_ptr_equal(f->loaded->test_labels, f->loaded->label_values);
}

static void tests_hues_on_an_even_grid(void **state)
{
    fixture *f = *state;
    assert_int_equal(load(f, 0, "data: {kind: hsv-grid, hues: 6, saturations: 3, values: 3}", "", NULL), KEDGE_OK);
    assert_int_equal(f->loaded->dataset->points, 54);
    assert_int_equal(f->loaded->test_set->points, 512);
}

static void finds_data_beside_the_recipe(void **state)
{
    fixture *f = *state;
    put(f, "my.csv", "a,b,c\n0,1,0\n1,0,0.5\n1,1,1\n");
    assert_int_equal(load(f, 0, "data: {kind: csv, file: my.csv, features: [a, b], targets: [c], batch: 2}\n", "",
                          &(kedge_recipe_options){(const char *const[]){"labels={red: a*b, dark: 1-c}"}, 1}),
                     KEDGE_OK);
    assert_int_equal(f->loaded->dataset->n_targets, 1);
    char line[4200], full[4096];
    assert_non_null(realpath(f->folder, full));
    snprintf(line, sizeof line, "  file: %s/my.csv\n", full);
    assert_non_null(strstr(kedge_recipe_text(f->loaded), line)); /* readable from any other folder */
}

/* What a label is about can be missing in the test set; nobody is trained there. */
static void labels_are_said_on_the_test_set_where_they_can_be(void **state)
{
    fixture *f = *state;
    const char *const assignments[] = {"labels={red: r, dark: lit, rare: r > 0.9}", "terms.anchor.at=[1, 0, 0]",
                                       "test={kind: csv, file: other.csv, features: [r, g, b]}"};
    put(f, "my.csv", "r,g,b,lit\n1,0,0,0.5\n0,1,0,1\n0,0,1,0\n");
    put(f, "other.csv", "r,g,b\n0.5,0,0\n0,1,0\n");
    assert_int_equal(load(f, 0, "data: {kind: csv, file: my.csv, features: [r, g, b], batch: 2}", "",
                          &(kedge_recipe_options){assignments, 3}), KEDGE_OK);
    const kedge_label *labels = f->loaded->test_labels;
    assert_string_equal(labels[0].name, "red");
    assert_true(labels[0].exact[0] && !labels[0].exact[1]);
    assert_null(labels[1].name); /* no such column */
    assert_null(labels[2].name); /* no such colour */
}

static void among_does_not_count_on_the_test_set(void **state)
{
    fixture *f = *state;
    const char *const assignments[] = {"labels.red={rate: r, among: g == 0}", "test={kind: rgb-grid, points: 3}"};
    assert_int_equal(load(f, -1, NULL, "", &(kedge_recipe_options){assignments, 2}), KEDGE_OK);
    assert_ptr_equal(f->loaded->test_set, f->loaded->dataset);
    int last = f->loaded->test_set->points - 1; /* white */
    assert_true(f->loaded->label_values[0].rate[last] == 0);
    assert_true(f->loaded->test_labels[0].rate[last] == 1);
}

static void loads_from_text_without_the_sheet(void **state)
{
    fixture *f = *state;
    assert_int_equal(load(f, -1, NULL, "", NULL), KEDGE_OK);
    char *text = strdup(kedge_recipe_text(f->loaded));
    unlink(f->sheet);
    kedge_recipe *again = NULL;
    assert_int_equal(kedge_recipe_from_text(&again, f->ctx, "a.safetensors", text, NULL), KEDGE_OK);
    assert_null(again->sheet);
    assert_int_equal(kedge_recipe_steps(again), 101);
    assert_int_equal(again->dataset->points, 27);
    assert_string_equal(kedge_recipe_text(again), text);
    kedge_recipe_free(again);
    free(text);
}

static void loads_from_text_with_the_sheet(void **state)
{
    fixture *f = *state;
    assert_int_equal(load(f, -1, NULL, "", NULL), KEDGE_OK);
    kedge_recipe *again = NULL;
    assert_int_equal(kedge_recipe_from_text(&again, f->ctx, f->recipe, kedge_recipe_text(f->loaded),
                                            "STEP,lr,separate,anchor\n0,0.5,0,0\n30,0.5,0,0\n"), KEDGE_OK);
    assert_non_null(again->sheet);
    assert_int_equal(kedge_schedule_steps(again->sheet), 31);
    kedge_recipe_free(again);
}

/* ---- memory ---- */

static void survives_each_failed_allocation(void **state)
{
    fixture *f = *state;
    assert_int_equal(load(f, -1, NULL, "test: {kind: rgb-grid, points: 2}\n", NULL), KEDGE_OK);
    for (size_t n = 1;; n++) {
        failing_alloc memory = {.fail_at = n};
        kedge_context_options options = failing_alloc_options(&memory);
        kedge_context *ctx = NULL;
        kedge_recipe *recipe = NULL;
        kedge_status status = kedge_context_create(&ctx, &options);
        if (!status) status = kedge_recipe_load(&recipe, ctx, f->recipe, NULL);
        assert_int_equal(status, memory.requests < n ? KEDGE_OK : KEDGE_ENOMEM);
        kedge_recipe_free(recipe);
        kedge_context_free(ctx);
        assert_int_equal(memory.in_use, 0);
        if (memory.requests < n) break;
    }
}

/* ---- reference ---- */

/* Whether the reference has a row for every key of a schema. */
static void check_schema(const char *reference, const kedge_schema *schema)
{
    char row[96];
    for (int i = 0; i < schema->n_fields; i++) {
        snprintf(row, sizeof row, "\n| `%s` | ", schema->fields[i].key);
        assert_non_null(strstr(reference, row));
    }
    const kedge_variant *variant;
    for (int i = 0; schema->variant && (variant = schema->variant(i)); i++) {
        snprintf(row, sizeof row, " of kind `%s`\n", variant->name);
        const char *part = strstr(reference, row);
        assert_non_null(part);
        for (int k = 0; k < variant->n_fields; k++) {
            bool left_out = false;
            for (int w = 0; schema->without && schema->without[w]; w++)
                left_out = left_out || strcmp(schema->without[w], variant->fields[k].key) == 0;
            snprintf(row, sizeof row, "\n| `%s` | ", variant->fields[k].key);
            assert_true(left_out || strstr(part, row));
        }
    }
}

static void reference_has_every_key(void **state)
{
    fixture *f = *state;
    char *reference = NULL;
    assert_int_equal(kedge_recipe_reference(f->ctx, &reference), KEDGE_OK);
    for (int i = 0; i < kedge_n_recipe_sections; i++) {
        char row[96];
        snprintf(row, sizeof row, "\n| `%s` | ", kedge_recipe_sections[i]->key);
        assert_non_null(strstr(reference, row));
        for (const kedge_recipe_map *map = kedge_recipe_sections[i]->maps; map->title; map++) {
            char title[96];
            kedge_schema schema;
            snprintf(title, sizeof title, "\n## %s\n", map->title);
            const char *part = strstr(reference, title);
            assert_non_null(part);
            map->schema(&schema);
            check_schema(part, &schema);
        }
    }
    kedge_free(f->ctx, reference);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(loads_the_contract),
        TEST(resolves_the_contract),
        TEST(loads_the_experiments),
        TEST(sheets_have_the_published_keys),
        TEST(text_loads_back_to_itself),
        TEST(a_label_may_name_its_concept),
        TEST(a_label_without_concept_has_no_noise),
        TEST(sets_keys_of_a_short_label),
        TEST(keeps_the_bytes_of_the_sheet),
        TEST(takes_constants),
        TEST(counts_seeds_from_a_first),
        TEST(runs_one_seed_by_default),
        TEST(needs_no_labels_and_terms),
        TEST(assigns_over_the_file),
        TEST(optimizers_have_their_defaults),
        TEST(tests_grids_between_their_points),
        TEST(shares_the_points_where_test_asks_for_the_same),
        TEST(tests_hues_on_an_even_grid),
        TEST(finds_data_beside_the_recipe),
        TEST(labels_are_said_on_the_test_set_where_they_can_be),
        TEST(among_does_not_count_on_the_test_set),
        TEST(loads_from_text_without_the_sheet),
        TEST(loads_from_text_with_the_sheet),
        TEST(survives_each_failed_allocation),
        TEST(reference_has_every_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
