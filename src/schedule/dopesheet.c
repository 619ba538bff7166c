/* dopesheet.c - keyframes in a CSV table. */
#include "schedule/dopesheet.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "format/csv.h"
#include "format/number.h"
#include "format/utf8.h"

/* What a row's STEP says: a step, so many steps from the absolute row above or below, or a share of the gap. */
typedef enum step_kind { STEP_WRONG, STEP_ABSOLUTE, STEP_AFTER, STEP_BEFORE, STEP_SHARE, STEP_SHARE_BACK } step_kind;

typedef struct sheet_row {
    step_kind kind;
    double number; /* steps, or a share in (0, 1) */
    int index;     /* in the file */
    int step;      /* resolved */
} sheet_row;

typedef struct sheet {
    kedge_csv csv;
    kedge_arena *arena;
    kedge_errors *errors;
    int step, phase, action, until; /* reserved columns; -1: not there */
    sheet_row *rows;               /* in file order, then sorted by step */
    kedge_dopesheet out;
} sheet;

static const char *const space_names[] = {"linear", "log"};
static const char *const ease_names[] = {"minjerk", "linear", "step", "step-end"};
static const kedge_interpolator eases[] = {KEDGE_EASE_MINJERK, KEDGE_EASE_LINEAR, KEDGE_EASE_STEP, KEDGE_EASE_STEP};
enum { N_SPACES = 2, N_EASES = 4 };

static void KEDGE_PRINTF(4, 5) report(sheet *self, const kedge_csv_cell *cell, size_t offset, const char *format, ...)
{
    char what[512];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    kedge_errors_add(self->errors, KEDGE_EINVALID, "%s:%d:%d: %s", self->csv.file, cell->line,
                     cell->column + (int)offset, what);
}

static void no_memory(sheet *self)
{
    kedge_errors_add(self->errors, KEDGE_ENOMEM, "%s: out of memory", self->csv.file);
}

static int find(const char *word, const char *const *names, int n)
{
    for (int i = 0; i < n; i++)
        if (strcmp(word, names[i]) == 0) return i;
    return -1;
}

/* STEP cells. */

static size_t count_digits(const char *text)
{
    return strspn(text, "0123456789");
}

/* Why a STEP cell is wrong; all messages say what would be right. */
static sheet_row wrong_step(sheet *self, const kedge_csv_cell *cell, const char *why)
{
    report(self, cell, 0, "STEP '%s': %s", kedge_clip_text(cell->text).text, why);
    return (sheet_row){.kind = STEP_WRONG};
}

static sheet_row parse_share(sheet *self, const kedge_csv_cell *cell, const char *text, bool back)
{
    double share = 0.0;
    size_t before = count_digits(text), after = count_digits(text + before + 1);
    if (before + after == 0 || text[before + 1 + after] != '\0' || !kedge_number_real(text, &share))
        return wrong_step(self, cell, "no number; write a step '750', a distance '+10' or a share '+0.5'");
    if (share <= 0.0 || share >= 1.0)
        return wrong_step(self, cell, "a share lies between 0 and 1, without them; whole steps have no point");
    return (sheet_row){.kind = back ? STEP_SHARE_BACK : STEP_SHARE, .number = share};
}

static sheet_row parse_step(sheet *self, const kedge_csv_cell *cell)
{
    const char *text = cell->text;
    bool sign = *text == '+' || *text == '-', back = *text == '-';
    if (sign) text++;
    size_t digits = count_digits(text);
    if (*cell->text == '\0')
        return wrong_step(self, cell, "empty; every row has a step '750', a distance '+10' or a share '+0.5'");
    if (sign && text[digits] == '.') return parse_share(self, cell, text, back);
    if (text[digits] == '.' && text[digits + 1 + count_digits(text + digits + 1)] == '\0')
        return wrong_step(self, cell, "a share of a gap has a sign ('+0.5', '-0.5'), a step has no point");
    if (digits == 0 || text[digits] != '\0')
        return wrong_step(self, cell, "no number; write a step '750', a distance '+10' or a share '+0.5'");
    double number = 0.0;
    if (!kedge_number_real(text, &number) || (!back && number > KEDGE_SHEET_STEP))
        return wrong_step(self, cell, "too large; steps go up to 10000000");
    return (sheet_row){.kind = !sign ? STEP_ABSOLUTE : back ? STEP_BEFORE : STEP_AFTER, .number = number};
}

/* Half to even, whatever the caller's rounding mode. */
static double round_even(double value)
{
    double below = floor(value), share = value - below;
    if (share != 0.5) return share < 0.5 ? below : below + 1.0;
    return fmod(below, 2.0) == 0.0 ? below : below + 1.0;
}

/* The step of a relative row between the absolute rows 'above' and 'below' (NULL: there is none). */
static void resolve(sheet *self, sheet_row *row, const sheet_row *above, const sheet_row *below)
{
    const kedge_csv_cell *cell = kedge_csv_at(&self->csv, row->index, self->step);
    bool needs_above = row->kind != STEP_BEFORE, needs_below = row->kind != STEP_AFTER;
    double step = 0.0;
    if ((needs_above && !above) || (needs_below && !below)) {
        wrong_step(self, cell, needs_above && !above ? "no absolute step in a row above to count from"
                                                     : "no absolute step in a row below to count from");
        return;
    }
    switch (row->kind) {
    case STEP_AFTER: step = above->number + row->number; break;
    case STEP_BEFORE: step = below->number - row->number; break;
    case STEP_SHARE: step = round_even(above->number + row->number * (below->number - above->number)); break;
    case STEP_SHARE_BACK: step = round_even(below->number - row->number * (below->number - above->number)); break;
    case STEP_ABSOLUTE:
    case STEP_WRONG: break;
    }
    if (step > KEDGE_SHEET_STEP) wrong_step(self, cell, "too large; steps go up to 10000000");
    else row->step = step < 0.0 ? 0 : (int)step;
}

static int by_step(const void *a, const void *b)
{
    const sheet_row *left = a, *right = b;
    if (left->step != right->step) return left->step < right->step ? -1 : 1;
    return left->index < right->index ? -1 : left->index > right->index;
}

/* Reads and resolves every STEP, then sorts the rows. */
static void read_steps(sheet *self)
{
    int n = self->csv.rows, next = 0;
    const sheet_row *above = NULL;
    self->rows = kedge_arena_alloc(self->arena, (size_t)n, sizeof *self->rows);
    if (!self->rows) {
        no_memory(self);
        return;
    }
    for (int i = 0; i < n; i++) {
        self->rows[i] = parse_step(self, kedge_csv_at(&self->csv, i, self->step));
        self->rows[i].index = i;
        if (self->rows[i].kind == STEP_ABSOLUTE) self->rows[i].step = (int)self->rows[i].number;
    }
    for (int i = 0; i < n; i++) {
        sheet_row *row = &self->rows[i];
        if (row->kind == STEP_ABSOLUTE) above = row;
        if (row->kind == STEP_ABSOLUTE || row->kind == STEP_WRONG) continue;
        for (next = next > i ? next : i; next < n && self->rows[next].kind != STEP_ABSOLUTE;) next++;
        resolve(self, row, above, next < n ? &self->rows[next] : NULL);
    }
    qsort(self->rows, (size_t)n, sizeof *self->rows, by_step);
    self->out.steps = self->rows[n - 1].step + 1;
}

/* Headers. */

/* Splits a header at its colons, in a copy; returns the number of parts, at most 4. */
static int split_header(char *text, char *parts[4])
{
    int n = 0;
    for (char *at = text; n < 4; at++) {
        size_t blanks = strspn(at, " \t"), length = strcspn(at, ":");
        char *end = at + length;
        parts[n++] = at + blanks;
        bool last = *end == '\0';
        *end = '\0';
        for (at = end; at > parts[n - 1] && (at[-1] == ' ' || at[-1] == '\t');) *--at = '\0';
        if (last) break;
        at = end;
    }
    return n;
}

/* The number of 'word' among 'names', -1 with an error if it is none of them. */
static int choose(sheet *self, const kedge_csv_cell *cell, size_t offset, const char *what, const char *word,
                  const char *const *names, int n)
{
    int found = find(word, names, n);
    if (found >= 0) return found;
    const char *nearest = kedge_nearest(word, names, n);
    if (nearest)
        report(self, cell, offset, "unknown %s '%s'; did you mean '%s'?", what, kedge_clip_text(word).text, nearest);
    else if (names == space_names && find(word, ease_names, N_EASES) >= 0)
        report(self, cell, offset, "unknown %s '%s'; an interpolator stands behind two colons: '::%s'", what, word,
               word);
    else
        report(self, cell, offset, "unknown %s '%s'; there are %s", what, kedge_clip_text(word).text,
               names == space_names ? "'linear' and 'log'" : "'minjerk', 'linear', 'step' and 'step-end'");
    return -1;
}

/* Whether a column is a reserved one under a slip of its name: 'ACTIONS', with cells of which none is a number. */
static bool is_misnamed(sheet *self, int column)
{
    const kedge_csv_cell *header = &self->csv.header[column];
    const char *nearest = kedge_nearest(header->text, kedge_dopesheet_reserved, KEDGE_SHEET_RESERVED);
    int filled = 0, over;
    double value;
    for (int i = 0; nearest && i < self->csv.rows; i++) {
        const kedge_csv_cell *cell = kedge_csv_at(&self->csv, i, column);
        filled += cell->text[0] != '\0';
        if (kedge_dopesheet_cell(cell, &value, &over)) return false;
    }
    if (filled == 0 || strcasecmp(header->text, nearest) == 0) return false;
    report(self, header, 0, "no cell of column '%s' is a number; did you mean the reserved column '%s'?",
           kedge_clip_text(header->text).text, nearest);
    return true;
}

static void parse_header(sheet *self, kedge_track *track, const kedge_csv_cell *cell)
{
    char *parts[4], *text = kedge_arena_text(self->arena, cell->text);
    track->name = "";
    if (!text) {
        no_memory(self);
        return;
    }
    int n = split_header(text, parts);
    track->name = parts[0];
    if (n == 4) {
        report(self, cell, (size_t)(parts[3] - text),
               "more than two colons in a header; write property:space:interpolator");
        return;
    }
    if (*parts[0] == '\0') report(self, cell, 0, "a header without a property; write property:space:interpolator");
    for (int i = 0; i < KEDGE_SHEET_RESERVED; i++)
        if (strcasecmp(parts[0], kedge_dopesheet_reserved[i]) == 0)
            report(self, cell, 0, "'%s' is no property; the reserved column is '%s' and nothing more",
                   kedge_clip_text(cell->text).text, kedge_dopesheet_reserved[i]);
    int space = 0, ease = 0;
    if (n > 1 && *parts[1])
        space = choose(self, cell, (size_t)(parts[1] - text), "space", parts[1], space_names, N_SPACES);
    if (n > 2 && *parts[2])
        ease = choose(self, cell, (size_t)(parts[2] - text), "interpolator", parts[2], ease_names, N_EASES);
    if (space == 1) track->space = KEDGE_SPACE_LOG;
    if (ease >= 0) track->interpolator = eases[ease];
    for (const kedge_track *other = self->out.tracks; other < track; other++)
        if (*track->name && strcmp(other->name, track->name) == 0)
            report(self, cell, 0, "a second column for the property '%s'; merge them",
                   kedge_clip_text(track->name).text);
}

/* Reads a cell that is not empty. False after an error. */
static bool read_cell(sheet *self, const kedge_track *track, const kedge_csv_cell *cell, double *value, int *over)
{
    bool read = kedge_dopesheet_cell(cell, value, over);
    if (read && *over <= KEDGE_SHEET_STEP && (track->space == KEDGE_SPACE_LINEAR || *value >= 0.0)) return true;
    kedge_clip text = kedge_clip_text(cell->text);
    if (!read && cell->text[0] == '~')
        report(self, cell, 0, "'%s' is no change; write the new value and the steps to it, like '~0.2/50'", text.text);
    else if (!read)
        report(self, cell, 0, "'%s' is no finite number; write a decimal like 0.05 or 1e-8, or leave it empty",
               text.text);
    else if (*over > KEDGE_SHEET_STEP)
        report(self, cell, 0, "'%s' takes too long; a change has at most %d steps", text.text, KEDGE_SHEET_STEP);
    else
        report(self, cell, 0, "%s is below 0 in a column of space 'log'; use 'linear'", text.text);
    return false;
}

/* The keys of a track, its cells that are numbers in the order of the steps; the other cells are changes. */
static void read_keys(sheet *self, kedge_track *track, int column, kedge_key *keys)
{
    double value;
    int over;
    for (int i = 0; i < self->csv.rows; i++) {
        const kedge_csv_cell *cell = kedge_csv_at(&self->csv, self->rows[i].index, column);
        if (cell->text[0] == '\0') continue;
        if (read_cell(self, track, cell, &value, &over) && over < 0)
            keys[track->n++] = (kedge_key){self->rows[i].step, value};
    }
}

/* The changes of a track whose keys are read: each goes on from what those before it make. */
static void read_joins(sheet *self, kedge_track *track, int column, kedge_join *joins)
{
    double value;
    int over;
    for (int i = 0; i < self->csv.rows; i++) {
        const kedge_csv_cell *cell = kedge_csv_at(&self->csv, self->rows[i].index, column);
        if (cell->text[0] != '~' || !kedge_dopesheet_cell(cell, &value, &over)) continue;
        if (kedge_track_join(track, self->rows[i].step, value, over, &joins[track->n_joins]))
            track->n_joins++;
        else
            report(self, cell, 0, "'%s' is too far to go on from what is there; jump with '/0'",
                   kedge_clip_text(cell->text).text);
    }
}

static void read_cells(sheet *self, kedge_track *track, int column)
{
    int n = 0, n_joins = 0, before = self->errors->count;
    for (int i = 0; i < self->csv.rows; i++) {
        const char *text = kedge_csv_at(&self->csv, i, column)->text;
        n_joins += text[0] == '~';
        n += text[0] != '\0' && text[0] != '~';
    }
    kedge_key *keys = kedge_arena_alloc(self->arena, (size_t)n, sizeof *keys);
    kedge_join *joins = kedge_arena_alloc(self->arena, (size_t)n_joins, sizeof *joins);
    if (!keys || !joins) {
        no_memory(self);
        return;
    }
    track->keys = keys;
    track->joins = joins;
    read_keys(self, track, column, keys);
    if (n_joins > 0 && self->errors->count == before) read_joins(self, track, column, joins);
}

static void read_tracks(sheet *self)
{
    int columns = self->csv.columns;
    int named = (self->step >= 0) + (self->phase >= 0) + (self->action >= 0) + (self->until >= 0);
    const kedge_csv_cell *header = self->csv.header;
    if (columns == named) {
        report(self, &header[0], 0, "no property column; add one such as 'lr'");
        return;
    }
    self->out.tracks = kedge_arena_alloc(self->arena, (size_t)(columns - named), sizeof *self->out.tracks);
    if (!self->out.tracks) {
        no_memory(self);
        return;
    }
    for (int i = 0; i < columns; i++) {
        if (i == self->step || i == self->phase || i == self->action || i == self->until) continue;
        kedge_track *track = &self->out.tracks[self->out.n_tracks];
        parse_header(self, track, &header[i]);
        self->out.n_tracks++;
        if (self->rows && !is_misnamed(self, i)) read_cells(self, track, i);
    }
}

/* Marks: phases and actions. */

/* Names with commas between, without the spaces around them; NULL after an error. */
static const char *parse_actions(sheet *self, const kedge_csv_cell *cell)
{
    char *names = kedge_arena_text(self->arena, cell->text), *put = names;
    if (!names) {
        no_memory(self);
        return NULL;
    }
    for (const char *at = cell->text;; at++) {
        size_t blanks = strspn(at, " \t"), length = strcspn(at, ","), end = length;
        while (end > blanks && (at[end - 1] == ' ' || at[end - 1] == '\t')) end--;
        if (end <= blanks) {
            report(self, cell, (size_t)(at - cell->text), "an empty action name; write names with commas between");
            return NULL;
        }
        memmove(put, at + blanks, end - blanks);
        put += end - blanks;
        at += length;
        *put++ = *at; /* the comma, or the final 0 */
        if (*at == '\0') return names;
    }
}

/* The texts of marks[0..n) with commas between. */
static char *join_texts(kedge_arena *arena, const kedge_mark *marks, int n)
{
    size_t length = 0;
    for (int i = 0; i < n; i++) length += strlen(marks[i].text) + 1;
    char *joined = kedge_arena_alloc(arena, length, 1), *put = joined;
    for (int i = 0; i < n && joined; i++) {
        size_t size = strlen(marks[i].text);
        memcpy(put, marks[i].text, size);
        put += size;
        *put++ = i + 1 < n ? ',' : '\0';
    }
    return joined;
}

/* Makes one mark of those that share a step: of the last text, or of all. Returns how many are left. */
static int merge_marks(sheet *self, kedge_mark *marks, int n, bool join)
{
    int kept = 0;
    for (int i = 0, next; i < n; i = next) {
        for (next = i + 1; next < n && marks[next].step == marks[i].step;) next++;
        kedge_mark mark = marks[next - 1];
        if (join && next > i + 1) mark.text = join_texts(self->arena, &marks[i], next - i);
        if (!mark.text) {
            no_memory(self);
            return 0;
        }
        marks[kept++] = mark;
    }
    return kept;
}

/* Collects the texts of a column, one for each step that has any; returns how many. */
static int read_marks(sheet *self, kedge_mark **out, int column, bool join)
{
    int n = 0;
    if (column < 0 || !self->rows) return 0;
    kedge_mark *marks = kedge_arena_alloc(self->arena, (size_t)self->csv.rows, sizeof *marks);
    if (!marks) {
        no_memory(self);
        return 0;
    }
    for (int i = 0; i < self->csv.rows; i++) {
        const kedge_csv_cell *cell = kedge_csv_at(&self->csv, self->rows[i].index, column);
        if (cell->text[0] == '\0') continue;
        const char *text = join ? parse_actions(self, cell) : cell->text;
        if (text) marks[n++] = (kedge_mark){.step = self->rows[i].step, .text = text};
    }
    *out = marks;
    return merge_marks(self, marks, n, join);
}

/* Conditions. */

static void read_untils(sheet *self)
{
    if (self->until < 0 || !self->rows) return;
    kedge_until *untils = kedge_arena_alloc(self->arena, (size_t)self->csv.rows, sizeof *untils);
    int from = -1, step = -1, n = 0; /* the steps of the row before and of this one */
    if (!untils) no_memory(self);
    for (int i = 0; untils && i < self->csv.rows; i++) {
        const kedge_csv_cell *cell = kedge_csv_at(&self->csv, self->rows[i].index, self->until);
        if (self->rows[i].step > step) from = step, step = self->rows[i].step;
        if (cell->text[0] == '\0') continue;
        if (n > 0 && untils[n - 1].step == step)
            report(self, cell, 0, "a second condition for step %d; leave one out", step);
        else
            n += kedge_until_read(&untils[n], self->arena, self->csv.file, cell, from, step, self->errors);
    }
    self->out.untils = untils;
    self->out.n_untils = n;
}

static void read_sheet(sheet *self)
{
    const kedge_csv *csv = &self->csv;
    self->step = kedge_csv_column(csv, kedge_dopesheet_reserved[0]);
    self->phase = kedge_csv_column(csv, kedge_dopesheet_reserved[1]);
    self->action = kedge_csv_column(csv, kedge_dopesheet_reserved[2]);
    self->until = kedge_csv_column(csv, kedge_dopesheet_reserved[3]);
    if (csv->columns > KEDGE_SHEET_COLUMNS) {
        report(self, &csv->header[KEDGE_SHEET_COLUMNS], 0, "more than %d columns", KEDGE_SHEET_COLUMNS);
        return;
    }
    if (self->step < 0) report(self, &csv->header[0], 0, "no column 'STEP'; every sheet has one");
    if (csv->rows == 0) report(self, &csv->header[0], 0, "a sheet without rows; add at least one below the header");
    if (self->step >= 0 && csv->rows > 0) read_steps(self);
    read_tracks(self);
    self->out.n_phases = read_marks(self, &self->out.phases, self->phase, false);
    self->out.n_actions = read_marks(self, &self->out.actions, self->action, true);
    read_untils(self);
}

bool kedge_dopesheet_parse(kedge_dopesheet *out, kedge_arena *arena, const char *name, const char *bytes,
                           size_t length, kedge_errors *errors)
{
    int before = errors->count;
    sheet self = {.arena = arena, .errors = errors};
    if (!kedge_csv_parse(&self.csv, arena, name, bytes, length, errors)) return false;
    read_sheet(&self);
    if (errors->count > before) return false;
    *out = self.out;
    return true;
}

bool kedge_dopesheet_load(kedge_dopesheet *out, kedge_arena *arena, const char *path, kedge_errors *errors)
{
    int before = errors->count;
    sheet self = {.arena = arena, .errors = errors};
    if (!kedge_csv_load(&self.csv, arena, path, KEDGE_SHEET_BYTES, errors)) return false;
    read_sheet(&self);
    if (errors->count > before) return false;
    *out = self.out;
    return true;
}
