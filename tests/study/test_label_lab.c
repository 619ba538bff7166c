/* test_label_lab.c - the label laboratory: which label, which cells, counts, who is held out, tables and files. */
#include "label_lab_fixture.h"

#include "failing_alloc.h"

static void refuses(const fixture *f, kedge_label_lab_options options, const char *want)
{
    kedge_label_lab *lab = NULL;
    assert_int_equal(kedge_label_lab_run(&lab, f->ctx, f->folder, &options), KEDGE_EINVALID);
    assert_null(lab);
    if (!strstr(message(f), want)) fail_msg("'%s' is not in '%s'", want, message(f));
}

/* ---- which label, which cells ---- */

static void every_part_has_its_cells(void **state)
{
    fixture *f = *state;
    write_labels(f, red, "");
    kedge_label_lab *lab = lab_of(f, small());
    static const long long rows[] = {9, 9, 3, 3}; /* of the last, two are trained */
    for (int part = 0; part < KEDGE_LABELS_PARTS; part++) {
        kedge_table *table = table_of(lab, (kedge_label_part)part);
        assert_int_equal(kedge_table_rows(table), rows[part]);
        kedge_table_free(table);
    }
    assert_int_equal(kedge_label_lab_runs(lab), 23 * 2);
    assert_int_equal(kedge_label_lab_failures(lab), 0);
    kedge_label_lab_free(lab);
}

static void the_share_of_wrong_labels_is_as_asked(void **state)
{
    fixture *f = *state;
    write_labels(f, red, "");
    kedge_label_lab *lab = lab_of(f, small());
    kedge_table *table = table_of(lab, KEDGE_LABELS_ALL);
    static const double wrong[] = {0, 0.25, 0.5};
    double right = 0, others = 0;
    for (int i = 0; i < 27; i++) {
        double r = i / 9 / 2., g = i / 3 % 3 / 2., b = i % 3 / 2., c = r * (1 - g / 2 - b / 2);
        right += c * c / 27, others += (1 - c * c) / 27;
    }
    for (int i = 0; i < 9; i++) {
        double share = wrong[i % 3], positive = 1 - 0.4 * (i / 3);
        double false_positive = cell_of(table, i, "false_positive").real;
        assert_near(cell_of(table, i, "true_positive").real, positive, 1e-15);
        assert_near(cell_of(table, i, "wrong").real, share, 1e-12);
        assert_near(false_positive, share / (1 - share) * positive * right / others, 1e-12);
        double p = 0.5 * (positive * right + false_positive * others);
        assert_near(cell_of(table, i, "labels_expected").real, 101 * 8 * p, 1e-9);
        assert_near(cell_of(table, i, "empty_expected").real, pow(1 - p, 8), 1e-12);
    }
    kedge_table_free(table);
    kedge_label_lab_free(lab);
}

static void a_cell_can_be_repeated_by_its_assignments(void **state)
{
    fixture *f = *state;
    kedge_recipe *recipe = NULL;
    kedge_summary *summary = NULL;
    write_labels(f, red, "");
    kedge_label_lab *lab = lab_of(f, small());
    kedge_table *table = table_of(lab, KEDGE_LABELS_ALL);
    const char *set = cell_of(table, 5, "set").text;
    assert_string_equal(cell_of(table, 5, "part").text, "noise");
    assert_int_equal(kedge_recipe_load(&recipe, f->ctx, f->folder, &(kedge_recipe_options){&set, 1}), KEDGE_OK);
    assert_int_equal(kedge_run(&summary, f->ctx, recipe, &(kedge_run_options){0}), KEDGE_OK);
    double angle = 0;
    for (int column = 0; column < kedge_summary_columns(summary); column++)
        for (int seed = 0; seed < 2 && strcmp(kedge_summary_name(summary, column), "anchor_anchor") == 0; seed++)
            angle += acos(1 - kedge_summary_value(summary, seed, column)) * 90 / M_PI;
    assert_near(cell_of(table, 5, "angle").real, angle, 1e-9);
    kedge_summary_free(summary);
    kedge_recipe_free(recipe);
    kedge_table_free(table);
    kedge_label_lab_free(lab);
}

static void labels_are_counted(void **state)
{
    fixture *f = *state;
    write_labels(f, "labels: {red: {concept: 1, rate: 1}, dark: 1 - v}", "");
    kedge_label_lab *lab = lab_of(f, small());
    kedge_table *table = table_of(lab, KEDGE_LABELS_ALL);
    /* All carry it, and nobody can be labelled by mistake: of the noise only the shares of true positives are left. */
    assert_string_equal(cell_of(table, 2, "part").text, "noise");
    assert_string_equal(cell_of(table, 3, "part").text, "rate");
    assert_true(cell_of(table, 0, "labels").real == 808);
    assert_true(cell_of(table, 0, "empty").real == 0);
    double some = cell_of(table, 2, "labels").real, empty = cell_of(table, 2, "empty").real;
    assert_near(some, 0.2 * 808, 40);
    assert_near(empty, pow(0.8, 8), 0.1);
    assert_near(empty * 202, round(empty * 202), 1e-9); /* batches of two runs */
    kedge_table_free(table);
    kedge_label_lab_free(lab);
}

static void modes_are_as_they_hand_out(void **state)
{
    fixture *f = *state;
    write_labels(f, red, "");
    kedge_label_lab *lab = lab_of(f, small());
    kedge_table *table = table_of(lab, KEDGE_LABELS_MODE);
    static const char *const names[] = {"stochastic", "soft", "exact"};
    for (int i = 0; i < 3; i++) assert_string_equal(cell_of(table, i, "of").text, names[i]);
    double soft = cell_of(table, 1, "labels_expected").real;
    assert_near(cell_of(table, 0, "labels_expected").real, soft, 1e-4);
    assert_near(cell_of(table, 1, "labels").real, soft, 0.3 * soft);
    /* Without red, or with all of green and blue, redness is 0. */
    assert_near(cell_of(table, 1, "empty_expected").real, pow(11 / 27., 8), 1e-12);
    assert_near(cell_of(table, 2, "labels_expected").real, 808 / 27., 1e-9);
    assert_near(cell_of(table, 2, "empty_expected").real, pow(26 / 27., 8), 1e-12);
    kedge_table_free(table);
    kedge_label_lab_free(lab);
}

static void refuses_other_labels(void **state)
{
    fixture *f = *state;
    kedge_label_lab_options options = small();
    write_labels(f, "labels: {red: 1 - v, dark: 1 - v}", "");
    refuses(f, options, "recipe.yaml:2:15: the rate of label 'red' is not of the form 'A * NAME^B'; write it as "
                        "{concept: FORMULA, exponent: B, rate: A}");
    write_labels(f, red, "");
    options.label = "dark";
    refuses(f, options, "label 'dark' is used by no anchor of the latents; it must be");
    options.label = "rde";
    refuses(f, options, "no label 'rde'; did you mean 'red'?");
    options.label = NULL;
    load(f, 5, "  anchor: {kind: anchor, at: [1, 0, 0]}", "", NULL);
    refuses(f, options, "no label is used by an anchor of the latents; one must be");
}

/* ---- who is held out ---- */

static void half_of_the_hues_get_no_label(void **state)
{
    fixture *f = *state;
    write_labels(f, red, "");
    kedge_label_lab *lab = lab_of(f, small());
    double sum = 0;
    assert_string_equal(lab->held_out, "h < 0.5");
    assert_int_equal(lab->sides[18], KEDGE_LAB_HELD_SIDE);              /* red */
    assert_int_equal(lab->sides[18 + 3], KEDGE_LAB_HELD_SIDE);          /* orange */
    assert_int_equal(lab->sides[18 + 1], KEDGE_LAB_LABEL_SIDE);         /* rose, as red as orange */
    for (int b = 0; b < KEDGE_LAB_BINS; b++) sum += lab->bins[b];
    assert_near(sum, 1, 1e-12);
    assert_true(lab->bins[19] == 0);                                    /* nobody is as red as red */
    assert_true(lab->bins[15] > 0);                                     /* redness 0.75: orange and rose */
    kedge_label_lab_free(lab);
}

static void a_green_concept_has_its_own_half(void **state)
{
    fixture *f = *state;
    write_labels(f, "labels: {red: greenness^2, dark: 1 - v}", "");
    kedge_label_lab *lab = lab_of(f, small());
    assert_int_equal(lab->sides[6], KEDGE_LAB_HELD_SIDE);      /* green, h = 1/3 */
    assert_int_equal(lab->sides[6 + 1], KEDGE_LAB_HELD_SIDE);  /* towards cyan */
    assert_int_equal(lab->sides[9 + 6], KEDGE_LAB_LABEL_SIDE); /* towards yellow */
    kedge_label_lab_free(lab);
}

static void held_out_points_are_compared_at_equal_strength(void **state)
{
    fixture *f = *state;
    double cosines[27], scratch[81], values[KEDGE_LAB_VALUES];
    int order[27];
    write_labels(f, red, "");
    kedge_label_lab *lab = lab_of(f, small());
    memcpy(cosines, lab->concept, sizeof cosines);
    kedge_lab_read_held(lab, cosines, scratch, order, values);
    assert_near(values[KEDGE_LAB_LABELLED], values[KEDGE_LAB_HELD], 1e-12); /* equal strengths, on this grid */
    assert_near(values[KEDGE_LAB_RANK], 1, 1e-12);
    for (int i = 0; i < 27; i++) cosines[i] = lab->sides[i] == KEDGE_LAB_LABEL_SIDE ? 1 : -lab->concept[i];
    kedge_lab_read_held(lab, cosines, scratch, order, values);
    assert_near(values[KEDGE_LAB_LABELLED], 1, 1e-12);
    assert_true(values[KEDGE_LAB_HELD] < 0);
    assert_near(values[KEDGE_LAB_RANK], -1, 1e-12);
    cosines[18] = NAN; /* red's latent is at the origin */
    kedge_lab_read_held(lab, cosines, scratch, order, values);
    assert_true(isnan(values[KEDGE_LAB_RANK]));
    kedge_label_lab_free(lab);
}

static void the_control_differs_in_the_anchor_alone(void **state)
{
    fixture *f = *state;
    write_labels(f, red, "");
    kedge_label_lab *lab = lab_of(f, small());
    const kedge_lab_cell *anchored = &lab->cells[lab->n_cells - 2], *control = anchored + 1;
    char want[512];
    snprintf(want, sizeof want, "%s terms.anchor.scale=0", anchored->set);
    assert_string_equal(control->set, want);
    assert_non_null(strstr(anchored->set, "among: (h < 0.5) == 0"));
    for (int s = 0; s < 2; s++) {
        assert_true(anchored->runs[s].values[KEDGE_LAB_DRAWN] == control->runs[s].values[KEDGE_LAB_DRAWN]);
        assert_true(anchored->runs[s].values[KEDGE_LAB_EMPTY] == control->runs[s].values[KEDGE_LAB_EMPTY]);
    }
    kedge_label_lab_free(lab);
}

/* Runs whose numbers are set by hand: labelled points gain 0.8. */
static const char *verdict_of(kedge_label_lab *lab, double gain)
{
    for (int s = 0; s < lab->n_seeds; s++) {
        double *anchored = lab->cells[lab->n_cells - 2].runs[s].values;
        double *control = lab->cells[lab->n_cells - 1].runs[s].values;
        anchored[KEDGE_LAB_LABELLED] = 0.9, anchored[KEDGE_LAB_HELD] = 0.1 + gain, anchored[KEDGE_LAB_RANK] = 0.5;
        control[KEDGE_LAB_LABELLED] = control[KEDGE_LAB_HELD] = 0.1, control[KEDGE_LAB_RANK] = 0;
    }
    assert_int_equal(kedge_lab_judge(lab), KEDGE_OK);
    return kedge_label_lab_verdict(lab);
}

/* Seeds of a run that is over at once, for who sets the numbers by hand. */
static kedge_label_lab *lab_of_seeds(fixture *f, int seeds)
{
    kedge_label_lab_options options = small();
    options.seed_count = seeds;
    write_labels(f, red, "steps: 2\n");
    return lab_of(f, options);
}

static void the_verdict_follows_the_gains(void **state)
{
    fixture *f = *state;
    kedge_label_lab *lab = lab_of_seeds(f, 10);
    assert_string_equal(verdict_of(lab, 0.7),
                        "The concept: points that were never labelled (h < 0.5) came 0.700 nearer to the anchor, "
                        "88% of the 0.800 of labelled ones of the same strength (cosines; difference 0.100, 95% from "
                        "0.100 to 0.100); the order of the former follows 'redness' with rank correlation 0.50, "
                        "without the anchor 0.00.");
    assert_non_null(strstr(verdict_of(lab, 0.1), "The labelled exemplars: points"));
    assert_non_null(strstr(verdict_of(lab, 0), "0.000 nearer to the anchor, 0% of the 0.800 of"));
    for (int s = 0; s < 5; s++) lab->cells[lab->n_cells - 2].runs[s].values[KEDGE_LAB_HELD] = 1;
    assert_int_equal(kedge_lab_judge(lab), KEDGE_OK);
    assert_non_null(strstr(kedge_label_lab_verdict(lab), "Undecided: points")); /* half of them each way */
    kedge_label_lab_free(lab);
}

/* However alike they are. One that has no interval has none in the sentence. */
static void few_seeds_decide_nothing(void **state)
{
    fixture *f = *state;
    for (int seeds = 1; seeds < 10; seeds += 4) {
        kedge_label_lab *lab = lab_of_seeds(f, seeds);
        const char *verdict = verdict_of(lab, 0.7);
        assert_non_null(strstr(verdict, "Undecided: too few seeds: points that were never labelled (h < 0.5) came "
                                        "0.700"));
        assert_null(strstr(verdict, "nan"));
        assert_int_equal(strstr(verdict, "(cosines; difference 0.100); the order") != NULL, seeds == 1);
        for (int s = 0; s < seeds; s++) lab->cells[lab->n_cells - 1].runs[s].values[KEDGE_LAB_HELD] = NAN;
        assert_int_equal(kedge_lab_judge(lab), KEDGE_OK);
        assert_string_equal(kedge_label_lab_verdict(lab),
                            "Undecided: too few seeds: points that were never labelled (h < 0.5) are not compared "
                            "with labelled ones, as no seed has both runs.");
        kedge_label_lab_free(lab);
    }
}

static void who_is_held_out_may_be_said(void **state)
{
    fixture *f = *state;
    kedge_label_lab_options options = small();
    write_labels(f, red, "");
    options.held_out = "b > g";
    kedge_label_lab *lab = lab_of(f, options);
    assert_int_equal(lab->sides[18 + 1], KEDGE_LAB_HELD_SIDE);
    kedge_label_lab_free(lab);
    options.held_out = "redness > 0";
    refuses(f, options, "--held-out: no points that are held out can be compared with labelled ones of the same "
                        "strength of 'redness'; both sides must have some");
    options.held_out = "b > blue";
    refuses(f, options, "--held-out: in \"b > blue\": unknown name 'blue'");
}

static void data_without_colours_is_not_asked(void **state)
{
    fixture *f = *state;
    write_labels(f, "labels: {red: a^2, dark: b}", "");
    put(f, "t.csv", "a,b\n0,1\n0.5,0.5\n1,0\n0.25,1\n");
    const char *const set[] = {"data={kind: csv, file: t.csv, features: [a, b], batch: 4}"};
    kedge_label_lab_options options = small();
    options.set = set, options.n_set = 1;
    kedge_label_lab *lab = lab_of(f, options);
    kedge_table *table = table_of(lab, KEDGE_LABELS_HELD_OUT);
    assert_int_equal(kedge_table_rows(table), 0);
    assert_string_equal(kedge_label_lab_verdict(lab), "Concept or exemplars: not asked, as the data are no colours; "
                                                      "--held-out FORMULA says who gets no label.");
    kedge_table_free(table);
    kedge_label_lab_free(lab);
}

/* ---- the runs ---- */

static char *csv_of(const fixture *f, kedge_context *ctx)
{
    kedge_label_lab_options options = small();
    kedge_label_lab *lab = NULL;
    char *text = NULL;
    if (kedge_label_lab_run(&lab, ctx, f->folder, &options)) fail_msg("%s", kedge_error());
    kedge_table *table = table_of(lab, KEDGE_LABELS_ALL);
    assert_int_equal(kedge_table_print(table, "csv", &text), KEDGE_OK);
    kedge_table_free(table);
    kedge_label_lab_free(lab);
    return text;
}

static void threads_do_not_show(void **state)
{
    fixture *f = *state;
    kedge_context_options options = KEDGE_CONTEXT_OPTIONS_INIT;
    kedge_context *three;
    options.kernels = "ref";
    options.threads = 3;
    write_labels(f, red, "");
    assert_int_equal(kedge_context_create(&three, &options), KEDGE_OK);
    char *one = csv_of(f, f->ctx), *other = csv_of(f, three);
    assert_true(strlen(one) > 1000);
    assert_string_equal(one, other);
    kedge_free(f->ctx, one);
    kedge_free(three, other);
    kedge_context_free(three);
}

static void a_run_that_explodes_is_counted(void **state)
{
    fixture *f = *state;
    put(f, "schedule.csv", exploding);
    write_labels(f, red, "");
    kedge_label_lab *lab = lab_of(f, small());
    kedge_table *table = table_of(lab, KEDGE_LABELS_ALL);
    assert_int_equal(kedge_label_lab_failures(lab), 46);
    assert_int_equal(cell_of(table, 0, "failed").integer, 2);
    assert_int_equal(cell_of(table, 0, "n").integer, 0);
    assert_int_equal(cell_of(table, 0, "angle").kind, KEDGE_CELL_NONE);
    assert_non_null(strstr(kedge_label_lab_verdict(lab), "Undecided"));
    kedge_table_free(table);
    kedge_label_lab_free(lab);
}

static void count(long long done, long long total, void *payload)
{
    assert_int_equal(total, 46);
    assert_int_equal(done, ++*(long long *)payload);
}

static void progress_is_told(void **state)
{
    fixture *f = *state;
    long long told = 0;
    kedge_label_lab_options options = small();
    options.progress = count, options.progress_payload = &told;
    write_labels(f, red, "");
    kedge_label_lab_free(lab_of(f, options));
    assert_int_equal(told, 46);
}

static void can_be_stopped(void **state)
{
    fixture *f = *state;
    const volatile int stop = 1;
    kedge_label_lab_options options = small();
    kedge_label_lab *lab = NULL;
    options.stop = &stop;
    write_labels(f, red, "");
    assert_int_equal(kedge_label_lab_run(&lab, f->ctx, f->folder, &options), KEDGE_ECANCELLED);
    assert_string_equal(kedge_error(), "stopped after 0 of 46 runs; nothing is kept");
    assert_null(lab);
}

static void files_hold_cells_and_runs(void **state)
{
    fixture *f = *state;
    size_t length;
    int lines = 0;
    write_labels(f, red, "");
    kedge_label_lab *lab = lab_of(f, small());
    assert_int_equal(kedge_label_lab_save(lab, in_folder(f, "out")), KEDGE_OK);
    char *runs = bytes_of(f, "out/runs.csv", &length), *cells = bytes_of(f, "out/labels.csv", &length);
    for (const char *at = runs; *at; at++) lines += *at == '\n';
    assert_int_equal(lines, 1 + 46);
    assert_int_equal(strncmp(cells, "part,of,true_positive,wrong,false_positive,rate,exponent,n,failed,", 66), 0);
    free(runs);
    free(cells);
    kedge_label_lab_free(lab);
}

static void survives_failed_allocations(void **state)
{
    fixture *f = *state;
    write_labels(f, red, "steps: 2\n");
    for (size_t n = 1;; n += 61) { /* of the thousands that recipes and runs make */
        failing_alloc memory = {0};
        kedge_context_options context = failing_alloc_options(&memory);
        kedge_label_lab_options options = small();
        kedge_context *ctx;
        kedge_label_lab *lab = NULL;
        kedge_table *table = NULL;
        options.seed_count = 1;
        context.kernels = "ref";
        assert_int_equal(kedge_context_create(&ctx, &context), KEDGE_OK);
        memory.requests = 0;
        memory.fail_at = n;
        kedge_status status = kedge_label_lab_run(&lab, ctx, f->folder, &options);
        if (!status) status = kedge_label_lab_table(&table, lab, KEDGE_LABELS_ALL);
        assert_int_equal(status, memory.requests < n ? KEDGE_OK : KEDGE_ENOMEM);
        kedge_table_free(table);
        kedge_label_lab_free(lab);
        kedge_context_free(ctx);
        assert_int_equal(memory.in_use, 0);
        if (!status) break;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_part_has_its_cells),
        TEST(the_share_of_wrong_labels_is_as_asked),
        TEST(a_cell_can_be_repeated_by_its_assignments),
        TEST(labels_are_counted),
        TEST(modes_are_as_they_hand_out),
        TEST(refuses_other_labels),
        TEST(half_of_the_hues_get_no_label),
        TEST(a_green_concept_has_its_own_half),
        TEST(held_out_points_are_compared_at_equal_strength),
        TEST(the_control_differs_in_the_anchor_alone),
        TEST(the_verdict_follows_the_gains),
        TEST(few_seeds_decide_nothing),
        TEST(who_is_held_out_may_be_said),
        TEST(data_without_colours_is_not_asked),
        TEST(threads_do_not_show),
        TEST(a_run_that_explodes_is_counted),
        TEST(progress_is_told),
        TEST(can_be_stopped),
        TEST(files_hold_cells_and_runs),
        TEST(survives_failed_allocations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
