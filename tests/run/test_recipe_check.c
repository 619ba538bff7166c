/* test_recipe_check.c - what each mistake in a recipe is told. */
#include "recipe_fixture.h"

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
    {7, "seeds: 0", "", "recipe.yaml:8:8: 'seeds' in the recipe is '0'; must be a whole number from 1 to 10000000",
     KEDGE_EINVALID},
    {7, "seeds: {first: -1}", "",
     "recipe.yaml:8:16: 'first' in seeds is '-1'; must be a whole number from 0 to 1000000000000\n"
     "recipe.yaml:8:8: missing key 'count' in seeds; must be a whole number from 1 to 10000000", KEDGE_EINVALID},
    {-1, "", "steps: 1e3x\n",
     "recipe.yaml:9:8: 'steps' in the recipe is '1e3x'; must be a whole number from 1 to 10000000", KEDGE_EINVALID},
    {-1, "", "hold: 101\n", "recipe.yaml:9:7: 'hold' in the recipe is 101; must be below the number of steps, 101",
     KEDGE_EINVALID},
    {-1, "", "optimizer: {kind: adma}\n",
     "recipe.yaml:9:19: unknown kind 'adma' in optimizer; did you mean 'adam'?", KEDGE_EINVALID},
    {-1, "", "optimizer: {kind: adam, beta1: 1}\n",
     "recipe.yaml:9:32: 'beta1' in optimizer is '1'; must be a number from 0 to 0.999999", KEDGE_EINVALID},
    {-1, "", "optimizer: {kind: adam, clip: -1}\n",
     "recipe.yaml:9:31: 'clip' in optimizer is '-1'; must be a number of at least 0", KEDGE_EINVALID},
    {-1, "", "optimizer: {momentum: 0.5}\n",
     "recipe.yaml:9:13: unknown key 'momentum' in optimizer of kind 'adam'; must be 'kind', 'beta1', 'beta2', "
     "'epsilon' or 'clip'", KEDGE_EINVALID},
    {-1, "", "optimizer: {kind: adam, weight_decay: 0.1}\n",
     "recipe.yaml:9:25: unknown key 'weight_decay' in optimizer of kind 'adam'; must be 'kind', 'beta1', 'beta2', "
     "'epsilon' or 'clip'", KEDGE_EINVALID},
    {-1, "", "optimizer: {kind: sgd, beta1: 0.5, momentum: 1}\n",
     "recipe.yaml:9:24: unknown key 'beta1' in optimizer of kind 'sgd'; must be 'kind', 'momentum', 'nesterov', "
     "'weight_decay' or 'clip'\n"
     "recipe.yaml:9:46: 'momentum' in optimizer is '1'; must be a number from 0 to 0.999999", KEDGE_EINVALID},
    /* data */
    {0, "data: {kind: rgb-grit}", "", "recipe.yaml:1:14: unknown kind 'rgb-grit' in data; did you mean 'rgb-grid'?",
     KEDGE_EINVALID},
    {0, "data: {kind: rgb-grid, points: 1}", "",
     "recipe.yaml:1:32: 'points' in data is '1'; must be a whole number from 2 to 64", KEDGE_EINVALID},
    {0, "data: {kind: rgb-grid, hues: 6}", "",
     "recipe.yaml:1:24: unknown key 'hues' in data of kind 'rgb-grid'; must be 'kind', 'points', 'weight', 'batch', "
     "'epoch' or 'sets'", KEDGE_EINVALID},
    {-1, "", "test: {kind: rgb-grid, points: 3, batch: 8}\n",
     "recipe.yaml:9:35: key 'batch' does not apply to test; leave it out", KEDGE_EINVALID},
    /* labels */
    {1, "labels: {red: redness^2, dark: [1]}", "",
     "recipe.yaml:2:32: label 'dark' is a list; must be a formula for its rate, or a map", KEDGE_EINVALID},
    {1, "labels: {red: redness^2, 9dark: v}", "",
     "recipe.yaml:2:26: '9dark' is no name for a label; must be a letter, then letters, digits, '_' or '-', at most 60 "
     "in all", KEDGE_EINVALID},
    {1, "labels: {red: redness^2, pale: max(r, g)}", "",
     "recipe.yaml:2:39: 'g)' is no name for a label; between braces a formula with a comma must stand in quotes\n"
     "recipe.yaml:2:41: 'rate' in label 'g)' is empty; must be a number or a formula\n"
     "recipe.yaml:2:32: in \"max(r\": '(' at position 4 is never closed", KEDGE_EINVALID},
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
     "recipe.yaml:6:29: unknown key 'power' in term 'anchor' of kind 'unitarity'; must be 'kind', 'site', 'labels' or "
     "'scale'",
     KEDGE_EINVALID},
    {5, "  anchor: {kind: fallback, place: [0, 0], output: [1, 1]}", "",
     "recipe.yaml:6:35: 'place' in term 'anchor' has 2 numbers; must have 3, the width of 'bottleneck'\n"
     "recipe.yaml:6:51: 'output' in term 'anchor' has 2 numbers; must have 3, as many as data has targets",
     KEDGE_EINVALID},
    {5, "  anchor: {kind: fallback, place: [0, 0, 0], output: [1, 1, 1], labels: {red: 1}}", "",
     "recipe.yaml:6:65: 'labels' in term 'anchor', which acts on no sample; leave them out", KEDGE_EINVALID},
    {5, "  anchor: {kind: captured-anchor, of: v == 1, labels: {red: 1}}", "",
     "recipe.yaml:6:47: 'labels' in term 'anchor', which acts on no sample; leave them out", KEDGE_EINVALID},
    {5, "  anchor: {kind: captured-anchor, of: v > 1}", "",
     "recipe.yaml:6:39: 'of' in term 'anchor' is 0 at every point; must be something else for the reference points",
     KEDGE_EINVALID},
    {5, "  anchor: {kind: captured-anchor, of: redness > 0.5 && hue > 1}", "",
     "recipe.yaml:6:39: in \"redness > 0.5 && hue > 1\": unknown name 'hue' at position 18; did you "
     "mean 'h'?", KEDGE_EINVALID},
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
     "recipe.yaml:7:21: key 'ancor' is neither 'lr', 'recon' nor a term; did you mean 'anchor'?\n"
     "recipe.yaml:7:11: the schedule names no term; must be 'separate' or 'anchor'", KEDGE_EINVALID},
    {6, "schedule: {anchor: 1}", "steps: 5\n",
     "recipe.yaml:7:11: no key 'lr' in the schedule; must be there: the learning rate", KEDGE_EINVALID},
    {6, "schedule: {lr: -0.1, anchor: 1}", "steps: 5\n",
     "recipe.yaml:7:16: 'schedule.lr' in the recipe is -0.1; must be a number of at least 0", KEDGE_EINVALID},
    {6, "schedule: {lr: 0.1, anchor: 1, labels.rad: 2}", "steps: 5\n",
     "recipe.yaml:7:32: key 'labels.rad': unknown label 'rad'; did you mean 'red'?", KEDGE_EINVALID},
    {6, "schedule: {lr: 0.1, anchor: 1, labels: {red: -2}}", "steps: 5\n",
     "recipe.yaml:7:46: 'schedule.labels.red' in the recipe is -2; must be a number of at least 0", KEDGE_EINVALID},
    {6, "schedule: {lr: 0.1, anchor: 1, labels: {red: 2}, labels.red: 1}", "steps: 5\n",
     "recipe.yaml:7:41: a second 'labels.red' in 'schedule'; leave one out", KEDGE_EINVALID},
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
         "schedule.csv:1:9: column 'ancor' is neither 'lr', 'recon' nor a term; did you mean 'anchor'?"},
        {"STEP,lr,mse:log:step\n0,0.1,1\n",
         "schedule.csv:1:9: column 'mse' is neither 'lr', 'recon' nor a term; must be 'lr', 'recon', 'separate' or "
         "'anchor'\nschedule.csv:1:1: the schedule names no term; must be 'separate' or 'anchor'"},
        {"STEP,lr,anchor,recon\n0,0.1,1,-1\n", "schedule.csv:2:9: 'recon' is -1; must be at least 0"},
        {"STEP,anchor\n0,0.1\n", "schedule.csv:1:1: no column 'lr' in the schedule; must be there: the learning rate"},
        {"STEP,lr\n0,0.1\n", "schedule.csv:1:1: the schedule names no term; must be 'separate' or 'anchor'"},
        {"STEP,lr,anchor\n0,0.1,1\n9,-0.5,1\n", "schedule.csv:3:3: 'lr' is -0.5; must be at least 0"},
        {"STEP,lr,anchor\n0,0.1,1\n9,~-0.5/3,1\n", "schedule.csv:3:3: 'lr' is -0.5; must be at least 0"},
        {"STEP,lr,anchor,labels.red:log:step,labels.rad\n0,0.1,1,1,1\n",
         "schedule.csv:1:36: column 'labels.rad': unknown label 'rad'; did you mean 'red'?"},
        {"STEP,lr,anchor,labels.red\n0,0.1,1,-1\n", "schedule.csv:2:9: 'labels.red' is -1; must be at least 0"},
        {"STEP,ACTION,lr,anchor\n0,save,0.1,1\n9,\" reset-optimiser , snapshot:anchor\",,\n",
         "schedule.csv:2:3: unknown action 'save'; must be 'anchor', 'snapshot' or 'reset-optimizer'\n"
         "schedule.csv:3:5: unknown action 'reset-optimiser'; did you mean 'reset-optimizer'?\n"
         "schedule.csv:3:23: action 'snapshot:anchor': 'snapshot' is for no term; must stand alone"},
        {"STEP,ACTION,lr,anchor\n0,anchor,0.1,1\n",
         "schedule.csv:2:3: action 'anchor' has no term to capture for; must have one of kind 'captured-anchor'"},
    };
    fixture *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        put(f, "schedule.csv", cases[i].sheet);
        assert_int_equal(load(f, -1, NULL, "", NULL), KEDGE_EINVALID);
        assert_string_equal(message(f), cases[i].message);
    }
}

static void names_terms_that_capture_nothing(void **state)
{
    fixture *f = *state;
    put(f, "schedule.csv", "STEP,ACTION,lr,keep\n0,anchor:keep,0.1,1\n"
                           "7,\"anchor:kep, anchor:anchor\",,\n9,anchor,,\n");
    assert_int_equal(load(f, 5, "  keep: {kind: captured-anchor, of: v == 1}", "", NULL), KEDGE_EINVALID);
    assert_string_equal(message(f), "schedule.csv:3:4: action 'anchor:kep': no term 'kep' that captures; did you mean "
                                    "'keep'?\n"
                                    "schedule.csv:3:16: action 'anchor:anchor': no term 'anchor' that captures; must "
                                    "be 'keep'");
}

static void limits_the_reference_points(void **state)
{
    fixture *f = *state;
    put(f, "recipe.yaml", "data: {kind: rgb-grid, points: 7, batch: 8}\n"
        "model: {kind: autoencoder, hidden: [6], bottleneck: 3}\n"
        "terms: {keep: {kind: captured-anchor, of: r + g + b}}\nschedule: {lr: 0.1, keep: 1}\nsteps: 3\n");
    assert_int_equal(kedge_recipe_load(&f->loaded, f->ctx, f->folder, NULL), KEDGE_EINVALID);
    assert_string_equal(message(f), "recipe.yaml:3:43: 'of' in term 'keep' makes 342 of 343 points reference points; "
                                    "must be at most 256");
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
                        "--set terms.anchor.labels={rad: 1}: unknown label 'rad' in term 'anchor'; did you mean "
                        "'red'?\n"
                        "recipe.yaml:6:30: 'at' in term 'anchor' has 3 numbers; must have 2, the width of "
                        "'bottleneck'");
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
    assert_int_equal(load(f, 1, "labels: {red: rednes^2}", "test: {kind: rgb-grid, points: 2}\n", NULL),
                     KEDGE_EINVALID);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(names_each_mistake),
        TEST(names_mistakes_of_the_sheet),
        TEST(names_terms_that_capture_nothing),
        TEST(limits_the_reference_points),
        TEST(passes_on_what_is_wrong_in_the_sheet),
        TEST(reports_all_mistakes_at_once),
        TEST(names_points_with_a_rate_beyond_1),
        TEST(reports_a_formula_once),
        TEST(refuses_weights_below_0),
        TEST(refuses_a_test_of_another_shape),
        TEST(refuses_too_many_terms),
        TEST(refuses_files_that_are_no_recipe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
