/* theme.c - the colours and sizes that all figures share. */
#include "draw/theme.h"

#include <math.h>

#define HEX(rgb) {((rgb) >> 16 & 255) / 255.0, ((rgb) >> 8 & 255) / 255.0, ((rgb) & 255) / 255.0}

/* Sizes hold when a figure is shrunk to two thirds, as in a column of text or a README. */
#define SIZES .title = 14, .subtitle = 10, .label = 11.5, .tick = 9, .note = 8.5

static const kedge_theme light_theme = {
    .font = "DejaVu Sans",
    .paper = HEX(0xffffff), .panel = HEX(0xffffff), .ink = HEX(0x1a1c20), .muted = HEX(0x5c626b),
    .frame = HEX(0x9aa0a8), .grid = HEX(0xeceef0), .rule = HEX(0xc2c7cd),
    .outline = HEX(0x40444a), .outline_alpha = 0.55,
    .series = {HEX(0x0072b2), HEX(0xd55e00), HEX(0x009e73), HEX(0xcc79a7), HEX(0xe69f00), HEX(0x56b4e9),
               HEX(0x4d4d4d)},
    .ramp_dark = 0.28, .ramp_light = 0.90,
    SIZES,
};

static const kedge_theme dark_theme = {
    .font = "DejaVu Sans",
    .paper = HEX(0x15171b), .panel = HEX(0x1b1e23), .ink = HEX(0xeceef1), .muted = HEX(0xa3a9b2),
    .frame = HEX(0x6a717b), .grid = HEX(0x282c32), .rule = HEX(0x4b515a),
    .outline = HEX(0xb4bac2), .outline_alpha = 0.50,
    .series = {HEX(0x3d8fd1), HEX(0xe8702a), HEX(0x1fb488), HEX(0xe39ac3), HEX(0xf2bd3f), HEX(0x9ad7f7),
               HEX(0xf4f4f4)},
    .ramp_dark = 0.38, .ramp_light = 0.95,
    SIZES,
};

const kedge_theme *kedge_theme_of(bool dark)
{
    return dark ? &dark_theme : &light_theme;
}

/* Oklab to linear sRGB, not clamped. */
static kedge_ink oklab(double lightness, double a, double b)
{
    double l = lightness + 0.3963377774 * a + 0.2158037573 * b;
    double m = lightness - 0.1055613458 * a - 0.0638541728 * b;
    double s = lightness - 0.0894841775 * a - 1.2914855480 * b;
    l = l * l * l, m = m * m * m, s = s * s * s;
    return (kedge_ink){
        4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
        -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
        -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s,
    };
}

static bool in_gamut(kedge_ink c)
{
    return c.r >= 0 && c.r <= 1 && c.g >= 0 && c.g <= 1 && c.b >= 0 && c.b <= 1;
}

static double encode(double linear)
{
    return linear <= 0.0031308 ? 12.92 * linear : 1.055 * pow(linear, 1 / 2.4) - 0.055;
}

kedge_ink kedge_theme_ramp(const kedge_theme *theme, double t)
{
    const double pi = 3.14159265358979323846;
    t = t > 0 ? (t < 1 ? t : 1) : 0;
    double lightness = theme->ramp_dark + t * (theme->ramp_light - theme->ramp_dark);
    double hue = (285 - 180 * t) * pi / 180;
    double chroma = 0.15;
    kedge_ink c = oklab(lightness, chroma * cos(hue), chroma * sin(hue));
    /* Too colourful for sRGB: less chroma keeps hue and lightness, clamping channels would not. */
    for (int i = 0; i < 60 && !in_gamut(c); i++) {
        chroma *= 0.97;
        c = oklab(lightness, chroma * cos(hue), chroma * sin(hue));
    }
    return (kedge_ink){encode(fmin(fmax(c.r, 0), 1)), encode(fmin(fmax(c.g, 0), 1)), encode(fmin(fmax(c.b, 0), 1))};
}
