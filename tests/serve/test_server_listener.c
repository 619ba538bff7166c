/* test_server_listener.c - WebSockets: what listeners get, and what becomes of those who do not listen. */
#include "site.h"

#include "serve/http_websocket.h"

typedef struct frame {
    int opcode;
    size_t length;
    unsigned char payload[1 << 17];
} frame;

static bool read_all(int fd, void *bytes, size_t length)
{
    char *at = bytes;
    struct pollfd one = {.fd = fd, .events = POLLIN};
    while (length > 0) {
        if (poll(&one, 1, 5000) != 1) return false;
        ssize_t n = recv(fd, at, length, 0);
        if (n <= 0) return false;
        at += n;
        length -= (size_t)n;
    }
    return true;
}

/* The next frame of the server; false if there is none. */
static bool next_frame(int fd, frame *out)
{
    unsigned char head[10];
    if (!read_all(fd, head, 2)) return false;
    assert_int_equal(head[0] & 0xf0, 0x80);
    out->opcode = head[0] & 15;
    out->length = head[1];
    int wide = out->length == 126 ? 2 : out->length == 127 ? 8 : 0;
    if (!read_all(fd, head, (size_t)wide)) return false;
    if (wide) out->length = 0;
    for (int i = 0; i < wide; i++) out->length = out->length << 8 | head[i];
    assert_true(out->length < sizeof out->payload);
    if (!read_all(fd, out->payload, out->length)) return false;
    out->payload[out->length] = 0;
    return true;
}

/* The next frame that is no message. */
static bool next_control(int fd, frame *out)
{
    do
        if (!next_frame(fd, out)) return false;
    while (out->opcode < 8);
    return true;
}

static void skip_handshake(int fd)
{
    char line[1024];
    size_t used = 0;
    do assert_true(used < sizeof line - 1 && read_all(fd, line + used, 1));
    while (++used < 4 || memcmp(line + used - 4, "\r\n\r\n", 4) != 0);
    line[used] = '\0';
    assert_memory_equal(line, "HTTP/1.1 101 ", 13);
    assert_non_null(strstr(line, "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
}

static int listen_to(const site *self)
{
    int fd = client_listen(self->port, "/stream");
    assert_true(fd >= 0);
    skip_handshake(fd);
    return fd;
}

static void test_a_listener_gets_text_and_bytes(void **state)
{
    static frame got;
    site self;
    (void)state;
    site_open(&self);
    int fd = listen_to(&self);
    assert_true(next_frame(fd, &got));
    assert_int_equal(got.opcode, KEDGE_WEBSOCKET_TEXT);
    assert_string_equal(got.payload, "tick 0");
    assert_true(next_frame(fd, &got));
    assert_int_equal(got.opcode, KEDGE_WEBSOCKET_BINARY);
    assert_int_equal(got.length, 100);
    close(fd);
    site_close(&self);
}

static void test_nothing_new_is_no_message(void **state)
{
    char rest[4096];
    site self;
    (void)state;
    site_open(&self);
    int fd = listen_to(&self);
    client_read(fd, rest, sizeof rest, 300);
    assert_int_equal(self.made, 1);
    atomic_store(&self.tick, 7);
    size_t n = client_read(fd, rest, sizeof rest, 300);
    assert_true(n > 8 && memcmp(rest + 2, "tick 7", 6) == 0);
    close(fd);
    site_close(&self);
}

/* Whatever the pace of what happens: 30 a second, and always the newest. */
static void test_messages_are_so_many_a_second_at_most(void **state)
{
    static frame got;
    site self;
    int messages = 0;
    (void)state;
    site_open(&self);
    int fd = listen_to(&self);
    double began = kedge_clock_seconds();
    while (kedge_clock_seconds() - began < 1) {
        unsigned long now = atomic_fetch_add(&self.tick, 1);
        struct pollfd one = {.fd = fd, .events = POLLIN};
        if (poll(&one, 1, 0) != 1) continue;
        assert_true(next_frame(fd, &got));
        messages += got.opcode == KEDGE_WEBSOCKET_TEXT;
        (void)now;
    }
    assert_in_range(messages, 5, 32); /* a busy machine may give fewer */
    close(fd);
    site_close(&self);
}

/* One who does not read costs nobody else a message, and no memory: his own are dropped. */
static void test_a_stalled_listener_holds_up_nobody(void **state)
{
    static frame got;
    site self;
    int messages = 0;
    (void)state;
    site_open(&self);
    self.message = 100000;
    int stalled = listen_to(&self), fd = listen_to(&self);
    for (double began = kedge_clock_seconds(); kedge_clock_seconds() - began < 3;) {
        atomic_fetch_add(&self.tick, 1);
        struct pollfd one = {.fd = fd, .events = POLLIN};
        if (poll(&one, 1, 1) != 1) continue;
        assert_true(next_frame(fd, &got));
        messages += got.opcode == KEDGE_WEBSOCKET_TEXT;
    }
    unsigned long last = atomic_load(&self.tick);
    assert_true(messages > 20);
    assert_true(site_is_well(&self) < 1);
    /* What waits for the stalled one is what the kernel took: old; then comes the newest, nothing between. */
    int late = 0;
    unsigned long tick = 0;
    while (tick < last) {
        assert_true(next_frame(stalled, &got));
        if (got.opcode != KEDGE_WEBSOCKET_TEXT) continue;
        tick = strtoul((char *)got.payload + 5, NULL, 10);
        late++;
    }
    assert_true(late < messages / 2);
    close(fd);
    close(stalled);
    site_close(&self);
}

static void test_a_ping_is_answered(void **state)
{
    static const unsigned char ping[] = {0x89, 0x82, 0, 0, 0, 0, 'h', 'i'};
    static frame got;
    site self;
    (void)state;
    site_open(&self);
    int fd = listen_to(&self);
    client_send(fd, ping, sizeof ping);
    assert_true(next_control(fd, &got));
    assert_int_equal(got.opcode, KEDGE_WEBSOCKET_PONG);
    assert_string_equal(got.payload, "hi");
    close(fd);
    site_close(&self);
}

typedef struct farewell {
    int code;
    unsigned char bytes[16];
    size_t length;
} farewell;

static void test_farewells_say_why(void **state)
{
    static const farewell cases[] = {
        {1000, {0x88, 0x80, 1, 2, 3, 4}, 6},           /* goes by himself */
        {1003, {0x81, 0x81, 0, 0, 0, 0, 'x'}, 7},      /* a message */
        {1003, {0x82, 0xff, 0x7f, 255, 255}, 5},       /* a huge one, announced */
        {1003, {0x01, 0x81, 0, 0, 0, 0, 'x'}, 7},      /* a piece of one */
        {1002, {0x89, 0x01, 'x'}, 3},                  /* unmasked */
        {1002, {0x89, 0xfe, 1, 0, 0, 0, 0, 0}, 8},     /* a long ping */
        {1002, {0xf9, 0x80, 0, 0, 0, 0}, 6},           /* reserved bits */
        {1002, {0x8f, 0x80, 0, 0, 0, 0}, 6},           /* an opcode that is none */
    };
    static frame got;
    site self;
    (void)state;
    site_open(&self);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int fd = listen_to(&self);
        client_send(fd, cases[i].bytes, cases[i].length);
        assert_true(next_control(fd, &got));
        assert_int_equal(got.opcode, KEDGE_WEBSOCKET_CLOSE);
        assert_int_equal(got.payload[0] << 8 | got.payload[1], cases[i].code);
        assert_false(next_frame(fd, &got));
        close(fd);
    }
    site_close(&self);
}

static void test_frames_may_come_with_the_request(void **state)
{
    static const char request[] = "GET /stream HTTP/1.1\r\nHost: localhost:%d\r\nUpgrade: websocket\r\n"
                                  "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                                  "Sec-WebSocket-Version: 13\r\n\r\n\x89\x81%c%c%c%cx";
    static frame got;
    char text[512];
    site self;
    (void)state;
    site_open(&self);
    int fd = client_connect(self.port), length = snprintf(text, sizeof text, request, self.port, 0, 0, 0, 0);
    client_send(fd, text, (size_t)length);
    skip_handshake(fd);
    assert_true(next_control(fd, &got));
    assert_int_equal(got.opcode, KEDGE_WEBSOCKET_PONG);
    assert_string_equal(got.payload, "x");
    close(fd);
    site_close(&self);
}

static void test_there_are_only_so_many_listeners(void **state)
{
    char answer[1024];
    site self;
    int fds[KEDGE_SERVER_LISTENERS];
    (void)state;
    site_open(&self);
    for (int i = 0; i < KEDGE_SERVER_LISTENERS; i++) fds[i] = listen_to(&self);
    int fd = client_listen(self.port, "/stream");
    client_read(fd, answer, sizeof answer, 5000);
    assert_memory_equal(answer, "HTTP/1.1 503 ", 13);
    close(fd);
    for (int i = 0; i < KEDGE_SERVER_LISTENERS; i++) close(fds[i]);
    /* Their places are free again. */
    for (int i = 0; i < KEDGE_SERVER_LISTENERS; i++) fds[i] = listen_to(&self);
    for (int i = 0; i < KEDGE_SERVER_LISTENERS; i++) close(fds[i]);
    site_close(&self);
}

static void test_the_end_is_told(void **state)
{
    static frame got;
    site self;
    (void)state;
    site_open(&self);
    int fd = listen_to(&self);
    assert_true(next_frame(fd, &got));
    kedge_server_stop(self.server);
    self.server = NULL;
    assert_true(next_control(fd, &got));
    assert_int_equal(got.payload[0] << 8 | got.payload[1], KEDGE_WEBSOCKET_GOING_AWAY);
    close(fd);
    site_close(&self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_listener_gets_text_and_bytes),
        cmocka_unit_test(test_nothing_new_is_no_message),
        cmocka_unit_test(test_messages_are_so_many_a_second_at_most),
        cmocka_unit_test(test_a_stalled_listener_holds_up_nobody),
        cmocka_unit_test(test_a_ping_is_answered),
        cmocka_unit_test(test_farewells_say_why),
        cmocka_unit_test(test_frames_may_come_with_the_request),
        cmocka_unit_test(test_there_are_only_so_many_listeners),
        cmocka_unit_test(test_the_end_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
