/* figure_test.h - what any figure of plain arrays must stand: a lack of memory at any moment. */
#ifndef FIGURE_TEST_H
#define FIGURE_TEST_H

#include "draw_test.h"

#include "draw/canvas.h"
#include "failing_alloc.h"

/* Any drawing; a test hands its own struct through. */
typedef kedge_status (*drawing)(kedge_context *ctx, const void *figure, const kedge_picture *to);

/* Each allocation fails in turn: KEDGE_ENOMEM, no file, nothing left in use; then the picture is drawn. */
static inline void survive_each_failed_allocation(folder *f, drawing draw, const void *figure)
{
    for (size_t n = 1;; n++) {
        failing_alloc memory = {.fail_at = 0};
        kedge_context_options options = failing_alloc_options(&memory);
        kedge_context *ctx;
        assert_int_equal(kedge_context_create(&ctx, &options), KEDGE_OK);
        memory.requests = 0;
        memory.fail_at = n;
        kedge_status status = draw(ctx, figure, &(kedge_picture){.path = in_folder(f, "a.svg")});
        assert_int_equal(status, memory.requests < n ? KEDGE_OK : KEDGE_ENOMEM);
        assert_int_equal(files_in(f), status ? 0 : 1);
        kedge_context_free(ctx);
        assert_int_equal(memory.in_use, 0);
        if (!status) break;
    }
}

#endif
