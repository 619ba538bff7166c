/* cmd_view.c - kedge view: runs in a browser. */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "commands.h"
#include "interrupt.h"
#include "library.h"
#include "message.h"
#include "output.h"

extern char **environ;

typedef struct settings {
    const char *address, *token, *directory, *kernels;
    cli_texts set;
    long long port, pace, seed;
    bool paused, force, open;
} settings;

/* The desktop's own way to a browser. The child, to be waited for; 0: there is none. */
static pid_t open_browser(const char *url)
{
    char program[] = "xdg-open", address[512];
    char *const words[] = {program, address, NULL};
    posix_spawn_file_actions_t quiet;
    pid_t child = 0;
    if (strstr(url, "?token=")) { /* whoever lists the machine's processes sees their arguments */
        cli_say("--open would show the token to others on this machine; open the address yourself");
        return 0;
    }
    snprintf(address, sizeof address, "%s", url);
    int failed = posix_spawn_file_actions_init(&quiet);
    if (!failed) {
        failed = posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0) ||
                 posix_spawn_file_actions_adddup2(&quiet, 1, 2) ||
                 posix_spawnp(&child, program, &quiet, NULL, words, environ);
        posix_spawn_file_actions_destroy(&quiet);
    }
    if (failed) cli_say("no browser can be opened from here; open the address in one");
    return failed ? 0 : child;
}

/* Tells of the runs that have ended since 'told' had. */
static long long tell_endings(const kedge_view_state *state, const char *directory, long long told)
{
    long long more = state->endings - told;
    if (more > 1) cli_say("%lld runs have ended; the last:", more);
    if (more > 0 && state->ended_message[0]) cli_say("seed %lld: %s", state->ended_seed, state->ended_message);
    else if (more > 0 && directory) cli_say("seed %lld is written to %s", state->ended_seed, state->directory);
    return state->endings;
}

/* Until Ctrl-C. Returns the number of endings that were told. */
static long long wait_for_end(kedge_view *view, const char *directory, pid_t browser, const volatile int *stop)
{
    const struct timespec moment = {.tv_nsec = 50 * 1000 * 1000};
    long long told = 0;
    while (!*stop) {
        kedge_view_state state;
        kedge_view_state_get(view, &state);
        told = tell_endings(&state, directory, told);
        if (browser && waitpid(browser, NULL, WNOHANG) != 0) browser = 0;
        nanosleep(&moment, NULL);
    }
    return told;
}

/* What a run that was to be written did not come to. */
static int report(const kedge_view_state *state, const char *directory)
{
    if (!state->live || (state->done && !state->message[0])) return CLI_OK;
    bool changed = directory && state->changes > 0 && state->directory && !state->message[0];
    if (!state->done && changed)
        cli_say("stopped at step %d of %d; the run is not written, its recipe with all changes is in %s", state->step,
                state->steps, state->directory);
    else if (!state->done)
        cli_say("stopped at step %d of %d%s", state->step, state->steps, directory ? "; the run is not written" : "");
    if (!state->done && state->message[0]) cli_say("%s", state->message);
    return directory ? CLI_FAILED : CLI_OK;
}

static int serve(kedge_context *context, const char *input, const settings *given, const kedge_view_options *options)
{
    kedge_view *view = NULL;
    const volatile int *stop = cli_interrupt_catch();
    if (kedge_view_start(&view, context, input, options)) return cli_failed();
    printf("kedge: %s\n", kedge_view_url(view));
    int status = cli_output_flush();
    if (!status) {
        kedge_view_state state;
        pid_t browser = given->open ? open_browser(kedge_view_url(view)) : 0;
        long long told = wait_for_end(view, given->directory, browser, stop);
        kedge_view_end(view, &state);
        tell_endings(&state, given->directory, told);
        status = report(&state, given->directory);
    }
    kedge_view_stop(view);
    return status;
}

static int run(const cli_command *self, int argc, char **argv)
{
    settings given = {.seed = -1, .pace = -1};
    cli_words words;
    kedge_view_options options = KEDGE_VIEW_OPTIONS_INIT;
    kedge_context *context = NULL;
    int status;
    if (!cli_parse(self, argc, argv, &given, &words, &status)) return status;
    if (given.force && !given.directory) return cli_wrong(self, "--force replaces a directory; give -o DIR");
    status = cli_context_open(&context, self, &(cli_context_options){.kernels = given.kernels});
    if (status) return status;
    options.address = given.address;
    options.port = (int)given.port;
    options.token = given.token;
    options.seed = given.seed;
    options.set = given.set.at;
    options.n_set = given.set.n;
    options.directory = given.directory;
    options.force = given.force;
    options.pace = (double)given.pace;
    options.paused = given.paused;
    status = serve(context, words.at[0], &given, &options);
    kedge_context_free(context);
    return status;
}

static const cli_option options[] = {
    {0, "port", "N", CLI_INT, offsetof(settings, port), 0, 65535, .doc =
     "Listen at this port; by default at any that is free."},
    {0, "bind", "ADDRESS", CLI_TEXT, offsetof(settings, address), .doc =
     "Listen at this address of the machine instead of 127.0.0.1, which nobody else can reach; `0.0.0.0` is all of "
     "them. Who asks must then have a token."},
    {0, "token", "TOKEN", CLI_TEXT, offsetof(settings, token), .doc =
     "The token that must be had: 16 to 128 letters, digits, `-` or `_`. By default none at 127.0.0.1, a random one "
     "elsewhere; it is part of the address that is printed."},
    {0, "open", NULL, CLI_SWITCH, offsetof(settings, open), .doc =
     "Open the address in the desktop's browser; not where it has a token, which others could then read in the list of "
     "processes."},
    {0, "seed", "N", CLI_INT, offsetof(settings, seed), 0, 1000000000000LL, .doc =
     "The seed of a recipe that is trained, its first by default; or the seed of a run directory that is shown first "
     "instead of the list of seeds."},
    {'o', "output", "DIR", CLI_TEXT, offsetof(settings, directory), .doc =
     "Write the finished run into this directory, as `kedge run` would, with all changes in its schedule."},
    {'f', "force", NULL, CLI_SWITCH, offsetof(settings, force), .doc =
     "Replace what the directory holds of another recipe, or finished seeds of this one, as soon as there is something "
     "to write instead."},
    {0, "pace", "STEPS", CLI_INT, offsetof(settings, pace), 0, 10000000, .doc =
     "Train so many steps a second, 0: as fast as it goes; by default so many that the run takes about 20 seconds. The "
     "page can change it."},
    {0, "paused", NULL, CLI_SWITCH, offsetof(settings, paused), .doc = "Wait before the first step."},
    {0, "set", "path=value", CLI_TEXTS, offsetof(settings, set), .doc =
     "Change a key of the recipe: `--set model.bottleneck=5`. May be given several times."},
    {0, "kernels", "NAME", CLI_TEXT, offsetof(settings, kernels), .doc =
     "Compute with these kernels; `kedge version` lists them."},
};

static const char *const text[] = {
    "Serves a page to browsers on this machine, until Ctrl-C. A recipe is trained while one looks on: its points move, "
    "its curves grow; it can be paused, slowed down, stepped, restarted with another seed, and the learning rate, the "
    "weights of terms, the rates of labels and the factors of sets changed while it trains. Every change becomes part "
    "of the schedule, so that `kedge run` repeats the run from the files that `-o` leaves; a run that fails or is "
    "stopped leaves its recipe with the changes there. Seeds of the same schedule go into one directory; what is "
    "finished is never overwritten by a restart with another schedule, which goes to DIR-2, DIR-3 and so on beside it.",
    "Of a run directory the list of seeds is shown, each of which opens as a report; of a folder with run directories "
    "in it, or of a store, the list of runs; of a model file its report.",
    "  kedge view experiments/2.4.1 --pace 100 -o runs/steered\n"
    "  kedge view runs/2.4.1 --seed 3\n"
    "  kedge view runs --port 8080",
    "The address is printed as soon as it can be opened. Pages of other sites cannot ask it for anything, and it "
    "serves nothing but its own few addresses.",
    NULL,
};

const cli_command cli_command_view = {
    .name = "view", .arguments = "RECIPE|DIR|MODEL|STORE", .min_words = 1, .max_words = 1,
    .summary = "look at runs in a browser, also while they train", .text = text,
    .options = options, .n_options = sizeof options / sizeof *options, .run = run,
};
