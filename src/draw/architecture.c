/* architecture.c - the figure of a network. */
#include "draw/architecture.h"

#include <math.h>
#include <stdio.h>

#include "base/error.h"
#include "draw/chart.h"
#include "draw/page.h"

enum { DOTS_MAX = 24, ACT_LINES = 4, TEXT_LINES = 2 };

static const double WIDTH = 470;           /* of a page that has no other */
static const double SHARE = 0.34;          /* of it, for the drawing; the rest is for words */
static const double DRAWING_LEAST = 58, DRAWING_MOST = 150;
static const double ROW_GAP = 15, GLYPH = 13, LEADING = 1.3;

static const char *const kind_notes[KEDGE_ACTS_KINDS] = {
    "Triangle: the loss of the task.", "Disc: a term, while training.", "Diamond: an edit, while the model runs.",
    "Square: surgery on the weights."};

/* The figure while it is drawn. */
typedef struct sheet {
    const kedge_architecture_figure *figure;
    const kedge_theme *theme;
    kedge_page page;
    double drawing;     /* width of the drawing */
    double words_x;     /* left end of the words */
    double words_width;
    double spacing;     /* of units */
    double *highs;      /* [n] of the rows */
} sheet;

static kedge_lettering name_style(const sheet *s)
{
    return (kedge_lettering){.theme = s->theme, .size = s->theme->subtitle + 0.5, .ink = s->theme->ink, .bold = true};
}

static kedge_lettering text_style(const sheet *s)
{
    return (kedge_lettering){.theme = s->theme, .size = s->theme->tick, .ink = s->theme->muted};
}

static kedge_lettering act_style(const sheet *s)
{
    return (kedge_lettering){.theme = s->theme, .size = s->theme->tick, .ink = s->theme->ink};
}

static int dots_of(const kedge_architecture_layer *layer)
{
    return layer->units < DOTS_MAX ? layer->units : DOTS_MAX;
}

/* The shape and colour of what acts. */
static void draw_glyph(cairo_t *cr, const sheet *s, kedge_architecture_kind kind, double x, double y)
{
    static const kedge_shape shapes[KEDGE_ACTS_KINDS] = {
        KEDGE_SHAPE_TRIANGLE, KEDGE_SHAPE_DISC, KEDGE_SHAPE_DIAMOND, KEDGE_SHAPE_SQUARE};
    static const int series[KEDGE_ACTS_KINDS] = {6, 1, 0, 2};
    kedge_chart_dot(cr, shapes[kind], x, y, 3.2, s->theme->series[series[kind]], s->theme->paper);
}

/* The words of a layer from y, the top of its row, drawn if 'draw'; returns their height. */
static double set_words(cairo_t *cr, const sheet *s, const kedge_architecture_layer *layer, double y, bool draw)
{
    kedge_lettering name = name_style(s), text = text_style(s), act = act_style(s);
    char lines[ACT_LINES][KEDGE_LINE], whole[KEDGE_LETTERING_MAX];
    double top = y, wide = kedge_lettering_width(cr, &name, layer->name);
    if (draw) kedge_lettering_draw(cr, &name, s->words_x, y + name.size, layer->name);
    bool same_line = layer->text && wide + 8 + kedge_lettering_width(cr, &text, layer->text) <= s->words_width;
    if (same_line && draw) kedge_lettering_draw(cr, &text, s->words_x + wide + 8, y + name.size, layer->text);
    y += LEADING * name.size;
    if (layer->text && !same_line) {
        int n = kedge_lettering_wrap(cr, &text, layer->text, s->words_width, TEXT_LINES, lines);
        for (int i = 0; i < n; i++, y += LEADING * text.size)
            if (draw) kedge_lettering_draw(cr, &text, s->words_x, y + text.size, lines[i]);
    }
    for (int i = 0; i < layer->n_acts; i++) {
        const kedge_architecture_act *one = &layer->acts[i];
        snprintf(whole, sizeof whole, "%s: %s", one->name, one->text);
        int n = kedge_lettering_wrap(cr, &act, whole, s->words_width - GLYPH, ACT_LINES, lines);
        y += 1.5;
        if (draw) draw_glyph(cr, s, one->kind, s->words_x + 4, y + act.size - kedge_lettering_height(&act) / 2);
        for (int k = 0; k < n; k++, y += LEADING * act.size)
            if (draw) kedge_lettering_draw(cr, &act, s->words_x + GLYPH, y + act.size, lines[k]);
    }
    return y - top;
}

static void lay_out(sheet *s, double width)
{
    cairo_t *cr = kedge_canvas_measure();
    double inner = (width > 0 ? width : WIDTH) - 2 * kedge_page_margin;
    int most = 1;
    for (int i = 0; i < s->figure->n; i++)
        if (dots_of(&s->figure->layers[i]) > most) most = dots_of(&s->figure->layers[i]);
    s->drawing = fmin(fmax(SHARE * inner, DRAWING_LEAST), DRAWING_MOST);
    s->spacing = fmin(s->drawing / most, 13);
    s->words_x = kedge_page_margin + s->drawing + 22;
    s->words_width = fmax(40, kedge_page_margin + inner - s->words_x);
    for (int i = 0; i < s->figure->n; i++)
        s->highs[i] = fmax(28, set_words(cr, s, &s->figure->layers[i], 0, false) + ROW_GAP);
    kedge_page_fit(&s->page, cr, inner);
    cairo_destroy(cr);
}

/* ---- drawing */

static double radius_of(const sheet *s)
{
    return fmin(0.36 * s->spacing, 4.2);
}

static double unit_x(const sheet *s, const kedge_architecture_layer *layer, int unit)
{
    return kedge_page_margin + s->drawing / 2 + (unit - (dots_of(layer) - 1) / 2.0) * s->spacing;
}

/* The weights between two layers, as one shade; or lines from unit to unit. */
static void draw_between(cairo_t *cr, const sheet *s, const kedge_architecture_layer *above,
                         const kedge_architecture_layer *below, double y0, double y1)
{
    double r = radius_of(s);
    int last_above = dots_of(above) - 1, last_below = dots_of(below) - 1;
    cairo_new_path(cr);
    if (below->pointwise && last_above == last_below) {
        for (int i = 0; i <= last_above; i++) {
            cairo_move_to(cr, unit_x(s, above, i), y0 + r);
            cairo_line_to(cr, unit_x(s, below, i), y1 - r);
        }
        kedge_canvas_ink(cr, s->theme->frame, 1);
        cairo_set_line_width(cr, 0.7);
        cairo_stroke(cr);
        return;
    }
    cairo_move_to(cr, unit_x(s, above, 0) - r, y0 + r + 2);
    cairo_line_to(cr, unit_x(s, above, last_above) + r, y0 + r + 2);
    cairo_line_to(cr, unit_x(s, below, last_below) + r, y1 - r - 2);
    cairo_line_to(cr, unit_x(s, below, 0) - r, y1 - r - 2);
    cairo_close_path(cr);
    kedge_canvas_ink(cr, s->theme->rule, 0.55);
    cairo_fill(cr);
}

static void draw_units(cairo_t *cr, const sheet *s, const kedge_architecture_layer *layer, double y)
{
    double r = radius_of(s);
    int n = dots_of(layer);
    for (int i = 0; i < n; i++) {
        cairo_new_path(cr);
        cairo_arc(cr, unit_x(s, layer, i), y, r, 0, 2 * M_PI);
        kedge_canvas_ink(cr, layer->strong ? s->theme->series[0] : s->theme->panel, 1);
        cairo_fill_preserve(cr);
        kedge_canvas_ink(cr, layer->strong ? s->theme->series[0] : s->theme->muted, 1);
        cairo_set_line_width(cr, fmin(1, 0.3 * r));
        cairo_stroke(cr);
    }
    cairo_new_path(cr);
    cairo_move_to(cr, unit_x(s, layer, n - 1) + r + 3, y);
    cairo_line_to(cr, s->words_x - 6, y);
    kedge_canvas_ink(cr, s->theme->rule, 1);
    cairo_set_line_width(cr, 0.6);
    cairo_stroke(cr);
}

static void draw_rows(cairo_t *cr, const sheet *s)
{
    kedge_lettering name = name_style(s);
    double y = s->page.above, before = 0;
    for (int i = 0; i < s->figure->n; y += s->highs[i], i++) {
        const kedge_architecture_layer *layer = &s->figure->layers[i];
        double middle = y + name.size - kedge_lettering_height(&name) / 2;
        if (i > 0) draw_between(cr, s, layer - 1, layer, before, middle);
        before = middle;
    }
    y = s->page.above;
    for (int i = 0; i < s->figure->n; y += s->highs[i], i++) {
        draw_units(cr, s, &s->figure->layers[i], y + name.size - kedge_lettering_height(&name) / 2);
        set_words(cr, s, &s->figure->layers[i], y, true);
    }
}

/* ---- words */

static kedge_status describe(const kedge_architecture_figure *figure, kedge_text *text)
{
    static const char *const kinds[KEDGE_ACTS_KINDS] = {"task", "term", "edit", "surgery"};
    kedge_text_addf(text, "A network of %d layers, from input to output.", figure->n);
    for (int i = 0; i < figure->n; i++) {
        const kedge_architecture_layer *layer = &figure->layers[i];
        if (layer->text) kedge_text_addf(text, " %s: %s", layer->name, layer->text);
        else kedge_text_addf(text, " %s: %d unit%s", layer->name, layer->units, layer->units == 1 ? "" : "s");
        for (int k = 0; k < layer->n_acts; k++)
            kedge_text_addf(text, "; %s %s: %s", kinds[layer->acts[k].kind], layer->acts[k].name, layer->acts[k].text);
        kedge_text_add(text, ".");
    }
    return kedge_text_status(text, "a figure's description");
}

/* What the shapes mean that there are. */
static kedge_status write_note(const kedge_architecture_figure *figure, kedge_text *note)
{
    bool there[KEDGE_ACTS_KINDS] = {false}, many = false;
    for (int i = 0; i < figure->n; i++) {
        many = many || figure->layers[i].units > DOTS_MAX;
        for (int k = 0; k < figure->layers[i].n_acts; k++) there[figure->layers[i].acts[k].kind] = true;
    }
    for (int kind = 0; kind < KEDGE_ACTS_KINDS; kind++)
        if (there[kind]) kedge_text_addf(note, "%s%s", note->length > 0 ? " " : "", kind_notes[kind]);
    if (many) kedge_text_addf(note, "%sOf many units %d are drawn.", note->length > 0 ? " " : "", DOTS_MAX);
    return kedge_text_status(note, "a figure's notes");
}

static kedge_status check(const kedge_architecture_figure *figure, const char *path)
{
    if (figure->n < 1) return kedge_fail(KEDGE_EINVALID, "%s: cannot draw a network without layers", path);
    for (int i = 0; i < figure->n; i++)
        if (figure->layers[i].units < 1)
            return kedge_fail(KEDGE_EINVALID, "%s: cannot draw layer '%s' of %d units", path, figure->layers[i].name,
                              figure->layers[i].units);
    return KEDGE_OK;
}

kedge_status kedge_draw_architecture(kedge_context *ctx, const kedge_architecture_figure *figure,
                                     const kedge_picture *to)
{
    sheet s = {.figure = figure, .theme = kedge_theme_of(to->dark)};
    kedge_canvas canvas = {0};
    kedge_text description, note;
    kedge_status status = check(figure, to->path);
    if (status) return status;
    kedge_text_init(&description, ctx);
    kedge_text_init(&note, ctx);
    s.highs = kedge_alloc(ctx, (size_t)figure->n, sizeof *s.highs);
    status = s.highs ? describe(figure, &description) : kedge_fail_memory("a figure");
    if (!status) status = write_note(figure, &note);
    if (status) goto done;
    s.page = (kedge_page){.theme = s.theme, .title = figure->title, .subtitle = figure->subtitle,
                          .note = kedge_text_string(&note)};
    lay_out(&s, to->width);
    double high = s.page.above + s.page.below - ROW_GAP + 6;
    for (int i = 0; i < figure->n; i++) high += s.highs[i];
    kedge_canvas_options options = {.width = to->width > 0 ? to->width : WIDTH, .height = high,
                                    .paper = s.theme->paper, .title = figure->title,
                                    .description = kedge_text_string(&description)};
    if ((status = kedge_canvas_init(&canvas, ctx, to, &options))) goto done;
    kedge_page_draw(&s.page, canvas.cr, canvas.options.height);
    draw_rows(canvas.cr, &s);
    status = kedge_canvas_save(&canvas);
done:
    kedge_canvas_release(&canvas);
    kedge_text_release(&note);
    kedge_text_release(&description);
    kedge_release(ctx, s.highs);
    return status;
}
