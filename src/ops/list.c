/* list.c - the one list of operations. */
#include "ops/ops.h"

const kedge_op *const kedge_ops[] = {
    &kedge_op_linear,
    &kedge_op_gelu,
    &kedge_op_relu,
    &kedge_op_tanh,
    &kedge_op_sigmoid,
    &kedge_op_l2norm,
    &kedge_op_mse,
    &kedge_op_mean_distance,
    &kedge_op_project,
    &kedge_op_distance,
    &kedge_op_norm_deviation,
    &kedge_op_mean,
    &kedge_op_separate,
    &kedge_op_separate_inverse,
    &kedge_op_suppress,
    &kedge_op_repel,
    &kedge_op_affine,
    NULL,
};
