/* legend.c - what the lines of a chart are called. */
#include "draw/legend.h"

#include <math.h>

#include "draw/canvas.h"
#include "draw/lettering.h"

static const double SAMPLE = 20, GAP = 4, BETWEEN = 14; /* of a line; to its name; to the next entry */
static const double LEADER = 9;                         /* from a panel to the labels beside it */
static const double LEADING = 1.25;                     /* from line to line, of the size */

static kedge_lettering style_of(const kedge_theme *theme, const kedge_entry *entry, bool coloured)
{
    return (kedge_lettering){.theme = theme, .size = theme->tick, .symbol = entry->symbols,
                             .ink = coloured ? entry->style.ink : theme->ink};
}

/* ---- at the ends of lines */

double kedge_ends_width(cairo_t *cr, const kedge_theme *theme, int n, const kedge_entry *entries)
{
    double width = 0;
    for (int i = 0; i < n; i++) {
        kedge_lettering style = style_of(theme, &entries[i], true);
        width = fmax(width, kedge_lettering_width(cr, &style, entries[i].text));
    }
    return n > 0 ? LEADER + width : 0;
}

/* Numbers of the entries by where their lines end, the highest first, by number where they end together. */
static void sort_ends(int n, const kedge_entry *entries, int *order)
{
    for (int i = 0; i < n; i++) {
        int at = i;
        for (; at > 0 && entries[order[at - 1]].end > entries[i].end; at--) order[at] = order[at - 1];
        order[at] = i;
    }
}

bool kedge_ends_place(const kedge_theme *theme, int n, kedge_entry *entries, double top, double bottom)
{
    int order[KEDGE_ENDS_MAX];
    double at[KEDGE_ENDS_MAX], size[KEDGE_ENDS_MAX] = {0}, half = LEADING * theme->tick / 2;
    if (n > KEDGE_ENDS_MAX) return false;
    sort_ends(n, entries, order);
    for (int i = 0; i < n; i++) at[i] = entries[order[i]].end - half, size[i] = 2 * half;
    if (!kedge_chart_spread(n, at, size, top - half, bottom + half)) return false;
    for (int i = 0; i < n; i++) entries[order[i]].y = at[i] + half;
    return true;
}

void kedge_ends_draw(cairo_t *cr, const kedge_theme *theme, double x, int n, const kedge_entry *entries)
{
    for (int i = 0; i < n; i++) {
        const kedge_entry *entry = &entries[i];
        kedge_lettering style = style_of(theme, entry, true);
        kedge_canvas_ink(cr, entry->style.ink, 0.7);
        cairo_set_line_width(cr, 0.7);
        cairo_move_to(cr, x + 1, entry->end);
        cairo_line_to(cr, x + LEADER - 2, entry->y);
        cairo_stroke(cr);
        kedge_lettering_draw(cr, &style, x + LEADER, entry->y + kedge_lettering_height(&style) / 2, entry->text);
    }
}

/* ---- a legend */

/* Where entry i stands, from the top left corner; 'next' is where the one after it would begin. */
typedef struct cell {
    double x, row, next, width; /* width: of the name */
    char text[1][KEDGE_LINE];
} cell;

static cell place_cell(cairo_t *cr, const kedge_theme *theme, const kedge_entry *entry, double width, const cell *last)
{
    kedge_lettering style = style_of(theme, entry, false);
    cell c = {.x = last ? last->next : 0, .row = last ? last->row : 0};
    if (kedge_lettering_wrap(cr, &style, entry->text, width - SAMPLE - GAP, 1, c.text) == 0) c.text[0][0] = '\0';
    c.width = kedge_lettering_width(cr, &style, c.text[0]);
    if (c.x > 0 && c.x + SAMPLE + GAP + c.width > width) c.x = 0, c.row++;
    c.next = c.x + SAMPLE + GAP + c.width + BETWEEN;
    return c;
}

static double row_height(const kedge_theme *theme)
{
    return 1.5 * theme->tick;
}

double kedge_legend_height(cairo_t *cr, const kedge_theme *theme, int n, const kedge_entry *entries, double width)
{
    cell c = {0};
    for (int i = 0; i < n; i++) c = place_cell(cr, theme, &entries[i], width, i > 0 ? &c : NULL);
    return n > 0 ? (c.row + 1) * row_height(theme) : 0;
}

static void draw_sample(cairo_t *cr, const kedge_theme *theme, const kedge_entry *entry, double x, double y)
{
    /* An axis of its own, on which the line is drawn as in the panel. */
    kedge_axes axes = {.cr = cr, .theme = theme, .x = x, .y = y - 1, .width = SAMPLE, .height = 2,
                       .across = {0, 1}, .up = {-1, 1}};
    if (entry->style.width >= 0) kedge_chart_level(&axes, 0, &entry->style);
    if (entry->shape != KEDGE_SHAPE_NONE)
        kedge_chart_dot(cr, (kedge_shape)entry->shape, x + SAMPLE / 2, y, 3, entry->style.ink, theme->panel);
}

void kedge_legend_draw(cairo_t *cr, const kedge_theme *theme, double x, double y, double width, int n,
                       const kedge_entry *entries)
{
    cell c = {0};
    for (int i = 0; i < n; i++) {
        kedge_lettering style = style_of(theme, &entries[i], false);
        c = place_cell(cr, theme, &entries[i], width, i > 0 ? &c : NULL);
        double middle = y + (c.row + 0.5) * row_height(theme);
        draw_sample(cr, theme, &entries[i], x + c.x, middle);
        kedge_lettering_draw(cr, &style, x + c.x + SAMPLE + GAP, middle + kedge_lettering_height(&style) / 2,
                             c.text[0]);
    }
}
