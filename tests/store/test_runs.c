/* the runs of a store, one by one and by group: which, in what order, with which columns. */
#include "filled_store.h"

#include "store/statistics.h"

/* The answer as csv; "" with the message kept where there is none. Freed by the next call. */
static const char *csv(fixture *f, const kedge_store_query *query)
{
    static char kept[16384];
    kedge_table *table = NULL;
    char *text = NULL;
    if (kedge_store_runs(&table, f->store, query)) return "";
    ok(kedge_table_print(table, "csv", &text));
    snprintf(kept, sizeof kept, "%s", text);
    kedge_free(f->ctx, text);
    kedge_table_free(table);
    return kept;
}

/* The ids of the runs that fulfil conditions, in the order of the answer. */
static const char *ids(fixture *f, const kedge_store_query *query)
{
    static char kept[1024];
    kedge_table *table = NULL;
    size_t used = 0;
    ok(kedge_store_runs(&table, f->store, query));
    kept[0] = '\0';
    for (long long i = 0; i < kedge_table_rows(table); i++)
        used += (size_t)snprintf(kept + used, sizeof kept - used, "%s%lld", i ? " " : "",
                                 kedge_table_cell(table, i, 0).integer);
    kedge_table_free(table);
    return kept;
}

static const char *where(fixture *f, const char *condition)
{
    return ids(f, &(kedge_store_query){.where = &condition, .n_where = 1});
}

static void refuses(fixture *f, const kedge_store_query *query, const char *why)
{
    kedge_table *table = NULL;
    assert_int_equal(kedge_store_runs(&table, f->store, query), KEDGE_EINVALID);
    assert_null(table);
    assert_string_equal(message(f), why);
}

static void lists_runs(void **state)
{
    const char *condition = "seed<=11";
    assert_string_equal(csv(*state, &(kedge_store_query){.where = &condition, .n_where = 1}),
                        "id,group,optimizer.clip,steps,seed,stream,status,score,recon_mse,message,recipe,digest\n"
                        "1,1,,,10,10,done,0.9,3e-05,,colour wheel,0014f9fa\n"
                        "2,1,,,11,11,done,0.92,6e-05,,colour wheel,0014f9fa\n"
                        "6,2,0.5,,10,10,done,0.92,2e-05,,colour wheel,0014f9fa\n"
                        "7,2,0.5,,11,11,done,0.94,4e-05,,colour wheel,0014f9fa\n"
                        "11,3,0.5,3000,10,10,done,0.94,1e-05,,colour wheel,0014f9fa\n"
                        "12,3,0.5,3000,11,11,done,0.96,2e-05,,colour wheel,0014f9fa\n");
}

static void lists_what_failed(void **state)
{
    const char *condition = "status=failed";
    assert_string_equal(csv(*state, &(kedge_store_query){.where = &condition, .n_where = 1}),
                        "id,group,optimizer.clip,steps,seed,stream,status,score,recon_mse,message,recipe,digest\n"
                        "9,2,0.5,,13,13,failed,,,the loss is infinite at step 7,colour wheel,0014f9fa\n");
}

static void lists_the_metrics_that_are_asked_for(void **state)
{
    const char *condition = "id=12", *metrics[] = {"angle", "score"};
    kedge_store_query query = {.where = &condition, .n_where = 1, .metrics = metrics, .n_metrics = 2};
    assert_string_equal(csv(*state, &query),
                        "id,group,optimizer.clip,steps,seed,stream,status,angle,score,message,recipe,digest\n"
                        "12,3,0.5,3000,11,11,done,0.25,0.96,,colour wheel,0014f9fa\n");
    query = (kedge_store_query){.where = &condition, .n_where = 1, .all_metrics = 1};
    assert_string_equal(csv(*state, &query),
                        "id,group,optimizer.clip,steps,seed,stream,status,angle,recon_mse,score,message,recipe,digest\n"
                        "12,3,0.5,3000,11,11,done,0.25,2e-05,0.96,,colour wheel,0014f9fa\n");
}

static void an_empty_store_has_no_runs(void **state)
{
    fixture *f = *state;
    open_store(f, KEDGE_STORE_CREATE);
    assert_string_equal(csv(f, &(kedge_store_query){0}), "id,group,seed,stream,status,message,recipe,digest\n");
    assert_string_equal(csv(f, &(kedge_store_query){.by_group = 1}),
                        "group,metric,n,failed,pending,mean,low,high,sd,min,25%,median,median_low,median_high,75%,max,"
                        "recipe,digest\n");
}

/* ---- conditions ---- */

static void compares_metrics(void **state)
{
    assert_string_equal(where(*state, "score<0.92"), "1 4");
    assert_string_equal(where(*state, "score <= .92"), "1 2 4 6");
    assert_string_equal(where(*state, " score>0.95 "), "8 12 13");
    assert_string_equal(where(*state, "score>=0.96"), "8 12 13");
    assert_string_equal(where(*state, "score=0.9"), "1");
    assert_string_equal(where(*state, "score==0.9"), "1");
    assert_string_equal(where(*state, "angle<1"), "11 12 13 14");
}

static void undefined_fulfils_only_unequal(void **state)
{
    assert_string_equal(where(*state, "angle!=0.25"), "1 2 3 4 5 6 7 8 9 10 11 13 14 15");
    assert_string_equal(where(*state, "steps!=3000"), "1 2 3 4 5 6 7 8 9 10");
}

static void compares_what_a_run_is(void **state)
{
    assert_string_equal(where(*state, "id>=14"), "14 15");
    assert_string_equal(where(*state, "group=2"), "6 7 8 9 10");
    assert_string_equal(where(*state, "seed=12"), "3 8 13");
    assert_string_equal(where(*state, "stream=12"), "3 8 13");
    assert_string_equal(where(*state, "status=pending"), "15");
    assert_string_equal(where(*state, "status!=done"), "9 15");
}

static void compares_settings(void **state)
{
    assert_string_equal(where(*state, "optimizer.clip=5e-1"), "6 7 8 9 10 11 12 13 14 15");
    assert_string_equal(where(*state, "steps>2999"), "11 12 13 14 15");
    assert_string_equal(where(*state, "steps=many"), "");
}

static void knows_settings_by_their_last_part(void **state)
{
    fixture *f = *state;
    assert_string_equal(where(f, "clip=0.5"), "6 7 8 9 10 11 12 13 14 15");
    assert_string_equal(ids(f, &(kedge_store_query){.sort = "clip", .limit = 2}), "6 7");
    ok(add_seeds(f->store, "{\"other.clip\":1}", 10, 1, NULL)); /* now it could mean two */
    const char *condition = "clip=0.5";
    kedge_table *table;
    kedge_store_query query = {.where = &condition, .n_where = 1};
    assert_int_equal(kedge_store_runs(&table, f->store, &query), KEDGE_EINVALID);
    assert_string_equal(where(f, "other.clip=1"), "16");
}

/* What stands above the columns for reading: names as short as they can be. */
static void assert_shows(fixture *f, const char *first_line)
{
    kedge_table *table = NULL;
    char *text = NULL;
    ok(kedge_store_runs(&table, f->store, &(kedge_store_query){.limit = 1}));
    ok(kedge_table_print(table, "table", &text));
    *strchr(text, '\n') = '\0';
    assert_string_equal(text, first_line);
    kedge_free(f->ctx, text);
    kedge_table_free(table);
}

static void shows_what_tells_groups_apart(void **state)
{
    fixture *f = *state;
    kedge_store_recipe recipe = {.title = "colour wheel", .text = "title: colour wheel\nsteps: 5\n"};
    kedge_store_run run = {.settings = "{\"a.b.clip\":1,\"b.clip\":2}", .seed = 10, .stream = 10};
    assert_shows(f, "id  group  clip  steps  seed  status  score  recon_mse");
    ok(kedge_store_add(f->store, &(kedge_store_plan){&recipe, 1, &run, 1}, NULL));
    assert_shows(f, "id  group  a.b.clip  b.clip  optimizer.clip  steps  seed  status  score  recon_mse");
    run.settings = "{}"; /* as group 1, of another recipe of that name */
    ok(kedge_store_add(f->store, &(kedge_store_plan){&recipe, 1, &run, 1}, NULL));
    assert_shows(f, "id  group  a.b.clip  b.clip  optimizer.clip  steps  seed  status  score  recon_mse  digest");
    recipe.title = "other";
    recipe.text = "title: other\n";
    ok(kedge_store_add(f->store, &(kedge_store_plan){&recipe, 1, &run, 1}, NULL));
    assert_shows(f, "id  a.b.clip  b.clip  optimizer.clip  steps  seed  status  score  recon_mse  recipe        "
                    "digest");
}

static void compares_recipes(void **state)
{
    char digest[KEDGE_DIGEST_SIZE], condition[64];
    kedge_store_digest(&colour_wheel, digest);
    snprintf(condition, sizeof condition, "recipe=%.6s", digest);
    assert_string_equal(where(*state, condition), "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15");
    assert_string_equal(where(*state, "recipe=colour wheel"), "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15");
    assert_string_equal(where(*state, "recipe!=colour wheel"), "");
    assert_string_equal(where(*state, "recipe=colour"), "");
}

static void all_conditions_hold(void **state)
{
    const char *conditions[] = {"score>0.91", "seed<12", "group!=3"};
    assert_string_equal(ids(*state, &(kedge_store_query){.where = conditions, .n_where = 3}), "2 6 7");
}

static void refuses_condition(void **state, const char *condition, const char *why)
{
    refuses(*state, &(kedge_store_query){.where = &condition, .n_where = 1}, why);
}

static void says_what_is_wrong_with_a_condition(void **state)
{
    refuses_condition(state, "score", "STORE: condition 'score' is not NAME OP VALUE, such as 'score<0.9'; OP is one "
                                      "of = != < <= > >=");
    refuses_condition(state, "score!0.9", "STORE: condition 'score!0.9' is not NAME OP VALUE, such as 'score<0.9'; OP "
                                          "is one of = != < <= > >=");
    refuses_condition(state, "<0.9", "STORE: condition '<0.9' is not NAME OP VALUE, such as 'score<0.9'; OP is one of "
                                     "= != < <= > >=");
    refuses_condition(state, "scroe<0.9", "STORE: unknown name 'scroe'; did you mean 'score'?");
    refuses_condition(state, "optimiser.clip=1", "STORE: unknown name 'optimiser.clip'; did you mean "
                                                 "'optimizer.clip'?");
    refuses_condition(state, "zzzzzzzz=1", "STORE: unknown name 'zzzzzzzz'; known are 'id', 'group', 'seed', 'stream', "
                                           "'status', 'recipe', 'optimizer.clip', 'steps', 'angle', 'recon_mse', "
                                           "'score'");
    refuses_condition(state, "score<high", "STORE: condition 'score<high' does not compare numbers; use = or !=");
    refuses_condition(state, "score=high", "STORE: condition 'score=high': 'high' is no number");
    refuses_condition(state, "status<done", "STORE: condition 'status<done' does not compare numbers; use = or !=");
    refuses_condition(state, "status=ok", "STORE: condition 'status=ok': a run is 'pending', 'done' or 'failed'");
}

static void says_which_metric_is_unknown(void **state)
{
    const char *metrics[] = {"recon-mse"};
    refuses(*state, &(kedge_store_query){.metrics = metrics, .n_metrics = 1},
            "STORE: unknown metric 'recon-mse'; did you mean 'recon_mse'?");
}

static void says_that_nothing_is_measured(void **state)
{
    fixture *f = *state;
    const char *metrics[] = {"score"};
    open_store(f, KEDGE_STORE_CREATE);
    refuses(f, &(kedge_store_query){.metrics = metrics, .n_metrics = 1},
            "STORE: unknown metric 'score'; no run has been measured yet");
}

/* ---- order ---- */

static void sorts_runs(void **state)
{
    assert_string_equal(ids(*state, &(kedge_store_query){.sort = "score:desc"}),
                        "13 8 12 10 14 7 11 5 2 6 4 1 3 9 15");
}

static void sorts_by_what_is_not_shown_otherwise(void **state)
{
    assert_string_equal(ids(*state, &(kedge_store_query){.sort = "angle:desc", .limit = 3}), "14 13 12");
    assert_string_equal(ids(*state, &(kedge_store_query){.sort = "seed", .limit = 4}), "1 6 11 2");
    assert_string_equal(ids(*state, &(kedge_store_query){.sort = "steps:asc", .limit = 2}), "11 12");
}

static void says_what_is_wrong_with_an_order(void **state)
{
    refuses(*state, &(kedge_store_query){.sort = "score:down"},
            "STORE: cannot sort by 'score:down'; write COLUMN, or COLUMN:desc");
    refuses(*state, &(kedge_store_query){.sort = "scores"}, "STORE: unknown name 'scores'; did you mean 'score'?");
    refuses(*state, &(kedge_store_query){.sort = "scores", .by_group = 1},
            "STORE: unknown metric 'scores'; did you mean 'score'?");
}

/* ---- groups ---- */

static void describes_groups(void **state)
{
    fixture *f = *state;
    const char *metric = "score";
    kedge_table *table = NULL;
    kedge_distribution want;
    ok(kedge_store_runs(&table, f->store,
                        &(kedge_store_query){.by_group = 1, .metrics = &metric, .n_metrics = 1}));
    assert_int_equal(kedge_table_rows(table), 3);
    const double second[] = {92 / 100.0, 94 / 100.0, 96 / 100.0, 95 / 100.0}; /* seeds 10, 11, 12, 14 */
    kedge_resamples resamples;
    kedge_resamples_init(&resamples, f->ctx);
    ok(kedge_describe(&want, &resamples, second, 4));
    kedge_resamples_release(&resamples);
    const char *names[] = {"mean", "low", "high", "sd", "min", "25%", "median", "median_low", "median_high", "75%",
                           "max"};
    const double values[] = {want.mean, want.of_mean.low, want.of_mean.high, want.sd, want.min, want.q25, want.median,
                             want.of_median.low, want.of_median.high, want.q75, want.max};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        double have = kedge_table_cell(table, 1, kedge_table_column(table, names[i])).real;
        if (have != values[i]) fail_msg("%s is %.17g, not %.17g", names[i], have, values[i]);
    }
    kedge_table_free(table);
}

/* Columns of a table of groups that count. */
static const char *counts(fixture *f, const kedge_store_query *query)
{
    static const char *const names[] = {"group", "metric", "n", "failed", "pending"};
    static char kept[1024];
    kedge_table *table = NULL;
    size_t used = 0;
    ok(kedge_store_runs(&table, f->store, query));
    kept[0] = '\0';
    for (long long i = 0; i < kedge_table_rows(table); i++)
        for (size_t j = 0; j < 5; j++) {
            kedge_cell cell = kedge_table_cell(table, i, kedge_table_column(table, names[j]));
            if (cell.text) used += (size_t)snprintf(kept + used, sizeof kept - used, "%s ", cell.text);
            else used += (size_t)snprintf(kept + used, sizeof kept - used, "%lld%s", cell.integer, j < 4 ? " " : "\n");
        }
    kedge_table_free(table);
    return kept;
}

static void counts_what_has_a_value(void **state)
{
    assert_string_equal(counts(*state, &(kedge_store_query){.by_group = 1}),
                        "1 score 4 0 0\n1 recon_mse 5 0 0\n2 score 4 1 0\n2 recon_mse 4 1 0\n"
                        "3 score 4 0 1\n3 recon_mse 4 0 1\n");
}

static void counts_only_runs_that_fulfil_conditions(void **state)
{
    const char *conditions[] = {"score>0.93"}, *metric = "score";
    assert_string_equal(counts(*state, &(kedge_store_query){.by_group = 1, .where = conditions, .n_where = 1,
                                                            .metrics = &metric, .n_metrics = 1}),
                        "2 score 3 0 0\n3 score 4 0 0\n");
}

static void sorts_groups(void **state)
{
    const char *metric = "score";
    kedge_store_query query = {.by_group = 1, .metrics = &metric, .n_metrics = 1, .sort = "recon_mse"};
    assert_string_equal(counts(*state, &query), "3 score 4 0 1\n2 score 4 1 0\n1 score 4 0 0\n");
    query.sort = "min:desc";
    assert_string_equal(counts(*state, &query), "3 score 4 0 1\n2 score 4 1 0\n1 score 4 0 0\n");
    query.sort = "angle:desc"; /* the others have none */
    query.limit = 2;
    assert_string_equal(counts(*state, &query), "3 score 4 0 1\n1 score 4 0 0\n");
}

static void shows_groups_that_are_not_measured_yet(void **state)
{
    fixture *f = *state;
    open_store(f, KEDGE_STORE_CREATE);
    ok(add_seeds(f->store, "{}", 0, 3, NULL));
    assert_string_equal(csv(f, &(kedge_store_query){.by_group = 1}),
                        "group,metric,n,failed,pending,mean,low,high,sd,min,25%,median,median_low,median_high,75%,max,"
                        "recipe,digest\n1,,0,0,3,,,,,,,,,,,,colour wheel,0014f9fa\n");
}

/* ---- what holds at any time ---- */

static void answers_the_same_whoever_finished_first(void **state)
{
    fixture *f = *state;
    char forth[16384];
    static const int order[] = {4, 2, 0, 3, 1};
    for (int turn = 0; turn < 2; turn++) {
        open_store(f, KEDGE_STORE_CREATE);
        ok(add_seeds(f->store, "{}", 0, 5, NULL));
        for (int i = 0; i < 5; i++) {
            int run = turn ? order[i] : i;
            ok(finish_one(f->store, run + 1, run, run * run));
        }
        const char *text = csv(f, &(kedge_store_query){.all_metrics = 1});
        if (turn == 0) snprintf(forth, sizeof forth, "%s", text);
        else assert_string_equal(text, forth);
        close_store(f);
        assert_int_equal(unlink(f->path), 0);
    }
}

static void reads_values_of_settings(void **state)
{
    fixture *f = *state;
    open_store(f, KEDGE_STORE_CREATE);
    ok(add_seeds(f->store, "{\"a\":true,\"b\":\"[16, 16]\",\"c\":null,\"d\":-7,\"e\":1e-08}", 0, 1, NULL));
    assert_string_equal(csv(f, &(kedge_store_query){0}),
                        "id,group,a,b,c,d,e,seed,stream,status,message,recipe,digest\n"
                        "1,1,true,\"[16, 16]\",,-7,1e-08,0,0,pending,,colour wheel,0014f9fa\n");
    assert_string_equal(where(f, "a=true"), "1");
    assert_string_equal(where(f, "b=[16, 16]"), "1");
    assert_string_equal(where(f, "a=false"), "");
}

static void calls_broken_settings_damage(void **state)
{
    fixture *f = *state;
    kedge_table *table;
    open_store(f, KEDGE_STORE_CREATE);
    ok(add_seeds(f->store, "{broken}", 0, 1, NULL));
    assert_int_equal(kedge_store_runs(&table, f->store, &(kedge_store_query){0}), KEDGE_EFORMAT);
    assert_string_equal(message(f), "STORE: damaged: malformed JSON");
}

static void can_be_asked_again_after_a_mistake(void **state)
{
    const char *wrong = "nothing=1";
    refuses(*state, &(kedge_store_query){.where = &wrong, .n_where = 1},
            "STORE: unknown name 'nothing'; known are 'id', 'group', 'seed', 'stream', 'status', 'recipe', "
            "'optimizer.clip', 'steps', 'angle', 'recon_mse', 'score'");
    assert_string_equal(where(*state, "id=1"), "1");
    fixture *f = *state;
    ok(finish_one(f->store, 15, 1, 2)); /* no transaction is left open */
}

static void bears_the_lack_of_memory(void **state)
{
    fixture *f = *state;
    const char *conditions[] = {"score>0.5", "optimizer.clip=0.5", "seed!=12"};
    for (size_t n = 1;; n++) {
        kedge_store_query query = {.where = conditions, .n_where = 3, .sort = "angle", .by_group = n % 2 == 0};
        kedge_table *table = NULL;
        f->memory.requests = 0;
        f->memory.fail_at = n;
        kedge_status status = kedge_store_runs(&table, f->store, &query);
        bool all = f->memory.requests < n;
        f->memory.fail_at = 0;
        kedge_table_free(table);
        assert_int_equal(status, all ? KEDGE_OK : KEDGE_ENOMEM);
        if (all && n % 2 == 0) break;
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_filled, teardown)
#define EMPTY(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(lists_runs),
        TEST(lists_what_failed),
        TEST(lists_the_metrics_that_are_asked_for),
        EMPTY(an_empty_store_has_no_runs),
        TEST(compares_metrics),
        TEST(undefined_fulfils_only_unequal),
        TEST(compares_what_a_run_is),
        TEST(compares_settings),
        TEST(knows_settings_by_their_last_part),
        TEST(shows_what_tells_groups_apart),
        TEST(compares_recipes),
        TEST(all_conditions_hold),
        TEST(says_what_is_wrong_with_a_condition),
        TEST(says_which_metric_is_unknown),
        EMPTY(says_that_nothing_is_measured),
        TEST(sorts_runs),
        TEST(sorts_by_what_is_not_shown_otherwise),
        TEST(says_what_is_wrong_with_an_order),
        TEST(describes_groups),
        TEST(counts_what_has_a_value),
        TEST(counts_only_runs_that_fulfil_conditions),
        TEST(sorts_groups),
        EMPTY(shows_groups_that_are_not_measured_yet),
        EMPTY(answers_the_same_whoever_finished_first),
        EMPTY(reads_values_of_settings),
        EMPTY(calls_broken_settings_damage),
        TEST(can_be_asked_again_after_a_mistake),
        TEST(bears_the_lack_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
