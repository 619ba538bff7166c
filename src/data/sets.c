/* sets.c - named sets of points, and draws among them. */
#include "data/sets.h"

#include <math.h>

#include "data/alias.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

static const char *const moves[] = {"both", "sampling", "loss", NULL};

const kedge_field kedge_set_fields[] = {
    {.key = "where", .type = KEDGE_FIELD_FORMULA, .offset = offsetof(kedge_set_options, where),
     .doc = "Not 0 for the points of the set, but those of sets before it: a formula over the columns."},
    {.key = "phases", .type = KEDGE_FIELD_TEXTS, .offset = offsetof(kedge_set_options, phases), .fallback = "",
     .doc = "Phases of the schedule in which the set is drawn. Absent: all."},
    {.key = "moves", .type = KEDGE_FIELD_CHOICE, .offset = offsetof(kedge_set_options, moves), .choices = moves,
     .fallback = "both",
     .doc = "What the schedule's `data-NAME` moves: sampling: how often its points are drawn; loss: how much each "
            "counts; both."},
};
const int kedge_n_set_fields = COUNT(kedge_set_fields);

/* One set: its points are those of its slots. */
typedef struct point_set {
    uint32_t first, count; /* slots */
    double weight;         /* of its points together; the largest of a point is 1 */
    int moves;
} point_set;

struct kedge_sets {
    kedge_context *ctx;
    int n;
    point_set set[KEDGE_SETS_MAX];
    uint32_t *points;   /* [slots] in order of sets, then of points */
    double *shares;     /* [slots] of the set's draws */
    kedge_alias *table; /* [slots] */
};

/* What is only needed while sets are made. */
typedef struct making {
    const kedge_dataset *dataset;
    kedge_errors *errors;
    double *values;  /* [points] of a formula */
    double *weights; /* [points], the largest 1 */
    double *shares;  /* [points] of one set */
    uint32_t *order; /* [points] */
    bool *taken;     /* [points] is in an earlier set */
} making;

static bool weigh(making *m, const kedge_formula *weight)
{
    int points = m->dataset->points;
    double largest = 0;
    for (int i = 0; i < points; i++) m->weights[i] = 1;
    if (!weight->text) return true;
    if (!kedge_formula_eval(weight, m->dataset, m->weights, m->errors)) return false;
    for (int i = 0; i < points; i++) largest = fmax(largest, m->weights[i]);
    for (int i = 0; i < points; i++) m->weights[i] /= largest;
    return true;
}

/* Gives a set its points, from slot 'first' on. */
static bool fill_set(kedge_sets *sets, making *m, const kedge_set_options *options, point_set *set)
{
    const double least = 1e-300; /* a share of less has no inverse */
    const char *where = options->where.where ? options->where.where : "sets";
    int count = 0, held = 0;
    if (!kedge_formula_eval(&options->where, m->dataset, m->values, m->errors)) return false;
    for (int i = 0; i < m->dataset->points; i++) {
        if (m->values[i] == 0) continue;
        held++;
        if (m->taken[i]) continue;
        m->taken[i] = true;
        sets->points[set->first + (uint32_t)count] = (uint32_t)i;
        m->shares[count++] = m->weights[i];
        set->weight += m->weights[i];
    }
    set->count = (uint32_t)count;
    if (held == 0)
        kedge_errors_add(m->errors, KEDGE_EINVALID, "%s: set '%s' has no point; its formula must hold for at least one",
                         where, options->name);
    else if (count == 0)
        kedge_errors_add(m->errors, KEDGE_EINVALID, "%s: set '%s' has no point, as all that its formula holds for are "
                         "in sets before it; one must be in no other", where, options->name);
    else if (!(set->weight > least))
        kedge_errors_add(m->errors, KEDGE_EINVALID, "%s: the points of set '%s' all have the weight 0; at least one "
                         "must be drawn", where, options->name);
    if (count == 0 || !(set->weight > least)) return false;
    for (int i = 0; i < count; i++) {
        sets->shares[set->first + (uint32_t)i] = m->shares[i] / set->weight;
        m->shares[i] *= count / set->weight;
    }
    kedge_alias *table = sets->table + set->first;
    kedge_alias_fill(table, count, m->shares, m->order);
    for (int i = 0; i < count; i++) table[i].alias += set->first;
    return true;
}

static bool fill(kedge_sets *sets, making *m, const kedge_formula *weight, const kedge_set_options *options)
{
    bool sound = weigh(m, weight);
    uint32_t first = 0;
    for (int k = 0; sound && k < sets->n; k++) {
        point_set *set = &sets->set[k];
        *set = (point_set){.first = first, .moves = options[k].moves};
        if (!fill_set(sets, m, &options[k], set)) sound = false;
        first += set->count;
    }
    return sound;
}

kedge_sets *kedge_sets_create(kedge_context *ctx, const kedge_dataset *dataset, const kedge_formula *weight, int n,
                              const kedge_set_options *options, kedge_errors *errors)
{
    size_t points = (size_t)dataset->points;
    bool sound = false;
    making m = {
        .dataset = dataset,
        .errors = errors,
        .values = kedge_alloc(ctx, points, sizeof *m.values),
        .weights = kedge_alloc(ctx, points, sizeof *m.weights),
        .shares = kedge_alloc(ctx, points, sizeof *m.shares),
        .order = kedge_alloc(ctx, points, sizeof *m.order),
        .taken = kedge_alloc_zero(ctx, points, sizeof *m.taken),
    };
    kedge_sets *sets = kedge_alloc_zero(ctx, 1, sizeof *sets);
    if (sets) {
        *sets = (kedge_sets){.ctx = ctx, .n = n};
        sets->points = kedge_alloc(ctx, points, sizeof *sets->points);
        sets->shares = kedge_alloc(ctx, points, sizeof *sets->shares);
        sets->table = kedge_alloc(ctx, points, sizeof *sets->table);
    }
    bool room = sets && sets->points && sets->shares && sets->table;
    if (!room || !m.values || !m.weights || !m.shares || !m.order || !m.taken)
        kedge_errors_add(errors, KEDGE_ENOMEM, "out of memory for sets of %zu points", points);
    else
        sound = fill(sets, &m, weight, options);
    kedge_release(ctx, m.taken);
    kedge_release(ctx, m.order);
    kedge_release(ctx, m.shares);
    kedge_release(ctx, m.weights);
    kedge_release(ctx, m.values);
    if (sound) return sets;
    kedge_sets_free(sets);
    return NULL;
}

void kedge_sets_free(kedge_sets *sets)
{
    if (!sets) return;
    kedge_release(sets->ctx, sets->points);
    kedge_release(sets->ctx, sets->shares);
    kedge_release(sets->ctx, sets->table);
    kedge_release(sets->ctx, sets);
}

int kedge_sets_count(const kedge_sets *sets)
{
    return sets->n;
}

int kedge_sets_points(const kedge_sets *sets, int set)
{
    return (int)sets->set[set].count;
}

void kedge_sets_members(const kedge_sets *sets, int points, int *set, double *share)
{
    for (int i = 0; i < points; i++) {
        set[i] = -1;
        share[i] = 0;
    }
    for (int k = 0; k < sets->n; k++)
        for (uint32_t slot = sets->set[k].first, end = slot + sets->set[k].count; slot < end; slot++) {
            set[sets->points[slot]] = k;
            share[sets->points[slot]] = sets->shares[slot];
        }
}

bool kedge_sets_mix_make(kedge_sets_mix *mix, const kedge_sets *sets, const double *factors)
{
    double amount[KEDGE_SETS_MAX], loss[KEDGE_SETS_MAX], most = 0, sum = 0, part = 0, whole = 0;
    for (int k = 0; k < sets->n; k++) {
        bool drawn = factors[k] > 0;
        amount[k] = sets->set[k].moves == KEDGE_MOVES_LOSS ? drawn : factors[k];
        loss[k] = sets->set[k].moves == KEDGE_MOVES_SAMPLING ? drawn : fmin(1, factors[k]);
        most = fmax(most, amount[k]);
        whole = fmax(whole, loss[k]);
    }
    if (!(most > 0)) return false;
    mix->n = sets->n;
    mix->weighted = false;
    for (int k = 0; k < sets->n; k++) sum += amount[k] = amount[k] / most * sets->set[k].weight;
    for (int k = 0; k < sets->n; k++) {
        part += amount[k];
        mix->below[k] = (uint64_t)llrint(fmin(1, part / sum) * 0x1p32);
        mix->loss[k] = (float)(loss[k] / whole);
        mix->weighted = mix->weighted || (amount[k] > 0 && mix->loss[k] != 1);
    }
    return true;
}

void kedge_sets_mix_shares(const kedge_sets_mix *mix, double *shares)
{
    uint64_t before = 0;
    for (int k = 0; k < mix->n; before = mix->below[k++]) shares[k] = (double)(mix->below[k] - before) * 0x1p-32;
}

void kedge_sets_pick(const kedge_sets_mix *mix, int n, const uint32_t *restrict word, uint32_t *restrict set)
{
    for (int i = 0; i < n; i++) set[i] = 0;
    for (int k = 0; k + 1 < mix->n; k++) {
        if (mix->below[k] > UINT32_MAX) break; /* no word reaches the sets behind it */
        uint32_t below = (uint32_t)mix->below[k];
        for (int i = 0; i < n; i++) set[i] += word[i] >= below;
    }
}

void kedge_sets_indices(const kedge_sets *sets, int n, const uint32_t *word0, const uint32_t *word1, uint32_t *index)
{
    for (int i = 0; i < n; i++) {
        const point_set *set = &sets->set[index[i]];
        index[i] = set->first + (uint32_t)((uint64_t)word0[i] * set->count >> 32);
    }
    kedge_alias_draw(sets->table, n, word1, index);
    for (int i = 0; i < n; i++) index[i] = sets->points[index[i]];
}
