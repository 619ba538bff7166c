/* test_server.c - routes, refusals, tokens, and how long one may wait for another. */
#include "serve/server.h"

#include "failing_alloc.h"
#include "site.h"

static int ask(const site *self, const char *line, const char *more, const char *body, char answer[4096])
{
    return client_request(self->port, line, more, body, answer, 4096);
}

static void test_answers_a_route(void **state)
{
    site self;
    char answer[4096];
    (void)state;
    site_open(&self);
    assert_int_equal(ask(&self, "GET /?a=b", "", "", answer), 200);
    assert_non_null(strstr(answer, "\r\n\r\nhello a=b"));
    assert_non_null(strstr(answer, "\r\nContent-Length: 9\r\n"));
    site_close(&self);
}

static void test_head_has_no_body(void **state)
{
    site self;
    char answer[4096];
    (void)state;
    site_open(&self);
    assert_int_equal(ask(&self, "HEAD /?a=b", "", "", answer), 200);
    assert_non_null(strstr(answer, "\r\nContent-Length: 9\r\n"));
    assert_string_equal(strstr(answer, "\r\n\r\n"), "\r\n\r\n");
    site_close(&self);
}

static void test_every_answer_is_guarded(void **state)
{
    static const char *const lines[] = {"GET /", "GET /nothing", "GET /api/echo"};
    static const char *const headers[] = {"Cache-Control: no-store", "X-Content-Type-Options: nosniff",
                                          "Referrer-Policy: no-referrer", "Content-Security-Policy: default-src 'none'",
                                          "frame-ancestors 'none'"};
    site self;
    char answer[4096];
    (void)state;
    site_open(&self);
    for (size_t i = 0; i < 3; i++) {
        ask(&self, lines[i], "", "", answer);
        for (size_t j = 0; j < sizeof headers / sizeof *headers; j++)
            if (!strstr(answer, headers[j])) fail_msg("%s: no '%s'", lines[i], headers[j]);
    }
    site_close(&self);
}

static void test_a_document_may_only_talk_to_its_server(void **state)
{
    site self;
    char answer[4096], policy[256];
    (void)state;
    site_open(&self);
    ask(&self, "GET /", "", "", answer);
    snprintf(policy, sizeof policy, "; connect-src 'self' ws://127.0.0.1:%d;", self.port);
    assert_non_null(strstr(answer, policy));
    assert_non_null(strstr(answer, "; script-src 'none';"));
    site_close(&self);
}

static void test_takes_json(void **state)
{
    site self;
    char answer[4096];
    (void)state;
    site_open(&self);
    assert_int_equal(
        ask(&self, "POST /api/echo", "Content-Type: Application/JSON; charset=utf-8\r\nContent-Length: 2\r\n", "{}",
            answer), 200);
    assert_non_null(strstr(answer, "\r\n\r\n{}"));
    site_close(&self);
}

typedef struct refused {
    int status;
    const char *line, *more, *says;
} refused;

static void test_refuses_what_is_not_on_its_list(void **state)
{
    static const refused cases[] = {
        {404, "GET /nothing", "", "there is nothing here"},
        {404, "GET //", "", "nothing"},
        {404, "GET /../etc/passwd", "", "nothing"},
        {404, "GET /%2e%2e/etc/passwd", "", "nothing"},
        {404, "GET /api/echo/", "", "nothing"},
        {404, "POST /nothing", "", "nothing"},
        {405, "POST /", "", "Allow: GET, HEAD"},
        {405, "DELETE /", "", "Allow: GET, HEAD"},
        {405, "GET /api/echo", "", "Allow: POST"},
        {405, "POST /stream", "", "Allow: GET"},
        {415, "POST /api/echo", "", "application/json"},
        {415, "POST /api/echo", "Content-Type: text/plain\r\n", "application/json"},
        {415, "POST /api/echo", "Content-Type: application/jsonx\r\n", "application/json"},
        {403, "GET /", "Origin: http://evil.example\r\n", "another site"},
        {403, "GET /stream", "Origin: null\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n", "another site"},
        {426, "GET /stream", "", "Upgrade: websocket"},
        {426, "GET /stream", "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 8\r\n",
         "Sec-WebSocket-Version: 13"},
        {400, "GET /stream", "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n", "key"},
    };
    site self;
    char answer[4096];
    (void)state;
    site_open(&self);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int status = ask(&self, cases[i].line, cases[i].more, "", answer);
        if (status != cases[i].status || !strstr(answer, cases[i].says))
            fail_msg("%s: %d\n%s", cases[i].line, status, answer);
    }
    site_close(&self);
}

static void test_refuses_foreign_hosts(void **state)
{
    static const char request[] = "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n";
    site self;
    char answer[4096];
    (void)state;
    site_open(&self);
    assert_int_equal(client_ask(self.port, request, sizeof request - 1, answer, sizeof answer, 5000), 403);
    assert_null(strstr(answer, "hello"));
    site_close(&self);
}

static void test_tells_of_refusals_once_a_second(void **state)
{
    site self;
    char answer[4096];
    (void)state;
    site_open(&self);
    double began = kedge_clock_seconds();
    for (int i = 0; i < 50; i++) ask(&self, "GET /secret", "", "", answer);
    int most = 1 + (int)(kedge_clock_seconds() - began);
    kedge_server_stop(self.server);
    self.server = NULL;
    assert_in_range(self.lines, 1, most);
    assert_string_equal(self.line, "refused '/secret' from 127.0.0.1: there is nothing here");
    site_close(&self);
}

static void test_a_token_becomes_a_cookie(void **state)
{
    site self;
    char answer[4096], cookie[256];
    (void)state;
    site_open_with(&self, "0123456789abcdef");
    assert_non_null(strstr(kedge_server_url(self.server), "/?token=0123456789abcdef"));
    assert_int_equal(ask(&self, "GET /?x=1&token=0123456789abcdef&y", "", "", answer), 303);
    assert_non_null(strstr(answer, "\r\nLocation: /?x=1&y\r\n"));
    snprintf(cookie, sizeof cookie, "Set-Cookie: kedge-%d=0123456789abcdef; Path=/; HttpOnly; SameSite=Strict\r\n",
             self.port);
    assert_non_null(strstr(answer, cookie));
    snprintf(cookie, sizeof cookie, "Cookie: kedge-%d=0123456789abcdef\r\n", self.port);
    assert_int_equal(ask(&self, "GET /", cookie, "", answer), 200);
    site_close(&self);
}

static void test_every_address_needs_the_token(void **state)
{
    static const char *const lines[] = {"GET /", "HEAD /", "GET /slow", "GET /nothing", "POST /api/echo", "GET /stream",
                                        "GET /?token=0123456789abcdee", "POST /api/echo?token=0123456789abcdef"};
    site self;
    char answer[4096];
    (void)state;
    site_open_with(&self, "0123456789abcdef");
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (ask(&self, lines[i], "Content-Type: application/json\r\n", "", answer) != 403) fail_msg("%s", lines[i]);
    site_close(&self);
}

/* Slow answers under way hold up no quick ones, and there are only so many of them. */
static void test_slow_answers_hold_up_no_quick_ones(void **state)
{
    enum { N = KEDGE_SERVER_SLOW_ANSWERS };
    static const char request[] = "GET /slow HTTP/1.1\r\nHost: localhost:%d\r\n\r\n";
    site self;
    char answer[4096], text[256];
    int fds[N];
    (void)state;
    site_open(&self);
    snprintf(text, sizeof text, request, self.port);
    pthread_mutex_lock(&self.gate);
    for (int i = 0; i < N; i++) client_send(fds[i] = client_connect(self.port), text, strlen(text));
    nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
    double took = site_is_well(&self);
    int one_more = ask(&self, "GET /slow", "", "", answer);
    pthread_mutex_unlock(&self.gate);
    for (int i = 0; i < N; i++) {
        client_read(fds[i], answer, sizeof answer, 5000);
        assert_non_null(strstr(answer, "\r\n\r\nat last"));
        close(fds[i]);
    }
    assert_int_equal(one_more, 503);
    assert_true(took < 1);
    site_close(&self);
}

static void test_a_large_answer_arrives_whole(void **state)
{
    static const char request[] = "GET /big HTTP/1.1\r\nHost: localhost:%d\r\n\r\n";
    site self;
    char text[256], *answer = malloc(SITE_BIG + 4096);
    (void)state;
    assert_non_null(answer);
    site_open(&self);
    int length = snprintf(text, sizeof text, request, self.port);
    assert_int_equal(client_ask(self.port, text, (size_t)length, answer, SITE_BIG + 4096, 5000), 200);
    assert_int_equal(strlen(strstr(answer, "\r\n\r\n") + 4), SITE_BIG);
    site_close(&self);
    free(answer);
}

static void test_a_port_in_use_is_told(void **state)
{
    site self;
    kedge_server *other = NULL;
    char words[128];
    (void)state;
    site_open(&self);
    kedge_server_options options = site_options(&self);
    options.port = self.port;
    assert_int_equal(kedge_server_start(&other, self.ctx, &options), KEDGE_EEXISTS);
    snprintf(words, sizeof words, "port %d of 127.0.0.1 is in use; take another, or 0 for any free one", self.port);
    assert_string_equal(kedge_error(), words);
    site_close(&self);
}

static void test_bad_addresses_are_told(void **state)
{
    site self;
    kedge_server *other = NULL;
    (void)state;
    site_open(&self);
    kedge_server_options options = site_options(&self);
    options.address = "localhost.example";
    assert_int_equal(kedge_server_start(&other, self.ctx, &options), KEDGE_EINVALID);
    options.address = "192.0.2.1"; /* of no machine: RFC 5737 */
    assert_int_equal(kedge_server_start(&other, self.ctx, &options), KEDGE_EINVALID);
    site_close(&self);
}

static void test_lack_of_memory_leaves_nothing(void **state)
{
    (void)state;
    for (size_t n = 1;; n++) {
        failing_alloc memory = {.fail_at = n};
        kedge_context_options own = failing_alloc_options(&memory);
        kedge_context *ctx = NULL;
        kedge_server *server = NULL;
        site self = {0};
        kedge_server_options options = site_options(&self);
        kedge_status status = kedge_context_create(&ctx, &own);
        if (!status) status = kedge_server_start(&server, ctx, &options);
        assert_true(status == KEDGE_OK || status == KEDGE_ENOMEM);
        kedge_server_stop(server);
        kedge_context_free(ctx);
        assert_int_equal(memory.in_use, 0);
        if (memory.requests < n) break;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers_a_route),
        cmocka_unit_test(test_head_has_no_body),
        cmocka_unit_test(test_every_answer_is_guarded),
        cmocka_unit_test(test_a_document_may_only_talk_to_its_server),
        cmocka_unit_test(test_takes_json),
        cmocka_unit_test(test_refuses_what_is_not_on_its_list),
        cmocka_unit_test(test_refuses_foreign_hosts),
        cmocka_unit_test(test_tells_of_refusals_once_a_second),
        cmocka_unit_test(test_a_token_becomes_a_cookie),
        cmocka_unit_test(test_every_address_needs_the_token),
        cmocka_unit_test(test_slow_answers_hold_up_no_quick_ones),
        cmocka_unit_test(test_a_large_answer_arrives_whole),
        cmocka_unit_test(test_a_port_in_use_is_told),
        cmocka_unit_test(test_bad_addresses_are_told),
        cmocka_unit_test(test_lack_of_memory_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
