/* fuzz_recipe.c - any bytes as a recipe: an error or a recipe whose text gives the same text again. */
#include "fuzz.h"

#include <string.h>

#include "run/recipe_parts.h"

/* Wider layers than this, where plans have the model made. */
static bool is_wide(const kedge_yaml *model)
{
    const kedge_yaml *bottleneck = kedge_yaml_get(model, "bottleneck"), *hidden = kedge_yaml_get(model, "hidden");
    long long width;
    if (bottleneck && kedge_yaml_int(bottleneck, &width) && width > 100) return true;
    for (const kedge_yaml *layer = hidden ? hidden->child : NULL; layer; layer = layer->next)
        if (kedge_yaml_int(layer, &width) && width > 100) return true;
    return false;
}

/* Large grids and models are legal, and slow under the sanitizers: they are no one's mistake and are passed over. */
static bool is_large(kedge_context *ctx, const char *text)
{
    static const char *const sizes[] = {"points", "hues", "saturations", "values"};
    static const char *const places[] = {"data", "test"};
    kedge_arena arena;
    kedge_errors errors;
    kedge_yaml *root = NULL;
    bool large = false;
    kedge_arena_init(&arena, ctx);
    kedge_errors_init(&errors);
    kedge_yaml_parse(&root, &arena, "recipe.yaml", text, strlen(text), &errors);
    for (int i = 0; root && i < 8; i++) {
        const kedge_yaml *grid = kedge_yaml_get(root, places[i / 4]);
        const kedge_yaml *node = grid ? kedge_yaml_get(grid, sizes[i % 4]) : NULL;
        long long count;
        large = large || (node && kedge_yaml_int(node, &count) && count > 10);
    }
    const kedge_yaml *model = root ? kedge_yaml_get(root, "model") : NULL;
    large = large || (model && is_wide(model));
    kedge_arena_release(&arena);
    return large;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    kedge_context *ctx = fuzz_context();
    char *text = malloc(size + 1);
    FUZZ_CHECK(text);
    if (size) memcpy(text, data, size);
    text[size] = '\0';

    kedge_recipe *recipe = NULL, *again = NULL;
    if (!is_large(ctx, text)) {
        kedge_status status = kedge_recipe_from_text(&recipe, ctx, "recipe.yaml", text, NULL);
        FUZZ_CHECK((status == KEDGE_OK) == (recipe != NULL));
        FUZZ_CHECK(recipe || kedge_error()[0]); /* every refusal says why */
    }
    if (recipe) {
        const char *resolved = kedge_recipe_text(recipe);
        FUZZ_CHECK(kedge_recipe_from_text(&again, ctx, "recipe.yaml", resolved, NULL) == KEDGE_OK);
        FUZZ_CHECK(strcmp(resolved, kedge_recipe_text(again)) == 0);
    }
    kedge_recipe_free(again);
    kedge_recipe_free(recipe);
    kedge_context_free(ctx);
    free(text);
    return 0;
}
