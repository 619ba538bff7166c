/* model_diff.c - what two models differ in, tensor by tensor. */
#include "run/model_diff.h"

#include <math.h>
#include <string.h>

#include "kedge/surgery.h"
#include "run/model.h"
#include "store/table.h"

enum { ROWS, COLUMNS, AXES };

/* Two tensors of one name, and which of their rows and columns stand for each other. */
typedef struct pair {
    kedge_arena arena;
    const kedge_param *a, *b;
    const float *x, *y;
    int n[AXES];                  /* lines that both have */
    int *in_a[AXES], *in_b[AXES]; /* their numbers there */
    int *changed[AXES];           /* entries of a line that differ and that no line taken has yet */
    bool *taken[AXES];
} pair;

static int extent(const kedge_param *param, int axis)
{
    return axis == ROWS ? param->rows : param->cols > 0 ? param->cols : 1;
}

static const char *part(const pair *p, int axis)
{
    return p->a->cols == 0 ? "entry" : axis == ROWS ? "row" : "column";
}

static float entry(const kedge_param *param, const float *values, int row, int column)
{
    return values[(size_t)row * (size_t)extent(param, COLUMNS) + (size_t)column];
}

/* The entry in row i and column j of those that both have: whether it differs, and by how much. */
static bool differs(const pair *p, int i, int j, double *by)
{
    float x = entry(p->a, p->x, p->in_a[ROWS][i], p->in_a[COLUMNS][j]);
    float y = entry(p->b, p->y, p->in_b[ROWS][i], p->in_b[COLUMNS][j]);
    *by = (double)y - (double)x;
    return kedge_differs(x, y);
}

static bool differs_along(const pair *p, int axis, int line, int k, double *by)
{
    return axis == ROWS ? differs(p, line, k, by) : differs(p, k, line, by);
}

/* ---- rows of the result ---- */

static void add_line(kedge_table *table, const pair *p, int axis, int index, const char *change)
{
    int at = 0;
    kedge_table_add_row(table);
    kedge_table_put_text(table, &at, p->a->name);
    kedge_table_put_text(table, &at, change);
    kedge_table_put_text(table, &at, part(p, axis));
    kedge_table_put_integer(table, &at, index);
}

static void add_changed(kedge_table *table, const pair *p, int axis, int line)
{
    double largest = 0, squares = 0, by;
    int entries = 0;
    for (int k = 0; k < p->n[1 - axis]; k++) {
        if (!differs_along(p, axis, line, k, &by)) continue;
        entries++;
        largest = isnan(by) ? by : fmax(largest, fabs(by));
        squares += by * by;
    }
    add_line(table, p, axis, p->in_a[axis][line], "changed");
    int at = 4;
    kedge_table_put_integer(table, &at, entries);
    kedge_table_put_real(table, &at, largest);
    kedge_table_put_real(table, &at, sqrt(squares));
}

static void add_tensor(kedge_table *table, const char *name, const char *change)
{
    int at = 0;
    kedge_table_add_row(table);
    kedge_table_put_text(table, &at, name);
    kedge_table_put_text(table, &at, change);
    kedge_table_put_text(table, &at, "tensor");
}

/* ---- one pair ---- */

/* The lines of an axis, in order, that are not in the list. */
static void list_unmatched(kedge_table *table, const pair *p, int axis, int lines, const int *matched,
                           const char *change)
{
    for (int i = 0, k = 0; i < lines; i++) {
        if (k < p->n[axis] && matched[k] == i)
            k++;
        else
            add_line(table, p, axis, i, change);
    }
}

/* Few lines that hold all entries that differ: of all rows and columns the one that holds most of what is left, again
 * and again. So a row that was set is one row, not an entry of every column. */
static void cover(pair *p)
{
    double by;
    for (int i = 0; i < p->n[ROWS]; i++)
        for (int j = 0; j < p->n[COLUMNS]; j++)
            if (differs(p, i, j, &by)) p->changed[ROWS][i]++, p->changed[COLUMNS][j]++;
    for (;;) {
        int axis = ROWS, line = 0;
        for (int i = 1; i < p->n[ROWS]; i++)
            if (p->changed[ROWS][i] > p->changed[axis][line]) line = i;
        for (int j = 0; j < p->n[COLUMNS] && p->a->cols > 0; j++)
            if (p->changed[COLUMNS][j] > p->changed[axis][line]) axis = COLUMNS, line = j;
        if (p->changed[axis][line] == 0) return;
        p->taken[axis][line] = true;
        p->changed[axis][line] = 0;
        for (int k = 0; k < p->n[1 - axis]; k++)
            if (!p->taken[1 - axis][k] && differs_along(p, axis, line, k, &by)) p->changed[1 - axis][k]--;
    }
}

/* Finds which lines stand for each other where one axis has lost some. False: nothing fits. */
static kedge_status match(pair *p, int axis, bool *fits)
{
    int na = extent(p->a, axis), nb = extent(p->b, axis), across = extent(p->a, 1 - axis);
    ptrdiff_t wide_a = extent(p->a, COLUMNS), wide_b = extent(p->b, COLUMNS);
    kedge_lines a = {p->x, na, across, axis == ROWS ? wide_a : 1, axis == ROWS ? 1 : wide_a};
    kedge_lines b = {p->y, nb, across, axis == ROWS ? wide_b : 1, axis == ROWS ? 1 : wide_b};
    int64_t differ;
    kedge_status status = na > nb ? kedge_lines_match(&a, &b, p->in_a[axis], &differ, &p->arena)
                                  : kedge_lines_match(&b, &a, p->in_b[axis], &differ, &p->arena);
    *fits = !status && differ >= 0 && 2 * differ <= (int64_t)p->n[axis] * across;
    return status;
}

static kedge_status begin(pair *p)
{
    for (int axis = 0; axis < AXES; axis++) {
        int na = extent(p->a, axis), nb = extent(p->b, axis), n = na < nb ? na : nb;
        p->n[axis] = n;
        p->in_a[axis] = kedge_arena_alloc(&p->arena, (size_t)n, sizeof(int));
        p->in_b[axis] = kedge_arena_alloc(&p->arena, (size_t)n, sizeof(int));
        p->changed[axis] = kedge_arena_alloc(&p->arena, (size_t)n, sizeof(int));
        p->taken[axis] = kedge_arena_alloc(&p->arena, (size_t)n, sizeof(bool));
        if (!p->in_a[axis] || !p->in_b[axis] || !p->changed[axis] || !p->taken[axis])
            return kedge_fail_memory("a comparison of models");
        for (int i = 0; i < n; i++) p->in_a[axis][i] = p->in_b[axis][i] = i;
    }
    return KEDGE_OK;
}

static kedge_status compare(kedge_table *table, pair *p)
{
    kedge_status status = begin(p);
    bool fits = true;
    for (int axis = 0; axis < AXES && !status && fits; axis++) {
        if (extent(p->a, axis) == extent(p->b, axis)) continue;
        fits = extent(p->a, 1 - axis) == extent(p->b, 1 - axis);
        if (fits) status = match(p, axis, &fits);
    }
    if (status) return status;
    if (!fits || (p->a->cols == 0) != (p->b->cols == 0)) {
        add_tensor(table, p->a->name, "reshaped");
        return KEDGE_OK;
    }
    for (int axis = 0; axis < AXES; axis++) {
        list_unmatched(table, p, axis, extent(p->a, axis), p->in_a[axis], "missing");
        list_unmatched(table, p, axis, extent(p->b, axis), p->in_b[axis], "added");
    }
    cover(p);
    for (int axis = 0; axis < AXES; axis++)
        for (int i = 0; i < p->n[axis]; i++)
            if (p->taken[axis][i]) add_changed(table, p, axis, i);
    return KEDGE_OK;
}

/* ---- all of them ---- */

static kedge_status compare_tensor(kedge_table *table, const kedge_model *a, const kedge_model *b, int i)
{
    pair p = {.a = &a->params.list[i]};
    p.b = kedge_params_find(&b->params, p.a->name);
    if (!p.b) {
        add_tensor(table, p.a->name, "missing");
        return KEDGE_OK;
    }
    p.x = a->params.values + p.a->offset;
    p.y = b->params.values + p.b->offset;
    kedge_arena_init(&p.arena, a->ctx);
    kedge_status status = compare(table, &p);
    kedge_arena_release(&p.arena);
    return status;
}

kedge_status kedge_model_diff(kedge_table **out, const kedge_model *a, const kedge_model *b)
{
    static const char *const columns[] = {"tensor", "change", "part", "index", "entries", "largest", "norm"};
    kedge_table *table = NULL;
    kedge_status status = kedge_table_create(&table, a->ctx);
    if (status) return status;
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        kedge_table_add_column(table, columns[i], KEDGE_RANK_KEPT);
    for (int i = 0; i < a->params.n && !status; i++) status = compare_tensor(table, a, b, i);
    for (int i = 0; i < b->params.n; i++)
        if (!kedge_params_find(&a->params, b->params.list[i].name))
            add_tensor(table, b->params.list[i].name, "added");
    if (!status) status = kedge_table_status(table);
    if (status)
        kedge_table_free(table);
    else
        *out = table;
    return status;
}
