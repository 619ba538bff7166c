/* amend.h - a sheet with changes that were made since, as a sheet. */
#ifndef SCHEDULE_AMEND_H
#define SCHEDULE_AMEND_H

#include <stdbool.h>

#include "base/text.h"

/* From 'step' on a property leaves what it is doing for 'value', over so many steps: what a cell '~value/over' says. */
typedef struct kedge_amendment {
    const char *column;
    int step;
    double value;
    int over;
    bool hold; /* then it stays there: later keys and changes of the column are left out, those made before this one */
} kedge_amendment;

/* Appends the sheet 'bytes' (which has no mistake; 'name' stands for it in messages) with the changes, in the order in
 * which they were made. Its keys stand at absolute steps, its columns in their order; a property that it has none for
 * gets one behind them, which begins with a key of 'absent'. All steps before a change have the values that they had,
 * to the bit. The number of steps is the same, but where a change comes after the last. KEDGE_ENOMEM; the errors of
 * the sheet; KEDGE_EINVALID if it has rows that come early, as then a step of the sheet is none of the run. */
kedge_status kedge_schedule_amend(kedge_text *text, kedge_context *ctx, const char *name, const char *bytes,
                                  size_t length, const kedge_amendment *changes, int n, double absent);

#endif
