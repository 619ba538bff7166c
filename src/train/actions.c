/* actions.c - the one list of actions. */
#include "train/trainer.h"

/* A run without terms, as controls are, has nothing to capture for. */
static kedge_status anchor(kedge_trainer *trainer, const kedge_action *action, const kedge_train_events *events)
{
    (void)events;
    for (int i = 0; i < trainer->objective.n_terms; i++)
        if (action->term < 0 || action->term == i) kedge_objective_capture(&trainer->objective, i);
    return KEDGE_OK;
}

static kedge_status snapshot(kedge_trainer *trainer, const kedge_action *action, const kedge_train_events *events)
{
    (void)trainer;
    return events && events->snapshot ? events->snapshot(action->step, events->payload) : KEDGE_OK;
}

static kedge_status reset_optimizer(kedge_trainer *trainer, const kedge_action *action,
                                    const kedge_train_events *events)
{
    (void)action, (void)events;
    kedge_optimizer_clear(&trainer->optimizer);
    return KEDGE_OK;
}

const kedge_action_kind kedge_action_kinds[] = {
    {.name = "anchor", .on_terms = true, .fire = anchor,
     .doc = "Captures where the reference points of every `captured-anchor` term are now; `anchor:TERM` those of that "
            "term alone."},
    {.name = "snapshot", .fire = snapshot,
     .doc = "Writes the model as it is before the update of this step to `seed-N/snapshot-STEP.safetensors`. With "
            "`UNTIL` that is the update, which differs among seeds."},
    {.name = "reset-optimizer", .fire = reset_optimizer,
     .doc = "Sets what the optimizer remembers of past gradients to zero: the next update is as the first."},
    {.name = NULL},
};

int kedge_n_action_kinds(void)
{
    return (int)(sizeof kedge_action_kinds / sizeof *kedge_action_kinds) - 1;
}

int kedge_action_first_capture(int n, const kedge_action *actions, int term)
{
    for (int i = 0; i < n; i++)
        if (kedge_action_kinds[actions[i].kind].on_terms && (actions[i].term < 0 || actions[i].term == term))
            return actions[i].step;
    return -1;
}
