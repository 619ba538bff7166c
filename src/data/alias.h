/* alias.h - draws by weight in constant time: Walker 1977, An efficient method for generating discrete random
 * variables. */
#ifndef DATA_ALIAS_H
#define DATA_ALIAS_H

#include <stdint.h>

/* A point's entry of the table, side by side: both are read for a draw. */
typedef struct kedge_alias {
    uint32_t threshold; /* of 2^31: below it the point stays */
    uint32_t alias;     /* else it is this one */
} kedge_alias;

/* Fills table [points]. 'share' [points] holds weights of mean 1, none negative, and is used up; 'order' [points] is
 * scratch. The table depends on the weights alone; a point of weight 0 is never drawn. */
void kedge_alias_fill(kedge_alias *table, int points, double *share, uint32_t *order);

/* index[i], drawn evenly, becomes a draw by weight: it stays where (word[i] >> 1) is below its threshold. */
void kedge_alias_draw(const kedge_alias *restrict table, int n, const uint32_t *restrict word,
                      uint32_t *restrict index);

#endif
