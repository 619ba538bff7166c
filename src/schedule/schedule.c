/* schedule.c - the public face of dopesheets and timelines. */
#include "schedule/schedule.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "format/csv.h"
#include "schedule/dopesheet.h"

struct kedge_schedule {
    kedge_context *ctx;
    kedge_arena arena; /* of all that the sheet holds */
    kedge_dopesheet sheet;
};

/* From bytes, or, if they are NULL, from the file of that name. */
static kedge_status create(kedge_schedule **out, kedge_context *ctx, const char *name, const char *bytes,
                           size_t length)
{
    kedge_errors *errors = kedge_alloc(ctx, 1, sizeof *errors);
    kedge_schedule *self = kedge_alloc_zero(ctx, 1, sizeof *self);
    kedge_status status = KEDGE_OK;
    if (self) {
        self->ctx = ctx;
        kedge_arena_init(&self->arena, ctx);
    }
    if (!errors || !self) {
        status = kedge_fail_memory("a schedule");
        goto done;
    }
    kedge_errors_init(errors);
    if (bytes) kedge_dopesheet_parse(&self->sheet, &self->arena, name, bytes, length, errors);
    else kedge_dopesheet_load(&self->sheet, &self->arena, name, errors);
    status = kedge_errors_status(errors);
    if (status) goto done;
    *out = self;
    self = NULL;
done:
    kedge_schedule_free(self);
    kedge_release(ctx, errors);
    return status;
}

kedge_status kedge_schedule_load(kedge_schedule **out, kedge_context *context, const char *path)
{
    return create(out, context, path, NULL, 0);
}

kedge_status kedge_schedule_parse(kedge_schedule **out, kedge_context *ctx, const char *name, const char *bytes,
                                  size_t length)
{
    return create(out, ctx, name, bytes, length);
}

void kedge_schedule_free(kedge_schedule *schedule)
{
    if (!schedule) return;
    kedge_arena_release(&schedule->arena);
    kedge_release(schedule->ctx, schedule);
}

int kedge_schedule_steps(const kedge_schedule *schedule)
{
    return schedule->sheet.steps;
}

int kedge_schedule_columns(const kedge_schedule *schedule)
{
    return schedule->sheet.n_tracks;
}

const char *kedge_schedule_name(const kedge_schedule *schedule, int column)
{
    return column >= 0 && column < schedule->sheet.n_tracks ? schedule->sheet.tracks[column].name : NULL;
}

int kedge_schedule_column(const kedge_schedule *schedule, const char *name)
{
    for (int i = 0; i < schedule->sheet.n_tracks; i++)
        if (strcmp(schedule->sheet.tracks[i].name, name) == 0) return i;
    return -1;
}

double kedge_schedule_value(const kedge_schedule *schedule, int column, int step)
{
    if (column < 0 || column >= schedule->sheet.n_tracks) return 0.0;
    return kedge_track_value(&schedule->sheet.tracks[column], step);
}

void kedge_schedule_fill(const kedge_schedule *schedule, int column, int n, const double *times, double *values)
{
    kedge_track_fill(&schedule->sheet.tracks[column], n, times, values);
}

const kedge_until *kedge_schedule_untils(const kedge_schedule *schedule, int *n)
{
    *n = schedule->sheet.n_untils;
    return schedule->sheet.untils;
}

/* Whether a change that begins before the key's step and ends at it or later has put it out of force. */
static bool is_dropped(const kedge_track *track, int key)
{
    for (int j = 0; j < track->n_joins; j++)
        if (key < track->joins[j].next && track->keys[key].step > track->joins[j].step) return true;
    return false;
}

bool kedge_schedule_key(const kedge_schedule *schedule, int column, int i, int *step, double *value)
{
    if (column < 0 || column >= schedule->sheet.n_tracks) return false;
    const kedge_track *track = &schedule->sheet.tracks[column];
    int key = 0, join = 0;
    for (;;) { /* keys and ends of joins are sorted by themselves */
        while (key < track->n && is_dropped(track, key)) key++;
        while (join < track->n_joins - 1 && track->joins[join + 1].step < track->joins[join].end) join++; /* cut off */
        bool has_key = key < track->n, has_join = join < track->n_joins;
        if (!has_key && !has_join) return false;
        bool is_key = has_key && (!has_join || track->keys[key].step <= track->joins[join].end);
        if (i-- == 0) {
            *step = is_key ? track->keys[key].step : track->joins[join].end;
            *value = is_key ? track->keys[key].value : track->joins[join].goal;
            return true;
        }
        if (is_key) key++;
        else join++;
    }
}

const char *kedge_schedule_phase(const kedge_schedule *schedule, int step)
{
    return kedge_mark_holding(schedule->sheet.phases, schedule->sheet.n_phases, step);
}

const char *kedge_schedule_action(const kedge_schedule *schedule, int step)
{
    return kedge_mark_at(schedule->sheet.actions, schedule->sheet.n_actions, step);
}

static void add_rows(kedge_text *text, const kedge_schedule *schedule)
{
    char number[40]; /* one snprintf a value: tables have millions */
    for (int step = 0; step < schedule->sheet.steps && !text->broken; step++) {
        int length = snprintf(number, sizeof number, "%d,", step);
        kedge_text_add_bytes(text, number, (size_t)length);
        kedge_csv_add_cell(text, kedge_schedule_phase(schedule, step));
        kedge_text_add(text, ",");
        kedge_csv_add_cell(text, kedge_schedule_action(schedule, step));
        for (int i = 0; i < schedule->sheet.n_tracks; i++) {
            length = snprintf(number, sizeof number, ",%.9g", kedge_schedule_value(schedule, i, step));
            kedge_text_add_bytes(text, number, (size_t)length);
        }
        kedge_text_add(text, "\n");
    }
}

kedge_status kedge_schedule_print(const kedge_schedule *schedule, char **text)
{
    kedge_text table;
    kedge_text_init(&table, schedule->ctx);
    kedge_text_add(&table, "step,phase,action");
    for (int i = 0; i < schedule->sheet.n_tracks; i++) {
        kedge_text_add(&table, ",");
        kedge_csv_add_cell(&table, schedule->sheet.tracks[i].name);
    }
    kedge_text_add(&table, "\n");
    /* A point in numbers, also where the caller's program has set a locale with a comma. */
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0), own = (locale_t)0;
    if (plain) own = uselocale(plain);
    add_rows(&table, schedule);
    if (plain) {
        uselocale(own);
        freelocale(plain);
    }
    kedge_status status = kedge_text_status(&table, "the table of a schedule");
    if (status) {
        kedge_text_release(&table);
        return status;
    }
    *text = table.bytes;
    return KEDGE_OK;
}
