/* test_recipe.c - recipes: what loads, what the resolved text says, and what each mistake is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <math.h>
#include <unistd.h>

#include "base/file.h"
#include "run/recipe_parts.h"

/* A folder with a sheet that fits 'good', where each test puts its recipe. */
typedef struct fixture {
    kedge_context *ctx;
    char folder[64], recipe[96], sheet[96];
    kedge_recipe *loaded;
} fixture;

static const char sheet[] = "STEP,PHASE,ACTION,lr,separate,anchor\n0,,,0.01,0.1,0.1\n100,,,0.001,0,0\n";

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

/* Lines of a small recipe without a mistake; a test replaces one of them, by its number from 0. */
static const char *const good[] = {
    "data: {kind: rgb-grid, points: 3, batch: 8}",
    "labels: {red: redness^2, dark: {rate: 1 - v, mode: soft}}",
    "model: {kind: autoencoder, hidden: [6, 5], bottleneck: 3}",
    "terms:",
    "  separate: {kind: separate}",
    "  anchor: {kind: anchor, at: [1, 0, 0], labels: {red: 1}}",
    "schedule: schedule.csv",
    "seeds: 2",
};
enum { LINES = sizeof good / sizeof *good };

static int setup(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    kedge_context_options options = KEDGE_CONTEXT_OPTIONS_INIT;
    options.kernels = "ref";
    options.threads = 1;
    if (!f || kedge_context_create(&f->ctx, &options)) return -1;
    strcpy(f->folder, "/tmp/kedge-recipe-XXXXXX");
    if (!mkdtemp(f->folder)) return -1;
    snprintf(f->recipe, sizeof f->recipe, "%s/recipe.yaml", f->folder);
    snprintf(f->sheet, sizeof f->sheet, "%s/schedule.csv", f->folder);
    if (kedge_file_write(f->ctx, f->sheet, sheet, strlen(sheet))) return -1;
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    fixture *f = *state;
    kedge_recipe_free(f->loaded);
    kedge_remove_tree(f->folder);
    kedge_context_free(f->ctx);
    free(f);
    return 0;
}

static void put(fixture *f, const char *name, const char *text)
{
    char path[160];
    snprintf(path, sizeof path, "%s/%s", f->folder, name);
    assert_int_equal(kedge_file_write(f->ctx, path, text, strlen(text)), KEDGE_OK);
}

/* Writes the small recipe with one line replaced (-1: none) and others put behind it, and loads it. */
static kedge_status load(fixture *f, int line, const char *instead, const char *more, const kedge_recipe_options *options)
{
    char text[4096] = "";
    for (int i = 0; i < LINES; i++) {
        strcat(text, i == line ? instead : good[i]);
        strcat(text, "\n");
    }
    put(f, "recipe.yaml", strcat(text, more));
    kedge_recipe_free(f->loaded);
    f->loaded = NULL;
    return kedge_recipe_load(&f->loaded, f->ctx, f->folder, options);
}

/* The message with the folder's path taken out. */
static const char *message(const fixture *f)
{
    static char text[8192];
    size_t length = strlen(f->folder) + 1;
    char *out = text;
    for (const char *at = kedge_error(); *at;) {
        if (strncmp(at, f->folder, length - 1) == 0 && at[length - 1] == '/')
            at += length;
        else
            *out++ = *at++;
    }
    *out = '\0';
    return text;
}

/* ---- what loads ---- */

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
                        "test:\n  kind: rgb-grid\n  points: 8\n"
                        "labels:\n  red:\n    rate: 0.08 * redness^8\n    mode: stochastic\n"
                        "  vibrant:\n    rate: 0.01 * vibrancy^10\n    mode: stochastic\n"
                        "model:\n  kind: autoencoder\n  hidden: [16]\n  bottleneck: 4\n  normalize: true\n"
                        "  activation: gelu\n  output: linear\n"
                        "terms:\n  separate:\n    kind: separate\n    power: 100\n    shift: true\n"
                        "    site: bottleneck\n"
                        "  anchor:\n    kind: anchor\n    metric: angular\n    at: [1, 0, 0, 0]\n    site: bottleneck\n"
                        "    labels: {red: 1}\n"
                        "  subspace:\n    kind: subspace\n    dims: [0, 1]\n    site: bottleneck\n"
                        "    labels: {vibrant: 1}\n"
                        "schedule: schedule.csv\nsteps: 1501\n"
                        "optimizer:\n  kind: adam\n  beta1: 0.9\n  beta2: 0.999\n  epsilon: 1.0e-08\n"
                        "seeds:\n  first: 0\n  count: 60\n");
}

static void loads_the_experiments(void **state)
{
    static const struct {
        const char *name;
        int steps, seeds, hidden, terms;
    } cases[] = {
        {"1.7", 10001, 20, 1, 5}, {"2.4.1", 1501, 60, 1, 3}, {"2.5.1", 1501, 60, 1, 2},
        {"2.7.1", 1501, 60, 1, 2}, {"2.9.1", 1501, 60, 2, 4},
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
                          "title: \"a: 'b' # c\"\nsteps: 50\nhold: 7\noptimizer: {kind: adam, epsilon: 1e-7}\n"
                          "test: {kind: hsv-grid}\n", NULL), KEDGE_OK);
    char *first = strdup(kedge_recipe_text(f->loaded));
    put(f, "recipe.yaml", first);
    kedge_recipe_free(f->loaded);
    f->loaded = NULL;
    assert_int_equal(kedge_recipe_load(&f->loaded, f->ctx, f->folder, NULL), KEDGE_OK);
    assert_string_equal(kedge_recipe_text(f->loaded), first);
    free(first);
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
    assert_string_equal(f->loaded->labels[1].rate.text, "1 - vibrancy");
}

static void tests_grids_on_themselves(void **state)
{
    fixture *f = *state;
    assert_int_equal(load(f, -1, NULL, "", NULL), KEDGE_OK);
    assert_ptr_equal(f->loaded->test_set, f->loaded->dataset);
    assert_ptr_equal(f->loaded->test_label_values, f->loaded->label_values);
}

static void tests_hues_on_an_even_grid(void **state)
{
    fixture *f = *state;
    assert_int_equal(load(f, 0, "data: {kind: hsv-grid, hues: 6, saturations: 3, values: 3}", "", NULL), KEDGE_OK);
    assert_int_equal(f->loaded->dataset->points, 54);
    assert_int_equal(f->loaded->test_set->points, 512);
    assert_int_equal(f->loaded->test_label_values[0].n_exact, 1);
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

static void loads_from_text_without_the_sheet(void **state)
{
    fixture *f = *state;
    assert_int_equal(load(f, -1, NULL, "", NULL), KEDGE_OK);
    char *text = strdup(kedge_recipe_text(f->loaded));
    unlink(f->sheet);
    kedge_recipe *again = NULL;
    assert_int_equal(kedge_recipe_from_text(&again, f->ctx, "a.safetensors", text, false), KEDGE_OK);
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
    assert_int_equal(kedge_recipe_from_text(&again, f->ctx, f->recipe, kedge_recipe_text(f->loaded), true), KEDGE_OK);
    assert_non_null(again->sheet);
    kedge_recipe_free(again);
}

/* ---- mistakes ---- */

/* The line that is replaced, by what, and the whole message. Columns past 99 lines are of no use: one line each. */
static const struct {
    int line;
    const char *instead, *more, *message;
    kedge_status status;
} mistakes[] = {
    /* the recipe */
    {0, "dato: {kind: rgb-grid}", "",
     "recipe.yaml:1:1: unknown key 'dato' in the recipe; did you mean 'data'?\n"
     "recipe.yaml:1:1: missing key 'data' in the recipe; must be a map", KEDGE_EINVALID},
    {2, "", "", "recipe.yaml:1:1: missing key 'model' in the recipe; must be a map", KEDGE_EINVALID},
    {6, "", "", "recipe.yaml:1:1: missing key 'schedule' in the recipe; must be the path of a CSV sheet, or a map of "
     "names to numbers", KEDGE_EINVALID},
    {7, "seeds: 0", "", "recipe.yaml:8:8: 'seeds' in the recipe is '0'; must be a whole number from 1 to 1000000000",
     KEDGE_EINVALID},
    {7, "seeds: {first: -1}", "",
     "recipe.yaml:8:16: 'first' in seeds is '-1'; must be a whole number from 0 to 1000000000000\n"
     "recipe.yaml:8:8: missing key 'count' in seeds; must be a whole number from 1 to 1000000000", KEDGE_EINVALID},
    {-1, "", "steps: 1e3x\n",
     "recipe.yaml:9:8: 'steps' in the recipe is '1e3x'; must be a whole number from 1 to 1000000000", KEDGE_EINVALID},
    {-1, "", "hold: 101\n", "recipe.yaml:9:7: 'hold' in the recipe is 101; must be below the number of steps, 101",
     KEDGE_EINVALID},
    {-1, "", "optimizer: {kind: adma}\n",
     "recipe.yaml:9:19: unknown kind 'adma' in optimizer; did you mean 'adam'?", KEDGE_EINVALID},
    {-1, "", "optimizer: {kind: adam, beta1: 1}\n",
     "recipe.yaml:9:32: 'beta1' in optimizer is '1'; must be a number from 0 to 0.999999", KEDGE_EINVALID},
    /* data */
    {0, "data: {kind: rgb-grit}", "", "recipe.yaml:1:14: unknown kind 'rgb-grit' in data; did you mean 'rgb-grid'?",
     KEDGE_EINVALID},
    {0, "data: {kind: rgb-grid, points: 1}", "",
     "recipe.yaml:1:32: 'points' in data is '1'; must be a whole number from 2 to 64", KEDGE_EINVALID},
    {0, "data: {kind: rgb-grid, hues: 6}", "",
     "recipe.yaml:1:24: unknown key 'hues' in data of kind 'rgb-grid'; must be 'kind', 'points', 'weight', 'batch' or "
     "'epoch'", KEDGE_EINVALID},
    {-1, "", "test: {kind: rgb-grid, points: 3, batch: 8}\n",
     "recipe.yaml:9:35: key 'batch' does not apply to test; leave it out", KEDGE_EINVALID},
    /* labels */
    {1, "labels: {red: redness^2, dark: [1]}", "",
     "recipe.yaml:2:32: label 'dark' is a list; must be a formula for its rate, or a map", KEDGE_EINVALID},
    {1, "labels: {red: redness^2, 9dark: v}", "",
     "recipe.yaml:2:26: '9dark' is no name for a label; must be a letter, then letters, digits, '_' or '-', at most 60 "
     "in all", KEDGE_EINVALID},
    {1, "labels: {red: {rate: redness, mode: sofd}}", "",
     "recipe.yaml:2:37: unknown mode 'sofd' in label 'red'; did you mean 'soft'?", KEDGE_EINVALID},
    {1, "labels: {red: {mode: soft}}", "",
     "recipe.yaml:2:15: missing key 'rate' in label 'red'; must be a number or a formula", KEDGE_EINVALID},
    {1, "labels: red", "", "recipe.yaml:2:9: 'labels' in the recipe is 'red'; must be a map of names to labels\n"
     "recipe.yaml:6:50: unknown label 'red' in term 'anchor'; must be a name from 'labels', and the recipe has none",
     KEDGE_EINVALID},
    /* model */
    {2, "model: {kind: autoencoder, hidden: [6, 0], bottleneck: 3}", "",
     "recipe.yaml:3:40: 'hidden[1]' in model is '0'; must be a whole number from 1 to 65536", KEDGE_EINVALID},
    {2, "model: {kind: autoencoder}", "",
     "recipe.yaml:3:8: missing key 'bottleneck' in model; must be a whole number from 1 to 4096", KEDGE_EINVALID},
    {2, "model: {kind: autoencoder, bottleneck: 3, activation: gleu}", "",
     "recipe.yaml:3:55: unknown activation 'gleu' in model; did you mean 'gelu'?", KEDGE_EINVALID},
    /* terms */
    {5, "  anchor: {kind: ancor, at: [1, 0, 0]}", "",
     "recipe.yaml:6:18: unknown kind 'ancor' in term 'anchor'; did you mean 'anchor'?", KEDGE_EINVALID},
    {5, "  anchor: {kind: anchor, at: [1, 0]}", "",
     "recipe.yaml:6:30: 'at' in term 'anchor' has 2 numbers; must have 3, the width of 'bottleneck'", KEDGE_EINVALID},
    {5, "  anchor: {kind: anchor, at: [1, 0, 0], site: decoder.0}", "",
     "recipe.yaml:6:30: 'at' in term 'anchor' has 3 numbers; must have 5, the width of 'decoder.0'", KEDGE_EINVALID},
    {5, "  anchor: {kind: anchor, at: [0, 0, 0]}", "",
     "recipe.yaml:6:30: 'at' in term 'anchor' has length 0, which is no direction; must be above 0.000001",
     KEDGE_EINVALID},
    {5, "  anchor: {kind: anti-anchor, at: [0, 1e-9, 0]}", "",
     "recipe.yaml:6:35: 'at' in term 'anchor' has length 1e-09, which is no direction; must be above 0.000001",
     KEDGE_EINVALID},
    {5, "  anchor: {kind: anchor, metric: euclidean, at: [1e200, 1e200, 0]}", "",
     "recipe.yaml:6:49: 'at' in term 'anchor' has length inf; must be below 1000000", KEDGE_EINVALID},
    {5, "  anchor: {kind: anchor, at: [1, .nan, 0]}", "",
     "recipe.yaml:6:34: 'at[1]' in term 'anchor' is '.nan'; must be a finite number", KEDGE_EINVALID},
    {5, "  anchor: {kind: anchor, at: [1, 0, 0], labels: {rad: 1}}", "",
     "recipe.yaml:6:50: unknown label 'rad' in term 'anchor'; did you mean 'red'?", KEDGE_EINVALID},
    {5, "  anchor: {kind: anchor, at: [1, 0, 0], labels: {red: 1.5}}", "",
     "recipe.yaml:6:55: 'labels.red' in term 'anchor' is '1.5'; must be a number from 0 to 1", KEDGE_EINVALID},
    {5, "  anchor: {kind: anchor, at: [1, 0, 0], site: botleneck}", "",
     "recipe.yaml:6:47: unknown site 'botleneck' in term 'anchor'; did you mean 'bottleneck'?", KEDGE_EINVALID},
    {5, "  anchor: {kind: anchor, at: [1, 0, 0], site: middle}", "",
     "recipe.yaml:6:47: unknown site 'middle' in term 'anchor'; must be 'bottleneck', 'pre-norm', 'encoder.0', "
     "'encoder.1', 'decoder.0' or 'decoder.1'", KEDGE_EINVALID},
    {5, "  anchor: {kind: subspace, dims: [0, 3]}", "",
     "recipe.yaml:6:38: 'dims[1]' in term 'anchor' is 3; must be a dim of 'bottleneck', from 0 to 2", KEDGE_EINVALID},
    {5, "  anchor: {kind: subspace, dims: [0, -1]}", "",
     "recipe.yaml:6:38: 'dims[1]' in term 'anchor' is '-1'; must be a whole number from 0 to 65535", KEDGE_EINVALID},
    {5, "  anchor: {kind: anti-subspace, dims: [0, 1, 0]}", "",
     "recipe.yaml:6:46: 'dims[2]' in term 'anchor' is 0 again; must name each dim once", KEDGE_EINVALID},
    {5, "  anchor: {kind: subspace, dims: []}", "",
     "recipe.yaml:6:34: 'dims' in term 'anchor' is empty; must name at least one dim", KEDGE_EINVALID},
    {5, "  anchor: {kind: separate, power: 0}", "",
     "recipe.yaml:6:35: 'power' in term 'anchor' is '0'; must be a whole number from 1 to 1000", KEDGE_EINVALID},
    {5, "  anchor: {kind: unitarity, power: 2}", "",
     "recipe.yaml:6:29: unknown key 'power' in term 'anchor' of kind 'unitarity'; must be 'kind', 'site' or 'labels'",
     KEDGE_EINVALID},
    {5, "  anchor: {kind: unitarity}\n  lr: {kind: unitarity}", "",
     "recipe.yaml:7:3: no term may be called 'lr', as a schedule's column is; must have another name", KEDGE_EINVALID},
    /* schedule */
    {6, "schedule: sheet.csv", "", "recipe.yaml:7:11: sheet.csv: cannot open: No such file or directory", KEDGE_EIO},
    {6, "schedule: [1]", "",
     "recipe.yaml:7:11: 'schedule' in the recipe is a list; must be the path of a CSV sheet, or a map of names to "
     "numbers", KEDGE_EINVALID},
    {6, "schedule: {lr: 0.1, anchor: 1}", "",
     "recipe.yaml:1:1: missing key 'steps' in the recipe; must be there where the schedule is a map of constants",
     KEDGE_EINVALID},
    {6, "schedule: {lr: 0.1, ancor: 1}", "steps: 5\n",
     "recipe.yaml:7:21: key 'ancor' is neither 'lr' nor a term; did you mean 'anchor'?\n"
     "recipe.yaml:7:11: the schedule names no term; must be 'separate' or 'anchor'", KEDGE_EINVALID},
    {6, "schedule: {anchor: 1}", "steps: 5\n",
     "recipe.yaml:7:11: no key 'lr' in the schedule; must be there: the learning rate", KEDGE_EINVALID},
    {6, "schedule: {lr: -0.1, anchor: 1}", "steps: 5\n",
     "recipe.yaml:7:16: 'schedule.lr' in the recipe is -0.1; must be a number of at least 0", KEDGE_EINVALID},
    {6, "schedule: {lr: nan, anchor: 1}", "steps: 5\n",
     "recipe.yaml:7:16: 'schedule.lr' in the recipe is 'nan'; must be a finite number", KEDGE_EINVALID},
};

static void names_each_mistake(void **state)
{
    fixture *f = *state;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        assert_int_equal(load(f, mistakes[i].line, mistakes[i].instead, mistakes[i].more, NULL), mistakes[i].status);
        assert_string_equal(message(f), mistakes[i].message);
        assert_null(f->loaded);
    }
}

static void names_mistakes_of_the_sheet(void **state)
{
    static const struct {
        const char *sheet, *message;
    } cases[] = {
        {"STEP,lr,ancor,separate\n0,0.1,1,1\n",
         "schedule.csv:1:9: column 'ancor' is neither 'lr' nor a term; did you mean 'anchor'?"},
        {"STEP,lr,recon:log:step\n0,0.1,1\n",
         "schedule.csv:1:9: column 'recon' is neither 'lr' nor a term; must be 'lr', 'separate' or 'anchor'\n"
         "schedule.csv:1:1: the schedule names no term; must be 'separate' or 'anchor'"},
        {"STEP,anchor\n0,0.1\n", "schedule.csv:1:1: no column 'lr' in the schedule; must be there: the learning rate"},
        {"STEP,lr\n0,0.1\n", "schedule.csv:1:1: the schedule names no term; must be 'separate' or 'anchor'"},
        {"STEP,lr,anchor\n0,0.1,1\n9,-0.5,1\n", "schedule.csv:3:3: 'lr' is -0.5; must be at least 0"},
    };
    fixture *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        put(f, "schedule.csv", cases[i].sheet);
        assert_int_equal(load(f, -1, NULL, "", NULL), KEDGE_EINVALID);
        assert_string_equal(message(f), cases[i].message);
    }
}

static void passes_on_what_is_wrong_in_the_sheet(void **state)
{
    fixture *f = *state;
    put(f, "schedule.csv", "STEP,lr,anchor\n0,x,1\n9,y,1\n");
    assert_int_not_equal(load(f, -1, NULL, "", NULL), KEDGE_OK);
    assert_non_null(strstr(message(f), "schedule.csv:2:3: "));
    assert_non_null(strstr(message(f), "\nschedule.csv:3:3: "));
}

static void reports_all_mistakes_at_once(void **state)
{
    fixture *f = *state;
    const char *const set[] = {"data.points=0", "terms.anchor.labels={rad: 1}", "model.bottleneck=2",
                               "schedule=none.csv"};
    assert_int_equal(load(f, -1, NULL, "", &(kedge_recipe_options){set, 4}), KEDGE_EINVALID);
    assert_string_equal(message(f),
                        "--set data.points=0: 'points' in data is '0'; must be a whole number from 2 to 64\n"
                        "--set schedule=none.csv: none.csv: cannot open: No such file or directory\n"
                        "--set terms.anchor.labels={rad: 1}: unknown label 'rad' in term 'anchor'; did you mean 'red'?\n"
                        "recipe.yaml:6:30: 'at' in term 'anchor' has 3 numbers; must have 2, the width of 'bottleneck'");
}

static void names_points_with_a_rate_beyond_1(void **state)
{
    fixture *f = *state;
    assert_int_equal(load(f, 1, "labels: {red: 2 * redness}", "", NULL), KEDGE_EINVALID);
    assert_non_null(strstr(message(f), "recipe.yaml:2:15: "));
    assert_non_null(strstr(message(f), "r=1, g=0, b=0"));
}

static void reports_a_formula_once(void **state)
{
    fixture *f = *state;
    assert_int_equal(load(f, 1, "labels: {red: rednes^2}", "test: {kind: rgb-grid, points: 2}\n", NULL), KEDGE_EINVALID);
    assert_non_null(strstr(message(f), "recipe.yaml:2:15: "));
    assert_null(strchr(message(f), '\n'));
}

static void refuses_weights_below_0(void **state)
{
    fixture *f = *state;
    assert_int_equal(load(f, 0, "data: {kind: rgb-grid, points: 2, weight: v - 0.5}", "", NULL), KEDGE_EINVALID);
    assert_non_null(strstr(message(f), "recipe.yaml:1:43: "));
}

static void refuses_a_test_of_another_shape(void **state)
{
    fixture *f = *state;
    put(f, "my.csv", "r,v\n0,1\n1,0.5\n");
    assert_int_equal(load(f, 1, "labels: {red: r}", "test: {kind: csv, file: my.csv, features: [r]}\n", NULL),
                     KEDGE_EINVALID);
    assert_string_equal(message(f), "recipe.yaml:9:7: test has 1 features and 1 targets; must have as many as data, 3 "
                                    "and 3");
}

static void refuses_too_many_terms(void **state)
{
    fixture *f = *state;
    char text[4096] = "  anchor: {kind: unitarity}";
    for (int i = 0; i < KEDGE_RECIPE_TERMS; i++) sprintf(text + strlen(text), "\n  t%d: {kind: unitarity}", i);
    assert_int_equal(load(f, 5, text, "", NULL), KEDGE_EINVALID);
    assert_string_equal(message(f), "recipe.yaml:65:3: 62 terms are too many; must be at most 60");
}

static void refuses_files_that_are_no_recipe(void **state)
{
    fixture *f = *state;
    put(f, "recipe.yaml", "");
    assert_int_equal(kedge_recipe_load(&f->loaded, f->ctx, f->recipe, NULL), KEDGE_EFORMAT);
    put(f, "recipe.yaml", "\x7f" "ELF\x01\x02\x03");
    assert_int_equal(kedge_recipe_load(&f->loaded, f->ctx, f->recipe, NULL), KEDGE_EFORMAT);
    put(f, "recipe.yaml", "- a\n- b\n");
    assert_int_equal(kedge_recipe_load(&f->loaded, f->ctx, f->recipe, NULL), KEDGE_EINVALID);
    assert_string_equal(message(f), "recipe.yaml:1:1: the recipe is a list; must be a map with keys such as 'data' and "
                                    "'model'");
    assert_int_equal(kedge_recipe_load(&f->loaded, f->ctx, "/no/such/recipe.yaml", NULL), KEDGE_EIO);
}

/* ---- memory ---- */

/* Allocations until one fails; those after it succeed. */
static void *alloc_until(size_t size, void *payload)
{
    int *left = payload;
    return (*left)-- == 0 ? NULL : aligned_alloc(64, (size + 63) / 64 * 64);
}

static void free_any(void *block, void *payload)
{
    (void)payload;
    free(block);
}

static void survives_each_failed_allocation(void **state)
{
    fixture *f = *state;
    assert_int_equal(load(f, -1, NULL, "test: {kind: rgb-grid, points: 2}\n", NULL), KEDGE_OK);
    kedge_status status = KEDGE_ENOMEM;
    int left = -1;
    kedge_context_options options = {.alloc = alloc_until, .free = free_any, .alloc_payload = &left, .kernels = "ref",
                                     .threads = 1};
    kedge_context *ctx;
    assert_int_equal(kedge_context_create(&ctx, &options), KEDGE_OK);
    int failed = 0;
    for (; status != KEDGE_OK && failed < 10000; failed++) {
        kedge_recipe *recipe = NULL;
        left = failed;
        status = kedge_recipe_load(&recipe, ctx, f->recipe, NULL);
        if (status) assert_int_equal(status, KEDGE_ENOMEM);
        if (status) assert_null(recipe);
        kedge_recipe_free(recipe);
    }
    assert_int_equal(status, KEDGE_OK);
    assert_true(failed > 20);
    left = -1;
    kedge_context_free(ctx);
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
        assert_non_null(strstr(reference, row));
        for (int k = 0; k < variant->n_fields; k++) {
            snprintf(row, sizeof row, "\n| `%s` | ", variant->fields[k].key);
            assert_non_null(strstr(strstr(reference, variant->name), row));
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
        snprintf(row, sizeof row, "\n| `%s` | ", kedge_recipe_sections[i].key);
        assert_non_null(strstr(reference, row));
        if (!kedge_recipe_sections[i].schema) continue;
        kedge_schema schema;
        kedge_recipe_sections[i].schema(&schema);
        check_schema(reference, &schema);
    }
    kedge_free(f->ctx, reference);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(loads_the_contract),
        TEST(resolves_the_contract),
        TEST(loads_the_experiments),
        TEST(sheets_have_the_published_keys),
        TEST(text_loads_back_to_itself),
        TEST(keeps_the_bytes_of_the_sheet),
        TEST(takes_constants),
        TEST(counts_seeds_from_a_first),
        TEST(runs_one_seed_by_default),
        TEST(needs_no_labels_and_terms),
        TEST(assigns_over_the_file),
        TEST(tests_grids_on_themselves),
        TEST(tests_hues_on_an_even_grid),
        TEST(finds_data_beside_the_recipe),
        TEST(loads_from_text_without_the_sheet),
        TEST(loads_from_text_with_the_sheet),
        TEST(names_each_mistake),
        TEST(names_mistakes_of_the_sheet),
        TEST(passes_on_what_is_wrong_in_the_sheet),
        TEST(reports_all_mistakes_at_once),
        TEST(names_points_with_a_rate_beyond_1),
        TEST(reports_a_formula_once),
        TEST(refuses_weights_below_0),
        TEST(refuses_a_test_of_another_shape),
        TEST(refuses_too_many_terms),
        TEST(refuses_files_that_are_no_recipe),
        TEST(survives_each_failed_allocation),
        TEST(reference_has_every_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
