/* recipe_actions.c - the actions that a recipe's sheet names. */
#include <stdio.h>
#include <string.h>

#include "run/recipe_parts.h"
#include "run/training.h"
#include "train/action.h"

enum { MOST_KINDS = 16 };

static bool captures(const kedge_term_options *term)
{
    return kedge_term_kinds[term->kind]->capture != NULL;
}

/* The kind that 'name' [length] begins with, up to its colon; -1: none. */
static int find_kind(const char *name, size_t length)
{
    size_t end = strcspn(name, ":");
    if (end > length) end = length;
    for (int i = 0; kedge_action_kinds[i].name; i++)
        if (strlen(kedge_action_kinds[i].name) == end && memcmp(kedge_action_kinds[i].name, name, end) == 0) return i;
    return -1;
}

static int find_term(const kedge_recipe *recipe, const char *name, size_t length)
{
    for (int i = 0; i < recipe->n_terms; i++) {
        const char *own = recipe->terms[i].name;
        if (strlen(own) == length && memcmp(own, name, length) == 0) return i;
    }
    return -1;
}

/* The action whose name begins at 'at', but for its step; returns where the next one begins, or the final 0. */
static const char *read_action(const kedge_recipe *recipe, const char *at, kedge_action *action)
{
    size_t length = strcspn(at, ","), end = strcspn(at, ":,");
    action->kind = find_kind(at, length);
    action->term = end < length ? find_term(recipe, at + end + 1, length - end - 1) : -1;
    return at + length + (at[length] == ',');
}

int kedge_recipe_actions(const kedge_recipe *recipe, kedge_action *actions)
{
    int n = 0, steps = (int)recipe->steps;
    if (recipe->hold >= 0 && recipe->hold < steps) steps = (int)recipe->hold + 1; /* later ones stay at that step */
    for (int step = 0; recipe->sheet && step < steps; step++) {
        const char *at = kedge_schedule_action(recipe->sheet, step);
        while (*at) {
            kedge_action action = {.step = step};
            at = read_action(recipe, at, &action);
            if (actions) actions[n] = action;
            n++;
        }
    }
    return n;
}

int kedge_recipe_capture_step(const kedge_recipe *recipe, int term)
{
    int steps = recipe->sheet ? kedge_schedule_steps(recipe->sheet) : 0;
    for (int step = 0; step < steps; step++) {
        const char *at = kedge_schedule_action(recipe->sheet, step);
        while (*at) {
            kedge_action action = {.step = step};
            at = read_action(recipe, at, &action);
            if (kedge_action_first_capture(1, &action, term) >= 0) return step;
        }
    }
    return -1;
}

/* ---- checking ---- */

/* A name in the column, and its place. */
typedef struct named {
    char text[80]; /* cut, if need be */
    char where[1024];
} named;

static void check_kind(kedge_recipe_loader *l, const named *name)
{
    const char *kinds[MOST_KINDS];
    char hint[512];
    int n = 0;
    for (; kedge_action_kinds[n].name; n++) kinds[n] = kedge_action_kinds[n].name;
    kedge_suggest(name->text, kinds, n, hint, sizeof hint);
    kedge_errors_add(&l->errors, KEDGE_EINVALID, "%s: unknown action '%s'%s", name->where,
                     kedge_clip_text(name->text).text, hint);
}

/* What stands behind the colon of an action for terms; NULL: nothing, and it is for all of them. */
static void check_terms(kedge_recipe_loader *l, const named *name, const char *term)
{
    const kedge_recipe *recipe = l->recipe;
    const char *valid[KEDGE_RECIPE_TERMS];
    char hint[512];
    int n = 0;
    for (int i = 0; i < recipe->n_terms; i++) {
        if (!l->term_ok[i]) return; /* it may be that one */
        if (captures(&recipe->terms[i])) valid[n++] = recipe->terms[i].name;
    }
    if (n == 0) {
        kedge_errors_add(&l->errors, KEDGE_EINVALID, "%s: action '%s' has no term to capture for; must have one of "
                         "kind 'captured-anchor'", name->where, kedge_clip_text(name->text).text);
        return;
    }
    for (int i = 0; i < n; i++)
        if (!term || strcmp(term, valid[i]) == 0) return;
    kedge_suggest(term, valid, n, hint, sizeof hint);
    kedge_errors_add(&l->errors, KEDGE_EINVALID, "%s: action '%s': no term '%s' that captures%s", name->where,
                     kedge_clip_text(name->text).text, kedge_clip_text(term).text, hint);
}

static void check_name(kedge_recipe_loader *l, const named *name)
{
    const char *colon = strchr(name->text, ':');
    int kind = find_kind(name->text, strlen(name->text));
    if (kind < 0)
        check_kind(l, name);
    else if (kedge_action_kinds[kind].on_terms)
        check_terms(l, name, colon ? colon + 1 : NULL);
    else if (colon)
        kedge_errors_add(&l->errors, KEDGE_EINVALID, "%s: action '%s': '%s' is for no term; must stand alone",
                         name->where, kedge_clip_text(name->text).text, kedge_action_kinds[kind].name);
}

void kedge_recipe_check_actions(kedge_recipe_loader *l, const kedge_csv *csv)
{
    int column = kedge_csv_column(csv, "ACTION");
    for (int row = 0; column >= 0 && row < csv->rows; row++) {
        const kedge_csv_cell *cell = kedge_csv_at(csv, row, column);
        for (const char *at = cell->text; *at;) {
            named name;
            size_t blanks = strspn(at, " \t"), length = strcspn(at, ","), end = length;
            while (end > blanks && (at[end - 1] == ' ' || at[end - 1] == '\t')) end--;
            snprintf(name.text, sizeof name.text, "%.*s", (int)(end - blanks), at + blanks);
            snprintf(name.where, sizeof name.where, "%s:%d:%d", l->recipe->sheet_path, cell->line,
                     cell->column + (int)(at - cell->text) + (int)blanks);
            check_name(l, &name);
            at += length + (at[length] == ',');
        }
    }
}
