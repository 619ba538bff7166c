/* random.c - random numbers as a function of (seed, purpose, step, index). */
#include "base/random.h"

#include <Random123/philox.h>

void kedge_random_block(uint64_t seed, kedge_purpose purpose, uint32_t step, uint32_t part, uint32_t index,
                        uint32_t out[4])
{
    philox4x32_key_t key = {{(uint32_t)seed, (uint32_t)(seed >> 32)}};
    philox4x32_ctr_t counter = {{index, step, (uint32_t)purpose, part}};
    philox4x32_ctr_t block = philox4x32(counter, key);
    for (int j = 0; j < 4; j++) out[j] = block.v[j];
}
