/* What each part of the objective pulls, against central differences in double by the site's activation. */
#include "ledger_fixture.h"

static const int64_t last_dim[] = {2}, first_dim[] = {0};
static const double off[] = {0.5, -1, 0.25}, minus_first[] = {-1, 0, 0}, grey[] = {0.5, 0.5, 0.5};
static const float corners[] = {1, 0, 0, 1, 0, 0}; /* red and green */
static const kedge_action capture[] = {{.step = 2, .kind = 0, .term = -1}};
static const char *const both[] = {"red", "dark"};
static const double halves[] = {0.75, 0.5};

static void add_labels(fixture *f)
{
    add_label(f, "red", "0.3 * redness^2", KEDGE_LABEL_STOCHASTIC);
    add_label(f, "dark", "0.5 * (1 - v)", KEDGE_LABEL_SOFT);
}

/* ---- against differences ---- */

static void compare(watch *w, const kedge_step *step)
{
    static moment m;
    differentiate(w, step, &m);
    for (int a = 0; a < m.n; a++) {
        double norm = sqrt(dot_of(&m, a, a));
        if (!active(step, a)) {
            assert_true(isnan(w->ledger->now.norms[a]));
            continue;
        }
        assert_near(w, step, "norm", a, a, w->ledger->now.norms[a], norm, 2e-5 * norm + 1e-8);
        for (int b = a + 1; b < m.n; b++) {
            double cosine = w->ledger->now.cosines[kedge_ledger_pair(m.n, a, b)], other = sqrt(dot_of(&m, b, b));
            if (active(step, b) && norm > 0 && other > 0)
                assert_near(w, step, "cosine", a, b, cosine, dot_of(&m, a, b) / (norm * other), 1e-4);
            else
                assert_true(isnan(cosine));
        }
    }
}

static void of_the_published_terms(void **state)
{
    fixture *f = *state;
    add_the_usual(f);
    add_term(f, "anti-anchor", "anti-anchor", (kedge_term_options){.at = {3, minus_first}});
    add_term(f, "anti-subspace", "anti-subspace", (kedge_term_options){.dims = {1, first_dim}});
    open_trainer(f, 0.01);
    look(f, compare);
}

static void without_normalization(void **state)
{
    fixture *f = *state;
    f->model.normalize = false;
    f->model.output = KEDGE_OUTPUT_SIGMOID;
    add_labels(f);
    add_term(f, "separate", "separate", (kedge_term_options){.power = 4});
    add_term(f, "anchor", "anchor",
             (kedge_term_options){.at = {3, off}, .metric = KEDGE_METRIC_EUCLIDEAN, .labels = {2, both, halves}});
    add_term(f, "norm", "unitarity", (kedge_term_options){0});
    open_trainer(f, 0.01);
    look(f, compare);
}

static void at_a_site_of_the_encoder(void **state)
{
    fixture *f = *state;
    f->model.hidden = (kedge_ints){2, two_layers};
    add_labels(f);
    add_term(f, "late", "subspace", (kedge_term_options){.site = "decoder.0", .dims = {1, last_dim}});
    add_term(f, "early", "subspace", (kedge_term_options){.site = "encoder.0", .dims = {2, first_two}});
    add_term(f, "anchor", "anchor", (kedge_term_options){.at = {3, off}, .labels = {1, red, whole}});
    add_term(f, "pairs", "separate-pairs", (kedge_term_options){.power = 2, .site = "encoder.1"});
    open_trainer(f, 0.01);
    look(f, compare);
}

/* ---- pulls ---- */

static void compare_pulls(watch *w, const kedge_step *step)
{
    static moment m;
    differentiate(w, step, &m);
    for (int i = 0; i < w->f->n_terms; i++) {
        double sum = 0;
        int labelled = 0;
        for (int a = 0; a < m.live; a++)
            if (m.labels[i][a] > 0) sum += ref_length(m.width, m.gradients[i + 1][a]), labelled++;
        double want = sum / labelled, got = w->ledger->now.pulls[i + 1];
        if (w->f->terms[i].labels.n && active(step, i + 1)) assert_near(w, step, "pull", i + 1, i + 1, got, want,
                                                                        2e-5 * want + 1e-8);
        else assert_true(isnan(got));
    }
    assert_true(isnan(w->ledger->now.pulls[0]));
}

static void a_labelled_sample_feels_the_pull(void **state)
{
    fixture *f = *state;
    add_the_usual(f);
    add_term(f, "mixed", "anchor", (kedge_term_options){.at = {3, off}, .labels = {2, both, halves}});
    open_trainer(f, 0.01);
    look(f, compare_pulls);
}

/* ---- where both act ---- */

static bool has_label(const fixture *f, const moment *m, int part, int sample)
{
    return part == 0 || f->terms[part - 1].labels.n == 0 || m->labels[part - 1][sample] > 0;
}

static void compare_shared(watch *w, const kedge_step *step)
{
    static moment m;
    differentiate(w, step, &m);
    for (int a = 0; a < m.n; a++)
        for (int b = a + 1; b < m.n; b++) {
            double dot = 0, left = 0, right = 0;
            int p = kedge_ledger_pair(m.n, a, b);
            for (int s = 0; s < m.live; s++) {
                if (!has_label(w->f, &m, a, s) || !has_label(w->f, &m, b, s)) continue;
                dot += ref_dot(m.width, m.gradients[a][s], m.gradients[b][s]);
                left += ref_dot(m.width, m.gradients[a][s], m.gradients[a][s]);
                right += ref_dot(m.width, m.gradients[b][s], m.gradients[b][s]);
            }
            if (!active(step, a) || !active(step, b) || left == 0 || right == 0) {
                assert_true(isnan(w->ledger->now.shared[p]));
                continue;
            }
            assert_near(w, step, "shared cosine", a, b, w->ledger->now.shared[p], dot / sqrt(left * right), 1e-4);
            assert_near(w, step, "ratio", a, b, w->ledger->now.ratios[p], sqrt(fmin(left, right) / fmax(left, right)),
                        1e-4);
        }
}

static void cosines_where_both_act(void **state)
{
    fixture *f = *state;
    add_the_usual(f);
    add_term(f, "other", "anchor", (kedge_term_options){.at = {3, off}, .labels = {1, red, whole}});
    add_term(f, "all", "anti-subspace", (kedge_term_options){.dims = {1, first_dim}});
    open_trainer(f, 0.01);
    look(f, compare_shared);
}

/* A label that pulls to a point, and a term on all that pushes away from it: opposite at each labelled sample. */
static void opposite(watch *w, const kedge_step *step)
{
    const kedge_ledger *ledger = w->ledger;
    int p = kedge_ledger_pair(3, 1, 2);
    if (!active(step, 1) || !active(step, 2)) return;
    assert_true(fabs(ledger->now.shared[p] + 1) < 1e-5);
    assert_true(ledger->now.cosines[p] > -0.99);
}

static void opposite_terms_are_seen_through_few_labels(void **state)
{
    fixture *f = *state;
    add_labels(f);
    add_term(f, "to", "anchor", (kedge_term_options){.at = {3, off}, .labels = {1, red, whole}});
    add_term(f, "from", "anti-anchor", (kedge_term_options){.at = {3, off}, .form = KEDGE_FORM_FULL});
    open_trainer(f, 0.01);
    look(f, opposite);
}

/* ---- every kind ---- */

/* The keys that some kinds need; the others ignore them. */
static void add_every_kind(fixture *f)
{
    static char names[32][16];
    for (int i = 0; kedge_term_kinds[i]; i++) {
        bool on_no_sample = kedge_term_kinds[i]->on_no_sample;
        kedge_term_options term = {.reference = {2, 3, corners}, .at = {3, off}, .dims = {1, last_dim}, .power = 3,
                                   .place = {3, off}, .output = {3, grey}};
        snprintf(names[i], sizeof names[i], "t%d", i);
        if (!on_no_sample && i % 2) term.labels = (kedge_weights){1, dark, whole};
        assert_in_range(f->n_terms, 0, MOST_TERMS - 1);
        add_term(f, names[i], kedge_term_kinds[i]->variant.name, term);
    }
}

static void same_losses(watch *w, const kedge_step *step)
{
    const kedge_graph *twin = w->ledger->twin.graph;
    for (int j = 0; j < w->ledger->n; j++)
        if (active(step, j) && twin->roots[j]->val[0] != step->values[j])
            fail_msg("step %d: part %d is %.9g in the ledger, %.9g in the run", step->step, j,
                     (double)twin->roots[j]->val[0], (double)step->values[j]);
}

static void its_losses_are_those_of_the_run(void **state)
{
    fixture *f = *state;
    add_labels(f);
    add_every_kind(f);
    open_trainer(f, 0.003);
    f->training.actions = capture, f->training.n_actions = 1;
    look(f, same_losses);
}

static void only_samples_reach_it(watch *w, const kedge_step *step)
{
    for (int i = 0; i < w->f->n_terms; i++) {
        bool on_no_sample = kedge_term_kinds[w->f->terms[i].kind]->on_no_sample;
        if (!active(step, i + 1)) continue;
        assert_int_equal(w->ledger->now.norms[i + 1] == 0, on_no_sample);
        assert_int_equal(isnan(w->ledger->now.cosines[kedge_ledger_pair(w->ledger->n, 0, i + 1)]), on_no_sample);
    }
}

static void reached_before_the_norm(watch *w, const kedge_step *step)
{
    (void)step;
    assert_string_equal(w->ledger->site_name, "pre-norm");
}

static void what_acts_on_no_sample_does_not_move_the_place(void **state)
{
    fixture *f = *state;
    add_term(f, "keep", "captured-anchor", (kedge_term_options){.reference = {2, 3, corners}, .site = "encoder.0"});
    open_trainer(f, 0.01);
    f->training.actions = capture, f->training.n_actions = 1;
    look(f, reached_before_the_norm);
}

static void what_acts_on_no_sample_has_norm_0(void **state)
{
    fixture *f = *state;
    add_labels(f);
    add_every_kind(f);
    open_trainer(f, 0.003);
    f->training.actions = capture, f->training.n_actions = 1;
    look(f, only_samples_reach_it);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(of_the_published_terms),
        TEST(without_normalization),
        TEST(at_a_site_of_the_encoder),
        TEST(a_labelled_sample_feels_the_pull),
        TEST(cosines_where_both_act),
        TEST(opposite_terms_are_seen_through_few_labels),
        TEST(its_losses_are_those_of_the_run),
        TEST(what_acts_on_no_sample_has_norm_0),
        TEST(what_acts_on_no_sample_does_not_move_the_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
