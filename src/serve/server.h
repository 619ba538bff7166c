/* server.h - a small web server for one page: a table of routes, and one stream that WebSockets listen to.
 *
 * One thread has all sockets and never waits for anything but them. Answers are made by two further threads, one for
 * quick routes and one for slow ones, so that a report under way holds up no command; messages of the stream by a
 * fourth. Everything is bounded: requests (serve/http.h), connections, answers under way, listeners and the time that
 * each may take. When all connections are in use, the one that has been silent the longest makes room: who opens
 * thousands and says nothing keeps nobody out.
 *
 * Who may ask: requests whose Host is this server's own (a name that somebody points at 127.0.0.1 is not), whose
 * Origin, if they have one, is this server, and who has the token, if there is one. */
#ifndef SERVE_SERVER_H
#define SERVE_SERVER_H

#include <stdint.h>

#include "base/text.h"
#include "serve/http.h"

enum {
    KEDGE_SERVER_CONNECTIONS = 256,
    KEDGE_SERVER_ANSWERS = 32,      /* under way at a time; 503 beyond */
    KEDGE_SERVER_SLOW_ANSWERS = 8,  /* of them by slow routes */
    KEDGE_SERVER_LISTENERS = 16,    /* WebSockets; 503 beyond */
    KEDGE_SERVER_FRAMES = 30,       /* messages a second that a listener is sent at most */
    KEDGE_SERVER_TOKEN_MIN = 16,    /* characters of a token */
    KEDGE_SERVER_TOKEN_MAX = 128
};

/* One thing that can be asked for. */
typedef struct kedge_server_route {
    const char *path;  /* exactly */
    const char *type;  /* Content-Type of what 'answer' appends */
    int methods;       /* KEDGE_HTTP_GET (then HEAD too) or KEDGE_HTTP_POST (then the body is JSON) */
    bool slow;         /* may take longer than a few milliseconds */
    bool document;     /* a page: scripts inside it are allowed by 'policy' of the options */
    /* Appends the body and returns 200, 204 (no body), or a status from 400 on with one line that says why. Called by
     * one thread for all quick routes, by another for all slow ones. */
    int (*answer)(void *payload, const kedge_http_request *request, kedge_text *body);
} kedge_server_route;

/* Where a listener is in the stream: what he has been sent. All 0: nothing. The server compares places with memcmp. */
typedef struct kedge_server_place {
    uint64_t tick, version, epoch, since;
    uint64_t spare[4];
} kedge_server_place;

/* What WebSockets on 'path' are sent. Called by one thread. */
typedef struct kedge_server_stream {
    const char *path; /* NULL: there is no stream */
    uint64_t (*tick)(void *payload);                    /* another number whenever there is something new */
    void (*wait)(void *payload, uint64_t tick, int ms); /* until it is another, at most so long */
    /* Appends to 'text' a text message (nothing: none is due) and to 'binary' a binary one for a listener at 'place',
     * and moves the place on. Two listeners at one place get the same bytes. */
    void (*message)(void *payload, kedge_server_place *place, kedge_text *text, kedge_text *binary);
} kedge_server_stream;

typedef struct kedge_server_options {
    const char *address; /* to listen at, numeric; NULL: 127.0.0.1 */
    int port;            /* 0: any free one */
    const char *token;   /* NULL: none at a loopback address, a new one at others */
    const char *policy;  /* script-src of the Content-Security-Policy of documents */
    const kedge_server_route *routes;
    int n_routes;
    kedge_server_stream stream;
    void *payload; /* of routes and stream */
} kedge_server_options;

typedef struct kedge_server kedge_server;

/* Listens, and returns at once. What 'options' point to must outlive the server, except address and token. Refused
 * requests are told to the context's log, at most one a second, from the thread that has the sockets. KEDGE_EINVALID:
 * an address that is none, a token that is short or has odd characters; KEDGE_EEXISTS: the port is in use; KEDGE_EIO,
 * KEDGE_ENOMEM. */
kedge_status kedge_server_start(kedge_server **out, kedge_context *ctx, const kedge_server_options *options);
/* Says good-bye to listeners, closes all and waits for its threads, and so for an answer under way. NULL is fine. */
void kedge_server_stop(kedge_server *server);

/* "http://127.0.0.1:8080/", with the token if there is one. Owned by the server. */
const char *kedge_server_url(const kedge_server *server);
int kedge_server_port(const kedge_server *server);

#endif
