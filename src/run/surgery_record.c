/* surgery_record.c - the surgery that a model file tells of. */
#include "run/surgery_record.h"

#include <stdio.h>
#include <string.h>

#include "run/recipe_parts.h"

/* ---- text ---- */

static void read_list(kedge_surgery_record *out, const kedge_yaml *list, kedge_arena *arena, kedge_errors *errors)
{
    if (list->kind != KEDGE_YAML_LIST || list->n > KEDGE_SURGERY_RECORDS) {
        kedge_yaml_error(errors, list, "must be a list of at most %d surgeries", (int)KEDGE_SURGERY_RECORDS);
        return;
    }
    kedge_schema schema;
    kedge_surgery_schema(&schema);
    kedge_surgery_options *at = kedge_arena_alloc(arena, (size_t)list->n, sizeof *at);
    if (!at) {
        kedge_errors_add(errors, KEDGE_ENOMEM, "out of memory for surgery");
        return;
    }
    int n = 0;
    for (const kedge_yaml *item = list->child; item; item = item->next, n++)
        kedge_schema_bind(&schema, "surgery", item, arena, errors, &at[n]);
    *out = (kedge_surgery_record){n, at};
}

kedge_status kedge_surgery_record_read(kedge_surgery_record *out, const char *name, const char *text,
                                       kedge_arena *arena)
{
    *out = (kedge_surgery_record){0};
    if (!text) return KEDGE_OK;
    kedge_errors errors;
    kedge_errors_init(&errors);
    const char *where = kedge_arena_format(arena, "%s: surgery", name);
    kedge_yaml *root = NULL;
    if (!where) return kedge_fail_memory("surgery");
    kedge_yaml_parse(&root, arena, where, text, strlen(text), &errors);
    if (root) read_list(out, root, arena, &errors);
    kedge_status status = kedge_errors_status(&errors);
    return status && status != KEDGE_ENOMEM ? KEDGE_EFORMAT : status;
}

/* One map in braces, from the lines that a schema prints. */
static void print_one(const kedge_surgery_options *options, kedge_text *text)
{
    kedge_schema schema;
    kedge_text lines;
    kedge_surgery_schema(&schema);
    kedge_text_init(&lines, text->ctx);
    kedge_schema_print(&schema, options, 0, &lines);
    kedge_text_add(text, "{");
    const char *line = kedge_text_string(&lines);
    for (bool first = true; *line; first = false) { /* without memory the last line may lack its end */
        size_t length = strcspn(line, "\n");
        if (!first) kedge_text_add(text, ", ");
        kedge_text_add_bytes(text, line, length);
        line += length + (line[length] == '\n');
    }
    kedge_text_add(text, "}");
    text->broken |= lines.broken;
    kedge_text_release(&lines);
}

void kedge_surgery_record_print(const kedge_surgery_record *record, kedge_text *text)
{
    kedge_text_add(text, "[");
    for (int i = 0; i < record->n; i++) {
        if (i) kedge_text_add(text, ", ");
        print_one(&record->at[i], text);
    }
    kedge_text_add(text, "]");
}

/* ---- steps ---- */

kedge_status kedge_surgery_record_add(kedge_surgery_record *record, const kedge_surgery_options *done,
                                      const kedge_surgery_report *report, kedge_arena *arena)
{
    /* Every redirected dim has a gamma of its own, so each is an entry of its own. */
    bool one_by_one = kedge_surgery_kinds[done->kind] == &kedge_surgery_redirect;
    bool with_values = kedge_surgery_kinds[done->kind] == &kedge_surgery_constant;
    int n = done->dims.n, more = one_by_one ? n : 1;
    if (record->n + more > KEDGE_SURGERY_RECORDS)
        return kedge_fail(KEDGE_EINVALID, "the model has had too much surgery; at most %d are kept in its file",
                          (int)KEDGE_SURGERY_RECORDS);
    kedge_surgery_options *at = kedge_arena_alloc(arena, (size_t)(record->n + more), sizeof *at);
    int64_t *dims = kedge_arena_alloc(arena, (size_t)n, sizeof *dims);
    double *values = kedge_arena_alloc(arena, (size_t)n, sizeof *values);
    const char *site = kedge_arena_text(arena, done->site);
    if (!at || !dims || !values || !site) return kedge_fail_memory("surgery");
    for (int i = 0; i < record->n; i++) at[i] = record->at[i];
    for (int d = 0; d < n; d++) {
        dims[d] = done->dims.at[d];
        values[d] = report[d].set;
    }
    for (int i = 0; i < more; i++) {
        kedge_surgery_options *own = &at[record->n + i];
        *own = (kedge_surgery_options){.kind = done->kind, .site = site, .dims = {n, dims}};
        if (one_by_one) own->dims = (kedge_ints){1, dims + i}, own->gamma = -report[i].set;
        if (with_values) own->value = (kedge_reals){n, values};
    }
    *record = (kedge_surgery_record){record->n + more, at};
    return KEDGE_OK;
}

static bool is_gone(const kedge_ints *gone, int dim)
{
    for (int d = 0; d < gone->n; d++)
        if (gone->at[d] == dim) return true;
    return false;
}

kedge_status kedge_surgery_record_step(const kedge_surgery_options *done, kedge_model_options *model, int *dims,
                                       kedge_arena *arena)
{
    kedge_model_options after;
    kedge_status status = kedge_surgery_shape(done, model, &after, arena);
    if (status) return status;
    int kept = 0;
    for (int k = 0; after.bottleneck < model->bottleneck && k < (int)model->bottleneck; k++)
        if (!is_gone(&done->dims, k)) dims[kept++] = dims[k];
    *model = after;
    return KEDGE_OK;
}

kedge_status kedge_surgery_record_follow(const kedge_surgery_record *record, const kedge_model_options *before,
                                         kedge_model_options *after, int **dims, kedge_arena *arena)
{
    kedge_model_options model = *before;
    int *own = kedge_arena_alloc(arena, (size_t)model.bottleneck, sizeof *own);
    if (!own) return kedge_fail_memory("surgery");
    for (int k = 0; k < (int)model.bottleneck; k++) own[k] = k;
    for (int i = 0; i < record->n; i++) {
        kedge_status status = kedge_surgery_record_step(&record->at[i], &model, own, arena);
        if (status) return status;
    }
    *after = model;
    *dims = own;
    return KEDGE_OK;
}
