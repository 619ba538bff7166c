/* test_server_view.c - a view from C: started, asked, stopped, refused. */
#include "kedge/kedge.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "client.h"
#include "unit.h"

typedef struct bench {
    kedge_context *ctx;
    char recipe[512];
    int descriptors;
} bench;

static void begin(bench *self)
{
    const char *source = getenv("KEDGE_SOURCE");
    assert_non_null(source);
    snprintf(self->recipe, sizeof self->recipe, "%s/experiments/2.4.1", source);
    assert_int_equal(kedge_context_create(&self->ctx, NULL), KEDGE_OK);
    self->descriptors = client_count_descriptors();
}

/* Nothing is left open. */
static void end(bench *self)
{
    assert_int_equal(client_count_descriptors(), self->descriptors);
    kedge_context_free(self->ctx);
}

static int port_of(const kedge_view *view)
{
    int port = 0;
    assert_int_equal(sscanf(kedge_view_url(view), "http://127.0.0.1:%d/", &port), 1);
    return port;
}

static void test_a_recipe_is_trained_and_served(void **state)
{
    static char answer[1 << 22];
    bench self;
    kedge_view *view = NULL;
    kedge_view_state now = {0};
    (void)state;
    begin(&self);
    kedge_view_options options = KEDGE_VIEW_OPTIONS_INIT;
    options.pace = 0;
    assert_int_equal(kedge_view_start(&view, self.ctx, self.recipe, &options), KEDGE_OK);
    for (int i = 0; i < 3000 && !now.done; i++) {
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
        kedge_view_state_get(view, &now);
    }
    assert_true(now.live && now.done);
    assert_int_equal(now.seed, 0);
    assert_int_equal(now.step, now.steps);
    assert_string_equal(now.message, "");
    assert_int_equal(client_request(port_of(view), "GET /api/page", "", "", answer, sizeof answer), 200);
    assert_non_null(strstr(answer, "\"kind\":\"live\""));
    kedge_view_stop(view);
    end(&self);
}

static void test_a_paused_run_waits(void **state)
{
    bench self;
    kedge_view *view = NULL;
    kedge_view_state now;
    kedge_view_options options = KEDGE_VIEW_OPTIONS_INIT;
    (void)state;
    begin(&self);
    options.paused = 1;
    options.seed = 12;
    assert_int_equal(kedge_view_start(&view, self.ctx, self.recipe, &options), KEDGE_OK);
    nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
    kedge_view_state_get(view, &now);
    assert_true(now.live && !now.done);
    assert_int_equal(now.step, 0);
    assert_int_equal(now.seed, 12);
    kedge_view_stop(view);
    end(&self);
}

static kedge_status start(bench *self, const char *input, const kedge_view_options *options)
{
    kedge_view *view = NULL;
    kedge_status status = kedge_view_start(&view, self->ctx, input, options);
    assert_null(view);
    return status;
}

static void test_bad_options_leave_nothing(void **state)
{
    bench self;
    kedge_view_options options = KEDGE_VIEW_OPTIONS_INIT;
    (void)state;
    begin(&self);
    options.pace = NAN;
    assert_int_equal(start(&self, self.recipe, &options), KEDGE_EINVALID);
    options.pace = -2;
    assert_int_equal(start(&self, self.recipe, &options), KEDGE_EINVALID);
    options.pace = 0;
    options.token = "short";
    assert_int_equal(start(&self, self.recipe, &options), KEDGE_EINVALID);
    options.token = NULL;
    options.port = 70000;
    assert_int_equal(start(&self, self.recipe, &options), KEDGE_EINVALID);
    end(&self);
}

static void test_what_is_not_there_leaves_nothing(void **state)
{
    bench self;
    (void)state;
    begin(&self);
    assert_int_equal(start(&self, "no/such/recipe.yaml", NULL), KEDGE_EIO);
    kedge_view_stop(NULL);
    end(&self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_recipe_is_trained_and_served),
        cmocka_unit_test(test_a_paused_run_waits),
        cmocka_unit_test(test_bad_options_leave_nothing),
        cmocka_unit_test(test_what_is_not_there_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
