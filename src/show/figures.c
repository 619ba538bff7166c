/* figures.c - the list of figures. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "show/figure.h"

const kedge_figure *const kedge_figures[] = {
    &kedge_figure_latents,
    &kedge_figure_history,
    &kedge_figure_schedule,
    &kedge_figure_losses,
    &kedge_figure_ledger,
    &kedge_figure_lr_find,
    &kedge_figure_trajectory,
    &kedge_figure_sweep,
    &kedge_figure_attribution,
    &kedge_figure_labels,
    &kedge_figure_colours,
    &kedge_figure_error_hue,
    &kedge_figure_error_similarity,
    &kedge_figure_lobes,
    &kedge_figure_architecture,
    &kedge_figure_terms,
    &kedge_figure_table,
    &kedge_figure_stacked,
    &kedge_figure_certificate,
    NULL,
};

static const char *const pictures[] = {".png", ".svg", ".pdf", NULL};

static const char *const *suffixes_of(const kedge_figure *figure)
{
    return figure->info.suffixes ? figure->info.suffixes : pictures;
}

int kedge_figure_at(int i, kedge_figure_info *info)
{
    for (int k = 0; kedge_figures[k]; k++)
        if (k == i) {
            *info = kedge_figures[k]->info;
            info->suffixes = suffixes_of(kedge_figures[k]);
            return 1;
        }
    return 0;
}

kedge_status kedge_figure_find(const kedge_figure **figure, const char *name)
{
    enum { MOST = 64 };
    const char *names[MOST];
    int n = 0;
    for (; kedge_figures[n] && n < MOST; n++) {
        names[n] = kedge_figures[n]->info.name;
        if (strcmp(names[n], name) != 0) continue;
        *figure = kedge_figures[n];
        return KEDGE_OK;
    }
    const char *nearest = kedge_nearest(name, names, n);
    if (nearest) return kedge_fail(KEDGE_EINVALID, "unknown figure '%s'; did you mean '%s'?", name, nearest);
    return kedge_fail(KEDGE_EINVALID, "unknown figure '%s'; 'kedge help draw' lists them", name);
}

static kedge_status check_suffix(const kedge_figure *figure, const char *path)
{
    char list[128] = "";
    const char *const *suffixes = suffixes_of(figure);
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *dot = strrchr(name, '.');
    for (int i = 0; suffixes[i]; i++) {
        if (dot && dot != name && strcasecmp(dot, suffixes[i]) == 0) return KEDGE_OK;
        const char *before = i == 0 ? "" : suffixes[i + 1] ? ", " : " or ";
        size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, "%s%s", before, suffixes[i]);
    }
    return kedge_fail(KEDGE_EINVALID, "%s: figure '%s' cannot be written so; its name must end in %s", path,
                      figure->info.name, list);
}

/* A picture of what 'show' has, whose figure wants 'input'. */
static kedge_status draw(kedge_show *show, const kedge_figure *figure, const char *path)
{
    const kedge_draw_options *options = show->options;
    kedge_picture to = {.path = path, .width = options->width, .dark = options->dark};
    kedge_status status = check_suffix(figure, path);
    if (status) return status;
    if (options->width < 0 || !(options->width < 1e5))
        return kedge_fail(KEDGE_EINVALID, "a width of %g points cannot be drawn", options->width);
    return figure->draw(show, &to);
}

kedge_status kedge_draw(kedge_context *context, const char *figure, const char *input,
                        const kedge_draw_options *options, const char *path)
{
    const kedge_figure *found = NULL;
    kedge_status status = kedge_figure_find(&found, figure);
    if (status) return status;
    if (!input && found->info.input != KEDGE_FIGURE_NOTHING && found->info.input != KEDGE_FIGURE_EITHER)
        return kedge_fail(KEDGE_EINVALID, "figure '%s' is made of a run; give its directory, model or recipe", figure);
    kedge_show show;
    kedge_show_init(&show, context, input, options);
    status = draw(&show, found, path);
    kedge_show_release(&show);
    return status;
}

kedge_status kedge_draw_model(kedge_model *model, const char *figure, const kedge_draw_options *options,
                              const char *path)
{
    const kedge_figure *found = NULL;
    kedge_status status = kedge_figure_find(&found, figure);
    if (status) return status;
    kedge_figure_input input = found->info.input;
    if (input == KEDGE_FIGURE_RUNS || input == KEDGE_FIGURE_STORE || input == KEDGE_FIGURE_TABLE)
        return kedge_fail(KEDGE_EINVALID, "figure '%s' is made of many runs, not of a model", figure);
    kedge_show show;
    kedge_show_init_model(&show, model, options);
    status = draw(&show, found, path);
    kedge_show_release(&show);
    return status;
}
