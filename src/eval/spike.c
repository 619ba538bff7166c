/* spike.c - how rough a run's training was. */
#include "eval/spike.h"

#include <math.h>

#include "base/float_state.h"
#include "base/text.h"
#include "format/number.h"

static const double newest = 2.0 / (KEDGE_SPIKE_SPAN + 1);

void kedge_spike_begin(kedge_spike *self)
{
    *self = (kedge_spike){.empty = 1, .lowest = INFINITY, .value = NAN};
}

void kedge_spike_add(kedge_spike *self, double loss)
{
    self->sum += newest * (loss - self->sum);
    self->empty *= 1 - newest;
    double full = 1 - self->empty; /* exactly 1 after some 900 updates */
    double mean = full < 1 ? self->sum / full : self->sum;
    /* A loss that was 0 from the start has nothing to rise from. */
    if (mean > 0 && mean < self->lowest) self->lowest = mean;
    if (self->n++ < KEDGE_SPIKE_FIRST) return;
    if (self->worst == 0) self->worst = 1;
    if (mean > self->worst * self->lowest) self->worst = mean / self->lowest;
}

void kedge_spike_end(kedge_spike *self)
{
    kedge_float_state state = kedge_float_enter();
    self->value = self->worst > 0 ? log10(self->worst) : NAN;
    kedge_float_leave(state);
}

const char *kedge_spike_text(const kedge_spike *self, kedge_arena *arena)
{
    char number[64] = "";
    if (isfinite(self->value)) kedge_real_format(number, sizeof number, "%.17g", self->value);
    return kedge_arena_text(arena, number);
}

bool kedge_spike_read(kedge_spike *self, const char *text)
{
    double value;
    kedge_spike_begin(self);
    if (!text || !kedge_number_real(text, &value) || !(value >= 0)) return false;
    self->value = value;
    return true;
}
