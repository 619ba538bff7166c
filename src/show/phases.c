/* phases.c - the phases and actions of a schedule, as charts over steps mark them. */
#include "show/phases.h"

#include <string.h>

#include "base/error.h"

/* Counts them, and lists them where there is room. */
static void walk(const kedge_schedule *sheet, kedge_phases *out, kedge_stretch *phases, kedge_place *actions)
{
    const char *last = "";
    out->n_phases = out->n_actions = 0;
    for (int step = 0; step < kedge_schedule_steps(sheet); step++) {
        const char *phase = kedge_schedule_phase(sheet, step), *action = kedge_schedule_action(sheet, step);
        if (strcmp(phase, last) != 0) {
            if (phases) phases[out->n_phases] = (kedge_stretch){step, phase};
            out->n_phases++;
        }
        if (*action) {
            if (actions) actions[out->n_actions] = (kedge_place){step, action};
            out->n_actions++;
        }
        last = phase;
    }
}

kedge_status kedge_phases_find(kedge_phases *out, kedge_arena *arena, const kedge_schedule *sheet)
{
    kedge_phases found = {0};
    if (sheet) {
        walk(sheet, &found, NULL, NULL);
        kedge_stretch *phases = kedge_arena_alloc(arena, (size_t)found.n_phases, sizeof *phases);
        kedge_place *actions = kedge_arena_alloc(arena, (size_t)found.n_actions, sizeof *actions);
        if (!phases || !actions) return kedge_fail_memory("the phases of a schedule");
        walk(sheet, &found, phases, actions);
        found.phases = phases;
        found.actions = actions;
    }
    *out = found;
    return KEDGE_OK;
}
