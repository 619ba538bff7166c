/* fuzz_csv.c - any bytes as a CSV table: a full table of cells with places, or an error. */
#include "fuzz.h"

#include <math.h>
#include <string.h>

#include "format/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    kedge_context *ctx = fuzz_context();
    kedge_arena arena;
    kedge_errors errors;
    kedge_csv csv;
    kedge_arena_init(&arena, ctx);
    kedge_errors_init(&errors);
    bool good = kedge_csv_parse(&csv, &arena, "f", (const char *)data, size, &errors);
    FUZZ_CHECK(good == (errors.count == 0));
    for (int i = 0; good && i < csv.rows * csv.columns; i++) {
        const kedge_csv_cell *cell = &csv.cells[i];
        double value = 0.0;
        FUZZ_CHECK(strlen(cell->text) <= size);
        FUZZ_CHECK(cell->line >= 1 && cell->column >= 1);
        if (kedge_csv_real(cell, &value)) FUZZ_CHECK(isfinite(value));
    }
    kedge_arena_release(&arena);
    kedge_context_free(ctx);
    return 0;
}
