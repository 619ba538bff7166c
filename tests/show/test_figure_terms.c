/* test_figure_terms.c - every kind of term that there is has its sketch. */
#include "../run/run_fixture.h"

#include "draw/terms.h"
#include "kedge/draw.h"

static void every_kind_has_a_sketch_and_a_formula(void **state)
{
    (void)state;
    for (int i = 0; kedge_term_kinds[i]; i++) {
        const kedge_term_sketch *sketch = kedge_term_sketch_find(kedge_term_kinds[i]->variant.name);
        if (!sketch) fail_msg("term kind '%s' has no sketch", kedge_term_kinds[i]->variant.name);
        assert_non_null(sketch->formulas[0]);
    }
}

static void the_figure_names_every_kind(void **state)
{
    fixture *f = *state;
    size_t length;
    if (kedge_draw(f->ctx, "terms", NULL, NULL, in_folder(f, "a.svg"))) fail_msg("%s", kedge_error());
    char *bytes = bytes_of(f, "a.svg", &length);
    for (int i = 0; kedge_term_kinds[i]; i++) {
        char words[512];
        snprintf(words, sizeof words, " %s: %s", kedge_term_kinds[i]->variant.name, kedge_term_kinds[i]->variant.doc);
        assert_non_null(strstr(bytes, words));
    }
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_kind_has_a_sketch_and_a_formula),
        TEST(the_figure_names_every_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
