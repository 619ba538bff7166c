/* fuzz_safetensors.c - any bytes as a safetensors file: tensors that use each byte of data once, or an error. */
#include "fuzz.h"

#include <string.h>

#include "format/safetensors.h"

/* Reads every value, so that a wrong length meets the sanitizer. */
static size_t touch(const kedge_st_tensor *tensor)
{
    size_t count = 1;
    unsigned char sum = 0;
    for (int i = 0; i < tensor->dims; i++) count *= tensor->shape[i];
    for (size_t i = 0; i < count * sizeof(float); i++) sum ^= ((const unsigned char *)tensor->values)[i];
    FUZZ_CHECK((uintptr_t)tensor->values % 64 == 0);
    return count * sizeof(float) + (sum & 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    kedge_context *ctx = fuzz_context();
    kedge_arena arena;
    kedge_st st;
    kedge_arena_init(&arena, ctx);
    if (kedge_st_parse(&st, &arena, "f", data, size) == KEDGE_OK) {
        size_t bytes = 8;
        for (size_t i = 0; i < st.n_tensors; i++) {
            bytes += touch(&st.tensors[i]);
            FUZZ_CHECK(st.n_tensors > 100 || kedge_st_find(&st, st.tensors[i].name) == &st.tensors[i]);
        }
        FUZZ_CHECK(bytes <= size);
        for (size_t i = 0; i < st.n_metadata; i++) FUZZ_CHECK(strlen(st.metadata[i].value) <= size);
    }
    kedge_arena_release(&arena);
    kedge_context_free(ctx);
    return 0;
}
