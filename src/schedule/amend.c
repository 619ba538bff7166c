/* amend.c - a sheet with changes, written as a sheet. */
#include "schedule/amend.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format/csv.h"
#include "schedule/dopesheet.h"

enum { NEVER = 2 * KEDGE_SHEET_STEP + 1, NO_CHANGE = -1, BEHIND_KEYS = 1 << 30 };

/* A key, or a change over so many steps. */
typedef struct cell {
    int step, order; /* cells of a step come in this order */
    double value;
    int over; /* NO_CHANGE: a key */
} cell;

typedef struct column {
    const kedge_track *track; /* name, space and interpolator */
    int n, made; /* cells; how many there ever were */
    cell *cells;
    int held; /* no key after this step counts */
} column;

typedef struct amender {
    kedge_arena arena;
    kedge_dopesheet sheet;
    int n, steps;
    column *columns;
} amender;

static void add(column *self, int step, double value, int over)
{
    int order = self->made++ + (over == NO_CHANGE ? 0 : BEHIND_KEYS);
    self->cells[self->n++] = (cell){.step = step, .order = order, .value = value, .over = over};
}

static bool is_key(const cell *at)
{
    return at->over == NO_CHANGE;
}

/* The cells of a column as the sheet has them, and room for changes. */
static bool open_column(amender *self, column *to, const kedge_track *track, int n_changes)
{
    /* Each change and each change of the sheet may need another that keeps its value. */
    int room = track->n + 1 + 2 * (track->n_joins + n_changes);
    to->track = track;
    to->held = NEVER;
    to->cells = kedge_arena_alloc(&self->arena, (size_t)room, sizeof *to->cells);
    if (!to->cells) return false;
    for (int i = 0; i < track->n; i++) add(to, track->keys[i].step, track->keys[i].value, NO_CHANGE);
    for (int i = 0; i < track->n_joins; i++) {
        const kedge_join *join = &track->joins[i];
        add(to, join->step, join->goal, join->end - join->step);
    }
    return true;
}

/* Leaves out what a value that stays from 'step' on makes idle: later changes, and keys but for the first that would
 * follow, to which the steps before may be on their way. */
static void hold(column *self, int step)
{
    int last = step, next = NEVER, kept = 0;
    for (int i = 0; i < self->n; i++) {
        const cell *at = &self->cells[i];
        if (!is_key(at) && at->step <= step && at->step + at->over > last) last = at->step + at->over;
    }
    for (int i = 0; i < self->n; i++)
        if (is_key(&self->cells[i]) && self->cells[i].step > last && self->cells[i].step < next)
            next = self->cells[i].step;
    for (int i = 0; i < self->n; i++) {
        const cell *at = &self->cells[i];
        if (is_key(at) ? at->step <= next : at->step <= step) self->cells[kept++] = *at;
    }
    self->n = kept;
    if (step < self->held) self->held = step;
}

static int by_step(const void *a, const void *b)
{
    const cell *left = a, *right = b;
    if (left->step != right->step) return left->step < right->step ? -1 : 1;
    return left->order < right->order ? -1 : left->order > right->order;
}

/* Keeps the value of each change from 'held' on where keys would follow: by changes to the value that it has. */
static void keep_held(column *self)
{
    int n = self->n, last_key = -1, end = -1;
    double value = 0;
    qsort(self->cells, (size_t)n, sizeof *self->cells, by_step);
    for (int i = 0; i < n; i++)
        if (is_key(&self->cells[i])) last_key = self->cells[i].step;
    for (int i = 0; i <= n; i++) {
        const cell *at = i < n ? &self->cells[i] : NULL;
        if (at && (is_key(at) || at->step < self->held)) continue;
        int until = at && at->step < last_key ? at->step : last_key;
        if (end >= 0 && end < until) add(self, end, value, until - end);
        if (!at) break;
        end = at->step + at->over;
        value = at->value;
    }
    qsort(self->cells, (size_t)self->n, sizeof *self->cells, by_step);
}

static column *find_column(amender *self, const char *name)
{
    for (int i = 0; i < self->n; i++)
        if (strcmp(self->columns[i].track->name, name) == 0) return &self->columns[i];
    return NULL;
}

/* A column that the sheet has not. NULL without memory. */
static column *begin_column(amender *self, const char *name, int n_changes, double absent)
{
    kedge_track *track = kedge_arena_alloc(&self->arena, 1, sizeof *track);
    column *made = &self->columns[self->n];
    if (!track) return NULL;
    track->name = kedge_arena_text(&self->arena, name);
    if (!track->name || !open_column(self, made, track, n_changes)) return NULL;
    add(made, 0, absent, NO_CHANGE);
    self->n++;
    return made;
}

static bool gather(amender *self, const kedge_amendment *changes, int n, double absent)
{
    self->steps = self->sheet.steps;
    self->columns = kedge_arena_alloc(&self->arena, (size_t)(self->sheet.n_tracks + n), sizeof *self->columns);
    if (!self->columns) return false;
    for (; self->n < self->sheet.n_tracks; self->n++)
        if (!open_column(self, &self->columns[self->n], &self->sheet.tracks[self->n], n)) return false;
    for (int i = 0; i < n; i++) {
        column *to = find_column(self, changes[i].column);
        if (!to) to = begin_column(self, changes[i].column, n, absent);
        if (!to) return false;
        if (changes[i].hold) hold(to, changes[i].step);
        add(to, changes[i].step, changes[i].value, changes[i].over);
        if (changes[i].step >= self->steps) self->steps = changes[i].step + 1;
    }
    for (int i = 0; i < self->n; i++) keep_held(&self->columns[i]);
    return true;
}

/* ---- text ---- */

/* The shortest text that is read as the same number. */
static void add_number(kedge_text *text, double value)
{
    char raw[64], format[8];
    int precision = 0;
    if (fabs(value) < 1e6 && value == trunc(value)) { /* 90, where the shortest is 9e+01 */
        kedge_text_add_real(text, "%.0f", value);
        return;
    }
    do snprintf(raw, sizeof raw, "%.*g", ++precision, value);
    while (precision < 17 && strtod(raw, NULL) != value);
    snprintf(format, sizeof format, "%%.%dg", precision);
    kedge_text_add_real(text, format, value);
}

static void add_header(amender *self, kedge_text *text)
{
    static const char *const eases[] = {[KEDGE_EASE_MINJERK] = "", [KEDGE_EASE_LINEAR] = "linear",
                                        [KEDGE_EASE_STEP] = "step"};
    kedge_text_add(text, "STEP");
    if (self->sheet.n_phases > 0) kedge_text_add(text, ",PHASE");
    if (self->sheet.n_actions > 0) kedge_text_add(text, ",ACTION");
    for (int i = 0; i < self->n; i++) {
        const kedge_track *track = self->columns[i].track;
        const char *space = track->space == KEDGE_SPACE_LOG ? "log" : "", *ease = eases[track->interpolator];
        const char *header = kedge_arena_format(&self->arena, "%s%s%s%s%s", track->name,
                                                *space || *ease ? ":" : "", space, *ease ? ":" : "", ease);
        kedge_text_add(text, ",");
        if (header) kedge_csv_add_cell(text, header);
        else text->broken = true;
    }
    kedge_text_add(text, "\n");
}

/* The text of the mark at a step, if it is not written yet. */
static void add_mark(kedge_text *text, const kedge_mark *marks, int n, int *next, int step)
{
    kedge_text_add(text, ",");
    if (*next < n && marks[*next].step == step) kedge_csv_add_cell(text, marks[(*next)++].text);
}

/* Where the next row stands: next[i] is the first cell of column i that is not written yet. The end of the sheet is a
 * row of its own, if need be. */
static int next_step(const amender *self, const int *next, int phase, int action, bool ended)
{
    int step = ended ? NEVER : self->steps - 1;
    if (phase < self->sheet.n_phases && self->sheet.phases[phase].step < step) step = self->sheet.phases[phase].step;
    if (action < self->sheet.n_actions && self->sheet.actions[action].step < step)
        step = self->sheet.actions[action].step;
    for (int i = 0; i < self->n; i++)
        if (next[i] < self->columns[i].n && self->columns[i].cells[next[i]].step < step)
            step = self->columns[i].cells[next[i]].step;
    return step;
}

static void add_rows(const amender *self, int *next, kedge_text *text)
{
    int phase = 0, action = 0, step;
    bool ended = false;
    while ((step = next_step(self, next, phase, action, ended)) < NEVER && !text->broken) {
        kedge_text_addf(text, "%d", step);
        if (self->sheet.n_phases > 0) add_mark(text, self->sheet.phases, self->sheet.n_phases, &phase, step);
        if (self->sheet.n_actions > 0) add_mark(text, self->sheet.actions, self->sheet.n_actions, &action, step);
        for (int i = 0; i < self->n; i++) {
            const cell *at = &self->columns[i].cells[next[i]];
            kedge_text_add(text, ",");
            if (next[i] == self->columns[i].n || at->step != step) continue;
            if (!is_key(at)) kedge_text_add(text, "~");
            add_number(text, at->value);
            if (!is_key(at)) kedge_text_addf(text, "/%d", at->over);
            next[i]++;
        }
        kedge_text_add(text, "\n");
        ended = ended || step == self->steps - 1;
    }
}

kedge_status kedge_schedule_amend(kedge_text *text, kedge_context *ctx, const char *name, const char *bytes,
                                  size_t length, const kedge_amendment *changes, int n, double absent)
{
    amender self = {.n = 0};
    int *next = NULL;
    kedge_status status;
    kedge_errors *errors = kedge_alloc(ctx, 1, sizeof *errors);
    kedge_arena_init(&self.arena, ctx);
    if (!errors) {
        status = kedge_fail_memory("a schedule");
        goto done;
    }
    kedge_errors_init(errors);
    kedge_dopesheet_parse(&self.sheet, &self.arena, name, bytes, length, errors);
    status = kedge_errors_status(errors);
    if (!status && self.sheet.n_untils > 0)
        status = kedge_fail(KEDGE_EINVALID, "%s: has rows that come early (UNTIL); cannot be changed under way",
                            name);
    if (status) goto done;
    if (gather(&self, changes, n, absent)) next = kedge_arena_alloc(&self.arena, (size_t)self.n, sizeof *next);
    if (!next) {
        status = kedge_fail_memory("a schedule");
        goto done;
    }
    add_header(&self, text);
    add_rows(&self, next, text);
    status = kedge_text_status(text, "a schedule");
done:
    kedge_release(ctx, errors);
    kedge_arena_release(&self.arena);
    return status;
}
