/* summary.c - a table of seeds by metrics. */
#include "run/summary.h"

#include <math.h>
#include <string.h>

kedge_status kedge_summary_create(kedge_summary **out, kedge_context *ctx, const kedge_meter *like,
                                  const long long *seeds, long long n_seeds)
{
    kedge_summary *summary = kedge_alloc_zero(ctx, 1, sizeof *summary);
    if (!summary) return kedge_fail_memory("a summary");
    summary->ctx = ctx;
    kedge_arena_init(&summary->arena, ctx);
    int columns = summary->n_columns = like->n_columns;
    summary->columns = kedge_arena_alloc(&summary->arena, (size_t)columns, sizeof *summary->columns);
    summary->rows = kedge_arena_alloc(&summary->arena, (size_t)n_seeds, sizeof *summary->rows);
    double *values = kedge_arena_alloc(&summary->arena, (size_t)n_seeds * (size_t)columns, sizeof *values);
    if (!summary->columns || !summary->rows || !values) goto no_memory;
    for (int i = 0; i < columns; i++) {
        summary->columns[i] = like->columns[i];
        summary->columns[i].name = kedge_arena_text(&summary->arena, like->columns[i].name);
        if (!summary->columns[i].name) goto no_memory;
    }
    summary->n_rows = n_seeds;
    for (long long i = 0; i < n_seeds; i++)
        summary->rows[i] = (kedge_summary_row){.seed = seeds[i], .values = values + i * columns};
    *out = summary;
    return KEDGE_OK;
no_memory:
    kedge_summary_free(summary);
    return kedge_fail_memory("a summary");
}

void kedge_summary_free(kedge_summary *summary)
{
    if (!summary) return;
    kedge_ledger_summary_free(summary->ledger);
    kedge_arena_release(&summary->arena);
    kedge_release(summary->ctx, summary);
}

void kedge_summary_fill(kedge_summary *summary, long long row, const kedge_meter *meter)
{
    memcpy(summary->rows[row].values, meter->values, (size_t)summary->n_columns * sizeof *meter->values);
    summary->rows[row].present = true;
}

kedge_status kedge_summary_fail(kedge_summary *summary, long long row, const char *why)
{
    kedge_summary_row *failed = &summary->rows[row];
    for (int i = 0; i < summary->n_columns; i++) failed->values[i] = NAN;
    failed->failure = kedge_arena_text(&summary->arena, why);
    failed->present = true;
    return failed->failure ? KEDGE_OK : kedge_fail_memory("a summary");
}

void kedge_summary_finish(kedge_summary *summary)
{
    long long kept = 0;
    for (long long i = 0; i < summary->n_rows; i++)
        if (summary->rows[i].present) summary->rows[kept++] = summary->rows[i];
    summary->stopped = kept < summary->n_rows;
    summary->n_rows = kept;
}

long long kedge_summary_rows(const kedge_summary *summary)
{
    return summary->n_rows;
}

int kedge_summary_columns(const kedge_summary *summary)
{
    return summary->n_columns;
}

const char *kedge_summary_name(const kedge_summary *summary, int column)
{
    return column >= 0 && column < summary->n_columns ? summary->columns[column].name : NULL;
}

long long kedge_summary_seed(const kedge_summary *summary, long long row)
{
    return summary->rows[row].seed;
}

double kedge_summary_value(const kedge_summary *summary, long long row, int column)
{
    return summary->rows[row].values[column];
}

const char *kedge_summary_failure(const kedge_summary *summary, long long row)
{
    return summary->rows[row].failure;
}

long long kedge_summary_failures(const kedge_summary *summary)
{
    long long n = 0;
    for (long long i = 0; i < summary->n_rows; i++) n += summary->rows[i].failure != NULL;
    return n;
}

int kedge_summary_stopped(const kedge_summary *summary)
{
    return summary->stopped;
}

long long kedge_summary_trained(const kedge_summary *summary)
{
    return summary->trained;
}
