// point_panel.ts - one point: what goes in, where it lies, what comes out.

import { h, replaceChildren } from '../base/dom';
import { fixed, number } from '../base/format';
import { css, hsvOf, NAMED, rgbOf, similarity } from '../maths/colour';
import { pointName } from '../model/points';
import { angleBetween } from '../model/words';
import { NONE, type App } from '../app';
import { field, select } from './fields';

export class PointPanel {
  readonly element = h('div', { class: 'panel' });
  private readonly chooser = h('div', { class: 'stack' });
  private readonly body = h('div', { class: 'stack', 'aria-live': 'polite' });

  constructor(private readonly app: App) {
    replaceChildren(this.element, this.chooser, this.body);
    app.store.on(['set', 'run', 'selected'], () => replaceChildren(this.chooser, this.choice()));
    app.store.on(['set', 'run', 'selected', 'hovered', 'step', 'edit', 'plan', 'on', 'records'], () => this.draw());
  }

  /** Named points, for who has no pointer. */
  private choice(): HTMLElement {
    const { app } = this, { points } = app, { selected } = app.state;
    const options = [{ value: String(NONE), text: 'none' }];
    const add = (i: number, text: string) => {
      if (i >= 0 && !options.some(({ value }) => value === String(i))) options.push({ value: String(i), text });
    };
    if (points.hsv) for (const { name, hsv } of NAMED) add(this.nearest(rgbOf(hsv)), name);
    else points.names?.slice(0, 100).forEach((name, i) => add(i, name));
    if (selected !== NONE) add(selected, `${pointName(points, selected)} (${selected})`);
    return field('Point', select(options, String(selected), (value) => app.store.set({ selected: Number(value) })));
  }

  private nearest(rgb: number[]): number {
    const { points } = this.app;
    let best = -1, least = Infinity;
    for (let i = 0; i < points.n; i++) {
      let d = 0;
      for (let k = 0; k < 3; k++) d += (points.inputs[3 * i + k] - rgb[k]) ** 2;
      if (d < least - 1e-9) [best, least] = [i, d];
    }
    return best;
  }

  private draw(): void {
    const { app } = this, { state } = app, i = state.hovered !== NONE ? state.hovered : state.selected;
    if (i === NONE || !app.engine().at.length) {
      replaceChildren(this.body, h('p', { class: 'note' }, 'Point at a disc to see what goes in, where it lies and ' +
        'what comes out. Tap or click to keep it; with the keyboard, comma and full stop go from one to the next.'));
      return;
    }
    const engine = app.engine(), { points, run } = app, step = app.change.parameters ? engine.last : state.step;
    const plain = engine.evaluateAt(step, points), now = engine.evaluateAt(step, points, app.change);
    const acts = app.change.edit !== null || app.change.parameters !== null;
    replaceChildren(this.body, h('h3', null, pointName(points, i)),
      this.values('in', run.model.inputs, points.inputs, i, points.hsv !== null),
      this.values('out', run.model.outputs, plain.outputs, i, run.model.colour),
      acts ? this.values('edited', run.model.outputs, now.outputs, i, run.model.colour) : null,
      h('dl', { class: 'facts' },
        h('dt', null, 'error'), h('dd', null, number(plain.errors[i], 3),
          acts ? ` → ${number(now.errors[i], 3)}` : ''),
        this.likeness(i), this.angles(plain.latents, now.edited, i, acts)),
      this.latent(plain.latents, now.edited, i, acts));
  }

  private values(name: string, columns: string[], values: ArrayLike<number> & { subarray: Function }, i: number,
    colour: boolean): HTMLElement {
    const width = columns.length, of = Array.from({ length: width }, (_, k) => values[width * i + k]);
    return h('div', { class: 'swatch-row' },
      colour ? h('i', { class: 'swatch', style: { background: css(of) } }) : null,
      h('span', { class: 'label' }, name),
      h('span', { class: 'numbers' }, of.slice(0, 8).map((x) => fixed(x, 3)).join('  '), width > 8 ? ' …' : ''));
  }

  /** How like each anchored concept it is: the plan's target, and for colours the similarity itself. */
  private likeness(i: number): HTMLElement[] {
    const { app } = this, { points, run } = app, parts: HTMLElement[] = [];
    if (points.hsv)
      for (const { label } of run.anchors) {
        const colour = NAMED.find(({ name }) => name === label);
        if (!colour) continue;
        const rgb = points.inputs.subarray(3 * i, 3 * i + 3);
        parts.push(h('dt', null, `similarity to ${label}`),
          h('dd', null, fixed(similarity(hsvOf(rgb), colour.hsv), 3)));
      }
    if (app.state.set === 0 && app.target)
      parts.push(h('dt', null, app.target.formula), h('dd', null, fixed(app.target.values[i], 3)));
    if (points.shade) parts.push(h('dt', null, points.shadeName ?? 'label'), h('dd', null, fixed(points.shade[i], 3)));
    return parts;
  }

  private angles(before: Float64Array, after: Float64Array, i: number, acts: boolean): HTMLElement[] {
    const engine = this.app.engine(), at = i * engine.dims;
    return engine.run.anchors.flatMap(({ label, at: anchor }) => [
      h('dt', null, `from ${label}'s anchor`),
      h('dd', null, `${fixed(angleBetween(before, at, anchor), 1)}°`,
        acts ? ` → ${fixed(angleBetween(after, at, anchor), 1)}°` : ''),
    ]);
  }

  /** A bar for each latent dim, from −1 to 1. */
  private latent(before: Float64Array, after: Float64Array, i: number, acts: boolean): HTMLElement {
    const { dims } = this.app.engine(), shown = Math.min(dims, 16);
    return h('table', { class: 'latent' }, h('caption', { class: 'unseen' }, 'Latent'),
      h('tbody', null, Array.from({ length: shown }, (_, k) => {
        const z = before[i * dims + k], e = after[i * dims + k], x = acts ? e : z;
        const low = Math.min(0, Math.max(-1, x)), high = Math.max(0, Math.min(1, x));
        return h('tr', null, h('th', { scope: 'row' }, `z${k}`),
          h('td', { class: 'bar' }, h('i', { style: { left: `${50 + 50 * low}%`, width: `${50 * (high - low)}%` } })),
          h('td', { class: 'number' }, fixed(z, 3)), acts ? h('td', { class: 'number strong' }, fixed(e, 3)) : null);
      })));
  }
}
