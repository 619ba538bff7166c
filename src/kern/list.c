/* list.c - the sets of kernels in this build. */
#include "kern/kern.h"

const kedge_kern *kedge_kern_at(int i)
{
    static const kedge_kern *const sets[] = {
        &kedge_kern_ref,
#if defined(KEDGE_SIMD_X86)
        &kedge_kern_avx2,
        &kedge_kern_avx512,
#endif
    };
    return i < (int)(sizeof sets / sizeof *sets) ? sets[i] : 0;
}
