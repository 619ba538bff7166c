/* stream.c - what a page is sent while a run is trained. */
#include "serve/stream.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "format/json_write.h"
#include "run/training.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "frames are little-endian, as numbers lie in memory");

/* What 'spare' of a place holds. */
enum { LOOK, SLICE, STARTED, STATE_STEP };

kedge_status kedge_stream_init(kedge_stream *stream, kedge_context *ctx, kedge_session *session,
                               const kedge_recipe *recipe, const char *directory)
{
    size_t columns = (size_t)kedge_session_columns(session);
    *stream = (kedge_stream){
        .ctx = ctx, .session = session, .recipe = recipe, .directory = directory ? directory : ""};
    stream->parameters = kedge_alloc(ctx, kedge_session_parameters(session), sizeof *stream->parameters);
    stream->rows = kedge_alloc(ctx, KEDGE_STREAM_ROWS * columns, sizeof *stream->rows);
    stream->steps = kedge_alloc(ctx, KEDGE_STREAM_ROWS, sizeof *stream->steps);
    return stream->parameters && stream->rows && stream->steps ? KEDGE_OK : kedge_fail_memory("a stream");
}

void kedge_stream_release(kedge_stream *stream)
{
    if (!stream->ctx) return;
    kedge_release(stream->ctx, stream->parameters);
    kedge_release(stream->ctx, stream->rows);
    kedge_release(stream->ctx, stream->steps);
    *stream = (kedge_stream){0};
}

/* ---- StateMessage */

static void put_control(kedge_json *json, kedge_session *session, const char *column, const char *kind)
{
    kedge_json_open(json, '{');
    kedge_json_put_text(json, "column", column);
    kedge_json_put_text(json, "kind", kind);
    kedge_json_put_real(json, "value", kedge_session_value(session, column));
    kedge_json_close(json, '}');
}

static void put_controls(kedge_json *json, const kedge_stream *self)
{
    static const char *const kinds[] = {[KEDGE_COLUMN_LR] = "lr", [KEDGE_COLUMN_WEIGHT] = "weight",
                                        [KEDGE_COLUMN_TASK] = "weight", [KEDGE_COLUMN_RATE] = "rate",
                                        [KEDGE_COLUMN_FACTOR] = "rate"};
    kedge_json_key(json, "controls");
    kedge_json_open(json, '[');
    for (int i = 0; i < kedge_recipe_columns(self->recipe); i++) {
        kedge_recipe_column column = kedge_recipe_column_at(self->recipe, i);
        put_control(json, self->session, column.name, kinds[column.kind]);
    }
    kedge_json_close(json, ']');
}

static void put_changes(kedge_json *json, const kedge_stream *self)
{
    kedge_session_change *changes = NULL;
    size_t n = 0;
    kedge_json_key(json, "changes");
    kedge_json_open(json, '[');
    if (kedge_session_changes(self->session, &changes, &n)) n = 0; /* no memory: the next message has them */
    for (size_t i = 0; i < n; i++) {
        kedge_json_open(json, '{');
        kedge_json_put_integer(json, "step", changes[i].step);
        kedge_json_put_text(json, "column", changes[i].column);
        kedge_json_put_real(json, "value", changes[i].value);
        kedge_json_put_integer(json, "over", changes[i].over);
        kedge_json_put_bool(json, "hold", changes[i].hold);
        kedge_json_close(json, '}');
    }
    kedge_json_close(json, ']');
    kedge_release(self->ctx, changes);
}

static void add_state(const kedge_stream *self, const kedge_session_state *state, kedge_text *text)
{
    kedge_json json = kedge_json_to(text);
    kedge_json_open(&json, '{');
    kedge_json_put_text(&json, "type", "state");
    kedge_json_put_integer(&json, "epoch", state->epoch);
    kedge_json_put_integer(&json, "seed", state->seed);
    kedge_json_put_integer(&json, "step", state->step);
    kedge_json_put_integer(&json, "steps", state->steps);
    kedge_json_put_bool(&json, "paused", state->paused);
    kedge_json_put_real(&json, "pace", state->pace);
    kedge_json_put_bool(&json, "done", state->done);
    kedge_json_put_text(&json, "message", state->message);
    kedge_json_put_text(&json, "directory", state->directory ? state->directory : self->directory);
    put_controls(&json, self);
    put_changes(&json, self);
    kedge_json_put_integer(&json, "version", (long long)state->version);
    kedge_json_close(&json, '}');
}

/* All of a state but the step, in one number: it changes when a page should be told at once. */
static uint64_t look_of(const kedge_session_state *state)
{
    uint64_t pace, look = 14695981039346656037ULL; /* FNV-1a, 64 bits */
    memcpy(&pace, &state->pace, sizeof pace);
    const uint64_t parts[] = {state->version, state->epoch, (uint64_t)state->seed, (uint64_t)state->steps,
                              state->paused, state->done, pace, strlen(state->message)};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        for (int byte = 0; byte < 8; byte++) look = (look ^ (parts[i] >> (8 * byte) & 255)) * 1099511628211ULL;
    return look;
}

/* ---- frames */

static void add_frame(kedge_stream *self, kedge_server_place *place, kedge_text *frame)
{
    uint32_t epoch;
    int step;
    size_t columns = (size_t)kedge_session_columns(self->session);
    size_t parameters = kedge_session_parameters(self->session);
    int rows = kedge_session_copy(self->session, (uint32_t)place->epoch, (int)place->since, KEDGE_STREAM_ROWS, &epoch,
                                  &step, self->parameters, self->steps, self->rows);
    const uint32_t header[8] = {KEDGE_STREAM_MAGIC, epoch, (uint32_t)step, (uint32_t)parameters, (uint32_t)rows,
                                (uint32_t)columns};
    kedge_text_add_bytes(frame, header, sizeof header);
    for (int i = 0; i < rows; i++) {
        uint32_t at = (uint32_t)self->steps[i];
        kedge_text_add_bytes(frame, &at, sizeof at);
        kedge_text_add_bytes(frame, self->rows + (size_t)i * columns, columns * sizeof *self->rows);
    }
    kedge_text_add_bytes(frame, self->parameters, parameters * sizeof *self->parameters);
    place->epoch = epoch;
    place->since = (uint64_t)step;
}

void kedge_stream_message(kedge_stream *stream, kedge_server_place *place, kedge_text *text, kedge_text *frame)
{
    kedge_session_state state;
    kedge_session_state_get(stream->session, &state);
    uint64_t look = look_of(&state), slice = (uint64_t)(kedge_clock_seconds() * KEDGE_STREAM_STATES);
    bool first = !place->spare[STARTED], moved = place->spare[STATE_STEP] != (uint64_t)state.step;
    bool resting = state.paused || state.done;
    if (first || look != place->spare[LOOK] || (moved && (resting || slice != place->spare[SLICE]))) {
        add_state(stream, &state, text);
        place->spare[LOOK] = look;
        place->spare[SLICE] = slice;
        place->spare[STATE_STEP] = (uint64_t)state.step;
    }
    if (first || place->epoch != state.epoch || place->since != (uint64_t)state.step) add_frame(stream, place, frame);
    place->spare[STARTED] = 1;
    place->tick = state.tick;
    place->version = state.version;
}
