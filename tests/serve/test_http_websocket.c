/* test_http_websocket.c - the handshake and frames of WebSockets. */
#include "serve/http_websocket.h"

#include <string.h>

#include "unit.h"

/* The example of RFC 6455, 1.3. */
static void test_answers_the_key_of_the_standard(void **state)
{
    char accept[29];
    (void)state;
    assert_true(kedge_websocket_accept("dGhlIHNhbXBsZSBub25jZQ==", accept));
    assert_string_equal(accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

static void test_refuses_keys_that_are_none(void **state)
{
    static const char *const bad[] = {"", "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZQ===",
                                      "dGhlIHNhbXBsZSBub25j====", "dGhlIHNhbXBsZSBub25jZQQ=",
                                      "dGhlIHNhbXBsZSBub25j?Q=="};
    char accept[29];
    (void)state;
    assert_false(kedge_websocket_accept(NULL, accept));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_false(kedge_websocket_accept(bad[i], accept));
}

static void test_headers_have_the_shortest_length(void **state)
{
    unsigned char out[KEDGE_WEBSOCKET_HEADER_MAX];
    (void)state;
    assert_int_equal(kedge_websocket_header(out, KEDGE_WEBSOCKET_TEXT, 125), 2);
    assert_memory_equal(out, "\x81\x7d", 2);
    assert_int_equal(kedge_websocket_header(out, KEDGE_WEBSOCKET_BINARY, 126), 4);
    assert_memory_equal(out, "\x82\x7e\x00\x7e", 4);
    assert_int_equal(kedge_websocket_header(out, KEDGE_WEBSOCKET_BINARY, 0x12345), 10);
    assert_memory_equal(out, "\x82\x7f\0\0\0\0\x00\x01\x23\x45", 10);
}

static void test_reads_a_masked_ping(void **state)
{
    unsigned char bytes[] = {0x89, 0x83, 1, 2, 3, 4, 'a' ^ 1, 'b' ^ 2, 'c' ^ 3, 0x77};
    kedge_websocket_frame frame;
    (void)state;
    for (size_t cut = 0; cut < 9; cut++) assert_int_equal(kedge_websocket_read(&frame, bytes, cut), 0);
    assert_int_equal(kedge_websocket_read(&frame, bytes, sizeof bytes), 9);
    assert_int_equal(frame.opcode, KEDGE_WEBSOCKET_PING);
    assert_int_equal(frame.length, 3);
    assert_memory_equal(frame.payload, "abc", 3);
}

static void test_refuses_frames_against_the_protocol(void **state)
{
    static const unsigned char bad[][2] = {
        {0x89, 0x00}, /* unmasked */
        {0xc9, 0x80}, /* a reserved bit */
        {0x09, 0x80}, /* a control frame in pieces */
        {0x89, 0xfe}, /* a long one */
        {0x83, 0x80}, /* opcodes that are none */
        {0x8b, 0x80},
    };
    kedge_websocket_frame frame;
    unsigned char bytes[16] = {0};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        memcpy(bytes, bad[i], 2);
        if (kedge_websocket_read(&frame, bytes, sizeof bytes) != -KEDGE_WEBSOCKET_PROTOCOL_ERROR)
            fail_msg("frame %zu", i);
    }
}

/* Told by its first two bytes: nothing is ever kept of what may be as long as it likes. */
static void test_takes_no_messages(void **state)
{
    unsigned char text[2] = {0x81, 0xff}, binary[2] = {0x02, 0x81}, more[2] = {0x80, 0x80};
    kedge_websocket_frame frame;
    (void)state;
    assert_int_equal(kedge_websocket_read(&frame, text, 2), -KEDGE_WEBSOCKET_UNSUPPORTED);
    assert_int_equal(kedge_websocket_read(&frame, binary, 2), -KEDGE_WEBSOCKET_UNSUPPORTED);
    assert_int_equal(kedge_websocket_read(&frame, more, 2), -KEDGE_WEBSOCKET_UNSUPPORTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers_the_key_of_the_standard),
        cmocka_unit_test(test_refuses_keys_that_are_none),
        cmocka_unit_test(test_headers_have_the_shortest_length),
        cmocka_unit_test(test_reads_a_masked_ping),
        cmocka_unit_test(test_refuses_frames_against_the_protocol),
        cmocka_unit_test(test_takes_no_messages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
