/* avx512.c - the kernels for AVX-512 (Intel Skylake-SP, 2017, and AMD Zen 4, 2022, and later). */
#define KEDGE_LANES 16
#include "kern/simd/kernels.h"

static bool usable(void)
{
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx2") &&
           __builtin_cpu_supports("fma");
}

const kedge_kern kedge_kern_avx512 = {.name = "avx512", .usable = usable, KEDGE_SIMD_KERNELS};
