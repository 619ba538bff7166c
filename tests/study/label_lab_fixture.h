/* label_lab_fixture.h - laboratories of the small recipe with other labels. */
#ifndef RUN_LABEL_LAB_FIXTURE_H
#define RUN_LABEL_LAB_FIXTURE_H

#include "../run/run_fixture.h"

#include <math.h>

#include "study/label_lab.h"

static const char red[] = "labels: {red: 0.5 * redness^2, dark: {rate: 1 - v, mode: soft}}";

/* Writes the small recipe with its labels replaced; it need not be without a mistake. */
static inline void write_labels(fixture *f, const char *labels, const char *more)
{
    load(f, 1, labels, more, NULL);
}

static inline kedge_label_lab_options small(void)
{
    kedge_label_lab_options options = KEDGE_LABEL_LAB_OPTIONS_INIT;
    options.quick = 1;
    options.seed_count = 2;
    return options;
}

static inline kedge_label_lab *lab_of(const fixture *f, kedge_label_lab_options options)
{
    kedge_label_lab *lab = NULL;
    if (kedge_label_lab_run(&lab, f->ctx, f->folder, &options)) fail_msg("%s", kedge_error());
    return lab;
}

static inline kedge_table *table_of(const kedge_label_lab *lab, kedge_label_part part)
{
    kedge_table *table = NULL;
    if (kedge_label_lab_table(&table, lab, part)) fail_msg("%s", kedge_error());
    return table;
}

static inline kedge_cell cell_of(const kedge_table *table, long long row, const char *column)
{
    assert_true(row < kedge_table_rows(table) && kedge_table_column(table, column) >= 0);
    return kedge_table_cell(table, row, kedge_table_column(table, column));
}

static inline void assert_near(double value, double want, double bound)
{
    if (!(fabs(value - want) <= bound)) fail_msg("%.17g is not %.17g", value, want);
}

#endif
