/* cmd_latents.c - kedge latents: a model on its recipe's points, as numbers. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "library.h"
#include "message.h"
#include "output.h"

static const char *const formats[] = {"csv", "npy", NULL};
enum { CSV, NPY };

typedef struct settings {
    const char *file;
    int format;
} settings;

/* Points with their inputs, latents and outputs, which stand beside each other in every row. */
typedef struct points {
    int n, widths[3];
    const float *parts[3];
} points;

/* ---- CSV ---- */

/* A name with what was before it, in quotes where CSV wants them. */
static void print_name(FILE *to, const char *before, const char *name)
{
    bool quoted = strpbrk(name, ",\"\r\n") != NULL;
    fprintf(to, "%s%s", quoted ? "\"" : "", before);
    for (; *name; name++) {
        if (*name == '"') fputc('"', to);
        fputc(*name, to);
    }
    if (quoted) fputc('"', to);
}

static void print_header(FILE *to, const kedge_model *model, const points *all)
{
    for (int i = 0; i < all->widths[0]; i++) {
        if (i) fputc(',', to);
        print_name(to, "in_", kedge_model_input_name(model, i));
    }
    for (int i = 0; i < all->widths[1]; i++) fprintf(to, ",z%d", i);
    for (int i = 0; i < all->widths[2]; i++) {
        fputc(',', to);
        print_name(to, "out_", kedge_model_output_name(model, i));
    }
    fputc('\n', to);
}

static void print_csv(FILE *to, const kedge_model *model, const points *all)
{
    print_header(to, model, all);
    for (int point = 0; point < all->n && !ferror(to); point++) {
        const char *between = "";
        for (int part = 0; part < 3; part++) {
            size_t width = (size_t)all->widths[part];
            for (size_t i = 0; i < width; i++, between = ",")
                fprintf(to, "%s%.9g", between, (double)all->parts[part][(size_t)point * width + i]);
        }
        fputc('\n', to);
    }
}

/* ---- npy, version 1.0: magic, length of the header, a Python dictionary padded to 64 bytes, the numbers ---- */

static void print_npy(FILE *to, const points *all)
{
    enum { PREFIX = 10, ALIGN = 64 };
    static const char order = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? '<' : '>';
    char header[2 * ALIGN + 1];
    int length = snprintf(header, sizeof header, "{'descr': '%cf4', 'fortran_order': False, 'shape': (%d, %d), }",
                          order, all->n, all->widths[0] + all->widths[1] + all->widths[2]);
    int padded = (PREFIX + length + 1 + ALIGN - 1) / ALIGN * ALIGN - PREFIX;
    fwrite("\x93NUMPY\x01\x00", 1, 8, to);
    fputc(padded & 0xff, to);
    fputc(padded >> 8, to);
    fprintf(to, "%s%*s\n", header, padded - 1 - length, "");
    for (int point = 0; point < all->n && !ferror(to); point++)
        for (int part = 0; part < 3; part++) {
            size_t width = (size_t)all->widths[part];
            fwrite(all->parts[part] + (size_t)point * width, sizeof(float), width, to);
        }
}

/* ---- the command ---- */

static int write_points(kedge_model *model, const settings *given)
{
    points all = {.widths = {kedge_model_inputs(model), kedge_model_latents(model), kedge_model_outputs(model)}};
    cli_output output;
    all.n = kedge_model_points(model, &all.parts[0], &all.parts[1], &all.parts[2]);
    int status = cli_output_open(&output, given->file);
    if (status) return status;
    if (given->format == NPY) print_npy(output.stream, &all);
    else print_csv(output.stream, model, &all);
    return cli_output_close(&output, true);
}

static int run(const cli_command *self, int argc, char **argv)
{
    settings given = {0};
    cli_words words;
    kedge_context *context = NULL;
    kedge_model *model = NULL;
    int status;
    if (!cli_parse(self, argc, argv, &given, &words, &status)) return status;
    if (given.format == NPY && !given.file && isatty(STDOUT_FILENO))
        return cli_wrong(self, "npy is no text for a terminal; give -o FILE, or send it elsewhere");
    status = cli_context_open(&context, self, NULL);
    if (status) return status;
    status = kedge_model_load(&model, context, words.at[0]) ? cli_failed() : write_points(model, &given);
    kedge_model_free(model);
    kedge_context_free(context);
    return status;
}

static const cli_option options[] = {
    {'o', "output", "FILE", CLI_TEXT, offsetof(settings, file), .doc =
     "Write to this file, whole or not at all, instead of standard output."},
    {0, "format", "FORMAT", CLI_CHOICE, offsetof(settings, format), .choices = formats, .doc =
     "`csv` (the default): a header, then a row per point: in_NAME for each feature, z0, z1, ... for the latents, "
     "out_NAME for each target. `npy`: the same rows without the header, as one float32 array."},
};

static const char *const text[] = {
    "Runs the points of the recipe's data through a model and prints inputs, latents and outputs, the latter as "
    "the model gives them, not clamped.",
    "  kedge latents runs/2.4.1/seed-0/model.safetensors > latents.csv",
    NULL,
};

const cli_command cli_command_latents = {
    .name = "latents", .arguments = "MODEL", .min_words = 1, .max_words = 1,
    .summary = "print inputs, latents and outputs of a model on its recipe's points", .text = text,
    .options = options, .n_options = sizeof options / sizeof *options, .run = run,
};
