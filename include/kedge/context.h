/* context.h - what the library needs from its caller: memory, log, kernels, threads. */
#ifndef KEDGE_CONTEXT_H
#define KEDGE_CONTEXT_H

#include <stddef.h>

#include "kedge/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kedge_context kedge_context;

typedef struct kedge_context_options {
    /* Memory: 'alloc' returns 'size' bytes aligned to 64, or NULL; 'free' takes what it returned, or NULL.
     * Both NULL: the C library's. They may be called from several threads at once. */
    void *(*alloc)(size_t size, void *payload);
    void (*free)(void *block, void *payload);
    void *alloc_payload;
    /* Log lines, without newline; NULL: none. Called from one thread at a time. */
    void (*log)(const char *line, void *payload);
    void *log_payload;
    const char *kernels; /* "auto" or NULL: the best this machine has; or one of kedge_kernels() */
    int threads;         /* worker threads for sweeps over seeds; 0: one per available core */
} kedge_context_options;

#define KEDGE_CONTEXT_OPTIONS_INIT {0}

/* A new context; 'options' may be NULL. The caller frees it after every object made with it.
 * KEDGE_EUNSUPPORTED if this machine cannot run the named kernels, KEDGE_ENOMEM. */
KEDGE_API kedge_status kedge_context_create(kedge_context **out, const kedge_context_options *options);
KEDGE_API void kedge_context_free(kedge_context *context);

/* The name of the kernels in use: "ref", "avx2", "avx512". Recorded in every model file. */
KEDGE_API const char *kedge_context_kernels(const kedge_context *context);
/* The number of worker threads. */
KEDGE_API int kedge_context_threads(const kedge_context *context);

/* Frees a block that a function gave to its caller (where it says so). NULL is fine. */
KEDGE_API void kedge_free(kedge_context *context, void *block);

/* Name of the i-th set of kernels that this build has, best last; NULL past the end. Static. */
KEDGE_API const char *kedge_kernels(int i);
/* Whether this machine can run them. */
KEDGE_API int kedge_kernels_usable(const char *name);

#ifdef __cplusplus
}
#endif
#endif
