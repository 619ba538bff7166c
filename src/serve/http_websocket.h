/* http_websocket.h - the WebSocket protocol (RFC 6455) as bytes, for a server that only talks: of a client it takes
 * pings, pongs and a farewell. Knows no sockets. */
#ifndef SERVE_HTTP_WEBSOCKET_H
#define SERVE_HTTP_WEBSOCKET_H

#include <stdbool.h>
#include <stddef.h>

enum {
    KEDGE_WEBSOCKET_TEXT = 1,
    KEDGE_WEBSOCKET_BINARY = 2,
    KEDGE_WEBSOCKET_CLOSE = 8,
    KEDGE_WEBSOCKET_PING = 9,
    KEDGE_WEBSOCKET_PONG = 10,
    KEDGE_WEBSOCKET_CONTROL_MAX = 125, /* bytes of payload that a control frame has at most */
    KEDGE_WEBSOCKET_HEADER_MAX = 10,   /* bytes before a payload of ours */
    KEDGE_WEBSOCKET_CLIENT_MAX = 6 + KEDGE_WEBSOCKET_CONTROL_MAX /* bytes of a client's control frame */
};

/* Codes of a farewell. */
enum {
    KEDGE_WEBSOCKET_GOING_AWAY = 1001,
    KEDGE_WEBSOCKET_PROTOCOL_ERROR = 1002,
    KEDGE_WEBSOCKET_UNSUPPORTED = 1003
};

/* What Sec-WebSocket-Accept answers a key with: 28 characters and a 0. False if the key is not base64 of 16 bytes. */
bool kedge_websocket_accept(const char *key, char accept[29]);

/* The bytes before an unmasked, unfragmented payload. Returns their number, at most KEDGE_WEBSOCKET_HEADER_MAX. */
size_t kedge_websocket_header(unsigned char *out, int opcode, size_t length);

typedef struct kedge_websocket_frame {
    int opcode;
    const unsigned char *payload; /* unmasked, in the bytes given */
    size_t length;
} kedge_websocket_frame;

/* Reads the control frame that bytes[0, length) begins with, and unmasks it there. Returns the bytes it took; 0: it is
 * not all there; -1002: against the protocol (unmasked, reserved bits, a long or fragmented control frame); -1003: a
 * message, of which this server takes none, told before its payload has come. */
int kedge_websocket_read(kedge_websocket_frame *frame, unsigned char *bytes, size_t length);

#endif
