/* figure_terms.c - what each kind of term does to samples. */
#include "anchor/term.h"
#include "base/error.h"
#include "draw/terms.h"
#include "show/figure.h"

static kedge_status draw(kedge_show *show, const kedge_picture *to)
{
    int n = kedge_n_term_kinds();
    kedge_terms_entry *entries = kedge_arena_alloc(&show->arena, (size_t)n, sizeof *entries);
    if (!entries) return kedge_fail_memory("a figure");
    for (int i = 0; i < n; i++)
        entries[i] = (kedge_terms_entry){kedge_term_kinds[i]->variant.name, kedge_term_kinds[i]->variant.doc};
    const kedge_terms_figure figure = {.title = kedge_show_title(show, "the kinds of terms"), .n = n,
                                       .entries = entries};
    return kedge_draw_terms(show->ctx, &figure, to);
}

const kedge_figure kedge_figure_terms = {
    .info = {.name = "terms", .summary = "what each kind of term does to samples, as a sketch and a formula",
             .input = KEDGE_FIGURE_NOTHING},
    .draw = draw,
};
