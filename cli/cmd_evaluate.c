/* cmd_evaluate.c - kedge evaluate: what plans do to a model. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "json.h"
#include "library.h"
#include "message.h"
#include "models.h"

static const char *const formats[] = {"table", "csv", "json", NULL};
enum { TABLE, CSV, JSON };

typedef struct settings {
    const char *recipe;
    cli_texts plans;
    long long seed; /* -1: the best */
    int format;
} settings;

/* What is evaluated. */
typedef struct subject {
    cli_model_file file;
    kedge_evaluation *evaluation;
} subject;

/* ---- for reading ---- */

enum { LABEL = 14, WIDTH = 11 };

static int width_of(const kedge_plan_scores *plan)
{
    int length = (int)strlen(plan->name);
    return length > WIDTH ? length : WIDTH;
}

static void print_value(double value, int width)
{
    if (fabs(value) < 0.00005) value = 0; /* no '-0.0000' */
    if (isfinite(value)) printf("  %*.4f", width, value);
    else printf("  %*s", width, "-");
}

static void print_head(const kedge_evaluation *evaluation, const char *what)
{
    kedge_plan_scores plan;
    printf("\n%-*s", LABEL, what);
    for (int i = 0; kedge_evaluation_plan(evaluation, i, &plan); i++) printf("  %*s", width_of(&plan), plan.name);
    putchar('\n');
}

typedef double (*value_at)(const kedge_plan_scores *plan, int row);

static double score_at(const kedge_plan_scores *plan, int row)
{
    const double values[] = {plan->r, plan->r2, plan->damage, plan->collateral, plan->opposite, plan->spoof};
    return values[row];
}

static double bin_at(const kedge_plan_scores *plan, int row)
{
    return plan->bins[row];
}

static void print_row(const kedge_evaluation *evaluation, const char *label, value_at value, int row)
{
    kedge_plan_scores plan;
    printf("%-*s", LABEL, label);
    for (int i = 0; kedge_evaluation_plan(evaluation, i, &plan); i++) print_value(value(&plan, row), width_of(&plan));
    putchar('\n');
}

static void print_colours(const kedge_evaluation *evaluation)
{
    kedge_plan_scores plan;
    const char *name;
    double rgb[3];
    if (!kedge_evaluation_colour(evaluation, 0, &name, rgb)) return;
    printf("\nerror of the model as it is, and its increase under each plan\n%-*s  %9s", LABEL, "colour", "baseline");
    for (int i = 0; kedge_evaluation_plan(evaluation, i, &plan); i++) printf("  %*s", width_of(&plan), plan.name);
    putchar('\n');
    for (int c = 0; kedge_evaluation_colour(evaluation, c, &name, rgb); c++) {
        double before = kedge_evaluation_colour_error(evaluation, -1, c);
        printf("%-*s  %9.4f", LABEL, name, before);
        for (int i = 0; kedge_evaluation_plan(evaluation, i, &plan); i++)
            print_value(kedge_evaluation_colour_error(evaluation, i, c) - before, width_of(&plan));
        putchar('\n');
    }
}

/* "leaky: raises the error of the concept by 0.1032, less than .18; collateral 0.0041 is above .003" */
static void print_leak(const kedge_evaluation *evaluation)
{
    double increase;
    kedge_leak leak = kedge_evaluation_leak(evaluation, &increase);
    kedge_plan_scores plan;
    int i = 0;
    if (leak == KEDGE_LEAK_NONE) return;
    while (kedge_evaluation_plan(evaluation, i, &plan) && !plan.scored) i++;
    if (leak != KEDGE_LEAK_COLLATERAL)
        printf(": '%s' raises the error at the concept by %.4f, less than .18", plan.name, increase);
    if (leak != KEDGE_LEAK_DAMAGE)
        printf("%s collateral of '%s' is %.4f, more than .003", leak == KEDGE_LEAK_BOTH ? ";" : ":", plan.name,
               plan.collateral);
}

static void print_verdict(const kedge_evaluation *evaluation)
{
    double step;
    int verdict = kedge_evaluation_verdict(evaluation, &step);
    if (verdict < 0) return;
    printf("%-*s  %s", LABEL, "verdict", kedge_verdict_name(verdict));
    print_leak(evaluation);
    if (step >= 0) printf(", held until step %.0f", step);
    else if (step < 0) printf(", never held");
    putchar('\n');
}

static void print_table(const subject *of)
{
    static const char *const scores[] = {"r", "r^2", "damage", "collateral", "opposite", "spoof"};
    static const char *const bins[] = {
        "target  0- .2", "       .2- .4", "       .4- .6", "       .6- .8", "       .8-1",
    };
    const kedge_evaluation *evaluation = of->evaluation;
    kedge_plan_scores plan;
    printf("%-*s  %s\n", LABEL, "model", of->file.path);
    if (of->file.searched)
        printf("%-*s  %lld, the best of %lld by %s\n", LABEL, "seed", of->file.best.seed, of->file.best.of,
               of->file.best.metric);
    printf("%-*s  %.4g\n", LABEL, "recon_mse", kedge_evaluation_recon_mse(evaluation));
    print_verdict(evaluation);
    print_colours(evaluation);
    if (!kedge_evaluation_plan(evaluation, 0, &plan)) return;
    print_head(evaluation, "scores");
    for (int row = 0; row < 6; row++) print_row(evaluation, scores[row], score_at, row);
    print_head(evaluation, "increase where");
    for (int row = 0; row < KEDGE_SCORE_BINS; row++) print_row(evaluation, bins[row], bin_at, row);
    putchar('\n');
    for (int i = 0; kedge_evaluation_plan(evaluation, i, &plan); i++)
        if (plan.target)
            printf("%s: target %s%s\n", plan.name, plan.target, plan.scored ? ", whose r^2 is the score" : "");
}

/* ---- csv: every point ---- */

/* A name, in quotes where CSV wants them. */
static void print_name(const char *before, const char *name)
{
    bool quoted = strpbrk(name, ",\"\r\n") != NULL;
    printf(",%s%s", quoted ? "\"" : "", before);
    for (; *name; name++) {
        if (*name == '"') putchar('"');
        putchar(*name);
    }
    if (quoted) putchar('"');
}

static void print_rows(const kedge_evaluation *evaluation, int plan, const char *name, int n_inputs, int n_outputs)
{
    const float *inputs, *outputs;
    const double *errors;
    int n = kedge_evaluation_points(evaluation, plan, &inputs, &outputs, &errors);
    for (int point = 0; point < n && !ferror(stdout); point++) {
        fputs(name, stdout);
        for (int i = 0; i < n_inputs; i++) printf(",%.9g", (double)*inputs++);
        for (int i = 0; i < n_outputs; i++) printf(",%.9g", (double)*outputs++);
        printf(",%.9g\n", errors[point]);
    }
}

static void print_csv(const kedge_evaluation *evaluation)
{
    kedge_plan_scores plan;
    const char *name;
    int n_inputs = 0, n_outputs = 0;
    printf("plan");
    for (; (name = kedge_evaluation_input_name(evaluation, n_inputs)); n_inputs++) print_name("", name);
    for (; (name = kedge_evaluation_output_name(evaluation, n_outputs)); n_outputs++) print_name("out_", name);
    printf(",error\n");
    print_rows(evaluation, -1, "baseline", n_inputs, n_outputs);
    for (int i = 0; kedge_evaluation_plan(evaluation, i, &plan); i++)
        print_rows(evaluation, i, plan.name, n_inputs, n_outputs);
}

/* ---- json ---- */

static void json_value(const char *key, double value)
{
    if (isfinite(value)) printf(", \"%s\": %.9g", key, value);
    else printf(", \"%s\": null", key);
}

static void json_plan(const kedge_plan_scores *plan)
{
    printf("    {\"name\": ");
    cli_json_text(plan->name);
    printf(", \"target\": ");
    if (plan->target) cli_json_text(plan->target);
    else printf("null");
    printf(", \"scored\": %s", plan->scored ? "true" : "false");
    json_value("r", plan->r);
    json_value("r2", plan->r2);
    json_value("damage", plan->damage);
    json_value("collateral", plan->collateral);
    json_value("opposite", plan->opposite);
    json_value("spoof", plan->spoof);
    printf(",\n     \"bins\": [");
    for (int b = 0; b < KEDGE_SCORE_BINS; b++) {
        printf("%s{\"points\": %d", b ? ", " : "", plan->bin_points[b]);
        json_value("increase", plan->bins[b]);
        putchar('}');
    }
    printf("]}");
}

static void json_colours(const kedge_evaluation *evaluation)
{
    kedge_plan_scores plan;
    const char *name;
    double rgb[3];
    printf("  \"colours\": [");
    for (int c = 0; kedge_evaluation_colour(evaluation, c, &name, rgb); c++) {
        double before = kedge_evaluation_colour_error(evaluation, -1, c);
        printf("%s    {\"name\": \"%s\", \"rgb\": [%.9g, %.9g, %.9g]", c ? ",\n" : "\n", name, rgb[0], rgb[1], rgb[2]);
        json_value("baseline", before);
        printf(", \"plans\": [");
        for (int i = 0; kedge_evaluation_plan(evaluation, i, &plan); i++) {
            double error = kedge_evaluation_colour_error(evaluation, i, c);
            printf("%s{\"name\": \"%s\"", i ? ", " : "", plan.name);
            json_value("error", error);
            json_value("increase", error - before);
            putchar('}');
        }
        printf("]}");
    }
    printf("]\n");
}

static void print_json(const subject *of)
{
    static const char *const leaks[] = {"null", "\"damage\"", "\"collateral\"", "\"both\""};
    const kedge_evaluation *evaluation = of->evaluation;
    kedge_plan_scores plan;
    double step;
    int verdict = kedge_evaluation_verdict(evaluation, &step);
    printf("{\n  \"model\": ");
    cli_json_text(of->file.path);
    if (of->file.searched)
        printf(",\n  \"seed\": %lld, \"best_of\": %lld, \"best_by\": \"%s\"", of->file.best.seed, of->file.best.of,
               of->file.best.metric);
    printf(",\n  \"recon_mse\": %.9g,\n  \"verdict\": ", kedge_evaluation_recon_mse(evaluation));
    if (verdict < 0) printf("null");
    else printf("\"%s\"", kedge_verdict_name(verdict));
    json_value("verdict_step", step);
    printf(", \"leak\": %s", leaks[kedge_evaluation_leak(evaluation, NULL)]);
    printf(",\n  \"plans\": [");
    for (int i = 0; kedge_evaluation_plan(evaluation, i, &plan); i++) {
        fputs(i ? ",\n" : "\n", stdout);
        json_plan(&plan);
    }
    printf("],\n");
    json_colours(evaluation);
    printf("}\n");
}

/* ---- the command ---- */

static int evaluate(const cli_command *self, kedge_context *context, const settings *given, const char *from)
{
    static const cli_texts none;
    subject of = {0};
    kedge_recipe *recipe = NULL;
    kedge_model *model = NULL;
    int status = CLI_OK;
    if (given->recipe) status = cli_recipe_open(&recipe, context, self, given->recipe, &none);
    if (!status) status = cli_model_find_best(&of.file, context, self, from, given->seed, recipe);
    kedge_evaluate_options options = {.recipe = recipe, .plans = given->plans.at, .n_plans = given->plans.n};
    if (!status && kedge_model_load(&model, context, of.file.path)) status = cli_failed();
    if (!status && kedge_evaluate(&of.evaluation, model, &options)) status = cli_failed();
    if (!status && given->format == TABLE) print_table(&of);
    if (!status && given->format == CSV) print_csv(of.evaluation);
    if (!status && given->format == JSON) print_json(&of);
    if (!status && given->format == CSV) cli_model_say(&of.file, from);
    kedge_evaluation_free(of.evaluation);
    kedge_model_free(model);
    kedge_recipe_free(recipe);
    return status;
}

static int run(const cli_command *self, int argc, char **argv)
{
    settings given = {.seed = -1};
    cli_words words;
    kedge_context *context = NULL;
    int status;
    if (!cli_parse(self, argc, argv, &given, &words, &status)) return status;
    status = cli_context_open(&context, self, NULL);
    if (status) return status;
    status = evaluate(self, context, &given, words.at[0]);
    kedge_context_free(context);
    return status;
}

static const cli_option options[] = {
    {0, "plan", "NAME", CLI_TEXTS, offsetof(settings, plans), .doc =
     "Evaluate this plan of the recipe; all of them by default. May be given several times. `baseline` is the model as "
     "it is, which is always there."},
    {0, "recipe", "RECIPE", CLI_TEXT, offsetof(settings, recipe), .doc =
     "Take data and plans from this recipe instead of the model's own."},
    {0, "seed", "N", CLI_INT, offsetof(settings, seed), 0, 1000000000000LL, .doc =
     "The seed of a run directory to evaluate; the one with the best score by default."},
    {0, "format", "FORMAT", CLI_CHOICE, offsetof(settings, format), .choices = formats, .doc =
     "`table` (the default); `json`: the same numbers; `csv`: every point of the data under every plan, as `plan`, the "
     "features, what comes out (out_NAME) and its error. Colours are clamped to [0, 1] throughout."},
};

static const char *const text[] = {
    "Evaluates a model under plans, which are edits of its activations and surgery on its weights. For each of 17 "
    "named colours it prints the mean squared error of the model as it is, and how much each plan adds; for each plan:",
    "`r` and `r^2`, the correlation of the error with the plan's target over all points; `damage`, the error at the "
    "concept (1/4 is expected of a pure colour that turns grey, 1/3 of one that turns into any other, neither is a "
    "bound); `collateral`, the largest increase where the target is 0; `opposite`, the increase at the opposite hue; "
    "`spoof`, from 0 (the concept's colour turned grey or kept its hue) to 1 (it turned into a pure colour of another "
    "hue); and the mean increase by the target's value.",
    "  kedge evaluate runs/2.4.1\n"
    "  kedge evaluate runs/2.4.1/seed-0/model.safetensors --plan suppressed --format csv > points.csv",
    NULL,
};

const cli_command cli_command_evaluate = {
    .name = "evaluate", .arguments = "DIR|MODEL", .min_words = 1, .max_words = 1,
    .summary = "print what plans do to a model: errors by colour, scores", .text = text,
    .options = options, .n_options = sizeof options / sizeof *options, .run = run,
};
