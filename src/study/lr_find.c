/* lr_find.c - the learning-rate range test. */
#include "study/lr_find.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>

#include "base/pool.h"
#include "base/sort.h"
#include "base/text.h"
#include "run/training.h"

enum { SEEDS_MAX = 100000, STEPS_MIN = 10, STEPS_MAX = 1000000, VALUES_MAX = 100000000, SLOPE_SHARE = 40 };

static const double SMOOTHING = 0.95;
static const double EDGE = 4; /* times the minimum */

/* ---- one curve ---- */

void kedge_lr_smooth(const double *loss, int reached, int steps, double *smooth)
{
    double sum = 0, weight = 1;
    for (int i = 0; i < steps; i++) {
        smooth[i] = NAN;
        if (i >= reached) continue;
        sum = SMOOTHING * sum + (1 - SMOOTHING) * loss[i];
        weight *= SMOOTHING;
        smooth[i] = sum / (1 - weight);
    }
}

int kedge_lr_reach(int steps)
{
    return steps / SLOPE_SHARE > 1 ? steps / SLOPE_SHARE : 1;
}

/* Rise per update at i; all updates lie equally far apart in the logarithm of the learning rate. */
static double slope(const double *smooth, int i, int reach)
{
    double sum = 0, squares = 0;
    for (int k = 1; k <= reach; k++) {
        sum += k * (smooth[i + k] - smooth[i - k]);
        squares += 2.0 * k * k;
    }
    return sum / squares;
}

void kedge_lr_read(const double *rates, const double *smooth, int reached, int steps, double marks[KEDGE_LR_MARKS])
{
    int least = -1, steepest = -1, edge = reached < steps ? reached : -1;
    int reach = kedge_lr_reach(steps);
    double fastest = 0;
    for (int i = 0; i < reached; i++)
        if (least < 0 || smooth[i] < smooth[least]) least = i;
    for (int i = reach; i <= least && i + reach < reached; i++) {
        double rise = slope(smooth, i, reach);
        if (rise >= fastest) continue;
        fastest = rise;
        steepest = i;
    }
    for (int i = least; least >= 0 && i < reached; i++)
        if (smooth[i] > EDGE * smooth[least]) {
            edge = i;
            break;
        }
    marks[KEDGE_LR_STEEPEST] = steepest >= 0 ? rates[steepest] : NAN;
    marks[KEDGE_LR_MINIMUM] = least >= 0 ? rates[least] : NAN;
    marks[KEDGE_LR_EDGE] = edge >= 0 ? rates[edge] : NAN;
}

/* ---- all seeds ---- */

typedef struct session {
    kedge_context *ctx;
    const kedge_lr_find_options *options;
    kedge_recipe_training resolved; /* of the recipe as it is: what follows is made from it */
    kedge_training training;
    kedge_lr_test *test;
    kedge_trainer **trainers; /* [threads], each made when its thread gets a seed */
    pthread_mutex_t lock;     /* for all below */
    long long done;
    kedge_status status; /* the first error */
    char message[1024];
} session;

/* Where one seed's losses go. */
typedef struct recording {
    kedge_lr_curve *curve;
    int n_terms;
} recording;

static kedge_status record(const kedge_step *step, void *payload)
{
    const recording *self = payload;
    kedge_lr_curve *curve = self->curve;
    curve->values[KEDGE_LR_TASK][step->step] = (double)step->values[0];
    curve->values[KEDGE_LR_LOSS][step->step] = kedge_step_loss(step, self->n_terms);
    curve->reached = step->step + 1;
    return KEDGE_OK;
}

static void report(session *self, kedge_status status)
{
    pthread_mutex_lock(&self->lock);
    if (status && !self->status) {
        self->status = status;
        snprintf(self->message, sizeof self->message, "%s", kedge_error());
    }
    self->done++;
    if (!status && self->options->progress)
        self->options->progress(self->done, self->test->n, self->options->progress_payload);
    pthread_mutex_unlock(&self->lock);
}

static void do_seed(long i, int worker, void *payload)
{
    session *self = payload;
    kedge_lr_test *test = self->test;
    kedge_lr_curve *curve = &test->curves[i];
    kedge_status status = KEDGE_OK;
    if (!self->trainers[worker]) status = kedge_trainer_create(&self->trainers[worker], self->ctx, &self->training);
    if (!status) {
        recording to = {curve, self->training.n_terms};
        kedge_train_events events = {.step = record, .payload = &to, .stop = self->options->stop};
        status = kedge_trainer_run(self->trainers[worker], (uint64_t)curve->seed, &events);
        if (status == KEDGE_ENUMERIC) status = KEDGE_OK; /* it diverged: 'reached' says where */
        for (int part = 0; part < KEDGE_LR_PARTS; part++)
            for (int k = curve->reached; k < test->steps; k++) curve->values[part][k] = NAN;
        kedge_lr_smooth(curve->values[KEDGE_LR_LOSS], curve->reached, test->steps, curve->values[KEDGE_LR_SMOOTH]);
        kedge_lr_read(test->rates, curve->values[KEDGE_LR_SMOOTH], curve->reached, test->steps, curve->marks);
    }
    report(self, status);
}

static double middle_of(const double *sorted, size_t n)
{
    return n % 2 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
}

/* Diverged ones count as largest. 'sorted' [n] is scratch, here and below. */
static void find_medians(kedge_lr_test *test, double *sorted)
{
    size_t n = (size_t)test->n;
    for (int part = 0; part < KEDGE_LR_PARTS; part++)
        for (int i = 0; i < test->steps; i++) {
            for (size_t row = 0; row < n; row++) {
                double value = test->curves[row].values[part][i];
                sorted[row] = isnan(value) ? INFINITY : value;
            }
            kedge_sort_reals(sorted, n);
            double median = middle_of(sorted, n);
            test->median.values[part][i] = isfinite(median) ? median : NAN;
            if (part == KEDGE_LR_SMOOTH && isfinite(median)) test->median.reached = i + 1;
        }
}

/* Learning rates lie evenly in their logarithm. */
static double middle_rate(const double *sorted, size_t n)
{
    double low = sorted[(n - 1) / 2], high = sorted[n / 2];
    return low == high ? low : sqrt(low) * sqrt(high);
}

void kedge_lr_find_ranges(kedge_lr_test *test, double *sorted)
{
    for (int mark = 0; mark < KEDGE_LR_MARKS; mark++) {
        size_t n = 0;
        for (long long row = 0; row < test->n; row++)
            if (!isnan(test->curves[row].marks[mark])) sorted[n++] = test->curves[row].marks[mark];
        kedge_sort_reals(sorted, n);
        test->found[mark] = (long long)n;
        test->low[mark] = n > 0 ? sorted[0] : NAN;
        test->high[mark] = n > 0 ? sorted[n - 1] : NAN;
        /* A seed without an edge has it beyond the last learning rate, wherever that is. */
        while (mark == KEDGE_LR_EDGE && n < (size_t)test->n) sorted[n++] = INFINITY;
        double middle = n > 0 ? middle_rate(sorted, n) : NAN;
        test->median.marks[mark] = isfinite(middle) ? middle : NAN;
    }
}

/* ---- making it ---- */

int kedge_lr_calibrated_steps(double from, double to)
{
    double steps = round(KEDGE_LR_PER_DECADE * (log10(to) - log10(from))) + 1;
    return steps > STEPS_MIN ? (int)steps : STEPS_MIN;
}

static int steps_of(const kedge_lr_find_options *options)
{
    return options->steps != 0 ? options->steps : kedge_lr_calibrated_steps(options->from, options->to);
}

static kedge_status check_options(const kedge_lr_find_options *options, const kedge_recipe *recipe)
{
    if (!(options->from > 0 && options->from < options->to && isfinite(options->to)))
        return kedge_fail(KEDGE_EINVALID, "learning rates from %g to %g: must be above 0, and the first below the last",
                          options->from, options->to);
    if (options->steps != 0 && (options->steps < STEPS_MIN || options->steps > STEPS_MAX))
        return kedge_fail(KEDGE_EINVALID, "%d updates: must be %d to %d", options->steps, STEPS_MIN, STEPS_MAX);
    if (options->seed_count > SEEDS_MAX || options->first_seed < 0 || options->first_seed > 1000000000000)
        return kedge_fail(KEDGE_EINVALID, "seeds %lld and on, %lld of them: the first is from 0 to 1000000000000, and "
                          "at most %d run at once", options->first_seed, options->seed_count, SEEDS_MAX);
    int steps = steps_of(options);
    if (options->seed_count > VALUES_MAX / steps)
        return kedge_fail(KEDGE_EINVALID, "%lld seeds of %d updates: must be %d updates at most in all",
                          options->seed_count, steps, VALUES_MAX);
    if (options->at < -1 || options->at >= recipe->steps)
        return kedge_fail(KEDGE_EINVALID, "step %d: the recipe has steps 0 to %d", options->at,
                          (int)recipe->steps - 1);
    return KEDGE_OK;
}

static bool make_curve(kedge_lr_test *test, kedge_lr_curve *curve)
{
    bool made = true;
    for (int part = 0; part < KEDGE_LR_PARTS; part++) {
        curve->values[part] = kedge_arena_alloc(&test->arena, (size_t)test->steps, sizeof *curve->values[part]);
        made &= curve->values[part] != NULL;
    }
    return made;
}

static kedge_status make_test(session *self, const kedge_recipe *recipe)
{
    const kedge_lr_find_options *options = self->options;
    kedge_lr_test *test = kedge_alloc_zero(self->ctx, 1, sizeof *test);
    if (!test) return kedge_fail_memory("a learning-rate test");
    self->test = test;
    test->ctx = self->ctx;
    kedge_arena_init(&test->arena, self->ctx);
    test->n = options->seed_count > 0 ? options->seed_count : KEDGE_LR_SEEDS;
    test->steps = steps_of(options);
    test->title = kedge_arena_text(&test->arena, recipe->title ? recipe->title : "");
    test->rates = kedge_arena_alloc(&test->arena, (size_t)test->steps, sizeof *test->rates);
    test->curves = kedge_arena_alloc(&test->arena, (size_t)test->n, sizeof *test->curves);
    bool made = test->title && test->rates && test->curves && make_curve(test, &test->median);
    for (long long i = 0; made && i < test->n; i++) {
        test->curves[i].seed = (options->seed_count > 0 ? options->first_seed : recipe->first_seed) + i;
        made = make_curve(test, &test->curves[i]);
    }
    if (!made) return kedge_fail_memory("a learning-rate test");
    for (int i = 0; i < test->steps; i++)
        test->rates[i] = options->from * pow(options->to / options->from, (double)i / (test->steps - 1));
    return KEDGE_OK;
}

/* 'steps' copies of the row of 'width' numbers at row 'at' of 'from'. NULL without memory. */
static double *hold_row(kedge_lr_test *test, const double *from, int width, int at)
{
    size_t n = (size_t)width, steps = (size_t)test->steps;
    double *rows = kedge_arena_alloc(&test->arena, n * steps, sizeof *rows);
    for (size_t i = 0; rows && i < n * steps; i++) rows[i] = from[(size_t)at * n + i % n];
    return rows;
}

/* "'pure' and 'hues'": of the recipe's sets those that are drawn, or those that are not. */
static void add_sets(kedge_text *text, const kedge_recipe *recipe, const double *factors, bool drawn)
{
    int n = 0, done = 0;
    for (int k = 0; k < recipe->n_sets; k++) n += (factors[k] > 0) == drawn;
    for (int k = 0; k < recipe->n_sets; k++) {
        if ((factors[k] > 0) != drawn) continue;
        kedge_text_addf(text, "%s'%s'", done == 0 ? "" : done == n - 1 ? " and " : ", ", recipe->sets[k].name);
        done++;
    }
}

/* Says which sets are drawn at a step, by their factors there, unless all are. */
static kedge_status tell_sets(kedge_lr_test *test, const kedge_recipe *recipe, const double *factors, int at)
{
    kedge_text text;
    bool all = true;
    for (int k = 0; k < recipe->n_sets; k++) all = all && factors[k] > 0;
    if (all) return KEDGE_OK;
    kedge_text_init(&text, test->ctx);
    kedge_text_addf(&text, "the points are those of step %d, of ", at);
    add_sets(&text, recipe, factors, true);
    kedge_text_add(&text, ", without ");
    add_sets(&text, recipe, factors, false);
    kedge_status status = kedge_text_status(&text, "a learning-rate test");
    if (!status) test->sets = kedge_arena_text(&test->arena, kedge_text_string(&text));
    if (!status && !test->sets) status = kedge_fail_memory("a learning-rate test");
    kedge_text_release(&text);
    return status;
}

/* The recipe's training, but for the learning rate, and with everything else that moves at a standstill. */
static kedge_status make_training(session *self, const kedge_recipe *recipe)
{
    kedge_status status = kedge_recipe_training_init(&self->resolved, recipe);
    if (status) return status;
    const kedge_training *own = &self->resolved.training;
    kedge_lr_test *test = self->test;
    int at = 0;
    for (int i = 1; i < own->steps; i++)
        if (own->lr[i] > own->lr[at]) at = i;
    test->recipe_rate = own->lr[at];
    if (self->options->at >= 0) at = self->options->at;
    test->at = self->options->without_terms ? -1 : at;
    self->training = *own;
    self->training.steps = test->steps;
    self->training.lr = test->rates;
    self->training.n_actions = 0; /* their steps are those of another run */
    if (self->options->without_terms) self->training.n_terms = 0;
    self->training.weights = hold_row(test, own->weights, self->training.n_terms, at);
    if (own->rates) self->training.rates = hold_row(test, own->rates, own->n_labels, at);
    if (own->task) self->training.task = hold_row(test, own->task, 1, at);
    if (own->factors) self->training.factors = hold_row(test, own->factors, kedge_sets_count(own->sets), at);
    if (!self->training.weights || (own->rates && !self->training.rates) || (own->task && !self->training.task) ||
        (own->factors && !self->training.factors))
        return kedge_fail_memory("a learning-rate test");
    return own->factors ? tell_sets(test, recipe, self->training.factors, at) : KEDGE_OK;
}

kedge_status kedge_lr_find(kedge_lr_test **out, kedge_context *context, const kedge_recipe *recipe,
                           const kedge_lr_find_options *options)
{
    static const kedge_lr_find_options defaults = KEDGE_LR_FIND_OPTIONS_INIT;
    session self = {.ctx = context, .options = options ? options : &defaults};
    int threads = kedge_context_threads(context);
    kedge_status status = check_options(self.options, recipe);
    if (status) return status;
    pthread_mutex_init(&self.lock, NULL);
    double *sorted = NULL;
    status = make_test(&self, recipe);
    if (status) goto done;
    status = make_training(&self, recipe);
    if (status) goto done;
    self.trainers = kedge_alloc_zero(context, (size_t)threads, sizeof *self.trainers);
    sorted = kedge_alloc(context, (size_t)self.test->n, sizeof *sorted);
    if (!self.trainers || !sorted) {
        status = kedge_fail_memory("a learning-rate test");
        goto done;
    }
    kedge_pool_run(threads, (long)self.test->n, do_seed, &self, self.options->stop);
    if (self.status) status = kedge_fail(self.status, "%s", self.message);
    else if (self.done < self.test->n) status = kedge_fail(KEDGE_ECANCELLED, "cancelled after %lld seeds", self.done);
    if (status) goto done;
    find_medians(self.test, sorted);
    kedge_lr_find_ranges(self.test, sorted);
    *out = self.test;
    self.test = NULL;
done:
    for (int w = 0; self.trainers && w < threads; w++) kedge_trainer_free(self.trainers[w]);
    kedge_release(context, self.trainers);
    kedge_release(context, sorted);
    kedge_recipe_training_release(&self.resolved);
    kedge_lr_test_free(self.test);
    pthread_mutex_destroy(&self.lock);
    return status;
}

void kedge_lr_test_free(kedge_lr_test *test)
{
    if (!test) return;
    kedge_arena_release(&test->arena);
    kedge_release(test->ctx, test);
}
