/* spike.h - how rough a run's training was: the largest rise of the task's loss, smoothed.
 *
 * m_t is the exponential moving average of the batches' task loss up to update t, with the factor 2 / (span + 1) for
 * the newest and corrected for its start (Adam's correction). The spike is the largest log10(m_t / min_{s <= t} m_s)
 * over t >= KEDGE_SPIKE_FIRST: 0 never rose above its lowest so far, 1 rose tenfold. */
#ifndef EVAL_SPIKE_H
#define EVAL_SPIKE_H

#include "base/arena.h"

enum { KEDGE_SPIKE_SPAN = 50, KEDGE_SPIKE_FIRST = 100 };

typedef struct kedge_spike {
    int n;         /* losses so far */
    double sum;    /* the average, not corrected */
    double empty;  /* share of it that no loss has filled so far */
    double lowest; /* m so far */
    double worst;  /* ratio so far; 0: none */
    double value;  /* of the last whole run, or of what one left; NAN: unknown, or a run of too few updates */
} kedge_spike;

/* Before a run; with the loss of each of its batches, in order; after the last one. */
void kedge_spike_begin(kedge_spike *spike);
void kedge_spike_add(kedge_spike *spike, double loss);
void kedge_spike_end(kedge_spike *spike);

/* The value for a model's metadata, so that it is the same when read back: '0.0312...'. A new text in 'arena', NULL
 * without memory; "" where it is unknown. Read: false, and unknown, if 'text' (may be NULL) is no such value. */
const char *kedge_spike_text(const kedge_spike *spike, kedge_arena *arena);
bool kedge_spike_read(kedge_spike *spike, const char *text);

#endif
