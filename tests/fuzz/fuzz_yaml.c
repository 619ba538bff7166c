/* fuzz_yaml.c - any bytes as YAML: a tree within the bounds, or an error; and as an assignment to such a tree. */
#include "fuzz.h"

#include <string.h>

#include "format/yaml.h"

static int check_tree(const kedge_yaml *node, int depth)
{
    int nodes = 1, children = 0;
    FUZZ_CHECK(depth <= KEDGE_YAML_DEPTH);
    FUZZ_CHECK(node->kind != KEDGE_YAML_SCALAR || node->text);
    for (const kedge_yaml *child = node->child; child; child = child->next, children++) {
        FUZZ_CHECK((node->kind == KEDGE_YAML_MAP) == (child->key != NULL));
        nodes += check_tree(child, depth + 1);
    }
    FUZZ_CHECK(children == node->n);
    return nodes;
}

static void check_assignment(kedge_arena *arena, const char *assignment)
{
    static const char text[] = "a: {b: [1, {c: d}]}\n";
    kedge_errors errors;
    kedge_yaml *root = NULL;
    kedge_errors_init(&errors);
    kedge_yaml_parse(&root, arena, "f", text, sizeof text - 1, &errors);
    FUZZ_CHECK(root);
    kedge_yaml_assign(root, arena, assignment, &errors);
    check_tree(root, 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    kedge_context *ctx = fuzz_context();
    kedge_arena arena;
    kedge_errors errors;
    kedge_yaml *root = NULL;
    kedge_arena_init(&arena, ctx);
    kedge_errors_init(&errors);
    kedge_yaml_parse(&root, &arena, "f", (const char *)data, size, &errors);
    FUZZ_CHECK((root != NULL) == (errors.count == 0));
    if (root) FUZZ_CHECK(check_tree(root, 1) <= KEDGE_YAML_NODES);
    const char *assignment = kedge_arena_bytes(&arena, (const char *)data, size);
    FUZZ_CHECK(assignment);
    check_assignment(&arena, assignment);
    kedge_arena_release(&arena);
    kedge_context_free(ctx);
    return 0;
}
