/* lint.h - inside of kedge_lint: a recipe and its values at every update, while warnings are gathered. */
#ifndef STUDY_LINT_H
#define STUDY_LINT_H

#include "kedge/lint.h"
#include "run/training.h"

struct kedge_lint {
    kedge_context *ctx;
    const kedge_recipe *recipe;
    kedge_arena arena;
    double heat;
    kedge_dose *doses; /* [n_terms] */
    kedge_set_use *sets; /* [n_sets] */
    int n;
    size_t room;
    kedge_warning *warnings; /* [n] */
    kedge_status status;     /* KEDGE_ENOMEM once something could not be added */
};

/* Adds a warning. */
void kedge_lint_warn(kedge_lint *lint, kedge_warning_kind kind, const char *format, ...) KEDGE_PRINTF(3, 4);

/* The third kind: pairs of terms. */
void kedge_lint_conflicts(kedge_lint *lint, const kedge_training *training);
/* The fourth: pairs of phases. */
void kedge_lint_phases(kedge_lint *lint);

#endif
