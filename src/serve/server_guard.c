/* server_guard.c - who may ask. */
#include "serve/server_guard.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

#include <arpa/inet.h>

#include "base/error.h"

static const char token_characters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* 24 characters of 6 bits: 144 random bits. */
static kedge_status make_token(char *token)
{
    enum { LENGTH = 24 };
    unsigned char bytes[LENGTH];
    ssize_t got;
    do got = getrandom(bytes, sizeof bytes, 0);
    while (got < 0 && errno == EINTR);
    if (got != LENGTH) return kedge_fail(KEDGE_EIO, "no random numbers for a token: %s", strerror(errno));
    for (int i = 0; i < LENGTH; i++) token[i] = token_characters[bytes[i] & 63];
    token[LENGTH] = '\0';
    return KEDGE_OK;
}

static kedge_status take_token(kedge_guard *guard, const char *token)
{
    size_t length = strlen(token);
    if (length < KEDGE_SERVER_TOKEN_MIN || length > KEDGE_SERVER_TOKEN_MAX)
        return kedge_fail(KEDGE_EINVALID, "the token has %zu characters; it must have %d to %d", length,
                          KEDGE_SERVER_TOKEN_MIN, KEDGE_SERVER_TOKEN_MAX);
    if (strspn(token, token_characters) != length)
        return kedge_fail(KEDGE_EINVALID, "the token may have letters, digits, '-' and '_' only");
    memcpy(guard->token, token, length + 1);
    return KEDGE_OK;
}

void kedge_guard_address(const struct sockaddr *from, char out[64])
{
    char text[INET6_ADDRSTRLEN] = "?";
    if (from->sa_family == AF_INET6) {
        const struct in6_addr *own = &((const struct sockaddr_in6 *)(const void *)from)->sin6_addr;
        if (IN6_IS_ADDR_V4MAPPED(own)) {
            inet_ntop(AF_INET, own->s6_addr + 12, text, sizeof text);
            snprintf(out, 64, "%s", text);
        } else {
            inet_ntop(AF_INET6, own, text, sizeof text);
            snprintf(out, 64, "[%s]", text);
        }
        return;
    }
    inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)from)->sin_addr, text, sizeof text);
    snprintf(out, 64, "%s", text);
}

static void classify(kedge_guard *guard, const struct sockaddr *bound)
{
    if (bound->sa_family == AF_INET6) {
        const struct in6_addr *own = &((const struct sockaddr_in6 *)(const void *)bound)->sin6_addr;
        guard->loopback = IN6_IS_ADDR_LOOPBACK(own);
        guard->any = IN6_IS_ADDR_UNSPECIFIED(own);
    } else {
        in_addr_t own = ntohl(((const struct sockaddr_in *)(const void *)bound)->sin_addr.s_addr);
        guard->loopback = own >> 24 == 127;
        guard->any = own == INADDR_ANY;
    }
}

kedge_status kedge_guard_init(kedge_guard *guard, const struct sockaddr *bound, const char *token)
{
    *guard = (kedge_guard){0};
    kedge_guard_address(bound, guard->address);
    classify(guard, bound);
    if (token) return take_token(guard, token);
    return guard->loopback ? KEDGE_OK : make_token(guard->token);
}

void kedge_guard_set_port(kedge_guard *guard, int port)
{
    guard->port = port;
    snprintf(guard->cookie, sizeof guard->cookie, "kedge-%d", port);
}

/* Whether 'host' is 'name' with the port (which may be left out where it is the usual one). */
static bool host_is(const kedge_guard *guard, const char *host, const char *name)
{
    char full[80];
    snprintf(full, sizeof full, "%s:%d", name, guard->port);
    return strcasecmp(host, full) == 0 || (guard->port == 80 && strcasecmp(host, name) == 0);
}

const char *kedge_guard_refuses(const kedge_guard *guard, const kedge_http_request *request, const char *local)
{
    static const char *const own[] = {"localhost", "127.0.0.1", "[::1]"};
    static const char scheme[] = "http://";
    bool known = host_is(guard, request->host, guard->address) || (guard->any && host_is(guard, request->host, local));
    for (size_t i = 0; i < sizeof own / sizeof *own && !known; i++) known = host_is(guard, request->host, own[i]);
    if (!known) return "the host is not this server";
    const char *origin = request->origin;
    if (origin && (strncasecmp(origin, scheme, sizeof scheme - 1) != 0 ||
                   strcasecmp(origin + sizeof scheme - 1, request->host) != 0))
        return "it comes from another site";
    return NULL;
}

/* Whether bytes[0, length) are the token; the time depends on the length alone. */
static bool is_token(const kedge_guard *guard, const char *bytes, size_t length)
{
    unsigned char differ = strlen(guard->token) != length;
    for (size_t i = 0; i < sizeof guard->token - 1; i++)
        differ |= (unsigned char)(guard->token[i] ^ (i < length ? bytes[i] : 0));
    return !differ;
}

static bool cookie_admits(const kedge_guard *guard, const char *cookie)
{
    size_t name = strlen(guard->cookie);
    for (const char *c = cookie; c && *c;) {
        c += strspn(c, " ;");
        size_t item = strcspn(c, ";");
        if (item > name && strncmp(c, guard->cookie, name) == 0 && c[name] == '=' &&
            is_token(guard, c + name + 1, item - name - 1))
            return true;
        c += item;
    }
    return false;
}

bool kedge_guard_admits(const kedge_guard *guard, const kedge_http_request *request, bool *in_query)
{
    char value[KEDGE_SERVER_TOKEN_MAX + 1];
    *in_query = false;
    if (!guard->token[0]) return true;
    if (request->method != KEDGE_HTTP_POST && kedge_http_query(request->query, "token", value, sizeof value))
        *in_query = is_token(guard, value, strlen(value));
    return *in_query || cookie_admits(guard, request->cookie);
}
