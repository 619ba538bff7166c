/* sampler.h - which points a batch holds. */
#ifndef DATA_SAMPLER_H
#define DATA_SAMPLER_H

#include "data/dataset.h"

/* Made once for a data set; read-only, so that threads share it. */
typedef struct kedge_sampler kedge_sampler;

/* A sampler for options->weight, batch and epoch over 'dataset', of which it keeps nothing. No weight: every point
 * alike. Errors, after the weight's own place: a malformed formula, a weight that is negative (names the point), all
 * weights 0. NULL after an error. */
kedge_sampler *kedge_sampler_create(kedge_context *ctx, const kedge_dataset *dataset,
                                    const kedge_data_options *options, kedge_errors *errors);
void kedge_sampler_free(kedge_sampler *sampler);

/* Samples in the batch of update 'step' (from 0), and the most that any has. With an epoch of E draws the batches of
 * an epoch are full but for its last, which has what is left: 3600 draws by 64 are 56 of 64 and one of 16. */
int kedge_sampler_size(const kedge_sampler *sampler, int64_t step);
int kedge_sampler_largest(const kedge_sampler *sampler);

/* Independent draws from two words each: index[i] in [0, points). n is a multiple of 16; planes are aligned to 64,
 * index may alias neither. The point is word0 * points >> 32; a weighted one stays if (word1 >> 1) is below its
 * threshold, else it is its alias (Walker 1977, An efficient method for generating discrete random variables).
 * Probabilities are those of the weights to within points / 2^32 of each share. No allocation. */
void kedge_sampler_indices(const kedge_sampler *sampler, int n, const uint32_t *word0, const uint32_t *word1,
                           uint32_t *index);

#endif
