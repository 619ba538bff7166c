/* figure_certificate.c - what a plan can change at most, by angle, with what was found and measured below it. */
#include <math.h>
#include <string.h>

#include "draw/scatter.h"
#include "kedge/certify.h"
#include "run/evaluate_view.h"
#include "show/cloud.h"
#include "show/errors.h"
#include "show/figure.h"

/* Enough for small models in some hundredths of a second; where it is not, kedge certify's own options are. */
static const kedge_certify_options quick = {.resolution = 0.05, .tolerance = 0.05, .patches = 400};
static const double DEGREE = M_PI / 180;
static const double X_MIN = -2, X_MAX = 92;

typedef struct gathering {
    kedge_show *show;
    kedge_model *model;
    kedge_recipe view; /* the recipe with the plans that are certified */
    kedge_cloud cloud;
    kedge_text words, aside;
    kedge_scatter_panel *panels;
} gathering;

/* ---- the certificate ---- */

/* Whether every cell's bound is as near to what was found as was asked for. */
static bool is_settled(const kedge_certificate *certificate)
{
    const kedge_certificate_cell *cells;
    int n = kedge_certificate_cells(certificate, &cells);
    for (int i = 0; i < n; i++)
        if (cells[i].bound > (1 + quick.tolerance) * cells[i].found + 2e-4) return false;
    return true;
}

static kedge_status certify(const gathering *g, const char *plan, kedge_certificate **certificate, bool *is_quick)
{
    kedge_certificate *first = NULL;
    *is_quick = true;
    kedge_status status = kedge_certify(&first, g->model, &g->view, plan, &quick);
    if (!status && !is_settled(first)) {
        *is_quick = false;
        kedge_certificate_free(first);
        first = NULL;
        if (g->show->hurried) /* what so few patches promise is next to nothing */
            status = kedge_fail(KEDGE_EUNSUPPORTED, "%s: the certificate of plan '%s' takes seconds",
                                g->model->recipe->file, plan);
        else status = kedge_certify(&first, g->model, &g->view, plan, NULL);
    }
    /* A plan that cannot be certified has no such figure. */
    g->show->declined = g->show->declined || status == KEDGE_EUNSUPPORTED;
    if (!status) *certificate = first;
    return status;
}

static double degrees_of(double alignment)
{
    return acos(fmin(1, fmax(0, alignment))) / DEGREE;
}

/* ---- the panel ---- */

/* Cells as stairs over the angle; what the last cell has holds up to 90 degrees. */
static kedge_status put_stairs(kedge_scatter_panel *panel, const kedge_certificate *certificate, kedge_arena *arena)
{
    const kedge_certificate_cell *cells;
    int n = kedge_certificate_cells(certificate, &cells);
    size_t room = (size_t)n + 1;
    double *x = kedge_arena_alloc(arena, room, sizeof *x);
    double *bound = kedge_arena_alloc(arena, room, sizeof *bound);
    double *found = kedge_arena_alloc(arena, room, sizeof *found);
    kedge_scatter_curve *curves = kedge_arena_alloc(arena, 2, sizeof *curves);
    if (!x || !bound || !found || !curves) return kedge_fail_memory("a figure");
    for (int i = 0; i <= n; i++) {
        int cell = n - 1 - (i < n ? i : n - 1);
        x[i] = i < n ? degrees_of(cells[cell].high) : 90;
        bound[i] = cells[cell].bound, found[i] = cells[cell].found;
    }
    curves[0] = (kedge_scatter_curve){.kind = KEDGE_CURVE_MAIN, .n = n + 1, .x = x, .y = bound, .stairs = true};
    curves[1] = (kedge_scatter_curve){.kind = KEDGE_CURVE_DASHED, .n = n + 1, .x = x, .y = found, .stairs = true};
    panel->curves = curves;
    panel->n_curves = 2;
    return KEDGE_OK;
}

/* The colour of a point of the data, on any ground. */
static void put_colour(float *rgb, const kedge_cloud *cloud, int point)
{
    kedge_ink ink = {0, 0.447, 0.698}; /* the first series: data that are neither colours nor labelled */
    if (cloud->rgb) {
        memcpy(rgb, cloud->rgb + 3 * (size_t)point, 3 * sizeof *rgb);
        return;
    }
    if (cloud->shade) ink = kedge_theme_ramp(kedge_theme_of(false), (double)cloud->shade[point]);
    rgb[0] = (float)ink.r, rgb[1] = (float)ink.g, rgb[2] = (float)ink.b;
}

/* Points that point away are left alone, and left out; returns how many these are. */
static kedge_status put_points(kedge_scatter_panel *panel, const gathering *g, const kedge_certificate *certificate,
                               int *away)
{
    const kedge_certificate_point *points;
    kedge_arena *arena = &g->show->arena;
    int n = kedge_certificate_points(certificate, &points);
    double(*at)[2] = kedge_arena_alloc(arena, (size_t)n, sizeof *at);
    float *rgb = kedge_arena_alloc(arena, (size_t)n, 3 * sizeof *rgb);
    if (!at || !rgb) return kedge_fail_memory("a figure");
    for (int i = 0; i < n; i++) {
        if (points[i].alignment < 0) continue;
        at[panel->n][0] = degrees_of(points[i].alignment), at[panel->n][1] = points[i].change;
        put_colour(rgb + 3 * panel->n, &g->cloud, points[i].point);
        panel->n++;
    }
    *away = n - panel->n;
    panel->at = (const double(*)[2])at;
    panel->rgb = rgb;
    return KEDGE_OK;
}

/* The target's colour. */
static kedge_status put_mark(kedge_scatter_panel *panel, const kedge_certificate *certificate,
                             const kedge_target *target, kedge_arena *arena)
{
    const kedge_certificate_point *colours;
    int n = kedge_certificate_colours(certificate, &colours);
    const char *name = target->has_colour ? kedge_show_colour_name(target->colour) : "";
    for (int i = 0; i < n; i++) {
        if (strcmp(colours[i].name, name) != 0 || colours[i].alignment < 0) continue;
        kedge_scatter_mark *mark = kedge_arena_alloc(arena, 1, sizeof *mark);
        if (!mark) return kedge_fail_memory("a figure");
        *mark = (kedge_scatter_mark){name, degrees_of(colours[i].alignment), colours[i].change};
        panel->marks = mark;
        panel->n_marks = 1;
    }
    return KEDGE_OK;
}

/* ---- words ---- */

/* A promise in so many decimals: rounded up, or it would not hold. */
static void add_promise(kedge_text *text, const char *format, const kedge_certificate *certificate, double degrees,
                        int decimals)
{
    double scale = pow(10, decimals);
    kedge_text_add_real(text, format, ceil(kedge_certificate_beyond(certificate, degrees) * scale) / scale);
}

static const char *take(kedge_text *text, kedge_arena *arena)
{
    const char *copy = text->broken ? NULL : kedge_arena_text(arena, kedge_text_string(text));
    kedge_text_clear(text);
    return copy;
}

static kedge_status put_asides(kedge_scatter_panel *panel, gathering *g, const kedge_certificate *certificate,
                               bool is_quick, int away)
{
    static const int others[] = {30, 45, 75};
    kedge_arena *arena = &g->show->arena;
    add_promise(&g->aside, "no input beyond 60\xc2\xb0 changes by more than %.3f", certificate, 60, 3);
    panel->asides[0] = take(&g->aside, arena);
    for (int i = 0; i < 3; i++) {
        kedge_text_addf(&g->aside, "%s%d\xc2\xb0: ", i ? ", " : "beyond ", others[i]);
        add_promise(&g->aside, "%.3f", certificate, others[i], 3);
    }
    panel->asides[1] = take(&g->aside, arena);
    const kedge_certificate_cell *cells;
    int n = kedge_certificate_cells(certificate, &cells);
    kedge_text_addf(&g->aside, is_quick ? "%d cells of the cosine, settled to 5%%" : "%d cells of the cosine", n);
    panel->asides[2] = take(&g->aside, arena);
    if (away > 0) kedge_text_addf(&g->aside, "%d points lie further than 90\xc2\xb0 and are left alone", away);
    panel->asides[3] = take(&g->aside, arena);
    for (int i = 0; i < KEDGE_SCATTER_ASIDES; i++)
        if (!panel->asides[i]) return kedge_fail_memory("a figure");
    return KEDGE_OK;
}

static void describe(gathering *g, const char *plan, const kedge_certificate *certificate, int away)
{
    const kedge_certificate_cell *cells;
    int n = kedge_certificate_cells(certificate, &cells);
    double found = 0, measured = 0;
    for (int i = 0; i < n; i++) found = fmax(found, cells[i].found), measured = fmax(measured, cells[i].measured);
    kedge_text_addf(&g->words, " %s: in %d cells,", plan, n);
    add_promise(&g->words, " no input at all changes by more than %.4f;", certificate, 0, 4);
    for (int degrees = 30; degrees <= 75; degrees += 15) {
        kedge_text_addf(&g->words, "%s beyond %d degrees", degrees > 30 ? "," : "", degrees);
        add_promise(&g->words, " by %.4f", certificate, degrees, 4);
    }
    kedge_text_add_real(&g->words, ". A search found changes up to %.4f", found);
    kedge_text_add_real(&g->words, ", the data have up to %.4f", measured);
    if (away > 0) kedge_text_addf(&g->words, "; %d points lie further than 90 degrees and are left alone", away);
    kedge_text_add(&g->words, ".");
}

/* Where an edit begins. */
static void put_cone(kedge_scatter_panel *panel, const kedge_plan_options *plan)
{
    const kedge_plan_step *step = &plan->steps[0];
    const kedge_edit_kind *kind = step->is_surgery ? NULL : kedge_edit_kinds[step->edit.kind];
    panel->shaded = kind == &kedge_edit_suppress || kind == &kedge_edit_repel;
    panel->shaded_to = step->edit.from;
}

/* ---- the figure ---- */

static kedge_status make_panel(gathering *g, int i, bool *is_unsigned)
{
    const kedge_plan_options *plan = &g->view.plans[i];
    kedge_scatter_panel *panel = &g->panels[i];
    kedge_certificate *certificate = NULL;
    bool is_quick;
    int away = 0;
    kedge_status status = certify(g, plan->name, &certificate, &is_quick);
    if (status) return status;
    *panel = (kedge_scatter_panel){.title = plan->name};
    *is_unsigned = kedge_certificate_is_unsigned(certificate);
    put_cone(panel, plan);
    status = put_stairs(panel, certificate, &g->show->arena);
    if (!status) status = put_points(panel, g, certificate, &away);
    if (!status) status = put_mark(panel, certificate, &g->view.targets[i], &g->show->arena);
    if (!status) status = put_asides(panel, g, certificate, is_quick, away);
    if (!status) describe(g, plan->name, certificate, away);
    kedge_certificate_free(certificate);
    return status;
}

/* The plans named, else the scored one, else the first. */
static kedge_status choose_plans(gathering *g)
{
    const kedge_draw_options *options = g->show->options;
    const kedge_recipe *recipe = g->model->recipe;
    const char *one[1];
    int n = options->n_plans > 0 ? options->n_plans : 1;
    if (recipe->n_plans == 0)
        return kedge_fail(KEDGE_EINVALID, "%s: figure 'certificate' is made of a plan; its recipe has none",
                          recipe->file);
    one[0] = recipe->plans[recipe->score_plan >= 0 ? recipe->score_plan : 0].name;
    kedge_status status = kedge_recipe_view(&g->view, recipe, options->n_plans > 0 ? options->plans : one, n,
                                            &g->show->arena);
    if (!status && g->view.n_plans == 0)
        status = kedge_fail(KEDGE_EINVALID, "%s: figure 'certificate' is made of a plan; name one of its plans, not "
                            "'baseline'", recipe->file);
    return status;
}

static kedge_status draw_plans(gathering *g, const kedge_picture *to)
{
    const char *seed = kedge_show_seed_text(g->show);
    kedge_arena *arena = &g->show->arena;
    bool is_unsigned = false, any = false, all = true;
    g->panels = kedge_arena_alloc(arena, (size_t)g->view.n_plans, sizeof *g->panels);
    if (!g->panels || !seed) return kedge_fail_memory("a figure");
    kedge_text_addf(&g->words, "%s. The most that a plan can change any output, as a root mean square, by the angle of "
                    "the latent from what is edited, proved from the weights; changes that a search found, and those "
                    "of the recipe's data, below it.", seed);
    kedge_status status = kedge_cloud_init(&g->cloud, arena, g->model->recipe, 0, NULL);
    for (int i = 0; !status && i < g->view.n_plans; i++) {
        status = make_panel(g, i, &is_unsigned);
        any = any || is_unsigned, all = all && is_unsigned;
    }
    if (!status) status = kedge_text_status(&g->words, "a figure's description");
    if (status) return status;
    kedge_scatter_figure figure = {
        .title = kedge_show_title(g->show, "certificate"), .subtitle = seed,
        .description = kedge_text_string(&g->words),
        .note = "Changes are root mean squares over outputs. The bound holds for every input, data or not; shaded is "
                "where the plan acts.",
        .x = all   ? "angle from the edited dims (degrees)"
             : any ? "angle (degrees)"
                   : "angle from the direction (degrees)",
        .y = "change",
        .names = {[KEDGE_CURVE_MAIN] = "bound", [KEDGE_CURVE_DASHED] = "largest found by a search"},
        .degrees = true, .x_min = X_MIN, .x_max = X_MAX, .n = g->view.n_plans, .panels = g->panels,
    };
    return kedge_draw_scatter(g->show->ctx, &figure, to);
}

static kedge_status draw(kedge_show *show, const kedge_picture *to)
{
    gathering g = {.show = show};
    kedge_status status = kedge_show_model(show, &g.model);
    if (!status) status = choose_plans(&g);
    if (status) return status;
    kedge_text_init(&g.words, show->ctx);
    kedge_text_init(&g.aside, show->ctx);
    status = draw_plans(&g, to);
    kedge_text_release(&g.words);
    kedge_text_release(&g.aside);
    return status;
}

const kedge_figure kedge_figure_certificate = {
    .info = {.name = "certificate",
             .summary = "what a plan can change at most by angle, with what was found and measured",
             .input = KEDGE_FIGURE_MODEL},
    .draw = draw,
};
