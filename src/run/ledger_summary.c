/* ledger_summary.c - what the ledgers of many seeds say together. */
#include "run/ledger_summary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "format/number.h"
#include "store/statistics.h"

enum { FEWEST_RECORDS = 5, FILE_BYTES = 1 << 30 };

static const double EVEN = 0.1;       /* the weaker's norm by the stronger's: below it is no match */
static const double AGAINST = -0.5;   /* mean cosine of those that fight */

/* Whether part a or part b of the objective is a labelled term. */
static bool has_labels(const kedge_training *training, int a, int b)
{
    return (a > 0 && training->terms[a - 1].labels.n > 0) || (b > 0 && training->terms[b - 1].labels.n > 0);
}

static kedge_status allocate(kedge_ledger_summary *self)
{
    kedge_arena *arena = &self->arena;
    size_t n = (size_t)self->n, pairs = (size_t)self->n_pairs;
    self->parts = kedge_arena_alloc(arena, n, sizeof *self->parts);
    self->between = kedge_arena_alloc(arena, pairs, sizeof *self->between);
    self->sums = kedge_arena_alloc(arena, pairs, sizeof *self->sums);
    self->counts = kedge_arena_alloc(arena, pairs, sizeof *self->counts);
    self->means = kedge_arena_alloc(arena, pairs * self->most_seeds, sizeof *self->means);
    self->n_means = kedge_arena_alloc(arena, pairs, sizeof *self->n_means);
    self->row = kedge_arena_alloc(arena, (size_t)self->n_cells, sizeof *self->row);
    bool all = self->parts && self->between && self->sums && self->counts && self->means && self->n_means &&
               self->row && self->site;
    return all ? kedge_ledger_record_init(&self->record, arena, self->n) : kedge_fail_memory("a ledger");
}

kedge_status kedge_ledger_summary_create(kedge_ledger_summary **out, kedge_context *ctx,
                                         const kedge_training *training, const char *site, size_t most_seeds)
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
    kedge_arena_init(&self->arena, ctx);
    self->site = kedge_arena_text(&self->arena, site);
    kedge_status status = allocate(self);
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
static void close_seed(kedge_ledger_summary *self)
{
    for (int p = 0; p < self->n_pairs; p++) {
        if (self->counts[p] > 0)
            self->means[(size_t)p * self->most_seeds + self->n_means[p]++] = self->sums[p] / (double)self->counts[p];
        self->sums[p] = 0;
        self->counts[p] = 0;
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
        self->sums[p] += cosine;
        self->counts[p]++;
    }
    if (!isfinite(shared) || !(ratio >= EVEN)) return;
    if (between->even == 0 || step < between->first) between->first = step;
    if (between->even == 0 || step > between->last) between->last = step;
    between->shared += shared;
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
    for (int p = 0; p < self->n_pairs && !status; p++) {
        kedge_ledger_between *between = &self->between[p];
        kedge_distribution over;
        status = kedge_describe(&over, &resamples, self->means + (size_t)p * self->most_seeds, self->n_means[p]);
        if (status) break;
        between->cosine = over.mean;
        between->low = over.of_mean.low;
        between->high = over.of_mean.high;
        between->shared /= (double)between->even;
        between->fights = between->even >= FEWEST_RECORDS && between->shared < AGAINST;
    }
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
        at = comma + 1;
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

kedge_status kedge_ledger_summary_read(kedge_ledger_summary *self, const char *path)
{
    char *bytes;
    size_t length;
    kedge_status status = kedge_file_read(self->ctx, path, FILE_BYTES, &bytes, &length);
    if (status) return status;
    kedge_ledger_summary_begin(self);
    char *at = strchr(bytes, '\n');
    if (at) at++;
    for (int line = 2; !status && (!at || *at); line++) {
        at = at ? read_line(self, at) : NULL;
        if (at) add_row(self);
        else
            status = kedge_fail(KEDGE_EFORMAT, "%s:%d: no line of %d numbers; remove the file and the seed is trained "
                                "again", path, line, self->n_cells);
    }
    kedge_release(self->ctx, bytes);
    return status;
}
