/* cmd_certify.c - kedge certify: what a plan can change at most, promised from the weights. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "commands.h"
#include "json.h"
#include "library.h"
#include "message.h"
#include "models.h"
#include "output.h"

static const char *const formats[] = {"table", "csv", "json", NULL};
static const char *const shows[] = {"cells", "colours", "points", NULL};
enum { TABLE, CSV, JSON };
enum { CELLS, COLOURS, POINTS };

typedef struct settings {
    const char *plan, *recipe, *resolution, *tolerance;
    int format, show;
    long long seed; /* -1: the best */
    long long patches, threads;
} settings;

static double degrees(double alignment)
{
    return acos(fmin(1, fmax(-1, alignment))) * (180 / M_PI);
}

/* ---- for reading ---- */

static void print_cells(const kedge_certificate *certificate)
{
    const kedge_certificate_cell *cells;
    int n = kedge_certificate_cells(certificate, &cells);
    printf("  alignment       degrees   promised    found   of data  points\n");
    for (int i = 0; i < n; i++) {
        const kedge_certificate_cell *c = &cells[i];
        printf("%4.2f - %4.2f  %5.1f - %4.1f  %9.4f%9.4f", c->low, c->high, degrees(c->low), degrees(c->high), c->bound,
               c->found);
        if (c->points > 0) printf("%10.4f%8d\n", c->measured, c->points);
        else printf("%10s%8d\n", "-", 0);
    }
}

static void print_sentences(const kedge_certificate *certificate)
{
    static const int angles[] = {80, 70, 60, 45, 30};
    const char *from = kedge_certificate_is_unsigned(certificate) ? "the edited dims" : "the direction";
    printf("\n");
    for (size_t i = 0; i < sizeof angles / sizeof *angles; i++) {
        double most = kedge_certificate_beyond(certificate, angles[i]);
        printf("no input more than %d degrees from %s can change by more than %.4f (mean square %.4f)\n", angles[i],
               from, most, most * most);
    }
    double most = kedge_certificate_beyond(certificate, 0);
    printf("no input can change by more than %.4f (mean square %.4f)\n", most, most * most);
}

static void print_points(const kedge_certificate *certificate, bool colours)
{
    const kedge_certificate_point *points;
    int n = colours ? kedge_certificate_colours(certificate, &points) : kedge_certificate_points(certificate, &points);
    if (n == 0) return;
    printf("%-12s  alignment  baseline  promised  measured  mean squared errors\n", colours ? "colour" : "point");
    for (int i = 0; i < n; i++) {
        char number[16];
        snprintf(number, sizeof number, "%d", points[i].point);
        printf("%-12s%11.4f%10.4f%10.4f%10.4f\n", points[i].name ? points[i].name : number, points[i].alignment,
               points[i].baseline, points[i].promised, points[i].after);
    }
}

static void print_table(const kedge_certificate *certificate, const settings *given)
{
    if (given->show == CELLS) {
        print_cells(certificate);
        print_sentences(certificate);
        printf("\n");
    }
    print_points(certificate, given->show != POINTS);
}

/* ---- for programs ---- */

static void print_csv(const kedge_certificate *certificate, int show)
{
    const kedge_certificate_cell *cells;
    const kedge_certificate_point *points;
    if (show == CELLS) {
        int n = kedge_certificate_cells(certificate, &cells);
        printf("low,high,degrees_low,degrees_high,bound,found,measured,points,patches\n");
        for (int i = 0; i < n; i++) {
            const kedge_certificate_cell *c = &cells[i];
            printf("%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%d,%lld\n", c->low, c->high, degrees(c->high), degrees(c->low),
                   c->bound, c->found, c->measured, c->points, c->patches);
        }
        return;
    }
    int n = show == COLOURS ? kedge_certificate_colours(certificate, &points)
                            : kedge_certificate_points(certificate, &points);
    printf("%s,alignment,change,baseline,promised,after\n", show == COLOURS ? "colour" : "point");
    for (int i = 0; i < n; i++) {
        const kedge_certificate_point *p = &points[i];
        if (p->name) printf("%s,", p->name);
        else printf("%d,", p->point);
        printf("%.9g,%.9g,%.9g,%.9g,%.9g\n", p->alignment, p->change, p->baseline, p->promised, p->after);
    }
}

static void print_json_points(const char *key, int n, const kedge_certificate_point *points)
{
    printf(" \"%s\": [", key);
    for (int i = 0; i < n; i++) {
        const kedge_certificate_point *p = &points[i];
        printf("%s\n  {", i ? "," : "");
        if (p->name) {
            printf("\"colour\": ");
            cli_json_text(p->name);
        } else {
            printf("\"point\": %d", p->point);
        }
        printf(", \"alignment\": %.9g, \"change\": %.9g, \"baseline\": %.9g, \"promised\": %.9g, \"after\": %.9g}",
               p->alignment, p->change, p->baseline, p->promised, p->after);
    }
    printf("]");
}

static void print_json(const kedge_certificate *certificate, const char *plan)
{
    const kedge_certificate_cell *cells;
    const kedge_certificate_point *points;
    int n = kedge_certificate_cells(certificate, &cells);
    printf("{\"plan\": ");
    cli_json_text(plan);
    printf(", \"unsigned\": %s,\n \"cells\": [", kedge_certificate_is_unsigned(certificate) ? "true" : "false");
    for (int i = 0; i < n; i++) {
        const kedge_certificate_cell *c = &cells[i];
        printf("%s\n  {\"low\": %.9g, \"high\": %.9g, \"bound\": %.9g, \"found\": %.9g, ", i ? "," : "", c->low,
               c->high, c->bound, c->found);
        printf("\"measured\": %.9g, \"points\": %d, \"patches\": %lld}", c->measured, c->points, c->patches);
    }
    printf("],\n");
    n = kedge_certificate_colours(certificate, &points);
    print_json_points("colours", n, points);
    printf(",\n");
    n = kedge_certificate_points(certificate, &points);
    print_json_points("points", n, points);
    printf("}\n");
}

/* ---- the command ---- */

/* A number in (0, 1]; 'text' may be NULL: 0. */
static int read_share(const cli_command *self, const char *option, const char *text, double *share)
{
    char *end;
    *share = 0;
    if (!text) return CLI_OK;
    *share = strtod(text, &end);
    if (end == text || *end || !(*share > 0 && *share <= 1))
        return cli_wrong(self, "--%s '%s' is no number in (0, 1]", option, text);
    return CLI_OK;
}

static int certify(const cli_command *self, kedge_context *context, const char *from, const settings *given,
                   const kedge_certify_options *options)
{
    cli_model_file file;
    kedge_model *model = NULL;
    kedge_recipe *recipe = NULL;
    kedge_certificate *certificate = NULL;
    int status = CLI_OK;
    if (given->recipe && kedge_recipe_load(&recipe, context, given->recipe, NULL)) goto failed;
    status = cli_model_find_best(&file, context, self, from, given->seed, recipe);
    if (status) goto done;
    if (kedge_model_load(&model, context, file.path)) goto failed;
    if (kedge_certify(&certificate, model, recipe, given->plan, options)) goto failed;
    if (given->format == CSV) print_csv(certificate, given->show);
    else if (given->format == JSON) print_json(certificate, given->plan);
    else print_table(certificate, given);
    status = cli_output_flush(); /* the table before the message about it */
    cli_model_say(&file, from);
    goto done;
failed:
    status = cli_failed();
done:
    kedge_certificate_free(certificate);
    kedge_recipe_free(recipe);
    kedge_model_free(model);
    return status;
}

static int run(const cli_command *self, int argc, char **argv)
{
    settings given = {.seed = -1};
    kedge_certify_options options = KEDGE_CERTIFY_OPTIONS_INIT;
    cli_words words;
    kedge_context *context = NULL;
    int status;
    if (!cli_parse(self, argc, argv, &given, &words, &status)) return status;
    if (!given.plan) return cli_wrong(self, "--plan is missing; must be the name of one of the recipe's plans");
    status = read_share(self, "resolution", given.resolution, &options.resolution);
    if (!status) status = read_share(self, "tolerance", given.tolerance, &options.tolerance);
    if (!status) status = cli_context_open(&context, self, &(cli_context_options){.threads = given.threads});
    if (status) return status;
    options.patches = given.patches;
    status = certify(self, context, words.at[0], &given, &options);
    kedge_context_free(context);
    return status;
}

static const cli_option options[] = {
    {'p', "plan", "NAME", CLI_TEXT, offsetof(settings, plan), .doc =
     "Which of the recipe's plans. Needed."},
    {0, "recipe", "RECIPE", CLI_TEXT, offsetof(settings, recipe), .doc =
     "Take the plan and the data from this recipe instead of the one that the model was trained with."},
    {0, "seed", "N", CLI_INT, offsetof(settings, seed), 0, 1000000000000LL, .doc =
     "The seed of a run directory to certify; the one with the best score by default."},
    {0, "resolution", "X", CLI_TEXT, offsetof(settings, resolution), .doc =
     "Width of the cells of alignment, in (0, 1]; 0.02 by default."},
    {0, "tolerance", "X", CLI_TEXT, offsetof(settings, tolerance), .doc =
     "A cell is done when what is promised is within this share of what was found, in (0, 1]; 0.02 by default."},
    {0, "patches", "N", CLI_INT, offsetof(settings, patches), 1, 100000000, .doc =
     "Pieces of the sphere that are bounded per cell at most; 20,000 by default. More: tighter and slower."},
    {0, "show", "WHAT", CLI_CHOICE, offsetof(settings, show), .choices = shows, .doc =
     "`cells` (the default), the named `colours` alone, or all `points` of the data; with `json` always all."},
    {0, "threads", "N", CLI_INT, offsetof(settings, threads), 0, 256, .doc =
     "Threads that share the cells; one per core by default. The result does not depend on it."},
    {0, "format", "FORMAT", CLI_CHOICE, offsetof(settings, format), .choices = formats, .doc =
     "`table` (the default), `csv` or `json`."},
};

static const char *const text[] = {
    "Promises, from the weights alone, how much a plan can change the output of any input at all, data or not: for "
    "every alignment of the latent with the edited direction an upper bound, and beside it the largest change that a "
    "search found (the bound cannot be below that) and the largest among the recipe's data.",
    "Changes are root mean squares over outputs, for colours clamped to [0,1]. For plans that zero, ablate, prune or "
    "reflect dims, and for `add`, alignment is the length of the edited part of the latent, whatever its sign. The "
    "error promised for a colour is what its error can be at most after the plan.",
    "  kedge certify runs/2.4.1 --plan suppressed\n"
    "  kedge certify runs/2.4.1/seed-0/model.safetensors --plan suppressed --format csv > cells.csv",
    NULL,
};

const cli_command cli_command_certify = {
    .name = "certify", .arguments = "DIR|MODEL", .min_words = 1, .max_words = 1,
    .summary = "promise from the weights what a plan can change at most", .text = text,
    .options = options, .n_options = sizeof options / sizeof *options, .run = run,
};
