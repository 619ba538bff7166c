/* latents_words.c - the figure of a latent space in words: its alternative text and its notes. */
#include <math.h>

#include "draw/latents_sheet.h"

static void add_place(kedge_text *text, const char *what, const char *label, const float *at, int k)
{
    kedge_text_addf(text, "%s %s at (", what, label ? label : "without a name");
    for (int d = 0; d < k; d++) {
        if (d > 0) kedge_text_add(text, ", ");
        kedge_text_add_real(text, "%.3g", (double)at[d]);
    }
    kedge_text_add(text, ").");
}

/* How many points the edit moved, and how far. */
static void add_moves(kedge_text *text, const kedge_latents_figure *figure)
{
    int moved = 0;
    double sum = 0;
    for (int i = 0; i < figure->n; i++) {
        double length = kedge_latents_move(figure, i);
        moved += length > 0;
        sum += length;
    }
    kedge_text_addf(text, " The edit moved %d of %d points, by ", moved, figure->n);
    kedge_text_add_real(text, "%.3g", moved > 0 ? sum / moved : 0);
    kedge_text_add(text, " on average.");
}

static void add_cone(kedge_text *text, const kedge_latents_figure *figure, int cone)
{
    const char *label = figure->cones[cone].label;
    kedge_text_addf(text, " '%s' acts on what is closer than ", label ? label : "an edit");
    kedge_text_add_real(text, "%.4g", figure->cones[cone].angle);
    add_place(text, " degrees to", "the direction", figure->cones[cone].axis, figure->k);
}

kedge_status kedge_latents_describe(kedge_latents_sheet *s)
{
    const kedge_latents_figure *figure = s->figure;
    kedge_text *text = &s->description;
    kedge_text_addf(text, "%d point%s in a latent space of %d dimension%s", figure->n, figure->n == 1 ? "" : "s",
                    figure->k, figure->k == 1 ? "" : "s");
    if (s->n_pairs == 0) kedge_text_add(text, ": how many lie where along z0");
    for (int p = 0; p < s->n_pairs; p++)
        kedge_text_addf(text, "%s(z%d, z%d)", p == 0 ? ", projected on the planes " : ", ", s->pairs[p][0],
                        s->pairs[p][1]);
    const char *shade = figure->shade_label;
    if (figure->rgb) kedge_text_add(text, ". Each point has its own colour.");
    else if (figure->shade)
        kedge_text_addf(text, ". Points are shaded from dark to light%s%s.", shade ? " by " : "", shade ? shade : "");
    else kedge_text_add(text, ".");
    for (int i = 0; i < figure->n_anchors; i++)
        add_place(text, " Anchor", figure->anchors[i].label, figure->anchors[i].at, figure->k);
    for (int i = 0; i < figure->n_repellers; i++)
        add_place(text, " Driven away from", figure->repellers[i].label, figure->repellers[i].at, figure->k);
    for (int i = 0; i < figure->n_cones; i++) add_cone(text, figure, i);
    if (figure->before) add_moves(text, figure);
    return kedge_text_status(text, "a figure's description");
}

/* What the shades mean, as far as there are such. */
static void note_cones(kedge_latents_sheet *s)
{
    const kedge_latents_figure *figure = s->figure;
    bool strong = false, light = false;
    for (int p = 0; p < s->n_pairs; p++)
        for (int i = 0; i < figure->n_cones; i++) {
            bool beside = kedge_latents_beside(figure->cones[i].axis, figure->k, s->pairs[p][0], s->pairs[p][1]);
            bool arc = kedge_cone_arc(&figure->cones[i], figure->k, s->pairs[p][0], s->pairs[p][1]) > 0;
            strong = strong || arc;
            light = light || beside || !arc;
        }
    if (!strong && !(light && s->unit)) return;
    kedge_text_addf(&s->note, "Shaded: where '%s' acts", figure->cones[0].label ? figure->cones[0].label : "the edit");
    for (int i = 0; i < figure->n_cones; i++) {
        kedge_text_add(&s->note, i == 0 ? ", " : " and ");
        kedge_text_add_real(&s->note, "%.4g", figure->cones[i].angle);
        kedge_text_add(&s->note, "\xc2\xb0");
    }
    kedge_text_add(&s->note, " around its direction");
    if (!s->unit) kedge_text_add(&s->note, ", on latents that lie in the panel's plane. ");
    else if (!light) kedge_text_add(&s->note, ". ");
    else kedge_text_add(&s->note, "; lightly: on some of the latents there, as dims that are not shown decide. ");
}

kedge_status kedge_latents_note(kedge_latents_sheet *s)
{
    const kedge_latents_figure *figure = s->figure;
    bool beside = false;
    for (int p = 0; p < s->n_pairs; p++)
        for (int i = 0; i < figure->n_anchors + figure->n_repellers; i++) {
            const kedge_latents_anchor *place =
                i < figure->n_anchors ? &figure->anchors[i] : &figure->repellers[i - figure->n_anchors];
            beside = beside || kedge_latents_beside(place->at, figure->k, s->pairs[p][0], s->pairs[p][1]);
        }
    if (figure->n_cones > 0 && s->n_pairs > 0) note_cones(s);
    if (figure->before && s->n_pairs > 0) kedge_text_add(&s->note, "Lines lead from where points were. ");
    if (figure->n_repellers > 0)
        kedge_text_add(&s->note, "Crossed ring: a place that points were driven away from. ");
    if (beside) kedge_text_add(&s->note, "Dashed ring: the place lies mostly off this plane. ");
    if (figure->n_pairs == 0 && figure->k > KEDGE_LATENTS_DIMS)
        kedge_text_addf(&s->note, "Dimensions 0 to %d of %d.", KEDGE_LATENTS_DIMS - 1, figure->k);
    return kedge_text_status(&s->note, "a figure's notes");
}
