/* test_dopesheet.c - the rules of STEP, of headers and of cells. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "schedule/dopesheet.h"

typedef struct fixture {
    kedge_context *ctx;
    kedge_arena arena;
    kedge_errors errors;
} fixture;

static int make(void **state)
{
    static fixture self;
    if (kedge_context_create(&self.ctx, NULL) != KEDGE_OK) return -1;
    kedge_arena_init(&self.arena, self.ctx);
    kedge_errors_init(&self.errors);
    *state = &self;
    return 0;
}

static int end(void **state)
{
    fixture *self = *state;
    kedge_arena_release(&self->arena);
    kedge_context_free(self->ctx);
    return 0;
}

static bool parse(fixture *self, kedge_dopesheet *sheet, const char *text)
{
    kedge_errors_init(&self->errors);
    return kedge_dopesheet_parse(sheet, &self->arena, "s.csv", text, strlen(text), &self->errors);
}

static void assert_wrong(fixture *self, const char *text, const char *message)
{
    kedge_dopesheet sheet = {.steps = -7};
    assert_false(parse(self, &sheet, text));
    assert_string_equal(self->errors.text, message);
    assert_int_equal(sheet.steps, -7);
}

/* Parses a sheet of one property; its keys' steps must be 'steps', which a -1 ends. */
static void assert_steps(fixture *self, const char *text, const int *steps)
{
    kedge_dopesheet sheet;
    bool good = parse(self, &sheet, text);
    if (!good) fail_msg("%s", self->errors.text);
    const kedge_track *track = &sheet.tracks[0];
    int n = 0;
    for (; steps[n] >= 0; n++) {
        assert_true(n < track->n);
        assert_int_equal(track->keys[n].step, steps[n]);
    }
    assert_int_equal(track->n, n);
}

#define STEPS(...) ((const int[]){__VA_ARGS__, -1})

static void absolute_steps(void **state)
{
    assert_steps(*state, "STEP,a\n0,1\n750,1\n007,1\n", STEPS(0, 7, 750));
}

static void distances_count_from_absolute_rows(void **state)
{
    assert_steps(*state, "STEP,a\n100,1\n+10,1\n+20,1\n200,1\n", STEPS(100, 110, 120, 200));
    assert_steps(*state, "STEP,a\n100,1\n-10,1\n-20,1\n200,1\n", STEPS(100, 180, 190, 200));
    assert_steps(*state, "STEP,a\n-5,1\n10,1\n+5,1\n", STEPS(5, 10, 15));
    assert_steps(*state, "STEP,a\n10,1\n+0,1\n", STEPS(10, 10));
}

static void shares_count_from_either_end_of_the_gap(void **state)
{
    assert_steps(*state, "STEP,a\n0,1\n+0.33,1\n750,1\n", STEPS(0, 248, 750));
    assert_steps(*state, "STEP,a\n100,1\n+0.25,1\n-.25,1\n200,1\n", STEPS(100, 125, 175, 200));
    assert_steps(*state, "STEP,a\n0,1\n+0.5,1\n+3,1\n10,1\n", STEPS(0, 3, 5, 10));
}

static void shares_round_half_to_even(void **state)
{
    assert_steps(*state, "STEP,a\n0,1\n+0.5,1\n5,1\n", STEPS(0, 2, 5));
    assert_steps(*state, "STEP,a\n0,1\n+0.5,1\n7,1\n", STEPS(0, 4, 7));
    assert_steps(*state, "STEP,a\n0,1\n-0.5,1\n5,1\n", STEPS(0, 2, 5));
    assert_steps(*state, "STEP,a\n1,1\n-0.5,1\n8,1\n", STEPS(1, 4, 8));
}

static void negative_results_are_zero(void **state)
{
    assert_steps(*state, "STEP,a\n-50,1\n10,1\n", STEPS(0, 10));
    assert_steps(*state, "STEP,a\n-99999999999999999999,1\n10,1\n", STEPS(0, 10));
}

static void references_are_by_file_order(void **state)
{
    assert_steps(*state, "STEP,a\n50,1\n0,1\n+5,1\n20,1\n", STEPS(0, 5, 20, 50));
    assert_steps(*state, "STEP,a\n750,1\n+0.5,1\n0,1\n", STEPS(0, 375, 750));
}

static void sorting_is_stable(void **state)
{
    kedge_dopesheet sheet;
    assert_true(parse(*state, &sheet, "STEP,a\n10,1\n0,0\n10,2\n10,3\n"));
    for (int i = 0; i < 4; i++) assert_true(sheet.tracks[0].keys[i].value == (double)i);
    assert_int_equal(sheet.steps, 11);
}

static void reads_the_largest_step(void **state)
{
    kedge_dopesheet sheet;
    assert_true(parse(*state, &sheet, "STEP,a\n10000000,1\n"));
    assert_int_equal(sheet.steps, 10000001);
}

static void refuses_every_malformed_step(void **state)
{
    static const char number[] = "no number; write a step '750', a distance '+10' or a share '+0.5'";
    static const char share[] = "a share lies between 0 and 1, without them; whole steps have no point";
    static const char point[] = "a share of a gap has a sign ('+0.5', '-0.5'), a step has no point";
    static const char large[] = "too large; steps go up to 10000000";
    const struct { const char *step, *why; } cases[] = {
        {"x", number}, {"12a", number}, {"1e3", number}, {"1e3x", number}, {"+", number}, {"-", number}, {"+x", number},
        {"++1", number}, {"+-1", number}, {"+ 1", number}, {"1 2", number}, {"0x10", number}, {"nan", number},
        {"+inf", number}, {"+1e2", number}, {"+0.5e-1", number}, {"+.", number}, {"-0.5.5", number}, {"50%", number},
        {"\xD9\xA1", number}, {"+0.0", share}, {"-0.0", share}, {"+0.", share}, {"+1.0", share}, {"+1.", share},
        {"-1.5", share}, {"+10.0", share}, {"0.5", point}, {".5", point}, {"3.", point}, {"10.0", point},
        {"10000001", large}, {"99999999999999999999", large}, {"+10000001", large}, {"+9999999", large},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[128], message[256];
        snprintf(text, sizeof text, "STEP,a\n2,1\n  %s,1\n9,1\n", cases[i].step);
        snprintf(message, sizeof message, "s.csv:3:3: STEP '%s': %s\n", cases[i].step, cases[i].why);
        assert_wrong(*state, text, message);
    }
}

static void refuses_an_empty_step(void **state)
{
    assert_wrong(*state, "a,STEP\n1,0\n1,\n",
                 "s.csv:3:3: STEP '': empty; every row has a step '750', a distance '+10' or a share '+0.5'\n");
}

static void refuses_relative_rows_without_reference(void **state)
{
    assert_wrong(*state, "STEP,a\n+5,1\n10,1\n",
                 "s.csv:2:1: STEP '+5': no absolute step in a row above to count from\n");
    assert_wrong(*state, "STEP,a\n10,1\n-5,1\n",
                 "s.csv:3:1: STEP '-5': no absolute step in a row below to count from\n");
    assert_wrong(*state, "STEP,a\n+0.5,1\n10,1\n",
                 "s.csv:2:1: STEP '+0.5': no absolute step in a row above to count from\n");
    assert_wrong(*state, "STEP,a\n10,1\n-0.5,1\n+5,1\n",
                 "s.csv:3:1: STEP '-0.5': no absolute step in a row below to count from\n");
}

static void reports_all_errors_at_once(void **state)
{
    assert_wrong(*state, "STEP,a:lgo,b:log\nx,1,1\n0,nan,-1\n",
                 "s.csv:2:1: STEP 'x': no number; write a step '750', a distance '+10' or a share '+0.5'\n"
                 "s.csv:1:8: unknown space 'lgo'; did you mean 'log'?\n"
                 "s.csv:3:3: 'nan' is no finite number; write a decimal like 0.05 or 1e-8, or leave it empty\n"
                 "s.csv:3:7: -1 is below 0 in a column of space 'log'; use 'linear'\n");
}

static void assert_track(const kedge_track *track, const char *name, kedge_space space, kedge_interpolator ease)
{
    assert_string_equal(track->name, name);
    assert_int_equal(track->space, space);
    assert_int_equal(track->interpolator, ease);
}

static void reads_headers(void **state)
{
    kedge_dopesheet sheet;
    assert_true(parse(*state, &sheet, "STEP,a,b:,c::,d:log,e::step,f:log:linear, g : linear : step-end ,\"h,i\"\n"
                                      "0,,,,,,,,\n"));
    assert_int_equal(sheet.n_tracks, 8);
    assert_track(&sheet.tracks[0], "a", KEDGE_SPACE_LINEAR, KEDGE_EASE_MINJERK);
    assert_track(&sheet.tracks[1], "b", KEDGE_SPACE_LINEAR, KEDGE_EASE_MINJERK);
    assert_track(&sheet.tracks[2], "c", KEDGE_SPACE_LINEAR, KEDGE_EASE_MINJERK);
    assert_track(&sheet.tracks[3], "d", KEDGE_SPACE_LOG, KEDGE_EASE_MINJERK);
    assert_track(&sheet.tracks[4], "e", KEDGE_SPACE_LINEAR, KEDGE_EASE_STEP);
    assert_track(&sheet.tracks[5], "f", KEDGE_SPACE_LOG, KEDGE_EASE_LINEAR);
    assert_track(&sheet.tracks[6], "g", KEDGE_SPACE_LINEAR, KEDGE_EASE_STEP);
    assert_track(&sheet.tracks[7], "h,i", KEDGE_SPACE_LINEAR, KEDGE_EASE_MINJERK);
}

static void refuses_wrong_headers(void **state)
{
    static const struct { const char *text, *message; } cases[] = {
        {"STEP,lr:log:minjrek\n0,1\n", "s.csv:1:13: unknown interpolator 'minjrek'; did you mean 'minjerk'?\n"},
        {"STEP,lr::bounce\n0,1\n",
         "s.csv:1:10: unknown interpolator 'bounce'; there are 'minjerk', 'linear', 'step' and 'step-end'\n"},
        {"STEP,lr:cube\n0,1\n", "s.csv:1:9: unknown space 'cube'; there are 'linear' and 'log'\n"},
        {"STEP,lr:minjerk\n0,1\n",
         "s.csv:1:9: unknown space 'minjerk'; an interpolator stands behind two colons: '::minjerk'\n"},
        {"STEP,a:log:step:x\n0,1\n",
         "s.csv:1:17: more than two colons in a header; write property:space:interpolator\n"},
        {"STEP,:log\n0,1\n", "s.csv:1:6: a header without a property; write property:space:interpolator\n"},
        {"STEP,a,b,a:log\n0,1,1,1\n", "s.csv:1:10: a second column for the property 'a'; merge them\n"},
        {"STEP,a,a\n0,1,1\n", "s.csv:1:8: a second column named 'a'; names are unique\n"},
        {"STEP,Phase,a\n0,1,1\n",
         "s.csv:1:6: 'Phase' is no property; the reserved column is 'PHASE' and nothing more\n"},
        {"STEP,STEP:log,a\n0,1,1\n",
         "s.csv:1:6: 'STEP:log' is no property; the reserved column is 'STEP' and nothing more\n"},
        {"STEP,ACTIONS,a\n0,,1\n5,anchor,1\n",
         "s.csv:1:6: no cell of column 'ACTIONS' is a number; did you mean the reserved column 'ACTION'?\n"},
        {"STEP,phases,a\n0,warm,1\n",
         "s.csv:1:6: no cell of column 'phases' is a number; did you mean the reserved column 'PHASE'?\n"},
        {"STEP,phases,a\n0,warm,1\n1,2,1\n",
         "s.csv:2:3: 'warm' is no finite number; write a decimal like 0.05 or 1e-8, or leave it empty\n"},
        {"a,b\n0,1\n", "s.csv:1:1: no column 'STEP'; every sheet has one\n"},
        {"STEP,PHASE,ACTION\n0,x,y\n", "s.csv:1:1: no property column; add one such as 'lr'\n"},
        {"STEP,a\n", "s.csv:1:1: a sheet without rows; add at least one below the header\n"},
        {"", "s.csv:1:1: the file is empty; the first line names the columns\n"},
        {"STEP,a\n0\n", "s.csv:2:1: 1 cell in this row; the header has 2\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) assert_wrong(*state, cases[i].text, cases[i].message);
}

static void refuses_wrong_cells(void **state)
{
    assert_wrong(*state, "STEP,a\n0,1e3x\n",
                 "s.csv:2:3: '1e3x' is no finite number; write a decimal like 0.05 or 1e-8, or leave it empty\n");
    assert_wrong(*state, "STEP,a\n0,inf\n",
                 "s.csv:2:3: 'inf' is no finite number; write a decimal like 0.05 or 1e-8, or leave it empty\n");
}

static void log_takes_zero(void **state)
{
    kedge_dopesheet sheet;
    assert_true(parse(*state, &sheet, "STEP,a:log\n0,0\n10,1\n"));
    assert_true(sheet.tracks[0].keys[0].value == 0.0);
}

static void empty_cells_are_no_keys(void **state)
{
    kedge_dopesheet sheet;
    assert_true(parse(*state, &sheet, "STEP,a,b,c\n0,1,,\n5,,2,\n9,3,,\n"));
    assert_int_equal(sheet.tracks[0].n, 2);
    assert_int_equal(sheet.tracks[0].keys[1].step, 9);
    assert_int_equal(sheet.tracks[1].n, 1);
    assert_int_equal(sheet.tracks[2].n, 0);
}

static void reads_changes(void **state)
{
    kedge_dopesheet sheet;
    assert_true(parse(*state, &sheet, "STEP,a,b\n40,~2/0,\n0,1,\n10,~.5/20,~-1e-1/7\n10,3,\n20,4,\n60,5,\n"));
    const kedge_track *track = &sheet.tracks[0];
    assert_int_equal(track->n, 4);
    assert_int_equal(track->n_joins, 2);
    assert_int_equal(track->joins[0].step, 10);
    assert_int_equal(track->joins[0].end, 30);
    assert_true(track->joins[0].from == 3.0 && track->joins[0].goal == 0.5); /* keys of its step come first */
    assert_int_equal(track->joins[0].next, 3);
    assert_int_equal(track->joins[1].end, 40);
    assert_true(sheet.tracks[1].n == 0 && sheet.tracks[1].joins[0].goal == -0.1);
    assert_int_equal(sheet.steps, 61);
}

static void refuses_wrong_changes(void **state)
{
    static const char form[] = "is no change; write the new value and the steps to it, like '~0.2/50'";
    static const char *const cells[] = {"~",      "~0.2",   "~/50",    "~0.2/",    "~0.2/-5", "~0.2/5.5", "~0.2/+5",
                                        "~x/5",   "~0.2/x", "~nan/5",  "~0.2/5/5", "~~0.2/5", "~0.2 /5",  "~0.2/ 5",
                                        "~inf/5", "~1e999/5"};
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        char text[64], message[160];
        snprintf(text, sizeof text, "STEP,a\n0,1\n5, %s\n", cells[i]);
        snprintf(message, sizeof message, "s.csv:3:4: '%s' %s\n", cells[i], form);
        assert_wrong(*state, text, message);
    }
    assert_wrong(*state, "STEP,a\n0,~0.2/10000001\n",
                 "s.csv:2:3: '~0.2/10000001' takes too long; a change has at most 10000000 steps\n");
    assert_wrong(*state, "STEP,a:log\n0,1\n5,~-1/5\n",
                 "s.csv:3:3: ~-1/5 is below 0 in a column of space 'log'; use 'linear'\n");
    assert_wrong(*state, "STEP,a::linear\n0,-1e308\n5,~1/5\n9,1e308\n",
                 "s.csv:3:3: '~1/5' is too far to go on from what is there; jump with '/0'\n");
}

static void reads_phases_and_actions(void **state)
{
    kedge_dopesheet sheet;
    assert_true(parse(*state, &sheet, "STEP,PHASE,ACTION,a\n9,late,,1\n0,warm,\" anchor , save\",1\n5,,save,1\n"));
    assert_int_equal(sheet.n_phases, 2);
    assert_int_equal(sheet.phases[1].step, 9);
    assert_string_equal(sheet.phases[0].text, "warm");
    assert_int_equal(sheet.n_actions, 2);
    assert_string_equal(sheet.actions[0].text, "anchor,save");
    assert_int_equal(sheet.actions[1].step, 5);
}

static void merges_marks_of_one_step(void **state)
{
    kedge_dopesheet sheet;
    assert_true(parse(*state, &sheet, "STEP,PHASE,ACTION,a\n4,one,x,1\n4,two,\"y, z\",\n+0,,w,\n"));
    assert_int_equal(sheet.n_phases, 1);
    assert_string_equal(sheet.phases[0].text, "two");
    assert_int_equal(sheet.n_actions, 1);
    assert_string_equal(sheet.actions[0].text, "x,y,z,w");
}

static void refuses_an_empty_action(void **state)
{
    assert_wrong(*state, "STEP,ACTION,a\n0,\"x,,y\",1\n",
                 "s.csv:2:6: an empty action name; write names with commas between\n");
    assert_wrong(*state, "STEP,ACTION,a\n0,\"x,\",1\n",
                 "s.csv:2:6: an empty action name; write names with commas between\n");
}

static void reads_crlf_and_a_mark(void **state)
{
    assert_steps(*state, "\xEF\xBB\xBFSTEP,a\r\n0,1\r\n+5,2\r\n", STEPS(0, 5));
}

static void refuses_too_many_columns(void **state)
{
    fixture *self = *state;
    char text[16000] = "STEP";
    size_t used = 4;
    kedge_dopesheet sheet;
    for (int i = 0; i < KEDGE_SHEET_COLUMNS; i++) used += (size_t)snprintf(text + used, 16, ",c%d", i);
    assert_false(parse(self, &sheet, text));
    assert_non_null(strstr(self->errors.text, "more than 1000 columns"));
}

/* 300,000 rows of one step: joining their actions one by one would take hours. */
static void stays_quick_on_many_rows(void **state)
{
    fixture *self = *state;
    enum { ROWS = 300000, ROW = 6 };
    static const char header[] = "STEP,ACTION,a\n";
    kedge_dopesheet sheet;
    char *text = kedge_arena_alloc(&self->arena, sizeof header + ROWS * ROW, 1);
    memcpy(text, header, sizeof header - 1);
    for (int i = 0; i < ROWS; i++) memcpy(text + sizeof header - 1 + i * ROW, "7,x,1\n", ROW);
    assert_true(parse(self, &sheet, text));
    assert_int_equal(strlen(sheet.actions[0].text), 2 * ROWS - 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make, end)
    const struct CMUnitTest tests[] = {
        TEST(absolute_steps),
        TEST(distances_count_from_absolute_rows),
        TEST(shares_count_from_either_end_of_the_gap),
        TEST(shares_round_half_to_even),
        TEST(negative_results_are_zero),
        TEST(references_are_by_file_order),
        TEST(sorting_is_stable),
        TEST(reads_the_largest_step),
        TEST(refuses_every_malformed_step),
        TEST(refuses_an_empty_step),
        TEST(refuses_relative_rows_without_reference),
        TEST(reports_all_errors_at_once),
        TEST(reads_headers),
        TEST(refuses_wrong_headers),
        TEST(refuses_wrong_cells),
        TEST(log_takes_zero),
        TEST(empty_cells_are_no_keys),
        TEST(reads_changes),
        TEST(refuses_wrong_changes),
        TEST(reads_phases_and_actions),
        TEST(merges_marks_of_one_step),
        TEST(refuses_an_empty_action),
        TEST(reads_crlf_and_a_mark),
        TEST(refuses_too_many_columns),
        TEST(stays_quick_on_many_rows),
    };
    return cmocka_run_group_tests_name("schedule/dopesheet", tests, NULL, NULL);
}
