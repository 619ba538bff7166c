/* cmd_schedule.c - kedge schedule: what a dopesheet says at every step. */
#include <stdio.h>

#include "commands.h"
#include "library.h"

static int run(const cli_command *self, int argc, char **argv)
{
    cli_words words;
    kedge_context *context = NULL;
    kedge_schedule *schedule = NULL;
    char *text = NULL;
    int status;
    if (!cli_parse(self, argc, argv, NULL, &words, &status)) return status;
    status = cli_context_open(&context, self, NULL);
    if (status) return status;
    kedge_status done = kedge_schedule_load(&schedule, context, words.at[0]);
    if (!done) done = kedge_schedule_print(schedule, &text);
    status = cli_print_text(context, done, text);
    kedge_schedule_free(schedule);
    kedge_context_free(context);
    return status;
}

static const char *const text[] = {
    "Prints a dopesheet as CSV with one row per step: step, phase, action, then the value of each column.",
    "  kedge schedule experiments/2.4.1/schedule.csv",
    NULL,
};

const cli_command cli_command_schedule = {
    .name = "schedule", .arguments = "SHEET.csv", .min_words = 1, .max_words = 1,
    .summary = "print the values of a dopesheet at every step", .text = text, .run = run,
};
