/* http_websocket.c - the WebSocket protocol as bytes. SHA-1 as in FIPS 180-4; here it proves no secret, only that the
 * server understood the handshake. */
#include "serve/http_websocket.h"

#include <stdint.h>
#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char handshake_id[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; /* RFC 6455, 1.3 */
enum { KEY = 24, DIGEST = 20 };

static uint32_t turn(uint32_t x, int n)
{
    return x << n | x >> (32 - n);
}

static void sha1_block(uint32_t state[5], const unsigned char block[64])
{
    uint32_t w[80], a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
    for (int i = 0; i < 16; i++) {
        const unsigned char *at = block + (ptrdiff_t)4 * i;
        w[i] = (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
    }
    for (int i = 16; i < 80; i++) w[i] = turn(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    for (int i = 0; i < 80; i++) {
        uint32_t f, k;
        if (i < 20) f = (b & c) | (~b & d), k = 0x5a827999;
        else if (i < 40) f = b ^ c ^ d, k = 0x6ed9eba1;
        else if (i < 60) f = (b & c) | (b & d) | (c & d), k = 0x8f1bbcdc;
        else f = b ^ c ^ d, k = 0xca62c1d6;
        uint32_t next = turn(a, 5) + f + e + k + w[i];
        e = d, d = c, c = turn(b, 30), b = a, a = next;
    }
    state[0] += a, state[1] += b, state[2] += c, state[3] += d, state[4] += e;
}

/* Of a key with the identifier behind it: 60 bytes, so two blocks with the padding. */
static void sha1(const unsigned char *bytes, size_t length, unsigned char digest[DIGEST])
{
    uint32_t state[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
    unsigned char blocks[128] = {0};
    memcpy(blocks, bytes, length);
    blocks[length] = 0x80;
    blocks[126] = (unsigned char)(length * 8 >> 8);
    blocks[127] = (unsigned char)(length * 8);
    sha1_block(state, blocks);
    sha1_block(state, blocks + 64);
    for (int i = 0; i < DIGEST; i++) digest[i] = (unsigned char)(state[i / 4] >> (24 - 8 * (i % 4)));
}

/* 20 bytes as 28 characters. */
static void base64(const unsigned char bytes[DIGEST], char out[29])
{
    for (int i = 0; i < DIGEST; i += 3) {
        uint32_t third = i + 2 < DIGEST ? bytes[i + 2] : 0;
        uint32_t group = (uint32_t)bytes[i] << 16 | (uint32_t)bytes[i + 1] << 8 | third;
        for (int j = 0; j < 4; j++) *out++ = alphabet[group >> (18 - 6 * j) & 63];
    }
    out[-1] = '='; /* 20 bytes are 6 groups and two thirds of one */
    *out = '\0';
}

bool kedge_websocket_accept(const char *key, char accept[29])
{
    unsigned char bytes[KEY + sizeof handshake_id], digest[DIGEST];
    /* 22 characters hold 132 bits, of which the last 4 are not used, and two '=' fill the last group. */
    if (!key || strlen(key) != KEY || strspn(key, alphabet) != KEY - 2 || strcmp(key + KEY - 2, "==") != 0)
        return false;
    memcpy(bytes, key, KEY);
    memcpy(bytes + KEY, handshake_id, sizeof handshake_id);
    sha1(bytes, KEY + sizeof handshake_id - 1, digest);
    base64(digest, accept);
    return true;
}

size_t kedge_websocket_header(unsigned char *out, int opcode, size_t length)
{
    size_t n = 2;
    out[0] = (unsigned char)(0x80 | opcode);
    if (length <= KEDGE_WEBSOCKET_CONTROL_MAX) {
        out[1] = (unsigned char)length;
        return n;
    }
    int width = length <= 0xffff ? 2 : 8;
    out[1] = width == 2 ? 126 : 127;
    for (int i = width - 1; i >= 0; i--) out[n++] = (unsigned char)((uint64_t)length >> (8 * i));
    return n;
}

int kedge_websocket_read(kedge_websocket_frame *frame, unsigned char *bytes, size_t length)
{
    if (length < 2) return 0;
    int opcode = bytes[0] & 15;
    bool last = bytes[0] & 0x80, reserved = bytes[0] & 0x70, masked = bytes[1] & 0x80;
    size_t size = bytes[1] & 127;
    if (reserved || !masked || (opcode > 2 && opcode < 8) || opcode > KEDGE_WEBSOCKET_PONG)
        return -KEDGE_WEBSOCKET_PROTOCOL_ERROR;
    if (opcode < 8) return -KEDGE_WEBSOCKET_UNSUPPORTED;
    if (!last || size > KEDGE_WEBSOCKET_CONTROL_MAX) return -KEDGE_WEBSOCKET_PROTOCOL_ERROR;
    if (length < 6 + size) return 0;
    for (size_t i = 0; i < size; i++) bytes[6 + i] ^= bytes[2 + i % 4];
    *frame = (kedge_websocket_frame){.opcode = opcode, .payload = bytes + 6, .length = size};
    return (int)(6 + size);
}
