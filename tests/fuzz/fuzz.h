/* fuzz.h - what the fuzz targets share. libFuzzer calls the entry with its inputs; replay.c with a corpus. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/error.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A law that every input must leave whole; with NDEBUG too. */
#define FUZZ_CHECK(law)                                                                                                \
    do {                                                                                                               \
        if (!(law)) abort();                                                                                           \
    } while (0)

static inline kedge_context *fuzz_context(void)
{
    kedge_context *ctx = NULL;
    if (kedge_context_create(&ctx, NULL) != KEDGE_OK) abort();
    return ctx;
}

#endif
