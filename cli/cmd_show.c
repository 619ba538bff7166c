/* cmd_show.c - kedge show: what is in a model file. */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "json.h"
#include "library.h"
#include "message.h"

static const char *const formats[] = {"text", "json", NULL};
enum { TEXT, JSON };

typedef struct settings {
    int format;
} settings;

typedef const char *(*name_at)(const kedge_model *model, int i);

/* ---- as text ---- */

static void print_names(const char *what, const kedge_model *model, name_at name, int n)
{
    printf("%-12s%d:", what, n);
    for (int i = 0; i < n; i++) printf(" %s", name(model, i));
    putchar('\n');
}

static void print_tensors(const kedge_model *model)
{
    kedge_tensor_view tensor;
    int wide = 0;
    for (int i = 0; kedge_model_tensor(model, i, &tensor); i++)
        if ((int)strlen(tensor.name) > wide) wide = (int)strlen(tensor.name);
    puts("\ntensors");
    for (int i = 0; kedge_model_tensor(model, i, &tensor); i++) {
        printf("  %-*s  [%zu", wide, tensor.name, tensor.shape[0]);
        if (tensor.dims > 1) printf(", %zu", tensor.shape[1]);
        puts("]");
    }
}

/* Short texts in lines of their own, then those of several lines, the recipe last. */
static void print_metadata(const kedge_model *model)
{
    const char *key, *value;
    puts("\nmetadata");
    for (int i = 0; kedge_model_metadata_at(model, i, &key, &value); i++)
        if (!strchr(value, '\n')) printf("  %s: %s\n", key, value);
    for (int last = 0; last < 2; last++)
        for (int i = 0; kedge_model_metadata_at(model, i, &key, &value); i++) {
            if (!strchr(value, '\n') || (strcmp(key, "recipe") == 0) != last) continue;
            printf("\n%s\n", key);
            for (const char *line = value; *line;) {
                size_t length = strcspn(line, "\n");
                printf("  %.*s\n", (int)length, line);
                line += length + (line[length] == '\n');
            }
        }
}

static void print_text(const kedge_model *model)
{
    print_names("features", model, kedge_model_input_name, kedge_model_inputs(model));
    printf("%-12s%d\n", "latents", kedge_model_latents(model));
    print_names("targets", model, kedge_model_output_name, kedge_model_outputs(model));
    printf("%-12s%zu\n", "parameters", kedge_model_parameter_count(model));
    print_tensors(model);
    print_metadata(model);
}

/* ---- as JSON ---- */

static void json_names(const char *what, const kedge_model *model, name_at name, int n)
{
    printf("  \"%s\": [", what);
    for (int i = 0; i < n; i++) {
        if (i) fputs(", ", stdout);
        cli_json_text(name(model, i));
    }
    puts("],");
}

static void print_json(const kedge_model *model)
{
    kedge_tensor_view tensor;
    const char *key, *value;
    puts("{");
    json_names("features", model, kedge_model_input_name, kedge_model_inputs(model));
    printf("  \"latents\": %d,\n", kedge_model_latents(model));
    json_names("targets", model, kedge_model_output_name, kedge_model_outputs(model));
    printf("  \"parameters\": %zu,\n  \"tensors\": {", kedge_model_parameter_count(model));
    for (int i = 0; kedge_model_tensor(model, i, &tensor); i++) {
        fputs(i ? ",\n    " : "\n    ", stdout);
        cli_json_text(tensor.name);
        printf(": [%zu", tensor.shape[0]);
        if (tensor.dims > 1) printf(", %zu", tensor.shape[1]);
        putchar(']');
    }
    fputs("\n  },\n  \"metadata\": {", stdout);
    const char *between = "\n    ";
    for (int last = 0; last < 2; last++)
        for (int i = 0; kedge_model_metadata_at(model, i, &key, &value); i++) {
            if ((strcmp(key, "recipe") == 0) != last) continue;
            fputs(between, stdout);
            cli_json_text(key);
            fputs(": ", stdout);
            cli_json_text(value);
            between = ",\n    ";
        }
    puts("\n  }\n}");
}

static int run(const cli_command *self, int argc, char **argv)
{
    settings given = {0};
    cli_words words;
    kedge_context *context = NULL;
    kedge_model *model = NULL;
    int status;
    if (!cli_parse(self, argc, argv, &given, &words, &status)) return status;
    status = cli_context_open(&context, self, NULL);
    if (status) return status;
    if (kedge_model_load(&model, context, words.at[0])) status = cli_failed();
    else if (given.format == JSON) print_json(model);
    else print_text(model);
    kedge_model_free(model);
    kedge_context_free(context);
    return status;
}

static const cli_option options[] = {
    {0, "format", "FORMAT", CLI_CHOICE, offsetof(settings, format), .choices = formats, .doc =
     "`text` (the default) or `json`."},
};

static const char *const text[] = {
    "Prints the features, latents and targets of a model, its tensors with their shapes, the number of parameters, and "
    "the text stored with them: seed, version, kernels, how many labels were drawn, schedule and recipe.",
    "  kedge show runs/2.4.1/seed-0/model.safetensors",
    NULL,
};

const cli_command cli_command_show = {
    .name = "show", .arguments = "MODEL", .min_words = 1, .max_words = 1,
    .summary = "print what is in a model file", .text = text,
    .options = options, .n_options = sizeof options / sizeof *options, .run = run,
};
