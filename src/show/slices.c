/* slices.c - regular sets of colours through a model under a plan. */
#include "show/slices.h"

enum { HUES = 24, VALUES = 10 };

static void fill(float *rgb, double saturation)
{
    for (int value = 0; value < VALUES; value++)
        for (int hue = 0; hue < HUES; hue++) {
            kedge_rgb c = kedge_rgb_from_hsv((kedge_hsv){(double)hue / HUES, saturation, (value + 1.0) / VALUES});
            *rgb++ = (float)c.r, *rgb++ = (float)c.g, *rgb++ = (float)c.b;
        }
}

kedge_status kedge_show_slice(kedge_colours_slice *slice, const kedge_aspect *aspect, double saturation, bool named,
                              kedge_arena *arena)
{
    float *truth = kedge_arena_alloc(arena, 3 * HUES * VALUES, sizeof *truth);
    float *shown = kedge_arena_alloc(arena, 3 * HUES * VALUES, sizeof *shown);
    int percent = (int)(100 * saturation + 0.5);
    const char *what = percent == 0 ? "saturation 0: greys" : percent == 100 ? "saturation 1" : NULL;
    if (!what) what = kedge_arena_format(arena, "saturation 0.%02d", percent);
    if (named && what) what = kedge_arena_format(arena, "%s, %s", aspect->name, what);
    if (!truth || !shown || !what) return kedge_fail_memory("a figure");
    fill(truth, saturation);
    *slice =
        (kedge_colours_slice){.title = what, .hues = HUES, .values = VALUES, .shown = shown, .truth = truth};
    return kedge_aspect_show(aspect, HUES * VALUES, truth, shown);
}
