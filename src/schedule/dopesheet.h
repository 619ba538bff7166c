/* dopesheet.h - keyframes in a CSV table (METHOD section 4; docs/schedules.md states the rules for users). */
#ifndef SCHEDULE_DOPESHEET_H
#define SCHEDULE_DOPESHEET_H

#include "base/arena.h"
#include "base/error.h"
#include "format/csv.h"
#include "schedule/schedule.h"
#include "schedule/timeline.h"
#include "schedule/until.h"

typedef struct kedge_dopesheet {
    int steps; /* largest step + 1 */
    int n_tracks, n_phases, n_actions, n_untils;
    kedge_track *tracks; /* in file order */
    kedge_mark *phases, *actions; /* several rows at one step: the last phase, all actions with ',' between */
    kedge_until *untils; /* in order of their steps; one at a step */
} kedge_dopesheet;

/* The columns that are no property: steps, phases, actions, conditions. */
enum { KEDGE_SHEET_RESERVED = 4 };
extern const char *const kedge_dopesheet_reserved[KEDGE_SHEET_RESERVED];

/* Reads a sheet into 'arena'; all its errors are added to 'errors', as 'file:line:column: ...'. False after an
 * error. */
bool kedge_dopesheet_load(kedge_dopesheet *out, kedge_arena *arena, const char *path, kedge_errors *errors);
bool kedge_dopesheet_parse(kedge_dopesheet *out, kedge_arena *arena, const char *name, const char *bytes,
                           size_t length, kedge_errors *errors);

/* A cell that sets a value: a key '0.2', or a change '~0.2/50' (then *over is its steps; else -1). False for any other
 * text. */
bool kedge_dopesheet_cell(const kedge_csv_cell *cell, double *value, int *over);

#endif
