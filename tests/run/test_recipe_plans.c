/* test_recipe_plans.c - plans and the score of a recipe: what is read, printed and refused. */
#include <math.h>

#include "failing_alloc.h"
#include "recipe_fixture.h"

/* Behind the small recipe: lines 9 to 14. */
static const char plans[] =
    "plans:\n"
    "  suppressed: {edit: suppress, direction: [1, 0, 0]}\n"
    "  ablated: {surgery: ablate, dims: [0], target: vibrancy^2.3}\n"
    "  both: [{surgery: prune, dims: [0, 2]}, {edit: zero, dims: [0], site: encoder.1}]\n"
    "  turned: {steps: [{edit: repel, direction: [0, 1, 0], from: 80, to: 70}], target: 'similarity(0, 1, 0)'}\n"
    "score: {plan: suppressed, target: similarity(red)^2}\n";

static void load_plans(fixture *f, const kedge_recipe_options *options)
{
    assert_int_equal(load(f, -1, NULL, plans, options), KEDGE_OK);
}

static int kind_of_edit(const char *name)
{
    int i = 0;
    while (strcmp(kedge_edit_kinds[i]->variant.name, name) != 0) i++;
    return i;
}

static int kind_of_surgery(const char *name)
{
    int i = 0;
    while (strcmp(kedge_surgery_kinds[i]->variant.name, name) != 0) i++;
    return i;
}

/* ---- reading ---- */

static void a_step_is_a_plan(void **state)
{
    fixture *f = *state;
    load_plans(f, NULL);
    assert_int_equal(f->loaded->n_plans, 4);
    const kedge_plan_options *plan = &f->loaded->plans[0];
    assert_string_equal(plan->name, "suppressed");
    assert_int_equal(plan->n_steps, 1);
    assert_false(plan->steps[0].is_surgery);
    const kedge_edit_options *edit = &plan->steps[0].edit;
    assert_int_equal(edit->kind, kind_of_edit("suppress"));
    assert_string_equal(edit->site, "bottleneck");
    assert_int_equal(edit->direction.n, 3);
    assert_true(edit->from == 90 && edit->strength == 1 && edit->power == 0);
}

static void surgery_is_a_plan(void **state)
{
    fixture *f = *state;
    load_plans(f, NULL);
    const kedge_plan_step *step = &f->loaded->plans[1].steps[0];
    assert_true(step->is_surgery);
    assert_int_equal(step->surgery.kind, kind_of_surgery("ablate"));
    assert_int_equal(step->surgery.dims.n, 1);
}

static void a_list_of_steps_is_a_plan(void **state)
{
    fixture *f = *state;
    load_plans(f, NULL);
    const kedge_plan_options *plan = &f->loaded->plans[2];
    assert_int_equal(plan->n_steps, 2);
    assert_int_equal(plan->steps[0].surgery.kind, kind_of_surgery("prune"));
    assert_int_equal(plan->steps[1].edit.kind, kind_of_edit("zero"));
    assert_string_equal(plan->steps[1].edit.site, "encoder.1");
    assert_null(plan->target.text);
}

static void steps_with_a_target_are_a_plan(void **state)
{
    fixture *f = *state;
    load_plans(f, NULL);
    const kedge_plan_options *plan = &f->loaded->plans[3];
    assert_int_equal(plan->n_steps, 1);
    assert_true(plan->steps[0].edit.to == 70);
    assert_string_equal(plan->target.text, "similarity(0, 1, 0)");
}

static void dims_are_those_that_a_prune_left(void **state)
{
    fixture *f = *state;
    assert_int_equal(load(f, -1, NULL, "plans: {p: [{surgery: prune, dims: [0]}, "
                                       "{edit: suppress, direction: [0, 1]}]}\n", NULL), KEDGE_OK);
}

static void a_recipe_needs_no_plans(void **state)
{
    fixture *f = *state;
    assert_int_equal(load(f, -1, NULL, "", NULL), KEDGE_OK);
    assert_int_equal(f->loaded->n_plans, 0);
    assert_null(f->loaded->score.plan);
    assert_int_equal(f->loaded->score_plan, -1);
    assert_null(strstr(kedge_recipe_text(f->loaded), "plans"));
    assert_null(strstr(kedge_recipe_text(f->loaded), "score"));
}

static void assigns_to_keys_of_plans(void **state)
{
    fixture *f = *state;
    const char *const set[] = {"plans.suppressed.from=60", "plans.both.1.dims=[2, 1]", "plans.turned.steps.0.to=5",
                               "score.plan=ablated", "score.target=vibrancy^2.3", "plans.more={edit: zero, dims: [1]}"};
    load_plans(f, &(kedge_recipe_options){set, 6});
    assert_true(f->loaded->plans[0].steps[0].edit.from == 60);
    assert_int_equal(f->loaded->plans[2].steps[1].edit.dims.n, 2);
    assert_true(f->loaded->plans[3].steps[0].edit.to == 5);
    assert_int_equal(f->loaded->score_plan, 1);
    assert_string_equal(f->loaded->plans[4].name, "more");
}

/* ---- the score and targets ---- */

static void the_score_knows_its_plan(void **state)
{
    fixture *f = *state;
    load_plans(f, &(kedge_recipe_options){(const char *const[]){"score={plan: turned}"}, 1});
    assert_int_equal(f->loaded->score_plan, 3);
    assert_string_equal(f->loaded->targets[0].formula, "similarity(0, 1, 0)"); /* that of the plan that is scored */
    assert_string_equal(f->loaded->targets[1].formula, "vibrancy^2.3");
}

static void plans_share_the_target_of_the_score(void **state)
{
    fixture *f = *state;
    load_plans(f, NULL);
    assert_string_equal(f->loaded->targets[0].formula, "similarity(red)^2");
    assert_string_equal(f->loaded->targets[2].formula, "similarity(red)^2");
    assert_ptr_equal(f->loaded->targets[2].values, f->loaded->targets[0].values);
}

static void targets_are_worked_out_on_the_data(void **state)
{
    fixture *f = *state;
    load_plans(f, NULL);
    const kedge_dataset *data = f->loaded->dataset;
    for (int i = 0; i < data->points; i++) {
        kedge_rgb rgb = {data->columns[0][i], data->columns[1][i], data->columns[2][i]};
        double red = kedge_colour_similarity(kedge_hsv_from_rgb(rgb), kedge_named_colours[0].hsv);
        assert_true(fabs(f->loaded->targets[0].values[i] - red * red) < 1e-15);
        assert_true(fabs(f->loaded->targets[1].values[i] - pow(kedge_vibrancy(rgb), 2.3)) < 1e-15);
    }
}

static void targets_know_their_colour(void **state)
{
    fixture *f = *state;
    load_plans(f, NULL);
    const kedge_target *targets = f->loaded->targets;
    assert_true(targets[0].has_colour && targets[0].colour.h == 0 && targets[0].colour.s == 1);
    assert_false(targets[1].has_colour);
    assert_true(targets[3].has_colour && targets[3].colour.h == 1. / 3);
}

static void plans_without_a_score_may_have_no_target(void **state)
{
    fixture *f = *state;
    assert_int_equal(load(f, -1, NULL, "plans: {p: {edit: zero, dims: [0]}}\n", NULL), KEDGE_OK);
    assert_null(f->loaded->targets[0].formula);
}

static void a_target_may_be_given_twice_alike(void **state)
{
    fixture *f = *state;
    load_plans(f, &(kedge_recipe_options){(const char *const[]){"plans.suppressed.target=similarity(red)^2"}, 1});
    assert_int_equal(f->loaded->score_plan, 0);
}

static void tables_have_targets_too(void **state)
{
    fixture *f = *state;
    put(f, "my.csv", "a,b,c\n0,1,0\n1,0,0.5\n1,1,1\n");
    assert_int_equal(load(f, 0, "data: {kind: csv, file: my.csv, features: [a, b, c], batch: 2}\n",
                          "plans: {p: {edit: zero, dims: [0]}}\nscore: {plan: p, target: a * c}\n",
                          &(kedge_recipe_options){(const char *const[]){"labels={red: a*b, dark: 1-c}"}, 1}), KEDGE_OK);
    assert_true(f->loaded->targets[0].values[1] == 0.5);
    assert_false(f->loaded->targets[0].has_colour);
}

/* ---- printing ---- */

static void prints_plans_and_score(void **state)
{
    fixture *f = *state;
    load_plans(f, NULL);
    const char *text = strstr(kedge_recipe_text(f->loaded), "plans:\n");
    assert_non_null(text);
    assert_string_equal(text, "plans:\n"
                              "  suppressed:\n    edit: suppress\n    direction: [1, 0, 0]\n    from: 90\n"
                              "    strength: 1\n    power: 0\n    site: bottleneck\n"
                              "  ablated:\n    surgery: ablate\n    site: bottleneck\n    dims: [0]\n"
                              "    target: vibrancy^2.3\n"
                              "  both:\n    steps:\n      - surgery: prune\n        site: bottleneck\n"
                              "        dims: [0, 2]\n      - edit: zero\n        dims: [0]\n        site: encoder.1\n"
                              "  turned:\n    edit: repel\n    direction: [0, 1, 0]\n    map: linear\n    from: 80\n"
                              "    to: 70\n    site: bottleneck\n    target: \"similarity(0, 1, 0)\"\n"
                              "score:\n  plan: suppressed\n  target: similarity(red)^2\n"
                              "seeds:\n  first: 0\n  count: 2\n");
}

static void text_loads_back_to_itself(void **state)
{
    fixture *f = *state;
    load_plans(f, NULL);
    kedge_recipe *again = NULL;
    assert_int_equal(kedge_recipe_from_text(&again, f->ctx, "a.safetensors", kedge_recipe_text(f->loaded), NULL),
                     KEDGE_OK);
    assert_string_equal(kedge_recipe_text(again), kedge_recipe_text(f->loaded));
    assert_int_equal(again->score_plan, 0);
    assert_non_null(again->targets[3].values);
    kedge_recipe_free(again);
}

/* ---- mistakes ---- */

/* What follows the small recipe, from line 9 on, and the whole message. */
static const struct {
    const char *more, *message;
} mistakes[] = {
    {"plans: 3\n", "recipe.yaml:9:8: 'plans' in the recipe is '3'; must be a map of names to plans"},
    {"plans: {9x: {edit: zero, dims: [0]}}\n",
     "recipe.yaml:9:9: '9x' is no name for a plan; must be a letter, then letters, digits, '_' or '-', at most 60 in "
     "all"},
    {"plans: {Baseline: {edit: zero, dims: [0]}}\n",
     "recipe.yaml:9:9: no plan may be called 'baseline', as the model without any is; must have another name"},
    {"plans: {p: zero}\n",
     "recipe.yaml:9:12: plan 'p' is 'zero'; must be a map with 'edit' or 'surgery', or a list of such maps"},
    {"plans: {p: []}\n", "recipe.yaml:9:12: plan 'p' has no steps; must have from 1 to 16"},
    {"plans: {p: {steps: []}}\n", "recipe.yaml:9:20: plan 'p' has no steps; must have from 1 to 16"},
    {"plans: {p: [{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}]}\n",
     "recipe.yaml:9:12: plan 'p' has too many steps; must have from 1 to 16"},
    {"plans: {p: {steps: zero}}\n",
     "recipe.yaml:9:20: 'steps' in plan 'p' is 'zero'; must be a list of edits and surgeries"},
    {"plans: {p: {steps: [{edit: zero, dims: [0]}], edit: zero}}\n",
     "recipe.yaml:9:47: unknown key 'edit' in plan 'p'; must be 'target' or 'steps'"},
    {"plans: {p: {steps: [{edit: zero, dims: [0]}], tagret: v}}\n",
     "recipe.yaml:9:47: unknown key 'tagret' in plan 'p'; did you mean 'target'?"},
    {"plans: {p: [{edit: zero, dims: [0]}, zero]}\n",
     "recipe.yaml:9:38: steps[1] of plan 'p' is 'zero'; must be a map with 'edit' or 'surgery'"},
    {"plans: {p: {}}\n", "recipe.yaml:9:12: missing key 'edit' or 'surgery' in plan 'p'; must be one of the two"},
    {"plans: {p: {edti: zero}}\n", "recipe.yaml:9:13: unknown key 'edti' in plan 'p'; did you mean 'edit'?"},
    {"plans: {p: {edit: zero, surgery: ablate, dims: [0]}}\n",
     "recipe.yaml:9:25: both 'edit' and 'surgery' in plan 'p'; must be one of the two, or steps in a list"},
    {"plans: {p: {edit: supress}}\n", "recipe.yaml:9:19: unknown edit 'supress' in plan 'p'; did you mean 'suppress'?"},
    {"plans: {p: {surgery: cut}}\n",
     "recipe.yaml:9:22: unknown surgery 'cut' in plan 'p'; must be 'ablate', 'prune', 'redirect', 'reflect' or "
     "'constant'"},
    {"plans: {p: {edit: suppress, direction: [1, 0, 0], form: 60}}\n",
     "recipe.yaml:9:51: unknown key 'form' in plan 'p' of edit 'suppress'; did you mean 'from'?"},
    {"plans: {p: {edit: suppress}}\n",
     "recipe.yaml:9:12: missing key 'direction' in plan 'p'; must be a list of finite numbers"},
    {"plans: {p: [{edit: zero, dims: [0], target: v}]}\n",
     "recipe.yaml:9:37: unknown key 'target' in plan 'p' of edit 'zero'; must be 'edit', 'dims' or 'site'"},
    {"plans: {p: {edit: zero, dims: [0], target: [v]}}\n",
     "recipe.yaml:9:44: 'target' in plan 'p' is a list; must be a number or a formula"},
    /* against the model */
    {"plans: {p: {edit: suppress, direction: [1, 0]}}\n",
     "recipe.yaml:9:40: 'direction' in plan 'p' has 2 numbers; must have 3, the width of 'bottleneck'"},
    {"plans: {p: {edit: suppress, direction: [0, 0, 0]}}\n",
     "recipe.yaml:9:40: 'direction' in plan 'p' has length 0, which is no direction; must be above 0.000001"},
    {"plans: {p: {edit: suppress, direction: [1, 0, 0], from: 91}}\n",
     "recipe.yaml:9:57: 'from' in plan 'p' is '91'; must be a number from 0 to 90"},
    {"plans: {p: {edit: repel, direction: [1, 0, 0], from: 60, to: 60}}\n",
     "recipe.yaml:9:62: 'to' in plan 'p' is 60; must be below 'from', 60"},
    {"plans: {p: [{surgery: prune, dims: [1, 2]}, {edit: repel, direction: [1], to: 9}]}\n",
     "recipe.yaml:9:45: 'bottleneck' in steps[1] of plan 'p' has width 1, in which nothing turns; must be at least 2 "
     "wide"},
    {"plans: {p: {edit: zero, dims: []}}\n",
     "recipe.yaml:9:31: 'dims' in plan 'p' is empty; must name at least one dim"},
    {"plans: {p: {edit: zero, dims: [0, 3]}}\n",
     "recipe.yaml:9:35: 'dims[1]' in plan 'p' is 3; must be a dim of 'bottleneck', from 0 to 2"},
    {"plans: {p: {surgery: ablate, dims: [1, 1]}}\n",
     "recipe.yaml:9:40: 'dims[1]' in plan 'p' is 1 again; must name each dim once"},
    {"plans: {p: {edit: zero, dims: [0], site: botleneck}}\n",
     "recipe.yaml:9:42: unknown site 'botleneck' in plan 'p'; did you mean 'bottleneck'?"},
    {"plans: {p: [{surgery: prune, dims: [0]}, {edit: zero, dims: [2]}]}\n",
     "recipe.yaml:9:62: 'dims[0]' in steps[1] of plan 'p' is 2; must be a dim of 'bottleneck', from 0 to 1"},
    {"plans: {p: [{surgery: prune, dims: [0]}, {edit: suppress, direction: [1, 0, 0]}]}\n",
     "recipe.yaml:9:70: 'direction' in steps[1] of plan 'p' has 3 numbers; must have 2, the width of 'bottleneck'"},
    {"plans: {p: {surgery: constant, dims: [0], value: [1, 2]}}\n",
     "recipe.yaml:9:50: 'value' in plan 'p' has 2 numbers; must have 1, one per dim, or be left out"},
    /* the score */
    {"score: 0.9\n", "recipe.yaml:9:8: score is '0.9'; must be a map"},
    {"score: {plan: p}\n",
     "recipe.yaml:9:15: unknown plan 'p' in score; must be a name from 'plans', and the recipe has none"},
    {"plans: {red-out: {edit: zero, dims: [0]}}\nscore: {plan: redout, target: v}\n",
     "recipe.yaml:10:15: unknown plan 'redout' in score; did you mean 'red-out'?"},
    {"plans: {p: {edit: zero, dims: [0]}}\nscore: {target: v}\n",
     "recipe.yaml:10:8: missing key 'plan' in score; must be text"},
    {"plans: {p: {edit: zero, dims: [0]}}\nscore: {plan: p}\n",
     "recipe.yaml:10:8: missing key 'target' in score; must be a number or a formula, as plan 'p' has none of its own"},
    {"plans: {p: {edit: zero, dims: [0], target: v}}\nscore: {plan: p, target: s}\n",
     "recipe.yaml:10:26: 'target' in score is 's', and that of plan 'p' is 'v'; must be given once"},
    /* targets */
    {"plans: {p: {edit: zero, dims: [0]}, q: {edit: zero, dims: [1]}}\nscore: {plan: p, target: similarity(rad)^2}\n",
     "recipe.yaml:10:26: in \"similarity(rad)^2\": unknown colour 'rad' at position 12; did you mean 'red'?"},
    {"plans: {p: {edit: zero, dims: [0], target: 1/v}}\n",
     "recipe.yaml:9:44: in \"1/v\": the value is infinite at point 0 (r=0, g=0, b=0); it must be finite at every "
     "point"},
    {"plans: {p: {edit: zero, dims: [0], target: 0.5}}\n",
     "recipe.yaml:9:44: in \"0.5\": the target of plan 'p' is the same at every point, with which nothing correlates; "
     "must vary"},
    {"plans: {p: {edit: zero, dims: [0]}}\nscore: {plan: p, target: similarity(red)^0}\n",
     "recipe.yaml:10:26: in \"similarity(red)^0\": the target of score is the same at every point, with which nothing "
     "correlates; must vary"},
    {"plans: {p: {edit: zero, dims: [0], target: 1e200*v}}\n",
     "recipe.yaml:9:44: in \"1e200*v\": the target of plan 'p' reaches 1e+200; must stay within 1e+100"},
};

static void names_each_mistake(void **state)
{
    fixture *f = *state;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        assert_int_equal(load(f, -1, NULL, mistakes[i].more, NULL), KEDGE_EINVALID);
        assert_string_equal(message(f), mistakes[i].message);
        assert_null(f->loaded);
    }
}

static void refuses_to_prune_all(void **state)
{
    fixture *f = *state;
    assert_int_equal(load(f, -1, NULL, "plans: {p: {surgery: prune, dims: [0, 1, 2]}}\n", NULL), KEDGE_EINVALID);
    assert_ptr_equal(strstr(message(f), "recipe.yaml:9:12: plan 'p': prune: "), message(f));
}

static void refuses_too_many_plans(void **state)
{
    fixture *f = *state;
    char text[1024] = "plans:\n";
    for (int i = 0; i <= KEDGE_RECIPE_PLANS; i++) sprintf(text + strlen(text), "  p%d: {edit: zero, dims: [0]}\n", i);
    assert_int_equal(load(f, -1, NULL, text, NULL), KEDGE_EINVALID);
    assert_string_equal(message(f), "recipe.yaml:26:3: 17 plans are too many; must be at most 16");
}

static void names_mistakes_of_assignments(void **state)
{
    fixture *f = *state;
    assert_int_equal(load(f, -1, NULL, plans,
                          &(kedge_recipe_options){(const char *const[]){"plans.suppressed.from=half"}, 1}),
                     KEDGE_EINVALID);
    assert_string_equal(message(f), "--set plans.suppressed.from=half: 'from' in plan 'suppressed' is 'half'; must be "
                                    "a number from 0 to 90");
}

/* One mistake, one line: what cannot be judged for it is not. */
static void reports_a_mistake_once(void **state)
{
    fixture *f = *state;
    assert_int_equal(load(f, 2, "model: {kind: autoencoder}", plans, NULL), KEDGE_EINVALID);
    assert_null(strchr(message(f), '\n'));
    assert_int_equal(load(f, -1, NULL, plans, &(kedge_recipe_options){(const char *const[]){
        "plans.suppressed.edit=zap"}, 1}), KEDGE_EINVALID);
    assert_null(strchr(message(f), '\n'));
}

static void survives_each_failed_allocation(void **state)
{
    fixture *f = *state;
    load_plans(f, NULL);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_step_is_a_plan),
        TEST(surgery_is_a_plan),
        TEST(a_list_of_steps_is_a_plan),
        TEST(steps_with_a_target_are_a_plan),
        TEST(dims_are_those_that_a_prune_left),
        TEST(a_recipe_needs_no_plans),
        TEST(assigns_to_keys_of_plans),
        TEST(the_score_knows_its_plan),
        TEST(plans_share_the_target_of_the_score),
        TEST(targets_are_worked_out_on_the_data),
        TEST(targets_know_their_colour),
        TEST(plans_without_a_score_may_have_no_target),
        TEST(a_target_may_be_given_twice_alike),
        TEST(tables_have_targets_too),
        TEST(prints_plans_and_score),
        TEST(text_loads_back_to_itself),
        TEST(names_each_mistake),
        TEST(refuses_to_prune_all),
        TEST(refuses_too_many_plans),
        TEST(names_mistakes_of_assignments),
        TEST(reports_a_mistake_once),
        TEST(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
