/* cmd_edit.c - kedge edit: surgery on the weights of a model file. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "commands.h"
#include "library.h"
#include "message.h"
#include "models.h"
#include "output.h"

enum { DIMS_MAX = 256 };

typedef struct settings {
    const char *dims, *site, *gamma, *value, *file;
    long long seed; /* -1: the best */
    bool force;
} settings;

/* The settings as numbers. */
typedef struct numbers {
    int dims[DIMS_MAX];
    double values[DIMS_MAX];
    kedge_surgery surgery;
} numbers;

/* ---- arguments ---- */

static int read_dims(const cli_command *self, const char *text, numbers *to)
{
    if (!text) return cli_wrong(self, "which dims is missing; give --dims, as in '--dims 0' or '--dims 0,1'");
    for (const char *at = text; to->surgery.n_dims < DIMS_MAX; at++) {
        size_t digits = strspn(at, "0123456789");
        if (digits == 0 || digits > 6) break;
        to->dims[to->surgery.n_dims++] = (int)strtol(at, NULL, 10);
        at += digits;
        if (*at == '\0') return CLI_OK;
        if (*at != ',') break;
    }
    return cli_wrong(self, "--dims '%s' must be numbers of dims, counted from 0, with commas between: '0,1'", text);
}

static bool read_real(const char **at, double *value)
{
    char *end;
    errno = 0;
    *value = strtod(*at, &end);
    bool good = end != *at && !strchr(" \t\n", **at) && isfinite(*value);
    *at = end;
    return good;
}

static int read_values(const cli_command *self, const char *text, numbers *to)
{
    for (const char *at = text; to->surgery.n_values < DIMS_MAX; at++) {
        if (!read_real(&at, &to->values[to->surgery.n_values])) break;
        to->surgery.n_values++;
        if (*at == '\0') return CLI_OK;
        if (*at != ',') break;
    }
    return cli_wrong(self, "--value '%s' must be numbers, one per dim, with commas between: '0.1,-0.2'", text);
}

static int read_gamma(const cli_command *self, const char *text, numbers *to)
{
    const char *at = text;
    if (read_real(&at, &to->surgery.gamma) && *at == '\0' && to->surgery.gamma >= 0) return CLI_OK;
    return cli_wrong(self, "--gamma '%s' must be a number of at least 0; 0 stands for the size of the dim on the data",
                     text);
}

static int read_settings(const cli_command *self, const char *kind, const settings *given, numbers *to)
{
    to->surgery = (kedge_surgery){.kind = kind, .site = given->site, .dims = to->dims, .values = to->values};
    int status = read_dims(self, given->dims, to);
    if (!status && given->gamma) status = read_gamma(self, given->gamma, to);
    if (!status && given->value) status = read_values(self, given->value, to);
    if (status) return status;
    return given->file ? CLI_OK : cli_wrong(self, "where to is missing; give -o FILE");
}

/* A file that is there is replaced only where that was asked for: it may be the one copy of a trained model. */
static int check_output(const char *from, const settings *given)
{
    struct stat source, target;
    if (given->force || stat(given->file, &target)) return CLI_OK;
    bool same = stat(from, &source) == 0 && source.st_dev == target.st_dev && source.st_ino == target.st_ino;
    cli_say("%s: %s; give another name, or --force to replace it", given->file,
            same ? "is the model itself" : "is there already");
    return CLI_FAILED;
}

/* ---- the report ---- */

static void print_report(const numbers *with, const kedge_surgery_report *reports, const kedge_model *model,
                         const char *file)
{
    static const char *const titles[] = {"rms", "mean", "least", "most", "set to", "peak", "peak now"};
    const kedge_surgery *surgery = &with->surgery;
    bool sets = strcmp(surgery->kind, "redirect") == 0 || strcmp(surgery->kind, "constant") == 0;
    printf("%s at %s\n", surgery->kind, surgery->site ? surgery->site : "bottleneck");
    printf("mean squared error on the data: %.3g before, %.3g after\n\ndim", reports[0].loss_before,
           reports[0].loss_after);
    for (int i = 0; i < 7; i++)
        if (i != 4 || sets) printf("  %9s", titles[i]);
    putchar('\n');
    for (int d = 0; d < surgery->n_dims; d++) {
        const kedge_surgery_report *at = &reports[d];
        const double columns[] = {at->rms, at->mean, at->least, at->most, at->set, at->peak_before, at->peak_after};
        printf("%3d", at->dim);
        for (int i = 0; i < 7; i++)
            if (i != 4 || sets) printf("  %9.4g", columns[i] == 0 ? 0 : columns[i]); /* never "-0" */
        putchar('\n');
    }
    printf("\n%s: %d latents, %zu parameters\n", file, kedge_model_latents(model), kedge_model_parameter_count(model));
}

/* ---- the command ---- */

static int operate(kedge_context *context, const char *from, const settings *given, const numbers *with)
{
    kedge_model *model = NULL;
    kedge_surgery_report *reports = calloc((size_t)with->surgery.n_dims, sizeof *reports);
    int status = CLI_OK;
    if (!reports) {
        cli_say("out of memory for a report");
        return CLI_FAILED;
    }
    if (kedge_model_load(&model, context, from) || kedge_model_operate(model, &with->surgery, reports) ||
        kedge_model_save(model, given->file))
        status = cli_failed();
    else
        print_report(with, reports, model, given->file);
    kedge_model_free(model);
    free(reports);
    return status;
}

static int run(const cli_command *self, int argc, char **argv)
{
    settings given = {.seed = -1};
    numbers with = {0};
    cli_model_file from;
    cli_words words;
    kedge_context *context = NULL;
    int status;
    if (!cli_parse(self, argc, argv, &given, &words, &status)) return status;
    status = read_settings(self, words.at[0], &given, &with);
    if (!status) status = cli_context_open(&context, self, NULL);
    if (status) return status;
    status = cli_model_find_best(&from, context, self, words.at[1], given.seed, NULL);
    if (!status) status = check_output(from.path, &given);
    if (!status) status = operate(context, from.path, &given, &with);
    if (!status) status = cli_output_flush(); /* the report before the message about it */
    if (!status) cli_model_say(&from, words.at[1]);
    kedge_context_free(context);
    return status;
}

static const cli_option options[] = {
    {0, "dims", "N,..", CLI_TEXT, offsetof(settings, dims), .doc =
     "The dims to operate on, counted from 0 in the model as it is. Required."},
    {0, "seed", "N", CLI_INT, offsetof(settings, seed), 0, 1000000000000LL, .doc =
     "The seed of a run directory to operate on; the one with the best score by default."},
    {0, "site", "SITE", CLI_TEXT, offsetof(settings, site), .doc =
     "The activation that the dims belong to: `bottleneck` (the default), `pre-norm`, `encoder.N` or `decoder.N`."},
    {0, "gamma", "G", CLI_TEXT, offsetof(settings, gamma), .doc =
     "redirect: set the dims to -G, before normalization. By default each dim's root mean square over the data."},
    {0, "value", "V,..", CLI_TEXT, offsetof(settings, value), .doc =
     "constant: the constants, one per dim, before normalization. By default those that harm least on the data."},
    {'o', "output", "FILE", CLI_TEXT, offsetof(settings, file), .doc =
     "Where the model goes, whole or not at all. Required."},
    {0, "force", NULL, CLI_SWITCH, offsetof(settings, force), .doc =
     "Replace FILE if it is there, even if it is the model itself."},
};

static const char *const text[] = {
    "Changes the weights that make or read dims of an activation and writes the model anew, with a note of it "
    "under `surgery` in its metadata. Several operations are several commands, each on what the last one wrote.",
    "`ablate` zeroes the weights that make the dims and those that read them. `prune` deletes them: a smaller "
    "network with the same outputs, at the bottleneck only. `redirect` makes the dims the constant -gamma for "
    "every input, the place opposite the concept. `reflect` negates the weights that make them. `constant` makes "
    "them the constants that harm least: for one dim the best of a range that holds all its values on the data, "
    "for several the best along each dim by turns.",
    "  kedge edit ablate runs/2.9.1/seed-0/model.safetensors --dims 0 -o ablated.safetensors\n"
    "  kedge edit redirect model.safetensors --dims 0 --gamma 0.5 -o redirected.safetensors\n"
    "  kedge edit constant model.safetensors --dims 0,1 -o constant.safetensors",
    "Prints, for each dim, its root mean square, mean, least and most over the recipe's data before, as the "
    "weights make it, before normalization; what it was set to; and its peak, the greatest value of the "
    "activation, with what the same point has now.",
    NULL,
};

const cli_command cli_command_edit = {
    .name = "edit", .arguments = "ablate|prune|redirect|reflect|constant DIR|MODEL", .min_words = 2, .max_words = 2,
    .summary = "remove or move dims by surgery on a model's weights", .text = text,
    .options = options, .n_options = sizeof options / sizeof *options, .run = run,
};
