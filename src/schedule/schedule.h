/* schedule.h - a schedule from memory, for those inside. */
#ifndef SCHEDULE_SCHEDULE_H
#define SCHEDULE_SCHEDULE_H

#include <stdbool.h>

#include "base/context.h"
#include "kedge/schedule.h"
#include "schedule/until.h"

/* Bounds of a sheet: bytes of the file, its columns, and its largest step, which is also the most of a change. */
enum { KEDGE_SHEET_BYTES = 4 << 20, KEDGE_SHEET_COLUMNS = 1000, KEDGE_SHEET_STEP = 10000000 };

/* As kedge_schedule_load, from the bytes of a sheet; 'name' stands for the file in messages. */
kedge_status kedge_schedule_parse(kedge_schedule **out, kedge_context *ctx, const char *name, const char *bytes,
                                  size_t length);

/* A column's values at times[0..n), which do not fall, in one pass; at whole ones the same as kedge_schedule_value
 * gives. 'values' may be 'times'. */
void kedge_schedule_fill(const kedge_schedule *schedule, int column, int n, const double *times, double *values);

/* The rows that may come early, in order of their steps; *n of them. Owned by the schedule. */
const kedge_until *kedge_schedule_untils(const kedge_schedule *schedule, int *n);

/* Key i of a column, in order of steps: what the sheet's cells set, and the end of each change in it, but not the keys
 * that a change put out of force. False past the end. */
bool kedge_schedule_key(const kedge_schedule *schedule, int column, int i, int *step, double *value);

#endif
