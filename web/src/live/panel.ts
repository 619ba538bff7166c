// panel.ts - controls of a run that is training: pause, step, pace, values of the schedule, another seed.

import type { Command } from '../data';
import { h, replaceChildren, setText } from '../base/dom';
import { number } from '../base/format';
import type { App } from '../app';
import { checkbox, field, select } from '../parts/fields';
import type { Stream } from './stream';

const PACES = [0, 1000, 300, 100, 30, 10];
type Control = NonNullable<Stream['state']>['controls'][number];

/** A slider's range: the learning rate and weights over decades, rates of labels as factors. */
interface Scale { toSlider: (value: number) => number; toValue: (slider: number) => number; max: number }
const LOG = (least: number, most: number): Scale => ({ max: 200,
  toSlider: (value) => (value <= least ? 0 : (200 * Math.log(value / least)) / Math.log(most / least)),
  toValue: (s) => (s <= 0 ? 0 : least * (most / least) ** (s / 200)) });
const SCALES: { [kind in Control['kind']]: Scale } = {
  lr: LOG(1e-6, 1), weight: LOG(1e-4, 10),
  rate: { max: 200, toSlider: (value) => value * 20, toValue: (s) => s / 20 },
};

export class LivePanel {
  readonly element = h('div', { class: 'panel' });
  private readonly message = h('p', { class: 'note', role: 'alert' });
  private readonly rows = h('div', { class: 'stack' });
  private readonly changes = h('ol', { class: 'changes' });
  private readonly pause = h('button', { type: 'button', class: 'chip' });
  private readonly steps: HTMLButtonElement[] = [];
  private readonly made = new Map<string, (control: Control) => void>();
  private over = 50;
  private hold = false;

  constructor(app: App, private readonly stream: Stream) {
    const seed = h('input', { type: 'number', min: 0, step: 1, value: app.run.seed });
    const over = h('input', { type: 'number', min: 0, step: 10, value: this.over, onchange: () => {
      this.over = Math.max(0, Math.round(Number(over.value) || 0));
    } });
    this.pause.addEventListener('click', () => void this.send({ do: stream.state?.paused ? 'resume' : 'pause' }));
    const pace = select(PACES.map((steps) => ({ value: String(steps),
      text: steps ? `${steps} steps a second` : 'full speed' })), '0',
    (value) => void this.send({ do: 'pace', value: Number(value) }));
    stream.onstate(() => {
      const now = String(stream.state?.pace ?? 0);
      if (document.activeElement === pace || pace.value === now) return;
      if (![...pace.options].some(({ value }) => value === now))
        pace.append(h('option', { value: now }, `${number(Number(now))} steps a second`));
      pace.value = now;
    });
    const step = (steps: number) => {
      const button = h('button', { type: 'button', class: 'chip', title: `${steps} more, then pause`,
        onclick: () => void this.send({ do: 'step', steps }) }, `+${steps}`);
      this.steps.push(button);
      return button;
    };
    replaceChildren(this.element,
      h('div', { class: 'chips' }, this.pause, step(1), step(10), step(100), h('button', { type: 'button',
        class: 'chip', onclick: () => app.store.set({ follow: true, playing: false, step: app.engine().last }) },
        'Newest')),
      field('Pace', pace),
      this.rows, field('Changes ease in over (steps)', over),
      checkbox('Hold: leave later keys of the schedule out', false, (hold) => (this.hold = hold)),
      h('div', { class: 'restart' }, field('Seed', seed), h('button', { type: 'button', class: 'quiet', onclick: () => {
        app.store.set({ follow: true });
        void this.send({ do: 'restart', seed: Math.max(0, Math.round(Number(seed.value) || 0)) });
      } }, 'Begin again')),
      this.message, this.changes);
    stream.onstate(() => this.draw());
    this.draw();
  }

  private async send(command: Command): Promise<void> {
    setText(this.message, (await this.stream.send(command)) ?? '');
  }

  private draw(): void {
    const { state } = this.stream;
    if (!state) return;
    setText(this.pause, state.paused ? 'Go on' : 'Pause');
    for (const button of [this.pause, ...this.steps]) button.disabled = state.done;
    const names = state.controls.map(({ column }) => column).join();
    if (this.rows.dataset.names !== names) {
      this.rows.dataset.names = names;
      this.made.clear();
      replaceChildren(this.rows, state.controls.map((control) => this.control(control)));
    }
    for (const control of state.controls) this.made.get(control.column)?.(control);
    replaceChildren(this.changes, state.changes.slice(-12).map(({ step, column, value, over, hold }) => h('li', null,
      `step ${step}: ${column} to ${number(value)} over ${over}${hold ? ', held' : ''}`)));
  }

  /** Follows the run until a hand is on it; sends when it is let go. */
  private control(control: Control): HTMLElement {
    const scale = SCALES[control.kind], value = h('output', { class: 'control-value' });
    let held = false;
    const show = (x: number) => {
      input.style.setProperty('--share', `${((100 * Number(input.value)) / scale.max).toFixed(1)}%`);
      setText(value, number(x, 3));
    };
    const input = h('input', { type: 'range', min: 0, max: scale.max, step: 1, oninput: () => {
      held = true;
      show(scale.toValue(Number(input.value)));
    }, onchange: () => {
      held = false;
      const to = Number(scale.toValue(Number(input.value)).toPrecision(4));
      void this.send({ do: 'set', column: control.column, value: to, over: this.over, hold: this.hold });
    } });
    this.made.set(control.column, (now) => {
      if (held) return;
      input.value = String(Math.min(scale.max, Math.max(0, scale.toSlider(now.value))));
      show(now.value);
    });
    const name = control.kind === 'lr' ? 'Learning rate' : control.kind === 'rate'
      ? `Rate of ${control.column.replace(/^labels\./, '')} (factor)` : `Weight of ${control.column}`;
    const row = field(name, input, value);
    row.classList.add('control');
    return row;
  }
}
