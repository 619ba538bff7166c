/* view.h - runs in a browser: one that is trained now, or what there is of finished ones. */
#ifndef KEDGE_VIEW_H
#define KEDGE_VIEW_H

#include "kedge/context.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A web server at work, on threads of its own. */
typedef struct kedge_view kedge_view;

typedef struct kedge_view_options {
    const char *address;   /* to listen at, numeric; NULL: 127.0.0.1, which nobody but this machine can reach */
    int port;              /* 0: any free one */
    const char *token;     /* who asks must have it: 16 to 128 letters, digits, '-' or '_'. NULL: nothing at a loopback
                            * address, a random one at any other */
    long long seed;        /* of a recipe: what is trained, -1: its first. Of a run directory: what is shown first, -1:
                            * the list of its seeds */
    const char *const *set; /* assignments "path=value" over a recipe, as in kedge_recipe_options */
    int n_set;
    const char *directory; /* of a recipe: where the finished run goes, as kedge_run would write it; NULL: nowhere. A
                            * run that was restarted with a changed schedule goes to DIR-2, DIR-3, ... beside it */
    int force;             /* as in kedge_run_options */
    double pace;           /* of a recipe: steps a second; 0: as fast as it goes; -1: the whole run in 20 seconds */
    int paused;            /* of a recipe: waits before the first step */
} kedge_view_options;

#define KEDGE_VIEW_OPTIONS_INIT {.seed = -1, .pace = -1}

/* Begins to serve 'input' and returns at once: a recipe is trained live; a run directory, a model file, a folder with
 * run directories in it or a store is shown. 'options' may be NULL; what they point to is copied. At most one refused
 * request a second is told to the context's log, from a thread of the view; the context must outlive it, and its
 * allocator be safe for threads. KEDGE_EEXISTS: the port is in use, or the directory holds something else;
 * KEDGE_EINVALID: an address, token or recipe that is none; KEDGE_EUNSUPPORTED: this build has no page; KEDGE_EIO,
 * KEDGE_EFORMAT, KEDGE_ENOMEM. */
KEDGE_API kedge_status kedge_view_start(kedge_view **out, kedge_context *context, const char *input,
                                        const kedge_view_options *options);
/* Ends training and serving, and waits for both. NULL is fine. */
KEDGE_API void kedge_view_stop(kedge_view *view);

/* Where a browser finds it: "http://127.0.0.1:8080/", with the token if there is one; "" after
 * kedge_view_end. Owned by the view. */
KEDGE_API const char *kedge_view_url(const kedge_view *view);

/* How far a live run is. */
typedef struct kedge_view_state {
    int live;          /* 0: nothing is trained, and the rest is 0 */
    long long seed;
    int step, steps;
    int done;          /* all steps are, or it failed */
    char message[512]; /* why it failed, or "" */
    long long changes;     /* of the schedule so far */
    const char *directory; /* where the last run, or the recipe with its changes, was written: it may be DIR-2; NULL:
                            * nowhere so far. Owned by the view */
    long long endings;     /* runs that came to an end so far; what follows is of the last one */
    long long ended_seed;
    char ended_message[512]; /* why it failed, or "" */
} kedge_view_state;

/* Any thread. */
KEDGE_API void kedge_view_state_get(kedge_view *view, kedge_view_state *state);
/* Ends serving and training, and waits for both: a run that is being written becomes whole. A run that was changed and
 * is not finished leaves its recipe and schedule in the directory. The state is that of the end. The view can still be
 * asked for its state, and must be freed by kedge_view_stop. */
KEDGE_API void kedge_view_end(kedge_view *view, kedge_view_state *state);

#ifdef __cplusplus
}
#endif
#endif
