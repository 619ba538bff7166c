/* fuzz_npy.c - any bytes as a NumPy array: a full array of finite numbers, or an error. */
#include "fuzz.h"

#include <math.h>

#include "format/npy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    kedge_context *ctx = fuzz_context();
    kedge_arena arena;
    kedge_npy npy;
    kedge_arena_init(&arena, ctx);
    if (kedge_npy_parse(&npy, &arena, "f", data, size) == KEDGE_OK) {
        size_t count = 1;
        FUZZ_CHECK(npy.dims >= 1 && npy.dims <= 4);
        for (int i = 0; i < npy.dims; i++) count *= npy.shape[i];
        FUZZ_CHECK(count >= 1 && count <= size);
        for (size_t i = 0; i < count; i++) FUZZ_CHECK(isfinite(npy.values[i]));
    }
    kedge_arena_release(&arena);
    kedge_context_free(ctx);
    return 0;
}
