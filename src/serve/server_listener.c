/* server_listener.c - WebSockets: what they are sent, and the little that they say. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "base/clock.h"
#include "serve/server_parts.h"

/* Seconds: a ping now and then, and how long nothing may come back, or nothing be taken. */
static const double ping_time = 15, silence_time = 50;

void kedge_listener_release(kedge_server *server, kedge_connection *one)
{
    kedge_listener *listener = one->listener;
    if (!listener) return;
    pthread_mutex_lock(&server->lock);
    if (listener->mail == KEDGE_MAIL_BEING_MADE) listener->gone = true;
    else listener->mail = KEDGE_MAIL_NONE;
    pthread_mutex_unlock(&server->lock);
    one->listener = NULL;
}

/* ---- sending */

static void say(kedge_listener *listener, int opcode, const void *payload, size_t length)
{
    if (listener->control_sent > 0) return; /* half of another has gone */
    size_t header = kedge_websocket_header(listener->control, opcode, length);
    memcpy(listener->control + header, payload, length);
    listener->control_length = header + length;
}

void kedge_listener_farewell(kedge_server *server, kedge_connection *one, int code)
{
    unsigned char bytes[2] = {(unsigned char)(code >> 8), (unsigned char)code};
    if (one->listener->closing) return;
    one->listener->closing = true;
    say(one->listener, KEDGE_WEBSOCKET_CLOSE, bytes, sizeof bytes);
    kedge_listener_write(server, one);
}

static bool has_mail(kedge_server *server, const kedge_listener *listener)
{
    pthread_mutex_lock(&server->lock);
    bool made = listener->mail == KEDGE_MAIL_MADE;
    pthread_mutex_unlock(&server->lock);
    return made;
}

bool kedge_listener_wants_to_write(kedge_server *server, const kedge_connection *one)
{
    const kedge_listener *listener = one->listener;
    return one->sent < one->head_length || listener->control_length > 0 || has_mail(server, listener);
}

/* The answer to the handshake, what is left of a message, a control frame, the next message. */
void kedge_listener_write(kedge_server *server, kedge_connection *one)
{
    kedge_listener *listener = one->listener;
    if (!kedge_connection_send(server, one, one->head, one->head_length, &one->sent)) goto broken;
    if (one->sent < one->head_length) return;
    for (;;) {
        bool mail = has_mail(server, listener);
        if (listener->control_length > 0 && !(mail && listener->sent > 0)) {
            if (!kedge_connection_send(server, one, listener->control, listener->control_length,
                                       &listener->control_sent))
                goto broken;
            if (listener->control_sent < listener->control_length) return;
            listener->control_length = listener->control_sent = 0;
        }
        if (listener->closing && listener->sent == 0) break;
        if (!mail) return;
        const char *out = kedge_text_string(&listener->out);
        if (!kedge_connection_send(server, one, out, listener->out.length, &listener->sent)) goto broken;
        if (listener->sent < listener->out.length) return;
        pthread_mutex_lock(&server->lock);
        listener->sent = 0;
        listener->mail = KEDGE_MAIL_WANTED;
        pthread_cond_signal(&server->listening);
        pthread_mutex_unlock(&server->lock);
    }
    shutdown(one->fd, SHUT_WR);
    kedge_listener_release(server, one);
    one->in_length = 0;
    kedge_connection_turn(server, one, KEDGE_PHASE_LINGERING);
    return;
broken:
    kedge_connection_close(server, one);
}

/* ---- reading */

static void take_frame(kedge_server *server, kedge_connection *one, const kedge_websocket_frame *frame)
{
    kedge_listener *listener = one->listener;
    if (frame->opcode == KEDGE_WEBSOCKET_PING) {
        if (!listener->closing) say(listener, KEDGE_WEBSOCKET_PONG, frame->payload, frame->length);
    } else if (frame->opcode == KEDGE_WEBSOCKET_CLOSE) {
        kedge_listener_farewell(server, one, 1000);
    }
}

static void take_frames(kedge_server *server, kedge_connection *one)
{
    kedge_websocket_frame frame;
    size_t used = 0;
    int n = 0;
    while (one->phase == KEDGE_PHASE_LISTENING && !one->listener->closing) {
        n = kedge_websocket_read(&frame, (unsigned char *)one->in + used, one->in_length - used);
        if (n <= 0) break;
        used += (size_t)n;
        take_frame(server, one, &frame);
    }
    if (one->phase != KEDGE_PHASE_LISTENING) return;
    if (n < 0) kedge_listener_farewell(server, one, -n);
    if (one->phase != KEDGE_PHASE_LISTENING) return;
    one->in_length = one->listener->closing ? 0 : one->in_length - used;
    memmove(one->in, one->in + used, one->in_length);
    kedge_listener_write(server, one);
}

void kedge_listener_begin(kedge_server *server, kedge_connection *one)
{
    kedge_listener *listener = NULL;
    pthread_mutex_lock(&server->lock);
    for (int i = 0; i < KEDGE_SERVER_LISTENERS && !listener; i++)
        if (server->listeners[i].mail == KEDGE_MAIL_NONE) listener = &server->listeners[i];
    if (listener) {
        *listener = (kedge_listener){.mail = KEDGE_MAIL_WANTED, .out = listener->out, .pinged = server->now};
        pthread_cond_signal(&server->listening);
    }
    pthread_mutex_unlock(&server->lock);
    if (!listener) { /* the last one to leave has a message in the making */
        kedge_connection_close(server, one);
        return;
    }
    one->listener = listener;
    one->sent = 0;
    /* Frames may have come with the request. */
    size_t used = one->request.head;
    one->in_length -= used;
    memmove(one->in, one->in + used, one->in_length);
    kedge_connection_turn(server, one, KEDGE_PHASE_LISTENING);
    take_frames(server, one);
}

void kedge_listener_read(kedge_server *server, kedge_connection *one)
{
    ssize_t n = recv(one->fd, one->in + one->in_length, KEDGE_WEBSOCKET_CLIENT_MAX * 4 - one->in_length, 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (n <= 0) {
        kedge_connection_close(server, one);
        return;
    }
    one->in_length += (size_t)n;
    one->since = server->now; /* of a listener: when he last gave a sign of life */
    take_frames(server, one);
}

void kedge_listener_check(kedge_server *server, kedge_connection *one)
{
    kedge_listener *listener = one->listener;
    bool waits = kedge_listener_wants_to_write(server, one);
    if (server->now - one->since > silence_time || (waits && server->now - one->moved > silence_time)) {
        kedge_connection_close(server, one);
        return;
    }
    if (server->now - listener->pinged > ping_time && listener->control_length == 0) {
        listener->pinged = server->now;
        say(listener, KEDGE_WEBSOCKET_PING, "", 0);
    }
    if (kedge_listener_wants_to_write(server, one)) kedge_listener_write(server, one);
}

/* ---- the thread that makes messages */

static void add_frame(kedge_text *out, int opcode, const kedge_text *payload)
{
    unsigned char header[KEDGE_WEBSOCKET_HEADER_MAX];
    if (payload->length == 0) return;
    kedge_text_add_bytes(out, header, kedge_websocket_header(header, opcode, payload->length));
    kedge_text_add_bytes(out, payload->bytes, payload->length);
}

/* The message that was made last in this round: who is at the same place gets the same bytes. */
typedef struct round {
    kedge_text text, binary;
    kedge_server_place from, to;
    bool made;
} round;

static bool make_message(const kedge_server *server, kedge_listener *listener, round *this)
{
    const kedge_server_stream *stream = &server->options.stream;
    if (!this->made || memcmp(&this->from, &listener->place, sizeof this->from) != 0) {
        this->from = this->to = listener->place;
        kedge_text_clear(&this->text);
        kedge_text_clear(&this->binary);
        stream->message(server->options.payload, &this->to, &this->text, &this->binary);
        this->made = true;
    }
    kedge_text_clear(&listener->out);
    add_frame(&listener->out, KEDGE_WEBSOCKET_TEXT, &this->text);
    add_frame(&listener->out, KEDGE_WEBSOCKET_BINARY, &this->binary);
    bool broken = this->text.broken || this->binary.broken;
    if (!broken && !listener->out.broken) {
        listener->place = this->to;
        return listener->out.length > 0;
    }
    /* Without memory this message is lost, not the listener: the next may have some. */
    kedge_text_release(&listener->out);
    kedge_text_release(&this->text);
    kedge_text_release(&this->binary);
    this->made = false;
    return false;
}

/* One message for each listener who has sent his last one and is behind. True if there was one. With the lock. */
static bool serve_listeners(kedge_server *server, uint64_t tick, round *this)
{
    bool any = false;
    this->made = false;
    for (int i = 0; i < KEDGE_SERVER_LISTENERS; i++) {
        kedge_listener *listener = &server->listeners[i];
        if (listener->mail != KEDGE_MAIL_WANTED || (listener->begun && listener->place.tick == tick)) continue;
        listener->mail = KEDGE_MAIL_BEING_MADE;
        pthread_mutex_unlock(&server->lock);
        bool made = make_message(server, listener, this);
        pthread_mutex_lock(&server->lock);
        listener->mail = listener->gone ? KEDGE_MAIL_NONE : made ? KEDGE_MAIL_MADE : KEDGE_MAIL_WANTED;
        listener->begun = listener->begun || made;
        any = any || made;
    }
    if (any) kedge_server_wake(server);
    return any;
}

static bool anyone_listens(const kedge_server *server)
{
    for (int i = 0; i < KEDGE_SERVER_LISTENERS; i++)
        if (server->listeners[i].mail != KEDGE_MAIL_NONE) return true;
    return false;
}

/* Sleeps with the lock given up, until the end or for so long. */
static void sleep_for(kedge_server *server, double seconds)
{
    struct timespec until;
    if (seconds <= 0) return;
    clock_gettime(CLOCK_MONOTONIC, &until);
    long nanoseconds = until.tv_nsec + (long)(seconds * 1e9);
    until.tv_sec += nanoseconds / 1000000000;
    until.tv_nsec = nanoseconds % 1000000000;
    while (!server->stop && pthread_cond_timedwait(&server->listening, &server->lock, &until) == 0) continue;
}

void *kedge_listener_stream(void *argument)
{
    enum { WAIT_MS = 50 };
    kedge_server *server = argument;
    const kedge_server_stream *stream = &server->options.stream;
    round this = {0};
    kedge_text_init(&this.text, server->ctx);
    kedge_text_init(&this.binary, server->ctx);
    pthread_mutex_lock(&server->lock);
    while (!server->stop) {
        if (!anyone_listens(server)) {
            pthread_cond_wait(&server->listening, &server->lock);
            continue;
        }
        double began = kedge_clock_seconds();
        pthread_mutex_unlock(&server->lock);
        uint64_t tick = stream->tick(server->options.payload);
        pthread_mutex_lock(&server->lock);
        if (!serve_listeners(server, tick, &this)) {
            pthread_mutex_unlock(&server->lock);
            stream->wait(server->options.payload, tick, WAIT_MS);
            pthread_mutex_lock(&server->lock);
        }
        sleep_for(server, began + 1.0 / KEDGE_SERVER_FRAMES - kedge_clock_seconds());
    }
    pthread_mutex_unlock(&server->lock);
    kedge_text_release(&this.text);
    kedge_text_release(&this.binary);
    return NULL;
}
