/* action.h - what the ACTION column of a schedule can do at a step: the kinds, and one that is due. */
#ifndef TRAIN_ACTION_H
#define TRAIN_ACTION_H

#include <stdbool.h>

#include "base/error.h"

struct kedge_trainer;
struct kedge_train_events;

typedef struct kedge_action {
    int step; /* fired before the batch of this step is drawn */
    int kind; /* index into kedge_action_kinds */
    int term; /* index of the term that it is for; -1: all */
} kedge_action;

/* 'fire' does it to a trainer that stands before action->step; 'events' may be NULL. Anything but KEDGE_OK ends the
 * run. */
typedef struct kedge_action_kind {
    const char *name, *doc;
    bool on_terms; /* it is for the terms that capture something: all, or 'name:TERM' */
    kedge_status (*fire)(struct kedge_trainer *trainer, const kedge_action *action,
                         const struct kedge_train_events *events);
} kedge_action_kind;

/* All kinds, ended by one without name. */
extern const kedge_action_kind kedge_action_kinds[];
int kedge_n_action_kinds(void);

/* The step at which a term that captures something first does, by actions [n]; -1: never. */
int kedge_action_first_capture(int n, const kedge_action *actions, int term);

#endif
