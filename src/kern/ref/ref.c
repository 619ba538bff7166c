/* ref.c - the table of the plain kernels. */
#include "kern/ref/ref.h"

static bool usable(void)
{
    return true;
}

const kedge_kern kedge_kern_ref = {
    "ref",
    usable,
#define KERNEL(kernel, arguments) .kernel = kedge_ref_##kernel,
    KEDGE_KERNELS(KERNEL)
#undef KERNEL
};
