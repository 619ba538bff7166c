/* test_http.c - requests as bytes: what is read, and what is refused as what. */
#include "serve/http.h"

#include <stdio.h>
#include <string.h>

#include "unit.h"

static char bytes[KEDGE_HTTP_REQUEST_MAX + 1];

static int parse(kedge_http_request *request, const char *text)
{
    *request = (kedge_http_request){0};
    snprintf(bytes, sizeof bytes, "%s", text);
    return kedge_http_parse(request, bytes, strlen(bytes));
}

static void test_reads_what_browsers_send(void **state)
{
    kedge_http_request request;
    (void)state;
    assert_int_equal(parse(&request, "GET /api/page?a=1&b HTTP/1.1\r\nHost: localhost:80\r\nORIGIN:\t http://x \r\n"
                                     "Cookie: a=b; c=d\r\nAccept: */*\r\nEmpty:\r\n\r\n"), 200);
    assert_int_equal(request.method, KEDGE_HTTP_GET);
    assert_string_equal(request.path, "/api/page");
    assert_string_equal(request.query, "a=1&b");
    assert_string_equal(request.host, "localhost:80");
    assert_string_equal(request.origin, "http://x");
    assert_string_equal(request.cookie, "a=b; c=d");
    assert_null(request.upgrade);
    assert_int_equal(request.body_length, 0);
}

static void test_reads_a_body(void **state)
{
    kedge_http_request request;
    (void)state;
    assert_int_equal(parse(&request, "POST /c HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n{\r\n}more"), 200);
    assert_int_equal(request.method, KEDGE_HTTP_POST);
    assert_memory_equal(request.body, "{\r\n}", 4);
}

/* Every way of cutting a request gives what the whole gives. */
static void test_takes_any_pieces(void **state)
{
    static const char whole[] = "POST /c?d HTTP/1.1\r\nHost: a:1\r\nContent-Length: 2\r\n\r\n{}";
    (void)state;
    for (size_t cut = 0; cut < sizeof whole - 1; cut++) {
        kedge_http_request request = {0};
        memcpy(bytes, whole, cut);
        assert_int_equal(kedge_http_parse(&request, bytes, cut), 0);
        memcpy(bytes + cut, whole + cut, sizeof whole - 1 - cut);
        assert_int_equal(kedge_http_parse(&request, bytes, sizeof whole - 1), 200);
        assert_string_equal(request.host, "a:1");
        assert_string_equal(request.query, "d");
        assert_memory_equal(request.body, "{}", 2);
    }
}

typedef struct refused {
    int status;
    const char *text;
} refused;

static void test_refuses_what_is_no_request(void **state)
{
    static const refused cases[] = {
        {400, "\r\n\r\n"}, {400, " GET / HTTP/1.1\r\nHost: a\r\n\r\n"}, {400, "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"},
        {400, "GET / HTTP/1.1 \r\nHost: a\r\n\r\n"}, {400, "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n"},
        {400, "GET * HTTP/1.1\r\nHost: a\r\n\r\n"}, {400, "GET /\r\n\r\n"}, {400, "GET / HTTP/11\r\nHost: a\r\n\r\n"},
        {505, "GET / HTTP/2.0\r\nHost: a\r\n\r\n"}, {400, "GET / http/1.1\r\nHost: a\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\n\r\n"}, {400, "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\nHost : a\r\n\r\n"}, {400, "GET / HTTP/1.1\r\nHost: a\r\n folded: b\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n"}, {400, "GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n"},
        {400, "GET / HTTP/1.1\nHost: a\n\n"}, {400, "GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\nHost: a\x01"}, {400, "G\x7f"}, {400, "GET /\xc3\xa4 HTTP/1.1\r\nHost: a\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}"},
        {400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n"},
        {400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n"},
        {400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\n"},
        {400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n"},
        {400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n"},
        {413, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4097\r\n\r\n"},
        {413, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n"},
        {501, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"},
        {417, "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kedge_http_request request;
        if (parse(&request, cases[i].text) != cases[i].status) fail_msg("case %zu", i);
    }
}

static void test_a_zero_byte_is_refused(void **state)
{
    kedge_http_request request = {0};
    (void)state;
    memcpy(bytes, "GET /\0", 6);
    assert_int_equal(kedge_http_parse(&request, bytes, 6), 400);
}

static void test_bounds_the_head(void **state)
{
    kedge_http_request request = {0};
    (void)state;
    memset(bytes, 'a', sizeof bytes - 1);
    memcpy(bytes, "GET / HTTP/1.1\r\nA:", 18);
    assert_int_equal(kedge_http_parse(&request, bytes, KEDGE_HTTP_HEAD_MAX - 1), 0);
    assert_int_equal(kedge_http_parse(&request, bytes, KEDGE_HTTP_HEAD_MAX), 431);
}

static void test_bounds_the_address(void **state)
{
    kedge_http_request request;
    char text[4096], target[KEDGE_HTTP_TARGET_MAX + 2] = "/";
    (void)state;
    memset(target + 1, 'x', KEDGE_HTTP_TARGET_MAX);
    snprintf(text, sizeof text, "GET %.*s HTTP/1.1\r\nHost: a\r\n\r\n", KEDGE_HTTP_TARGET_MAX, target);
    assert_int_equal(parse(&request, text), 200);
    snprintf(text, sizeof text, "GET %.*s HTTP/1.1\r\nHost: a\r\n\r\n", KEDGE_HTTP_TARGET_MAX + 1, target);
    assert_int_equal(parse(&request, text), 414);
}

static int parse_headers(int n)
{
    char text[4096] = "GET / HTTP/1.1\r\nHost: a\r\n";
    kedge_http_request request;
    for (int i = 1; i < n; i++) strcat(text, "X: y\r\n");
    return parse(&request, strcat(text, "\r\n"));
}

static void test_bounds_the_number_of_headers(void **state)
{
    (void)state;
    assert_int_equal(parse_headers(KEDGE_HTTP_HEADERS_MAX), 200);
    assert_int_equal(parse_headers(KEDGE_HTTP_HEADERS_MAX + 1), 431);
}

static void test_upgrades_need_both_headers(void **state)
{
    kedge_http_request request;
    (void)state;
    parse(&request, "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\n\r\n");
    assert_true(kedge_http_upgrades(&request));
    parse(&request, "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: upgraded\r\n\r\n");
    assert_false(kedge_http_upgrades(&request));
    parse(&request, "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\n\r\n");
    assert_false(kedge_http_upgrades(&request));
}

static void test_queries_are_decoded(void **state)
{
    char value[8];
    (void)state;
    assert_true(kedge_http_query("ab=1&b=2%203+%c3%A4&c=", "b", value, sizeof value));
    assert_string_equal(value, "2 3 \xc3\xa4");
    assert_true(kedge_http_query("c=", "c", value, sizeof value));
    assert_string_equal(value, "");
    assert_false(kedge_http_query("ab=1", "b", value, sizeof value));
    assert_false(kedge_http_query("b", "b", value, sizeof value));
}

static void test_bad_escapes_are_no_value(void **state)
{
    static const char *const bad[] = {"b=%", "b=%2", "b=%zz", "b=%00", "b=%ff", "b=12345678", "b=%c3"};
    char value[8];
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (kedge_http_query(bad[i], "b", value, sizeof value)) fail_msg("'%s' is taken", bad[i]);
}

static void test_escapes_come_back(void **state)
{
    static const char text[] = "runs/2.4.1 & b+c%20=\xc3\xa4?#\"<";
    char escaped[3 * sizeof text], query[4 * sizeof text], value[64];
    (void)state;
    kedge_http_escape(text, escaped);
    snprintf(query, sizeof query, "x=1&run=%s&y", escaped);
    assert_true(kedge_http_query(query, "run", value, sizeof value));
    assert_string_equal(value, text);
}

static void test_a_response_that_does_not_fit_is_none(void **state)
{
    char head[1024];
    (void)state;
    size_t length = kedge_http_response(head, sizeof head, 404, "text/plain", 7, "", "Allow: GET\r\n");
    assert_int_equal(length, strlen(head));
    assert_non_null(strstr(head, "HTTP/1.1 404 Not Found\r\n"));
    assert_non_null(strstr(head, "\r\nContent-Length: 7\r\n"));
    assert_non_null(strstr(head, "\r\nAllow: GET\r\n\r\n"));
    assert_int_equal(kedge_http_response(head, length, 404, "text/plain", 7, "", "Allow: GET\r\n"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_what_browsers_send),
        cmocka_unit_test(test_reads_a_body),
        cmocka_unit_test(test_takes_any_pieces),
        cmocka_unit_test(test_refuses_what_is_no_request),
        cmocka_unit_test(test_a_zero_byte_is_refused),
        cmocka_unit_test(test_bounds_the_head),
        cmocka_unit_test(test_bounds_the_address),
        cmocka_unit_test(test_bounds_the_number_of_headers),
        cmocka_unit_test(test_upgrades_need_both_headers),
        cmocka_unit_test(test_queries_are_decoded),
        cmocka_unit_test(test_bad_escapes_are_no_value),
        cmocka_unit_test(test_escapes_come_back),
        cmocka_unit_test(test_a_response_that_does_not_fit_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
