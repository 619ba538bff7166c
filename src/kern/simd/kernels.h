/* kernels.h - all loops of this folder, and the table of them; included once per instruction set. */
#ifndef KERN_SIMD_KERNELS_H
#define KERN_SIMD_KERNELS_H

#include "kern/simd/columns.h"
#include "kern/simd/gemm.h"
#include "kern/simd/pointwise.h"
#include "kern/simd/product.h"
#include "kern/simd/separate.h"
#include "kern/simd/update.h"

#define KEDGE_SIMD_KERNELS                                                                                             \
    .linear = linear, .linear_dx = linear_dx, .linear_dw = linear_dw, .gemm = gemm, .gelu = gelu, .relu = relu,        \
    .tanh = tanh_rows, .sigmoid = sigmoid, .mul = mul, .scale = scale, .l2norm = l2norm, .l2norm_grad = l2norm_grad,   \
    .difference = difference, .separate = separate, .project = project, .project_grad = project_grad,                  \
    .distance = distance, .distance_grad = distance_grad, .weighted_sum = weighted_sum, .adam = adam,                  \
    .adamw = adamw, .sgd = sgd, .philox = philox, .bernoulli = bernoulli, .gather = gather

#endif
