/* certify.h - what an edit can change at most, promised from the weights alone. */
#ifndef KEDGE_CERTIFY_H
#define KEDGE_CERTIFY_H

#include "kedge/model.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A promise about one plan on one model: for every input, data or not, whose latent has a given alignment, the most
 * that the plan can change the model's output. docs/certificate.md has the proof. Changes are root mean squares
 * over outputs, which for colours count as clamped to [0,1].
 *
 * The alignment of a latent z (of unit length) is z.v for an edit along a direction v, and the length of the part
 * that is edited, |z_D|, for 'add' (|z.v|), 'zero' and surgery on dims D. Latents that point away from v are not
 * touched by suppress and repel. */
typedef struct kedge_certificate kedge_certificate;

typedef struct kedge_certify_options {
    double resolution; /* of the alignment, in (0, 1]; 0: 0.02 */
    double tolerance;  /* stop where the bound is within this share of what was found; 0: 0.02; negative: do not stop */
    long long patches; /* pieces of the sphere per cell that are bounded at most; 0: 20,000. More: tighter, slower */
} kedge_certify_options;

#define KEDGE_CERTIFY_OPTIONS_INIT {0}

/* Alignments in (low, high]; the first cell has 0 too. */
typedef struct kedge_certificate_cell {
    double low, high;
    double bound;      /* no input with such an alignment changes by more than this */
    double found;      /* some unit latent with such an alignment changes by this much: the bound cannot be below */
    long long patches; /* pieces bounded for it; 0 where the edit does nothing */
    int points;        /* of the recipe's data with such an alignment, */
    double measured;   /* and the largest change among them; 0 if there is none */
} kedge_certificate_cell;

/* One input of the recipe's data, or a named colour. */
typedef struct kedge_certificate_point {
    const char *name;  /* of a named colour, else NULL; lives as long as the library */
    int point;         /* number in the recipe's data; -1 for a named colour */
    double alignment;  /* below 0: it points away, and the plan leaves it alone */
    double change;     /* measured, root mean square */
    double baseline, after; /* measured errors: mean over outputs of (output - target)^2, before and after the plan */
    double promised;   /* (sqrt(baseline) + the bound at this alignment)^2: no less than 'after' */
} kedge_certificate_point;

/* Certifies the named plan of the recipe (NULL: the model's own) for the model; 'options' may be NULL. Cells are
 * worked on by the context's threads; the result does not depend on their number. KEDGE_EINVALID: no such plan, or
 * one that does not fit the model; KEDGE_EUNSUPPORTED: no promise is possible (the model's latents are not
 * normalized, the plan acts elsewhere or is more than one edit); KEDGE_ENUMERIC, KEDGE_ENOMEM. The recipe's data
 * must have as many features and targets as the model's. */
KEDGE_API kedge_status kedge_certify(kedge_certificate **out, kedge_model *model, const kedge_recipe *recipe,
                                     const char *plan, const kedge_certify_options *options);
KEDGE_API void kedge_certificate_free(kedge_certificate *certificate);

/* In order of alignment; owned by the certificate, as all below is. Returns their number. */
KEDGE_API int kedge_certificate_cells(const kedge_certificate *certificate, const kedge_certificate_cell **cells);
/* Named colours, where the data are colours; else 0. */
KEDGE_API int kedge_certificate_colours(const kedge_certificate *certificate, const kedge_certificate_point **colours);
/* All points of the recipe's data. */
KEDGE_API int kedge_certificate_points(const kedge_certificate *certificate, const kedge_certificate_point **points);

/* The most that any input can change whose latent is at least so many degrees, in [0, 90], from the direction (from
 * the edited dims' space). */
KEDGE_API double kedge_certificate_beyond(const kedge_certificate *certificate, double degrees);
/* Whether latents are told by the size of their edited part, whatever its sign: 'add', 'zero', surgery. */
KEDGE_API int kedge_certificate_is_unsigned(const kedge_certificate *certificate);

#ifdef __cplusplus
}
#endif
#endif
