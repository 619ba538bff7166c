/* recipe_concepts.c - the sections 'labels' and 'terms': who carries a concept, and where it is to go. */
#include <stdio.h>
#include <string.h>

#include "run/recipe_parts.h"

/* ---- labels ---- */

static void describe_label(kedge_schema *schema)
{
    *schema = (kedge_schema){.fields = kedge_label_fields, .n_fields = kedge_n_label_fields};
}

static void describe_concept_label(kedge_schema *schema)
{
    *schema = (kedge_schema){.fields = kedge_label_concept_fields, .n_fields = kedge_n_label_concept_fields};
}

static void bind_label(kedge_recipe_loader *l, int i, const kedge_yaml *node)
{
    char what[96];
    kedge_schema schema;
    describe_label(&schema);
    snprintf(what, sizeof what, "label '%s'", kedge_clip_text(node->key).text);
    kedge_label_options *label = &l->recipe->labels[i];
    label->name = kedge_arena_text(&l->recipe->arena, node->key);
    if (!label->name) {
        kedge_errors_add(&l->errors, KEDGE_ENOMEM, "out of memory for %s", what);
        return;
    }
    if (node->kind == KEDGE_YAML_LIST) {
        kedge_yaml_error(&l->errors, node, "%s is a list; must be a formula for its rate, or a map", what);
        return;
    }
    if (kedge_yaml_get(node, "concept")) describe_concept_label(&schema);
    l->label_ok[i] = kedge_schema_bind(&schema, what, node, &l->recipe->arena, &l->errors, label);
}

static void bind_labels(kedge_recipe_loader *l, const kedge_yaml *node)
{
    int n = kedge_recipe_bind_names(l, node, "label", KEDGE_RECIPE_LABELS);
    l->recipe->labels = kedge_arena_alloc(&l->recipe->arena, (size_t)n, sizeof *l->recipe->labels);
    if (!l->recipe->labels) {
        kedge_errors_add(&l->errors, KEDGE_ENOMEM, "out of memory for labels");
        return;
    }
    l->recipe->n_labels = n;
    const kedge_yaml *entry = n ? node->child : NULL;
    for (int i = 0; i < n; i++, entry = entry->next) bind_label(l, i, entry);
}

static void print_labels(const kedge_recipe *recipe, kedge_text *text)
{
    if (recipe->n_labels) kedge_text_add(text, "labels:\n");
    for (int i = 0; i < recipe->n_labels; i++) {
        kedge_schema schema;
        if (recipe->labels[i].concept.text) describe_concept_label(&schema);
        else describe_label(&schema);
        kedge_text_add(text, "  ");
        kedge_yaml_print_text(text, recipe->labels[i].name);
        kedge_text_add(text, ":\n");
        kedge_schema_print(&schema, &recipe->labels[i], 4, text);
    }
}

const kedge_recipe_section kedge_section_labels = {
    .key = "labels", .bind = bind_labels, .print = print_labels,
    .value = "a map of names to labels", .fallback = "none",
    .doc = "Who is said to carry a concept, and how surely; a formula alone is the label's rate.",
    .maps = {{"a label", describe_label}, {"a label by its concept", describe_concept_label}},
};

/* ---- terms ---- */

static const kedge_variant *term_variant(int i)
{
    return i < kedge_n_term_kinds() ? &kedge_term_kinds[i]->variant : NULL;
}

static void describe_term(kedge_schema *schema)
{
    *schema = (kedge_schema){.fields = kedge_term_fields, .n_fields = kedge_n_term_fields, .variant = term_variant,
                             .kind_offset = offsetof(kedge_term_options, kind)};
}

static void bind_term(kedge_recipe_loader *l, int i, const kedge_yaml *node)
{
    /* Columns of schedules and of metrics.csv that are no terms. */
    static const char *const taken[] = {"lr", "recon", "loss", "step", "phase", "action", "until"};
    static const char set_column[] = KEDGE_SET_COLUMN;
    char what[96];
    kedge_schema schema;
    describe_term(&schema);
    snprintf(what, sizeof what, "term '%s'", kedge_clip_text(node->key).text);
    kedge_term_options *term = &l->recipe->terms[i];
    term->name = kedge_arena_text(&l->recipe->arena, node->key);
    if (!term->name) {
        kedge_errors_add(&l->errors, KEDGE_ENOMEM, "out of memory for %s", what);
        return;
    }
    for (size_t k = 0; k < sizeof taken / sizeof *taken; k++)
        if (strcasecmp(node->key, taken[k]) == 0)
            kedge_yaml_key_error(&l->errors, node, "no term may be called '%s', as a schedule's column is; "
                                 "must have another name", taken[k]);
    if (strncmp(node->key, set_column, sizeof set_column - 1) == 0)
        kedge_yaml_key_error(&l->errors, node, "no term may be called '%s', as columns for sets of points begin with "
                             "'%s'; must have another name", kedge_clip_text(node->key).text, set_column);
    l->term_ok[i] = kedge_schema_bind(&schema, what, node, &l->recipe->arena, &l->errors, term);
}

static void bind_terms(kedge_recipe_loader *l, const kedge_yaml *node)
{
    int n = kedge_recipe_bind_names(l, node, "term", KEDGE_RECIPE_TERMS);
    l->recipe->terms = kedge_arena_alloc(&l->recipe->arena, (size_t)n, sizeof *l->recipe->terms);
    if (!l->recipe->terms) {
        kedge_errors_add(&l->errors, KEDGE_ENOMEM, "out of memory for terms");
        return;
    }
    l->recipe->n_terms = n;
    const kedge_yaml *entry = n ? node->child : NULL;
    for (int i = 0; i < n; i++, entry = entry->next) bind_term(l, i, entry);
}

static void print_terms(const kedge_recipe *recipe, kedge_text *text)
{
    kedge_schema schema;
    describe_term(&schema);
    if (recipe->n_terms) kedge_text_add(text, "terms:\n");
    for (int i = 0; i < recipe->n_terms; i++) {
        kedge_text_add(text, "  ");
        kedge_yaml_print_text(text, recipe->terms[i].name);
        kedge_text_add(text, ":\n");
        kedge_schema_print(&schema, &recipe->terms[i], 4, text);
    }
}

const kedge_recipe_section kedge_section_terms = {
    .key = "terms", .bind = bind_terms, .print = print_terms,
    .value = "a map of names to terms", .fallback = "none",
    .doc = "The regularizers; a term's name is its column in the schedule.",
    .maps = {{"a term", describe_term}},
};
