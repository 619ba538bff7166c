/* cmd_version.c - kedge version. */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "library.h"

static int run(const cli_command *self, int argc, char **argv)
{
    cli_words words;
    kedge_context *context = NULL;
    int status;
    if (!cli_parse(self, argc, argv, NULL, &words, &status)) return status;
    status = cli_context_open(&context, self, NULL);
    if (status) return status;
    printf("kedge %s\nkernels:", kedge_version());
    for (int i = 0; kedge_kernels(i); i++) {
        const char *name = kedge_kernels(i);
        bool chosen = strcmp(name, kedge_context_kernels(context)) == 0;
        const char *note = chosen ? " (in use)" : kedge_kernels_usable(name) ? "" : " (not on this machine)";
        printf("%s %s%s", i ? "," : "", name, note);
    }
    putchar('\n');
    kedge_context_free(context);
    return CLI_OK;
}

static const char *const text[] = {
    "Prints the version, and the kernels of this build with those that `--kernels auto` takes on this machine.",
    NULL,
};

const cli_command cli_command_version = {
    .name = "version", .arguments = "", .min_words = 0, .max_words = 0,
    .summary = "print the version and the kernels", .text = text, .run = run,
};
