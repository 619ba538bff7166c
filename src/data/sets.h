/* sets.h - named sets of points, each drawn as often as a factor says that moves while training: curricula. METHOD
 * section 9. */
#ifndef DATA_SETS_H
#define DATA_SETS_H

#include "data/dataset.h"

enum { KEDGE_SETS_MAX = 16 };

/* What the factor d of a set moves. */
typedef enum kedge_moves {
    KEDGE_MOVES_BOTH,
    KEDGE_MOVES_SAMPLING, /* how often its points are drawn; each counts whole */
    KEDGE_MOVES_LOSS      /* how much they count; drawn as at d = 1, and not at all where d is 0 */
} kedge_moves;

typedef struct kedge_set_options {
    const char *name;
    kedge_formula where; /* not 0 for the points of the set */
    kedge_texts phases;  /* of the schedule, in which d holds: it is 0 in others. None named: all */
    int moves;           /* kedge_moves */
} kedge_set_options;

/* The keys of a set, 'name' apart. A set may also be written as 'where' alone. */
extern const kedge_field kedge_set_fields[];
extern const int kedge_n_set_fields;

/* Which points belong to which set, and how they are drawn. Read-only after it is made, so that threads share it. */
typedef struct kedge_sets kedge_sets;

/* A point belongs to the first of the n sets (1 to KEDGE_SETS_MAX) whose 'where' is not 0 there; one in no set is never
 * drawn. 'weight' as in kedge_data_options, which kedge_sampler_create has found sound. Nothing of the options is kept.
 * Errors, after the place of 'where': a malformed formula, a set without points, one whose points all have the weight
 * 0. NULL after an error. */
kedge_sets *kedge_sets_create(kedge_context *ctx, const kedge_dataset *dataset, const kedge_formula *weight, int n,
                              const kedge_set_options *options, kedge_errors *errors);
void kedge_sets_free(kedge_sets *sets);

int kedge_sets_count(const kedge_sets *sets);
/* Points in a set. */
int kedge_sets_points(const kedge_sets *sets, int set);

/* Of each point its set, -1 for one in none, and its share of that set's draws, 0 for one in none; both [points] of the
 * dataset. */
void kedge_sets_members(const kedge_sets *sets, int points, int *set, double *share);

/* What factors d_k mean for one step. A sample is of set k with probability a_k W_k / sum over j of a_j W_j, W the sum
 * of the points' weights, a = d, or where only the loss moves 1 (0 where d is 0). It counts l_k = min(1, d_k), or 1
 * where only sampling moves. A loss that is a weighted mean knows ratios alone, so 'loss' is scaled to a largest of
 * 1. */
typedef struct kedge_sets_mix {
    int n;
    uint64_t below[KEDGE_SETS_MAX]; /* the sample is of set k if its word is below this and not below the one before */
    float loss[KEDGE_SETS_MAX];     /* l_k; 0 for a set that is not drawn */
    bool weighted;                  /* some l_k of a set that is drawn is not 1 */
} kedge_sets_mix;

/* factors [n], finite and at least 0. False: all are 0, no point can be drawn; *mix is then as it was. No
 * allocation. */
bool kedge_sets_mix_make(kedge_sets_mix *mix, const kedge_sets *sets, const double *factors);

/* With which probability a sample is of each set; shares [n]. */
void kedge_sets_mix_shares(const kedge_sets_mix *mix, double *shares);

/* The set of each of n samples, from a word each; probabilities to within 2^-32. 'set' may not alias 'word'. */
void kedge_sets_pick(const kedge_sets_mix *mix, int n, const uint32_t *restrict word, uint32_t *restrict set);
/* index[i], the set of a sample, becomes the point that it draws: as kedge_sampler_indices draws among the points of
 * that set alone. */
void kedge_sets_indices(const kedge_sets *sets, int n, const uint32_t *word0, const uint32_t *word1, uint32_t *index);

#endif
