/* surgery_parts.h - inside of surgery: one operation while it is done. */
#ifndef STEER_SURGERY_PARTS_H
#define STEER_SURGERY_PARTS_H

#include "steer/surgery_probe.h"
#include "steer/surgery_walk.h"

/* What a tensor is to the site, as bits: one may be several (tied weights). */
enum {
    KEDGE_MAKES_ROWS = 1,    /* its rows make the dims */
    KEDGE_MAKES_BIAS = 2,    /* so do its entries */
    KEDGE_READS_COLUMNS = 4  /* its columns read them */
};

struct kedge_operation {
    kedge_context *ctx;
    const kedge_surgery_options *options;
    const kedge_params *before;
    kedge_params *after;        /* the same numbers to begin with, where shapes stay */
    const unsigned char *roles; /* [after->n] */
    int first_bias;             /* the tensor whose entries take constants: the earliest of several producers' */
    kedge_probe *probe;         /* on 'after'; NULL without data */
    kedge_surgery_report *reports; /* [dims], measured if there is a probe; 'set' is left to the kind */
};

/* The numbers of tensor i after surgery. */
float *kedge_operation_tensor(const kedge_operation *self, int i);
/* All that makes a dim becomes 0, so that it is 0 for every input; but for 'value', in the earliest bias. */
void kedge_operation_fix(const kedge_operation *self, int dim, float value);

#endif
