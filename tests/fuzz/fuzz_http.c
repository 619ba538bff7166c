/* fuzz_http.c - any bytes as a request, in two pieces; then as frames of a WebSocket. */
#include "fuzz.h"

#include <string.h>

#include "serve/http.h"
#include "serve/http_websocket.h"

static void check_request(const kedge_http_request *request, const char *bytes, size_t length)
{
    static char value[256], escaped[3 * 256], query[4 + 3 * 256], again[256];
    FUZZ_CHECK(request->path[0] == '/' && request->path > bytes && strlen(request->path) <= KEDGE_HTTP_TARGET_MAX);
    FUZZ_CHECK(request->host && request->host > bytes && request->host < bytes + length);
    FUZZ_CHECK(request->body >= bytes && request->body + request->body_length <= bytes + length);
    FUZZ_CHECK(request->body_length == 0 || request->method == KEDGE_HTTP_POST);
    if (!kedge_http_query(request->query, "run", value, sizeof value)) return;
    kedge_http_escape(value, escaped);
    memcpy(query, "run=", 4);
    memcpy(query + 4, escaped, strlen(escaped) + 1);
    FUZZ_CHECK(kedge_http_query(query, "run", again, sizeof again) && strcmp(value, again) == 0);
}

static void read_request(const uint8_t *data, size_t size, size_t cut)
{
    static char bytes[KEDGE_HTTP_REQUEST_MAX];
    kedge_http_request request = {0};
    if (size > sizeof bytes) size = sizeof bytes;
    if (cut > size) cut = size;
    memcpy(bytes, data, cut);
    int status = kedge_http_parse(&request, bytes, cut);
    if (status == 0) {
        memcpy(bytes + cut, data + cut, size - cut);
        status = kedge_http_parse(&request, bytes, size);
    }
    FUZZ_CHECK(status == 0 || *kedge_http_reason(status));
    FUZZ_CHECK(status != 0 || size < sizeof bytes);
    if (status == 200) check_request(&request, bytes, size);
}

static void read_frames(const uint8_t *data, size_t size)
{
    static unsigned char bytes[4096];
    kedge_websocket_frame frame;
    if (size > sizeof bytes) size = sizeof bytes;
    memcpy(bytes, data, size);
    for (size_t used = 0; used < size;) {
        int n = kedge_websocket_read(&frame, bytes + used, size - used);
        if (n <= 0) break;
        used += (size_t)n;
        FUZZ_CHECK(used <= size && frame.length <= KEDGE_WEBSOCKET_CONTROL_MAX);
        FUZZ_CHECK(frame.payload + frame.length == bytes + used);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) return 0;
    read_request(data + 1, size - 1, data[0]);
    read_frames(data + 1, size - 1);
    return 0;
}
