/* edit_suppress.c - removes a share of what an activation has along a direction. METHOD section 6. */
#include "ops/ops.h"
#include "steer/edit_direction.h"

static kedge_falloff falloff_of(const kedge_edit_options *options)
{
    return (kedge_falloff){.from = kedge_cos_degrees(options->from), .strength = options->strength,
                           .power = options->power};
}

static kedge_node *build(const kedge_edit_options *options, kedge_node *site)
{
    const double *v = kedge_edit_direction(options, site);
    kedge_falloff falloff = falloff_of(options);
    return v ? kedge_suppress(site, v, &falloff) : NULL;
}

double kedge_suppress_share(const kedge_edit_options *options, double alpha)
{
    kedge_falloff falloff = falloff_of(options);
    return kedge_falloff_at(&falloff, alpha, NULL);
}

static const kedge_field fields[] = {
    {"direction", KEDGE_FIELD_REALS, offsetof(kedge_edit_options, direction), 0, 0, NULL, NULL,
     "the concept's direction: one number per dim of the site, of any length but 0"},
    {"from", KEDGE_FIELD_REAL, offsetof(kedge_edit_options, from), 0, 90, NULL, "90",
     "degrees: activations further than this from the direction stay as they are"},
    {"strength", KEDGE_FIELD_REAL, offsetof(kedge_edit_options, strength), 0, 2, NULL, "1",
     "share of the part along the direction that is removed at angle 0: 1 is all of it, 2 turns it round"},
    {"power", KEDGE_FIELD_REAL, offsetof(kedge_edit_options, power), 0, 100, NULL, "0",
     "how the share grows: strength ((cos(angle) - cos(from)) / (1 - cos(from)))^power; 0: the same up to 'from'"},
};

const kedge_edit_kind kedge_edit_suppress = {
    .variant = {"suppress", "removes a share of the part along a direction; lengths shrink", fields,
                sizeof fields / sizeof *fields},
    .build = build,
};
