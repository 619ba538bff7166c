/* server_view.c - a view: what is asked to be seen, behind a server. */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "kedge/view.h"
#include "serve/server_policy.h"
#include "serve/server_site.h"
#include "show/page.h"

enum { SECONDS = 20 }; /* of a whole run, where the caller leaves the pace to us */

struct kedge_view {
    kedge_context *ctx;
    char *path, *directory; /* copies: whose they were may have let them go */
    kedge_text policy;
    kedge_recipe *recipe;
    kedge_live live;
    kedge_browse browse;
    kedge_server *server;
};

static char *copy(kedge_context *ctx, const char *text)
{
    size_t length = strlen(text) + 1;
    char *own = kedge_alloc(ctx, length, 1);
    if (own) memcpy(own, text, length);
    return own;
}

static kedge_status make_policy(kedge_view *view)
{
    const char *html;
    size_t length;
    kedge_status status = kedge_page_template(&html, &length);
    return status ? status : kedge_server_policy(html, length, &view->policy);
}

/* It waits before its first step until the server is there: a run that nobody can look at should not be trained, nor
 * replace another one. */
static kedge_status begin_training(kedge_view *view, const kedge_view_options *options)
{
    const kedge_recipe_options set = {.set = options->set, .n_set = options->n_set};
    kedge_status status = kedge_recipe_load(&view->recipe, view->ctx, view->path, &set);
    if (status) return status;
    double pace = options->pace < 0 ? fmax(1, rint((double)view->recipe->steps / SECONDS)) : options->pace;
    const kedge_session_options session = {
        .directory = view->directory, .pace = pace, .paused = true, .force = options->force,
        .seed = options->seed >= 0 ? options->seed : kedge_recipe_first_seed(view->recipe)};
    view->live.ctx = view->ctx;
    view->live.recipe = view->recipe;
    status = kedge_session_create(&view->live.session, view->ctx, view->recipe, &session);
    if (status) return status;
    return kedge_stream_init(&view->live.stream, view->ctx, view->live.session, view->recipe, view->directory);
}

/* ---- the stream of a live run */

static uint64_t tick(void *payload)
{
    kedge_session_state state;
    kedge_session_state_get(((kedge_live *)payload)->session, &state);
    return state.tick;
}

static void wait_for_tick(void *payload, uint64_t seen, int ms)
{
    kedge_session_wait(((kedge_live *)payload)->session, seen, ms);
}

static void message(void *payload, kedge_server_place *place, kedge_text *text, kedge_text *frame)
{
    kedge_stream_message(&((kedge_live *)payload)->stream, place, text, frame);
}

static int count_routes(const kedge_server_route *routes)
{
    int n = 0;
    while (routes[n].path) n++;
    return n;
}

/* What only a recipe can be told, and what only something with seeds. */
static kedge_status check_options(const kedge_view_options *options, const char *input, kedge_browse_kind kind)
{
    if (options->seed >= 0 && kind != KEDGE_BROWSE_DIRECTORY)
        return kedge_fail(KEDGE_EINVALID, "%s: a seed is one of a recipe or of a run directory; this is neither",
                          input);
    if (options->directory || options->n_set > 0 || options->pace >= 0 || options->paused)
        return kedge_fail(KEDGE_EINVALID,
                          "%s: is no recipe but finished; a directory for the run, assignments, pace and pause are "
                          "for recipes", input);
    return KEDGE_OK;
}

static kedge_status serve(kedge_view *view, const kedge_view_options *options)
{
    kedge_server_options server = {
        .address = options->address, .port = options->port, .token = options->token,
        .policy = kedge_text_string(&view->policy), .routes = kedge_browse_routes, .payload = &view->browse};
    kedge_browse_kind kind;
    kedge_status status = KEDGE_OK;
    if (kedge_browse_recognize(view->ctx, view->path, &kind)) {
        view->browse = (kedge_browse){view->ctx, view->path, kind, options->seed};
        status = check_options(options, view->path, kind);
    } else {
        server.routes = kedge_live_routes;
        server.stream = (kedge_server_stream){"/api/stream", tick, wait_for_tick, message};
        server.payload = &view->live;
        status = begin_training(view, options);
    }
    server.n_routes = count_routes(server.routes);
    if (!status) status = kedge_server_start(&view->server, view->ctx, &server);
    if (!status && view->live.session && !options->paused) status = kedge_session_pause(view->live.session, false);
    return status;
}

kedge_status kedge_view_start(kedge_view **out, kedge_context *context, const char *input,
                              const kedge_view_options *options)
{
    static const kedge_view_options defaults = KEDGE_VIEW_OPTIONS_INIT;
    if (!options) options = &defaults;
    if (!isfinite(options->pace) || (options->pace < 0 && options->pace != -1))
        return kedge_fail(KEDGE_EINVALID, "the pace must be a number of steps a second, 0 or -1");
    kedge_view *view = kedge_alloc_zero(context, 1, sizeof *view);
    if (!view) return kedge_fail_memory("a view");
    view->ctx = context;
    kedge_text_init(&view->policy, context);
    view->path = copy(context, input);
    view->directory = options->directory ? copy(context, options->directory) : NULL;
    bool good = view->path && (view->directory || !options->directory);
    kedge_status status = good ? make_policy(view) : kedge_fail_memory("a view");
    if (!status) status = serve(view, options);
    if (status) kedge_view_stop(view);
    else *out = view;
    return status;
}

void kedge_view_stop(kedge_view *view)
{
    if (!view) return;
    kedge_server_stop(view->server);
    kedge_session_free(view->live.session);
    kedge_stream_release(&view->live.stream);
    kedge_recipe_free(view->recipe);
    kedge_text_release(&view->policy);
    kedge_release(view->ctx, view->directory);
    kedge_release(view->ctx, view->path);
    kedge_release(view->ctx, view);
}

const char *kedge_view_url(const kedge_view *view)
{
    return view->server ? kedge_server_url(view->server) : "";
}

void kedge_view_state_get(kedge_view *view, kedge_view_state *state)
{
    kedge_session_state now;
    *state = (kedge_view_state){0};
    if (!view->live.session) return;
    kedge_session_state_get(view->live.session, &now);
    *state = (kedge_view_state){.live = 1, .seed = now.seed, .step = now.step, .steps = now.steps, .done = now.done,
                                .changes = (long long)now.changes, .directory = now.directory,
                                .endings = now.ending.count, .ended_seed = now.ending.seed};
    memcpy(state->message, now.message, sizeof state->message);
    memcpy(state->ended_message, now.ending.message, sizeof state->ended_message);
}

void kedge_view_end(kedge_view *view, kedge_view_state *state)
{
    kedge_server_stop(view->server);
    view->server = NULL;
    kedge_session_stop(view->live.session);
    kedge_view_state_get(view, state);
}
