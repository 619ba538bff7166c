/* ledger_summary.h - what the ledgers of many seeds say together: who pulls how hard, and who pulls against whom. */
#ifndef RUN_LEDGER_SUMMARY_H
#define RUN_LEDGER_SUMMARY_H

#include "base/text.h"
#include "train/ledger.h"

typedef struct kedge_ledger_part {
    const char *name;
    bool labelled;
    long long records, pulled; /* in which it was active, in which it has a pull */
    double norm, pull;         /* means over those; NaN where there are none */
} kedge_ledger_part;

/* Two parts are a match for each other where the lesser norm by the greater is at least this. */
#define KEDGE_LEDGER_EVEN 0.1

/* Two parts. */
typedef struct kedge_ledger_between {
    int a, b;
    long long both;           /* records in which both act and neither is 0 */
    double cosine, low, high; /* mean over seeds of a seed's mean over those, and its 95% interval; NaN: none, or one */
    /* At the samples that both act on: */
    long long even;           /* records in which the weaker's norm there is at least a tenth of the stronger's */
    double shared;            /* mean over seeds of a seed's mean cosine there over those; NaN: none */
    double shared_low, shared_high; /* its 95% interval: over seeds, or over records where the summary is of one */
    int first, last;          /* steps of the first and last of those */
    bool fights;              /* at least 5 of those, and the whole interval is below -0.5 */
} kedge_ledger_between;

/* What means over seeds are made of. */
typedef struct kedge_ledger_means {
    double sum;      /* of the present seed */
    long long count;
    double *of_seed; /* [most_seeds] */
    size_t n;
} kedge_ledger_means;

/* Filled seed by seed: begin, then add its records; then finish. */
typedef struct kedge_ledger_summary {
    kedge_context *ctx;
    kedge_arena arena;
    const char *site;
    int n, n_pairs;                /* parts, the task first; their pairs as kedge_ledger_pair numbers them */
    int n_cells;                   /* of a line of ledger.csv */
    kedge_ledger_part *parts;      /* [n] */
    kedge_ledger_between *between; /* [n_pairs] */
    long long records;
    size_t n_seeds, most_seeds;
    /* Behind finish: */
    kedge_ledger_means *cosines, *shared; /* [n_pairs] */
    double *lone;        /* [n_pairs][most_records] 'shared' of each record; NULL: not kept */
    size_t most_records;
    const char *header;  /* of ledger.csv */
    double *row;         /* [n_cells] a line of a file as numbers */
    kedge_ledger_record record; /* and as a ledger has them */
} kedge_ledger_summary;

/* Of 'training', for at most so many seeds. 'most_records' is for a summary of one seed, whose intervals are over its
 * records: so many at most; 0: such a one has no interval, and no pair of it fights. Names are copied. KEDGE_ENOMEM. */
kedge_status kedge_ledger_summary_create(kedge_ledger_summary **out, kedge_context *ctx,
                                         const kedge_training *training, const char *site, size_t most_seeds,
                                         size_t most_records);
void kedge_ledger_summary_free(kedge_ledger_summary *self);

/* The next seed's records follow. */
void kedge_ledger_summary_begin(kedge_ledger_summary *self);
void kedge_ledger_summary_add(kedge_ledger_summary *self, int step, const kedge_ledger_record *record);
/* begin, and add for each line of a ledger.csv whose step is a multiple of 'every': those at powers of 2 below it
 * would make the first steps count more than others. KEDGE_EIO; KEDGE_EFORMAT: not the whole ledger of a run of these
 * terms with so many updates, recorded at that density. */
kedge_status kedge_ledger_summary_read(kedge_ledger_summary *self, const char *path, int every, int updates);
/* All means and intervals. To be called once. KEDGE_ENOMEM. */
kedge_status kedge_ledger_summary_finish(kedge_ledger_summary *self);

/* The head of ledger.csv, and a line of it. Columns: step; norm_NAME for each part; pull_NAME for each labelled term;
 * cos_A_B for each pair; then, for each pair with a labelled term, shared_A_B and ratio_A_B (for the others shared is
 * cos, and the ratio that of the norms). Cells of what is NaN are empty. */
void kedge_ledger_add_header(kedge_text *text, const kedge_training *training);
void kedge_ledger_add_line(kedge_text *text, const kedge_ledger *ledger, int step);

/* One line for each pair that fights; nothing where none does. */
void kedge_ledger_summary_tell(const kedge_ledger_summary *self, kedge_text *text);
/* All of it as JSON. */
void kedge_ledger_summary_json(const kedge_ledger_summary *self, kedge_text *text);

#endif
