/* colour_table.c - a table of named colours by plan, as a picture. */
#include "draw/colour_table.h"

#include <math.h>

#include "base/error.h"
#include "draw/page.h"

static const double ROW = 17, HEADER = 18, RULE = 4; /* heights; space at a rule */
static const double SWATCH = 11, GAP = 5;
static const double BLOCK = 16;                      /* between one table and the next below it */
static const double FULL = 0.62;                     /* opacity of full shade: numbers stay legible on it */

typedef struct sheet {
    const kedge_colour_table *table;
    const kedge_theme *theme;
    kedge_canvas canvas;
    kedge_page page;
    double name_width, cell_width;
    int columns, blocks; /* columns of a block; blocks one under the other */
} sheet;

/* ---- numbers ---- */

kedge_status kedge_colour_table_check(const kedge_colour_table *table, const char *path)
{
    if (table->rows < 1 || table->columns < 1)
        return kedge_fail(KEDGE_EINVALID, "%s: cannot draw a table of %d rows and %d columns", path, table->rows,
                          table->columns);
    for (int c = 0; c < table->columns; c++)
        for (int r = 0; r < table->rows; r++) {
            const float *out = table->column[c].shown + 3 * (size_t)r;
            if (!isfinite(table->column[c].errors[r]) || !isfinite(out[0] + out[1] + out[2]))
                return kedge_fail(KEDGE_ENUMERIC, "%s: cannot draw: '%s' gives (%g, %g, %g) for %s, error %g", path,
                                  table->column[c].name, (double)out[0], (double)out[1], (double)out[2],
                                  table->names[r], table->column[c].errors[r]);
        }
    return KEDGE_OK;
}

double kedge_colour_table_shade(const kedge_colour_table *table, double error)
{
    double most = 0;
    for (int c = 0; c < table->columns; c++)
        for (int r = 0; r < table->rows; r++)
            if (table->column[c].errors[r] > most) most = table->column[c].errors[r];
    return most > 0 && error > 0 ? sqrt(error / most) : 0;
}

void kedge_colour_table_describe(kedge_text *text, const kedge_colour_table *table)
{
    if (table->subtitle) kedge_text_addf(text, "%s. ", table->subtitle);
    kedge_text_addf(text, "Errors of %d named colours, in %d column%s.", table->rows, table->columns,
                    table->columns == 1 ? "" : "s");
    for (int c = 0; c < table->columns; c++) {
        kedge_text_addf(text, " %s: ", table->column[c].name);
        for (int r = 0; r < table->rows; r++) {
            kedge_text_addf(text, "%s%s ", r ? ", " : "", table->names[r]);
            kedge_text_add_real(text, "%.4f", table->column[c].errors[r]);
        }
        kedge_text_add(text, ".");
    }
}

/* ---- layout ---- */

static kedge_lettering style_of(const sheet *s, kedge_align align, bool bold)
{
    return (kedge_lettering){.theme = s->theme, .size = s->theme->tick, .ink = s->theme->ink, .align = align,
                             .bold = bold};
}

static void lay_out(sheet *s, cairo_t *cr, double width)
{
    kedge_lettering plain = style_of(s, KEDGE_ALIGN_LEFT, false), bold = style_of(s, KEDGE_ALIGN_LEFT, true);
    for (int r = 0; r < s->table->rows; r++)
        s->name_width = fmax(s->name_width, kedge_lettering_width(cr, &plain, s->table->names[r]));
    s->name_width += SWATCH + 2 * GAP;
    s->cell_width = SWATCH + kedge_lettering_width(cr, &plain, "0.0000") + 3 * GAP;
    for (int c = 0; c < s->table->columns; c++)
        s->cell_width = fmax(s->cell_width, kedge_lettering_width(cr, &bold, s->table->column[c].name) + 2 * GAP);
    s->columns = s->table->columns;
    double room = width - 2 * kedge_page_margin - s->name_width;
    if (width > 0) {
        int fit = (int)(room / s->cell_width);
        s->columns = fit < 1 ? 1 : fit < s->table->columns ? fit : s->table->columns;
    }
    s->blocks = (s->table->columns + s->columns - 1) / s->columns;
    s->columns = (s->table->columns + s->blocks - 1) / s->blocks; /* as even as can be */
    if (width > 0) s->cell_width = room / s->columns;
}

static double block_height(const sheet *s)
{
    return HEADER + 2 * RULE + s->table->rows * ROW;
}

/* ---- drawing ---- */

static double clamp01(float value)
{
    return value < 0 ? 0 : value > 1 ? 1 : (double)value;
}

static void draw_swatch(const sheet *s, double x, double middle, const float *rgb)
{
    cairo_t *cr = s->canvas.cr;
    kedge_ink ink = {clamp01(rgb[0]), clamp01(rgb[1]), clamp01(rgb[2])};
    cairo_rectangle(cr, x, middle - SWATCH / 2, SWATCH, SWATCH);
    kedge_canvas_ink(cr, ink, 1);
    cairo_fill_preserve(cr);
    kedge_canvas_ink(cr, s->theme->frame, 1);
    cairo_set_line_width(cr, 0.5);
    cairo_stroke(cr);
}

static void draw_cell(const sheet *s, double x, double top, const kedge_colour_column *column, int row)
{
    cairo_t *cr = s->canvas.cr;
    char number[32];
    kedge_lettering right = style_of(s, KEDGE_ALIGN_RIGHT, false);
    double middle = top + ROW / 2;
    kedge_lettering_number(number, sizeof number, column->errors[row], 4);
    cairo_rectangle(cr, x + 1, top + 0.5, s->cell_width - 2, ROW - 1);
    kedge_canvas_ink(cr, s->theme->series[1], FULL * kedge_colour_table_shade(s->table, column->errors[row]));
    cairo_fill(cr);
    draw_swatch(s, x + GAP, middle, column->shown + 3 * (size_t)row);
    kedge_lettering_draw(cr, &right, x + s->cell_width - GAP, middle + kedge_lettering_height(&right) / 2, number);
}

static void draw_rule(const sheet *s, double y, double width)
{
    kedge_canvas_ink(s->canvas.cr, s->theme->frame, 1);
    cairo_set_line_width(s->canvas.cr, 0.7);
    cairo_move_to(s->canvas.cr, kedge_page_margin, y);
    cairo_line_to(s->canvas.cr, kedge_page_margin + width, y);
    cairo_stroke(s->canvas.cr);
}

static void draw_block(const sheet *s, int block, double top)
{
    kedge_lettering left = style_of(s, KEDGE_ALIGN_LEFT, false), head = style_of(s, KEDGE_ALIGN_RIGHT, true);
    char line[1][KEDGE_LINE];
    int first = block * s->columns, last = first + s->columns < s->table->columns ? first + s->columns
                                                                                  : s->table->columns;
    double width = s->name_width + (last - first) * s->cell_width, rows = top + HEADER + 2 * RULE;
    for (int c = first; c < last; c++) {
        double x = kedge_page_margin + s->name_width + (c - first) * s->cell_width;
        kedge_lettering_wrap(s->canvas.cr, &head, s->table->column[c].name, s->cell_width - GAP, 1, line);
        kedge_lettering_draw(s->canvas.cr, &head, x + s->cell_width - GAP, top + HEADER - 5, line[0]);
        for (int r = 0; r < s->table->rows; r++) draw_cell(s, x, rows + r * ROW, &s->table->column[c], r);
    }
    for (int r = 0; r < s->table->rows; r++) {
        double middle = rows + (r + 0.5) * ROW;
        draw_swatch(s, kedge_page_margin + 1, middle, s->table->truth + 3 * (size_t)r);
        kedge_lettering_draw(s->canvas.cr, &left, kedge_page_margin + SWATCH + GAP + 1,
                             middle + kedge_lettering_height(&left) / 2, s->table->names[r]);
    }
    draw_rule(s, top + HEADER + RULE, width);
    draw_rule(s, rows + s->table->rows * ROW + RULE / 2, width);
}

static kedge_status draw(sheet *s, kedge_context *ctx, const kedge_picture *to, const char *description)
{
    cairo_t *cr = kedge_canvas_measure();
    lay_out(s, cr, to->width);
    double width = s->name_width + s->columns * s->cell_width;
    s->page = (kedge_page){.theme = s->theme, .title = s->table->title, .subtitle = s->table->subtitle,
                           .note = "Left of each number: what comes out. Numbers: mean squared error over channels."};
    kedge_page_fit(&s->page, cr, fmax(width, to->width > 0 ? 0 : 220));
    cairo_destroy(cr);
    kedge_canvas_options options = {
        .width = s->page.width + 2 * kedge_page_margin, .paper = s->theme->paper, .title = s->table->title,
        .height = s->page.above + s->blocks * block_height(s) + (s->blocks - 1) * BLOCK + s->page.below,
        .description = description,
    };
    kedge_status status = kedge_canvas_init(&s->canvas, ctx, to, &options);
    if (status) return status;
    kedge_page_draw(&s->page, s->canvas.cr, s->canvas.options.height);
    for (int block = 0; block < s->blocks; block++)
        draw_block(s, block, s->page.above + block * (block_height(s) + BLOCK));
    status = kedge_canvas_save(&s->canvas);
    kedge_canvas_release(&s->canvas);
    return status;
}

kedge_status kedge_draw_colour_table(kedge_context *ctx, const kedge_colour_table *table, const kedge_picture *to)
{
    sheet s = {.table = table, .theme = kedge_theme_of(to->dark)};
    kedge_text description;
    kedge_status status = kedge_colour_table_check(table, to->path);
    if (status) return status;
    kedge_text_init(&description, ctx);
    kedge_colour_table_describe(&description, table);
    status = kedge_text_status(&description, "a figure's description");
    if (!status) status = draw(&s, ctx, to, kedge_text_string(&description));
    kedge_text_release(&description);
    return status;
}
