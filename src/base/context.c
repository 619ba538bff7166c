/* context.c - memory, log and the choice of kernels. */
#include "base/context.h"

#include <sched.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "kedge/version.h"

const char *kedge_version(void)
{
    return KEDGE_VERSION;
}

static void *libc_alloc(size_t size, void *payload)
{
    (void)payload;
    size_t rounded = (size + 63) & ~(size_t)63;
    return rounded < size ? NULL : aligned_alloc(64, rounded);
}

static void libc_free(void *block, void *payload)
{
    (void)payload;
    free(block);
}

/* The cores that this process may use (a container or taskset may allow fewer than there are). */
static int available_cores(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
    int n = CPU_COUNT(&set);
    return n > 0 ? n : 1;
}

const char *kedge_kernels(int i)
{
    const kedge_kern *kern = i < 0 ? NULL : kedge_kern_at(i);
    return kern ? kern->name : NULL;
}

static const kedge_kern *kern_named(const char *name)
{
    for (int i = 0; kedge_kern_at(i); i++)
        if (strcmp(kedge_kern_at(i)->name, name) == 0) return kedge_kern_at(i);
    return NULL;
}

int kedge_kernels_usable(const char *name)
{
    const kedge_kern *kern = kern_named(name);
    return kern && kern->usable();
}

static kedge_status choose_kernels(const kedge_kern **out, const char *name)
{
    if (!name || strcmp(name, "auto") == 0) {
        for (int i = 0; kedge_kern_at(i); i++)
            if (kedge_kern_at(i)->usable()) *out = kedge_kern_at(i);
        return KEDGE_OK;
    }
    const kedge_kern *kern = kern_named(name);
    if (!kern) {
        char known[64] = "auto";
        for (int i = 0; kedge_kern_at(i); i++) {
            size_t used = strlen(known);
            snprintf(known + used, sizeof known - used, ", %s", kedge_kern_at(i)->name);
        }
        return kedge_fail(KEDGE_EUNSUPPORTED, "unknown kernels '%s'; this build has: %s", name, known);
    }
    if (!kern->usable())
        return kedge_fail(KEDGE_EUNSUPPORTED, "this machine cannot run the kernels '%s'; use 'auto'", name);
    *out = kern;
    return KEDGE_OK;
}

kedge_status kedge_context_create(kedge_context **out, const kedge_context_options *options)
{
    kedge_context_options own = KEDGE_CONTEXT_OPTIONS_INIT;
    if (options) own = *options;
    if (!own.alloc != !own.free)
        return kedge_fail(KEDGE_EINVALID, "a context needs both alloc and free, or neither");
    if (!own.alloc) {
        own.alloc = libc_alloc;
        own.free = libc_free;
    }
    const kedge_kern *kern = NULL;
    kedge_status status = choose_kernels(&kern, own.kernels);
    if (status) return status;
    kedge_context *ctx = own.alloc(sizeof *ctx, own.alloc_payload);
    if (!ctx) return kedge_fail_memory("a context");
    ctx->options = own;
    ctx->kern = kern;
    ctx->threads = own.threads > 0 ? own.threads : available_cores();
    *out = ctx;
    return KEDGE_OK;
}

void kedge_context_free(kedge_context *context)
{
    if (context) context->options.free(context, context->options.alloc_payload);
}

const char *kedge_context_kernels(const kedge_context *context)
{
    return context->kern->name;
}

int kedge_context_threads(const kedge_context *context)
{
    return context->threads;
}

void *kedge_alloc(kedge_context *ctx, size_t n, size_t size)
{
    if (size != 0 && n > SIZE_MAX / 2 / size) return NULL;
    size_t bytes = n * size;
    return ctx->options.alloc(bytes ? bytes : 1, ctx->options.alloc_payload);
}

void *kedge_alloc_zero(kedge_context *ctx, size_t n, size_t size)
{
    void *block = kedge_alloc(ctx, n, size);
    if (block) memset(block, 0, n * size);
    return block;
}

void kedge_release(kedge_context *ctx, void *block)
{
    if (block) ctx->options.free(block, ctx->options.alloc_payload);
}

void kedge_free(kedge_context *context, void *block)
{
    kedge_release(context, block);
}

void *kedge_grow(kedge_context *ctx, void *array, size_t used, size_t *capacity, size_t need, size_t size)
{
    if (need <= *capacity) return array;
    size_t larger = *capacity * 2 > need ? *capacity * 2 : need + 8;
    void *moved = kedge_alloc(ctx, larger, size);
    if (!moved) return NULL;
    if (used) memcpy(moved, array, used * size);
    kedge_release(ctx, array);
    *capacity = larger;
    return moved;
}

void kedge_log(kedge_context *ctx, const char *format, ...)
{
    if (!ctx->options.log) return;
    char line[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    ctx->options.log(line, ctx->options.log_payload);
}
