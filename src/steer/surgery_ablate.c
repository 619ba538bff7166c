/* surgery_ablate.c - dims that carry nothing any more: their weights zeroed, or gone. METHOD section 7. */
#include "steer/surgery.h"

const kedge_surgery_kind kedge_surgery_ablate = {
    .variant = {"ablate", "zeroes the weights that make the dims and those that read them", NULL, 0},
};

const kedge_surgery_kind kedge_surgery_prune = {
    .variant = {"prune", "deletes those weights: a smaller network with the same outputs as after `ablate`", NULL, 0},
    .resizes = true,
};
