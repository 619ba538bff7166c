/* server_site.h - what there is to see: a live run, or finished ones. Each is a table of routes. */
#ifndef SERVE_SERVER_SITE_H
#define SERVE_SERVER_SITE_H

#include "serve/stream.h"

/* The lists end with an entry without a path. */
extern const kedge_server_route kedge_live_routes[];
extern const kedge_server_route kedge_browse_routes[];

/* ---- a run that is trained; the payload of its routes */
typedef struct kedge_live {
    kedge_context *ctx;
    const kedge_recipe *recipe;
    kedge_session *session;
    kedge_stream stream;
} kedge_live;

/* ---- finished runs; the payload of their routes */
typedef enum kedge_browse_kind {
    KEDGE_BROWSE_MODEL,     /* a model file */
    KEDGE_BROWSE_DIRECTORY, /* of one run */
    KEDGE_BROWSE_FOLDER,    /* with run directories in it, and in folders in it */
    KEDGE_BROWSE_STORE
} kedge_browse_kind;

/* Lists are read anew with every request, so that what is finished meanwhile is there. */
typedef struct kedge_browse {
    kedge_context *ctx;
    const char *path;
    kedge_browse_kind kind;
    long long seed; /* of a directory, shown where nothing else is asked for; -1: the list of its seeds */
} kedge_browse;

/* What a path is. False: a recipe, or nothing that can be browsed. */
bool kedge_browse_recognize(kedge_context *ctx, const char *path, kedge_browse_kind *kind);

/* ---- for both */

/* Appends the page with the data in it. Returns 200, or 500 with the library's message. */
int kedge_site_page(kedge_context *ctx, kedge_status status, const kedge_text *json, kedge_text *body);
/* The data alone. */
int kedge_site_data(kedge_status status, const kedge_text *json, kedge_text *body);
/* What the browser asks for by itself: it is in the page. 204. */
int kedge_site_icon(void *payload, const kedge_http_request *request, kedge_text *body);

#endif
