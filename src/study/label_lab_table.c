/* label_lab_table.c - the label laboratory: what came of it, as tables and files. */
#include <math.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "study/label_lab.h"
#include "store/table.h"

/* ---- numbers of a cell ---- */

static const char *const part_names[KEDGE_LABELS_PARTS] = {"noise", "rate", "mode", "held-out"};

/* A row of the whole table; NAN, NULL: not there. */
typedef struct row {
    const char *part, *of, *set;
    double true_positive, wrong, false_positive, rate, exponent;
    double n, failed;
    double labels, labels_expected, empty, empty_expected;
    double score, score_low, score_high;
    double angle, angle_low, angle_high;
    double recon_mse, recon_mse_low, recon_mse_high;
    double clean;
    double labelled, held_out;
    double difference, difference_low, difference_high;
    double rank, rank_low, rank_high;
} row;

/* What cells are described with. */
typedef struct describing {
    const kedge_label_lab *lab;
    kedge_resamples resamples;
    double *values; /* [seeds] */
    kedge_status status;
} describing;

/* Value v of every run that has it, less that of the other cell's run of the same seed if there is one; 'minus' is
 * taken away too (-1: nothing). */
static kedge_distribution describe(describing *d, const kedge_lab_cell *cell, const kedge_lab_cell *other, int v,
                                   int minus)
{
    kedge_distribution out = {.mean = NAN};
    size_t n = 0;
    for (long long s = 0; s < d->lab->n_seeds && !d->status; s++) {
        double value = cell->runs[s].values[v] - (minus >= 0 ? cell->runs[s].values[minus] : 0);
        if (other) value -= other->runs[s].values[v] - (minus >= 0 ? other->runs[s].values[minus] : 0);
        if (isfinite(value)) d->values[n++] = value;
    }
    if (!d->status) d->status = kedge_describe(&out, &d->resamples, d->values, n);
    return out;
}

#define MEAN(field, distribution) \
    r->field = (distribution).mean, r->field##_low = (distribution).of_mean.low, \
    r->field##_high = (distribution).of_mean.high

/* 'other': the row is what the cell has more than it. */
static void fill(describing *d, const kedge_lab_cell *cell, const kedge_lab_cell *other, row *r)
{
    long long failed = 0;
    for (long long s = 0; s < d->lab->n_seeds; s++) failed += cell->runs[s].failed || (other && other->runs[s].failed);
    kedge_distribution score = describe(d, cell, other, KEDGE_LAB_SCORE, -1);
    kedge_distribution angle = describe(d, cell, other, KEDGE_LAB_ANGLE, -1);
    kedge_distribution recon = describe(d, cell, other, KEDGE_LAB_RECON, -1);
    *r = (row){.part = part_names[cell->part], .of = other ? "gained" : cell->of, .set = other ? NULL : cell->set,
               .true_positive = cell->label.true_positive, .wrong = cell->wrong,
               .false_positive = cell->label.false_positive, .rate = cell->rate, .exponent = cell->label.exponent,
               .n = (double)(d->lab->n_seeds - failed), .failed = (double)failed,
               .labels = other ? (double)NAN : describe(d, cell, NULL, KEDGE_LAB_DRAWN, -1).mean,
               .labels_expected = other ? (double)NAN : cell->labels,
               .empty = other ? (double)NAN : describe(d, cell, NULL, KEDGE_LAB_EMPTY, -1).mean,
               .empty_expected = other ? (double)NAN : cell->empty,
               .clean = describe(d, cell, other, KEDGE_LAB_CLEAN, -1).mean};
    r->score = score.median, r->score_low = score.of_median.low, r->score_high = score.of_median.high;
    MEAN(angle, angle);
    MEAN(recon_mse, recon);
    r->labelled = describe(d, cell, other, KEDGE_LAB_LABELLED, -1).mean;
    r->held_out = describe(d, cell, other, KEDGE_LAB_HELD, -1).mean;
    kedge_distribution difference = describe(d, cell, other, KEDGE_LAB_LABELLED, KEDGE_LAB_HELD);
    kedge_distribution rank = describe(d, cell, other, KEDGE_LAB_RANK, -1);
    MEAN(difference, difference);
    MEAN(rank, rank);
}

/* ---- columns ---- */

typedef enum column_kind { TEXT, WHOLE, REAL } column_kind;

typedef struct column {
    const char *name, *label;
    column_kind kind;
    size_t offset;
    unsigned parts; /* bits of the parts that show it; the table of all has it anyway */
    int rank;
} column;

#define NOISE (1u << KEDGE_LABELS_NOISE)
#define RATE (1u << KEDGE_LABELS_RATE)
#define MODE (1u << KEDGE_LABELS_MODE)
#define HELD (1u << KEDGE_LABELS_HELD_OUT)
#define GRID (NOISE | RATE)
#define AT(field) offsetof(row, field)

static const column columns[] = {
    {"part", "part", TEXT, AT(part), 0, 0},
    {"of", "labels", TEXT, AT(of), MODE | HELD, KEDGE_RANK_KEPT},
    {"true_positive", "true_pos", REAL, AT(true_positive), NOISE, KEDGE_RANK_KEPT},
    {"wrong", "wrong", REAL, AT(wrong), NOISE, KEDGE_RANK_KEPT},
    {"false_positive", "false_pos", REAL, AT(false_positive), NOISE, 1},
    {"rate", "rate", REAL, AT(rate), RATE, KEDGE_RANK_KEPT},
    {"exponent", "exponent", REAL, AT(exponent), RATE, KEDGE_RANK_KEPT},
    {"n", "n", WHOLE, AT(n), HELD | MODE, 3},
    {"failed", "failed", WHOLE, AT(failed), 0, 9},
    {"labels", "a run", REAL, AT(labels), GRID | MODE, 2},
    {"labels_expected", "expected", REAL, AT(labels_expected), MODE, 7},
    {"empty", "empty", REAL, AT(empty), GRID | MODE, 4},
    {"empty_expected", "expected", REAL, AT(empty_expected), GRID | MODE, 6},
    {"score", "score", REAL, AT(score), GRID | MODE, KEDGE_RANK_KEPT},
    {"score_low", "low", REAL, AT(score_low), GRID | MODE, 1},
    {"score_high", "high", REAL, AT(score_high), GRID | MODE, 1},
    {"angle", "angle", REAL, AT(angle), GRID | MODE, KEDGE_RANK_KEPT},
    {"angle_low", "low", REAL, AT(angle_low), GRID | MODE, 1},
    {"angle_high", "high", REAL, AT(angle_high), GRID | MODE, 1},
    {"recon_mse", "recon_mse", REAL, AT(recon_mse), MODE, 3},
    {"recon_mse_low", "low", REAL, AT(recon_mse_low), MODE, 5},
    {"recon_mse_high", "high", REAL, AT(recon_mse_high), MODE, 5},
    {"clean", "clean", REAL, AT(clean), GRID | MODE, 2},
    {"labelled", "labelled", REAL, AT(labelled), HELD, KEDGE_RANK_KEPT},
    {"held_out", "held out", REAL, AT(held_out), HELD, KEDGE_RANK_KEPT},
    {"difference", "difference", REAL, AT(difference), HELD, KEDGE_RANK_KEPT},
    {"difference_low", "low", REAL, AT(difference_low), HELD, 1},
    {"difference_high", "high", REAL, AT(difference_high), HELD, 1},
    {"rank", "rank", REAL, AT(rank), HELD, KEDGE_RANK_KEPT},
    {"rank_low", "low", REAL, AT(rank_low), HELD, 1},
    {"rank_high", "high", REAL, AT(rank_high), HELD, 1},
    {"set", "set", TEXT, AT(set), 0, KEDGE_RANK_NOT_SHOWN},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

static const char *const headings[KEDGE_LABELS_PARTS + 1] = {
    ("Wrong labels: their share of those handed out, and how many of the right ones are left.\n"
     "a run: labels; empty: share of batches without one; score: median; angle: mean, degrees; low, high:\n"
     "95% bootstrap interval over seeds; clean: share of runs with that verdict.\n"),
    "Rate and exponent.\n",
    "Soft, stochastic and exact labels.\n",
    ("Concept or exemplars: cosines with the anchor, of labelled and held-out points of the same strength;\n"
     "rank: correlation of the latter's with the concept.\n"),
    "",
};

static double real_of(const row *r, const column *c)
{
    double value;
    memcpy(&value, (const char *)r + c->offset, sizeof value);
    return value;
}

static const char *text_of(const row *r, const column *c)
{
    const char *value;
    memcpy(&value, (const char *)r + c->offset, sizeof value);
    return value;
}

static void put(kedge_table *table, const row *r, const column *c, int *at)
{
    if (c->kind == TEXT) kedge_table_put_text(table, at, text_of(r, c));
    else if (c->kind == WHOLE) kedge_table_put_integer(table, at, (long long)real_of(r, c));
    else kedge_table_put_real(table, at, real_of(r, c));
}

/* ---- the table ---- */

static bool shows(const column *c, kedge_label_part part, const row *rows, int n)
{
    if (part == KEDGE_LABELS_ALL) return true;
    if (!(c->parts >> part & 1)) return false;
    bool any = c->kind != REAL;
    for (int i = 0; i < n && !any; i++) any = isfinite(real_of(&rows[i], c));
    return any;
}

static kedge_status make_table(kedge_table **out, const kedge_label_lab *lab, kedge_label_part part, const row *rows,
                               int n)
{
    bool shown[COLUMNS];
    kedge_table *table = NULL;
    kedge_status status = kedge_table_create(&table, lab->ctx);
    if (status) return status;
    for (int c = 0; c < COLUMNS; c++) {
        shown[c] = shows(&columns[c], part, rows, n);
        if (shown[c]) kedge_table_add_labelled(table, columns[c].name, columns[c].label, columns[c].rank);
    }
    kedge_table_set_heading(table, headings[part]);
    for (int i = 0; i < n; i++) {
        int at = 0;
        kedge_table_add_row(table);
        for (int c = 0; c < COLUMNS; c++)
            if (shown[c]) put(table, &rows[i], &columns[c], &at);
    }
    status = kedge_table_status(table);
    if (status) kedge_table_free(table);
    else *out = table;
    return status;
}

kedge_status kedge_label_lab_table(kedge_table **out, const kedge_label_lab *lab, kedge_label_part part)
{
    if (part < 0 || part > KEDGE_LABELS_ALL)
        return kedge_fail(KEDGE_EINVALID, "the label laboratory has no part %d; must be from 0 to %d", (int)part,
                          KEDGE_LABELS_ALL);
    describing d = {.lab = lab, .values = kedge_alloc(lab->ctx, (size_t)lab->n_seeds, sizeof *d.values)};
    row *rows = kedge_alloc(lab->ctx, (size_t)lab->n_cells + 1, sizeof *rows);
    int n = 0;
    kedge_resamples_init(&d.resamples, lab->ctx);
    if (!d.values || !rows) d.status = kedge_fail_memory("a table");
    for (int i = 0; i < lab->n_cells && !d.status; i++) {
        const kedge_lab_cell *cell = &lab->cells[i];
        if (part != KEDGE_LABELS_ALL && cell->part != part) continue;
        fill(&d, cell, NULL, &rows[n++]);
        if (cell->control && !d.status) fill(&d, cell - 1, cell, &rows[n++]);
    }
    if (!d.status) d.status = make_table(out, lab, part, rows, n);
    kedge_resamples_release(&d.resamples);
    kedge_release(lab->ctx, rows);
    kedge_release(lab->ctx, d.values);
    return d.status;
}

/* ---- files ---- */

static kedge_status write(const kedge_label_lab *lab, const char *directory, const char *name, const kedge_table *table)
{
    char *text = NULL, *path = kedge_path_join(lab->ctx, directory, name);
    kedge_status status = path ? kedge_table_print(table, "csv", &text) : kedge_fail_memory("a path");
    if (!status) status = kedge_file_write(lab->ctx, path, text, strlen(text));
    kedge_release(lab->ctx, text);
    kedge_release(lab->ctx, path);
    return status;
}

/* Every run: its cell's settings, its seed, what was measured of it. */
static kedge_status make_runs(kedge_table **out, const kedge_label_lab *lab)
{
    static const char *const values[KEDGE_LAB_VALUES] = {"score", "angle", "recon_mse", "clean", "labels", "empty",
                                                         "labelled", "held_out", "rank"};
    static const char *const settings[] = {"part", "of", "true_positive", "false_positive", "rate", "exponent"};
    kedge_table *table = NULL;
    kedge_status status = kedge_table_create(&table, lab->ctx);
    if (status) return status;
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) kedge_table_add_column(table, settings[i], 0);
    kedge_table_add_column(table, "seed", 0);
    kedge_table_add_column(table, "failed", 0);
    for (int v = 0; v < KEDGE_LAB_VALUES; v++) kedge_table_add_column(table, values[v], 0);
    for (int i = 0; i < lab->n_cells; i++)
        for (long long s = 0; s < lab->n_seeds; s++) {
            const kedge_lab_cell *cell = &lab->cells[i];
            int at = 0;
            kedge_table_add_row(table);
            kedge_table_put_text(table, &at, part_names[cell->part]);
            kedge_table_put_text(table, &at, cell->of);
            kedge_table_put_real(table, &at, cell->label.true_positive);
            kedge_table_put_real(table, &at, cell->label.false_positive);
            kedge_table_put_real(table, &at, cell->rate);
            kedge_table_put_real(table, &at, cell->label.exponent);
            kedge_table_put_integer(table, &at, lab->first_seed + s);
            kedge_table_put_integer(table, &at, cell->runs[s].failed);
            for (int v = 0; v < KEDGE_LAB_VALUES; v++) kedge_table_put_real(table, &at, cell->runs[s].values[v]);
        }
    status = kedge_table_status(table);
    if (status) kedge_table_free(table);
    else *out = table;
    return status;
}

kedge_status kedge_label_lab_save(const kedge_label_lab *lab, const char *directory)
{
    kedge_table *cells = NULL, *runs = NULL;
    kedge_status status = kedge_make_directory(directory);
    if (!status) status = kedge_label_lab_table(&cells, lab, KEDGE_LABELS_ALL);
    if (!status) status = make_runs(&runs, lab);
    if (!status) status = write(lab, directory, "runs.csv", runs);
    if (!status) status = write(lab, directory, "labels.csv", cells);
    kedge_table_free(runs);
    kedge_table_free(cells);
    return status;
}
