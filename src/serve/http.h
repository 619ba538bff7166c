/* http.h - requests and responses of HTTP/1.1 (RFC 9112) as bytes. Knows no sockets.
 *
 * Only what a browser sends: origin form, no chunked bodies, no continuation lines. All else is refused with the status
 * that says why. */
#ifndef SERVE_HTTP_H
#define SERVE_HTTP_H

#include <stdbool.h>
#include <stddef.h>

#include "kedge/api.h"

enum {
    KEDGE_HTTP_HEAD_MAX = 8192,   /* bytes of request line and headers; 431 beyond */
    KEDGE_HTTP_BODY_MAX = 4096,   /* 413 beyond */
    KEDGE_HTTP_TARGET_MAX = 2048, /* 414 beyond */
    KEDGE_HTTP_HEADERS_MAX = 64,  /* 431 beyond */
    KEDGE_HTTP_REQUEST_MAX = KEDGE_HTTP_HEAD_MAX + KEDGE_HTTP_BODY_MAX
};

typedef enum kedge_http_method {
    KEDGE_HTTP_GET = 1,
    KEDGE_HTTP_HEAD = 2,
    KEDGE_HTTP_POST = 4,
    KEDGE_HTTP_OTHER = 8
} kedge_http_method;

/* Texts point into the bytes that were read; NULL: the request has no such header. */
typedef struct kedge_http_request {
    kedge_http_method method;
    const char *path;  /* as sent, from its '/' to the '?': percent escapes stand as they are */
    const char *query; /* behind the '?'; "" without one */
    const char *host, *origin, *cookie, *content_type, *content_length, *transfer_encoding, *expect;
    const char *connection, *upgrade, *websocket_key, *websocket_version;
    const char *body; /* [body_length] */
    size_t body_length;
    size_t scanned, head; /* inside: bytes looked at; of the head, once it is there */
} kedge_http_request;

/* Reads the request that bytes[0, length) begins with; call it again, with the same (at first cleared) request and the
 * same bytes, when more have come. Writes 0s into the bytes. Returns 0: incomplete; 200: read; else the status to
 * refuse it with (400, 413, 414, 417, 431, 501, 505), as early as it is clear. 'bytes' has room for
 * KEDGE_HTTP_REQUEST_MAX. */
int kedge_http_parse(kedge_http_request *request, char *bytes, size_t length);

/* Whether it asks for a WebSocket at all (the key and version are another matter). */
bool kedge_http_upgrades(const kedge_http_request *request);

/* Whether a comma-separated header value has this word, in any case. 'list' may be NULL. */
bool kedge_http_list_has(const char *list, const char *word);

/* The value of the first 'name=' in a query, its %XX and '+' decoded, in 'value' of 'room' bytes. False if there is
 * none, or one that does not fit, decodes to a 0 byte or is not UTF-8. */
bool kedge_http_query(const char *query, const char *name, char *value, size_t room);

/* Appends text to a query so that kedge_http_query gives it back: letters, digits and -._~/ as they are. 'out' has
 * room for 3 times its bytes and a 0. */
void kedge_http_escape(const char *text, char *out);

/* "Not Found"; "" for a status that has no entry. */
const char *kedge_http_reason(int status);

/* What a browser needs to be told with every response: 'length' bytes of 'type' follow. 'policy' is what the document
 * may do beside "default-src 'none'", as directives each ended by "; "; 'more' has further headers, each ended by CR
 * LF; "" if there are none. Returns the bytes written, or 0 if 'room' is too small. */
size_t kedge_http_response(char *out, size_t room, int status, const char *type, size_t length, const char *policy,
                           const char *more);

#endif
