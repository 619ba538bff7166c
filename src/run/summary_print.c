/* summary_print.c - a summary as text. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/sort.h"
#include "base/text.h"
#include "run/summary.h"

static void print_csv(const kedge_summary *summary, kedge_text *text)
{
    kedge_text_add(text, "seed,status");
    for (int j = 0; j < summary->n_columns; j++) kedge_text_addf(text, ",%s", summary->columns[j].name);
    kedge_text_add(text, "\n");
    for (long long i = 0; i < summary->n_rows; i++) {
        const kedge_summary_row *row = &summary->rows[i];
        kedge_text_addf(text, "%lld,%s", row->seed, row->failure ? "failed" : "ok");
        for (int j = 0; j < summary->n_columns; j++) {
            kedge_text_add(text, ",");
            if (isfinite(row->values[j])) kedge_text_add_real(text, "%.9g", row->values[j]);
        }
        kedge_text_add(text, "\n");
    }
}

/* A JSON string; the names and messages are UTF-8 already. */
static void add_quoted(kedge_text *text, const char *string)
{
    kedge_text_add(text, "\"");
    for (const char *c = string; *c; c++) {
        if (*c == '"' || *c == '\\')
            kedge_text_addf(text, "\\%c", *c);
        else if ((unsigned char)*c < 0x20)
            kedge_text_addf(text, "\\u%04x", *c);
        else
            kedge_text_add_bytes(text, c, 1);
    }
    kedge_text_add(text, "\"");
}

static void print_json(const kedge_summary *summary, kedge_text *text)
{
    kedge_text_add(text, "[");
    for (long long i = 0; i < summary->n_rows; i++) {
        const kedge_summary_row *row = &summary->rows[i];
        kedge_text_addf(text, "%s\n  {\"seed\": %lld, \"status\": \"%s\"", i ? "," : "", row->seed,
                        row->failure ? "failed" : "ok");
        if (row->failure) {
            kedge_text_add(text, ", \"error\": ");
            add_quoted(text, row->failure);
        }
        for (int j = 0; j < summary->n_columns; j++) {
            kedge_text_add(text, ", ");
            add_quoted(text, summary->columns[j].name);
            if (isfinite(row->values[j]))
                kedge_text_add(text, ": "), kedge_text_add_real(text, "%.9g", row->values[j]);
            else
                kedge_text_add(text, ": null");
        }
        kedge_text_add(text, "}");
    }
    kedge_text_add(text, summary->n_rows ? "\n]\n" : "]\n");
}

/* ---- the table for reading: one row per seed, statistics below ---- */

enum { MIN, QUARTER, MEDIAN, MEAN, THREE_QUARTERS, MAX, SD, N_STATISTICS };
static const char *const statistics[N_STATISTICS] = {"min", "25%", "median", "mean", "75%", "max", "sd"};

static double quantile(const double *sorted, long long n, double q)
{
    double at = q * (double)(n - 1);
    long long below = (long long)at;
    double rest = at - (double)below;
    return below + 1 < n ? sorted[below] + rest * (sorted[below + 1] - sorted[below]) : sorted[below];
}

/* Over the seeds that have a value; all NaN if none has. 'scratch' holds a number per row. */
static void describe(const kedge_summary *summary, int column, double *scratch, double *out)
{
    long long n = 0;
    double sum = 0, squares = 0;
    for (int s = 0; s < N_STATISTICS; s++) out[s] = NAN;
    for (long long i = 0; i < summary->n_rows; i++)
        if (isfinite(summary->rows[i].values[column])) scratch[n++] = summary->rows[i].values[column];
    if (n == 0) return;
    kedge_sort_reals(scratch, (size_t)n);
    for (long long i = 0; i < n; i++) sum += scratch[i];
    out[MEAN] = sum / (double)n;
    for (long long i = 0; i < n; i++) squares += (scratch[i] - out[MEAN]) * (scratch[i] - out[MEAN]);
    out[MIN] = scratch[0];
    out[QUARTER] = quantile(scratch, n, 0.25);
    out[MEDIAN] = quantile(scratch, n, 0.5);
    out[THREE_QUARTERS] = quantile(scratch, n, 0.75);
    out[MAX] = scratch[n - 1];
    if (n > 1) out[SD] = sqrt(squares / (double)(n - 1));
}

static void add_number(kedge_text *text, double value, int width)
{
    char format[32];
    snprintf(format, sizeof format, "  %%%d.4g", width);
    if (isfinite(value))
        kedge_text_add_real(text, format, value);
    else
        kedge_text_addf(text, "  %*s", width, "-");
}

static int width_of(const kedge_summary *summary, int column)
{
    int length = (int)strlen(summary->columns[column].name);
    return length > 9 ? length : 9;
}

/* A value in words, where its metric has some for it. */
static const char *words_of(const kedge_summary *summary, int column, double value)
{
    const kedge_metric *metric = summary->columns[column].metric;
    return metric && metric->words ? metric->words(value) : NULL;
}

static void add_cell(kedge_text *text, const kedge_summary *summary, int column, double value)
{
    const char *words = words_of(summary, column, value);
    if (words)
        kedge_text_addf(text, "  %*s", width_of(summary, column), words);
    else
        add_number(text, value, width_of(summary, column));
}

/* Tables leave out details, and what is told in words where no seed has any: the steps of verdicts, all clean. */
static bool is_shown(const kedge_summary *summary, int column)
{
    const kedge_column *self = &summary->columns[column];
    if (self->detail || !self->metric || !self->metric->words) return !self->detail;
    for (long long i = 0; i < summary->n_rows; i++)
        if (isfinite(summary->rows[i].values[column])) return true;
    return false;
}

/* "   verdict  57 clean, 2 lost": what is told in words has no mean. */
static void add_counts(kedge_text *text, const kedge_summary *summary, int column)
{
    enum { MOST = 16 };
    const char *found[MOST];
    long long counts[MOST] = {0};
    int n = 0;
    for (long long i = 0; i < summary->n_rows; i++) {
        const char *words = words_of(summary, column, summary->rows[i].values[column]);
        int at = 0;
        if (!words) continue;
        while (at < n && strcmp(found[at], words) != 0) at++;
        if (at == n && n < MOST) found[n++] = words;
        if (at < MOST) counts[at]++;
    }
    if (n) kedge_text_addf(text, "%8s ", summary->columns[column].name);
    for (int i = 0; i < n; i++) kedge_text_addf(text, "%s %lld %s", i ? "," : "", counts[i], found[i]);
    if (n) kedge_text_add(text, "\n");
}

/* Of a column that is told in words there are none. */
static void add_statistics(kedge_text *text, const kedge_summary *summary, double (*over)[N_STATISTICS])
{
    for (int s = 0; s < N_STATISTICS; s++) {
        kedge_text_addf(text, "%8s", statistics[s]);
        for (int j = 0; j < summary->n_columns; j++) {
            const kedge_metric *metric = summary->columns[j].metric;
            if (is_shown(summary, j))
                add_number(text, metric && metric->words ? NAN : over[j][s], width_of(summary, j));
        }
        kedge_text_add(text, "\n");
    }
    for (int j = 0; j < summary->n_columns; j++)
        if (is_shown(summary, j)) add_counts(text, summary, j);
}

enum { ROWS_SHOWN = 100 }; /* of more seeds the first ones are shown; the statistics are over all */

static kedge_status print_table(const kedge_summary *summary, kedge_text *text)
{
    double *scratch = kedge_alloc(summary->ctx, (size_t)summary->n_rows, sizeof *scratch);
    double(*over)[N_STATISTICS] = kedge_alloc(summary->ctx, (size_t)summary->n_columns, sizeof *over);
    if (!scratch || !over) {
        kedge_release(summary->ctx, scratch);
        kedge_release(summary->ctx, over);
        return kedge_fail_memory("a table");
    }
    kedge_text_addf(text, "%8s", "seed");
    for (int j = 0; j < summary->n_columns; j++)
        if (is_shown(summary, j)) kedge_text_addf(text, "  %*s", width_of(summary, j), summary->columns[j].name);
    kedge_text_add(text, "\n");
    for (long long i = 0; i < summary->n_rows && i < ROWS_SHOWN; i++) {
        kedge_text_addf(text, "%8lld", summary->rows[i].seed);
        for (int j = 0; j < summary->n_columns; j++)
            if (is_shown(summary, j)) add_cell(text, summary, j, summary->rows[i].values[j]);
        kedge_text_add(text, summary->rows[i].failure ? "  failed\n" : "\n");
    }
    if (summary->n_rows > ROWS_SHOWN)
        kedge_text_addf(text, "%8s  and %lld more seeds\n", "...", summary->n_rows - ROWS_SHOWN);
    for (int j = 0; j < summary->n_columns; j++) describe(summary, j, scratch, over[j]);
    if (summary->n_rows > 1) add_statistics(text, summary, over);
    if (summary->ledger) kedge_ledger_summary_tell(summary->ledger, text);
    kedge_release(summary->ctx, scratch);
    kedge_release(summary->ctx, over);
    return KEDGE_OK;
}

kedge_status kedge_summary_print(const kedge_summary *summary, const char *format, char **out)
{
    kedge_text text;
    kedge_text_init(&text, summary->ctx);
    kedge_status status = KEDGE_OK;
    if (strcmp(format, "csv") == 0)
        print_csv(summary, &text);
    else if (strcmp(format, "json") == 0)
        print_json(summary, &text);
    else if (strcmp(format, "table") == 0)
        status = print_table(summary, &text);
    else
        status = kedge_fail(KEDGE_EINVALID, "unknown format '%s'; known are table, csv, json", format);
    if (!status) kedge_text_add(&text, ""); /* an empty text is a block too */
    if (!status) status = kedge_text_status(&text, "a summary");
    if (status)
        kedge_text_release(&text);
    else
        *out = text.bytes;
    return status;
}
