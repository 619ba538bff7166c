/* recipe_print.c - the resolved text of a recipe, and the reference of all keys. */
#include "run/recipe_parts.h"

void kedge_recipe_print(const kedge_recipe *recipe, kedge_text *text)
{
    for (int i = 0; i < kedge_n_recipe_sections; i++) kedge_recipe_sections[i].print(recipe, text);
}

/* One row a key. */
static void list_sections(kedge_text *text)
{
    kedge_text_add(text, "| key | value | default | meaning |\n|---|---|---|---|\n");
    for (int i = 0; i < kedge_n_recipe_sections; i++) {
        const kedge_recipe_section *section = &kedge_recipe_sections[i];
        kedge_text_addf(text, "| `%s` | %s | %s | %s |\n", section->key, section->value,
                        section->required ? "required" : section->fallback, section->doc);
    }
    kedge_text_add(text, "\n");
}

kedge_status kedge_recipe_reference(kedge_context *context, char **out)
{
    kedge_text text;
    kedge_text_init(&text, context);
    kedge_text_add(&text, "# Keys of a recipe\n\n");
    list_sections(&text);
    for (int i = 0; i < kedge_n_recipe_sections; i++) {
        const kedge_recipe_section *section = &kedge_recipe_sections[i];
        if (!section->schema) continue;
        kedge_schema schema;
        section->schema(&schema);
        kedge_text_addf(&text, "## %s\n\n", section->title);
        kedge_schema_reference(&schema, section->title, &text);
    }
    kedge_status status = kedge_text_status(&text, "the reference");
    if (!status) {
        *out = text.bytes; /* was made with kedge_alloc, as kedge_free expects */
        text.bytes = NULL;
    }
    kedge_text_release(&text);
    return status;
}
