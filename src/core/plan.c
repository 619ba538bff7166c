/* plan.c - offsets for buffers with lifetimes. */
#include "core/plan.h"

static bool overlap_in_time(const kedge_buffer *a, const kedge_buffer *b)
{
    return a->first <= b->last && b->first <= a->last;
}

/* The lowest offset at which buffer 'self' fits beside the 'placed' buffers named by order[0..placed). */
static size_t lowest_offset(const kedge_buffer *buffers, const kedge_buffer *self, const int *order, int placed)
{
    size_t offset = 0;
    for (bool moved = true; moved;) {
        moved = false;
        for (int j = 0; j < placed; j++) {
            const kedge_buffer *other = &buffers[order[j]];
            if (!overlap_in_time(self, other)) continue;
            if (offset < other->offset + other->size && other->offset < offset + self->size) {
                offset = other->offset + other->size;
                moved = true;
            }
        }
    }
    return offset;
}

size_t kedge_plan_offsets(kedge_buffer *buffers, int n, int *order)
{
    /* Insertion sort by falling size; equal sizes stay in order, so that the plan is the same every time. */
    for (int i = 0; i < n; i++) {
        buffers[i].size = (buffers[i].size + 15) / 16 * 16;
        int j = i;
        for (; j > 0 && buffers[order[j - 1]].size < buffers[i].size; j--) order[j] = order[j - 1];
        order[j] = i;
    }
    size_t total = 0;
    for (int i = 0; i < n; i++) {
        kedge_buffer *self = &buffers[order[i]];
        if (self->size == 0) continue;
        self->offset = lowest_offset(buffers, self, order, i);
        if (self->offset + self->size > total) total = self->offset + self->size;
    }
    return total;
}
