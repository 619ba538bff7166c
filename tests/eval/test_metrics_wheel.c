/* The metrics of the colour wheel, on wheels made by hand. */
#include "metrics_fixture.h"

/* Red, green and blue at 0, 120 and 240 degrees; every hue at its own angle then, the pure and the
 * mixed ones at length 1, the six between at sqrt(3)/2. */

static void put_wheel(fixture *f, double across, double up)
{
    f->model.bottleneck = 2;
    open(f);
    for (int c = 0; c < 3; c++) {
        put(f, "encoder.0.weight", 0, c, across * cos(c * 2 * M_PI / 3));
        put(f, "encoder.0.weight", 1, c, up * sin(c * 2 * M_PI / 3));
    }
}

static void a_perfect_wheel(fixture *f)
{
    put_wheel(f, 1, 1);
    assert_value(f, "wheel_ordered", 1);
    assert_value(f, "wheel_worst_gap", 0);
    assert_value(f, "wheel_radius", (1 + sqrt(0.75)) / 2);
    assert_value(f, "red_cos", 1);
}

static void the_other_way_round(fixture *f)
{
    put_wheel(f, 1, -1);
    assert_value(f, "wheel_ordered", 1);
    assert_value(f, "wheel_worst_gap", 0);
    assert_value(f, "red_cos", 1);
}

static void red_on_the_left(fixture *f)
{
    put_wheel(f, -1, 1);
    assert_value(f, "wheel_ordered", 1);
    assert_value(f, "red_cos", -1);
}

static void a_stretched_wheel(fixture *f)
{
    put_wheel(f, 1, 2);
    double worst = 0, before = 0;
    for (int i = 1; i <= 3; i++) { /* the other quarters are its mirror images */
        double angle = atan2(2 * sin(i * M_PI / 6), cos(i * M_PI / 6)) * 180 / M_PI;
        worst = fmax(worst, fabs(angle - before - 30));
        before = angle;
    }
    assert_value(f, "wheel_ordered", 1);
    assert_value(f, "wheel_worst_gap", worst);
}

static void a_wheel_beside_the_origin(fixture *f)
{
    put_wheel(f, 1, 1);
    put(f, "encoder.0.bias", 0, 0, 5);
    assert_value(f, "wheel_ordered", 0);
}

static void a_wheel_pressed_flat(fixture *f)
{
    put_wheel(f, 1, 0);
    assert_value(f, "wheel_ordered", 0);
}

static void a_wheel_at_the_origin(fixture *f)
{
    put_wheel(f, 0, 0);
    assert_value(f, "wheel_ordered", 0);
    assert_value(f, "wheel_worst_gap", 30);
    assert_value(f, "wheel_radius", 0);
    assert_value(f, "red_cos", NAN);
}

static void a_wheel_of_unit_length(fixture *f)
{
    f->model.normalize = true;
    put_wheel(f, 3, 3);
    assert_value(f, "wheel_radius", 1);
}

/* A third dim that is 1 everywhere: it counts for the cosine, not for the radius. */
static void a_wheel_above_the_plane(fixture *f)
{
    open(f);
    put(f, "encoder.0.weight", 0, 0, 1);
    put(f, "encoder.0.weight", 1, 1, 1);
    put(f, "encoder.0.bias", 2, 0, 1);
    assert_value(f, "red_cos", sqrt(0.5));
    measure(f);
    assert_true(value_of(f, "wheel_radius") < 1.5);
}

static void no_wheel_in_one_dim(fixture *f)
{
    f->model.bottleneck = 1;
    open(f);
    measure(f);
    assert_int_equal(f->meter->n_columns, 1);
}

static void no_wheel_of_other_data(fixture *f)
{
    static const char *const features[] = {"r", "g", "x"};
    put_table(f, "r,g,x\n0,0.5,1\n1,1,0\n");
    f->data = (kedge_data_options){.kind = KEDGE_DATA_CSV, .file = f->path, .features = {3, features}, .batch = 1};
    open(f);
    measure(f);
    assert_int_equal(f->meter->n_columns, 1);
}

static const metric_case cases[] = {
    CASE("wheel_ordered", a_perfect_wheel),
    CASE("wheel_ordered", the_other_way_round),
    CASE("wheel_ordered", a_wheel_beside_the_origin),
    CASE("wheel_ordered", a_wheel_pressed_flat),
    CASE("wheel_worst_gap", a_stretched_wheel),
    CASE("wheel_worst_gap", a_wheel_at_the_origin),
    CASE("wheel_radius", a_wheel_of_unit_length),
    CASE("red_cos", red_on_the_left),
    CASE("red_cos", a_wheel_above_the_plane),
    CASE("wheel_ordered", no_wheel_in_one_dim),
    CASE("wheel_ordered", no_wheel_of_other_data),
};
enum { CASES = sizeof cases / sizeof *cases };

int main(void)
{
    struct CMUnitTest tests[CASES];
    return run_cases(cases, CASES, "metrics_wheel", tests, 0);
}
