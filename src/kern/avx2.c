/* avx2.c - the kernels for AVX2 and FMA (Intel Haswell, 2013, and AMD Zen, 2017, and later). */
#define KEDGE_LANES 8
#include "kern/simd/kernels.h"

static bool usable(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

const kedge_kern kedge_kern_avx2 = {.name = "avx2", .usable = usable, KEDGE_SIMD_KERNELS};
