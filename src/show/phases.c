/* phases.c - the phases and actions of a schedule, as charts over steps mark them. */
#include "show/phases.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "schedule/schedule.h"

static const double SAME = 0.01; /* of a key's value: a dot there lies on its curve */

int kedge_phases_reach(const kedge_recipe *recipe, int steps)
{
    return recipe->hold >= 0 && recipe->hold < steps ? (int)recipe->hold + 1 : steps;
}

bool kedge_phases_key(const kedge_recipe *recipe, const kedge_schedule *sheet, int steps, int column, int *i, int *step,
                      double *value)
{
    int reach = kedge_phases_reach(recipe, steps);
    while (kedge_schedule_key(sheet, column, *i, step, value) && *step < steps) {
        double held = kedge_schedule_value(sheet, column, reach - 1);
        ++*i;
        if (*step < reach || fabs(held - *value) <= SAME * fabs(*value)) return true;
    }
    return false;
}

/* Counts them, and lists them where there is room. */
static void walk(const kedge_schedule *sheet, int reach, const kedge_gates *gates, kedge_phases *out,
                 kedge_stretch *phases, kedge_place *actions)
{
    const char *last = "";
    out->n_phases = out->n_actions = 0;
    for (int step = 0; step < reach; step++) {
        const char *phase = kedge_schedule_phase(sheet, step), *action = kedge_schedule_action(sheet, step);
        if (strcmp(phase, last) != 0) {
            if (phases) phases[out->n_phases] = (kedge_stretch){kedge_gates_update(gates, step), phase};
            out->n_phases++;
        }
        if (*action) {
            if (actions) actions[out->n_actions] = (kedge_place){kedge_gates_update(gates, step), action};
            out->n_actions++;
        }
        last = phase;
    }
}

kedge_status kedge_phases_find(kedge_phases *out, kedge_arena *arena, const kedge_schedule *sheet, int reach,
                               const kedge_gates *gates)
{
    kedge_phases found = {0};
    if (sheet) {
        walk(sheet, reach, gates, &found, NULL, NULL);
        kedge_stretch *phases = kedge_arena_alloc(arena, (size_t)found.n_phases, sizeof *phases);
        kedge_place *actions = kedge_arena_alloc(arena, (size_t)found.n_actions, sizeof *actions);
        if (!phases || !actions) return kedge_fail_memory("the phases of a schedule");
        walk(sheet, reach, gates, &found, phases, actions);
        found.phases = phases;
        found.actions = actions;
    }
    *out = found;
    return KEDGE_OK;
}

const char *kedge_phases_at(const kedge_phases *phases, double step)
{
    const char *text = "";
    for (int i = 0; i < phases->n_phases && phases->phases[i].from <= step; i++) text = phases->phases[i].text;
    return text;
}
