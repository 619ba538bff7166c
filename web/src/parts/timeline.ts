// timeline.ts - the steps of a run: play, a scrubber, and the curves of its schedule and losses below.

import { h, icon, setText } from '../base/dom';
import { Curves } from '../model/curves';
import { cssColour, series } from '../theme';
import type { App } from '../app';
import type { Player } from '../view/player';
import { Chart, type ChartOptions } from './chart';

const PLAY = 'M7 4.5v15l12.5-7.5Z', PAUSE = 'M7 4.5h3.6v15H7ZM13.4 4.5H17v15h-3.6Z';
const BACK = 'M17 5v14L8 12ZM6 5v14', FORTH = 'M7 5v14l9-7ZM18 5v14';
const PERIOD = 110; // ms between redrawings of curves that grow

export class Timeline {
  readonly element: HTMLElement;
  schedule: Curves;
  losses: Curves;
  private charts: Chart[] = [];
  private readonly box = h('div', { class: 'charts' });
  private readonly play = h('button', { type: 'button', class: 'play', title: 'Space' });
  private readonly range = h('input', { type: 'range', class: 'scrub', min: 0, step: 1, 'aria-label': 'Step' });
  private readonly label = h('output', { class: 'step-label' });
  private drawn = 0;

  constructor(private readonly app: App, private readonly player: Player) {
    this.schedule = Curves.ofSchedule(app.run.schedule);
    this.losses = Curves.ofLosses(app.run.losses);
    const arrow = (path: string, text: string, key: string, by: number) => {
      const button = h('button', { type: 'button', class: 'icon-button', 'aria-label': text, title: `${text} ${key}`,
        onclick: () => player.nudge(by) });
      button.append(icon(path));
      return button;
    };
    const speed = h('select', { 'aria-label': 'Speed', class: 'speed', onchange: () =>
      app.store.set({ speed: Number(speed.value) }) },
      [0.25, 0.5, 1, 2, 4].map((s) => h('option', { value: s, selected: s === 1 }, `${s}×`)));
    this.play.addEventListener('click', () => player.toggle());
    this.range.addEventListener('input', () => {
      player.seek(Number(this.range.value));
      this.range.value = String(Math.round(app.state.step)); // no further than it has come
    });
    this.element = h('section', { class: 'timeline', 'aria-label': 'Steps' },
      h('div', { class: 'transport' }, this.play, arrow(BACK, 'Previous record', '[', -1),
        arrow(FORTH, 'Next record', ']', 1), this.range, this.label, speed), this.box);
    app.store.on(['playing'], () => this.drawPlay());
    app.store.on(['step', 'run', 'records'], () => this.follow());
    app.store.on(['run', 'schedule', 'theme'], () => this.rebuild());
    app.store.on(['records'], () => this.growSoon());
  }

  private drawPlay(): void {
    const { playing } = this.app.state;
    this.play.replaceChildren(icon(playing ? PAUSE : PLAY));
    this.play.setAttribute('aria-label', playing ? 'Pause' : 'Play');
  }

  private follow(): void {
    const { app } = this, engine = app.engine(), step = Math.round(app.state.step);
    const { steps, phases } = app.run.schedule;
    const first = engine.at[0] ?? 0, last = Math.max(1, app.data.kind === 'live' ? steps : engine.last);
    this.range.min = String(first);
    this.range.max = String(last); // of a run that is training: all that is to come
    this.range.value = String(step);
    const share = (step - first) / Math.max(1, last - first);
    this.range.style.setProperty('--share', `${(100 * share).toFixed(2)}%`);
    const phase = phases.filter((p) => p.step <= step).pop()?.name ?? '';
    const words = step >= steps ? 'end' : `step ${step}`;
    this.range.setAttribute('aria-valuetext', phase ? `${words}, ${phase}` : words);
    setText(this.label, step >= steps ? `end (${steps})` : `${step} / ${steps}`);
    for (const chart of this.charts) chart.follow();
  }

  private options(title: string, names: string[], curves: Curves, more: Partial<ChartOptions>): ChartOptions | null {
    const pick = curves.curves.map(({ name }, i) => (names.includes(name) ? i : -1)).filter((i) => i >= 0);
    if (!pick.length) return null;
    const { terms, schedule } = this.app.run;
    return { title, log: false, smoothed: false, height: 132, steps: false, pick, keys: [], phases: schedule.phases,
      label: (name) => name.replace(/^labels\./, ''),
      colour: (name) => {
        const term = terms.findIndex((t) => t.name === name);
        return term >= 0 ? series(term) : name.startsWith('labels.') ? series(terms.length + names.indexOf(name))
          : cssColour(name === 'recon' ? '--ink' : '--muted');
      },
      seek: (step) => this.player.seek(step), ...more };
  }

  private rebuild(): void {
    const { run } = this.app;
    if (this.app.data.kind !== 'live') {
      this.schedule = Curves.ofSchedule(run.schedule);
      this.losses = Curves.ofLosses(run.losses);
    }
    const columns = run.schedule.columns, rates = columns.filter((name) => name.startsWith('labels.'));
    const weights = columns.filter((name) => name !== 'lr' && !rates.includes(name));
    const keys = run.schedule.keys;
    const wanted: [Curves, ChartOptions | null][] = [
      [this.schedule, this.options('Weights', weights, this.schedule, { keys })],
      [this.schedule, this.options('Label rates', rates, this.schedule, { keys, height: 96 })],
      [this.schedule, this.options('Learning rate', ['lr'], this.schedule, { keys, log: true, height: 96 })],
      [this.losses, this.options('Losses', run.losses.names, this.losses,
        { log: true, smoothed: true, height: 190, steps: true })],
    ];
    const needed = wanted.filter((entry): entry is [Curves, ChartOptions] => entry[1] !== null);
    if (this.charts.map((c) => c.options.title).join() !== needed.map(([, o]) => o.title).join()) {
      this.charts = needed.map(([curves, options]) => new Chart(this.app, curves, options));
      this.box.replaceChildren(...this.charts.map((chart) => chart.element));
    }
    needed.forEach(([curves, options], i) => this.charts[i].rebuild(curves, options));
  }

  /** Curves that grow are drawn a few times a second. */
  private growSoon(): void {
    if (this.drawn) return;
    this.drawn = window.setTimeout(() => {
      this.drawn = 0;
      for (const chart of this.charts) chart.refresh();
    }, PERIOD);
  }
}
