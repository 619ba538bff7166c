/* run.c - training the seeds of a recipe. */
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/pool.h"
#include "base/text.h"
#include "kedge/version.h"
#include "run/directory.h"
#include "run/model.h"
#include "run/record.h"
#include "run/summary.h"
#include "run/trained.h"
#include "run/training.h"
#include "run/worker.h"

typedef struct session {
    kedge_context *ctx;
    const kedge_recipe *recipe;
    const kedge_run_options *options;
    kedge_recipe_training training;
    kedge_summary *summary;
    int n_workers;
    kedge_worker **workers; /* [n_workers], each made when its thread gets a seed */
    pthread_mutex_t lock; /* for all below */
    long long done;
    kedge_status status; /* the first error that ends the whole run */
    char message[1024];
} session;

static bool stopped(const session *self)
{
    return kedge_stopped(self->options->stop);
}

static bool broken(session *self)
{
    pthread_mutex_lock(&self->lock);
    bool is = self->status != KEDGE_OK;
    pthread_mutex_unlock(&self->lock);
    return is;
}

/* Keeps this thread's message as the run's, if it is the first. */
static void break_off(session *self, kedge_status status)
{
    pthread_mutex_lock(&self->lock);
    if (self->status == KEDGE_OK) {
        self->status = status;
        snprintf(self->message, sizeof self->message, "%s", kedge_error());
    }
    pthread_mutex_unlock(&self->lock);
}

static kedge_status prepare_worker(session *self, int index)
{
    kedge_status status = KEDGE_OK;
    if (!self->workers[index])
        status = kedge_worker_create(&self->workers[index], self->ctx, self->recipe, &self->training.training,
                                     self->options->control);
    if (!status && self->options->record > 0) status = kedge_worker_keep_ledger(self->workers[index]);
    return status;
}

static bool has_file(const session *self, long long seed, const char *name)
{
    char *path = kedge_run_seed_file(self->ctx, self->options->directory, seed, name);
    bool has = path && kedge_is_file(path);
    kedge_release(self->ctx, path);
    return has;
}

static kedge_status read_ledger(kedge_ledger_summary *ledger, const session *self, long long seed, int updates)
{
    char *path = kedge_run_seed_file(self->ctx, self->options->directory, seed, "ledger.csv");
    kedge_status status = path ? kedge_ledger_summary_read(ledger, path, self->options->record, updates)
                               : kedge_fail_memory("a path");
    kedge_release(self->ctx, path);
    return status;
}

/* The caller's log is for one thread at a time. */
static void tell_again(session *self, const char *what)
{
    pthread_mutex_lock(&self->lock);
    kedge_log(self->ctx, "%s; the seed is trained again", what);
    pthread_mutex_unlock(&self->lock);
}

/* Whether the seed whose run the worker has recalled has its records, at the density that is asked for. */
static bool is_recorded(session *self, const kedge_worker *own, long long seed)
{
    kedge_ledger_summary *ledger = NULL;
    if (!has_file(self, seed, "latents-steps.npy") || !has_file(self, seed, "ledger.csv")) return false;
    kedge_status status = kedge_ledger_summary_create(&ledger, self->ctx, &self->training.training,
                                                      own->ledger->site_name, 1, 0);
    if (!status) status = read_ledger(ledger, self, seed, own->trainer->training->steps);
    if (status) tell_again(self, kedge_error());
    kedge_ledger_summary_free(ledger);
    return status == KEDGE_OK;
}

/* Reads what an earlier run left for this seed into the worker's parameters. False: there is nothing that can be used,
 * so the seed is trained (again). */
static bool reuse(session *self, kedge_worker *own, long long seed)
{
    if (!self->options->directory) return false;
    char *path = kedge_run_seed_file(self->ctx, self->options->directory, seed, "model.safetensors");
    kedge_arena arena;
    kedge_st file;
    kedge_arena_init(&arena, self->ctx);
    bool fits = false;
    if (path && kedge_is_file(path)) {
        kedge_status status = kedge_st_load(&file, &arena, path, KEDGE_MODEL_BYTES);
        const char *recipe = status ? NULL : kedge_st_get(&file, "recipe");
        const char *found = status ? NULL : kedge_st_get(&file, "seed");
        fits = recipe && found && kedge_same_recipe(recipe, self->recipe->text) && strtoll(found, NULL, 10) == seed &&
               kedge_model_read_params(&file, path, &own->trainer->params) == KEDGE_OK &&
               kedge_worker_recall(own, &file);
        if (!fits) {
            const char *what = kedge_arena_format(&arena, "%s: not what this recipe makes", path);
            tell_again(self, what ? what : path);
        }
        if (fits && self->options->record > 0) fits = is_recorded(self, own, seed);
    }
    kedge_arena_release(&arena);
    kedge_release(self->ctx, path);
    return fits;
}

/* A run that leaves files on its way. */
typedef struct watching {
    const kedge_worker *worker;
    long long seed;
    const char *folder;
    kedge_recorder *recorder; /* NULL: not asked for */
} watching;

static kedge_status record_step(const kedge_step *step, void *payload)
{
    return kedge_recorder_step(((const watching *)payload)->recorder, step);
}

static kedge_status save_snapshot(int step, void *payload)
{
    const watching *w = payload;
    char name[64];
    snprintf(name, sizeof name, "snapshot-%d.safetensors", step);
    char *path = kedge_path_join(w->worker->ctx, w->folder, name);
    kedge_status status =
        path ? kedge_trained_snapshot(w->worker, w->seed, step, path) : kedge_fail_memory("a path");
    kedge_release(w->worker->ctx, path);
    return status;
}

/* One run; 'w' NULL: without files. */
static kedge_status train(session *self, kedge_worker *own, long long seed, watching *w)
{
    kedge_train_events events = {.step = w && w->recorder ? record_step : NULL, .snapshot = w ? save_snapshot : NULL,
                                 .payload = w, .stop = self->options->stop};
    return kedge_worker_train(own, (uint64_t)seed, (uint64_t)seed, &events);
}

/* One run with its files; the model comes last: a seed is done once it stands there. */
static kedge_status train_into(session *self, kedge_worker *own, long long seed)
{
    const char *directory = self->options->directory;
    char *folder = kedge_run_seed_folder(self->ctx, directory, seed);
    char *path = kedge_run_seed_file(self->ctx, directory, seed, "model.safetensors");
    kedge_recorder recorder = {0};
    bool records = self->options->record > 0;
    kedge_status status = folder && path ? kedge_make_directory(folder) : kedge_fail_memory("a path");
    if (!status && records)
        status = kedge_recorder_open(&recorder, self->ctx, folder, own->ledger, own->evaluator,
                                     self->options->record, kedge_recipe_schedules(self->recipe, "recon"));
    if (status) goto done;
    watching w = {own, seed, folder, records ? &recorder : NULL};
    status = train(self, own, seed, &w);
    if (records && (status == KEDGE_OK || status == KEDGE_ENUMERIC)) {
        char why[512];
        snprintf(why, sizeof why, "%s", kedge_error());
        kedge_status kept = kedge_recorder_commit(&recorder, status == KEDGE_OK);
        if (kept)
            status = kept;
        else if (status)
            kedge_fail(status, "%s", why);
    }
    if (!status) status = kedge_trained_save(own, seed, path);
done:
    kedge_recorder_abort(&recorder);
    if (status && folder) rmdir(folder); /* only if it is a folder with nothing in it */
    kedge_release(self->ctx, folder);
    kedge_release(self->ctx, path);
    return status;
}

static void report(session *self, long long row, kedge_status status, bool trained)
{
    const kedge_run_options *options = self->options;
    pthread_mutex_lock(&self->lock);
    if (status == KEDGE_ENUMERIC) status = kedge_summary_fail(self->summary, row, kedge_error());
    if (status && self->status == KEDGE_OK) {
        self->status = status;
        snprintf(self->message, sizeof self->message, "%s", kedge_error());
    }
    self->done++;
    self->summary->trained += trained;
    if (options->progress && !status) options->progress(self->done, self->summary->n_rows, options->progress_payload);
    pthread_mutex_unlock(&self->lock);
}

static void do_seed(long i, int index, void *payload)
{
    session *self = payload;
    if (stopped(self) || broken(self)) return;
    kedge_status status = prepare_worker(self, index);
    if (status) {
        break_off(self, status);
        return;
    }
    kedge_worker *own = self->workers[index];
    long long seed = self->summary->rows[i].seed;
    bool there = reuse(self, own, seed);
    if (!there)
        status = self->options->directory ? train_into(self, own, seed) : train(self, own, seed, NULL);
    if (!status) status = kedge_worker_train_control(own, (uint64_t)seed, (uint64_t)seed, self->options->stop);
    if (status == KEDGE_ECANCELLED) return;
    if (!status) status = kedge_worker_evaluate(own);
    if (!status) kedge_summary_fill(self->summary, i, own->meter);
    self->summary->rows[i].updates = own->trainer->training->steps;
    report(self, i, status, !there);
}

static int compare_seeds(const void *a, const void *b)
{
    long long x = *(const long long *)a, y = *(const long long *)b;
    return (x > y) - (x < y);
}

/* The seeds asked for and those that the directory holds, sorted, each once. */
static kedge_status list_seeds(const session *self, long long **out, long long *count)
{
    const kedge_run_options *options = self->options;
    long long first = options->seed_count > 0 ? options->first_seed : self->recipe->first_seed;
    long long n = options->seed_count > 0 ? options->seed_count : self->recipe->n_seeds;
    long long *found = NULL;
    size_t n_found = 0;
    kedge_status status = KEDGE_OK;
    if (options->directory) status = kedge_run_directory_seeds(self->ctx, options->directory, &found, &n_found);
    if (status) return status;
    long long *seeds = kedge_alloc(self->ctx, (size_t)n + n_found, sizeof *seeds);
    if (!seeds) {
        kedge_release(self->ctx, found);
        return kedge_fail_memory("a list of seeds");
    }
    for (long long i = 0; i < n; i++) seeds[i] = first + i;
    if (n_found) memcpy(seeds + n, found, n_found * sizeof *seeds);
    kedge_release(self->ctx, found);
    size_t all = (size_t)n + n_found, kept = 0;
    qsort(seeds, all, sizeof *seeds, compare_seeds);
    for (size_t i = 0; i < all; i++)
        if (kept == 0 || seeds[i] != seeds[kept - 1]) seeds[kept++] = seeds[i];
    *out = seeds;
    *count = (long long)kept;
    return KEDGE_OK;
}

static kedge_status write_file(const session *self, const char *name, const char *text)
{
    char *path = kedge_path_join(self->ctx, self->options->directory, name);
    kedge_status status =
        path ? kedge_file_write(self->ctx, path, text, strlen(text)) : kedge_fail_memory("a path");
    kedge_release(self->ctx, path);
    return status;
}

static kedge_status write_summary(const session *self, const char *name, const char *format)
{
    char *text;
    kedge_status status = kedge_summary_print(self->summary, format, &text);
    if (status) return status;
    status = write_file(self, name, text);
    kedge_release(self->ctx, text);
    return status;
}

static kedge_status write_timing(const session *self, double seconds)
{
    double trained = (double)self->summary->trained;
    kedge_text text;
    kedge_text_init(&text, self->ctx);
    kedge_text_add_real(&text, "{\"seconds\": %.3f", seconds);
    kedge_text_add_real(&text, ", \"seeds_trained\": %.0f", trained);
    kedge_text_add_real(&text, ", \"seeds_per_second\": %.1f", trained / (seconds > 1e-9 ? seconds : 1e-9));
    kedge_text_addf(&text, ", \"threads\": %d, \"kernels\": \"%s\"}\n", kedge_context_threads(self->ctx),
                    kedge_context_kernels(self->ctx));
    kedge_status status = kedge_text_status(&text, "a file");
    if (!status) status = write_file(self, "timing.json", kedge_text_string(&text));
    kedge_text_release(&text);
    return status;
}

static kedge_status write_ledger(const session *self)
{
    kedge_text text;
    kedge_text_init(&text, self->ctx);
    kedge_ledger_summary_json(self->summary->ledger, &text);
    kedge_status status = kedge_text_status(&text, "a file");
    if (!status) status = write_file(self, "ledger.json", kedge_text_string(&text));
    kedge_text_release(&text);
    return status;
}

/* What all seeds recorded, those of earlier calls too: from their files, so that it does not matter who trained which.
 * A seed that failed has no word in it. */
static kedge_status gather_ledger(session *self)
{
    kedge_summary *summary = self->summary;
    kedge_ledger_summary *ledger = NULL;
    const kedge_training *training = &self->training.training;
    size_t seeds = 0;
    for (long long i = 0; i < summary->n_rows; i++) seeds += !summary->rows[i].failure;
    kedge_status status = kedge_ledger_summary_create(&ledger, self->ctx, training,
                                                      self->workers[0]->ledger->site_name, seeds,
                                                      (size_t)((training->steps - 1) / self->options->record + 1));
    for (long long i = 0; i < summary->n_rows && !status; i++) {
        const kedge_summary_row *row = &summary->rows[i];
        if (!row->failure) status = read_ledger(ledger, self, row->seed, row->updates);
    }
    if (!status) status = kedge_ledger_summary_finish(ledger);
    if (status || ledger->n_seeds == 0) kedge_ledger_summary_free(ledger);
    else summary->ledger = ledger;
    return status;
}

/* One of other seeds than those that are there now says nothing true of them. */
static kedge_status remove_ledger(const session *self)
{
    char *path = kedge_path_join(self->ctx, self->options->directory, "ledger.json");
    kedge_status status = path ? KEDGE_OK : kedge_fail_memory("a path");
    if (path && unlink(path) != 0 && errno != ENOENT)
        status = kedge_fail(KEDGE_EIO, "%s: cannot remove what is out of date: %s", path, strerror(errno));
    kedge_release(self->ctx, path);
    return status;
}

static kedge_status write_results(session *self, double seconds)
{
    bool records = self->options->record > 0;
    kedge_status status = records ? gather_ledger(self) : KEDGE_OK;
    if (!status && self->summary->ledger) status = write_ledger(self);
    else if (!status && (records || self->summary->trained > 0)) status = remove_ledger(self);
    if (!status) status = write_summary(self, "summary.csv", "csv");
    if (!status) status = write_summary(self, "summary.json", "json");
    return status ? status : write_timing(self, seconds);
}

static kedge_status check_options(const kedge_run_options *options)
{
    if (options->seed_count > 0 &&
        (options->first_seed < 0 || options->first_seed > 1000000000000 || options->seed_count > 10000000))
        return kedge_fail(KEDGE_EINVALID, "seeds %lld and on, %lld of them: the first is from 0 to 1000000000000, "
            "and at most 10000000 "
                                          "run at once",
                          options->first_seed, options->seed_count);
    if (options->record > 0 && !options->directory)
        return kedge_fail(KEDGE_EINVALID, "recording needs a directory to write to");
    return KEDGE_OK;
}

/* Makes the summary's columns from a worker that is needed anyway. */
static kedge_status make_summary(session *self)
{
    long long *seeds = NULL, n = 0;
    kedge_status status = prepare_worker(self, 0);
    if (!status) status = list_seeds(self, &seeds, &n);
    if (status) return status;
    status = kedge_summary_create(&self->summary, self->ctx, self->workers[0]->meter, seeds, n);
    kedge_release(self->ctx, seeds);
    return status;
}

kedge_status kedge_run(kedge_summary **out, kedge_context *context, const kedge_recipe *recipe,
                       const kedge_run_options *options)
{
    static const kedge_run_options none = KEDGE_RUN_OPTIONS_INIT;
    double start = kedge_clock_seconds();
    session self = {.ctx = context, .recipe = recipe, .options = options ? options : &none};
    kedge_status status = check_options(self.options);
    if (status) return status;
    pthread_mutex_init(&self.lock, NULL);
    self.n_workers = kedge_context_threads(context);
    self.workers = kedge_alloc_zero(context, (size_t)self.n_workers, sizeof *self.workers);
    status = self.workers ? kedge_recipe_training_init(&self.training, recipe) : kedge_fail_memory("a run");
    if (!status && self.options->directory)
        status = kedge_run_directory_open(self.options->directory, recipe, self.options->force);
    if (!status) status = make_summary(&self);
    if (status) goto done;

    kedge_pool_run(self.n_workers, (long)self.summary->n_rows, do_seed, &self, self.options->stop);
    kedge_summary_finish(self.summary);
    if (self.options->directory) status = write_results(&self, kedge_clock_seconds() - start);
    if (self.status) status = kedge_fail(self.status, "%s", self.message);
    if (status) goto done;
    *out = self.summary;
    self.summary = NULL;
done:
    kedge_summary_free(self.summary);
    for (int w = 0; self.workers && w < self.n_workers; w++) kedge_worker_free(self.workers[w]);
    kedge_release(context, self.workers);
    kedge_recipe_training_release(&self.training);
    pthread_mutex_destroy(&self.lock);
    return status;
}
