/* test_server_guard.c - who may ask. */
#include "serve/server_guard.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "unit.h"

static kedge_status make(kedge_guard *guard, const char *address, const char *token)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    kedge_status status;
    if (inet_pton(AF_INET, address, &v4.sin_addr) == 1)
        status = kedge_guard_init(guard, (struct sockaddr *)&v4, token);
    else {
        assert_int_equal(inet_pton(AF_INET6, address, &v6.sin6_addr), 1);
        status = kedge_guard_init(guard, (struct sockaddr *)&v6, token);
    }
    kedge_guard_set_port(guard, 8080);
    return status;
}

static bool passes(const kedge_guard *guard, const char *host, const char *origin)
{
    kedge_http_request request = {.host = host, .origin = origin, .path = "/", .query = ""};
    return !kedge_guard_refuses(guard, &request, "192.0.2.7");
}

static void test_knows_its_own_names(void **state)
{
    kedge_guard guard;
    (void)state;
    assert_int_equal(make(&guard, "127.0.0.1", NULL), KEDGE_OK);
    assert_true(passes(&guard, "127.0.0.1:8080", NULL));
    assert_true(passes(&guard, "LocalHost:8080", NULL));
    assert_true(passes(&guard, "[::1]:8080", NULL));
}

static void test_refuses_other_hosts(void **state)
{
    static const char *const bad[] = {"evil.example:8080", "127.0.0.1", "127.0.0.1:80", "127.0.0.1:80800", "localhost",
                                      "localhost:8080.evil.example", "", "192.0.2.7:8080", "127.0.0.1:8080 "};
    kedge_guard guard;
    (void)state;
    make(&guard, "127.0.0.1", NULL);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (passes(&guard, bad[i], NULL)) fail_msg("host '%s' passes", bad[i]);
}

static void test_port_80_may_be_left_out(void **state)
{
    kedge_guard guard;
    (void)state;
    make(&guard, "127.0.0.1", NULL);
    kedge_guard_set_port(&guard, 80);
    assert_true(passes(&guard, "localhost", NULL));
    assert_true(passes(&guard, "localhost:80", NULL));
}

static void test_an_origin_must_be_the_host(void **state)
{
    static const char *const bad[] = {"null", "http://localhost:8080", "https://127.0.0.1:8080", "http://evil.example",
                                      "127.0.0.1:8080", "http://127.0.0.1:8080.evil.example", ""};
    kedge_guard guard;
    (void)state;
    make(&guard, "127.0.0.1", NULL);
    assert_true(passes(&guard, "127.0.0.1:8080", "http://127.0.0.1:8080"));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (passes(&guard, "127.0.0.1:8080", bad[i])) fail_msg("origin '%s' passes", bad[i]);
}

static void test_at_all_addresses_the_one_connected_to_is_its_own(void **state)
{
    kedge_guard guard;
    (void)state;
    make(&guard, "0.0.0.0", NULL);
    assert_true(passes(&guard, "192.0.2.7:8080", NULL));
    assert_false(passes(&guard, "192.0.2.8:8080", NULL));
}

static void test_only_loopback_goes_without_a_token(void **state)
{
    static const char *const open[] = {"127.0.0.1", "127.1.2.3", "::1"};
    static const char *const closed[] = {"0.0.0.0", "192.0.2.7", "::", "2001:db8::1"};
    kedge_guard guard, other;
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        make(&guard, open[i], NULL);
        assert_string_equal(guard.token, "");
    }
    for (size_t i = 0; i < 4; i++) {
        make(&guard, closed[i], NULL);
        make(&other, closed[i], NULL);
        assert_true(strlen(guard.token) >= KEDGE_SERVER_TOKEN_MIN);
        assert_string_not_equal(guard.token, other.token);
    }
}

static void test_weak_tokens_are_refused(void **state)
{
    char longest[KEDGE_SERVER_TOKEN_MAX + 2];
    kedge_guard guard;
    (void)state;
    memset(longest, 'a', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    assert_int_equal(make(&guard, "127.0.0.1", longest), KEDGE_EINVALID);
    assert_int_equal(make(&guard, "127.0.0.1", longest + 1), KEDGE_OK);
    assert_int_equal(make(&guard, "127.0.0.1", "short"), KEDGE_EINVALID);
    assert_int_equal(make(&guard, "127.0.0.1", ""), KEDGE_EINVALID);
    assert_int_equal(make(&guard, "127.0.0.1", "sixteen;and more."), KEDGE_EINVALID);
}

static bool admits(const kedge_guard *guard, kedge_http_method method, const char *query, const char *cookie,
                   bool *in_query)
{
    kedge_http_request request = {.method = method, .path = "/", .query = query, .cookie = cookie};
    return kedge_guard_admits(guard, &request, in_query);
}

static void test_the_token_is_taken_from_query_and_cookie(void **state)
{
    kedge_guard guard;
    bool in_query;
    (void)state;
    make(&guard, "127.0.0.1", "0123456789abcdef");
    assert_true(admits(&guard, KEDGE_HTTP_GET, "token=0123456789abcdef", NULL, &in_query));
    assert_true(in_query);
    assert_true(admits(&guard, KEDGE_HTTP_GET, "", "a=b; kedge-8080=0123456789abcdef", &in_query));
    assert_false(in_query);
    assert_true(admits(&guard, KEDGE_HTTP_POST, "", "kedge-8080=0123456789abcdef; a=b", &in_query));
}

static void test_wrong_tokens_are_none(void **state)
{
    static const char *const cookies[] = {"kedge-8080=0123456789abcdeg", "kedge-8080=0123456789abcde", "kedge-8080=",
                                          "kedge-8080=0123456789abcdef0", "kedge-8081=0123456789abcdef",
                                          "xkedge-8080=0123456789abcdef", "kedge-8080"};
    kedge_guard guard;
    bool in_query;
    (void)state;
    make(&guard, "127.0.0.1", "0123456789abcdef");
    for (size_t i = 0; i < sizeof cookies / sizeof *cookies; i++)
        if (admits(&guard, KEDGE_HTTP_GET, "", cookies[i], &in_query)) fail_msg("cookie '%s' is taken", cookies[i]);
    assert_false(admits(&guard, KEDGE_HTTP_GET, "token=0123456789abcdee", NULL, &in_query));
    assert_false(admits(&guard, KEDGE_HTTP_GET, "", NULL, &in_query));
    assert_false(admits(&guard, KEDGE_HTTP_POST, "token=0123456789abcdef", NULL, &in_query));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_knows_its_own_names),
        cmocka_unit_test(test_refuses_other_hosts),
        cmocka_unit_test(test_port_80_may_be_left_out),
        cmocka_unit_test(test_an_origin_must_be_the_host),
        cmocka_unit_test(test_at_all_addresses_the_one_connected_to_is_its_own),
        cmocka_unit_test(test_only_loopback_goes_without_a_token),
        cmocka_unit_test(test_weak_tokens_are_refused),
        cmocka_unit_test(test_the_token_is_taken_from_query_and_cookie),
        cmocka_unit_test(test_wrong_tokens_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
