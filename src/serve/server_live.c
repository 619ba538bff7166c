/* server_live.c - the routes of a run that is trained. */
#include "base/error.h"
#include "schedule/schedule.h"
#include "serve/server_site.h"
#include "show/page.h"

/* Steps of the curves that a page begins with; the stream brings the rest. */
enum { ROWS = 4096, ATTEMPTS = 4 };

int kedge_site_data(kedge_status status, const kedge_text *json, kedge_text *body)
{
    if (status) {
        kedge_text_clear(body);
        kedge_text_addf(body, "%s\n", kedge_error());
        return status == KEDGE_EIO || status == KEDGE_EINVALID ? 404 : 500;
    }
    if (json != body) kedge_text_add_bytes(body, kedge_text_string(json), json->length);
    return 200;
}

int kedge_site_page(kedge_context *ctx, kedge_status status, const kedge_text *json, kedge_text *body)
{
    if (!status) status = kedge_page_write(ctx, json, body);
    return kedge_site_data(status, body, body);
}

int kedge_site_icon(void *payload, const kedge_http_request *request, kedge_text *body)
{
    (void)payload, (void)request, (void)body;
    return 204;
}

/* ---- the schedule with all changes */

typedef struct schedule {
    kedge_schedule *sheet;
    double *values;
    int at[KEDGE_PAGE_SCHEDULE_STEPS];
    kedge_page_schedule shown;
} schedule;

static void release_schedule(const kedge_live *self, schedule *this)
{
    kedge_schedule_free(this->sheet);
    kedge_release(self->ctx, this->values);
}

static kedge_status read_schedule(const kedge_live *self, schedule *this)
{
    kedge_text text;
    kedge_session_state state;
    this->sheet = NULL;
    this->values = NULL;
    kedge_session_state_get(self->session, &state);
    kedge_text_init(&text, self->ctx);
    kedge_status status = kedge_session_sheet(self->session, &text);
    if (!status)
        status = kedge_schedule_parse(&this->sheet, self->ctx, "schedule.csv", kedge_text_string(&text), text.length);
    kedge_text_release(&text);
    if (status) return status;
    int n = kedge_page_schedule_steps(this->sheet, NULL, state.steps, KEDGE_PAGE_SCHEDULE_STEPS, this->at);
    size_t columns = (size_t)kedge_recipe_columns(self->recipe);
    this->values = kedge_alloc(self->ctx, columns * (size_t)n, sizeof *this->values);
    if (!this->values) return kedge_fail_memory("a schedule");
    kedge_session_schedule(self->session, n, this->at, this->values);
    this->shown = (kedge_page_schedule){.recipe = self->recipe, .sheet = this->sheet, .steps = state.steps, .n = n,
                                        .at = this->at, .values = this->values};
    return KEDGE_OK;
}

static int get_schedule(void *payload, const kedge_http_request *request, kedge_text *body)
{
    const kedge_live *self = payload;
    schedule now;
    (void)request;
    kedge_status status = read_schedule(self, &now);
    if (!status) status = kedge_page_of_schedule(&now.shown, body);
    release_schedule(self, &now);
    return kedge_site_data(status, body, body);
}

/* ---- the page */

typedef struct history {
    float *rows, *parameters, *present;
    int *steps;
    int at[KEDGE_SESSION_KEPT];
    int n_rows, n_records;
} history;

static void release_history(const kedge_live *self, history *this)
{
    kedge_release(self->ctx, this->rows);
    kedge_release(self->ctx, this->parameters);
    kedge_release(self->ctx, this->present);
    kedge_release(self->ctx, this->steps);
}

/* Curves and states so far, of one epoch: a restart between the two copies makes them disagree, and is rare. */
static kedge_status read_history(const kedge_live *self, history *this)
{
    size_t size = kedge_session_parameters(self->session), columns = (size_t)kedge_session_columns(self->session);
    this->rows = kedge_alloc(self->ctx, ROWS * columns, sizeof *this->rows);
    this->parameters = kedge_alloc(self->ctx, KEDGE_SESSION_KEPT * size, sizeof *this->parameters);
    this->present = kedge_alloc(self->ctx, size, sizeof *this->present);
    this->steps = kedge_alloc(self->ctx, ROWS, sizeof *this->steps);
    if (!this->rows || !this->parameters || !this->present || !this->steps) return kedge_fail_memory("a live page");
    for (int i = 0; i < ATTEMPTS; i++) {
        uint32_t kept, now;
        int step;
        this->n_records = kedge_session_kept(self->session, &kept, this->at, this->parameters);
        this->n_rows =
            kedge_session_copy(self->session, kept, 0, ROWS, &now, &step, this->present, this->steps, this->rows);
        if (kept == now) return KEDGE_OK;
    }
    this->n_records = this->n_rows = 0; /* the stream will tell */
    return KEDGE_OK;
}

static kedge_status write_page_data(const kedge_live *self, kedge_text *json)
{
    schedule now = {0};
    history past = {0};
    kedge_session_state state;
    kedge_status status = read_schedule(self, &now);
    if (!status) status = read_history(self, &past);
    kedge_session_state_get(self->session, &state);
    const kedge_page_live live = {
        .schedule = now.shown, .seed = state.seed, .kernels = kedge_context_kernels(self->ctx),
        .n_rows = past.n_rows, .steps = past.steps, .rows = past.rows,
        .n_records = past.n_records, .at = past.at, .parameters = past.parameters};
    if (!status) status = kedge_page_of_live(self->ctx, &live, json);
    release_history(self, &past);
    release_schedule(self, &now);
    return status;
}

static int get_data(void *payload, const kedge_http_request *request, kedge_text *body)
{
    (void)request;
    return kedge_site_data(write_page_data(payload, body), body, body);
}

static int get_page(void *payload, const kedge_http_request *request, kedge_text *body)
{
    const kedge_live *self = payload;
    kedge_text json;
    (void)request;
    kedge_text_init(&json, self->ctx);
    int status = kedge_site_page(self->ctx, write_page_data(self, &json), &json, body);
    kedge_text_release(&json);
    return status;
}

static int post_command(void *payload, const kedge_http_request *request, kedge_text *body)
{
    kedge_live *self = payload;
    return kedge_stream_command(&self->stream, request->body, request->body_length, body);
}

static const char html[] = "text/html; charset=utf-8", json[] = "application/json";

const kedge_server_route kedge_live_routes[] = {
    {"/", html, KEDGE_HTTP_GET, .slow = true, .document = true, .answer = get_page},
    {"/api/page", json, KEDGE_HTTP_GET, .slow = true, .answer = get_data},
    {"/api/schedule", json, KEDGE_HTTP_GET, .answer = get_schedule},
    {"/api/command", json, KEDGE_HTTP_POST, .answer = post_command},
    {"/favicon.ico", "image/x-icon", KEDGE_HTTP_GET, .answer = kedge_site_icon},
    {.path = NULL},
};
