// view_panel.ts - controls of how the latent space is looked at.

import { h, replaceChildren } from '../base/dom';
import { NONE, type App, type Comparison, type Paint } from '../app';
import { checkbox, field, segmented, select, slider } from './fields';

export class ViewPanel {
  readonly element = h('div', { class: 'panel' });

  constructor(private readonly app: App) {
    const comparison = h('div', { class: 'stack' }), what = h('div', { class: 'stack' });
    replaceChildren(this.element, what, this.axes(), comparison, this.details());
    app.store.on(['run', 'theme'], () => replaceChildren(what, this.what()));
    app.store.on(['run', 'compare', 'records', 'plan'], () => replaceChildren(comparison, this.comparison()));
  }

  private what(): HTMLElement[] {
    const { app } = this, { state, store, data, run } = app, parts: HTMLElement[] = [];
    if (data.runs.length > 1)
      parts.push(field('Run', select(data.runs.map((r, i) => ({ value: String(i), text: r.name })), String(state.run),
        (value) => app.chooseRun(Number(value)))));
    parts.push(field('Points', select(app.setTitles().map((text, i) => ({ value: String(i), text })),
      String(state.set), (value) => store.set({ set: Number(value), selected: NONE, hovered: NONE }))));
    const paints: { value: Paint; text: string }[] = [];
    if (run.model.colour) paints.push({ value: 'input', text: 'Input' }, { value: 'output', text: 'Output' });
    if (run.points.some((set) => set.shade)) paints.push({ value: 'shade', text: 'Label' });
    paints.push({ value: 'error', text: 'Error' });
    parts.push(segmented('Colour by', paints, state.paint, (paint) => store.set({ paint: paint as Paint })));
    return parts;
  }

  /** Named views, the tour, and the turning of one plane. */
  private axes(): HTMLElement {
    const { app } = this, { camera, store } = app, dims = Math.min(camera.dims, 8);
    const glide = (run: () => void) => () => {
      run();
      store.set({ tour: false });
      store.touch('view');
    };
    const pairs: [number, number][] = [];
    for (let i = 0; i < Math.min(dims, 5); i++) for (let j = i + 1; j < Math.min(dims, 5); j++) pairs.push([i, j]);
    const views = pairs.map(([i, j]) => h('button', { type: 'button', class: 'chip',
      'aria-label': `View z${i} and z${j}`,
      onclick: glide(() => camera.glideToAxes(i, j, performance.now())) }, `z${i} z${j}`));
    const home = h('button', { type: 'button', class: 'chip',
      onclick: glide(() => camera.glideHome(performance.now())) }, 'Oblique');
    const still = app.still.matches;
    const tour = h('button', { type: 'button', class: 'chip', 'aria-pressed': 'false', disabled: still,
      title: still ? 'Off, as this system asks for little motion' : 'Turns through all dims', onclick: () => store.set({ tour: !app.state.tour }) }, 'Tour');
    store.on(['tour'], () => tour.setAttribute('aria-pressed', String(app.state.tour)));
    return h('div', { class: 'stack' },
      h('div', { class: 'field', role: 'group', 'aria-label': 'Views' }, h('span', { class: 'label' }, 'View'),
        h('div', { class: 'chips' }, home, views, tour)), this.planes(dims));
  }

  private planes(dims: number): HTMLElement | null {
    const { app } = this, plane = { i: 0, j: Math.min(1, dims - 1), angle: 0 };
    if (dims < 2) return null;
    const axes = Array.from({ length: app.camera.dims }, (_, k) => ({ value: String(k), text: `z${k}` }));
    const turn = slider('Turn the plane', { min: -180, max: 180, step: 1, unit: '°',
      help: 'Turns the latent space in the plane of two of its axes' }, 0, (angle) => {
      app.camera.turnPlane(plane.i, plane.j, ((angle - plane.angle) * Math.PI) / 180);
      plane.angle = angle;
      app.store.set({ tour: false });
      app.store.touch('view');
    });
    const pick = (key: 'i' | 'j') => {
      const element = select(axes, String(plane[key]), (value) => {
        plane[key] = Number(value);
        plane.angle = 0;
        turn.set(0);
      });
      element.setAttribute('aria-label', key === 'i' ? 'First axis of the plane' : 'Second axis of the plane');
      return element;
    };
    return h('div', { class: 'plane' }, turn.element, h('div', { class: 'pair-select' }, pick('i'), pick('j')));
  }

  private comparison(): HTMLElement[] {
    const { app } = this, { state, store, run, data } = app, others = app.comparableRuns();
    const parts = [field('Beside it', select([
      { value: 'none', text: 'nothing' },
      { value: 'plan', text: 'another plan', off: !run.plans.length },
      { value: 'step', text: 'another step' },
      { value: 'run', text: 'another run', off: !others.length },
    ], state.compare, (compare) => store.set({ compare: compare as Comparison,
      otherRun: others.includes(state.otherRun) ? state.otherRun : others[0] ?? 0 })))];
    if (state.compare === 'run')
      parts.push(field('Which run', select(others.map((i) => ({ value: String(i), text: data.runs[i].name })),
        String(state.otherRun), (value) => store.set({ otherRun: Number(value) }))));
    if (state.compare === 'plan')
      parts.push(field('Which plan', select([{ value: String(NONE), text: 'as trained' },
        ...run.plans.map((plan, i) => ({ value: String(i), text: plan.name, off: !app.engine().canCompute(plan) }))],
      String(state.otherPlan), (value) => store.set({ otherPlan: Number(value) }))));
    if (state.compare === 'step')
      parts.push(slider('Which step', { min: app.engine().at[0] ?? 0, max: Math.max(1, app.engine().last), step: 1 },
        state.otherStep, (otherStep) => store.set({ otherStep })).element);
    return parts;
  }

  private details(): HTMLElement {
    const { app } = this, { state, store, camera } = app;
    const drag = camera.dims > 3 ? field('Dragging brings in', select([
      { value: '2', text: 'depth' }, { value: '3', text: 'the fourth axis of the view (Shift)' },
      ...(camera.dims > 4 ? [{ value: '4', text: 'the fifth (Alt)' }] : [])],
    String(state.dragAxis), (value) => store.set({ dragAxis: Number(value) }))) : null;
    return h('div', { class: 'stack' }, drag, h('div', { class: 'checks' },
      checkbox('Great circles', state.circles, (circles) => store.set({ circles })),
      checkbox('Cone of the edit', state.cone, (cone) => store.set({ cone })),
      checkbox('Points move with it', state.move, (move) => store.set({ move })),
      camera.dims > 3 ? checkbox('Fourth axis as size', state.fourth, (fourth) => store.set({ fourth })) : null));
  }
}
