/* test_stream.c - what a page is sent, and when; what its commands mean. */
#include "serve/stream.h"

#include "fake_session.h"

typedef struct bench {
    kedge_context *ctx;
    kedge_session session;
    kedge_recipe recipe;
    kedge_term_options term;
    kedge_label_options label;
    kedge_stream stream;
    kedge_server_place place;
    kedge_text text, frame;
} bench;

static void begin(bench *self)
{
    memset(self, 0, sizeof *self);
    assert_int_equal(kedge_context_create(&self->ctx, NULL), KEDGE_OK);
    self->term.name = "red";
    self->label.name = "red";
    self->recipe.n_terms = self->recipe.n_labels = 1;
    self->recipe.terms = &self->term;
    self->recipe.labels = &self->label;
    self->session.ctx = self->ctx;
    self->session.state = (kedge_session_state){.tick = 1, .steps = 100, .step = 3, .seed = 7, .pace = 2.5};
    assert_int_equal(kedge_stream_init(&self->stream, self->ctx, &self->session, &self->recipe, "some/where"),
                     KEDGE_OK);
    kedge_text_init(&self->text, self->ctx);
    kedge_text_init(&self->frame, self->ctx);
}

static void end(bench *self)
{
    kedge_text_release(&self->text);
    kedge_text_release(&self->frame);
    kedge_stream_release(&self->stream);
    kedge_context_free(self->ctx);
}

/* What the listener is sent now; the step and tick are moved before. */
static void go_on(bench *self, int steps)
{
    self->session.state.step += steps;
    self->session.state.tick += (uint64_t)steps;
    kedge_text_clear(&self->text);
    kedge_text_clear(&self->frame);
    kedge_stream_message(&self->stream, &self->place, &self->text, &self->frame);
}

static void test_a_listener_begins_with_everything(void **state)
{
    bench self;
    (void)state;
    begin(&self);
    go_on(&self, 0);
    assert_string_equal(kedge_text_string(&self.text),
                        "{\"type\":\"state\",\"epoch\":0,\"seed\":7,\"step\":3,\"steps\":100,\"paused\":false,"
                        "\"pace\":2.5,\"done\":false,\"message\":\"\",\"directory\":\"some/where\",\"controls\":["
                        "{\"column\":\"lr\",\"kind\":\"lr\",\"value\":0.25},"
                        "{\"column\":\"red\",\"kind\":\"weight\",\"value\":0.5},"
                        "{\"column\":\"labels.red\",\"kind\":\"rate\",\"value\":1}],\"changes\":[],\"version\":0}");
    const uint32_t header[8] = {0x3146454b, 0, 3, FAKE_PARAMETERS, 3, FAKE_COLUMNS, 0, 0};
    assert_int_equal(self.frame.length, 32 + 3 * (4 + 4 * FAKE_COLUMNS) + 4 * FAKE_PARAMETERS);
    assert_memory_equal(self.frame.bytes, header, sizeof header);
    end(&self);
}

static void test_rows_and_parameters_follow_the_header(void **state)
{
    bench self;
    uint32_t step;
    float row[FAKE_COLUMNS], parameters[FAKE_PARAMETERS];
    (void)state;
    begin(&self);
    go_on(&self, 0);
    memcpy(&step, self.frame.bytes + 32 + 2 * (4 + sizeof row), sizeof step);
    memcpy(row, self.frame.bytes + 36 + 2 * (4 + sizeof row), sizeof row);
    memcpy(parameters, self.frame.bytes + self.frame.length - sizeof parameters, sizeof parameters);
    assert_int_equal(step, 2);
    assert_true(row[0] == 2 && row[FAKE_COLUMNS - 2] == 2 && isnan(row[FAKE_COLUMNS - 1]));
    assert_true(parameters[0] == 3.5f && parameters[FAKE_PARAMETERS - 1] == 3.5f);
    end(&self);
}

static uint32_t header_of(const bench *self, int i)
{
    uint32_t value;
    assert_true(self->frame.length >= 32);
    memcpy(&value, self->frame.bytes + (ptrdiff_t)4 * i, sizeof value);
    return value;
}

static void test_a_frame_has_the_rows_since_the_last(void **state)
{
    bench self;
    (void)state;
    begin(&self);
    go_on(&self, 0);
    go_on(&self, 5);
    assert_int_equal(header_of(&self, 2), 8);
    assert_int_equal(header_of(&self, 4), 5);
    end(&self);
}

static void test_a_restart_begins_anew(void **state)
{
    bench self;
    (void)state;
    begin(&self);
    go_on(&self, 0);
    self.session.state.epoch = 1;
    go_on(&self, -1);
    assert_int_equal(header_of(&self, 1), 1);
    assert_int_equal(header_of(&self, 4), 2);
    assert_non_null(strstr(kedge_text_string(&self.text), "\"epoch\":1"));
    end(&self);
}

static void test_a_change_without_a_step_is_a_message_without_a_frame(void **state)
{
    bench self;
    (void)state;
    begin(&self);
    go_on(&self, 0);
    self.session.state.paused = true;
    self.session.state.tick++;
    go_on(&self, 0);
    assert_int_equal(self.frame.length, 0);
    assert_non_null(strstr(kedge_text_string(&self.text), "\"paused\":true"));
    end(&self);
}

static void test_nothing_new_is_nothing(void **state)
{
    bench self;
    (void)state;
    begin(&self);
    go_on(&self, 0);
    go_on(&self, 0);
    assert_int_equal(self.text.length + self.frame.length, 0);
    assert_int_equal(self.place.tick, self.session.state.tick);
    end(&self);
}

/* Frames tell the step; the message about all else comes now and then. */
static void test_running_is_told_now_and_then(void **state)
{
    bench self;
    int messages = 0;
    (void)state;
    begin(&self);
    go_on(&self, 0);
    for (int i = 0; i < 50; i++) {
        go_on(&self, 1);
        messages += self.text.length > 0;
        assert_true(self.frame.length > 0);
    }
    assert_in_range(messages, 0, 10);
    end(&self);
}

static void test_a_single_step_is_told_at_once(void **state)
{
    bench self;
    (void)state;
    begin(&self);
    self.session.state.paused = true;
    go_on(&self, 0);
    go_on(&self, 1);
    assert_non_null(strstr(kedge_text_string(&self.text), "\"step\":4"));
    end(&self);
}

static void test_changes_are_listed(void **state)
{
    bench self;
    (void)state;
    begin(&self);
    self.session.n_changes = 1;
    go_on(&self, 0);
    assert_non_null(strstr(kedge_text_string(&self.text),
                           "\"changes\":[{\"step\":0,\"column\":\"lr\",\"value\":0.125,\"over\":50,\"hold\":true}]"));
    end(&self);
}

/* ---- commands */

static int command(bench *self, const char *json)
{
    kedge_text_clear(&self->text);
    self->session.told[0] = '\0';
    return kedge_stream_command(&self->stream, json, strlen(json), &self->text);
}

static void test_commands_reach_the_session(void **state)
{
    static const char *const cases[][2] = {
        {"{\"do\":\"pause\"}", "pause 1"},
        {"{\"do\":\"resume\"}", "pause 0"},
        {"{\"do\":\"step\",\"steps\":10}", "step 10"},
        {"{\"do\":\"step\",\"steps\":10.0}", "step 10"},
        {"{\"do\":\"pace\",\"value\":0.5}", "pace 0.5"},
        {"{\"do\":\"pace\",\"value\":30}", "pace 30"},
        {"{\"do\":\"set\",\"column\":\"labels.red\",\"value\":1e-3,\"over\":50,\"hold\":false}",
         "set labels.red 0.001 50 0"},
        {"{\"seed\":9,\"do\":\"restart\"}", "restart 9"},
        {"{\"do\":\"restart\",\"seed\":-1}", "restart -1"},
    };
    bench self;
    (void)state;
    begin(&self);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(command(&self, cases[i][0]), 200);
        assert_string_equal(self.session.told, cases[i][1]);
        assert_string_equal(kedge_text_string(&self.text), "{\"ok\":true}");
    }
    end(&self);
}

static void test_what_is_no_command_is_told(void **state)
{
    static const char *const cases[][2] = {
        {"", "no JSON"},
        {"{\"do\":\"pause\"", "no JSON"},
        {"{\"do\":\"pause\",\"do\":\"pause\"}", "no JSON"},
        {"[]", "must be an object with 'do'"},
        {"{\"do\":1}", "must be an object with 'do'"},
        {"{\"do\":\"explode\"}", "unknown command 'explode'"},
        {"{\"do\":\"pause\",\"now\":true}", "'pause' has a value that it does not know"},
        {"{\"do\":\"step\"}", "'steps' of 'step' must be a whole number from 1 to 10000000"},
        {"{\"do\":\"step\",\"steps\":0}", "must be a whole number"},
        {"{\"do\":\"step\",\"steps\":1.5}", "must be a whole number"},
        {"{\"do\":\"step\",\"steps\":1e300}", "must be a whole number"},
        {"{\"do\":\"step\",\"steps\":\"1\"}", "must be a whole number"},
        {"{\"do\":\"pace\",\"value\":null}", "'value' of 'pace' must be a number"},
        {"{\"do\":\"pace\",\"value\":1e999}", "no JSON"},
        {"{\"do\":\"set\",\"column\":1,\"value\":1,\"over\":0,\"hold\":true}", "'column' of 'set' must be a text"},
        {"{\"do\":\"set\",\"column\":\"lr\",\"value\":1,\"over\":-1,\"hold\":true}", "'over' of 'set' must be"},
        {"{\"do\":\"set\",\"column\":\"lr\",\"value\":1,\"over\":0,\"hold\":0}", "must be true or false"},
        {"{\"do\":\"restart\",\"seed\":-2}", "must be a whole number"},
    };
    bench self;
    (void)state;
    begin(&self);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int status = command(&self, cases[i][0]);
        const char *answer = kedge_text_string(&self.text);
        if (status != 400 || !strstr(answer, cases[i][1]) || strncmp(answer, "{\"error\":\"", 10) != 0)
            fail_msg("%s: %d %s", cases[i][0], status, answer);
        assert_string_equal(self.session.told, "");
    }
    end(&self);
}

static void test_what_the_session_refuses_is_told(void **state)
{
    bench self;
    (void)state;
    begin(&self);
    assert_int_equal(command(&self, "{\"do\":\"pace\",\"value\":-1}"), 400);
    assert_string_equal(kedge_text_string(&self.text), "{\"error\":\"a pace must be \\\"0\\\" or more\"}");
    end(&self);
}

static void test_a_schedule_takes_only_so_many_changes(void **state)
{
    static const char set[] = "{\"do\":\"set\",\"column\":\"lr\",\"value\":1,\"over\":0,\"hold\":true}";
    bench self;
    (void)state;
    begin(&self);
    self.session.n_changes = KEDGE_STREAM_CHANGES - 1;
    assert_int_equal(command(&self, set), 200);
    self.session.n_changes = KEDGE_STREAM_CHANGES;
    assert_int_equal(command(&self, set), 400);
    assert_int_equal(command(&self, "{\"do\":\"pause\"}"), 200);
    end(&self);
}

/* Brackets, as many as a body may have. */
static void test_deep_json_is_refused(void **state)
{
    char json[KEDGE_HTTP_BODY_MAX + 1];
    bench self;
    (void)state;
    begin(&self);
    memset(json, '[', sizeof json - 1);
    json[sizeof json - 1] = '\0';
    assert_int_equal(command(&self, json), 400);
    end(&self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_listener_begins_with_everything),
        cmocka_unit_test(test_rows_and_parameters_follow_the_header),
        cmocka_unit_test(test_a_frame_has_the_rows_since_the_last),
        cmocka_unit_test(test_a_restart_begins_anew),
        cmocka_unit_test(test_a_change_without_a_step_is_a_message_without_a_frame),
        cmocka_unit_test(test_nothing_new_is_nothing),
        cmocka_unit_test(test_running_is_told_now_and_then),
        cmocka_unit_test(test_a_single_step_is_told_at_once),
        cmocka_unit_test(test_changes_are_listed),
        cmocka_unit_test(test_commands_reach_the_session),
        cmocka_unit_test(test_what_is_no_command_is_told),
        cmocka_unit_test(test_what_the_session_refuses_is_told),
        cmocka_unit_test(test_a_schedule_takes_only_so_many_changes),
        cmocka_unit_test(test_deep_json_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
