/* library.c - what most commands begin with. */
#include "library.h"

#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "message.h"
#include "nearest.h"
#include "progress.h"

static void log_line(const char *line, void *payload)
{
    if (payload) cli_progress_clear(payload);
    cli_say("%s", line);
}

static int check_kernels(const cli_command *command, const char *name)
{
    char all[256] = "'auto'";
    cli_nearest nearest;
    if (!name || strcmp(name, "auto") == 0) return CLI_OK;
    cli_nearest_begin(&nearest, name);
    cli_nearest_offer(&nearest, "auto");
    for (int i = 0; kedge_kernels(i); i++) {
        if (strcmp(kedge_kernels(i), name) == 0) return CLI_OK;
        cli_nearest_offer(&nearest, kedge_kernels(i));
        size_t used = strlen(all);
        snprintf(all + used, sizeof all - used, "%s'%s'", kedge_kernels(i + 1) ? ", " : " or ", kedge_kernels(i));
    }
    if (nearest.best)
        return cli_wrong(command, "--kernels '%s' is unknown; did you mean '%s'?", name, nearest.best);
    return cli_wrong(command, "--kernels '%s' is unknown; must be %s", name, all);
}

int cli_context_open(kedge_context **context, const cli_command *command, const cli_context_options *options)
{
    kedge_context_options with = KEDGE_CONTEXT_OPTIONS_INIT;
    with.log = log_line;
    if (options) {
        int status = check_kernels(command, options->kernels);
        if (status) return status;
        with.kernels = options->kernels;
        with.threads = (int)options->threads;
        with.log_payload = options->progress;
    }
    return kedge_context_create(context, &with) ? cli_failed() : CLI_OK;
}

int cli_recipe_open(kedge_recipe **recipe, kedge_context *context, const cli_command *command, const char *path,
                    const cli_texts *set)
{
    for (int i = 0; i < set->n; i++)
        if (!strchr(set->at[i], '='))
            return cli_wrong(command, "--set '%s' has no '='; write path=value", set->at[i]);
    kedge_recipe_options options = {.set = set->at, .n_set = set->n};
    return kedge_recipe_load(recipe, context, path, &options) ? cli_failed() : CLI_OK;
}

int cli_print_text(kedge_context *context, kedge_status status, char *text)
{
    if (status) return cli_failed();
    fputs(text, stdout);
    kedge_free(context, text);
    return CLI_OK;
}

int cli_print_table(kedge_context *context, kedge_table *table, const char *format)
{
    char *text = NULL;
    kedge_status done = kedge_table_print(table, format, &text);
    kedge_table_free(table);
    return cli_print_text(context, done, text);
}

int cli_store_ask(const cli_command *command, const char *path, const char *format, cli_question ask,
                  const void *payload)
{
    kedge_context *context = NULL;
    kedge_store *store = NULL;
    kedge_table *table = NULL;
    int status = cli_context_open(&context, command, NULL);
    if (status) return status;
    if (kedge_store_open(&store, context, path) || ask(&table, store, payload))
        status = cli_failed();
    else
        status = cli_print_table(context, table, format);
    kedge_store_close(store);
    kedge_context_free(context);
    return status;
}
