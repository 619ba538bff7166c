/* commands.c - the list of commands. */
#include "commands.h"

#include <string.h>

#include "nearest.h"

static const cli_command *const list[] = {
    &cli_command_run,     &cli_command_sweep, &cli_command_check, &cli_command_lr_find,
    &cli_command_schedule, &cli_command_show,
    &cli_command_runs,    &cli_command_pareto, &cli_command_compare,
    &cli_command_evaluate,
    &cli_command_certify, &cli_command_labels,
    &cli_command_edit,    &cli_command_diff,
    &cli_command_report,  &cli_command_view,
    &cli_command_latents, &cli_command_draw,  &cli_command_video,    &cli_command_help,     &cli_command_version,
};

const cli_command *cli_command_at(int i)
{
    return i >= 0 && i < (int)(sizeof list / sizeof *list) ? list[i] : NULL;
}

const cli_command *cli_command_named(const char *name)
{
    const cli_command *command;
    for (int i = 0; (command = cli_command_at(i)); i++)
        if (strcmp(command->name, name) == 0) return command;
    return NULL;
}

const char *cli_command_nearest(const char *word)
{
    cli_nearest nearest;
    cli_nearest_begin(&nearest, word);
    for (int i = 0; cli_command_at(i); i++) cli_nearest_offer(&nearest, cli_command_at(i)->name);
    return nearest.best;
}
