/* settings.c - values for keys of a recipe. */
#include "run/settings.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "format/number.h"
#include "format/utf8.h"
#include "run/recipe_parts.h"
#include "run/sobol.h"

/* One axis that is being read. */
typedef struct reader {
    kedge_axis *axis;
    bool sampled;
    kedge_arena *arena;
    kedge_errors *errors;
    size_t room;
    const char **values;
} reader;

static bool fail(const reader *self, const char *format, ...) KEDGE_PRINTF(2, 3);

static bool fail(const reader *self, const char *format, ...)
{
    char what[512];
    va_list list;
    va_start(list, format);
    vsnprintf(what, sizeof what, format, list);
    va_end(list);
    kedge_errors_add(self->errors, KEDGE_EINVALID, "--over %s: %s", kedge_clip_text(self->axis->text).text, what);
    return false;
}

static bool no_memory(const reader *self)
{
    kedge_errors_add(self->errors, KEDGE_ENOMEM, "out of memory for the values of a sweep");
    return false;
}

/* ---- whether a key takes whole numbers only ---- */

static bool is_number(const char *text, size_t length)
{
    return length > 0 && strspn(text, "0123456789") >= length;
}

/* Adds what a table of fields says about a key: bit 0: whole numbers, bit 1: something else. */
static int look_up(const kedge_field *fields, int n, const char *key, size_t length)
{
    int found = 0;
    for (int i = 0; i < n; i++) {
        if (strlen(fields[i].key) != length || memcmp(fields[i].key, key, length) != 0) continue;
        found |= fields[i].type == KEDGE_FIELD_INT || fields[i].type == KEDGE_FIELD_INTS ? 1 : 2;
    }
    return found;
}

/* The same over all kinds of a section's maps. */
static int look_up_map(const kedge_recipe_section *section, const char *key, size_t length)
{
    int found = 0;
    for (const kedge_recipe_map *map = section->maps; map->title; map++) {
        kedge_schema schema;
        map->schema(&schema);
        found |= look_up(schema.fields, schema.n_fields, key, length);
        const kedge_variant *variant;
        for (int v = 0; schema.variant && (variant = schema.variant(v)); v++)
            found |= look_up(variant->fields, variant->n_fields, key, length);
    }
    return found;
}

/* By the tables that read the recipe: the path's last name, as in 'model.bottleneck' or 'model.hidden.0', in the
 * section of its first. Where kinds differ in what they take, rounding is left to the user. */
static bool takes_whole(const char *path)
{
    static const char whole[] = "a whole number"; /* what the table says of a key without a map */
    size_t first = strcspn(path, "."), length = first;
    const char *last = path;
    for (const char *at = path; *at; at += *at == '.') {
        size_t size = strcspn(at, ".");
        if (!is_number(at, size)) {
            last = at;
            length = size;
        }
        at += size;
    }
    for (int i = 0; i < kedge_n_recipe_sections; i++) {
        const kedge_recipe_section *section = kedge_recipe_sections[i];
        if (strlen(section->key) != first || memcmp(section->key, path, first) != 0) continue;
        if (last == path) return strncmp(section->value, whole, sizeof whole - 1) == 0;
        return look_up_map(section, last, length) == 1;
    }
    return false;
}

/* ---- values ---- */

/* A number as it is written in a recipe: 12 significant digits hide what the last bits of a power are, which no two
 * machines need agree on. */
static const char *number_text(kedge_arena *arena, double value, bool whole)
{
    kedge_text text;
    kedge_text_init(&text, arena->ctx);
    if (whole) value = nearbyint(value);
    kedge_text_add_real(&text, "%.11e", value);
    double rounded;
    const char *copy = NULL;
    if (!text.broken && kedge_number_real(kedge_text_string(&text), &rounded)) {
        kedge_text_clear(&text);
        if (fabs(rounded) < 1e15 && rounded == nearbyint(rounded))
            kedge_text_add_real(&text, "%.0f", rounded == 0 ? 0.0 : rounded);
        else
            kedge_yaml_print_real(&text, rounded);
        if (!text.broken) copy = kedge_arena_text(arena, kedge_text_string(&text));
    }
    kedge_text_release(&text);
    return copy;
}

/* Where a share of the way from low to high lies. */
static double place(const kedge_axis *axis, double share)
{
    if (share <= 0) return axis->low;
    if (share >= 1) return axis->high;
    if (axis->log) return axis->low * pow(axis->high / axis->low, share);
    return axis->low + share * (axis->high - axis->low);
}

/* Two values are one if they are kept as one: 0.5 and 5e-1. */
static int canonical(const reader *self, const char *value, kedge_text *text)
{
    kedge_text_init(text, self->arena->ctx);
    kedge_setting_add_value(text, value);
    return !text->broken;
}

static bool add_value(reader *self, const char *value)
{
    kedge_axis *axis = self->axis;
    if (!value) return no_memory(self);
    if (axis->n == KEDGE_AXIS_VALUES) return fail(self, "too many values; at most %d", KEDGE_AXIS_VALUES);
    if (axis->n == self->room) {
        size_t room = self->room ? 2 * self->room : 16;
        const char **values = kedge_arena_alloc(self->arena, room, sizeof *values);
        if (!values) return no_memory(self);
        if (axis->n) memcpy(values, self->values, axis->n * sizeof *values);
        self->values = values;
        self->room = room;
    }
    self->values[axis->n++] = value;
    axis->values = self->values;
    return true;
}

/* A range's values come in order, so that equal ones are neighbours; a list is short enough to compare all. */
static bool check_values(const reader *self, bool ordered)
{
    const kedge_axis *axis = self->axis;
    bool good = true;
    for (size_t i = 1; i < axis->n && good; i++) {
        for (size_t k = ordered ? i - 1 : 0; k < i && good; k++) {
            kedge_text a, b;
            bool made = canonical(self, axis->values[i], &a) & canonical(self, axis->values[k], &b);
            if (!made) good = no_memory(self);
            else if (strcmp(kedge_text_string(&a), kedge_text_string(&b)) == 0)
                good = fail(self, "the value '%s' comes twice; each must come once%s",
                            kedge_clip_text(axis->values[i]).text, ordered && axis->whole
                            ? "; the key takes whole numbers, so ask for fewer" : "");
            kedge_text_release(&a);
            kedge_text_release(&b);
        }
    }
    return good;
}

/* The length of the value at the start of 'text': up to a comma outside of brackets, braces and quotes. */
static size_t value_length(const char *text)
{
    int depth = 0;
    char quote = 0;
    size_t i = 0;
    for (; text[i]; i++) {
        char c = text[i];
        if (quote) quote = c == quote ? 0 : quote;
        else if (c == '"' || c == '\'') quote = c;
        else if (c == '[' || c == '{') depth++;
        else if (c == ']' || c == '}') depth--;
        else if (c == ',' && depth <= 0) break;
    }
    return i;
}

static bool read_list(reader *self, const char *text)
{
    for (;; text++) {
        size_t length = value_length(text), from = strspn(text, " "), to = length;
        while (to > from && text[to - 1] == ' ') to--;
        if (from >= to) return fail(self, "an empty value; write values with commas between, or lo..hi:N");
        if (!add_value(self, kedge_arena_bytes(self->arena, text + from, to - from))) return false;
        text += length;
        if (!*text) break;
    }
    if (self->axis->n > 1000 && !self->sampled) return fail(self, "too many values in a list; at most 1000");
    return check_values(self, false);
}

/* ---- ranges ---- */

/* The next part of 'text' up to ':', cut off; *text moves behind it, NULL at the end. */
static char *next_part(char **text)
{
    char *part = *text, *end = part ? strchr(part, ':') : NULL;
    if (end) *end++ = '\0';
    *text = end;
    return part;
}

static bool read_count(const reader *self, const char *text, size_t *n)
{
    double count;
    size_t length = strlen(text);
    if (!is_number(text, length) || length > 9 || !kedge_number_real(text, &count) || count < 2 ||
        count > KEDGE_AXIS_VALUES)
        return fail(self, "'%s' is no number of values; must be a whole number from 2 to %d",
                    kedge_clip_text(text).text, KEDGE_AXIS_VALUES);
    *n = (size_t)count;
    return true;
}

static bool check_range(const reader *self, const char *rest, bool counted)
{
    const kedge_axis *axis = self->axis;
    if (rest) return fail(self, "too many parts; a range is lo..hi:N or lo..hi:log:N");
    if (!(axis->low < axis->high)) return fail(self, "an empty range; the first number must be below the second");
    if (axis->log && !(axis->low > 0)) return fail(self, "a range in the logarithm must lie above 0");
    if (!(axis->high - axis->low <= 1e300)) return fail(self, "too wide a range; at most 1e300 from end to end");
    if (self->sampled && counted)
        return fail(self, "a sampled range takes no number of values; write lo..hi or lo..hi:log with --sobol");
    if (!self->sampled && !counted)
        return fail(self, "a range needs a number of values; write lo..hi:N, or sample it with --sobol N");
    return true;
}

/* 'text' is "hi[:log][:N]", which is cut into its parts. */
static bool read_range(reader *self, char *text)
{
    kedge_axis *axis = self->axis;
    size_t n = 0;
    char *high = next_part(&text), *part = next_part(&text);
    if (!kedge_number_real(high, &axis->high))
        return fail(self, "'%s' is no end of a range; a range is lo..hi:N or lo..hi:log:N", kedge_clip_text(high).text);
    axis->log = part && strcmp(part, "log") == 0;
    if (axis->log) part = next_part(&text);
    if (part && !read_count(self, part, &n)) return false;
    if (!check_range(self, text, n > 0)) return false;
    axis->whole = takes_whole(axis->path);
    for (size_t i = 0; i < n; i++)
        if (!add_value(self, number_text(self->arena, place(axis, (double)i / (double)(n - 1)), axis->whole)))
            return false;
    return check_values(self, true);
}

static bool read_axis(reader *self, const char *text)
{
    kedge_axis *axis = self->axis;
    *axis = (kedge_axis){.text = text};
    const char *sign = strchr(text, '=');
    if (strlen(text) > 65536 || kedge_utf8_span(text, strlen(text)) != strlen(text))
        return fail(self, "at most 65536 bytes of UTF-8 are read");
    if (!sign || sign == text) return fail(self, "no path and '='; write path=a,b,c or path=lo..hi:N");
    axis->path = kedge_arena_bytes(self->arena, text, (size_t)(sign - text));
    char *values = kedge_arena_text(self->arena, sign + 1);
    if (!axis->path || !values) return no_memory(self);
    if (strcmp(axis->path, "seeds") == 0 || strncmp(axis->path, "seeds.", 6) == 0)
        return fail(self, "every point gets the same seeds; they are given by --seeds");
    char *dots = strstr(values, "..");
    if (dots) {
        *dots = '\0';
        if (kedge_number_real(values, &axis->low)) return read_range(self, dots + 2);
        *dots = '.';
    }
    return read_list(self, values);
}

/* ---- points ---- */

static bool count_points(kedge_settings *self, kedge_errors *errors)
{
    self->n_points = 1;
    for (int i = 0; i < self->n_axes; i++) {
        self->n_points *= self->axes[i].n;
        if (self->n_points <= KEDGE_POINTS) continue;
        kedge_errors_add(errors, KEDGE_EINVALID, "--over %s: too many points, all combinations counted; at most %d",
                         kedge_clip_text(self->axes[i].text).text, KEDGE_POINTS);
        return false;
    }
    return true;
}

static bool check_samples(long long samples, int n, kedge_errors *errors)
{
    if (samples > 0 && n > KEDGE_SOBOL_DIMS)
        kedge_errors_add(errors, KEDGE_EINVALID, "--sobol: %d keys are too many; at most %d", n, KEDGE_SOBOL_DIMS);
    else if (samples < 0 || samples > KEDGE_POINTS)
        kedge_errors_add(errors, KEDGE_EINVALID, "--sobol %lld: must be from 1 to %d points", samples, KEDGE_POINTS);
    else if (samples > 0 && n == 0)
        kedge_errors_add(errors, KEDGE_EINVALID, "--sobol: nothing to sample; give --over path=lo..hi");
    else if (n > KEDGE_AXES)
        kedge_errors_add(errors, KEDGE_EINVALID, "--over: %d keys are too many; at most %d", n, KEDGE_AXES);
    else
        return true;
    return false;
}

bool kedge_settings_read(kedge_settings *out, const char *const *texts, int n, long long samples, kedge_arena *arena,
                         kedge_errors *errors)
{
    *out = (kedge_settings){.n_axes = n, .n_points = 1, .sampled = samples > 0};
    if (!check_samples(samples, n, errors)) return false;
    kedge_axis *axes = kedge_arena_alloc(arena, (size_t)n, sizeof *axes);
    out->axes = axes;
    if (!axes) {
        kedge_errors_add(errors, KEDGE_ENOMEM, "out of memory for the values of a sweep");
        return false;
    }
    bool good = true;
    for (int i = 0; i < n; i++) {
        reader self = {.axis = &axes[i], .sampled = samples > 0, .arena = arena, .errors = errors};
        bool read = read_axis(&self, texts[i]);
        for (int k = 0; k < i && read; k++)
            if (axes[k].path && strcmp(axes[k].path, axes[i].path) == 0)
                read = fail(&self, "'%s' is varied twice; give all its values once", axes[i].path);
        good = good && read;
    }
    if (!good) return false;
    if (samples > 0) out->n_points = (size_t)samples;
    else good = count_points(out, errors);
    return good;
}

kedge_status kedge_settings_at(const kedge_settings *settings, size_t point, kedge_arena *arena, kedge_setting *out)
{
    size_t rest = point;
    for (int i = settings->n_axes - 1; i >= 0; i--) {
        const kedge_axis *axis = &settings->axes[i];
        out[i] = (kedge_setting){.path = axis->path};
        if (settings->sampled) {
            double share = (double)kedge_sobol(i, (uint32_t)point) * 0x1p-32;
            out[i].value = axis->n ? axis->values[(size_t)(share * (double)axis->n)]
                                   : number_text(arena, place(axis, share), axis->whole);
        } else {
            out[i].value = axis->values[rest % axis->n];
            rest /= axis->n;
        }
        if (!out[i].value) return kedge_fail_memory("the values of a sweep");
    }
    return KEDGE_OK;
}
