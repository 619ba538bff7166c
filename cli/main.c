/* main.c - the command line: finds the command, runs it, sees that its results were written. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "manual.h"
#include "message.h"
#include "output.h"

/* With a standard stream closed, the next file opened would take its number, and results or messages would go
 * into that file. What takes the place can be neither read nor written, so both still fail. */
static void keep_standard_streams(void)
{
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) < 0) _exit(CLI_FAILED);
}

static int dispatch(int argc, char **argv)
{
    if (argc < 2) {
        cli_manual_short();
        return CLI_USAGE;
    }
    const char *word = argv[1];
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) word = cli_command_help.name;
    if (strcmp(word, "--version") == 0) word = cli_command_version.name;
    const cli_command *command = cli_command_named(word);
    if (command) return command->run(command, argc - 2, argv + 2);
    const char *nearest = cli_command_nearest(word);
    if (word[0] == '-') cli_say("unknown option '%s'; a command comes first: 'kedge help' lists them", word);
    else if (nearest) cli_say("unknown command '%s'; did you mean '%s'?", word, nearest);
    else cli_say("unknown command '%s'; 'kedge help' lists them", word);
    return CLI_USAGE;
}

int main(int argc, char **argv)
{
    keep_standard_streams();
    int status = dispatch(argc, argv);
    int written = cli_output_flush();
    return status ? status : written;
}
