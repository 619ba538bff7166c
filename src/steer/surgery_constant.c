/* surgery_constant.c - dims that are one number for every input. METHOD section 7. */
#include "steer/surgery_parts.h"

#include <math.h>

/* A scan of the range finds the valleys of the loss, which may be several; the deepest are then searched by golden
 * sections, down to a share .618^24 = 1e-5 of the scan's step. */
enum { SCAN = 65, VALLEYS = 2, SECTIONS = 24, ROUNDS = 8 };

static bool calibrates(const kedge_surgery_options *options)
{
    return options->value.n == 0;
}

/* The loss with dim number d at a value, the other dims where they are. */
static double loss_at(const kedge_operation *self, int d, double value)
{
    kedge_operation_fix(self, (int)self->options->dims.at[d], (float)value);
    return kedge_probe_loss(self->probe);
}

/* What has been found for one dim. */
typedef struct candidate {
    double value, loss;
} candidate;

static double try_value(const kedge_operation *self, int d, double value, candidate *best)
{
    double loss = loss_at(self, d, value);
    if (loss < best->loss) best->loss = loss, best->value = value;
    return loss;
}

static void search_valley(const kedge_operation *self, int d, double low, double high, candidate *best)
{
    const double share = 0.6180339887498949;
    double left = high - share * (high - low), right = low + share * (high - low);
    double at_left = try_value(self, d, left, best), at_right = try_value(self, d, right, best);
    for (int i = 0; i < SECTIONS; i++) {
        if (at_left <= at_right) {
            high = right, right = left, at_right = at_left;
            left = high - share * (high - low);
            at_left = try_value(self, d, left, best);
        } else {
            low = left, left = right, at_left = at_right;
            right = low + share * (high - low);
            at_right = try_value(self, d, right, best);
        }
    }
}

/* The lowest of the scan's losses that is a valley and was not taken yet; -1: none. */
static int next_valley(const double *losses, const bool *taken)
{
    int found = -1;
    for (int i = 0; i < SCAN; i++) {
        bool valley = (i == 0 || losses[i] <= losses[i - 1]) && (i == SCAN - 1 || losses[i] <= losses[i + 1]);
        if (valley && !taken[i] && (found < 0 || losses[i] < losses[found])) found = i;
    }
    return found;
}

/* Sets dim number d to the best value of its range, which is all that the data have there, and 0, and a quarter more on
 * either side; keeps its value where nothing is better. Returns the loss. */
static double search_dim(const kedge_operation *self, int d, double loss)
{
    kedge_surgery_report *report = &self->reports[d];
    double low = fmin(report->least, 0), high = fmax(report->most, 0), margin = (high - low) / 4;
    double losses[SCAN];
    bool taken[SCAN] = {false};
    candidate best = {.value = report->set, .loss = loss};
    low -= margin, high += margin;
    double step = (high - low) / (SCAN - 1);
    for (int i = 0; i < SCAN && step > 0; i++) losses[i] = try_value(self, d, low + i * step, &best);
    for (int v = 0; v < VALLEYS && step > 0; v++) {
        int i = next_valley(losses, taken);
        if (i < 0) break;
        for (int j = i - 1; j <= i + 1; j++)
            if (j >= 0 && j < SCAN) taken[j] = true;
        search_valley(self, d, fmax(low, low + (i - 1) * step), fmin(high, low + (i + 1) * step), &best);
    }
    report->set = best.value;
    kedge_operation_fix(self, report->dim, (float)best.value);
    return best.loss;
}

/* All dims at 0, or at their means where that is better. Returns the loss. */
static double begin(const kedge_operation *self)
{
    int n = self->options->dims.n;
    for (int d = 0; d < n; d++) kedge_operation_fix(self, self->reports[d].dim, (float)self->reports[d].mean);
    double at_means = kedge_probe_loss(self->probe);
    for (int d = 0; d < n; d++) kedge_operation_fix(self, self->reports[d].dim, 0);
    double at_zero = kedge_probe_loss(self->probe);
    if (at_zero <= at_means) return at_zero;
    for (int d = 0; d < n; d++) {
        self->reports[d].set = self->reports[d].mean;
        kedge_operation_fix(self, self->reports[d].dim, (float)self->reports[d].mean);
    }
    return at_means;
}

static kedge_status operate(kedge_operation *self)
{
    const kedge_surgery_options *options = self->options;
    int n = options->dims.n;
    for (int d = 0; d < options->value.n; d++) {
        self->reports[d].set = options->value.at[d];
        kedge_operation_fix(self, (int)options->dims.at[d], (float)options->value.at[d]);
    }
    if (options->value.n > 0) return KEDGE_OK;
    double loss = begin(self);
    for (int round = 0; round < (n > 1 ? ROUNDS : 1); round++) {
        double before = loss;
        for (int d = 0; d < n; d++) loss = search_dim(self, d, loss);
        if (!(loss < before * (1 - 1e-6))) break;
    }
    if (!isfinite(loss))
        return kedge_fail(KEDGE_ENUMERIC, "no constant for site '%s' gives a finite loss on the data", options->site);
    return KEDGE_OK;
}

static const kedge_field fields[] = {
    {"value", KEDGE_FIELD_REALS, offsetof(kedge_surgery_options, value), 0, 0, NULL, "",
     "the constant of each dim, before normalization; left out: those that make the mean squared error on the data "
     "least"},
};

const kedge_surgery_kind kedge_surgery_constant = {
    .variant = {"constant", "makes the dims the constants that harm least, or given ones", fields,
                sizeof fields / sizeof *fields},
    .calibrates = calibrates,
    .operate = operate,
};
