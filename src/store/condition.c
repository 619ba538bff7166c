/* condition.c - which runs, and which group, are meant. */
#include "store/condition.h"

#include <string.h>

#include "base/error.h"
#include "format/number.h"

static const char blanks[] = " \t";

typedef struct condition {
    kedge_name name;
    enum { EQUAL, UNEQUAL, LESS, LESS_OR_EQUAL, MORE, MORE_OR_EQUAL } op;
    const char *value;
    double number;
    bool is_number;
} condition;

static kedge_status no_memory(void)
{
    return kedge_fail_memory("a condition");
}

char *kedge_trimmed(kedge_arena *arena, const char *text, size_t length)
{
    size_t before = strspn(text, blanks);
    if (before > length) before = length;
    while (length > before && strchr(blanks, text[length - 1])) length--;
    return kedge_arena_bytes(arena, text + before, length - before);
}

bool kedge_cell_is(kedge_cell cell, const char *value)
{
    double number;
    if (cell.kind == KEDGE_CELL_NONE) return false;
    if (cell.kind == KEDGE_CELL_TEXT) return strcmp(cell.text, value) == 0;
    return kedge_number_real(value, &number) && cell.real == number;
}

bool kedge_recipe_is(const kedge_frame_group *group, const char *word)
{
    size_t length = strlen(word);
    return strcmp(group->title, word) == 0 || (length >= 4 && strncmp(group->digest, word, length) == 0);
}

/* ---- reading ---- */

/* The operator at 'at', and how long it is. */
static size_t read_op(const char *at, condition *self)
{
    bool equal = at[1] == '=';
    switch (at[0]) {
    case '=': self->op = EQUAL; return 1 + equal; /* '==' is meant so */
    case '<': self->op = equal ? LESS_OR_EQUAL : LESS; return 1 + equal;
    case '>': self->op = equal ? MORE_OR_EQUAL : MORE; return 1 + equal;
    default: self->op = UNEQUAL; return equal ? 2 : 0;
    }
}

static kedge_status check_value(const kedge_frame *frame, const char *written, const condition *self)
{
    static const char *const known[] = {"pending", "done", "failed"};
    bool ordered = self->op != EQUAL && self->op != UNEQUAL, text = self->name.kind == KEDGE_NAME_STATUS ||
                                                                    self->name.kind == KEDGE_NAME_RECIPE;
    if (ordered && (!self->is_number || text))
        return kedge_fail(KEDGE_EINVALID, "%s: condition '%s' does not compare numbers; use = or !=",
                          frame->store->path, written);
    if (self->name.kind == KEDGE_NAME_STATUS) {
        for (size_t i = 0; i < sizeof known / sizeof *known; i++)
            if (strcmp(self->value, known[i]) == 0) return KEDGE_OK;
        return kedge_fail(KEDGE_EINVALID, "%s: condition '%s': a run is 'pending', 'done' or 'failed'",
                          frame->store->path, written);
    }
    if (!text && self->name.kind != KEDGE_NAME_SETTING && !self->is_number)
        return kedge_fail(KEDGE_EINVALID, "%s: condition '%s': '%s' is no number", frame->store->path, written,
                          self->value);
    return KEDGE_OK;
}

static kedge_status read_condition(kedge_frame *frame, const char *written, condition *self)
{
    size_t length = strcspn(written, "=<>!");
    size_t op = written[length] ? read_op(written + length, self) : 0;
    const char *word = kedge_trimmed(&frame->arena, written, length);
    if (!word) return no_memory();
    if (op == 0 || !*word)
        return kedge_fail(KEDGE_EINVALID, "%s: condition '%s' is not NAME OP VALUE, such as 'score<0.9'; OP is one of "
                          "= != < <= > >=", frame->store->path, written);
    self->value = kedge_trimmed(&frame->arena, written + length + op, strlen(written + length + op));
    if (!self->value) return no_memory();
    self->is_number = kedge_number_real(self->value, &self->number);
    kedge_status status = kedge_frame_find(frame, word, &self->name);
    return status ? status : check_value(frame, written, self);
}

/* ---- which runs ---- */

static bool fulfils(const kedge_frame *frame, const kedge_frame_run *run, const condition *self)
{
    kedge_cell cell = kedge_frame_cell(frame, run, self->name);
    bool recipe = self->name.kind == KEDGE_NAME_RECIPE;
    bool equal = recipe ? kedge_recipe_is(&frame->groups[run->group], self->value) : kedge_cell_is(cell, self->value);
    if (self->op == EQUAL) return equal;
    if (self->op == UNEQUAL) return !equal;
    if (cell.kind != KEDGE_CELL_INTEGER && cell.kind != KEDGE_CELL_REAL) return false;
    switch (self->op) {
    case LESS: return cell.real < self->number;
    case LESS_OR_EQUAL: return cell.real <= self->number;
    case MORE: return cell.real > self->number;
    default: return cell.real >= self->number;
    }
}

kedge_status kedge_frame_filter(kedge_frame *frame, const char *const *conditions, int n)
{
    for (int i = 0; i < n; i++) {
        condition self = {0};
        kedge_status status = read_condition(frame, conditions[i], &self);
        if (status) return status;
        for (size_t j = 0; j < frame->n_runs; j++)
            frame->runs[j].kept = frame->runs[j].kept && fulfils(frame, &frame->runs[j], &self);
    }
    return KEDGE_OK;
}

/* ---- which group ---- */

/* The length of a 'path=value' up to the comma behind it; one in brackets or quotes belongs to the value. */
static size_t part_length(const char *at)
{
    int depth = 0;
    bool quoted = false;
    size_t n = 0;
    for (; at[n] && (at[n] != ',' || depth > 0 || quoted); n++) {
        if (at[n] == '"') quoted = !quoted;
        if (strchr("[{", at[n])) depth++;
        if (strchr("]}", at[n])) depth--;
    }
    return n;
}

/* Marks which groups have the settings that the user names; counts them. */
static kedge_status match_settings(kedge_frame *frame, const char *word, bool *fits, size_t *n_named)
{
    kedge_name name;
    for (const char *at = word; *at; at += *at == ',') {
        size_t length = part_length(at), path_length = strcspn(at, "=");
        if (path_length >= length)
            return kedge_fail(KEDGE_EINVALID, "%s: group '%s' is not path=value,path=value", frame->store->path, word);
        char *path = kedge_trimmed(&frame->arena, at, path_length);
        char *value = path ? kedge_trimmed(&frame->arena, at + path_length + 1, length - path_length - 1) : NULL;
        if (!value) return no_memory();
        kedge_status status = kedge_frame_find(frame, path, &name);
        if (status) return status;
        if (name.kind != KEDGE_NAME_SETTING)
            return kedge_fail(KEDGE_EINVALID, "%s: group '%s': '%s' is no setting", frame->store->path, word, path);
        for (size_t g = 0; g < frame->n_groups; g++)
            fits[g] = fits[g] && kedge_cell_is(frame->groups[g].values[name.index], value);
        ++*n_named;
        at += length;
    }
    return KEDGE_OK;
}

static size_t settings_of(const kedge_frame *frame, size_t group)
{
    size_t n = 0;
    for (size_t i = 0; i < frame->n_paths; i++) n += frame->groups[group].values[i].kind != KEDGE_CELL_NONE;
    return n;
}

/* The only group that fits; of several, the only one without further settings. */
static kedge_status only_one(kedge_frame *frame, const char *word, const bool *fits, size_t n_named, size_t *group)
{
    size_t n = 0, exact = 0, first = 0, second = 0, last_exact = 0;
    for (size_t g = 0; g < frame->n_groups; g++) {
        if (!fits[g]) continue;
        if (n == 0) first = g;
        if (n == 1) second = g;
        n++;
        if (settings_of(frame, g) != n_named) continue;
        exact++;
        last_exact = g;
    }
    if (n == 0)
        return kedge_fail(KEDGE_EINVALID, "%s: no group is '%s'; 'kedge runs --group' lists them", frame->store->path,
                          word);
    if (n > 1 && exact != 1)
        return kedge_fail(KEDGE_EINVALID, "%s: '%s' fits %zu groups, %zu and %zu among them; name more settings, or a "
                          "number", frame->store->path, word, n, first + 1, second + 1);
    *group = n == 1 ? first : last_exact;
    return KEDGE_OK;
}

kedge_status kedge_frame_group_named(kedge_frame *frame, const char *word, size_t *group)
{
    double number;
    size_t n_named = 0;
    bool digits = *word && word[strspn(word, "0123456789")] == '\0' && kedge_number_real(word, &number);
    if (digits && (number < 1 || number > (double)frame->n_groups))
        return kedge_fail(KEDGE_EINVALID, "%s: there is no group %s; there are %zu", frame->store->path, word,
                          frame->n_groups);
    if (digits) {
        *group = (size_t)number - 1;
        return KEDGE_OK;
    }
    bool *fits = kedge_arena_alloc(&frame->arena, frame->n_groups, sizeof *fits);
    if (!fits) return no_memory();
    bool settings = strchr(word, '=') != NULL;
    for (size_t g = 0; g < frame->n_groups; g++) fits[g] = settings || kedge_recipe_is(&frame->groups[g], word);
    kedge_status status = settings ? match_settings(frame, word, fits, &n_named) : KEDGE_OK;
    return status ? status : only_one(frame, word, fits, n_named, group);
}
