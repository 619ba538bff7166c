/* server_parts.h - inside of the server: connections, and what its threads share. */
#ifndef SERVE_SERVER_PARTS_H
#define SERVE_SERVER_PARTS_H

#include <pthread.h>

#include "serve/http_websocket.h"
#include "serve/server_guard.h"

/* What a connection is about. The thread of the sockets alone changes it; while it is WORKING, request and answer
 * belong to the thread that makes the answer. */
typedef enum kedge_phase {
    KEDGE_PHASE_FREE,
    KEDGE_PHASE_READING,   /* the request is coming */
    KEDGE_PHASE_WORKING,   /* the answer is being made, or waits to be */
    KEDGE_PHASE_WRITING,   /* the answer is going */
    KEDGE_PHASE_LINGERING, /* it has gone; what the client still says is thrown away, so that he can read it */
    KEDGE_PHASE_LISTENING  /* a WebSocket */
} kedge_phase;

/* A message for a listener: made by the thread of the stream while BEING_MADE, sent by that of the sockets while
 * MADE. */
typedef enum kedge_mail { KEDGE_MAIL_NONE, KEDGE_MAIL_WANTED, KEDGE_MAIL_BEING_MADE, KEDGE_MAIL_MADE } kedge_mail;

typedef struct kedge_listener {
    kedge_mail mail;
    bool gone;                 /* while BEING_MADE: nobody will fetch it */
    bool begun;                /* he has been sent something */
    kedge_server_place place;
    kedge_text out;            /* frames, headers and all; its block is kept from message to message */
    size_t sent;
    unsigned char control[2 + KEDGE_WEBSOCKET_CONTROL_MAX]; /* a pong, ping or farewell, sent between messages */
    size_t control_length, control_sent;
    double pinged;
    bool closing;              /* the farewell is the last */
} kedge_listener;

typedef struct kedge_connection {
    int fd;
    kedge_phase phase;
    char peer[64], local[64];  /* addresses */
    double since, moved;       /* when the phase began; when bytes last came or went */
    kedge_http_request request;
    const kedge_server_route *route;
    char *in;                  /* [KEDGE_HTTP_REQUEST_MAX] */
    size_t in_length;
    char head[2048];           /* of the response */
    size_t head_length, sent;  /* 'sent' counts head and body */
    kedge_text body;
    bool ready;                /* under the lock: the answer is made */
    bool counted, counted_slow; /* among the answers under way */
    kedge_listener *listener;
    struct kedge_connection *next; /* in a queue */
} kedge_connection;

/* Connections whose answers are to be made, and the thread that makes them. */
typedef struct kedge_desk {
    kedge_server *server;
    kedge_connection *first, **end;
    pthread_cond_t work;
    pthread_t thread;
    bool started, condition;
} kedge_desk;

struct kedge_server {
    kedge_context *ctx;
    kedge_server_options options; /* address and token are not kept */
    kedge_guard guard;
    char url[256];
    int listen_fd, wake[2];       /* a byte in the pipe: look again */
    char *buffers;                /* of all connections' 'in' */
    kedge_connection *connections; /* [KEDGE_SERVER_CONNECTIONS] */
    kedge_listener *listeners;    /* [KEDGE_SERVER_LISTENERS] */
    int n_open, n_answers, n_slow;
    double now;                   /* of this round of the loop */
    double logged;                /* when a refusal was last told */
    double deaf_until;            /* no accept before: there were no descriptors left */
    pthread_mutex_t lock;         /* the fields below, desks' queues, 'ready', listeners' mail, place, gone */
    bool stop;
    pthread_cond_t listening;     /* a listener wants a message, or the end */
    kedge_desk desks[2];          /* quick, slow */
    pthread_t sockets, stream;
    bool sockets_started, stream_started, locked, listening_made;
};

/* Wakes the thread of the sockets. From any thread. */
void kedge_server_wake(kedge_server *server);

/* ---- server_loop.c: the thread of the sockets. */
void *kedge_server_loop(void *server);
void kedge_connection_close(kedge_server *server, kedge_connection *connection);
/* Another phase, from now on. */
void kedge_connection_turn(kedge_server *server, kedge_connection *connection, kedge_phase phase);
/* What select a write again would: as many bytes as go now. False if the connection is broken. */
bool kedge_connection_send(kedge_server *server, kedge_connection *connection, const void *bytes, size_t length,
                           size_t *sent);
/* A line for the log about a request that was refused. */
void kedge_server_tell(kedge_server *server, const kedge_connection *connection, const char *why);

/* ---- server_answer.c: from a request to a response. */
/* The request is read (or 'status' says why it cannot be): refuses, redirects, upgrades or queues it. */
void kedge_answer_begin(kedge_server *server, kedge_connection *connection, int status);
/* Writes what goes; at the end the connection lingers. */
void kedge_answer_write(kedge_server *server, kedge_connection *connection);
/* The connection's answer counts no longer among those under way. */
void kedge_answer_end(kedge_server *server, kedge_connection *connection);
void *kedge_desk_work(void *desk);

/* ---- server_listener.c: WebSockets. */
void kedge_listener_begin(kedge_server *server, kedge_connection *connection);
void kedge_listener_read(kedge_server *server, kedge_connection *connection);
void kedge_listener_write(kedge_server *server, kedge_connection *connection);
bool kedge_listener_wants_to_write(kedge_server *server, const kedge_connection *connection);
/* Pings, and closes what has been silent or stuck for too long. */
void kedge_listener_check(kedge_server *server, kedge_connection *connection);
void kedge_listener_release(kedge_server *server, kedge_connection *connection);
void kedge_listener_farewell(kedge_server *server, kedge_connection *connection, int code);
void *kedge_listener_stream(void *server);

#endif
