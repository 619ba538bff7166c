/* ref.h - the plain kernels, one file per family; kern.h says what each computes. */
#ifndef KERN_REF_REF_H
#define KERN_REF_REF_H

#include "kern/kern.h"

#define KERNEL(name, arguments) void kedge_ref_##name arguments;
KEDGE_KERNELS(KERNEL)
#undef KERNEL

#endif
