/* dopesheet_cell.c - the columns of a sheet that are no property, and what a cell of one that is says. */
#include <string.h>

#include "format/number.h"
#include "schedule/dopesheet.h"

const char *const kedge_dopesheet_reserved[KEDGE_SHEET_RESERVED] = {"STEP", "PHASE", "ACTION", "UNTIL"};

/* Changes: '~GOAL/STEPS'. */
bool kedge_dopesheet_cell(const kedge_csv_cell *cell, double *value, int *over)
{
    char goal[400]; /* longer than any number that anybody writes */
    double steps;
    const char *slash = strchr(cell->text, '/');
    if (cell->text[0] != '~') {
        *over = -1;
        return kedge_csv_real(cell, value);
    }
    if (!slash || slash[1 + strspn(slash + 1, "0123456789")] || !kedge_number_real(slash + 1, &steps)) return false;
    size_t length = (size_t)(slash - cell->text) - 1;
    if (length >= sizeof goal) return false;
    memcpy(goal, cell->text + 1, length);
    goal[length] = '\0';
    *over = steps > KEDGE_SHEET_STEP ? KEDGE_SHEET_STEP + 1 : (int)steps;
    return kedge_number_real(goal, value);
}
