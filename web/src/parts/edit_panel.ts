// edit_panel.ts - controls of the intervention, and what it does.

import type { EditData, PlanData } from '../data';
import { h, replaceChildren, setText } from '../base/dom';
import { fixed, number } from '../base/format';
import { EDITS } from '../model/edits';
import { acts, NO_CHANGE } from '../model/engine';
import type { Measures } from '../model/measure';
import { NONE, OWN, type App } from '../app';
import { field, select, slider } from './fields';
import { lobe } from './lobe';

const ROWS: { key: keyof Measures; text: (concept: string) => string; help: string; stored: RegExp }[] = [
  { key: 'mean', text: () => 'Mean error', help: 'Mean squared error over the training points', stored: /^(mean|mse)/ },
  { key: 'concept', text: (concept) => `At ${concept}`, stored: /^(damage|concept)/,
    help: 'Error at the anchored concept: 1/4 is expected where it turns grey, 1/3 where it turns into any other' },
  { key: 'collateral', text: () => 'Collateral', stored: /^collateral/,
    help: 'Largest increase where the target is 0' },
  { key: 'r', text: () => 'r', help: 'Correlation of the error with the target', stored: /^r$|^r_/ },
  { key: 'r2', text: () => 'R²', help: 'Its square: the score, where this plan is scored', stored: /^(r2|r\^2|score)/ },
];

export class EditPanel {
  readonly element = h('div', { class: 'panel' });
  private readonly knobs = h('div', { class: 'stack' });
  private readonly table = h('div', null);
  private readonly plan = h('div', { class: 'stack' });
  private readonly note = h('p', { class: 'note' });
  private shape = ''; // what the knobs are for

  constructor(private readonly app: App) {
    const toggle = h('button', { type: 'button', role: 'switch', class: 'switch', title: 'E',
      onclick: () => app.store.set({ on: !app.state.on }) });
    replaceChildren(this.element, this.plan, this.note, toggle, this.table, this.knobs);
    app.store.on(['on', 'plan', 'edit', 'run'], () => {
      toggle.setAttribute('aria-checked', String(app.state.on));
      toggle.disabled = !acts(app.intervention);
      setText(toggle, app.state.on ? 'It acts' : 'It is off');
    });
    app.store.on(['plan', 'run'], () => this.drawPlan());
    app.store.on(['plan', 'run', 'edit'], () => this.drawKnobs());
    app.store.on(['plan', 'run', 'edit', 'step', 'records'], () => this.drawTable());
  }

  private drawPlan(): void {
    const { app } = this, { state, run } = app;
    replaceChildren(this.plan, field('Intervention', select([
      { value: String(NONE), text: 'none' },
      ...run.plans.map((plan, i) => ({ value: String(i), off: !app.engine().canCompute(plan),
        text: plan.scored ? `${plan.name} (scored)` : plan.name })),
      { value: String(OWN), text: 'your own' },
    ], String(state.plan), (value) => {
      app.choosePlan(Number(value));
      if (Number(value) !== NONE) app.store.set({ on: true });
    })));
    setText(this.note, app.plan ? app.plan.text : '');
    this.note.hidden = !app.plan;
  }

  private turn(patch: Partial<EditData>): void {
    const { edit } = this.app.state;
    if (edit) this.app.store.set({ edit: { ...edit, ...patch }, on: true });
  }

  /** Rebuilt only where other knobs are needed: a slider that is being dragged must stay. */
  private drawKnobs(): void {
    const { app } = this, { edit, plan, run } = app.state, own = plan === OWN;
    const shape = edit ? `${run}/${plan}/${edit.kind}` : '';
    const current = shape === this.shape && shape !== '';
    if (!current) replaceChildren(this.knobs, edit ? this.makeKnobs(edit, own) : this.withoutKnobs());
    this.shape = shape;
    this.updateKnobs?.();
  }

  private updateKnobs: (() => void) | null = null;

  private withoutKnobs(): Node[] {
    this.updateKnobs = null;
    const { app } = this, { plan } = app;
    if (!plan || app.engine().canCompute(plan)) return [this.surgeryNote()].filter((note) => note !== null);
    const words = plan.metrics.length ? '; its numbers are those that were stored.' : '.';
    return [h('p', { class: 'note' }, `This plan cannot be recomputed here${words}`)];
  }

  private surgeryNote(): HTMLElement | null {
    const { plan } = this.app;
    if (!plan?.parameters) return null;
    return h('p', { class: 'note' }, plan.edit
      ? 'This plan operates on the trained weights too: it is shown as it is at the end.'
      : 'This plan operates on the trained weights: it is shown as it is at the end.');
  }

  private makeKnobs(edit: EditData, own: boolean): Node[] {
    const { app } = this, kind = EDITS[edit.kind];
    const sliders = kind.knobs.map((knob) => ({ knob, made: slider(knob.label, knob, edit[knob.key],
      (value) => this.turn({ [knob.key]: value })) }));
    const curve = h('div', { class: 'lobe' });
    const reset = h('button', { type: 'button', class: 'quiet', onclick: () => app.choosePlan(app.state.plan) },
      'Back to the plan');
    this.updateKnobs = () => {
      const now = app.state.edit;
      if (!now) return;
      for (const { knob, made } of sliders) made.set(now[knob.key]);
      reset.hidden = own || !app.turned;
      replaceChildren(curve, lobe(now));
    };
    return [this.surgeryNote(), own ? this.kindField(edit) : null, own ? h('p', { class: 'note' }, kind.help) : null,
      own && kind.directed ? this.directionField(edit) : null,
      edit.kind === 'zero' ? this.dimsField(edit) : null, sliders.map(({ made }) => made.element),
      edit.kind === 'repel' ? field('Map', select([{ value: 'linear', text: 'linear' },
        { value: 'bezier', text: 'Bézier' }], edit.map, (map) => this.turn({ map }))) : null,
      kind.knobs.some(({ key }) => key === 'from') ? curve : null, reset].flat().filter((node) => node !== null);
  }

  private kindField(edit: EditData): HTMLElement {
    return field('Kind', select(Object.entries(EDITS).map(([value, { label }]) => ({ value, text: label })), edit.kind,
      (kind) => this.app.store.set({ edit: this.app.freshEdit(kind as EditData['kind']), on: true })));
  }

  private directionField(edit: EditData): HTMLElement {
    const { app } = this, dims = app.engine().dims;
    const axis = (k: number, sign: number) => Array.from({ length: dims }, (_, i) => (i === k ? sign : 0));
    const choices = [
      ...app.run.anchors.map(({ label, at }) => ({ text: `the anchor of ${label}`, at })),
      ...Array.from({ length: dims }, (_, k) => [{ text: `z${k}`, at: axis(k, 1) },
        { text: `−z${k}`, at: axis(k, -1) }]).flat(),
    ];
    const { selected } = app.state;
    if (selected !== NONE) {
      const { latents } = app.engine().evaluateAt(app.state.step, app.points);
      choices.push({ text: 'the chosen point', at: [...latents.subarray(selected * dims, (selected + 1) * dims)] });
    }
    const now = choices.findIndex(({ at }) => at.join() === edit.direction?.join());
    return field('Direction', select(choices.map(({ text }, i) => ({ value: String(i), text })),
      String(Math.max(0, now)), (value) => this.turn({ direction: choices[Number(value)].at })));
  }

  private dimsField(edit: EditData): HTMLElement {
    const dims = Math.min(this.app.engine().dims, 16);
    return h('fieldset', { class: 'checks' }, h('legend', null, 'Dims'), Array.from({ length: dims }, (_, k) => {
      const input = h('input', { type: 'checkbox', onchange: () => {
        const now = new Set(this.app.state.edit?.dims ?? []);
        if (input.checked) now.add(k);
        else now.delete(k);
        this.turn({ dims: [...now].sort((a, b) => a - b) });
      } });
      input.checked = edit.dims?.includes(k) ?? false;
      return h('label', { class: 'check' }, input, h('span', null, `z${k}`));
    }));
  }

  private drawTable(): void {
    const { app } = this, { step } = app.state;
    if (!app.engine().at.length) return;
    const target = app.target, change = app.intervention;
    const at = change.parameters ? app.engine().last : step;
    const before = app.engine().measureAt(at, NO_CHANGE, target?.values ?? null);
    const after = acts(change) ? app.engine().measureAt(step, change, target?.values ?? null) : null;
    const concept = app.run.anchors[0]?.label ?? 'the concept';
    const rows = ROWS.filter(({ key }) => key === 'mean' || target).map(({ key, text, help, stored }) => h('tr', null,
      h('th', { scope: 'row', title: help }, text(concept)),
      h('td', { class: 'number' }, key === 'collateral' || key === 'r' || key === 'r2' ? '–' : number(before[key], 3)),
      h('td', { class: 'number strong' }, shown(key, after)),
      h('td', { class: 'number' }, number(storedValue(app.plan, stored), 3))));
    replaceChildren(this.table, h('table', { class: 'measures' },
      h('thead', null, h('tr', null, h('td', null), h('th', { scope: 'col', class: 'number' }, 'without'),
        h('th', { scope: 'col', class: 'number' }, 'with it'), h('th', { scope: 'col', class: 'number', title: 'By the plan itself, on the trained model' }, 'at the end'))),
      h('tbody', null, rows)),
    target ? h('p', { class: 'note' }, 'Target: ', h('code', null, target.formula)) : null);
  }
}

function shown(key: keyof Measures, measures: Measures | null): string {
  if (!measures) return '–';
  return key === 'r' || key === 'r2' ? fixed(measures[key], 3) : number(measures[key], 3);
}

function storedValue(plan: PlanData | null, name: RegExp): number | null {
  return plan?.metrics.find((metric) => name.test(metric.name))?.value ?? null;
}
