/* page.h - what stands around the panels of any figure: title above; colour bar and notes below. */
#ifndef DRAW_PAGE_H
#define DRAW_PAGE_H

#include "draw/lettering.h"

enum { KEDGE_TITLE_LINES = 3, KEDGE_SUBTITLE_LINES = 3, KEDGE_NOTE_LINES = 8 };

typedef struct kedge_page {
    const kedge_theme *theme;
    const char *title, *subtitle, *note; /* NULL: none */
    const char *bar;                     /* label of the colour bar; NULL: none */
    double bar_from, bar_to;             /* values at its ends */
    /* Set by fitting: */
    double width;        /* between the margins */
    double above, below; /* room that all of it takes over and under the panels */
    int n_title, n_subtitle, n_note;
    char titles[KEDGE_TITLE_LINES][KEDGE_LINE], subtitles[KEDGE_SUBTITLE_LINES][KEDGE_LINE];
    char notes[KEDGE_NOTE_LINES][KEDGE_LINE];
} kedge_page;

extern const double kedge_page_margin; /* points of paper around everything */

/* Breaks the texts into lines of 'width' and finds the room they take, margins included. */
void kedge_page_fit(kedge_page *page, cairo_t *cr, double width);
/* Draws it on a page of this height. */
void kedge_page_draw(const kedge_page *page, cairo_t *cr, double height);

#endif
