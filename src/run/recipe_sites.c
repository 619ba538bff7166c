/* recipe_sites.c - what terms and steps of plans say about a site, against the model. */
#include <math.h>
#include <string.h>

#include "run/recipe_parts.h"

bool kedge_sites_list(kedge_sites *out, const kedge_model_options *model, kedge_arena *arena)
{
    int hidden = model->hidden.n, n = 0;
    size_t room = 2 + 2 * (size_t)hidden;
    out->names = kedge_arena_alloc(arena, room, sizeof *out->names);
    out->widths = kedge_arena_alloc(arena, room, sizeof *out->widths);
    if (!out->names || !out->widths) return false;
    static const char *const latent[] = {"bottleneck", "pre-norm"};
    for (int i = 0; i < 2; i++, n++) {
        out->names[n] = latent[i];
        out->widths[n] = model->bottleneck;
    }
    for (int i = 0; i < 2 * hidden; i++, n++) {
        int layer = i % hidden;
        bool encoder = i < hidden;
        out->names[n] = kedge_arena_format(arena, "%s.%d", encoder ? "encoder" : "decoder", layer);
        if (!out->names[n]) return false;
        out->widths[n] = model->hidden.at[encoder ? layer : hidden - 1 - layer]; /* the decoder mirrors */
    }
    out->n = n;
    return true;
}

const kedge_yaml *kedge_site_node(const kedge_site_check *c, const char *key, int i)
{
    const kedge_yaml *node = kedge_yaml_get(c->node, key);
    if (!node) return c->node;
    const kedge_yaml *item = i < 0 ? NULL : node->child;
    for (; item && i > 0; i--) item = item->next;
    return item ? item : node;
}

bool kedge_check_site(kedge_site_check *c, const kedge_sites *all)
{
    c->width = 0;
    for (int i = 0; i < all->n; i++)
        if (strcmp(c->site, all->names[i]) == 0) c->width = all->widths[i];
    if (c->width) return true;
    char hint[512];
    kedge_suggest(c->site, all->names, all->n, hint, sizeof hint);
    kedge_yaml_error(c->errors, kedge_site_node(c, "site", -1), "unknown site '%s' in %s%s",
                     kedge_clip_text(c->site).text, c->what, hint);
    return false;
}

bool kedge_check_dims(const kedge_site_check *c, const kedge_ints *dims)
{
    int before = c->errors->count;
    if (dims->n == 0)
        kedge_yaml_error(c->errors, kedge_site_node(c, "dims", -1), "'dims' in %s is empty; must name at least one dim",
                         c->what);
    for (int i = 0; i < dims->n; i++) {
        if (dims->at[i] < 0 || dims->at[i] >= c->width) {
            kedge_yaml_error(c->errors, kedge_site_node(c, "dims", i), "'dims[%d]' in %s is %lld; must be a dim of "
                             "'%s', from 0 to %lld", i, c->what, (long long)dims->at[i], c->site,
                             (long long)c->width - 1);
            continue;
        }
        for (int k = 0; k < i; k++) {
            if (dims->at[k] != dims->at[i]) continue;
            kedge_yaml_error(c->errors, kedge_site_node(c, "dims", i), "'dims[%d]' in %s is %lld again; must name each "
                             "dim once", i, c->what, (long long)dims->at[i]);
            break;
        }
    }
    return c->errors->count == before;
}

bool kedge_check_vector(const kedge_site_check *c, const char *key, const kedge_reals *at, bool is_direction)
{
    const kedge_yaml *node = kedge_site_node(c, key, -1);
    double squares = 0;
    for (int i = 0; i < at->n; i++) squares += at->at[i] * at->at[i];
    if (at->n != c->width)
        kedge_yaml_error(c->errors, node, "'%s' in %s has %d number%s; must have %lld, the width of '%s'", key, c->what,
                         at->n, at->n == 1 ? "" : "s", (long long)c->width, c->site);
    else if (!(squares < 1e12))
        kedge_yaml_error(c->errors, node, "'%s' in %s has length %.3g; must be below 1000000", key, c->what,
                         sqrt(squares));
    else if (is_direction && !(squares > 1e-12))
        kedge_yaml_error(c->errors, node, "'%s' in %s has length %.3g, which is no direction; must be above 0.000001",
                         key, c->what, sqrt(squares));
    else
        return true;
    return false;
}

bool kedge_variant_has(const kedge_variant *variant, const char *key)
{
    for (int i = 0; i < variant->n_fields; i++)
        if (strcmp(variant->fields[i].key, key) == 0) return true;
    return false;
}
