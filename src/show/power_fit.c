/* power_fit.c - errors as a power of what they should depend on. */
#include "show/power_fit.h"

#include <math.h>
#include <string.h>

#include "format/number.h"

kedge_power_fit kedge_power_fit_at(int n, const double *x, const double *y, double power, double *work)
{
    double mean_x = 0, mean_y = 0, xx = 0, yy = 0, xy = 0;
    for (int i = 0; i < n; i++) {
        work[i] = pow(x[i], power);
        mean_x += work[i] / n, mean_y += y[i] / n;
    }
    for (int i = 0; i < n; i++) {
        double dx = work[i] - mean_x, dy = y[i] - mean_y;
        xx += dx * dx, yy += dy * dy, xy += dx * dy;
    }
    kedge_power_fit fit = {.power = power, .offset = mean_y};
    /* Numbers that differ by rounding alone are all the same. */
    double apart_x = 1e-12 * mean_x, apart_y = 1e-12 * mean_y;
    if (!(xx > n * apart_x * apart_x && yy > n * apart_y * apart_y)) return fit;
    fit.slope = xy / xx;
    fit.offset = mean_y - fit.slope * mean_x;
    fit.r2 = xy * xy / (xx * yy);
    return fit;
}

/* Each round looks at powers in even steps of their logarithm, and then more closely about the best. */
kedge_power_fit kedge_power_fit_best(int n, const double *x, const double *y, double *work)
{
    enum { STEPS = 12 };
    double low = log(0.1), high = log(20.0);
    kedge_power_fit best = kedge_power_fit_at(n, x, y, 1, work);
    while (high - low > 1e-4) {
        double step = (high - low) / STEPS;
        for (int i = 0; i <= STEPS; i++) {
            kedge_power_fit fit = kedge_power_fit_at(n, x, y, exp(low + i * step), work);
            if (fit.r2 > best.r2) best = fit;
        }
        low = fmax(low, log(best.power) - step);
        high = fmin(high, log(best.power) + step);
    }
    return best;
}

/* ---- bases ---- */

static bool is_name(const char *text, size_t length)
{
    return length > 0 && strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") >= length;
}

/* The formula up to a last '^' and the number behind it; all of it, and 1, where it has no such end. */
static kedge_status split(kedge_power_base *base, const char *formula, kedge_arena *arena)
{
    const char *hat = strrchr(formula, '^');
    char number[32];
    size_t length = hat ? strlen(hat + 1) : 0, skip = hat ? strspn(hat + 1, " ") : 0;
    while (length > skip && hat[length] == ' ') length--;
    base->power = 1;
    base->formula = formula;
    if (!hat || length - skip >= sizeof number) return KEDGE_OK;
    memcpy(number, hat + 1 + skip, length - skip);
    number[length - skip] = '\0';
    if (!kedge_number_real(number, &base->power)) return KEDGE_OK;
    size_t end = (size_t)(hat - formula);
    while (end > 0 && formula[end - 1] == ' ') end--;
    base->formula = kedge_arena_bytes(arena, formula, end);
    return base->formula ? KEDGE_OK : kedge_fail_memory("a figure");
}

static bool is_call(const char *text)
{
    const char *open = strchr(text, '('), *at = open;
    int depth = 0;
    if (!open || !is_name(text, (size_t)(open - text))) return false;
    do depth += (*at == '(') - (*at == ')');
    while (*at++ && depth > 0);
    return depth == 0 && *at == '\0';
}

static const double *column(const kedge_dataset *dataset, const char *name)
{
    if (!is_name(name, strlen(name))) return NULL;
    for (int i = 0; i < dataset->n_columns; i++)
        if (strcmp(dataset->column_names[i], name) == 0) return dataset->columns[i];
    return NULL;
}

static kedge_status find_base(kedge_power_base *base, const kedge_target *target, const kedge_dataset *dataset,
                              kedge_arena *arena)
{
    kedge_status status = split(base, target->formula, arena);
    if (status) return status;
    base->values = target->has_colour ? NULL : column(dataset, base->formula);
    if (base->values || (!target->has_colour)) {
        bool whole = !base->values || base->power <= 0; /* a sum, say, whose last term has the power */
        if (whole) *base = (kedge_power_base){.formula = target->formula, .values = target->values, .power = 1};
        return KEDGE_OK;
    }
    double *values = kedge_arena_alloc(arena, (size_t)dataset->points, sizeof *values);
    if (!values) return kedge_fail_memory("a figure");
    for (int i = 0; i < dataset->points; i++) {
        kedge_rgb c = {(double)dataset->features[0][i], (double)dataset->features[1][i],
                       (double)dataset->features[2][i]};
        values[i] = kedge_colour_similarity(kedge_hsv_from_rgb(c), target->colour);
    }
    base->values = values;
    return KEDGE_OK;
}

kedge_status kedge_power_base_of(kedge_power_base *base, const kedge_target *target, const kedge_dataset *dataset,
                                 kedge_arena *arena)
{
    kedge_status status = find_base(base, target, dataset, arena);
    if (status) return status;
    base->compound = !is_name(base->formula, strlen(base->formula)) && !is_call(base->formula);
    base->least = base->most = base->values[0];
    for (int i = 1; i < dataset->points; i++) {
        base->least = fmin(base->least, base->values[i]);
        base->most = fmax(base->most, base->values[i]);
    }
    return KEDGE_OK;
}
