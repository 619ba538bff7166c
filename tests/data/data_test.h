/* data_test.h - what tests over data sets share: a context, an error list, and comparison of its text. */
#ifndef DATA_TEST_H
#define DATA_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "data/dataset.h"

static kedge_context *ctx;
static kedge_errors errors;

static int set_up(void **state)
{
    (void)state;
    kedge_errors_init(&errors);
    return kedge_context_create(&ctx, NULL) == KEDGE_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    kedge_context_free(ctx);
    return 0;
}

/* The list holds exactly this text ("": nothing). Empties it. */
static inline void assert_errors(const char *text)
{
    if (errors.count == 0)
        assert_string_equal("", text);
    else {
        kedge_errors_status(&errors);
        assert_string_equal(kedge_error(), text);
    }
    kedge_errors_init(&errors);
}

static inline kedge_data_options rgb_options(int64_t points)
{
    return (kedge_data_options){.kind = KEDGE_DATA_RGB_GRID, .points = points, .batch = 64};
}

static inline kedge_data_options hsv_options(int64_t hues, int64_t saturations, int64_t values)
{
    return (kedge_data_options){.kind = KEDGE_DATA_HSV_GRID, .hues = hues, .saturations = saturations,
                                .values = values, .batch = 64};
}

static inline kedge_dataset *make(const kedge_data_options *options)
{
    kedge_dataset *dataset = kedge_dataset_create(ctx, options, "r.yaml:3:8", &errors);
    if (!dataset) assert_errors("");
    assert_non_null(dataset);
    return dataset;
}

static inline const double *column_of(const kedge_dataset *dataset, const char *name)
{
    for (int i = 0; i < dataset->n_columns; i++)
        if (strcmp(dataset->column_names[i], name) == 0) return dataset->columns[i];
    fail_msg("no column '%s'", name);
    return dataset->columns[0]; /* not reached: gcc does not know that */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
