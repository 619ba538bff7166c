/* rescheduled.c - a recipe whose schedule changes while a run of it goes on. */
#include "run/rescheduled.h"

#include <string.h>

#include "format/csv.h"
#include "run/recipe_parts.h"
#include "schedule/schedule.h"

/* The resolved text of 'recipe', a version of self->recipe, in a new block. */
static kedge_status print(const kedge_recipe *recipe, char **out)
{
    kedge_text text;
    kedge_text_init(&text, recipe->ctx);
    kedge_recipe_print(recipe, &text);
    kedge_status status = kedge_text_status(&text, "the resolved recipe");
    if (status) kedge_text_release(&text);
    else *out = text.bytes;
    return status;
}

/* Makes 'recipe' the one that holds, with its text. */
static void take(kedge_rescheduled *self, const kedge_recipe *recipe, char *text)
{
    kedge_release(recipe->ctx, self->text);
    self->text = text;
    self->recipe = *recipe;
    self->recipe.text = text;
}

kedge_status kedge_rescheduled_seed(kedge_rescheduled *self, long long seed)
{
    kedge_recipe recipe = self->recipe;
    char *text;
    recipe.first_seed = seed;
    recipe.n_seeds = 1;
    kedge_status status = print(&recipe, &text);
    if (!status) take(self, &recipe, text);
    return status;
}

kedge_status kedge_rescheduled_init(kedge_rescheduled *self, const kedge_recipe *original, long long seed)
{
    *self = (kedge_rescheduled){.recipe = *original};
    return kedge_rescheduled_seed(self, seed);
}

void kedge_rescheduled_release(kedge_rescheduled *self)
{
    if (!self->recipe.ctx) return;
    kedge_schedule_free(self->sheet);
    kedge_release(self->recipe.ctx, self->bytes);
    kedge_release(self->recipe.ctx, self->text);
    *self = (kedge_rescheduled){0};
}

kedge_status kedge_rescheduled_sheet(kedge_rescheduled *self, const kedge_text *sheet)
{
    static const char name[] = "schedule.csv"; /* as a run's directory has it */
    kedge_recipe recipe = self->recipe;
    kedge_context *ctx = recipe.ctx;
    char *text = NULL, *bytes = kedge_alloc(ctx, sheet->length + 1, 1);
    if (!bytes) return kedge_fail_memory("a schedule");
    memcpy(bytes, kedge_text_string(sheet), sheet->length + 1);
    kedge_schedule *schedule = NULL;
    kedge_status status = kedge_schedule_parse(&schedule, ctx, name, bytes, sheet->length);
    if (status) goto done;
    recipe.constants = (kedge_weights){0};
    recipe.sheet = schedule;
    recipe.sheet_path = name;
    recipe.sheet_bytes = bytes;
    recipe.sheet_length = sheet->length;
    if (recipe.n_sets > 0) status = kedge_recipe_sets_drawn(&recipe);
    if (!status) status = print(&recipe, &text);
    if (status) goto done;
    take(self, &recipe, text);
    kedge_schedule_free(self->sheet);
    kedge_release(ctx, self->bytes);
    self->sheet = schedule;
    self->bytes = bytes;
    schedule = NULL;
    bytes = NULL;
done:
    kedge_schedule_free(schedule);
    kedge_release(ctx, bytes);
    return status;
}

void kedge_recipe_sheet(const kedge_recipe *recipe, kedge_text *text)
{
    if (recipe->sheet_bytes) {
        kedge_text_add_bytes(text, recipe->sheet_bytes, recipe->sheet_length);
        return;
    }
    kedge_text_add(text, "STEP");
    for (int i = 0; i < recipe->constants.n; i++) {
        kedge_text_add(text, ",");
        kedge_csv_add_cell(text, recipe->constants.names[i]);
    }
    kedge_text_add(text, "\n0");
    for (int i = 0; i < recipe->constants.n; i++) {
        kedge_text_add(text, ",");
        kedge_yaml_print_real(text, recipe->constants.values[i]);
    }
    kedge_text_add(text, "\n");
    if (recipe->steps == 1) return;
    kedge_text_addf(text, "%lld", (long long)recipe->steps - 1);
    for (int i = 0; i < recipe->constants.n; i++) kedge_text_add(text, ",");
    kedge_text_add(text, "\n");
}
