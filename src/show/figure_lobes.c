/* figure_lobes.c - what suppression and repulsion do by angle: of a recipe's plans, or of examples. */
#include "base/error.h"
#include "draw/lobes.h"
#include "run/evaluate_view.h"
#include "show/figure.h"
#include "steer/edit_direction.h"

enum { SAMPLES = 361 }; /* a quarter of a degree */

static const kedge_edit_options examples[] = {
    {.from = 90, .strength = 1, .power = 0}, {.from = 60, .strength = 1, .power = 0},
    {.from = 90, .strength = 1, .power = 1}, {.from = 60, .strength = 0.8, .power = 2},
    {.from = 90, .to = 60, .map = KEDGE_MAP_LINEAR}, {.from = 90, .to = 60, .map = KEDGE_MAP_BEZIER},
    {.from = 60, .to = 30, .map = KEDGE_MAP_LINEAR}, {.from = 60, .to = 30, .map = KEDGE_MAP_BEZIER},
};
enum { EXAMPLES = sizeof examples / sizeof *examples, SUPPRESSING = 4 };

static bool is_kind(const kedge_edit_options *edit, const kedge_edit_kind *kind)
{
    return kedge_edit_kinds[edit->kind] == kind;
}

static int kind_of(const kedge_edit_kind *kind)
{
    int i = 0;
    while (kedge_edit_kinds[i] != kind) i++;
    return i;
}

/* ---- one lobe ---- */

/* "from 60, strength 1, power 2", "from 90 to 60, linear"; 'degree' stands behind angles, 'space' between a key and its
 * number. */
static void setting_words(kedge_text *text, const kedge_edit_options *edit, const char *degree, const char *space)
{
    kedge_text_add_real(text, "from %g", edit->from);
    kedge_text_add(text, degree);
    if (is_kind(edit, &kedge_edit_suppress)) {
        kedge_text_addf(text, ", strength%s", space);
        kedge_text_add_real(text, "%g", edit->strength);
        kedge_text_addf(text, ", power%s", space);
        kedge_text_add_real(text, "%g", edit->power);
    } else {
        kedge_text_add_real(text, " to %g", edit->to);
        kedge_text_addf(text, "%s, %s", degree, edit->map == KEDGE_MAP_BEZIER ? "bezier" : "linear");
    }
}

static double strength_at(const kedge_edit_options *edit, double degrees)
{
    double alpha = kedge_cos_degrees(degrees);
    return is_kind(edit, &kedge_edit_suppress) ? kedge_suppress_share(edit, alpha) : kedge_repel_map(edit, alpha);
}

static void describe(kedge_text *words, const char *title, const kedge_edit_options *edit)
{
    kedge_text_addf(words, " %s, ", title);
    setting_words(words, edit, " degrees", " ");
    kedge_text_addf(words, ": %s is ", is_kind(edit, &kedge_edit_suppress) ? "h" : "m");
    for (int degrees = 0; degrees <= 90; degrees += 30) {
        kedge_text_add_real(words, degrees == 0 ? "%.3f" : ", %.3f", strength_at(edit, degrees));
        kedge_text_addf(words, " at %d", degrees);
    }
    kedge_text_add(words, " degrees.");
}

static kedge_status make(kedge_lobe *lobe, const char *title, const kedge_edit_options *edit, kedge_text *words,
                         kedge_arena *arena)
{
    bool suppress = is_kind(edit, &kedge_edit_suppress);
    double *degrees = kedge_arena_alloc(arena, SAMPLES, sizeof *degrees);
    double *strength = kedge_arena_alloc(arena, SAMPLES, sizeof *strength);
    double *left = kedge_arena_alloc(arena, SAMPLES, sizeof *left);
    kedge_text aside;
    kedge_text_init(&aside, arena->ctx);
    setting_words(&aside, edit, "\xc2\xb0", "\xc2\xa0"); /* where no line may break */
    const char *setting = aside.broken ? NULL : kedge_arena_text(arena, kedge_text_string(&aside));
    kedge_text_release(&aside);
    if (!degrees || !strength || !left || !setting) return kedge_fail_memory("a figure");
    for (int i = 0; i < SAMPLES; i++) {
        degrees[i] = 90.0 * i / (SAMPLES - 1);
        strength[i] = strength_at(edit, degrees[i]);
        left[i] = kedge_cos_degrees(degrees[i]) * (1 - strength[i]);
    }
    const char *with_name = kedge_arena_format(arena, "%s: %s", title, suppress ? "h" : "m");
    if (!with_name) return kedge_fail_memory("a figure");
    *lobe = (kedge_lobe){.title = with_name, .aside = setting, .n = SAMPLES, .degrees = degrees,
                         .strength = strength, .left = suppress ? left : NULL, .from = edit->from};
    describe(words, title, edit);
    return KEDGE_OK;
}

/* ---- which ---- */

static kedge_status make_examples(kedge_lobe *lobes, int *n, kedge_text *words, kedge_arena *arena)
{
    kedge_status status = KEDGE_OK;
    for (*n = 0; !status && *n < EXAMPLES; ++*n) {
        kedge_edit_options *edit = kedge_arena_alloc(arena, 1, sizeof *edit);
        if (!edit) return kedge_fail_memory("a figure");
        *edit = examples[*n];
        edit->kind = kind_of(*n < SUPPRESSING ? &kedge_edit_suppress : &kedge_edit_repel);
        status = make(&lobes[*n], kedge_edit_kinds[edit->kind]->variant.name, edit, words, arena);
    }
    return status;
}

static kedge_status make_plans(kedge_lobe *lobes, int *n, const kedge_recipe *view, kedge_text *words,
                               kedge_arena *arena)
{
    *n = 0;
    for (int i = 0; i < view->n_plans; i++)
        for (int k = 0; k < view->plans[i].n_steps; k++) {
            const kedge_plan_step *step = &view->plans[i].steps[k];
            if (step->is_surgery || (!is_kind(&step->edit, &kedge_edit_suppress) &&
                                     !is_kind(&step->edit, &kedge_edit_repel)))
                continue;
            kedge_status status = make(&lobes[(*n)++], view->plans[i].name, &step->edit, words, arena);
            if (status) return status;
        }
    if (*n == 0)
        return kedge_fail(KEDGE_EINVALID, "%s: no plan here suppresses or repels; without a recipe examples are drawn",
                          view->file);
    return KEDGE_OK;
}

static int steps_of(const kedge_recipe *view)
{
    int n = 0;
    for (int i = 0; i < view->n_plans; i++) n += view->plans[i].n_steps;
    return n;
}

static kedge_status gather(kedge_show *show, kedge_lobes_figure *figure, kedge_text *words)
{
    const kedge_recipe *recipe = NULL;
    kedge_recipe view;
    kedge_arena *arena = &show->arena;
    bool has_recipe = show->input || show->model;
    int room = EXAMPLES;
    if (has_recipe) {
        kedge_status status = kedge_show_recipe(show, &recipe);
        if (!status)
            status = kedge_recipe_view(&view, recipe, show->options->plans, show->options->n_plans, arena);
        if (status) return status;
        room = steps_of(&view);
    }
    kedge_lobe *lobes = kedge_arena_alloc(arena, (size_t)room, sizeof *lobes);
    if (!lobes) return kedge_fail_memory("a figure");
    figure->lobes = lobes;
    figure->title = kedge_show_title(show, "suppression and repulsion");
    kedge_text_add(words, "What edits do to latents by their angle from the direction v, as lobes about it and as "
                          "charts over the cosine: h is the share of the part along v that is removed, m the cosine "
                          "that a latent is turned to.");
    return has_recipe ? make_plans(lobes, &figure->n, &view, words, arena)
                      : make_examples(lobes, &figure->n, words, arena);
}

static kedge_status draw(kedge_show *show, const kedge_picture *to)
{
    kedge_lobes_figure figure = {.note = "Dashed rays: where the edit begins. In 4 or more dims the lobe is a solid "
                                         "of revolution about v."};
    kedge_text words;
    kedge_text_init(&words, show->ctx);
    kedge_status status = gather(show, &figure, &words);
    if (!status) status = kedge_text_status(&words, "a figure's description");
    figure.description = kedge_text_string(&words);
    if (!status) status = kedge_draw_lobes(show->ctx, &figure, to);
    kedge_text_release(&words);
    return status;
}

const kedge_figure kedge_figure_lobes = {
    .info = {.name = "lobes", .summary = "suppression and repulsion by angle, of a recipe's plans or of examples",
             .input = KEDGE_FIGURE_EITHER},
    .draw = draw,
};
