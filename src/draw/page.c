/* page.c - what stands around the panels of any figure: title above; colour bar and notes below. */
#include "draw/page.h"

#include <stdio.h>

#include "draw/canvas.h"

const double kedge_page_margin = 12;

static const double LEADING = 1.3;               /* from line to line, of the size */
static const double SPACE = 8;                   /* between header, panels, bar and notes */
static const double BAR_WIDTH = 130, BAR_LEAST = 60, BAR_HEIGHT = 9;

static kedge_lettering style_of(const kedge_page *page, double size, kedge_ink ink)
{
    return (kedge_lettering){.theme = page->theme, .size = size, .ink = ink};
}

static kedge_lettering title_style(const kedge_page *page)
{
    kedge_lettering style = style_of(page, page->theme->title, page->theme->ink);
    style.bold = true;
    return style;
}

void kedge_page_fit(kedge_page *page, cairo_t *cr, double width)
{
    const kedge_theme *theme = page->theme;
    kedge_lettering title = title_style(page);
    kedge_lettering subtitle = style_of(page, theme->subtitle, theme->muted);
    kedge_lettering note = style_of(page, theme->note, theme->muted);
    page->width = width;
    page->n_title = kedge_lettering_wrap(cr, &title, page->title, width, KEDGE_TITLE_LINES, page->titles);
    page->n_subtitle =
        kedge_lettering_wrap(cr, &subtitle, page->subtitle, width, KEDGE_SUBTITLE_LINES, page->subtitles);
    page->n_note = kedge_lettering_wrap(cr, &note, page->note, width, KEDGE_NOTE_LINES, page->notes);
    page->above = page->below = kedge_page_margin;
    page->above += LEADING * (page->n_title * title.size + page->n_subtitle * subtitle.size);
    if (page->n_title + page->n_subtitle > 0) page->above += SPACE;
    if (page->bar) page->below += BAR_HEIGHT + SPACE;
    if (page->n_note > 0) page->below += LEADING * note.size * page->n_note + SPACE;
}

/* Sets lines one under the other from y, the top of the first; returns the bottom of the last. */
static double set_lines(cairo_t *cr, const kedge_lettering *style, double y, int n, const char lines[][KEDGE_LINE])
{
    for (int i = 0; i < n; i++, y += LEADING * style->size)
        kedge_lettering_draw(cr, style, kedge_page_margin, y + style->size, lines[i]);
    return y;
}

static void bar_number(char *out, size_t room, double value)
{
    kedge_real_format(out, room, value < 0 ? "\xe2\x88\x92%.4g" : "%.4g", value < 0 ? -value : value);
}

static void draw_bar(const kedge_page *page, cairo_t *cr, double y)
{
    enum { STOPS = 24 };
    char label[1][KEDGE_LINE], from[32], to[32];
    kedge_lettering name = style_of(page, page->theme->subtitle, page->theme->ink);
    kedge_lettering number = style_of(page, page->theme->tick, page->theme->muted);
    bar_number(from, sizeof from, page->bar_from);
    bar_number(to, sizeof to, page->bar_to);
    double base = y + BAR_HEIGHT / 2 + kedge_lettering_height(&name) / 2, x = kedge_page_margin;
    double rest = 20 + kedge_lettering_width(cr, &number, from) + kedge_lettering_width(cr, &number, to);
    /* On a narrow page the bar gets shorter before its name is cut. */
    double free = page->width - rest - kedge_lettering_width(cr, &name, page->bar);
    double wide = free > BAR_WIDTH ? BAR_WIDTH : free < BAR_LEAST ? BAR_LEAST : free;
    if (kedge_lettering_wrap(cr, &name, page->bar, page->width - rest - wide + 0.01, 1, label) > 0) {
        kedge_lettering_draw(cr, &name, x, base, label[0]);
        x += kedge_lettering_width(cr, &name, label[0]) + 10;
    }
    base = y + BAR_HEIGHT / 2 + kedge_lettering_height(&number) / 2;
    kedge_lettering_draw(cr, &number, x, base, from);
    x += kedge_lettering_width(cr, &number, from) + 4;
    cairo_pattern_t *ramp = cairo_pattern_create_linear(x, 0, x + wide, 0);
    for (int i = 0; i <= STOPS; i++) {
        kedge_ink ink = kedge_theme_ramp(page->theme, (double)i / STOPS);
        cairo_pattern_add_color_stop_rgb(ramp, (double)i / STOPS, ink.r, ink.g, ink.b);
    }
    cairo_set_source(cr, ramp);
    cairo_rectangle(cr, x, y, wide, BAR_HEIGHT);
    cairo_fill_preserve(cr);
    cairo_pattern_destroy(ramp);
    kedge_canvas_ink(cr, page->theme->frame, 1);
    cairo_set_line_width(cr, 0.6);
    cairo_stroke(cr);
    kedge_lettering_draw(cr, &number, x + wide + 4, base, to);
}

void kedge_page_draw(const kedge_page *page, cairo_t *cr, double height)
{
    kedge_lettering title = title_style(page);
    kedge_lettering subtitle = style_of(page, page->theme->subtitle, page->theme->muted);
    kedge_lettering note = style_of(page, page->theme->note, page->theme->muted);
    double y = set_lines(cr, &title, kedge_page_margin - 2, page->n_title, page->titles);
    set_lines(cr, &subtitle, y, page->n_subtitle, page->subtitles);
    y = height - page->below + SPACE;
    if (page->bar) {
        draw_bar(page, cr, y);
        y += BAR_HEIGHT + SPACE;
    }
    set_lines(cr, &note, y, page->n_note, page->notes);
}
