/* server_answer.c - from a request to a response. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "serve/server_parts.h"

static const char plain[] = "text/plain; charset=utf-8";
/* A client that takes nothing for so long makes room for another; seconds. */
static const double patience = 0.5;

static void start_writing(kedge_server *server, kedge_connection *one)
{
    one->sent = 0;
    kedge_connection_turn(server, one, KEDGE_PHASE_WRITING);
    kedge_answer_write(server, one);
}

/* A short answer of the server's own. */
static void refuse(kedge_server *server, kedge_connection *one, int status, const char *why, const char *more)
{
    kedge_server_tell(server, one, why);
    kedge_text_clear(&one->body);
    kedge_text_addf(&one->body, "%s\n", why);
    one->head_length = kedge_http_response(one->head, sizeof one->head, status, plain, one->body.length, "", more);
    if (one->request.method == KEDGE_HTTP_HEAD) kedge_text_clear(&one->body);
    start_writing(server, one);
}

static const char *reason_of(int status)
{
    switch (status) {
    case 408: return "the request takes too long";
    case 413: return "the body is too long";
    case 414: return "the address is too long";
    case 417: return "expectations are not met; send the body at once";
    case 431: return "the headers are too long";
    case 501: return "the body must have a Content-Length";
    case 505: return "the protocol must be HTTP/1.1";
    default: return "this is no request that the server understands";
    }
}

static const kedge_server_route *find_route(const kedge_server *server, const char *path)
{
    for (int i = 0; i < server->options.n_routes; i++)
        if (strcmp(server->options.routes[i].path, path) == 0) return &server->options.routes[i];
    return NULL;
}

/* The same address without the token, which goes into a cookie that no other site can have sent. */
static void redirect(kedge_server *server, kedge_connection *one)
{
    char more[512];
    const kedge_http_request *request = &one->request;
    char rest[KEDGE_HTTP_TARGET_MAX] = "";
    size_t used = 0;
    for (const char *c = request->query; *c; c += *c == '&') {
        size_t item = strcspn(c, "&");
        if (strncmp(c, "token=", 6) != 0 && item > 0 && used + item + 2 < sizeof rest)
            used += (size_t)snprintf(rest + used, sizeof rest - used, "%c%.*s", used ? '&' : '?', (int)item, c);
        c += item;
    }
    int n = snprintf(more, sizeof more, "Location: %s%s\r\nSet-Cookie: %s=%s; Path=/; HttpOnly; SameSite=Strict\r\n",
                     request->path, rest, server->guard.cookie, server->guard.token);
    if (n < 0 || (size_t)n >= sizeof more) {
        refuse(server, one, 414, reason_of(414), "");
        return;
    }
    one->head_length = kedge_http_response(one->head, sizeof one->head, 303, plain, 0, "", more);
    start_writing(server, one);
}

static void upgrade(kedge_server *server, kedge_connection *one)
{
    char accept[29];
    const char *version = one->request.websocket_version;
    int n_listeners = 0;
    for (int i = 0; i < KEDGE_SERVER_CONNECTIONS; i++) n_listeners += server->connections[i].listener != NULL;
    if (!kedge_http_upgrades(&one->request))
        refuse(server, one, 426, "this address is for WebSockets", "Upgrade: websocket\r\n");
    else if (!version || strcmp(version, "13") != 0)
        refuse(server, one, 426, "the version of the WebSocket must be 13", "Sec-WebSocket-Version: 13\r\n");
    else if (!kedge_websocket_accept(one->request.websocket_key, accept))
        refuse(server, one, 400, "the key of the WebSocket is none", "");
    else if (n_listeners == KEDGE_SERVER_LISTENERS)
        refuse(server, one, 503, "there are too many listeners", "Retry-After: 5\r\n");
    else {
        one->head_length = (size_t)snprintf(one->head, sizeof one->head,
                                            "HTTP/1.1 101 %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                            "Sec-WebSocket-Accept: %s\r\n\r\n",
                                            kedge_http_reason(101), accept);
        kedge_listener_begin(server, one);
    }
}

/* Too many answers under way: the one that a client has long not taken any of makes room. */
static bool room_for_answer(kedge_server *server, bool slow)
{
    if (slow && server->n_slow >= KEDGE_SERVER_SLOW_ANSWERS) return false;
    if (server->n_answers < KEDGE_SERVER_ANSWERS) return true;
    kedge_connection *stuck = NULL;
    for (int i = 0; i < KEDGE_SERVER_CONNECTIONS; i++) {
        kedge_connection *one = &server->connections[i];
        if (one->phase == KEDGE_PHASE_WRITING && one->counted && (!stuck || one->moved < stuck->moved)) stuck = one;
    }
    if (!stuck || server->now - stuck->moved < patience) return false;
    kedge_connection_close(server, stuck);
    return true;
}

static void queue(kedge_server *server, kedge_connection *one, const kedge_server_route *route)
{
    if (!room_for_answer(server, route->slow)) {
        refuse(server, one, 503, "there are too many requests", "Retry-After: 1\r\n");
        return;
    }
    one->route = route;
    one->counted = true;
    one->counted_slow = route->slow;
    server->n_answers++;
    server->n_slow += route->slow;
    one->next = NULL;
    kedge_connection_turn(server, one, KEDGE_PHASE_WORKING);
    kedge_desk *desk = &server->desks[route->slow];
    pthread_mutex_lock(&server->lock);
    *desk->end = one;
    desk->end = &one->next;
    pthread_cond_signal(&desk->work);
    pthread_mutex_unlock(&server->lock);
}

/* Whether 'application/json' is what the body is said to be; parameters do not matter. */
static bool is_json(const char *type)
{
    static const char json[] = "application/json";
    size_t length = sizeof json - 1;
    return type && strncasecmp(type, json, length) == 0 && (!type[length] || strchr("; \t", type[length]));
}

void kedge_answer_begin(kedge_server *server, kedge_connection *one, int status)
{
    const kedge_http_request *request = &one->request;
    bool in_query = false;
    if (status != 200) {
        refuse(server, one, status, reason_of(status), "");
        return;
    }
    const char *why = kedge_guard_refuses(&server->guard, request, one->local);
    bool admitted = kedge_guard_admits(&server->guard, request, &in_query);
    const kedge_server_route *route = find_route(server, request->path);
    bool is_stream = server->options.stream.path && strcmp(request->path, server->options.stream.path) == 0;
    int methods = is_stream ? KEDGE_HTTP_GET : !route ? 0
                  : route->methods & KEDGE_HTTP_GET ? route->methods | KEDGE_HTTP_HEAD : route->methods;
    if (why)
        refuse(server, one, 403, why, "");
    else if (!admitted)
        refuse(server, one, 403, "the token is missing or wrong; open the address with its token", "");
    else if (!route && !is_stream)
        refuse(server, one, 404, "there is nothing here", "");
    else if (!(request->method & methods))
        refuse(server, one, 405, "this method is not for this address",
               methods & KEDGE_HTTP_POST ? "Allow: POST\r\n" : "Allow: GET, HEAD\r\n");
    else if (in_query)
        redirect(server, one);
    else if (is_stream)
        upgrade(server, one);
    else if (request->method == KEDGE_HTTP_POST && !is_json(request->content_type))
        refuse(server, one, 415, "the body must be application/json", "");
    else
        queue(server, one, route);
}

void kedge_answer_end(kedge_server *server, kedge_connection *one)
{
    server->n_answers -= one->counted;
    server->n_slow -= one->counted_slow;
    one->counted = one->counted_slow = false;
}

void kedge_answer_write(kedge_server *server, kedge_connection *one)
{
    size_t total = one->head_length + one->body.length, head = one->sent;
    if (one->sent < one->head_length) {
        if (!kedge_connection_send(server, one, one->head, one->head_length, &head)) goto broken;
        one->sent = head;
        if (head < one->head_length) return;
    }
    size_t body = one->sent - one->head_length;
    if (!kedge_connection_send(server, one, kedge_text_string(&one->body), one->body.length, &body)) goto broken;
    one->sent = one->head_length + body;
    if (one->sent < total) return;
    kedge_answer_end(server, one);
    kedge_text_release(&one->body);
    shutdown(one->fd, SHUT_WR);
    one->in_length = 0;
    kedge_connection_turn(server, one, KEDGE_PHASE_LINGERING);
    return;
broken:
    kedge_connection_close(server, one);
}

/* ---- the threads that make answers */

static void make_answer(const kedge_server *server, kedge_connection *one)
{
    char policy[1024] = "";
    const kedge_server_route *route = one->route;
    int status = route->answer(server->options.payload, &one->request, &one->body);
    if (one->body.broken) {
        status = 500;
        kedge_text_release(&one->body);
    }
    /* Everything is inside the page, so that a script that somebody got into it could not send anything away. */
    if (route->document && status == 200)
        snprintf(policy, sizeof policy,
                 "script-src %s; style-src 'unsafe-inline'; img-src 'self' data: blob:; font-src data:; "
                 "connect-src 'self' ws://%s; ",
                 server->options.policy, one->request.host);
    bool own_type = status == 200 || (status == 400 && route->methods & KEDGE_HTTP_POST);
    one->head_length = kedge_http_response(one->head, sizeof one->head, status, own_type ? route->type : plain,
                                           one->body.length, policy, "");
    if (one->request.method == KEDGE_HTTP_HEAD) kedge_text_release(&one->body);
}

void *kedge_desk_work(void *argument)
{
    kedge_desk *desk = argument;
    kedge_server *server = desk->server;
    pthread_mutex_lock(&server->lock);
    for (;;) {
        while (!desk->first && !server->stop) pthread_cond_wait(&desk->work, &server->lock);
        if (server->stop) break;
        kedge_connection *one = desk->first;
        desk->first = one->next;
        if (!desk->first) desk->end = &desk->first;
        pthread_mutex_unlock(&server->lock);
        make_answer(server, one);
        pthread_mutex_lock(&server->lock);
        one->ready = true;
        kedge_server_wake(server);
    }
    pthread_mutex_unlock(&server->lock);
    return NULL;
}
