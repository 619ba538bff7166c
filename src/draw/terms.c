/* terms.c - the figure that explains the kinds of terms. */
#include "draw/terms.h"

#include <math.h>

#include "base/error.h"
#include "draw/page.h"

enum { COLUMNS = 3, FORMULAS = 3, TEXT_LINES = 6 };

static const double CELL = 168, LEAST = 146;  /* width of a cell; the least where there are several */
static const double UNIT = 38, HIGH = 102;            /* of a sketch above its words, and its height */
static const double BESIDE_UNIT = 28, BESIDE_HIGH = 76, BESIDE_WIDE = 84; /* the same beside them, and its width */
static const double GAP = 16, LEADING = 1.32;

/* The figure while it is drawn. */
typedef struct sheet {
    const kedge_terms_figure *figure;
    const kedge_theme *theme;
    kedge_page page;
    int columns;
    double wide;   /* of a cell */
    bool beside;   /* sketches stand left of their words */
    double *highs; /* [n] of the cells */
} sheet;

/* The words of one cell, broken into lines. */
typedef struct words {
    kedge_lettering name, formula, text;
    double formula_sizes[FORMULAS];
    int n_formulas, n_lines;
    char lines[TEXT_LINES][KEDGE_LINE];
    double width, high;
} words;

static void break_words(const sheet *s, cairo_t *cr, int i, words *w)
{
    const kedge_theme *theme = s->theme;
    const kedge_terms_entry *entry = &s->figure->entries[i];
    const kedge_term_sketch *sketch = kedge_term_sketch_find(entry->kind);
    *w = (words){.name = {.theme = theme, .size = theme->label, .ink = theme->ink, .bold = true},
                 .formula = {.theme = theme, .size = theme->label - 0.5, .ink = theme->ink, .symbol = true},
                 .text = {.theme = theme, .size = theme->note + 0.5, .ink = theme->muted},
                 .width = s->beside ? s->wide - BESIDE_WIDE - GAP : s->wide};
    w->high = LEADING * w->name.size;
    for (; w->n_formulas < FORMULAS && sketch->formulas[w->n_formulas]; w->n_formulas++) {
        double needs = kedge_lettering_width(cr, &w->formula, sketch->formulas[w->n_formulas]);
        w->formula_sizes[w->n_formulas] = w->formula.size * fmin(1, w->width / needs); /* small, but on one line */
        w->high += LEADING * w->formula.size + 1.5; /* what is raised or lowered needs a little more */
    }
    w->n_lines = kedge_lettering_wrap(cr, &w->text, entry->text, w->width, TEXT_LINES, w->lines);
    w->high += LEADING * w->text.size * w->n_lines;
}

static void set_words(cairo_t *cr, const sheet *s, int i, double x, double y)
{
    words w;
    break_words(s, cr, i, &w);
    const kedge_terms_entry *entry = &s->figure->entries[i];
    const kedge_term_sketch *sketch = kedge_term_sketch_find(entry->kind);
    kedge_lettering_draw(cr, &w.name, x, y + w.name.size, entry->kind);
    y += LEADING * w.name.size;
    for (int k = 0; k < w.n_formulas; k++) {
        kedge_lettering formula = w.formula;
        formula.size = w.formula_sizes[k];
        kedge_lettering_draw(cr, &formula, x, y + w.formula.size, sketch->formulas[k]);
        y += LEADING * w.formula.size + 1.5;
    }
    for (int k = 0; k < w.n_lines; k++, y += LEADING * w.text.size)
        kedge_lettering_draw(cr, &w.text, x, y + w.text.size, w.lines[k]);
}

static void draw_cell(cairo_t *cr, const sheet *s, int i, double x, double y)
{
    double wide = s->beside ? BESIDE_WIDE : fmin(s->wide, 4 * UNIT), high = s->beside ? BESIDE_HIGH : HIGH;
    const kedge_sketch sketch = {.cr = cr, .theme = s->theme, .x = x + wide / 2, .y = y + high / 2,
                                 .unit = s->beside ? BESIDE_UNIT : UNIT};
    kedge_term_sketch_find(s->figure->entries[i].kind)->draw(&sketch);
    set_words(cr, s, i, s->beside ? x + wide + GAP : x, s->beside ? y : y + high);
}

static void lay_out(sheet *s, double width)
{
    cairo_t *cr = kedge_canvas_measure();
    words w;
    s->columns = s->figure->n < COLUMNS ? s->figure->n : COLUMNS;
    double inner = width > 0 ? width - 2 * kedge_page_margin : s->columns * CELL + (s->columns - 1) * GAP;
    while (s->columns > 1 && (inner - (s->columns - 1) * GAP) / s->columns < LEAST) s->columns--;
    s->wide = (inner - (s->columns - 1) * GAP) / s->columns;
    s->beside = s->columns == 1;
    for (int i = 0; i < s->figure->n; i++) {
        break_words(s, cr, i, &w);
        s->highs[i] = s->beside ? fmax(BESIDE_HIGH, w.high) : HIGH + w.high;
    }
    kedge_page_fit(&s->page, cr, inner);
    cairo_destroy(cr);
}

/* Height of the row that begins with cell i. */
static double row_height(const sheet *s, int i)
{
    double high = 0;
    for (int k = i; k < i + s->columns && k < s->figure->n; k++) high = fmax(high, s->highs[k]);
    return high;
}

static kedge_status describe(const kedge_terms_figure *figure, kedge_text *text)
{
    kedge_text_addf(text, "%d kinds of terms, each with a sketch and its loss of one sample.", figure->n);
    for (int i = 0; i < figure->n; i++) {
        const kedge_term_sketch *sketch = kedge_term_sketch_find(figure->entries[i].kind);
        kedge_text_addf(text, " %s: %s", figure->entries[i].kind, figure->entries[i].text);
        for (int k = 0; k < FORMULAS && sketch->formulas[k]; k++)
            kedge_text_addf(text, "%s%s", k == 0 ? ". Formula: " : "; ", sketch->formulas[k]);
        kedge_text_add(text, ".");
    }
    return kedge_text_status(text, "a figure's description");
}

static kedge_status check(const kedge_terms_figure *figure, const char *path)
{
    if (figure->n < 1) return kedge_fail(KEDGE_EINVALID, "%s: cannot draw no term kinds", path);
    for (int i = 0; i < figure->n; i++)
        if (!kedge_term_sketch_find(figure->entries[i].kind))
            return kedge_fail(KEDGE_EINVALID, "%s: cannot draw: term kind '%s' has no sketch", path,
                              figure->entries[i].kind);
    return KEDGE_OK;
}

static const char note[] =
    "Arrows: where coloured samples are moved. The losses are those of one sample; a term is their mean over the "
    "batch or, with labels, over the labelled samples. z is the latent, u the latent before it is normalized, e = z / "
    "|z|, p a point, c a latent that was captured, D some dims, a, b, i, j samples, B their number, P a power, f the "
    "decoder.";

kedge_status kedge_draw_terms(kedge_context *ctx, const kedge_terms_figure *figure, const kedge_picture *to)
{
    sheet s = {.figure = figure, .theme = kedge_theme_of(to->dark)};
    kedge_canvas canvas = {0};
    kedge_text description;
    kedge_status status = check(figure, to->path);
    if (status) return status;
    kedge_text_init(&description, ctx);
    s.page = (kedge_page){.theme = s.theme, .title = figure->title, .subtitle = figure->subtitle, .note = note};
    s.highs = kedge_alloc(ctx, (size_t)figure->n, sizeof *s.highs);
    status = s.highs ? describe(figure, &description) : kedge_fail_memory("a figure");
    if (status) goto done;
    lay_out(&s, to->width);
    double high = s.page.above + s.page.below - GAP;
    for (int i = 0; i < figure->n; i += s.columns) high += row_height(&s, i) + GAP;
    kedge_canvas_options options = {
        .width = to->width > 0 ? to->width : s.page.width + 2 * kedge_page_margin, .height = high,
        .paper = s.theme->paper, .title = figure->title, .description = kedge_text_string(&description)};
    if ((status = kedge_canvas_init(&canvas, ctx, to, &options))) goto done;
    kedge_page_draw(&s.page, canvas.cr, canvas.options.height);
    double y = s.page.above;
    for (int i = 0; i < figure->n; y += row_height(&s, i) + GAP, i += s.columns)
        for (int k = i; k < i + s.columns && k < figure->n; k++)
            draw_cell(canvas.cr, &s, k, kedge_page_margin + (k - i) * (s.wide + GAP), y);
    status = kedge_canvas_save(&canvas);
done:
    kedge_canvas_release(&canvas);
    kedge_text_release(&description);
    kedge_release(ctx, s.highs);
    return status;
}
