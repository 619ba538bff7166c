/* figure_labels.c - what the label laboratory found, as heat maps. */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/sort.h"
#include "draw/heat.h"
#include "format/csv.h"
#include "show/figure.h"

enum { BYTES = 1 << 24, MAPS = 4, SIDE = KEDGE_HEAT_SIDE };

/* A side of a map: the values that a column takes, each once. */
typedef struct side {
    int n;
    double values[SIDE];
    const char *names[SIDE];
} side;

typedef struct gathering {
    kedge_show *show;
    kedge_csv csv;
    kedge_heat_map maps[MAPS];
    int n_maps;
} gathering;

static kedge_status no_memory(void)
{
    return kedge_fail_memory("a figure");
}

/* The table of 'kedge labels -o', or a folder with it. */
static kedge_status read_table(gathering *g)
{
    static const char *const wanted[] = {"part", "wrong", "true_positive", "exponent", "rate", "n", "score", "angle"};
    kedge_show *show = g->show;
    const char *path = show->input;
    kedge_errors errors;
    kedge_errors_init(&errors);
    if (kedge_is_directory(path)) path = kedge_arena_format(&show->arena, "%s/labels.csv", path);
    if (!path) return no_memory();
    if (!kedge_csv_load(&g->csv, &show->arena, path, BYTES, &errors)) return kedge_errors_status(&errors);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (kedge_csv_column(&g->csv, wanted[i]) < 0)
            return kedge_fail(KEDGE_EFORMAT, "%s: has no column '%s'; must be a table of 'kedge labels -o'", path,
                              wanted[i]);
    return KEDGE_OK;
}

static double real_at(const kedge_csv *csv, int row, const char *column)
{
    double value;
    return kedge_csv_real(kedge_csv_at(csv, row, kedge_csv_column(csv, column)), &value) ? value : (double)NAN;
}

static bool is_part(const kedge_csv *csv, int row, const char *part)
{
    return strcmp(kedge_csv_at(csv, row, kedge_csv_column(csv, "part"))->text, part) == 0;
}

/* Shares are read back as they were computed: those that agree to nine digits are one. */
static int place_of(const side *s, double value)
{
    for (int i = 0; i < s->n; i++)
        if (fabs(s->values[i] - value) <= 1e-7 * fmax(1e-3, fabs(value))) return i;
    return -1;
}

static kedge_status list_side(const gathering *g, side *s, const char *part, const char *column, bool down)
{
    for (int row = 0; row < g->csv.rows; row++) {
        double value = is_part(&g->csv, row, part) ? real_at(&g->csv, row, column) : (double)NAN;
        if (isnan(value) || place_of(s, value) >= 0) continue;
        if (s->n == SIDE)
            return kedge_fail(KEDGE_EINVALID, "%s: more than %d values of '%s' cannot be drawn", g->show->input, SIDE,
                              column);
        s->values[s->n++] = value;
    }
    kedge_sort_reals(s->values, (size_t)s->n);
    for (int i = 0; down && i < s->n / 2; i++) {
        double kept = s->values[i];
        s->values[i] = s->values[s->n - 1 - i];
        s->values[s->n - 1 - i] = kept;
    }
    for (int i = 0; i < s->n; i++) {
        char name[32];
        bool share = strcmp(column, "wrong") == 0;
        kedge_real_format(name, sizeof name, share ? "%.3g%%" : "%.3g", share ? 100 * s->values[i] : s->values[i]);
        s->names[i] = kedge_arena_text(&g->show->arena, name);
        if (!s->names[i]) return no_memory();
    }
    return KEDGE_OK;
}

/* What a part's map is of. */
typedef struct subject {
    const char *part, *across, *up, *x, *y, *value, *title, *of;
    bool less;
    int decimals;
} subject;

static kedge_status add_map(gathering *g, const subject *about)
{
    kedge_arena *arena = &g->show->arena;
    side *across = kedge_arena_alloc(arena, 1, sizeof *across), *up = kedge_arena_alloc(arena, 1, sizeof *up);
    if (!across || !up) return no_memory();
    kedge_status status = list_side(g, across, about->part, about->across, false);
    if (!status) status = list_side(g, up, about->part, about->up, true);
    if (status || across->n == 0 || up->n == 0) return status;
    size_t n = (size_t)across->n * (size_t)up->n;
    double *values = kedge_arena_alloc(arena, n, sizeof *values);
    if (!values) return no_memory();
    for (size_t i = 0; i < n; i++) values[i] = NAN;
    bool any = false;
    for (int row = 0; row < g->csv.rows; row++) {
        if (!is_part(&g->csv, row, about->part)) continue;
        int column = place_of(across, real_at(&g->csv, row, about->across));
        int line = place_of(up, real_at(&g->csv, row, about->up));
        double value = real_at(&g->csv, row, about->value);
        if (column < 0 || line < 0) continue;
        values[line * across->n + column] = value;
        any = any || isfinite(value);
    }
    if (!any) return KEDGE_OK; /* a recipe without a score */
    g->maps[g->n_maps++] = (kedge_heat_map){
        .title = about->title, .of = about->of, .less = about->less, .decimals = about->decimals, .x = about->x,
        .y = about->y, .rows = up->n, .columns = across->n, .row_names = up->names, .column_names = across->names,
        .values = values};
    return KEDGE_OK;
}

static kedge_status draw(kedge_show *show, const kedge_picture *to)
{
    static const subject subjects[MAPS] = {
        {"noise", "wrong", "true_positive", "wrong labels", "true positives", "score",
         "Wrong labels: score", "median score", false, 2},
        {"noise", "wrong", "true_positive", "wrong labels", "true positives", "angle",
         "Wrong labels: angle", "mean angle, degrees", true, 0},
        {"rate", "exponent", "rate", "exponent", "rate", "score", "Rate and exponent: score", "median score", false, 2},
        {"rate", "exponent", "rate", "exponent", "rate", "angle", "Rate and exponent: angle",
         "mean angle, degrees", true, 0},
    };
    gathering g = {.show = show};
    kedge_status status = read_table(&g);
    for (int i = 0; i < MAPS && !status; i++) status = add_map(&g, &subjects[i]);
    if (status) return status;
    if (g.n_maps == 0)
        return kedge_fail(KEDGE_EINVALID, "%s: no row of 'noise' or 'rate' has a number; must be a table of "
                          "'kedge labels -o'", show->input);
    double seeds = real_at(&g.csv, 0, "n");
    const char *subtitle = isnan(seeds) ? "label laboratory"
                                        : kedge_arena_format(&show->arena, "label laboratory, %.0f runs a cell", seeds);
    if (!subtitle) return no_memory();
    kedge_heat_figure figure = {.title = kedge_show_title(show, "labels"), .subtitle = subtitle,
                                .note = "Wrong: share of the labels handed out. Angle: from the anchor, of those who "
                                        "carry the label for certain. Light is good.", .n = g.n_maps,
                                .maps = g.maps};
    return kedge_draw_heat(show->ctx, &figure, to);
}

const kedge_figure kedge_figure_labels = {
    .info = {.name = "labels", .summary = "score and angle over wrong labels, and over rate and exponent",
             .input = KEDGE_FIGURE_TABLE},
    .draw = draw,
};
