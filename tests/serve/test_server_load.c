/* test_server_load.c - bad clients by the hundred: the server stays up, and a good client is answered within a second.
 * All of it goes to 127.0.0.1, and ends. */
#include "site.h"

#include "base/random.h"

enum { CROWD = 1000 };

/* The good client meanwhile, many times. */
static void expect_service(const site *self)
{
    for (int i = 0; i < 20; i++)
        if (site_is_well(self) > 1) fail_msg("a good client had to wait");
}

/* 1,000 connections that send 'bytes' and no more; as many as there are descriptors for. */
static void crowd(const char *bytes, size_t length)
{
    static int fds[CROWD];
    site self;
    int room = client_raise_limit(CROWD + 600) - 600, n = 0;
    site_open(&self);
    for (; n < CROWD && n < room; n++) {
        fds[n] = client_connect(self.port);
        assert_true(fds[n] >= 0);
        client_send(fds[n], bytes, length);
        if (n % 100 == 99 && site_is_well(&self) > 1) fail_msg("a good client had to wait behind %d others", n);
    }
    expect_service(&self);
    for (int i = 0; i < n; i++) close(fds[i]);
    expect_service(&self);
    site_close(&self);
}

static void test_a_silent_crowd(void **state)
{
    (void)state;
    crowd("", 0);
}

static void test_a_slow_crowd(void **state)
{
    (void)state;
    crowd("GET / HTTP/1.1\r\nHo", 18);
}

/* Handshakes of WebSockets from a foreign site, and none of their answers read. */
static void test_a_crowd_that_wants_to_listen(void **state)
{
    static const char request[] = "GET /stream HTTP/1.1\r\nHost: evil.example\r\nUpgrade: websocket\r\n"
                                  "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                                  "Sec-WebSocket-Version: 13\r\n\r\n";
    (void)state;
    crowd(request, sizeof request - 1);
}

/* Large answers that nobody fetches: their clients make room for who does. */
static void test_a_crowd_that_does_not_read(void **state)
{
    enum { N = 100 };
    site self;
    char request[128];
    int fds[N];
    (void)state;
    site_open(&self);
    int length = snprintf(request, sizeof request, "GET /big HTTP/1.1\r\nHost: localhost:%d\r\n\r\n", self.port);
    for (int i = 0; i < N; i++) {
        fds[i] = client_connect(self.port);
        client_send(fds[i], request, (size_t)length);
    }
    /* Within their first half second it may be told to come again; that is an answer too. */
    double began = kedge_clock_seconds();
    char answer[2048];
    int status;
    do status = client_request(self.port, "GET /?well", "", "", answer, sizeof answer);
    while (status == 503 && kedge_clock_seconds() - began < 5);
    assert_int_equal(status, 200);
    for (int i = 0; i < N; i++) close(fds[i]);
    expect_service(&self);
    site_close(&self);
}

/* Clients that vanish at any moment of a request. */
static void test_half_open_clients(void **state)
{
    site self;
    char request[256];
    (void)state;
    site_open(&self);
    int length = snprintf(request, sizeof request, "GET /big HTTP/1.1\r\nHost: localhost:%d\r\n\r\n", self.port);
    for (int cut = 0; cut <= length; cut++) {
        static const struct linger at_once = {.l_onoff = 1};
        int fd = client_connect(self.port);
        client_send(fd, request, (size_t)cut);
        if (cut % 3 == 0) shutdown(fd, SHUT_WR);
        if (cut % 3 == 1) setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once); /* a reset */
        close(fd);
    }
    expect_service(&self);
    site_close(&self);
}

/* ---- a corpus: good and bad requests, and what becomes of them when bytes are changed, doubled, cut or put in */

/* '@' stands for the port. */
static const char *const seeds[] = {
    "GET / HTTP/1.1\r\nHost: localhost:@\r\nAccept: */*\r\nCookie: a=b; kedge-1=c\r\n\r\n",
    "GET /?token=%00%zz&run=../.. HTTP/1.1\r\nHost: localhost:@\r\n\r\n",
    "POST /api/echo HTTP/1.1\r\nHost: localhost:@\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
    "POST /api/echo HTTP/1.1\r\nHost: localhost:@\r\nTransfer-Encoding: chunked\r\n\r\n"
    "ffffffffffffffff\r\n{}\r\n0\r\n\r\n",
    "GET /stream HTTP/1.1\r\nHost: localhost:@\r\nOrigin: http://localhost\r\nUpgrade: websocket\r\nConnection: "
    "Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    "\x89\x85\x01\x02\x03\x04hello\x81\xfe\x7f\xff",
    "GET http://localhost:@/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "GET /../../../../etc/passwd HTTP/1.1\r\nHost: localhost:@\r\n\r\n",
    "GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: localhost:@\r\n\r\n",
    "OPTIONS * HTTP/1.1\r\nHost: localhost:@\r\n\r\n",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n@",
    "GET / HTTP/0.9\r\n@\r\n",
    "\x16\x03\x01\x02@\x01\xfc\x03\x03",
};

static size_t plant(char *bytes, size_t room, const char *seed, int port)
{
    size_t used = 0;
    for (const char *c = seed; *c; c++) {
        if (*c == '@') used += (size_t)snprintf(bytes + used, room - used, "%d", port);
        else bytes[used++] = *c;
    }
    return used;
}

static size_t mutate(char *bytes, size_t length, size_t room, uint32_t number)
{
    uint32_t word[4];
    kedge_random_block(4, KEDGE_PURPOSE_CERTIFY, number, 0, 0, word);
    for (uint32_t i = 0; i < 1 + word[0] % 4 && length > 1; i++) {
        uint32_t draw[4];
        kedge_random_block(4, KEDGE_PURPOSE_CERTIFY, number, 1, i, draw);
        size_t at = draw[0] % length, n = 1 + draw[1] % 64;
        if (n > length - at) n = length - at;
        switch (draw[2] % 5) {
        case 0: bytes[at] = (char)draw[3]; break;
        case 1: bytes[at] ^= (char)(1 << draw[3] % 8); break;
        case 2: length = at; break;
        case 3:
            memmove(bytes + at, bytes + at + n, length - at - n);
            length -= n;
            break;
        default:
            if (length + n > room) break;
            memmove(bytes + at + n, bytes + at, length - at);
            length += n;
        }
    }
    return length;
}

static void test_a_corpus_of_malformed_requests(void **state)
{
    enum { MUTANTS = 40 };
    static char bytes[4096], answer[4096];
    site self;
    (void)state;
    site_open(&self);
    for (uint32_t i = 0; i < sizeof seeds / sizeof *seeds; i++)
        for (uint32_t j = 0; j < MUTANTS; j++) {
            int fd = client_connect(self.port);
            size_t length = plant(bytes, sizeof bytes, seeds[i], self.port);
            if (j > 0) length = mutate(bytes, length, sizeof bytes, i * MUTANTS + j);
            client_send(fd, bytes, length);
            shutdown(fd, SHUT_WR);
            size_t n = client_read(fd, answer, sizeof answer, 2000);
            if (n > 0 && memcmp(answer, "HTTP/1.1 ", 9) != 0) fail_msg("seed %u, mutant %u: no HTTP", i, j);
            close(fd);
            if (j == 0) expect_service(&self);
        }
    expect_service(&self);
    site_close(&self);
}

/* Heads and bodies that never end are cut off, not kept. */
static void test_endless_requests(void **state)
{
    static const char *const beginnings[] = {"GET /", "GET / HTTP/1.1\r\nA: ", "GET / HTTP/1.1\r\nCookie: ",
                                             "POST /api/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n"};
    static char block[1 << 16], answer[4096];
    site self;
    (void)state;
    site_open(&self);
    memset(block, 'a', sizeof block);
    for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++) {
        int fd = client_connect(self.port);
        client_send(fd, beginnings[i], strlen(beginnings[i]));
        for (int j = 0; j < 64; j++) client_send(fd, block, sizeof block);
        client_read(fd, answer, sizeof answer, 2000);
        close(fd);
    }
    expect_service(&self);
    site_close(&self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_silent_crowd),
        cmocka_unit_test(test_a_slow_crowd),
        cmocka_unit_test(test_a_crowd_that_wants_to_listen),
        cmocka_unit_test(test_a_crowd_that_does_not_read),
        cmocka_unit_test(test_half_open_clients),
        cmocka_unit_test(test_a_corpus_of_malformed_requests),
        cmocka_unit_test(test_endless_requests),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
