/* recipe_fixture.h - a folder with a small recipe without a mistake, for tests that change one line of it. */
#ifndef RUN_RECIPE_FIXTURE_H
#define RUN_RECIPE_FIXTURE_H

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "run/recipe_parts.h"

/* A folder with a sheet that fits 'good', where each test puts its recipe. */
typedef struct fixture {
    kedge_context *ctx;
    char folder[64], recipe[96], sheet[96];
    kedge_recipe *loaded;
} fixture;

static const char sheet[] = "STEP,PHASE,ACTION,lr,separate,anchor\n0,,,0.01,0.1,0.1\n100,,,0.001,0,0\n";

/* Lines of a small recipe without a mistake; a test replaces one of them, by its number from 0. */
static const char *const good[] = {
    "data: {kind: rgb-grid, points: 3, batch: 8}",
    "labels: {red: redness^2, dark: {rate: 1 - v, mode: soft}}",
    "model: {kind: autoencoder, hidden: [6, 5], bottleneck: 3}",
    "terms:",
    "  separate: {kind: separate}",
    "  anchor: {kind: anchor, at: [1, 0, 0], labels: {red: 1}}",
    "schedule: schedule.csv",
    "seeds: 2",
};
enum { LINES = sizeof good / sizeof *good };

static inline int setup(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    kedge_context_options options = KEDGE_CONTEXT_OPTIONS_INIT;
    options.kernels = "ref";
    options.threads = 1;
    if (!f || kedge_context_create(&f->ctx, &options)) return -1;
    strcpy(f->folder, "/tmp/kedge-recipe-XXXXXX");
    if (!mkdtemp(f->folder)) return -1;
    snprintf(f->recipe, sizeof f->recipe, "%s/recipe.yaml", f->folder);
    snprintf(f->sheet, sizeof f->sheet, "%s/schedule.csv", f->folder);
    if (kedge_file_write(f->ctx, f->sheet, sheet, strlen(sheet))) return -1;
    *state = f;
    return 0;
}

static inline int teardown(void **state)
{
    fixture *f = *state;
    kedge_recipe_free(f->loaded);
    kedge_remove_tree(f->folder);
    kedge_context_free(f->ctx);
    free(f);
    return 0;
}

static inline void put(fixture *f, const char *name, const char *text)
{
    char path[160];
    snprintf(path, sizeof path, "%s/%s", f->folder, name);
    assert_int_equal(kedge_file_write(f->ctx, path, text, strlen(text)), KEDGE_OK);
}

/* Writes the small recipe with one line replaced (-1: none) and others put behind it, and loads it. */
static inline kedge_status load(fixture *f, int line, const char *instead, const char *more,
                                const kedge_recipe_options *options)
{
    char text[4096] = "";
    for (int i = 0; i < LINES; i++) {
        strcat(text, i == line ? instead : good[i]);
        strcat(text, "\n");
    }
    put(f, "recipe.yaml", strcat(text, more));
    kedge_recipe_free(f->loaded);
    f->loaded = NULL;
    return kedge_recipe_load(&f->loaded, f->ctx, f->folder, options);
}

/* The message with the folder's path taken out. */
static inline const char *message(const fixture *f)
{
    static char text[8192];
    size_t length = strlen(f->folder) + 1;
    char *out = text;
    for (const char *at = kedge_error(); *at;) {
        if (strncmp(at, f->folder, length - 1) == 0 && at[length - 1] == '/')
            at += length;
        else
            *out++ = *at++;
    }
    *out = '\0';
    return text;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
