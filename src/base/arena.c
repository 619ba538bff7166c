/* arena.c - many small things of one lifetime, freed at once. */
#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct kedge_arena_block {
    kedge_arena_block *next;
    size_t size;
    _Alignas(16) char bytes[];
};

void kedge_arena_init(kedge_arena *arena, kedge_context *ctx)
{
    *arena = (kedge_arena){.ctx = ctx};
}

void kedge_arena_release(kedge_arena *arena)
{
    while (arena->blocks) {
        kedge_arena_block *next = arena->blocks->next;
        kedge_release(arena->ctx, arena->blocks);
        arena->blocks = next;
    }
    arena->used = arena->room = 0;
}

void *kedge_arena_alloc(kedge_arena *arena, size_t n, size_t size)
{
    if (size != 0 && n > SIZE_MAX / 4 / size) return NULL;
    size_t bytes = (n * size + 15) & ~(size_t)15;
    if (bytes > arena->room - arena->used) {
        size_t room = bytes > 4096 ? bytes : 4096;
        kedge_arena_block *block = kedge_alloc(arena->ctx, 1, sizeof *block + room);
        if (!block) return NULL;
        block->next = arena->blocks;
        block->size = room;
        arena->blocks = block;
        arena->used = 0;
        arena->room = room;
    }
    void *at = arena->blocks ? arena->blocks->bytes + arena->used : NULL;
    if (!at) return kedge_arena_alloc(arena, 1, 16); /* n == 0 on a fresh arena */
    arena->used += bytes;
    memset(at, 0, bytes);
    return at;
}

char *kedge_arena_bytes(kedge_arena *arena, const char *bytes, size_t length)
{
    char *copy = kedge_arena_alloc(arena, length + 1, 1);
    if (copy && length) memcpy(copy, bytes, length);
    return copy;
}

char *kedge_arena_text(kedge_arena *arena, const char *text)
{
    return kedge_arena_bytes(arena, text, strlen(text));
}

char *kedge_arena_format(kedge_arena *arena, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *text = length < 0 ? NULL : kedge_arena_alloc(arena, (size_t)length + 1, 1);
    if (text) vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}
