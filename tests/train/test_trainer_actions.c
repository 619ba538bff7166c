/* Actions of a run: at which step each is fired, and what it does. */
#include "training_fixture.h"

enum { ANCHOR, SNAPSHOT, RESET, KINDS };

static const float corners[] = {1, 0, 0, 1, 0, 0}; /* (1, 0, 0) and (0, 1, 0) */

static void add_captured(fixture *f, const char *name)
{
    add_term(f, name, "captured-anchor", (kedge_term_options){.reference = {2, 3, corners}});
}

static void set_actions(fixture *f, int n, const kedge_action *actions)
{
    f->training.n_actions = n;
    f->training.actions = actions;
}

/* What a run tells. */
typedef struct watch {
    fixture *f;
    int begun, snapshots, answer;
    int first[MOST_TERMS]; /* step at which the term was active first; 0: never */
    float at_first[MOST_TERMS], last[MOST_TERMS];
    float *expected; /* parameters at the snapshot */
} watch;

static kedge_status note_begin(int step, void *payload)
{
    ((watch *)payload)->begun = step;
    return KEDGE_OK;
}

static kedge_status note_step(const kedge_step *step, void *payload)
{
    watch *w = payload;
    for (int i = 0; i < w->f->n_terms; i++) {
        if (!kedge_step_active(step, i)) continue;
        if (w->first[i] == 0) w->first[i] = step->step, w->at_first[i] = step->values[i + 1];
        w->last[i] = step->values[i + 1];
    }
    return KEDGE_OK;
}

static kedge_status note_snapshot(int step, void *payload)
{
    watch *w = payload;
    w->snapshots++;
    assert_int_equal(w->begun, step);
    if (w->expected) assert_same_parameters(w->f, w->expected);
    return w->answer;
}

static kedge_status watched(watch *w, fixture *f)
{
    w->f = f;
    kedge_train_events events = {.begin = note_begin, .step = note_step, .snapshot = note_snapshot, .payload = w};
    return kedge_trainer_run(f->trainer, 7, &events);
}

/* Parameters after the first 'steps' updates. */
static float *after(fixture *f, int steps)
{
    int all = f->training.steps;
    f->training.steps = steps;
    assert_int_equal(kedge_trainer_run(f->trainer, 7, NULL), KEDGE_OK);
    f->training.steps = all;
    return parameters(f);
}

static void every_kind_says_what_it_is(void **state)
{
    (void)state;
    static const char *const names[] = {"anchor", "snapshot", "reset-optimizer"};
    assert_int_equal(kedge_n_action_kinds(), KINDS);
    for (int i = 0; i < KINDS; i++) {
        assert_string_equal(kedge_action_kinds[i].name, names[i]);
        assert_non_null(kedge_action_kinds[i].doc);
        assert_non_null(kedge_action_kinds[i].fire);
    }
    assert_null(kedge_action_kinds[KINDS].name);
}

static void a_capture_begins_at_its_step(void **state)
{
    fixture *f = *state;
    static const kedge_action actions[] = {{12, ANCHOR, -1}};
    watch w = {0};
    add_captured(f, "keep");
    open_trainer(f, 0.01);
    set_actions(f, 1, actions);
    assert_int_equal(watched(&w, f), KEDGE_OK);
    assert_int_equal(w.first[0], 12);
    assert_true(w.at_first[0] == 0 && w.last[0] > 0);
}

static void before_its_capture_a_term_does_nothing(void **state)
{
    fixture *f = *state;
    static const kedge_action actions[] = {{12, ANCHOR, -1}};
    open_trainer(f, 0.01);
    float *without = after(f, 12);
    close_trainer(f);
    add_captured(f, "keep");
    open_trainer(f, 0.01);
    set_actions(f, 1, actions);
    float *before = after(f, 12);
    assert_same_parameters(f, without);
    float *captured = after(f, 20);
    set_actions(f, 0, NULL);
    free(after(f, 20)); /* as long, but nothing is captured */
    assert_memory_not_equal(captured, f->trainer->params.values, f->trainer->params.size * sizeof(float));
    free(without);
    free(before);
    free(captured);
}

static void a_captured_anchor_holds(void **state)
{
    fixture *f = *state;
    static const kedge_action actions[] = {{5, ANCHOR, -1}};
    float last[2];
    for (int strong = 0; strong < 2; strong++) {
        watch w = {0};
        f->n_terms = 0;
        add_captured(f, "keep");
        f->steps = 100;
        for (int i = 0; i < f->steps; i++) f->weights[i] = strong ? 10 : 1e-6;
        open_trainer(f, 0.01);
        set_actions(f, 1, actions);
        assert_int_equal(watched(&w, f), KEDGE_OK);
        last[strong] = w.last[0];
        close_trainer(f);
    }
    assert_true(last[1] < last[0] / 10);
}

static void an_action_may_be_for_one_term(void **state)
{
    fixture *f = *state;
    static const kedge_action actions[] = {{3, ANCHOR, 1}, {9, ANCHOR, 0}};
    watch w = {0};
    add_captured(f, "one");
    add_captured(f, "two");
    open_trainer(f, 0.01);
    set_actions(f, 2, actions);
    assert_int_equal(watched(&w, f), KEDGE_OK);
    assert_int_equal(w.first[0], 9);
    assert_int_equal(w.first[1], 3);
}

static void a_new_run_has_captured_nothing(void **state)
{
    fixture *f = *state;
    static const kedge_action actions[] = {{8, ANCHOR, -1}, {8, RESET, -1}};
    watch w = {0};
    add_captured(f, "keep");
    open_trainer(f, 0.01);
    set_actions(f, 2, actions);
    float *first = after(f, 20);
    assert_int_equal(watched(&w, f), KEDGE_OK);
    assert_same_parameters(f, first);
    assert_int_equal(w.first[0], 8);
    free(first);
}

/* Adam's first update moves each parameter by the learning rate, whatever its gradient is. */
static void a_reset_makes_the_next_update_a_first_one(void **state)
{
    fixture *f = *state;
    static const kedge_action actions[] = {{10, RESET, -1}};
    open_trainer(f, 0.001);
    int moved[2] = {0};
    for (int reset = 0; reset < 2; reset++) {
        set_actions(f, reset, actions);
        float *before = after(f, 10), *behind = after(f, 11);
        for (size_t i = 0; i < f->trainer->params.size; i++)
            moved[reset] += fabsf(fabsf(behind[i] - before[i]) - 0.001f) < 1e-6f;
        free(before);
        free(behind);
    }
    assert_int_equal(moved[1], f->trainer->params.count);
    assert_true(moved[0] < moved[1] / 4);
}

static void snapshots_show_the_model_before_the_update(void **state)
{
    fixture *f = *state;
    static const kedge_action actions[] = {{0, SNAPSHOT, -1}, {6, SNAPSHOT, -1}};
    watch w = {0};
    add_the_usual(f);
    open_trainer(f, 0.01);
    float *all = after(f, f->steps), *expected = after(f, 6);
    set_actions(f, 1, actions + 1);
    w.expected = expected;
    assert_int_equal(watched(&w, f), KEDGE_OK);
    assert_int_equal(w.snapshots, 1);
    assert_same_parameters(f, all); /* and change nothing */
    set_actions(f, 2, actions);
    w.expected = NULL;
    assert_int_equal(watched(&w, f), KEDGE_OK);
    assert_int_equal(w.snapshots, 3);
    assert_int_equal(kedge_trainer_run(f->trainer, 7, NULL), KEDGE_OK); /* nobody listens */
    free(all);
    free(expected);
}

static void a_snapshot_that_fails_ends_the_run(void **state)
{
    fixture *f = *state;
    static const kedge_action actions[] = {{4, SNAPSHOT, -1}};
    watch w = {.answer = KEDGE_EIO};
    open_trainer(f, 0.01);
    set_actions(f, 1, actions);
    assert_int_equal(watched(&w, f), KEDGE_EIO);
    assert_int_equal(w.begun, 4);
}

static void actions_past_the_end_never_fire(void **state)
{
    fixture *f = *state;
    static const kedge_action actions[] = {{20, SNAPSHOT, -1}};
    watch w = {0};
    open_trainer(f, 0.01);
    set_actions(f, 1, actions);
    assert_int_equal(watched(&w, f), KEDGE_OK);
    assert_int_equal(w.snapshots, 0);
}

/* As controls are trained: the recipe's actions, none of its terms. */
static void without_terms_there_is_nothing_to_capture(void **state)
{
    fixture *f = *state;
    static const kedge_action actions[] = {{3, ANCHOR, -1}, {4, ANCHOR, 1}};
    open_trainer(f, 0.01);
    float *expected = after(f, 20);
    set_actions(f, 2, actions);
    assert_int_equal(kedge_trainer_run(f->trainer, 7, NULL), KEDGE_OK);
    assert_same_parameters(f, expected);
    free(expected);
}

static void actions_allocate_nothing(void **state)
{
    fixture *f = *state;
    static const kedge_action actions[] = {{3, ANCHOR, -1}, {3, RESET, -1}, {4, SNAPSHOT, -1}};
    add_captured(f, "keep");
    open_trainer(f, 0.01);
    set_actions(f, 3, actions);
    size_t before = f->memory.requests;
    assert_int_equal(kedge_trainer_run(f->trainer, 7, NULL), KEDGE_OK);
    assert_int_equal(f->memory.requests, before);
}

static void every_allocation_may_fail(void **state)
{
    fixture *f = *state;
    add_captured(f, "keep");
    open_trainer(f, 0.01);
    close_trainer(f);
    size_t in_use = f->memory.in_use;
    for (size_t n = 1;; n++) {
        f->memory.requests = 0;
        f->memory.fail_at = n;
        kedge_status status = kedge_trainer_create(&f->trainer, f->ctx, &f->training);
        bool had_its_turn = f->memory.requests >= n;
        f->memory.fail_at = 0;
        assert_int_equal(status, had_its_turn ? KEDGE_ENOMEM : KEDGE_OK);
        if (!had_its_turn) break;
        assert_null(f->trainer);
        assert_int_equal(f->memory.in_use, in_use);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_says_what_it_is),
        TEST(a_capture_begins_at_its_step),
        TEST(before_its_capture_a_term_does_nothing),
        TEST(a_captured_anchor_holds),
        TEST(an_action_may_be_for_one_term),
        TEST(a_new_run_has_captured_nothing),
        TEST(a_reset_makes_the_next_update_a_first_one),
        TEST(snapshots_show_the_model_before_the_update),
        TEST(a_snapshot_that_fails_ends_the_run),
        TEST(actions_past_the_end_never_fire),
        TEST(without_terms_there_is_nothing_to_capture),
        TEST(actions_allocate_nothing),
        TEST(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("trainer_actions", tests, NULL, NULL);
}
