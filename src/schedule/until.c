/* until.c - rows of a sheet that come early. */
#include "schedule/until.h"

#include <limits.h>
#include <string.h>

#include "format/number.h"
#include "format/utf8.h"
#include "schedule/easing.h"

/* Copies text[0..length) without the spaces around it. False if nothing is left, or too much. */
static bool trim(const char *text, size_t length, char *to, size_t size)
{
    while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t')) length--;
    while (length > 0 && (*text == ' ' || *text == '\t')) text++, length--;
    if (length == 0 || length >= size) return false;
    memcpy(to, text, length);
    to[length] = '\0';
    return true;
}

/* Metric, sense, bound and steps; false where the text is none such. */
static bool parse(kedge_until *out, const char *text, char *metric, size_t size)
{
    char number[400], steps[400]; /* longer than any number that anybody writes */
    double over = KEDGE_UNTIL_OVER;
    size_t name = strcspn(text, "<>");
    if (!text[name] || !trim(text, name, metric, size) || strpbrk(metric, " \t/")) return false;
    const char *bound = text + name + 1, *slash = bound + strcspn(bound, "/");
    if (!trim(bound, (size_t)(slash - bound), number, sizeof number) || !kedge_number_real(number, &out->bound))
        return false;
    if (*slash) {
        if (!trim(slash + 1, strlen(slash + 1), steps, sizeof steps)) return false;
        if (steps[strspn(steps, "0123456789")] || !kedge_number_real(steps, &over)) return false;
    }
    out->below = text[name] == '<';
    out->over = over < INT_MAX ? (int)over : INT_MAX;
    return true;
}

bool kedge_until_read(kedge_until *out, kedge_arena *arena, const char *file, const kedge_csv_cell *cell, int from,
                      int step, kedge_errors *errors)
{
    char metric[200];
    kedge_clip text = kedge_clip_text(cell->text);
    kedge_until made = {.step = step, .from = from, .line = cell->line, .column = cell->column};
    if (!parse(&made, cell->text, metric, sizeof metric)) {
        kedge_errors_add(errors, KEDGE_EINVALID, "%s:%d:%d: '%s' is no condition; write a metric, < or >, a number, "
                         "like 'recon_mse < 1e-4'", file, cell->line, cell->column, text.text);
        return false;
    }
    if (from < 0) {
        kedge_errors_add(errors, KEDGE_EINVALID, "%s:%d:%d: '%s' stands in the first row; must have a row before it, "
                         "from which on it is watched", file, cell->line, cell->column, text.text);
        return false;
    }
    if (made.over >= step - from) {
        kedge_errors_add(errors, KEDGE_EINVALID, "%s:%d:%d: '%s' takes %d steps and can never come early, as the row "
                         "before is at step %d; must take fewer than %d, like '/%d'", file, cell->line, cell->column,
                         text.text, made.over, from, step - from, (step - from) / 2);
        return false;
    }
    made.metric = kedge_arena_text(arena, metric);
    if (!made.metric) kedge_errors_add(errors, KEDGE_ENOMEM, "%s: out of memory", file);
    else *out = made;
    return made.metric != NULL;
}

double kedge_advance_time(const kedge_advance *advances, int n, int update)
{
    int shift = 0; /* by which time is ahead of the updates */
    for (int i = 0; i < n && update >= advances[i].at; i++) {
        const kedge_advance *way = &advances[i];
        int gain = way->to - (way->at + shift) - way->over;
        if (update < way->at + way->over) {
            double u = (double)(update - way->at) / (double)way->over;
            return (double)(update + shift) + (double)gain * kedge_ease(KEDGE_EASE_MINJERK, u);
        }
        shift += gain;
    }
    return (double)(update + shift);
}

int kedge_advance_saved(const kedge_advance *advances, int n)
{
    int shift = 0;
    for (int i = 0; i < n; i++) shift = advances[i].to - advances[i].at - advances[i].over;
    return shift;
}

int kedge_advance_update(const kedge_advance *advances, int n, int step)
{
    int low = step - kedge_advance_saved(advances, n), high = step; /* time is never behind, and never farther ahead */
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (kedge_advance_time(advances, n, middle) >= (double)step) high = middle;
        else low = middle + 1;
    }
    return low;
}
