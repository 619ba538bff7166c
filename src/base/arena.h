/* arena.h - many small things of one lifetime, freed at once. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/context.h"

typedef struct kedge_arena_block kedge_arena_block;

typedef struct kedge_arena {
    kedge_context *ctx;
    kedge_arena_block *blocks; /* the newest first */
    size_t used, room;         /* of the newest */
} kedge_arena;

void kedge_arena_init(kedge_arena *arena, kedge_context *ctx);
void kedge_arena_release(kedge_arena *arena);

/* 'n' items of 'size' bytes, cleared, aligned to 16. NULL if there is no memory. */
void *kedge_arena_alloc(kedge_arena *arena, size_t n, size_t size);
/* Copies of text; of its first 'length' bytes (with a 0 added). NULL if there is no memory. */
char *kedge_arena_text(kedge_arena *arena, const char *text);
char *kedge_arena_bytes(kedge_arena *arena, const char *bytes, size_t length);
char *kedge_arena_format(kedge_arena *arena, const char *format, ...) KEDGE_PRINTF(2, 3);

#endif
