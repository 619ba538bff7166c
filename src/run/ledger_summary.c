/* ledger_summary.c - what the ledgers of many seeds say together. */
#include "run/ledger_summary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "format/number.h"
#include "run/record.h"
#include "store/statistics.h"

enum { FEWEST_RECORDS = 5, FILE_BYTES = 1 << 30 };

static const double AGAINST = -0.5; /* the mean cosine of those that fight is below it beyond doubt */

/* Whether part a or part b of the objective is a labelled term. */
static bool has_labels(const kedge_training *training, int a, int b)
{
    return (a > 0 && training->terms[a - 1].labels.n > 0) || (b > 0 && training->terms[b - 1].labels.n > 0);
}

/* NULL without memory. */
static kedge_ledger_means *make_means(kedge_ledger_summary *self)
{
    kedge_ledger_means *means = kedge_arena_alloc(&self->arena, (size_t)self->n_pairs, sizeof *means);
    for (int p = 0; means && p < self->n_pairs; p++) {
        means[p].of_seed = kedge_arena_alloc(&self->arena, self->most_seeds, sizeof *means[p].of_seed);
        if (!means[p].of_seed) return NULL;
    }
    return means;
}

static const char *make_header(kedge_ledger_summary *self, const kedge_training *training)
{
    kedge_text text;
    kedge_text_init(&text, self->ctx);
    kedge_ledger_add_header(&text, training);
    const char *header = text.broken ? NULL : kedge_arena_text(&self->arena, kedge_text_string(&text));
    kedge_text_release(&text);
    return header;
}

static kedge_status allocate(kedge_ledger_summary *self, const kedge_training *training)
{
    kedge_arena *arena = &self->arena;
    size_t n = (size_t)self->n, pairs = (size_t)self->n_pairs;
    self->parts = kedge_arena_alloc(arena, n, sizeof *self->parts);
    self->between = kedge_arena_alloc(arena, pairs, sizeof *self->between);
    self->cosines = make_means(self);
    self->shared = make_means(self);
    self->row = kedge_arena_alloc(arena, (size_t)self->n_cells, sizeof *self->row);
    self->header = make_header(self, training);
    bool all = self->parts && self->between && self->cosines && self->shared && self->row && self->header && self->site;
    if (self->most_seeds == 1 && self->most_records > 0) {
        self->lone = kedge_arena_alloc(arena, pairs * self->most_records, sizeof *self->lone);
        all = all && self->lone;
    }
    return all ? kedge_ledger_record_init(&self->record, arena, self->n) : kedge_fail_memory("a ledger");
}

kedge_status kedge_ledger_summary_create(kedge_ledger_summary **out, kedge_context *ctx,
                                         const kedge_training *training, const char *site, size_t most_seeds,
                                         size_t most_records)
{
    kedge_ledger_summary *self = kedge_alloc_zero(ctx, 1, sizeof *self);
    if (!self) return kedge_fail_memory("a ledger");
    self->ctx = ctx;
    self->n = training->n_terms + 1;
    self->n_pairs = kedge_ledger_pairs(self->n);
    self->n_cells = 1 + self->n + self->n_pairs;
    for (int i = 0; i < training->n_terms; i++) self->n_cells += training->terms[i].labels.n > 0;
    for (int a = 0; a < self->n; a++)
        for (int b = a + 1; b < self->n; b++) self->n_cells += has_labels(training, a, b) ? 2 : 0;
    self->most_seeds = most_seeds;
    self->most_records = most_records;
    kedge_arena_init(&self->arena, ctx);
    self->site = kedge_arena_text(&self->arena, site);
    kedge_status status = allocate(self, training);
    for (int i = 1; i < self->n && !status; i++) {
        self->parts[i].name = kedge_arena_text(&self->arena, training->terms[i - 1].name);
        if (!self->parts[i].name) status = kedge_fail_memory("a ledger");
        self->parts[i].labelled = training->terms[i - 1].labels.n > 0;
    }
    if (status) {
        kedge_ledger_summary_free(self);
        return status;
    }
    self->parts[0].name = "task";
    for (int a = 0; a < self->n; a++)
        for (int b = a + 1; b < self->n; b++) {
            kedge_ledger_between *between = &self->between[kedge_ledger_pair(self->n, a, b)];
            between->a = a;
            between->b = b;
        }
    *out = self;
    return KEDGE_OK;
}

void kedge_ledger_summary_free(kedge_ledger_summary *self)
{
    if (!self) return;
    kedge_arena_release(&self->arena);
    kedge_release(self->ctx, self);
}

/* ---- adding up */

/* What the present seed has, to that of the others. */
static void close_mean(kedge_ledger_means *means)
{
    if (means->count > 0) means->of_seed[means->n++] = means->sum / (double)means->count;
    means->sum = 0;
    means->count = 0;
}

static void close_seed(kedge_ledger_summary *self)
{
    for (int p = 0; p < self->n_pairs; p++) {
        close_mean(&self->cosines[p]);
        close_mean(&self->shared[p]);
    }
}

void kedge_ledger_summary_begin(kedge_ledger_summary *self)
{
    close_seed(self);
    self->n_seeds++;
}

static void add_between(kedge_ledger_summary *self, int p, int step, double cosine, double shared, double ratio)
{
    kedge_ledger_between *between = &self->between[p];
    if (isfinite(cosine)) {
        between->both++;
        self->cosines[p].sum += cosine;
        self->cosines[p].count++;
    }
    if (!isfinite(shared) || !(ratio >= KEDGE_LEDGER_EVEN)) return;
    if (between->even == 0 || step < between->first) between->first = step;
    if (between->even == 0 || step > between->last) between->last = step;
    if (self->lone) self->lone[(size_t)p * self->most_records + (size_t)between->even] = shared;
    self->shared[p].sum += shared;
    self->shared[p].count++;
    between->even++;
}

void kedge_ledger_summary_add(kedge_ledger_summary *self, int step, const kedge_ledger_record *record)
{
    self->records++;
    for (int i = 0; i < self->n; i++) {
        kedge_ledger_part *part = &self->parts[i];
        if (isfinite(record->norms[i])) part->norm += record->norms[i], part->records++;
        if (isfinite(record->pulls[i])) part->pull += record->pulls[i], part->pulled++;
    }
    for (int p = 0; p < self->n_pairs; p++)
        add_between(self, p, step, record->cosines[p], record->shared[p], record->ratios[p]);
}

static kedge_status finish_between(kedge_ledger_summary *self, int p, kedge_resamples *resamples)
{
    kedge_ledger_between *between = &self->between[p];
    kedge_distribution cosines, shared;
    const double *values = self->lone ? self->lone + (size_t)p * self->most_records : self->shared[p].of_seed;
    kedge_status status = kedge_describe(&cosines, resamples, self->cosines[p].of_seed, self->cosines[p].n);
    if (!status)
        status = kedge_describe(&shared, resamples, values, self->lone ? (size_t)between->even : self->shared[p].n);
    if (status) return status;
    between->cosine = cosines.mean;
    between->low = cosines.of_mean.low;
    between->high = cosines.of_mean.high;
    between->shared = shared.mean;
    between->shared_low = shared.of_mean.low;
    between->shared_high = shared.of_mean.high;
    between->fights = between->even >= FEWEST_RECORDS && between->shared_high < AGAINST;
    return KEDGE_OK;
}

kedge_status kedge_ledger_summary_finish(kedge_ledger_summary *self)
{
    kedge_resamples resamples;
    kedge_status status = KEDGE_OK;
    close_seed(self);
    for (int i = 0; i < self->n; i++) {
        self->parts[i].norm /= (double)self->parts[i].records;
        self->parts[i].pull /= (double)self->parts[i].pulled;
    }
    kedge_resamples_init(&resamples, self->ctx);
    for (int p = 0; p < self->n_pairs && !status; p++) status = finish_between(self, p, &resamples);
    kedge_resamples_release(&resamples);
    return status;
}

/* ---- ledger.csv */

static const char *name_of(const kedge_training *training, int part)
{
    return part > 0 ? training->terms[part - 1].name : "task";
}

void kedge_ledger_add_header(kedge_text *text, const kedge_training *training)
{
    int n = training->n_terms + 1;
    kedge_text_add(text, "step");
    for (int i = 0; i < n; i++) kedge_text_addf(text, ",norm_%s", name_of(training, i));
    for (int i = 1; i < n; i++)
        if (has_labels(training, i, i)) kedge_text_addf(text, ",pull_%s", name_of(training, i));
    for (int a = 0; a < n; a++)
        for (int b = a + 1; b < n; b++)
            kedge_text_addf(text, ",cos_%s_%s", name_of(training, a), name_of(training, b));
    for (int a = 0; a < n; a++)
        for (int b = a + 1; b < n; b++)
            if (has_labels(training, a, b))
                kedge_text_addf(text, ",shared_%s_%s,ratio_%s_%s", name_of(training, a), name_of(training, b),
                                name_of(training, a), name_of(training, b));
    kedge_text_add(text, "\n");
}

static void add_cell(kedge_text *text, double value)
{
    kedge_text_add(text, ",");
    if (isfinite(value)) kedge_text_add_real(text, "%.9g", value);
}

void kedge_ledger_add_line(kedge_text *text, const kedge_ledger *ledger, int step)
{
    const kedge_training *training = ledger->trainer->training;
    const kedge_ledger_record *now = &ledger->now;
    int n = ledger->n;
    kedge_text_addf(text, "%d", step);
    for (int i = 0; i < n; i++) add_cell(text, now->norms[i]);
    for (int i = 1; i < n; i++)
        if (has_labels(training, i, i)) add_cell(text, now->pulls[i]);
    for (int p = 0; p < kedge_ledger_pairs(n); p++) add_cell(text, now->cosines[p]);
    for (int a = 0; a < n; a++)
        for (int b = a + 1; b < n; b++) {
            int p = kedge_ledger_pair(n, a, b);
            if (!has_labels(training, a, b)) continue;
            add_cell(text, now->shared[p]);
            add_cell(text, now->ratios[p]);
        }
    kedge_text_add(text, "\n");
}

/* A line as numbers, NaN where a cell is empty; cut into strings. NULL where it is no line of these terms, else where
 * the next begins. Not by the header's names: two pairs of terms may have one ('a' with 'b_c', 'a_b' with 'c'). */
static char *read_line(kedge_ledger_summary *self, char *at)
{
    char *end = strchr(at, '\n');
    if (!end) return NULL;
    *end = '\0';
    for (int cell = 0; cell < self->n_cells; cell++) {
        char *comma = strchr(at, ',');
        if (!comma != (cell == self->n_cells - 1)) return NULL;
        if (comma) *comma = '\0';
        self->row[cell] = NAN;
        if (*at && !kedge_number_real(at, &self->row[cell])) return NULL;
        if (comma) at = comma + 1;
    }
    return end + 1;
}

static void add_row(kedge_ledger_summary *self)
{
    const double *cell = self->row;
    kedge_ledger_record *record = &self->record;
    int step = (int)*cell++;
    for (int i = 0; i < self->n; i++) record->norms[i] = *cell++;
    for (int i = 0; i < self->n; i++) record->pulls[i] = self->parts[i].labelled ? *cell++ : (double)NAN;
    for (int p = 0; p < self->n_pairs; p++) record->cosines[p] = *cell++;
    for (int p = 0; p < self->n_pairs; p++) {
        int a = self->between[p].a, b = self->between[p].b;
        bool labelled = self->parts[a].labelled || self->parts[b].labelled;
        double lesser = fmin(record->norms[a], record->norms[b]), greater = fmax(record->norms[a], record->norms[b]);
        record->shared[p] = labelled ? *cell++ : record->cosines[p];
        record->ratios[p] = labelled ? *cell++ : lesser / greater;
    }
    kedge_ledger_summary_add(self, step, record);
}

/* The lines behind the header, cut into strings as they are read. */
static kedge_status read_lines(kedge_ledger_summary *self, char *at, const char *path, int every, int updates)
{
    int step = 0;
    for (int line = 2; *at; line++) {
        at = read_line(self, at);
        if (!at) return kedge_fail(KEDGE_EFORMAT, "%s:%d: no line of %d numbers", path, line, self->n_cells);
        if (step >= updates)
            return kedge_fail(KEDGE_EFORMAT, "%s:%d: a line too many; a run of %d steps recorded every %d ends before",
                              path, line, updates, every);
        if (self->row[0] != step)
            return kedge_fail(KEDGE_EFORMAT, "%s:%d: not step %d, which must stand there if every %d are recorded",
                              path, line, step, every);
        if (step % every == 0) add_row(self);
        step = kedge_record_after(step, every);
    }
    if (step >= updates) return KEDGE_OK;
    return kedge_fail(KEDGE_EFORMAT, "%s: ends before step %d; a run of %d steps recorded every %d has it", path, step,
                      updates, every);
}

kedge_status kedge_ledger_summary_read(kedge_ledger_summary *self, const char *path, int every, int updates)
{
    char *bytes;
    size_t length, header = strlen(self->header);
    kedge_status status = kedge_file_read(self->ctx, path, FILE_BYTES, &bytes, &length);
    if (status) return status;
    kedge_ledger_summary_begin(self);
    if (strncmp(bytes, self->header, header) != 0)
        status = kedge_fail(KEDGE_EFORMAT, "%s:1: not the columns of this recipe's terms", path);
    if (!status) status = read_lines(self, bytes + header, path, every, updates);
    kedge_release(self->ctx, bytes);
    return status;
}
