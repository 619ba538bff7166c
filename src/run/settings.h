/* settings.h - what a sweep varies: values for keys of a recipe, and the points that they make. */
#ifndef RUN_SETTINGS_H
#define RUN_SETTINGS_H

#include "base/arena.h"
#include "base/error.h"
#include "store/setting.h"

/* One key and the values it takes. */
typedef struct kedge_axis {
    const char *text; /* as the user wrote it: "path=..." */
    const char *path;
    size_t n;                  /* values; 0: a range to be sampled */
    const char *const *values; /* [n], as they would be written behind '--set path=' */
    double low, high;          /* the range */
    bool log, whole;           /* even in the logarithm; whole numbers only */
} kedge_axis;

/* All points of a sweep. */
typedef struct kedge_settings {
    int n_axes;
    const kedge_axis *axes;
    size_t n_points; /* at least 1: without axes the one point that changes nothing */
    bool sampled;    /* points of Sobol's sequence instead of the grid */
} kedge_settings;

enum { KEDGE_AXES = 64, KEDGE_AXIS_VALUES = 100000, KEDGE_POINTS = 1000000 }; /* at most so many */

/* Reads texts[0..n), each "path=VALUES" with VALUES one of
 *     a,b,c         a list; commas in brackets, braces or quotes do not separate
 *     lo..hi:N      N values, evenly from lo to hi, both included
 *     lo..hi:log:N  the same in the logarithm; lo and hi above 0
 *     lo..hi, lo..hi:log  a range to be sampled, where 'samples' > 0; there the two above are none
 * A text without a number before '..' is a list. Values of a range have at most 12 significant digits; over a key that
 * takes whole numbers they are rounded to the nearest. 'samples' 0: all combinations, the last axis fastest; else
 * points 0 to samples - 1 of Sobol's sequence (run/sobol.h), one dimension per axis, a list being cut into as many
 * equal parts as it has values. Errors are added to 'errors', after "--over path=...": no value, a range that is none,
 * a value or a path twice, 'seeds', too much of anything. False after an error. All lies in 'arena'. */
bool kedge_settings_read(kedge_settings *out, const char *const *texts, int n, long long samples, kedge_arena *arena,
                         kedge_errors *errors);

/* Value of every axis at a point, for kedge_setting_json: out[n_axes]. Texts lie in 'arena'. KEDGE_ENOMEM. */
kedge_status kedge_settings_at(const kedge_settings *settings, size_t point, kedge_arena *arena, kedge_setting *out);

#endif
