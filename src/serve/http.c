/* http.c - requests and responses of HTTP/1.1 as bytes. */
#include "serve/http.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "format/utf8.h"

typedef struct status_text {
    int status;
    const char *reason;
} status_text;

static const status_text statuses[] = {
    {101, "Switching Protocols"}, {200, "OK"}, {204, "No Content"}, {303, "See Other"},
    {400, "Bad Request"}, {403, "Forbidden"}, {404, "Not Found"}, {405, "Method Not Allowed"},
    {408, "Request Timeout"}, {413, "Content Too Large"}, {414, "URI Too Long"},
    {415, "Unsupported Media Type"}, {417, "Expectation Failed"}, {426, "Upgrade Required"},
    {431, "Request Header Fields Too Large"}, {500, "Internal Server Error"}, {501, "Not Implemented"},
    {503, "Service Unavailable"}, {505, "HTTP Version Not Supported"},
};

const char *kedge_http_reason(int status)
{
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
        if (statuses[i].status == status) return statuses[i].reason;
    return "";
}

/* The headers that are looked at; none may come twice. */
typedef struct known_header {
    const char *name;
    size_t offset; /* in the request */
} known_header;

static const known_header known[] = {
    {"host", offsetof(kedge_http_request, host)},
    {"origin", offsetof(kedge_http_request, origin)},
    {"cookie", offsetof(kedge_http_request, cookie)},
    {"content-type", offsetof(kedge_http_request, content_type)},
    {"content-length", offsetof(kedge_http_request, content_length)},
    {"transfer-encoding", offsetof(kedge_http_request, transfer_encoding)},
    {"expect", offsetof(kedge_http_request, expect)},
    {"connection", offsetof(kedge_http_request, connection)},
    {"upgrade", offsetof(kedge_http_request, upgrade)},
    {"sec-websocket-key", offsetof(kedge_http_request, websocket_key)},
    {"sec-websocket-version", offsetof(kedge_http_request, websocket_version)},
};

static bool is_token(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("!#$%&'*+-.^_`|~", c));
}

/* Looks for the blank line that ends the head. What no head may hold is told at once, so that nobody waits for the end
 * of something hopeless. 0: not there yet; 200: there; 400: a bare CR or LF, or a control character. */
static int find_head(kedge_http_request *request, const char *bytes, size_t length)
{
    for (size_t i = request->scanned; i < length; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if ((c < ' ' && c != '\t' && c != '\r' && c != '\n') || c == 127) return 400;
        if (c == '\n' && (i == 0 || bytes[i - 1] != '\r')) return 400;
        if (c != '\n' && i > 0 && bytes[i - 1] == '\r') return 400;
        if (c == '\n' && i >= 3 && bytes[i - 2] == '\n') {
            request->head = i + 1;
            return 200;
        }
    }
    request->scanned = length;
    return 0;
}

static kedge_http_method method_of(const char *name)
{
    if (strcmp(name, "GET") == 0) return KEDGE_HTTP_GET;
    if (strcmp(name, "HEAD") == 0) return KEDGE_HTTP_HEAD;
    return strcmp(name, "POST") == 0 ? KEDGE_HTTP_POST : KEDGE_HTTP_OTHER;
}

/* "GET /path?query HTTP/1.1", its end a 0. */
static int parse_line(kedge_http_request *request, char *line)
{
    char *c = line;
    while (is_token(*c)) c++;
    if (c == line || *c != ' ') return 400;
    *c = '\0';
    request->method = method_of(line);
    char *target = ++c;
    while (*c > ' ' && *c < 127) c++;
    if (*c != ' ' || *target != '/') return 400;
    *c = '\0';
    if (c - target > KEDGE_HTTP_TARGET_MAX) return 414;
    const char *version = c + 1;
    if (strcmp(version, "HTTP/1.1") != 0 && strcmp(version, "HTTP/1.0") != 0)
        return strncmp(version, "HTTP/", 5) == 0 && strlen(version) == 8 ? 505 : 400;
    char *mark = strchr(target, '?');
    request->path = target;
    request->query = mark ? mark + 1 : c;
    if (mark) *mark = '\0';
    return 200;
}

/* "Name: value", its end a 0. */
static int parse_header(kedge_http_request *request, char *line)
{
    char *c = line;
    while (is_token(*c)) c++;
    if (c == line || *c != ':') return 400;
    *c++ = '\0';
    while (*c == ' ' || *c == '\t') c++;
    char *end = c + strlen(c);
    while (end > c && (end[-1] == ' ' || end[-1] == '\t')) *--end = '\0';
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcasecmp(line, known[i].name) != 0) continue;
        const char *value = c, *before;
        char *field = (char *)request + known[i].offset;
        memcpy(&before, field, sizeof before);
        if (before) return 400;
        memcpy(field, &value, sizeof value);
    }
    return 200;
}

static int check_headers(kedge_http_request *request)
{
    if (!request->host) return 400;
    if (request->transfer_encoding) return 501;
    if (request->expect) return 417;
    if (!request->content_length) return 200;
    size_t digits = strspn(request->content_length, "0123456789");
    if (digits == 0 || request->content_length[digits]) return 400;
    if (digits > 9) return 413;
    request->body_length = (size_t)strtoul(request->content_length, NULL, 10);
    if (request->body_length > KEDGE_HTTP_BODY_MAX) return 413;
    return request->body_length > 0 && request->method != KEDGE_HTTP_POST ? 400 : 200;
}

static int parse_head(kedge_http_request *request, char *bytes)
{
    int status = 200, headers = -1; /* the request line is none */
    for (char *line = bytes; status == 200; headers++) {
        char *end = strchr(line, '\r'); /* there is one: the head ends with two */
        if (end == line) return headers < 0 ? 400 : check_headers(request);
        *end = '\0';
        if (headers >= KEDGE_HTTP_HEADERS_MAX) return 431;
        status = headers < 0 ? parse_line(request, line) : parse_header(request, line);
        line = end + 2;
    }
    return status;
}

int kedge_http_parse(kedge_http_request *request, char *bytes, size_t length)
{
    if (request->head == 0) {
        size_t looked_at = length < KEDGE_HTTP_HEAD_MAX ? length : KEDGE_HTTP_HEAD_MAX;
        int status = find_head(request, bytes, looked_at);
        if (status == 0) return length >= KEDGE_HTTP_HEAD_MAX ? 431 : 0;
        if (status == 200) status = parse_head(request, bytes);
        if (status != 200) return status;
    }
    if (length - request->head < request->body_length) return 0;
    request->body = bytes + request->head;
    return 200;
}

bool kedge_http_list_has(const char *list, const char *word)
{
    size_t length = strlen(word);
    for (const char *c = list; c && *c;) {
        c += strspn(c, " \t,");
        size_t item = strcspn(c, ","), trimmed = item;
        while (trimmed > 0 && (c[trimmed - 1] == ' ' || c[trimmed - 1] == '\t')) trimmed--;
        if (trimmed == length && strncasecmp(c, word, length) == 0) return true;
        c += item;
    }
    return false;
}

bool kedge_http_upgrades(const kedge_http_request *request)
{
    return request->method == KEDGE_HTTP_GET && kedge_http_list_has(request->upgrade, "websocket") &&
           kedge_http_list_has(request->connection, "upgrade");
}

static int hex(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    c |= 32;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool decode(const char *from, size_t length, char *value, size_t room)
{
    size_t used = 0;
    for (size_t i = 0; i < length; i++) {
        char c = from[i];
        if (c == '+') c = ' ';
        if (c == '%') {
            if (length - i < 3 || hex(from[i + 1]) < 0 || hex(from[i + 2]) < 0) return false;
            c = (char)(hex(from[i + 1]) * 16 + hex(from[i + 2]));
            i += 2;
        }
        if (c == '\0' || used + 1 >= room) return false;
        value[used++] = c;
    }
    value[used] = '\0';
    return kedge_utf8_span(value, used) == used;
}

bool kedge_http_query(const char *query, const char *name, char *value, size_t room)
{
    size_t length = strlen(name);
    for (const char *c = query; *c; c += *c == '&') {
        size_t item = strcspn(c, "&");
        if (item > length && strncmp(c, name, length) == 0 && c[length] == '=')
            return decode(c + length + 1, item - length - 1, value, room);
        c += item;
    }
    return false;
}

void kedge_http_escape(const char *text, char *out)
{
    static const char digits[] = "0123456789ABCDEF";
    for (const char *c = text; *c; c++) {
        unsigned char byte = (unsigned char)*c;
        bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
                     strchr("-._~/", byte);
        if (plain) {
            *out++ = *c;
            continue;
        }
        *out++ = '%';
        *out++ = digits[byte >> 4];
        *out++ = digits[byte & 15];
    }
    *out = '\0';
}

size_t kedge_http_response(char *out, size_t room, int status, const char *type, size_t length, const char *policy,
                           const char *more)
{
    int n = snprintf(out, room,
                     "HTTP/1.1 %d %s\r\n"
                     "Content-Type: %s\r\n"
                     "Content-Length: %zu\r\n"
                     "Connection: close\r\n"
                     "Cache-Control: no-store\r\n"
                     "X-Content-Type-Options: nosniff\r\n"
                     "Referrer-Policy: no-referrer\r\n"
                     "Cross-Origin-Resource-Policy: same-origin\r\n"
                     "Cross-Origin-Opener-Policy: same-origin\r\n"
                     "Content-Security-Policy: default-src 'none'; %sbase-uri 'none'; form-action 'none'; "
                     "frame-ancestors 'none'\r\n"
                     "%s\r\n",
                     status, kedge_http_reason(status), type, length, policy, more);
    return n > 0 && (size_t)n < room ? (size_t)n : 0;
}
