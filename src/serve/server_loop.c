/* server_loop.c - the thread that has all sockets. */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <netinet/tcp.h>

#include "base/clock.h"
#include "format/utf8.h"
#include "serve/server_parts.h"

/* Seconds. */
static const double request_time = 5, silence_time = 10, answer_time = 120, linger_time = 1, deaf_time = 0.1;
enum { ACCEPTS_A_ROUND = 64, ROUND_MS = 100, SEND_BUFFER = 128 * 1024 };

void kedge_server_wake(kedge_server *server)
{
    ssize_t written;
    do written = write(server->wake[1], "", 1); /* a full pipe wakes as well */
    while (written < 0 && errno == EINTR);
}

void kedge_server_tell(kedge_server *server, const kedge_connection *connection, const char *why)
{
    if (server->now - server->logged < 1) return;
    server->logged = server->now;
    const kedge_http_request *request = &connection->request;
    if (request->path)
        kedge_log(server->ctx, "refused '%s' from %s: %s", kedge_clip_text(request->path).text, connection->peer, why);
    else
        kedge_log(server->ctx, "refused a request from %s: %s", connection->peer, why);
}

void kedge_connection_turn(kedge_server *server, kedge_connection *connection, kedge_phase phase)
{
    connection->phase = phase;
    connection->since = connection->moved = server->now;
}

void kedge_connection_close(kedge_server *server, kedge_connection *connection)
{
    kedge_answer_end(server, connection);
    kedge_listener_release(server, connection);
    close(connection->fd);
    kedge_text_release(&connection->body);
    connection->phase = KEDGE_PHASE_FREE;
    server->n_open--;
}

bool kedge_connection_send(kedge_server *server, kedge_connection *connection, const void *bytes, size_t length,
                           size_t *sent)
{
    while (*sent < length) {
        ssize_t n = send(connection->fd, (const char *)bytes + *sent, length - *sent, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return errno == EAGAIN || errno == EWOULDBLOCK;
        *sent += (size_t)n;
        connection->moved = server->now;
    }
    return true;
}

/* The connection that has waited longest in a phase without a sign of life; NULL if there is none. */
static kedge_connection *stalest(kedge_server *server, kedge_phase phase)
{
    kedge_connection *found = NULL;
    for (int i = 0; i < KEDGE_SERVER_CONNECTIONS; i++) {
        kedge_connection *one = &server->connections[i];
        if (one->phase == phase && (!found || one->since < found->since)) found = one;
    }
    return found;
}

/* Says 503 to somebody for whom there is no place. */
static void turn_away(int fd)
{
    char head[1024];
    size_t length = kedge_http_response(head, sizeof head, 503, "text/plain", 0, "", "Retry-After: 1\r\n");
    ssize_t ignored = send(fd, head, length, MSG_NOSIGNAL);
    (void)ignored;
}

static kedge_connection *make_place(kedge_server *server)
{
    kedge_connection *place = stalest(server, KEDGE_PHASE_FREE);
    if (place) return place;
    place = stalest(server, KEDGE_PHASE_LINGERING);
    if (!place) place = stalest(server, KEDGE_PHASE_READING);
    if (!place) return NULL;
    if (place->phase == KEDGE_PHASE_READING) turn_away(place->fd);
    kedge_connection_close(server, place);
    return place;
}

static void open_connection(kedge_server *server, int fd, const struct sockaddr_storage *peer)
{
    static const int on = 1, send_buffer = SEND_BUFFER;
    kedge_connection *place = make_place(server);
    if (!place) {
        turn_away(fd);
        close(fd);
        return;
    }
    char *in = place->in;
    *place = (kedge_connection){.fd = fd, .in = in};
    kedge_text_init(&place->body, server->ctx);
    kedge_guard_address((const struct sockaddr *)peer, place->peer);
    struct sockaddr_storage local;
    socklen_t size = sizeof local;
    if (getsockname(fd, (struct sockaddr *)&local, &size) == 0)
        kedge_guard_address((const struct sockaddr *)&local, place->local);
    /* What the kernel keeps for a client that does not read is old news when he does. */
    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &send_buffer, sizeof send_buffer);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    kedge_connection_turn(server, place, KEDGE_PHASE_READING);
    server->n_open++;
}

static void accept_some(kedge_server *server)
{
    for (int i = 0; i < ACCEPTS_A_ROUND; i++) {
        struct sockaddr_storage peer = {0};
        socklen_t size = sizeof peer;
        int fd = accept4(server->listen_fd, (struct sockaddr *)&peer, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM))
            server->deaf_until = server->now + deaf_time;
        if (fd < 0 && (errno == EINTR || errno == ECONNABORTED)) continue;
        if (fd < 0) return;
        open_connection(server, fd, &peer);
    }
}

static void read_request(kedge_server *server, kedge_connection *one)
{
    size_t room = KEDGE_HTTP_REQUEST_MAX - one->in_length;
    ssize_t n = recv(one->fd, one->in + one->in_length, room, 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (n <= 0) {
        kedge_connection_close(server, one);
        return;
    }
    one->in_length += (size_t)n;
    one->moved = server->now;
    int status = kedge_http_parse(&one->request, one->in, one->in_length);
    if (status) kedge_answer_begin(server, one, status);
}

/* Throws away what a client says after the answer, but not for ever. */
static void linger(kedge_server *server, kedge_connection *one)
{
    enum { ENOUGH = 256 * 1024 };
    ssize_t n = recv(one->fd, one->in, KEDGE_HTTP_REQUEST_MAX, 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (n > 0) one->in_length += (size_t)n;
    if (n <= 0 || one->in_length > ENOUGH) kedge_connection_close(server, one);
}

static short interest(kedge_server *server, const kedge_connection *one)
{
    switch (one->phase) {
    case KEDGE_PHASE_READING:
    case KEDGE_PHASE_LINGERING: return POLLIN;
    case KEDGE_PHASE_WRITING: return POLLOUT;
    case KEDGE_PHASE_LISTENING: return (short)(POLLIN | (kedge_listener_wants_to_write(server, one) ? POLLOUT : 0));
    case KEDGE_PHASE_FREE:
    case KEDGE_PHASE_WORKING: break;
    }
    return 0;
}

static void attend(kedge_server *server, kedge_connection *one, short events)
{
    const short trouble = POLLERR | POLLHUP | POLLNVAL;
    if (one->phase == KEDGE_PHASE_WORKING) return; /* it is not ours now; writing will find what is wrong */
    if (one->phase == KEDGE_PHASE_READING && events & (POLLIN | trouble)) {
        read_request(server, one);
    } else if (one->phase == KEDGE_PHASE_LINGERING && events & (POLLIN | trouble)) {
        linger(server, one);
    } else if (one->phase == KEDGE_PHASE_WRITING && events & (POLLOUT | trouble)) {
        kedge_answer_write(server, one);
    } else if (one->phase == KEDGE_PHASE_LISTENING) {
        if (events & (POLLIN | trouble)) kedge_listener_read(server, one);
        if (one->phase == KEDGE_PHASE_LISTENING && events & POLLOUT) kedge_listener_write(server, one);
    }
}

/* What is late, and answers that were made meanwhile. */
static void check(kedge_server *server, kedge_connection *one)
{
    double here = server->now - one->since, silent = server->now - one->moved;
    bool ready = false;
    switch (one->phase) {
    case KEDGE_PHASE_FREE: break;
    case KEDGE_PHASE_READING:
        if (here > request_time) kedge_answer_begin(server, one, 408);
        break;
    case KEDGE_PHASE_WORKING:
        pthread_mutex_lock(&server->lock);
        ready = one->ready;
        pthread_mutex_unlock(&server->lock);
        if (!ready) break;
        server->n_slow -= one->counted_slow; /* from here on it is as slow as its client */
        one->counted_slow = false;
        kedge_connection_turn(server, one, KEDGE_PHASE_WRITING);
        kedge_answer_write(server, one);
        break;
    case KEDGE_PHASE_WRITING:
        if (here > answer_time || silent > silence_time) kedge_connection_close(server, one);
        break;
    case KEDGE_PHASE_LINGERING:
        if (here > linger_time) kedge_connection_close(server, one);
        break;
    case KEDGE_PHASE_LISTENING: kedge_listener_check(server, one); break;
    }
}

/* Waits for anything to happen; fds[0] is the pipe, fds[1] the door, then the connections in 'whose'. */
static int wait_for_events(kedge_server *server, struct pollfd *fds, kedge_connection **whose)
{
    int n = 0;
    bool deaf = server->now < server->deaf_until;
    fds[n] = (struct pollfd){.fd = server->wake[0], .events = POLLIN};
    whose[n++] = NULL;
    fds[n] = (struct pollfd){.fd = deaf ? -1 : server->listen_fd, .events = POLLIN};
    whose[n++] = NULL;
    for (int i = 0; i < KEDGE_SERVER_CONNECTIONS; i++) {
        kedge_connection *one = &server->connections[i];
        /* One that is being worked on is left out: a hang-up would be reported again and again. */
        if (one->phase == KEDGE_PHASE_FREE || one->phase == KEDGE_PHASE_WORKING) continue;
        fds[n] = (struct pollfd){.fd = one->fd, .events = interest(server, one)};
        whose[n++] = one;
    }
    if (poll(fds, (nfds_t)n, server->n_open > 0 || deaf ? ROUND_MS : -1) < 0)
        for (int i = 0; i < n; i++) fds[i].revents = 0;
    server->now = kedge_clock_seconds();
    return n;
}

static void empty_pipe(kedge_server *server)
{
    char bytes[256];
    while (read(server->wake[0], bytes, sizeof bytes) > 0) continue;
}

static bool stopped(kedge_server *server)
{
    pthread_mutex_lock(&server->lock);
    bool stop = server->stop;
    pthread_mutex_unlock(&server->lock);
    return stop;
}

void *kedge_server_loop(void *argument)
{
    kedge_server *server = argument;
    struct pollfd fds[2 + KEDGE_SERVER_CONNECTIONS];
    kedge_connection *whose[2 + KEDGE_SERVER_CONNECTIONS];
    server->now = kedge_clock_seconds();
    while (!stopped(server)) {
        int n = wait_for_events(server, fds, whose);
        if (fds[0].revents) empty_pipe(server);
        for (int i = 2; i < n; i++)
            if (fds[i].revents) attend(server, whose[i], fds[i].revents);
        for (int i = 0; i < KEDGE_SERVER_CONNECTIONS; i++) check(server, &server->connections[i]);
        if (fds[1].revents) accept_some(server); /* last: who is served already comes first */
    }
    return NULL;
}
