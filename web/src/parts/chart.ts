// chart.ts - curves over the steps of a run, with the present step as a line that can be dragged.

import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { h, setText, replaceChildren } from '../base/dom';
import { number, round } from '../base/format';
import { smooth, type Curves } from '../model/curves';
import { cssColour } from '../theme';
import type { App } from '../app';

export interface ChartOptions {
  title: string;
  log: boolean;
  smoothed: boolean; // with the raw trace behind
  height: number;
  steps: boolean; // numbers below the axis
  pick: number[]; // which curves
  colour: (name: string) => string;
  label: (name: string) => string;
  phases: { step: number; name: string }[];
  keys: { column: number; step: number; value: number }[];
  seek: (step: number) => void;
}

const GUTTER = 54; // of the numbers at the left, the same in all charts so that steps line up
const RIGHT = 14;

export class Chart {
  readonly element: HTMLElement;
  private readonly box = h('div', { class: 'chart-box' });
  private readonly line = h('div', { class: 'now-line' });
  private readonly values: HTMLElement[] = [];
  private readonly legend: HTMLElement;
  private plot: uPlot | null = null;

  constructor(private readonly app: App, private curves: Curves, readonly options: ChartOptions) {
    this.legend = h('ul', { class: 'legend' });
    this.element = h('section', { class: 'chart', 'aria-label': options.title },
      h('header', null, h('h3', null, options.title), this.legend), this.box);
    new ResizeObserver(() => this.resize()).observe(this.box);
  }

  /** The topmost chart names the phases. */
  private get named(): boolean {
    return this.options.title === 'Weights' && this.options.phases.some(({ name }) => name);
  }

  private get names(): string[] {
    return this.options.pick.map((i) => this.curves.curves[i].name);
  }

  /** Anew, for another theme, run or schedule. */
  rebuild(curves: Curves, options: Partial<ChartOptions> = {}): void {
    this.curves = curves;
    Object.assign(this.options, options);
    this.drawLegend();
    this.plot?.destroy();
    this.plot = null;
    this.resize();
  }

  /** The same curves with other numbers. */
  refresh(): void {
    this.plot?.setData(this.data(), true);
    this.follow();
  }

  private drawLegend(): void {
    this.values.length = 0;
    replaceChildren(this.legend, this.names.map((name) => {
      const value = h('span', { class: 'value' });
      this.values.push(value);
      return h('li', null, h('i', { style: { background: this.options.colour(name) } }), this.options.label(name),
        value);
    }));
  }

  private resize(): void {
    const width = this.box.clientWidth;
    if (!width) return;
    if (this.plot) this.plot.setSize({ width, height: this.options.height });
    else this.build(width);
    this.follow();
  }

  private data(): uPlot.AlignedData {
    const { pick, log, smoothed } = this.options;
    const clean = (values: number[]) => values.map((v) => (Number.isFinite(v) && (!log || v > 0) ? v : null));
    const all = pick.map((i) => this.curves.curves[i].values);
    const raw = smoothed ? all.map(clean) : [];
    return [this.curves.at, ...raw, ...all.map((values) => (smoothed ? smooth(values) : clean(values)))];
  }

  private build(width: number): void {
    const { log, smoothed, height, steps } = this.options, muted = cssColour('--muted'), grid = cssColour('--grid');
    const thin = smoothed ? this.names.map((name) => this.series(name, 0.28, 1)) : [];
    const axis = { stroke: muted, grid: { stroke: grid, width: 1 }, ticks: { show: false }, font: '11px system-ui' };
    this.plot = new uPlot({
      width, height, legend: { show: false }, padding: [this.named ? 20 : 8, RIGHT, steps ? 0 : 4, 0],
      scales: { x: { time: false, range: () => [0, Math.max(1, this.app.run.schedule.steps)] },
        y: log ? { distr: 3, range: (_, low, high) => decades(low, high) }
          : { range: (_, low, high) => room(low, high) } },
      series: [{}, ...thin, ...this.names.map((name) => this.series(name, 1, 2))],
      axes: [{ ...axis, show: steps, size: 26, gap: 4, values: (_, ticks) => ticks.map(String) },
        { ...axis, size: GUTTER, gap: 6, space: 26,
          ...(log ? { splits: (_, __, low, high) => powers(low, high), filter: (_, splits) => splits } : null),
          values: (_, ticks) => ticks.map((t) => (t === null ? '' : round(t))) }],
      cursor: { drag: { x: false, y: false }, y: false, points: { show: false }, sync: { key: 'kedge' } },
      hooks: { drawAxes: [(u) => this.drawPhases(u)], draw: [(u) => this.drawKeys(u)] },
    }, this.data(), this.box);
    this.plot.ctx.canvas.setAttribute('role', 'img');
    this.plot.ctx.canvas.setAttribute('aria-label', `${this.options.title} over the steps: ${this.names.join(', ')}`);
    this.plot.over.append(this.line);
    this.listen(this.plot);
  }

  private series(name: string, alpha: number, width: number): uPlot.Series {
    return { stroke: this.options.colour(name), alpha, width, points: { show: false }, spanGaps: alpha === 1 };
  }

  private listen(plot: uPlot): void {
    const seek = (event: PointerEvent) => {
      const left = event.clientX - plot.over.getBoundingClientRect().left;
      this.options.seek(plot.posToVal(left, 'x'));
    };
    plot.over.addEventListener('pointerdown', (event) => {
      plot.over.setPointerCapture(event.pointerId);
      seek(event);
    });
    plot.over.addEventListener('pointermove', (event) => {
      if (plot.over.hasPointerCapture(event.pointerId)) seek(event);
    });
  }

  private drawPhases(u: uPlot): void {
    const { ctx, bbox } = u, ratio = devicePixelRatio || 1;
    ctx.save();
    ctx.strokeStyle = cssColour('--rule');
    ctx.fillStyle = cssColour('--muted');
    ctx.font = `${10.5 * ratio}px system-ui`;
    ctx.setLineDash([3 * ratio, 3 * ratio]);
    ctx.textAlign = 'left';
    ctx.textBaseline = 'alphabetic';
    this.options.phases.forEach(({ step, name }, i) => {
      const x = u.valToPos(step, 'x', true), next = this.options.phases[i + 1];
      const end = next ? u.valToPos(next.step, 'x', true) - 6 * ratio : bbox.left + bbox.width + RIGHT * ratio;
      if (step > 0) {
        ctx.beginPath();
        ctx.moveTo(x, bbox.top);
        ctx.lineTo(x, bbox.top + bbox.height);
        ctx.stroke();
      }
      if (this.named && x + ctx.measureText(name).width <= end) ctx.fillText(name, x, bbox.top - 7 * ratio);
    });
    ctx.restore();
  }

  private drawKeys(u: uPlot): void {
    const { ctx } = u, ratio = devicePixelRatio || 1;
    ctx.save();
    ctx.lineWidth = 1.5 * ratio;
    ctx.fillStyle = cssColour('--card');
    for (const { column, step, value } of this.options.keys) {
      const i = this.options.pick.indexOf(column);
      if (i < 0 || (this.options.log && value <= 0)) continue;
      ctx.strokeStyle = this.options.colour(this.names[i]);
      ctx.beginPath();
      ctx.arc(u.valToPos(step, 'x', true), u.valToPos(value, 'y', true), 2.6 * ratio, 0, 2 * Math.PI);
      ctx.fill();
      ctx.stroke();
    }
    ctx.restore();
  }

  /** Puts the line at the present step, and the values there into the legend. */
  follow(): void {
    if (!this.plot) return;
    const { step } = this.app.state, x = this.plot.valToPos(Math.min(step, this.app.run.schedule.steps), 'x');
    this.line.style.transform = `translateX(${x.toFixed(1)}px)`;
    this.options.pick.forEach((curve, i) => setText(this.values[i], number(this.curves.valueAt(curve, step, this.options.smoothed), 3)));
  }
}

/** The powers of ten between two numbers, every second one where they are many. */
function powers(low: number, high: number): number[] {
  const first = Math.round(Math.log10(low)), last = Math.round(Math.log10(high)), by = last - first > 4 ? 2 : 1;
  return Array.from({ length: Math.floor((last - first) / by) + 1 }, (_, i) => 10 ** (first + by * i));
}

/** From the power of ten at or below to that at or above, at most seven of them. */
function decades(low: number | null, high: number | null): [number, number] {
  if (!low || !high || !(low > 0)) return [0.1, 1];
  const top = Math.ceil(Math.log10(high) - 1e-9), bottom = Math.floor(Math.log10(low) + 1e-9);
  return [10 ** Math.max(bottom, top - 7), 10 ** Math.max(top, bottom + 1)];
}

function room(low: number | null, high: number | null): [number, number] {
  const top = Math.max(0, high ?? 1) || 1, bottom = Math.min(0, low ?? 0);
  return [bottom - (bottom < 0 ? 0.06 * (top - bottom) : 0), top + 0.12 * (top - bottom)];
}
