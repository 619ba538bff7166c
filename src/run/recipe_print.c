/* recipe_print.c - the resolved text of a recipe, and the reference of all keys. */
#include "run/recipe_parts.h"
#include "train/action.h"

/* FNV-1a over the numbers of a data set: two that differ in one bit have other digests but for one chance in 2^64. */
static uint64_t digest(uint64_t hash, const float *const *columns, int n_columns, int points)
{
    for (int c = 0; c < n_columns; c++) {
        const unsigned char *bytes = (const unsigned char *)columns[c];
        for (size_t i = 0; i < (size_t)points * sizeof **columns; i++) hash = (hash ^ bytes[i]) * 1099511628211u;
    }
    return hash;
}

/* A file can change under its name. The comment makes it part of the text, so that a directory of runs, which is told
 * by its recipe's text, never mixes runs on two states of the data. */
static void print_digest(const kedge_recipe *recipe, kedge_text *text)
{
    if (!recipe->data.file && !recipe->test.file) return;
    uint64_t hash = 14695981039346656037u;
    const kedge_dataset *const sets[] = {recipe->dataset, recipe->test_set};
    for (int i = 0; i < 2; i++) {
        hash = digest(hash, sets[i]->features, sets[i]->n_features, sets[i]->points);
        hash = digest(hash, sets[i]->targets, sets[i]->n_targets, sets[i]->points);
    }
    kedge_text_addf(text, "# data: %d points, digest %016llx\n", recipe->dataset->points, (unsigned long long)hash);
}

static void print_sections(const kedge_recipe *recipe, kedge_text *text)
{
    print_digest(recipe, text);
    for (int i = 0; i < kedge_n_recipe_sections; i++) kedge_recipe_sections[i]->print(recipe, text);
}

/* The run directory holds the sheet under this name, beside the text. */
void kedge_recipe_print(const kedge_recipe *recipe, kedge_text *text)
{
    kedge_recipe saved = *recipe;
    if (recipe->sheet_path) saved.sheet_named = "schedule.csv";
    print_sections(&saved, text);
}

kedge_status kedge_recipe_write(const kedge_recipe *recipe, char **out)
{
    kedge_text text;
    kedge_text_init(&text, recipe->ctx);
    print_sections(recipe, &text);
    kedge_status status = kedge_text_status(&text, "the resolved recipe");
    if (status) kedge_text_release(&text);
    else *out = text.bytes;
    return status;
}

/* One row a key. */
static void list_sections(kedge_text *text)
{
    kedge_text_add(text, "| key | value | default | meaning |\n|---|---|---|---|\n");
    for (int i = 0; i < kedge_n_recipe_sections; i++) {
        const kedge_recipe_section *section = kedge_recipe_sections[i];
        kedge_text_addf(text, "| `%s` | %s | %s | %s |\n", section->key, section->value,
                        section->required ? "required" : section->fallback, section->doc);
    }
    kedge_text_add(text, "\n");
}

static void list_actions(kedge_text *text)
{
    kedge_text_add(text, "## actions in a schedule\n\n| action | meaning |\n|---|---|\n");
    for (const kedge_action_kind *kind = kedge_action_kinds; kind->name; kind++)
        kedge_text_addf(text, "| `%s` | %s |\n", kind->name, kind->doc);
    kedge_text_add(text, "\n");
}

kedge_status kedge_recipe_reference(kedge_context *context, char **out)
{
    kedge_text text;
    kedge_text_init(&text, context);
    kedge_text_add(&text, "# Keys of a recipe\n\n");
    list_sections(&text);
    for (int i = 0; i < kedge_n_recipe_sections; i++) {
        const kedge_recipe_section *section = kedge_recipe_sections[i];
        for (const kedge_recipe_map *map = section->maps; map->title; map++) {
            kedge_schema schema;
            map->schema(&schema);
            kedge_text_addf(&text, "## %s\n\n", map->title);
            kedge_schema_reference(&schema, map->title, &text);
        }
    }
    list_actions(&text);
    kedge_status status = kedge_text_status(&text, "the reference");
    if (!status) {
        *out = text.bytes; /* was made with kedge_alloc, as kedge_free expects */
        text.bytes = NULL;
    }
    kedge_text_release(&text);
    return status;
}
