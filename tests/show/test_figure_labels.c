/* test_figure_labels.c - what the label laboratory found as a figure: its cells, what is missing, what is refused. */
#include "figure_test.h"

#include "kedge/labels.h"

/* A table with what the figure reads; the cell of rate 0.2 and exponent 4 is missing. */
static const char table[] = "part,of,true_positive,wrong,rate,exponent,n,score,angle\n"
                            "noise,stochastic,1,0,0.1,2,5,0.9,10\n"
                            "noise,stochastic,1,0.25,0.1,2,5,0.8,20\n"
                            "noise,stochastic,0.5,0,0.1,2,5,0.7,30\n"
                            "noise,stochastic,0.5,0.250000001,0.1,2,5,,40\n"
                            "rate,stochastic,1,0,0.1,2,5,0.6,50\n"
                            "rate,stochastic,1,0,0.1,4,5,0.5,60\n"
                            "rate,stochastic,1,0,0.2,2,5,0.4,70\n"
                            "mode,soft,1,0,0.1,2,5,0.1,80\n";

static void cells_stand_at_their_settings(void **state)
{
    fixture *f = *state;
    put(f, "labels.csv", table);
    draw_figure(f, "labels", "labels.csv", NULL, "a.png");
    assert_says(f, "4 heat maps. Wrong labels: score, by true positives, wrong labels across: 1: 0.9, 0.8; 0.5: "
                   "0.7, none.");
    assert_says(f, "Wrong labels: angle, by true positives, wrong labels across: 1: 10, 20; 0.5: 30, 40.");
    assert_says(f, "Rate and exponent: score, by rate, exponent across: 0.2: 0.4, none; 0.1: 0.6, 0.5.");
    assert_says(f, "Rate and exponent: angle, by rate, exponent across: 0.2: 70, none; 0.1: 50, 60.");
}

static void is_drawn_alike(void **state)
{
    fixture *f = *state;
    put(f, "labels.csv", table);
    assert_draws_alike(f, "labels", "labels.csv");
}

static void a_laboratory_s_folder_is_drawn(void **state)
{
    fixture *f = *state;
    kedge_label_lab *lab = NULL;
    kedge_label_lab_options options = KEDGE_LABEL_LAB_OPTIONS_INIT;
    options.quick = 1;
    options.seed_count = 1;
    load_good(f, "");
    if (kedge_label_lab_run(&lab, f->ctx, f->folder, &options)) fail_msg("%s", kedge_error());
    assert_int_equal(kedge_label_lab_save(lab, in_folder(f, "out")), KEDGE_OK);
    draw_figure(f, "labels", "out", NULL, "a.png");
    assert_says(f, "2 heat maps. Wrong labels: angle"); /* a recipe without a score */
    kedge_label_lab_free(lab);
}

static void refuses_other_tables(void **state)
{
    fixture *f = *state;
    put(f, "labels.csv", "part,of\nnoise,soft\n");
    assert_refuses(f, "labels", "labels.csv", NULL, KEDGE_EFORMAT,
                   "labels.csv: has no column 'wrong'; must be a table of 'kedge labels -o'");
    put(f, "labels.csv", "part,of,true_positive,wrong,rate,exponent,n,score,angle\nmode,soft,1,0,0.1,2,5,0.1,80\n");
    assert_refuses(f, "labels", "labels.csv", NULL, KEDGE_EINVALID, "no row of 'noise' or 'rate' has a number");
    assert_refuses(f, "labels", "nowhere.csv", NULL, KEDGE_EIO, "nowhere.csv");
}

static void is_no_figure_of_a_model(void **state)
{
    fixture *f = *state;
    kedge_model *model = NULL;
    load_good(f, "");
    run_into(f, "runs", 0);
    assert_int_equal(kedge_model_load(&model, f->ctx, in_folder(f, "runs/seed-0/model.safetensors")), KEDGE_OK);
    assert_int_equal(kedge_draw_model(model, "labels", NULL, in_folder(f, "a.svg")), KEDGE_EINVALID);
    kedge_model_free(model);
}

static void survives_each_failed_allocation(void **state)
{
    fixture *f = *state;
    put(f, "labels.csv", table);
    assert_survives_failed_allocations(f, "labels", "labels.csv", NULL, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(cells_stand_at_their_settings),
        TEST(is_drawn_alike),
        TEST(a_laboratory_s_folder_is_drawn),
        TEST(refuses_other_tables),
        TEST(is_no_figure_of_a_model),
        TEST(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
