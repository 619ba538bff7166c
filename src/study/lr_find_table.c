/* lr_find_table.c - a learning-rate range test as numbers, tables and advice. */
#include <math.h>
#include <stdio.h>

#include "base/text.h"
#include "study/lr_find.h"
#include "store/table.h"

static const struct {
    const char *name, *doc;
} marks[KEDGE_LR_MARKS] = {
    [KEDGE_LR_STEEPEST] = {"steepest", "the loss falls fastest"},
    [KEDGE_LR_MINIMUM] = {"minimum", "the loss is smallest"},
    [KEDGE_LR_EDGE] = {"edge", "the loss is 4 times its minimum"},
};

const char *kedge_lr_mark_name(kedge_lr_mark mark)
{
    return (unsigned)mark < KEDGE_LR_MARKS ? marks[mark].name : NULL;
}

const char *kedge_lr_mark_doc(kedge_lr_mark mark)
{
    return (unsigned)mark < KEDGE_LR_MARKS ? marks[mark].doc : NULL;
}

/* ---- numbers ---- */

long long kedge_lr_test_rows(const kedge_lr_test *test)
{
    return test->n;
}

long long kedge_lr_test_seed(const kedge_lr_test *test, long long row)
{
    return test->curves[row].seed;
}

int kedge_lr_test_steps(const kedge_lr_test *test)
{
    return test->steps;
}

const double *kedge_lr_test_rates(const kedge_lr_test *test)
{
    return test->rates;
}

const double *kedge_lr_test_values(const kedge_lr_test *test, long long row, kedge_lr_part part)
{
    return row < 0 ? test->median.values[part] : test->curves[row].values[part];
}

int kedge_lr_test_reached(const kedge_lr_test *test, long long row)
{
    return test->curves[row].reached;
}

double kedge_lr_test_mark(const kedge_lr_test *test, long long row, kedge_lr_mark mark)
{
    return test->curves[row].marks[mark];
}

long long kedge_lr_test_marks(const kedge_lr_test *test, kedge_lr_mark mark, double *median, double *low, double *high)
{
    *median = test->median.marks[mark];
    *low = test->low[mark];
    *high = test->high[mark];
    return test->found[mark];
}

int kedge_lr_test_at(const kedge_lr_test *test)
{
    return test->at;
}

double kedge_lr_test_recipe_rate(const kedge_lr_test *test)
{
    return test->recipe_rate;
}

const char *kedge_lr_test_sets(const kedge_lr_test *test)
{
    return test->sets;
}

/* ---- tables ---- */

static void add_marks(kedge_table *table, const kedge_lr_test *test)
{
    static const char *const names[] = {"mark", "lr", "low", "high", "seeds", "where"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        kedge_table_add_column(table, names[i], KEDGE_RANK_KEPT);
    for (int mark = 0; mark < KEDGE_LR_MARKS; mark++) {
        int at = 0;
        kedge_table_add_row(table);
        kedge_table_put_text(table, &at, marks[mark].name);
        kedge_table_put_real(table, &at, test->median.marks[mark]);
        kedge_table_put_real(table, &at, test->low[mark]);
        kedge_table_put_real(table, &at, test->high[mark]);
        kedge_table_put_integer(table, &at, test->found[mark]);
        kedge_table_put_text(table, &at, marks[mark].doc);
    }
}

static double least_of(const kedge_lr_curve *curve)
{
    double least = NAN;
    for (int i = 0; i < curve->reached; i++) least = fmin(least, curve->values[KEDGE_LR_SMOOTH][i]);
    return least;
}

static void add_seeds(kedge_table *table, const kedge_lr_test *test)
{
    kedge_table_add_column(table, "seed", KEDGE_RANK_KEPT);
    for (int mark = 0; mark < KEDGE_LR_MARKS; mark++) kedge_table_add_column(table, marks[mark].name, KEDGE_RANK_KEPT);
    kedge_table_add_column(table, "least_loss", KEDGE_RANK_KEPT);
    kedge_table_add_column(table, "updates", KEDGE_RANK_KEPT);
    for (long long row = 0; row < test->n; row++) {
        int at = 0;
        kedge_table_add_row(table);
        kedge_table_put_integer(table, &at, test->curves[row].seed);
        for (int mark = 0; mark < KEDGE_LR_MARKS; mark++)
            kedge_table_put_real(table, &at, test->curves[row].marks[mark]);
        kedge_table_put_real(table, &at, least_of(&test->curves[row]));
        kedge_table_put_integer(table, &at, test->curves[row].reached);
    }
}

static void add_curves(kedge_table *table, const kedge_lr_test *test)
{
    static const char *const parts[] = {"loss", "task", "smooth"};
    kedge_table_add_column(table, "lr", KEDGE_RANK_KEPT);
    for (int part = 0; part < KEDGE_LR_PARTS; part++) kedge_table_add_column(table, parts[part], KEDGE_RANK_KEPT);
    for (long long row = 0; row < test->n; row++) {
        char name[40];
        snprintf(name, sizeof name, "smooth_%lld", test->curves[row].seed);
        kedge_table_add_column(table, name, KEDGE_RANK_NOT_SHOWN);
    }
    for (int i = 0; i < test->steps; i++) {
        int at = 0;
        kedge_table_add_row(table);
        kedge_table_put_real(table, &at, test->rates[i]);
        for (int part = 0; part < KEDGE_LR_PARTS; part++)
            kedge_table_put_real(table, &at, test->median.values[part][i]);
        for (long long row = 0; row < test->n; row++)
            kedge_table_put_real(table, &at, test->curves[row].values[KEDGE_LR_SMOOTH][i]);
    }
}

kedge_status kedge_lr_test_table(kedge_table **out, const kedge_lr_test *test, kedge_lr_table which)
{
    static void (*const add[])(kedge_table *table, const kedge_lr_test *test) = {
        [KEDGE_LR_TABLE_MARKS] = add_marks, [KEDGE_LR_TABLE_SEEDS] = add_seeds, [KEDGE_LR_TABLE_CURVES] = add_curves};
    kedge_table *table;
    kedge_status status = kedge_table_create(&table, test->ctx);
    if (status) return status;
    add[which](table, test);
    status = kedge_table_status(table);
    if (status) kedge_table_free(table);
    else *out = table;
    return status;
}

/* ---- advice ---- */

/* Peaks are given as shares of the minimum: with 300 seeds of each of 2.4.1, 2.5.1, 2.7.1 and 2.9.1 at most 2% lost
 * what was anchored, or their order, at a tenth to a third of it. At the minimum itself 20 to 53% did, and where the
 * loss falls fastest 52 to 91% (docs/recipes.md has the table). A quarter more updates a decade nearly halve the
 * minimum of 2.9.1. */
static const double LEAST = 0.1, MOST = 1.0 / 3, DENSITY = 0.1;
enum { SMOOTHED = 20 }; /* updates that the smoothed loss is of: earlier ones show nothing */

static void add_rate(kedge_text *text, const char *before, double rate)
{
    kedge_text_add(text, before);
    kedge_text_add_real(text, "%.2g", rate);
}

/* Says what to change where the test has not seen the loss fall, and then rise: its minimum is none. */
static bool advise_range(const kedge_lr_test *test, kedge_text *text)
{
    int first = 2 * kedge_lr_reach(test->steps) > SMOOTHED ? 2 * kedge_lr_reach(test->steps) : SMOOTHED;
    long long found = test->found[KEDGE_LR_STEEPEST];
    if (first > test->steps / 2) first = test->steps / 2;
    if (found == 0)
        kedge_text_add(text, "the loss falls nowhere: begin lower, or take more updates");
    else if (2 * found < test->n)
        kedge_text_addf(text, "the loss falls for %lld of %lld seeds: begin lower, or take more updates", found,
                        test->n);
    else if (test->median.marks[KEDGE_LR_STEEPEST] <= test->rates[first])
        kedge_text_addf(text, "the loss falls fastest within the first %d updates: begin lower", first);
    else if (test->median.marks[KEDGE_LR_MINIMUM] >= test->rates[test->steps - 1])
        kedge_text_add(text, "the loss falls to the end: go higher");
    else
        return false;
    return true;
}

kedge_status kedge_lr_test_advise(const kedge_lr_test *test, char **text)
{
    double least = test->median.marks[KEDGE_LR_MINIMUM], edge = test->low[KEDGE_LR_EDGE], own = test->recipe_rate;
    int last = test->steps - 1, right = kedge_lr_calibrated_steps(test->rates[0], test->rates[last]);
    double density = last / log10(test->rates[last] / test->rates[0]);
    bool calibrated = fabs(density / KEDGE_LR_PER_DECADE - 1) <= DENSITY;
    kedge_text out;
    kedge_text_init(&out, test->ctx);
    if (!advise_range(test, &out)) {
        if (calibrated) {
            add_rate(&out, "try a peak from ", LEAST * least);
            add_rate(&out, " to ", MOST * least);
            kedge_text_add(&out, ", a tenth to a third of the minimum");
        } else {
            kedge_text_addf(&out, "what peak to try is known for tests of %d updates a decade",
                            KEDGE_LR_PER_DECADE);
            kedge_text_add_real(&out, ", and this one has %.3g", density);
            kedge_text_addf(&out, ": take %d updates", right);
        }
        if (!isnan(edge)) add_rate(&out, "; the lowest edge of a seed is ", edge);
        add_rate(&out, "; the recipe's peak is ", own);
        if (calibrated && own < LEAST * least) kedge_text_add(&out, ", lower than that");
        else if (calibrated && own > MOST * least) kedge_text_add(&out, ", higher than that");
    }
    kedge_status status = kedge_text_status(&out, "advice");
    if (status) kedge_text_release(&out);
    else *text = out.bytes;
    return status;
}
