/* site.h - a server with a few routes and a stream that a test drives by hand. */
#ifndef TESTS_SERVE_SITE_H
#define TESTS_SERVE_SITE_H

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include "client.h"
#include "serve/server.h"

enum { SITE_BIG = 8 << 20 };

typedef struct site {
    kedge_context *ctx;
    kedge_server *server;
    int port, descriptors;
    pthread_mutex_t gate; /* slow answers wait for it */
    atomic_ulong tick;
    atomic_int made, lines; /* messages made; lines in the log */
    size_t message;         /* bytes of a binary message */
    char line[256];         /* the last one of the log */
} site;

static inline int site_hello(void *payload, const kedge_http_request *request, kedge_text *body)
{
    (void)payload;
    kedge_text_addf(body, "hello %s", request->query);
    return 200;
}

static inline int site_echo(void *payload, const kedge_http_request *request, kedge_text *body)
{
    (void)payload;
    kedge_text_add_bytes(body, request->body, request->body_length);
    return request->body_length == 2 ? 200 : 400;
}

static inline int site_slow(void *payload, const kedge_http_request *request, kedge_text *body)
{
    site *self = payload;
    (void)request;
    pthread_mutex_lock(&self->gate);
    pthread_mutex_unlock(&self->gate);
    kedge_text_add(body, "at last");
    return 200;
}

static inline int site_big(void *payload, const kedge_http_request *request, kedge_text *body)
{
    char block[4096];
    (void)payload, (void)request;
    memset(block, 'x', sizeof block);
    for (size_t i = 0; i < SITE_BIG / sizeof block; i++) kedge_text_add_bytes(body, block, sizeof block);
    return 200;
}

static inline uint64_t site_tick(void *payload)
{
    return atomic_load(&((site *)payload)->tick);
}

static inline void site_wait(void *payload, uint64_t tick, int ms)
{
    for (int i = 0; i < ms && site_tick(payload) == tick; i++)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
}

/* "tick N" as text, and many bytes. */
static inline void site_message(void *payload, kedge_server_place *place, kedge_text *text, kedge_text *binary)
{
    site *self = payload;
    place->tick = atomic_load(&self->tick);
    kedge_text_addf(text, "tick %llu", (unsigned long long)place->tick);
    for (size_t i = 0; i < self->message; i += 1024) {
        char block[1024] = {0};
        kedge_text_add_bytes(binary, block, self->message - i < 1024 ? self->message - i : 1024);
    }
    atomic_fetch_add(&self->made, 1);
}

static inline void site_log(const char *line, void *payload)
{
    site *self = payload;
    snprintf(self->line, sizeof self->line, "%s", line);
    atomic_fetch_add(&self->lines, 1);
}

static const kedge_server_route site_routes[] = {
    {"/", "text/html", KEDGE_HTTP_GET, .document = true, .answer = site_hello},
    {"/api/echo", "application/json", KEDGE_HTTP_POST, .answer = site_echo},
    {"/slow", "text/plain", KEDGE_HTTP_GET, .slow = true, .answer = site_slow},
    {"/big", "text/plain", KEDGE_HTTP_GET, .answer = site_big},
};

static inline kedge_server_options site_options(site *self)
{
    return (kedge_server_options){
        .policy = "'none'", .routes = site_routes, .n_routes = sizeof site_routes / sizeof *site_routes,
        .stream = {.path = "/stream", .tick = site_tick, .wait = site_wait, .message = site_message},
        .payload = self};
}

static inline void site_open_with(site *self, const char *token)
{
    memset(self, 0, sizeof *self);
    kedge_context_options own = {.log = site_log, .log_payload = self};
    assert_int_equal(kedge_context_create(&self->ctx, &own), KEDGE_OK);
    pthread_mutex_init(&self->gate, NULL);
    atomic_init(&self->tick, 0);
    self->message = 100;
    self->descriptors = client_count_descriptors();
    kedge_server_options options = site_options(self);
    options.token = token;
    assert_int_equal(kedge_server_start(&self->server, self->ctx, &options), KEDGE_OK);
    self->port = kedge_server_port(self->server);
}

static inline void site_open(site *self)
{
    site_open_with(self, NULL);
}

/* Stops it; it must leave no descriptor behind. */
static inline void site_close(site *self)
{
    kedge_server_stop(self->server);
    assert_int_equal(client_count_descriptors(), self->descriptors);
    pthread_mutex_destroy(&self->gate);
    kedge_context_free(self->ctx);
}

/* A good client is answered, and soon: seconds it took. */
static inline double site_is_well(const site *self)
{
    char answer[2048];
    double began = kedge_clock_seconds();
    assert_int_equal(client_request(self->port, "GET /?well", "", "", answer, sizeof answer), 200);
    assert_non_null(strstr(answer, "hello well"));
    return kedge_clock_seconds() - began;
}

#endif
