/* schedule.h - dopesheets: CSV tables of keyframes that say what each weight is at each step. */
#ifndef KEDGE_SCHEDULE_H
#define KEDGE_SCHEDULE_H

#include "kedge/context.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A sheet, resolved: for every column a value at every step. Read-only after loading: threads may share it. */
typedef struct kedge_schedule kedge_schedule;

/* Reads a CSV dopesheet (docs/schedules.md has the rules). All errors of the file at once, one line each,
 * 'file:line:column: ...'. KEDGE_EFORMAT, KEDGE_EINVALID, KEDGE_EIO, KEDGE_ENOMEM. */
KEDGE_API kedge_status kedge_schedule_load(kedge_schedule **out, kedge_context *context, const char *path);
KEDGE_API void kedge_schedule_free(kedge_schedule *schedule);

/* Number of steps: the largest step of the sheet + 1. */
KEDGE_API int kedge_schedule_steps(const kedge_schedule *schedule);
KEDGE_API int kedge_schedule_columns(const kedge_schedule *schedule);
/* Name of column i in [0, columns), in file order; NULL past the end. Owned by the schedule. */
KEDGE_API const char *kedge_schedule_name(const kedge_schedule *schedule, int column);
/* The column named so, or -1. */
KEDGE_API int kedge_schedule_column(const kedge_schedule *schedule, const char *name);
/* Value of a column at a step in [0, steps): minimum jerk between keys unless the header says otherwise
 * (METHOD section 4: v_j + (v_{j+1} - v_j)(10 u^3 - 15 u^4 + 6 u^5)). Past the last step its value there. */
KEDGE_API double kedge_schedule_value(const kedge_schedule *schedule, int column, int step);
/* The phase that holds at a step; "" before any. The actions that fire at it, comma-separated; "" if none. */
KEDGE_API const char *kedge_schedule_phase(const kedge_schedule *schedule, int step);
KEDGE_API const char *kedge_schedule_action(const kedge_schedule *schedule, int step);

/* The table as CSV text: 'step,phase,action,' then the columns, one row per step, values '%.9g'. The caller
 * frees *text with kedge_free. KEDGE_ENOMEM. */
KEDGE_API kedge_status kedge_schedule_print(const kedge_schedule *schedule, char **text);

#ifdef __cplusplus
}
#endif
#endif
