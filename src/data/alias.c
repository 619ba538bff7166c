/* alias.c - Walker's alias tables. */
#include "data/alias.h"

#include <math.h>

#define ALWAYS 0x80000000u /* a threshold that every 31-bit number is below */

/* Each point below the mean is topped up by one above it, which keeps the rest. In 'order' those below stand from the
 * front, those above from the back. */
void kedge_alias_fill(kedge_alias *table, int points, double *share, uint32_t *order)
{
    int low = 0, high = points, heaviest = 0;
    for (int i = points - 1; i >= 0; i--) {
        if (share[i] < 1)
            order[low++] = (uint32_t)i;
        else
            order[--high] = (uint32_t)i;
        if (share[i] > share[heaviest]) heaviest = i;
    }
    while (low > 0 && high < points) {
        uint32_t poor = order[--low], rich = order[high];
        table[poor] = (kedge_alias){(uint32_t)lrint(share[poor] * 0x1p31), rich};
        share[rich] -= 1 - share[poor];
        if (share[rich] < 1) {
            high++;
            order[low++] = rich;
        }
    }
    /* The rest have their own share but for rounding; a point of weight 0 must not gain by that. */
    while (high < points) {
        uint32_t i = order[high++];
        table[i] = (kedge_alias){ALWAYS, i};
    }
    while (low > 0) {
        uint32_t i = order[--low];
        table[i] = share[i] > 0 ? (kedge_alias){ALWAYS, i} : (kedge_alias){0, (uint32_t)heaviest};
    }
}

/* Without a branch: whether a point stays is a coin's toss, which no processor guesses. */
void kedge_alias_draw(const kedge_alias *restrict table, int n, const uint32_t *restrict word, uint32_t *restrict index)
{
    for (int i = 0; i < n; i++) {
        kedge_alias s = table[index[i]];
        uint32_t stay = 0u - (uint32_t)((word[i] >> 1) < s.threshold);
        index[i] = s.alias ^ ((s.alias ^ index[i]) & stay);
    }
}
