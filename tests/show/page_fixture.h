/* page_fixture.h - PageData of small runs, read back by jansson. */
#ifndef SHOW_PAGE_FIXTURE_H
#define SHOW_PAGE_FIXTURE_H

#include "../run/run_fixture.h"

#include <jansson.h>

#include "show/page.h"

/* The data of what these paths hold; the test releases it with json_decref. */
static inline json_t *page_of(fixture *f, kedge_page_options options)
{
    kedge_text text;
    json_error_t error;
    kedge_text_init(&text, f->ctx);
    if (kedge_page_of_run(f->ctx, &options, &text)) fail_msg("%s", kedge_error());
    json_t *page = json_loadb(kedge_text_string(&text), text.length, 0, &error);
    if (!page) fail_msg("%s", error.text);
    kedge_text_release(&text);
    return page;
}

static inline json_t *page_of_path(fixture *f, const char *path)
{
    return page_of(f, (kedge_page_options){.inputs = &path, .n_inputs = 1});
}

/* The run of this place. */
static inline json_t *run_at(json_t *page, size_t i)
{
    json_t *run = json_array_get(json_object_get(page, "runs"), i);
    assert_non_null(run);
    return run;
}

/* "model.bottleneck", "plans.0.name": a value within others, which must be there. */
static inline json_t *within(json_t *from, const char *path)
{
    char part[64];
    while (from && *path) {
        size_t length = strcspn(path, ".");
        snprintf(part, sizeof part, "%.*s", (int)length, path);
        from = json_is_array(from) ? json_array_get(from, (size_t)atoi(part)) : json_object_get(from, part);
        path += length + (path[length] == '.');
    }
    if (!from) fail_msg("nothing at '%s'", part);
    return from;
}

static inline const char *text_within(json_t *from, const char *path)
{
    const char *text = json_string_value(within(from, path));
    if (!text) fail_msg("no text at '%s'", path);
    return text ? text : "";
}

static inline double number_within(json_t *from, const char *path)
{
    json_t *number = within(from, path);
    if (!json_is_number(number)) fail_msg("no number at '%s'", path);
    return json_number_value(number);
}

/* The entry of a list that has this name. */
static inline json_t *named(json_t *list, const char *name)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (strcmp(text_within(json_array_get(list, i), "name"), name) == 0) return json_array_get(list, i);
    fail_msg("no '%s'", name);
    return NULL;
}

static inline unsigned digit_of(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (unsigned i = 0; i < 64; i++)
        if (digits[i] == c) return i;
    fail_msg("'%c' is no base64", c);
    return 0;
}

/* Floats of base64, in a block that the test frees. */
static inline float *floats_within(json_t *from, const char *path, size_t *n)
{
    const char *text = text_within(from, path);
    size_t length = strlen(text);
    unsigned char *bytes = malloc(length + 4);
    assert_non_null(bytes);
    size_t used = 0;
    assert_int_equal(length % 4, 0);
    for (size_t i = 0; i < length; i += 4) {
        unsigned word = 0;
        for (int k = 0; k < 4; k++) word = word << 6 | (text[i + (size_t)k] == '=' ? 0 : digit_of(text[i + (size_t)k]));
        for (int k = 0; k < 3; k++) bytes[used++] = (unsigned char)(word >> (16 - 8 * k));
    }
    if (length && text[length - 1] == '=') used--;
    if (length && text[length - 2] == '=') used--;
    assert_int_equal(used % sizeof(float), 0);
    *n = used / sizeof(float);
    return (float *)(void *)bytes; /* the tests run on little-endian machines */
}

/* Plans that a page can do itself, and some that it cannot. */
static const char with_plans[] =
    "plans:\n"
    "  suppressed: {edit: suppress, direction: [1, 0, 0], from: 60, strength: 0.5, power: 2, target: redness^2}\n"
    "  ablated: {surgery: ablate, dims: [0]}\n"
    "  pruned: {surgery: prune, dims: [0]}\n"
    "  both: [{surgery: ablate, dims: [1]}, {edit: repel, direction: [1, 0, 0], to: 30, map: bezier}]\n"
    "  two: [{edit: zero, dims: [0, 2]}, {edit: add, direction: [0, 1, 0]}]\n"
    "  cut: [{surgery: prune, dims: [2]}, {edit: suppress, direction: [1, 0], from: 90}]\n"
    "  early: {edit: zero, site: encoder.0, dims: [1]}\n"
    "score: {plan: suppressed, target: redness^2}\n";

/* The small recipe, with plans, run into 'out'; seed 0 loaded. */
static inline kedge_model *prepare(fixture *f)
{
    kedge_model *model = NULL;
    load_good(f, with_plans);
    run_into(f, "out", 0);
    if (kedge_model_load(&model, f->ctx, in_folder(f, "out/seed-0/model.safetensors"))) fail_msg("%s", kedge_error());
    return model;
}

static inline json_t *page_of_seed(fixture *f, long long seed)
{
    const char *path = in_folder(f, "out");
    return page_of(f, (kedge_page_options){.inputs = &path, .n_inputs = 1, .seeds = &seed, .n_seeds = 1});
}

#endif
