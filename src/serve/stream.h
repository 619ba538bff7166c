/* stream.h - a session in the words of the page (web/src/data.ts): messages and frames, and commands. */
#ifndef SERVE_STREAM_H
#define SERVE_STREAM_H

#include "serve/server.h"
#include "serve/session.h"

enum {
    KEDGE_STREAM_MAGIC = 0x3146454b,
    KEDGE_STREAM_ROWS = 512,     /* of a frame at most */
    KEDGE_STREAM_STATES = 5,     /* StateMessages a second while nothing but the step changes */
    KEDGE_STREAM_CHANGES = 1000  /* of the schedule that a session takes: every StateMessage has them all */
};

/* Everything in it is owned by its maker but the scratch. */
typedef struct kedge_stream {
    kedge_context *ctx;
    kedge_session *session;
    const kedge_recipe *recipe;
    const char *directory; /* "": nothing is written */
    float *parameters;     /* scratch for a frame */
    float *rows;
    int *steps;
} kedge_stream;

/* KEDGE_ENOMEM. 'directory' may be NULL. */
kedge_status kedge_stream_init(kedge_stream *stream, kedge_context *ctx, kedge_session *session,
                               const kedge_recipe *recipe, const char *directory);
void kedge_stream_release(kedge_stream *stream);

/* What a listener at 'place' has not been sent: a StateMessage, if more has changed than the step or some time has
 * passed, and a frame, if there is another state. As kedge_server_stream.message. One thread at a time. */
void kedge_stream_message(kedge_stream *stream, kedge_server_place *place, kedge_text *text, kedge_text *frame);

/* Does what a Command says; 'json' need not end with a 0. Appends the answer; returns 200, or 400 where it does not
 * mean anything. Any thread. */
int kedge_stream_command(kedge_stream *stream, const char *json, size_t length, kedge_text *answer);

#endif
