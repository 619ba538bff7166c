/* server.c - starting and stopping the server. */
#include "serve/server.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/error.h"
#include "serve/server_parts.h"

static int port_of(const struct sockaddr_storage *address)
{
    if (address->ss_family == AF_INET6) return ntohs(((const struct sockaddr_in6 *)(const void *)address)->sin6_port);
    return ntohs(((const struct sockaddr_in *)(const void *)address)->sin_port);
}

static kedge_status listen_at(kedge_server *server, const struct addrinfo *found, int port)
{
    static const int on = 1;
    enum { WAITING = 1024 };
    server->listen_fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (server->listen_fd < 0) return kedge_fail(KEDGE_EIO, "no socket: %s", strerror(errno));
    /* Connections of a server that has just ended do not keep its port. */
    setsockopt(server->listen_fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(server->listen_fd, found->ai_addr, found->ai_addrlen) == 0 && listen(server->listen_fd, WAITING) == 0) {
        struct sockaddr_storage bound;
        socklen_t size = sizeof bound;
        if (getsockname(server->listen_fd, (struct sockaddr *)&bound, &size) == 0) {
            kedge_guard_set_port(&server->guard, port_of(&bound));
            return KEDGE_OK;
        }
    }
    const char *address = server->guard.address;
    if (errno == EADDRINUSE)
        return kedge_fail(KEDGE_EEXISTS, "port %d of %s is in use; take another, or 0 for any free one", port, address);
    if (errno == EADDRNOTAVAIL)
        return kedge_fail(KEDGE_EINVALID, "%s is no address of this machine", address);
    return kedge_fail(KEDGE_EIO, "port %d of %s: %s", port, address, strerror(errno));
}

static kedge_status open_door(kedge_server *server)
{
    const kedge_server_options *options = &server->options;
    const char *address = options->address ? options->address : "127.0.0.1";
    char port[16];
    struct addrinfo *found = NULL, hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
                                            .ai_socktype = SOCK_STREAM};
    if (options->port < 0 || options->port > 65535)
        return kedge_fail(KEDGE_EINVALID, "port %d must be from 0 to 65535", options->port);
    snprintf(port, sizeof port, "%d", options->port);
    if (getaddrinfo(address, port, &hints, &found) != 0 || !found)
        return kedge_fail(KEDGE_EINVALID, "'%s' is no address to listen at; give a number, as in 127.0.0.1 or ::1",
                          address);
    kedge_status status = kedge_guard_init(&server->guard, found->ai_addr, options->token);
    if (!status) status = listen_at(server, found, options->port);
    freeaddrinfo(found);
    return status;
}

static kedge_status open_pipe(kedge_server *server)
{
    if (pipe2(server->wake, O_CLOEXEC | O_NONBLOCK) == 0) return KEDGE_OK;
    server->wake[0] = server->wake[1] = -1;
    return kedge_fail(KEDGE_EIO, "no pipe: %s", strerror(errno));
}

static kedge_status make_places(kedge_server *server)
{
    server->connections = kedge_alloc_zero(server->ctx, KEDGE_SERVER_CONNECTIONS, sizeof *server->connections);
    server->listeners = kedge_alloc_zero(server->ctx, KEDGE_SERVER_LISTENERS, sizeof *server->listeners);
    server->buffers = kedge_alloc(server->ctx, KEDGE_SERVER_CONNECTIONS, KEDGE_HTTP_REQUEST_MAX);
    if (!server->connections || !server->listeners || !server->buffers) return kedge_fail_memory("connections");
    for (size_t i = 0; i < KEDGE_SERVER_CONNECTIONS; i++)
        server->connections[i].in = server->buffers + i * KEDGE_HTTP_REQUEST_MAX;
    for (int i = 0; i < KEDGE_SERVER_LISTENERS; i++) kedge_text_init(&server->listeners[i].out, server->ctx);
    return KEDGE_OK;
}

static kedge_status make_locks(kedge_server *server)
{
    pthread_condattr_t steady;
    bool good = pthread_condattr_init(&steady) == 0;
    if (!good) return kedge_fail_memory("a server's locks");
    good = pthread_condattr_setclock(&steady, CLOCK_MONOTONIC) == 0;
    good = good && (server->locked = pthread_mutex_init(&server->lock, NULL) == 0);
    good = good && (server->listening_made = pthread_cond_init(&server->listening, &steady) == 0);
    for (int i = 0; i < 2 && good; i++) {
        kedge_desk *desk = &server->desks[i];
        desk->server = server;
        desk->end = &desk->first;
        good = desk->condition = pthread_cond_init(&desk->work, NULL) == 0;
    }
    pthread_condattr_destroy(&steady);
    return good ? KEDGE_OK : kedge_fail_memory("a server's locks");
}

static kedge_status start_threads(kedge_server *server)
{
    sigset_t all, before;
    bool good = true;
    sigfillset(&all); /* signals are for the caller's own threads */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    for (int i = 0; i < 2 && good; i++) {
        kedge_desk *desk = &server->desks[i];
        good = desk->started = pthread_create(&desk->thread, NULL, kedge_desk_work, desk) == 0;
    }
    if (good && server->options.stream.path)
        good = server->stream_started = pthread_create(&server->stream, NULL, kedge_listener_stream, server) == 0;
    if (good) good = server->sockets_started = pthread_create(&server->sockets, NULL, kedge_server_loop, server) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return good ? KEDGE_OK : kedge_fail(KEDGE_EIO, "no thread for the server: %s", strerror(EAGAIN));
}

kedge_status kedge_server_start(kedge_server **out, kedge_context *ctx, const kedge_server_options *options)
{
    kedge_server *server = kedge_alloc_zero(ctx, 1, sizeof *server);
    if (!server) return kedge_fail_memory("a server");
    server->ctx = ctx;
    server->options = *options;
    server->listen_fd = server->wake[0] = server->wake[1] = -1;
    server->logged = -1; /* the clock never shows less than 0 */
    kedge_status status = make_places(server);
    if (!status) status = make_locks(server);
    if (!status) status = open_pipe(server);
    if (!status) status = open_door(server);
    if (!status) {
        const kedge_guard *guard = &server->guard;
        snprintf(server->url, sizeof server->url, "http://%s:%d/%s%s", guard->any ? "127.0.0.1" : guard->address,
                 guard->port, guard->token[0] ? "?token=" : "", guard->token);
        server->options.address = server->options.token = NULL;
        status = start_threads(server);
    }
    if (status) kedge_server_stop(server);
    else *out = server;
    return status;
}

static void close_connections(kedge_server *server)
{
    for (int i = 0; server->connections && i < KEDGE_SERVER_CONNECTIONS; i++) {
        kedge_connection *one = &server->connections[i];
        if (one->phase == KEDGE_PHASE_LISTENING) kedge_listener_farewell(server, one, KEDGE_WEBSOCKET_GOING_AWAY);
        if (one->phase != KEDGE_PHASE_FREE) kedge_connection_close(server, one);
    }
    for (int i = 0; server->listeners && i < KEDGE_SERVER_LISTENERS; i++)
        kedge_text_release(&server->listeners[i].out);
}

static void end_threads(kedge_server *server)
{
    if (!server->locked) return;
    pthread_mutex_lock(&server->lock);
    server->stop = true;
    for (int i = 0; i < 2; i++)
        if (server->desks[i].condition) pthread_cond_broadcast(&server->desks[i].work);
    if (server->listening_made) pthread_cond_broadcast(&server->listening);
    pthread_mutex_unlock(&server->lock);
    if (server->wake[1] >= 0) kedge_server_wake(server);
    for (int i = 0; i < 2; i++)
        if (server->desks[i].started) pthread_join(server->desks[i].thread, NULL);
    if (server->stream_started) pthread_join(server->stream, NULL);
    if (server->sockets_started) pthread_join(server->sockets, NULL);
}

void kedge_server_stop(kedge_server *server)
{
    if (!server) return;
    end_threads(server);
    close_connections(server);
    for (int i = 0; i < 2; i++)
        if (server->desks[i].condition) pthread_cond_destroy(&server->desks[i].work);
    if (server->listening_made) pthread_cond_destroy(&server->listening);
    if (server->locked) pthread_mutex_destroy(&server->lock);
    for (int i = 0; i < 2; i++)
        if (server->wake[i] >= 0) close(server->wake[i]);
    if (server->listen_fd >= 0) close(server->listen_fd);
    kedge_release(server->ctx, server->connections);
    kedge_release(server->ctx, server->listeners);
    kedge_release(server->ctx, server->buffers);
    kedge_release(server->ctx, server);
}

const char *kedge_server_url(const kedge_server *server)
{
    return server->url;
}

int kedge_server_port(const kedge_server *server)
{
    return server->guard.port;
}
