/* stream_command.c - what a page may ask of a session. */
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "format/json_write.h"
#include "format/utf8.h"
#include "serve/stream.h"

enum { OVER_MAX = 10000000 };

/* One command's values, taken out of its JSON one by one; the first that is wrong stays in 'status'. */
typedef struct values {
    const char *name; /* of the command */
    json_t *json;
    size_t taken;
    kedge_status status;
} values;

static json_t *take(values *self, const char *key)
{
    json_t *value = json_object_get(self->json, key);
    self->taken += value != NULL;
    return value;
}

static void wrong(values *self, const char *key, const char *must)
{
    if (!self->status) self->status = kedge_fail(KEDGE_EINVALID, "'%s' of '%s' must be %s", key, self->name, must);
}

static double take_real(values *self, const char *key)
{
    const json_t *value = take(self, key);
    if (json_is_number(value) && isfinite(json_number_value(value))) return json_number_value(value);
    wrong(self, key, "a number");
    return 0;
}

static int64_t take_integer(values *self, const char *key, int64_t min, int64_t max)
{
    const json_t *value = take(self, key);
    double real = json_number_value(value);
    if (json_is_number(value) && real == floor(real) && real >= (double)min && real <= (double)max)
        return json_is_integer(value) ? json_integer_value(value) : (int64_t)real;
    char must[96];
    snprintf(must, sizeof must, "a whole number from %" PRId64 " to %" PRId64, min, max);
    wrong(self, key, must);
    return min;
}

static bool take_bool(values *self, const char *key)
{
    const json_t *value = take(self, key);
    if (!json_is_boolean(value)) wrong(self, key, "true or false");
    return json_is_true(value);
}

static const char *take_text(values *self, const char *key)
{
    const char *text = json_string_value(take(self, key));
    if (!text) wrong(self, key, "a text");
    return text ? text : "";
}

/* After the last value: whether all were there, and no others. */
static bool complete(values *self)
{
    if (!self->status && json_object_size(self->json) != self->taken + 1)
        self->status = kedge_fail(KEDGE_EINVALID, "'%s' has a value that it does not know", self->name);
    return !self->status;
}

/* ---- the commands */

static kedge_status do_pause(kedge_session *session, values *given)
{
    return complete(given) ? kedge_session_pause(session, true) : given->status;
}

static kedge_status do_resume(kedge_session *session, values *given)
{
    return complete(given) ? kedge_session_pause(session, false) : given->status;
}

static kedge_status do_step(kedge_session *session, values *given)
{
    int64_t steps = take_integer(given, "steps", 1, OVER_MAX);
    return complete(given) ? kedge_session_step(session, steps) : given->status;
}

static kedge_status do_pace(kedge_session *session, values *given)
{
    double value = take_real(given, "value");
    return complete(given) ? kedge_session_pace(session, value) : given->status;
}

static kedge_status do_set(kedge_session *session, values *given)
{
    const char *column = take_text(given, "column");
    double value = take_real(given, "value");
    int64_t over = take_integer(given, "over", 0, OVER_MAX);
    bool hold = take_bool(given, "hold");
    return complete(given) ? kedge_session_set(session, column, value, over, hold) : given->status;
}

static kedge_status do_restart(kedge_session *session, values *given)
{
    int64_t seed = take_integer(given, "seed", -1, INT64_C(1) << 53);
    return complete(given) ? kedge_session_restart(session, seed) : given->status;
}

typedef struct command {
    const char *name;
    kedge_status (*obey)(kedge_session *session, values *given);
} command;

static const command commands[] = {
    {"pause", do_pause}, {"resume", do_resume}, {"step", do_step},
    {"pace", do_pace},   {"set", do_set},       {"restart", do_restart},
};

/* What a page is sent must not grow for ever. */
static kedge_status check_room(const kedge_stream *self, const char *name)
{
    kedge_session_change *changes = NULL;
    size_t n = 0;
    if (strcmp(name, "set") != 0) return KEDGE_OK;
    kedge_status status = kedge_session_changes(self->session, &changes, &n);
    kedge_release(self->ctx, changes);
    if (!status && n >= KEDGE_STREAM_CHANGES)
        return kedge_fail(KEDGE_EINVALID,
                          "the schedule has been changed %d times; save the run and go on from its files",
                          KEDGE_STREAM_CHANGES);
    return status;
}

static kedge_status obey(const kedge_stream *self, json_t *json)
{
    const char *name = json_string_value(json_object_get(json, "do"));
    if (!name) return kedge_fail(KEDGE_EINVALID, "a command must be an object with 'do'");
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (strcmp(commands[i].name, name) != 0) continue;
        values given = {.name = name, .json = json};
        kedge_status status = check_room(self, name);
        return status ? status : commands[i].obey(self->session, &given);
    }
    return kedge_fail(KEDGE_EINVALID, "unknown command '%s'", kedge_clip_text(name).text);
}

int kedge_stream_command(kedge_stream *stream, const char *json, size_t length, kedge_text *answer)
{
    json_error_t where;
    json_t *given = json_loadb(json, length, JSON_REJECT_DUPLICATES, &where);
    kedge_status status;
    if (given) status = obey(stream, given);
    else status = kedge_fail(KEDGE_EINVALID, "%d:%d: no JSON: %s", where.line, where.column, where.text);
    kedge_json out = kedge_json_to(answer);
    kedge_json_open(&out, '{');
    if (status) kedge_json_put_text(&out, "error", kedge_error());
    else kedge_json_put_bool(&out, "ok", true);
    kedge_json_close(&out, '}');
    json_decref(given);
    return status ? 400 : 200;
}
