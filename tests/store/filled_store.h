/* filled_store.h - a small store with what a store can have: settings, failures, pending runs, undefined values. */
#ifndef STORE_FILLED_STORE_H
#define STORE_FILLED_STORE_H

#include "store_fixture.h"

#include <math.h>

/* Three groups of five seeds, 10 to 14. Run 5 g + s + 1 is seed 10 + s of group g + 1:
 *   group 1: no settings; 2: optimizer.clip 0.5; 3: optimizer.clip 0.5, steps 3000
 *   score = (90 + 2 g + (7 s) % 5) / 100, recon_mse = (1 + s) 1e-5 (3 - g), and 'angle' in group 3 alone.
 * Run 9 (group 2, seed 13) failed; run 15 is pending; the score of run 3 (group 1, seed 12) is undefined. */
static inline void fill(fixture *f)
{
    static const char *const settings[] = {"{}", "{\"optimizer.clip\":0.5}", "{\"optimizer.clip\":0.5,\"steps\":3000}"};
    static const char *const names[] = {"recon_mse", "score", "angle"};
    open_store(f, KEDGE_STORE_CREATE);
    for (int g = 0; g < 3; g++) {
        ok(add_seeds(f->store, settings[g], 10, 5, NULL));
        for (int s = 0; s < 5; s++) {
            double values[] = {(1 + s) * 1e-5 * (3 - g), (90 + 2 * g + (7 * s) % 5) / 100.0, 0.25 * s};
            kedge_store_result result = {.id = 5 * g + s + 1, .n_metrics = 2 + (g == 2), .names = names,
                                         .values = values};
            if (result.id == 3) values[1] = (double)NAN;
            if (result.id == 9) result = (kedge_store_result){.id = 9, .failure = "the loss is infinite at step 7"};
            if (result.id != 15) ok(kedge_store_finish(f->store, &result, 1));
        }
    }
}

static inline int setup_filled(void **state)
{
    if (setup(state)) return -1;
    fill(*state);
    return 0;
}

#endif
