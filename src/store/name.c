/* name.c - what words of a question stand for: metrics, settings, groups. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "format/number.h"
#include "store/frame.h"

static const char *const fixed[] = {[KEDGE_NAME_ID] = "id",         [KEDGE_NAME_GROUP] = "group",
                                    [KEDGE_NAME_SEED] = "seed",     [KEDGE_NAME_STREAM] = "stream",
                                    [KEDGE_NAME_STATUS] = "status", [KEDGE_NAME_RECIPE] = "recipe"};
enum { N_FIXED = sizeof fixed / sizeof *fixed };

static kedge_status no_memory(void)
{
    return kedge_fail_memory("the runs of a store");
}

/* ---- metrics ---- */

/* Names of all metrics, by the order of their bytes, behind 'before' free places. In the frame's arena. */
static kedge_status list_metrics(kedge_frame *frame, size_t before, const char ***out, size_t *n)
{
    sqlite3_stmt *statement = NULL;
    size_t room = 0, found = 0;
    const char **names = NULL, **kept = NULL;
    kedge_status status = kedge_sql_get(frame->store, KEDGE_SQL_METRIC_NAMES, &statement);
    while (!status && kedge_sql_next(frame->store, statement, &status)) {
        const char **grown = kedge_grow(frame->ctx, names, found, &room, found + 1, sizeof *names);
        if (grown) {
            names = grown;
            names[found] = kedge_arena_text(&frame->arena, kedge_sql_column_text(statement, 0));
        }
        if (!grown || !names[found++]) {
            status = no_memory();
            sqlite3_reset(statement);
        }
    }
    if (!status) {
        kept = kedge_arena_alloc(&frame->arena, before + found, sizeof *kept);
        if (!kept) status = no_memory();
    }
    if (!status) {
        for (size_t i = 0; i < found; i++) kept[before + i] = names[i];
        *out = kept;
        *n = before + found;
    }
    kedge_release(frame->ctx, names);
    return status;
}

/* That a word is none of 'names', with the nearest, or with all if they are few. */
static kedge_status unknown(kedge_frame *frame, const char *what, const char *word, const char *const *names, size_t n)
{
    enum { FEW = 12 };
    kedge_text all;
    const char *nearest = kedge_nearest(word, names, (int)n);
    if (nearest)
        return kedge_fail(KEDGE_EINVALID, "%s: unknown %s '%s'; did you mean '%s'?", frame->store->path, what, word,
                          nearest);
    kedge_text_init(&all, frame->ctx);
    for (size_t i = 0; i < n && i < FEW; i++) kedge_text_addf(&all, "%s'%s'", i ? ", " : "", names[i]);
    if (n > FEW) kedge_text_addf(&all, " and %zu more", n - FEW);
    kedge_status status = kedge_text_status(&all, "a message");
    if (!status)
        status = kedge_fail(KEDGE_EINVALID, "%s: unknown %s '%s'; %s%s", frame->store->path, what, word,
                            n ? "known are " : "no run has been measured yet", kedge_text_string(&all));
    kedge_text_release(&all);
    return status;
}

static kedge_status has_metric(kedge_frame *frame, const char *name, bool *has)
{
    sqlite3_stmt *statement = NULL;
    kedge_status status = kedge_sql_get(frame->store, KEDGE_SQL_HAS_METRIC, &statement);
    if (status) return status;
    kedge_sql_bind_text(statement, 1, name);
    *has = kedge_sql_next(frame->store, statement, &status);
    sqlite3_reset(statement);
    return status;
}

/* One by one: for a few metrics of many runs. */
static kedge_status look_up(kedge_frame *frame, const kedge_frame_metric *metric)
{
    sqlite3_stmt *statement = NULL;
    kedge_status status = kedge_sql_get(frame->store, KEDGE_SQL_METRIC, &statement);
    for (size_t i = 0; i < frame->n_runs && !status; i++) {
        if (!frame->runs[i].kept) continue;
        sqlite3_bind_int64(statement, 1, frame->runs[i].id);
        kedge_sql_bind_text(statement, 2, metric->name);
        while (kedge_sql_next(frame->store, statement, &status))
            if (sqlite3_column_type(statement, 0) == SQLITE_FLOAT)
                metric->values[i] = sqlite3_column_double(statement, 0);
    }
    return status;
}

/* All that a run has, picking out metrics first, first + 1, ...: for many of them. Names come in the order of their
 * bytes, as most lists do, so that the next one is looked for behind the last. */
static kedge_status pick_out(kedge_frame *frame, size_t first)
{
    sqlite3_stmt *statement = NULL;
    size_t n = frame->n_metrics - first, last = 0;
    kedge_status status = kedge_sql_get(frame->store, KEDGE_SQL_METRICS, &statement);
    for (size_t i = 0; i < frame->n_runs && !status; i++) {
        if (!frame->runs[i].kept) continue;
        sqlite3_bind_int64(statement, 1, frame->runs[i].id);
        while (kedge_sql_next(frame->store, statement, &status)) {
            const char *name = kedge_sql_column_text(statement, 0);
            size_t tried = 0, at = last;
            while (tried < n && strcmp(frame->metrics[first + at].name, name) != 0) {
                at = (at + 1) % n;
                tried++;
            }
            if (tried == n) continue;
            last = (at + 1) % n;
            if (sqlite3_column_type(statement, 1) == SQLITE_FLOAT)
                frame->metrics[first + at].values[i] = sqlite3_column_double(statement, 1);
        }
    }
    return status;
}

static bool have_metric(const kedge_frame *frame, const char *name, size_t *index)
{
    for (size_t i = 0; i < frame->n_metrics; i++)
        if (strcmp(frame->metrics[i].name, name) == 0) {
            *index = i;
            return true;
        }
    return false;
}

/* Puts metrics that the store has into the frame, those that are not there yet; 'columns' are told where. */
static kedge_status add_metrics(kedge_frame *frame, const char *const *names, size_t n, size_t *columns)
{
    enum { FEW = 4 };
    size_t first = frame->n_metrics;
    kedge_status status = KEDGE_OK;
    for (size_t i = 0; i < n; i++) {
        if (have_metric(frame, names[i], &columns[i])) continue;
        size_t at = frame->n_metrics;
        kedge_frame_metric *grown = kedge_grow(frame->ctx, frame->metrics, at, &frame->metric_room, at + 1,
                                               sizeof *grown);
        if (!grown) return no_memory();
        frame->metrics = grown;
        grown[at].name = kedge_arena_text(&frame->arena, names[i]);
        grown[at].values = kedge_alloc(frame->ctx, frame->n_runs, sizeof *grown->values);
        if (!grown[at].values) return no_memory();
        columns[i] = frame->n_metrics++;
        if (!grown[at].name) return no_memory();
        for (size_t j = 0; j < frame->n_runs; j++) grown[at].values[j] = NAN;
    }
    if (frame->n_metrics - first > FEW) return pick_out(frame, first);
    for (size_t i = first; i < frame->n_metrics && !status; i++) status = look_up(frame, &frame->metrics[i]);
    return status;
}

/* Whether the store has all of them; the message says which it has not. */
static kedge_status check_metrics(kedge_frame *frame, const char *const *names, size_t n)
{
    bool has = true;
    const char **known;
    size_t n_known, i = 0, index;
    kedge_status status = KEDGE_OK;
    for (; i < n && has && !status; i++)
        if (!have_metric(frame, names[i], &index)) status = has_metric(frame, names[i], &has);
    if (status || has) return status;
    status = list_metrics(frame, 0, &known, &n_known);
    return status ? status : unknown(frame, "metric", names[i - 1], known, n_known);
}

kedge_status kedge_frame_metric_index(kedge_frame *frame, const char *name, size_t *index)
{
    kedge_status status = check_metrics(frame, &name, 1);
    return status ? status : add_metrics(frame, &name, 1, index);
}

/* The names that a choice comes down to. */
static kedge_status choose_names(kedge_frame *frame, const kedge_metric_choice *choice, const char *const **names,
                                 size_t *n)
{
    static const char *const usual[] = {"score", "recon_mse"};
    enum { N_USUAL = sizeof usual / sizeof *usual };
    const char **every, **present = kedge_arena_alloc(&frame->arena, N_USUAL, sizeof *present);
    kedge_status status = present ? KEDGE_OK : no_memory();
    bool has;
    if (choice->names && !choice->all) {
        *names = choice->names;
        *n = (size_t)choice->n_names;
        return check_metrics(frame, *names, *n);
    }
    *n = 0;
    *names = present;
    for (size_t i = 0; !choice->all && i < N_USUAL && !status; i++) {
        status = has_metric(frame, usual[i], &has);
        if (!status && has) present[(*n)++] = usual[i];
    }
    if (status || *n > 0) return status;
    status = list_metrics(frame, 0, &every, n);
    if (!status) *names = every;
    return status;
}

kedge_status kedge_frame_choose(kedge_frame *frame, const kedge_metric_choice *choice, size_t **columns, size_t *n)
{
    const char *const *names;
    kedge_status status = choose_names(frame, choice, &names, n);
    if (status) return status;
    *columns = kedge_arena_alloc(&frame->arena, *n + 1, sizeof **columns); /* and one to sort by */
    return *columns ? add_metrics(frame, names, *n, *columns) : no_memory();
}

/* ---- any name ---- */

kedge_status kedge_frame_find(kedge_frame *frame, const char *word, kedge_name *name)
{
    bool has;
    size_t n, index, before = N_FIXED + frame->n_paths;
    const char **names;
    for (size_t i = 0; i < before; i++)
        if (strcmp(i < N_FIXED ? fixed[i] : frame->paths[i - N_FIXED], word) == 0) {
            name->kind = i < N_FIXED ? i : KEDGE_NAME_SETTING;
            name->index = i < N_FIXED ? 0 : i - N_FIXED;
            return KEDGE_OK;
        }
    for (size_t i = 0; i < frame->n_paths; i++)
        if (strcmp(frame->labels[i], word) == 0) {
            *name = (kedge_name){.kind = KEDGE_NAME_SETTING, .index = i};
            return KEDGE_OK;
        }
    kedge_status status = has_metric(frame, word, &has);
    if (!status && has) {
        status = kedge_frame_metric_index(frame, word, &index);
        if (!status) *name = (kedge_name){.kind = KEDGE_NAME_METRIC, .index = index};
        return status;
    }
    if (!status) status = list_metrics(frame, before, &names, &n);
    if (status) return status;
    for (size_t i = 0; i < before; i++) names[i] = i < N_FIXED ? fixed[i] : frame->paths[i - N_FIXED];
    return unknown(frame, "name", word, names, n);
}

static kedge_cell integer(long long value)
{
    return (kedge_cell){.kind = KEDGE_CELL_INTEGER, .integer = value, .real = (double)value};
}

static kedge_cell text(const char *value)
{
    return (kedge_cell){.kind = KEDGE_CELL_TEXT, .real = NAN, .text = value};
}

kedge_cell kedge_frame_cell(const kedge_frame *frame, const kedge_frame_run *run, kedge_name name)
{
    double value;
    switch (name.kind) {
    case KEDGE_NAME_ID: return integer(run->id);
    case KEDGE_NAME_GROUP: return integer((long long)run->group + 1);
    case KEDGE_NAME_SEED: return integer(run->seed);
    case KEDGE_NAME_STREAM: return integer(run->stream);
    case KEDGE_NAME_STATUS: return text(run->status);
    case KEDGE_NAME_RECIPE: return text(frame->groups[run->group].title);
    case KEDGE_NAME_SETTING: return frame->groups[run->group].values[name.index];
    case KEDGE_NAME_METRIC:
        value = frame->metrics[name.index].values[run - frame->runs];
        return (kedge_cell){.kind = isfinite(value) ? KEDGE_CELL_REAL : KEDGE_CELL_NONE, .real = value};
    }
    return (kedge_cell){.real = NAN};
}
