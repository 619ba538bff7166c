/* theme.h - the colours and sizes that all figures share. */
#ifndef DRAW_THEME_H
#define DRAW_THEME_H

#include <stdbool.h>

/* A colour, sRGB, each in [0, 1]. */
typedef struct kedge_ink {
    double r, g, b;
} kedge_ink;

enum { KEDGE_SERIES = 7 };

typedef struct kedge_theme {
    const char *font;
    kedge_ink paper;      /* behind everything */
    kedge_ink panel;      /* behind data */
    kedge_ink ink, muted; /* text: what is said, and what is said aside */
    kedge_ink frame;      /* panel borders and ticks */
    kedge_ink grid, rule; /* under the data: at ticks; zero lines and the unit circle */
    kedge_ink outline;    /* around a point, so that no colour vanishes in the panel's */
    double outline_alpha;
    kedge_ink series[KEDGE_SERIES];    /* told apart by the colour-blind too; most different ones first */
    double ramp_dark, ramp_light;      /* lightness (Oklab) of the ramp's ends */
    double title, subtitle, label;     /* font sizes, points */
    double tick, note;
} kedge_theme;

/* Ink on white paper, or light on dark. Static. */
const kedge_theme *kedge_theme_of(bool dark);

/* The sequential ramp for amounts, t in [0, 1] (clamped): from dark indigo through teal to light yellow, lightness
 * linear in Oklab (Ottosson, A perceptual color space for image processing, 2020), so that equal steps look equal
 * and a grey print keeps the order. */
kedge_ink kedge_theme_ramp(const kedge_theme *theme, double t);

#endif
