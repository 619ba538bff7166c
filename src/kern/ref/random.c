/* random.c - random words and what is drawn with them. */
#include <Random123/philox.h>

#include "kern/ref/ref.h"

void kedge_ref_philox(int n, const uint32_t key[2], const uint32_t counter[3], uint32_t *w0, uint32_t *w1, uint32_t *w2,
                      uint32_t *w3)
{
    philox4x32_key_t k = {{key[0], key[1]}};
    for (int i = 0; i < n; i++) {
        philox4x32_ctr_t block = {{(uint32_t)i, counter[0], counter[1], counter[2]}};
        block = philox4x32(block, k);
        w0[i] = block.v[0];
        w1[i] = block.v[1];
        w2[i] = block.v[2];
        w3[i] = block.v[3];
    }
}

void kedge_ref_bernoulli(int n, const uint32_t *word, const uint32_t *threshold, const uint32_t *index, float *l,
                         float *sum)
{
    float total = 0;
    for (int i = 0; i < n; i++) {
        l[i] = (word[i] >> 1) < threshold[index[i]] ? 1 : 0;
        total += l[i];
    }
    *sum = total;
}
