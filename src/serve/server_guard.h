/* server_guard.h - who may ask. */
#ifndef SERVE_SERVER_GUARD_H
#define SERVE_SERVER_GUARD_H

#include <sys/socket.h>

#include "kedge/status.h"
#include "serve/server.h"

typedef struct kedge_guard {
    int port;
    char address[64]; /* as in a URL: IPv6 in brackets */
    bool loopback, any; /* listens at the loopback address; at all addresses */
    char token[KEDGE_SERVER_TOKEN_MAX + 1]; /* "": none is needed */
    char cookie[32]; /* its name; cookies know no ports, so that two servers of one machine need two names */
} kedge_guard;

/* Fills all but the port and the cookie's name, which are known after bind. 'bound' is where the server will listen;
 * 'token' as in the options of the server. KEDGE_EINVALID, KEDGE_EIO (no random numbers). */
kedge_status kedge_guard_init(kedge_guard *guard, const struct sockaddr *bound, const char *token);
void kedge_guard_set_port(kedge_guard *guard, int port);

/* A numeric address as it stands in a URL. */
void kedge_guard_address(const struct sockaddr *from, char out[64]);

/* NULL if the request may pass as far as Host and Origin go, else why not. 'local' is the address, as in a URL, that
 * the client connected to: where the server listens at all of them, that one is its own. */
const char *kedge_guard_refuses(const kedge_guard *guard, const kedge_http_request *request, const char *local);

/* Whether the request has the token, or none is needed. It comes in the cookie; or in the query as 'token', and then
 * *in_query says that the client should be given the cookie. Takes equally long for every wrong token. */
bool kedge_guard_admits(const kedge_guard *guard, const kedge_http_request *request, bool *in_query);

#endif
