/* fuzz_schedule.c - any bytes as a dopesheet: a finite value at every step, or an error; what is printed is a table of
 * as many rows as there are steps; and written anew, with a change of its first column, it is the same before that. */
#include "fuzz.h"

#include <math.h>
#include <string.h>

#include "format/csv.h"
#include "schedule/amend.h"
#include "schedule/schedule.h"

static void check_values(const kedge_schedule *schedule)
{
    int steps = kedge_schedule_steps(schedule), stride = steps / 100 + 1;
    for (int i = 0; i < kedge_schedule_columns(schedule); i++)
        for (int step = 0; step < steps + stride; step += stride)
            FUZZ_CHECK(isfinite(kedge_schedule_value(schedule, i, step)));
}

/* Names, phases and actions come back through quotes. */
static void check_table(kedge_context *ctx, const kedge_schedule *schedule)
{
    kedge_arena arena;
    kedge_errors errors;
    kedge_csv csv;
    char *text = NULL;
    kedge_arena_init(&arena, ctx);
    kedge_errors_init(&errors);
    FUZZ_CHECK(kedge_schedule_print(schedule, &text) == KEDGE_OK);
    FUZZ_CHECK(kedge_csv_parse(&csv, &arena, "f", text, strlen(text), &errors));
    FUZZ_CHECK(csv.rows == kedge_schedule_steps(schedule));
    FUZZ_CHECK(csv.columns == 3 + kedge_schedule_columns(schedule));
    for (int step = 0; step < csv.rows; step++) {
        FUZZ_CHECK(strcmp(kedge_csv_at(&csv, step, 1)->text, kedge_schedule_phase(schedule, step)) == 0);
        FUZZ_CHECK(strcmp(kedge_csv_at(&csv, step, 2)->text, kedge_schedule_action(schedule, step)) == 0);
    }
    kedge_free(ctx, text);
    kedge_arena_release(&arena);
}

static void check_amended(kedge_context *ctx, const kedge_schedule *schedule, const char *bytes, size_t size)
{
    int steps = kedge_schedule_steps(schedule);
    kedge_amendment change = {kedge_schedule_name(schedule, 0), steps / 2, 0.5, steps / 4, size % 2 == 0};
    kedge_text text;
    kedge_schedule *amended = NULL;
    kedge_text_init(&text, ctx);
    FUZZ_CHECK(kedge_schedule_amend(&text, ctx, "f", bytes, size, &change, 1, 1) == KEDGE_OK);
    kedge_status status = kedge_schedule_parse(&amended, ctx, "f", kedge_text_string(&text), text.length);
    FUZZ_CHECK(status == KEDGE_OK || strstr(kedge_error(), "too far to go on"));
    for (int i = 0; amended && i < kedge_schedule_columns(schedule); i++)
        for (int step = 0; step < (i == 0 ? change.step : steps); step += steps / 100 + 1)
            FUZZ_CHECK(kedge_schedule_value(amended, i, step) == kedge_schedule_value(schedule, i, step));
    for (int step = change.step + change.over; amended && change.hold && step < steps; step += steps / 100 + 1)
        FUZZ_CHECK(kedge_schedule_value(amended, 0, step) == 0.5);
    kedge_schedule_free(amended);
    kedge_text_release(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    kedge_context *ctx = fuzz_context();
    kedge_schedule *schedule = NULL;
    if (kedge_schedule_parse(&schedule, ctx, "f", (const char *)data, size) == KEDGE_OK) {
        check_values(schedule);
        int n_untils;
        kedge_schedule_untils(schedule, &n_untils);
        if (n_untils == 0) check_amended(ctx, schedule, (const char *)data, size);
        if ((long)kedge_schedule_steps(schedule) * kedge_schedule_columns(schedule) < 2000) check_table(ctx, schedule);
    }
    kedge_schedule_free(schedule);
    kedge_context_free(ctx);
    return 0;
}
