// patches.ts - the colour solid as the model gives it back: hue across, value up, a slice per saturation. A large
// patch is what comes out, the small one in it what went in.

import { h, setText } from '../base/dom';
import { number } from '../base/format';
import { css } from '../maths/colour';
import { meanOf } from '../model/measure';
import { slices, type Slice } from '../model/points';
import type { App, Scenery } from '../app';

const HUES = 24, VALUES = 8, SATURATIONS = [1, 0.75, 0.5, 0.25];

interface Sheet { slice: Slice; canvas: HTMLCanvasElement; text: HTMLElement }

export class Patches {
  readonly element: HTMLElement;
  private readonly groups: { head: HTMLElement; box: HTMLElement; sheets: Sheet[] }[] = [];
  private readonly row = h('div', { class: 'patch-groups' });
  private stale = true;
  private visible = false;

  constructor(private readonly app: App) {
    this.element = h('section', { class: 'card', 'aria-labelledby': 'patches-head' },
      h('h2', { id: 'patches-head' }, 'Colours, as they come out'),
      h('p', { class: 'lead' }, 'Hue runs across and value up, one slice for each saturation. A large patch is what ' +
        'the model gives back; the small one in it is what went in. Where the two cannot be told apart, nothing was ' +
        'lost.'),
      this.row);
    this.group(0);
    app.store.on(['theme', 'run', 'step', 'records', 'plan', 'edit', 'on', 'compare', 'otherRun', 'otherPlan',
      'otherStep'], () => {
      this.stale = true;
      this.draw();
    });
    addEventListener('beforeprint', () => {
      this.visible = true;
      this.draw();
    });
    new IntersectionObserver((entries) => {
      this.visible = entries.some((entry) => entry.isIntersecting);
      this.draw();
    }, { rootMargin: '200px' }).observe(this.element);
  }

  private group(i: number): { head: HTMLElement; box: HTMLElement; sheets: Sheet[] } {
    while (this.groups.length <= i) {
      const sheets = slices(SATURATIONS, HUES, VALUES).map((slice) => {
        const canvas = h('canvas', { role: 'img', width: 20 * HUES, height: 20 * VALUES });
        return { slice, canvas, text: h('figcaption', null) };
      });
      const head = h('h3', null);
      const box = h('div', { class: 'patch-group' }, head, h('div', { class: 'slices' },
        sheets.map(({ canvas, text }) => h('figure', null, canvas, text))));
      this.groups.push({ head, box, sheets });
      this.row.append(box);
    }
    return this.groups[i];
  }

  /** Only what can be seen: there are many patches, and they change with every step. */
  private draw(): void {
    if (!this.stale || !this.visible) return;
    this.stale = false;
    const all = this.app.scenery();
    all.forEach((scenery, i) => {
      const { head, box, sheets } = this.group(i);
      box.hidden = false;
      head.hidden = all.length === 1;
      setText(head, scenery.title);
      for (const sheet of sheets) this.drawSheet(sheet, scenery);
    });
    for (let i = all.length; i < this.groups.length; i++) this.groups[i].box.hidden = true;
  }

  private drawSheet({ slice, canvas, text }: Sheet, scenery: Scenery): void {
    const engine = this.app.engine(scenery.run), context = canvas.getContext('2d');
    if (!context || !engine.at.length) return;
    const { outputs, errors } = engine.evaluateAt(scenery.step, slice.points, scenery.change);
    const w = canvas.width / slice.hues, tall = canvas.height / slice.values, { inputs } = slice.points;
    const inner = Math.round(Math.min(w, tall) * 0.36);
    for (let i = 0; i < slice.points.n; i++) {
      const x = Math.round((i % slice.hues) * w), y = Math.round(Math.floor(i / slice.hues) * tall);
      context.fillStyle = css(outputs.subarray(3 * i, 3 * i + 3));
      context.fillRect(x, y, Math.ceil(w), Math.ceil(tall));
      context.fillStyle = css(inputs.subarray(3 * i, 3 * i + 3));
      context.fillRect(Math.round(x + (w - inner) / 2), Math.round(y + (tall - inner) / 2), inner, inner);
    }
    const mean = number(meanOf(errors), 2);
    setText(text, `Saturation ${slice.saturation}: mean error ${mean}`);
    canvas.setAttribute('aria-label', `Colours of saturation ${slice.saturation}; mean error ${mean}`);
  }
}
