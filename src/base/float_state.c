/* float_state.c - denormal numbers are flushed to zero while training, and only then. */
#include "base/float_state.h"

#if defined(__x86_64__)

#include <xmmintrin.h>

/* MXCSR: flush-to-zero (15), denormals-are-zero (6), all exceptions masked (7 to 12), round to nearest. */
enum { TRAINING = 0x8000 | 0x0040 | 0x1f80 };

kedge_float_state kedge_float_enter(void)
{
    kedge_float_state state = _mm_getcsr();
    _mm_setcsr(TRAINING);
    return state;
}

void kedge_float_leave(kedge_float_state state)
{
    _mm_setcsr((unsigned)state);
}

#elif defined(__aarch64__)

/* FPCR: FZ (24); everything else at its default. */
kedge_float_state kedge_float_enter(void)
{
    kedge_float_state state;
    __asm__ volatile("mrs %0, fpcr" : "=r"(state));
    __asm__ volatile("msr fpcr, %0" : : "r"(1ULL << 24));
    return state;
}

void kedge_float_leave(kedge_float_state state)
{
    __asm__ volatile("msr fpcr, %0" : : "r"(state));
}

#else

kedge_float_state kedge_float_enter(void)
{
    return 0; /* slower, not wrong */
}

void kedge_float_leave(kedge_float_state state)
{
    (void)state;
}

#endif
