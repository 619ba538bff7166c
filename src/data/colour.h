/* colour.h - colours as channels and as hue, saturation, value; what is called red, and how red.
 *
 * All numbers in [0,1], a hue too (red 0, green 1/3, blue 2/3) and less than 1. Greys have hue 0, black has
 * saturation 0. */
#ifndef DATA_COLOUR_H
#define DATA_COLOUR_H

typedef struct kedge_rgb {
    double r, g, b;
} kedge_rgb;

typedef struct kedge_hsv {
    double h, s, v;
} kedge_hsv;

/* v = max, s = (max - min) / max. */
kedge_hsv kedge_hsv_from_rgb(kedge_rgb c);
/* Any hue: only its fractional part counts. Corners of the cube come out exactly for s, v in {0,1} and
 * h in {0, 1/6, ..}. */
kedge_rgb kedge_rgb_from_hsv(kedge_hsv c);

/* r (1 - g/2 - b/2), and the same with the channels' parts exchanged: 1 for the pure colour alone. */
double kedge_redness(kedge_rgb c);
double kedge_greenness(kedge_rgb c);
double kedge_blueness(kedge_rgb c);
/* max - min, which is s v: 1 for every pure hue, 0 for greys. */
double kedge_vibrancy(kedge_rgb c);

/* How alike two colours are, in [0,1], symmetric: (q hs + 1 - q) (1 - |s1-s2|) (1 - |v1-v2|) with
 * q = (s1 v1 + s2 v2) / 2 and hs = max(0, (90 - d) / 90), d the angle between the hues in degrees. To red
 * that is s v (q hs + 1 - q), q = (s v + 1) / 2. */
double kedge_colour_similarity(kedge_hsv a, kedge_hsv b);

typedef struct kedge_named_colour {
    const char *name;
    kedge_hsv hsv;
} kedge_named_colour;

/* First the 12 hues at 30 degree steps from red on, then 5 greys from black to white. */
enum { KEDGE_NAMED_HUES = 12, KEDGE_NAMED_COLOURS = 17 };
extern const kedge_named_colour kedge_named_colours[KEDGE_NAMED_COLOURS];

#endif
