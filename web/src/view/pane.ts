// pane.ts - one picture of latents: a canvas with labels over it, and what a pointer or key does to it.

import { h, setText, replaceChildren } from '../base/dom';
import { fixed } from '../base/format';
import { css, ramp, type Rgb } from '../maths/colour';
import { unit } from '../model/edits';
import type { Result } from '../model/engine';
import { pointName, type Points } from '../model/points';
import { NONE, type App, type Scenery } from '../app';
import { CanvasPainter } from './paint_2d';
import { GlPainter, hasWebGl } from './paint_gl';
import type { Painter } from './painter';
import { Gestures } from './gestures';
import { Scene, type Palette } from './scene';

export class Pane {
  readonly element: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly scene = new Scene();
  readonly painter: Painter;
  private readonly box: HTMLElement;
  private readonly layer = h('div', { class: 'labels', 'aria-hidden': 'true' });
  private readonly title = h('span', { class: 'pane-title' });
  private readonly note = h('span', { class: 'pane-note' });
  private readonly tip = h('div', { class: 'tip', 'aria-hidden': 'true', hidden: true });
  private readonly legend = h('span', { class: 'scale' });
  private readonly names: HTMLElement[] = [];
  private shown: Scenery | null = null;
  private colours = new Float32Array(0);

  constructor(private readonly app: App, describedBy: string) {
    this.canvas = h('canvas', { tabindex: 0, role: 'application', 'aria-roledescription': 'latent space',
      'aria-label': 'Latent space. Arrow keys turn it, with Shift in the fourth dimension; plus and minus zoom; ' +
        'comma and full stop go from point to point; space plays.', 'aria-describedby': describedBy });
    this.box = h('div', { class: 'pane-box' }, this.canvas, this.layer, this.tip);
    this.element = h('figure', { class: 'pane' }, this.box, h('figcaption', null, this.title, this.note, this.legend));
    const again = () => app.store.touch('view');
    this.painter = hasWebGl() ? new GlPainter(this.canvas, again) : new CanvasPainter(this.canvas);
    new Gestures(app, this);
    new ResizeObserver(again).observe(this.box);
  }

  /** Draws what the state asks for. */
  draw(scenery: Scenery, palette: Palette, dark: boolean): void {
    const { app } = this, { state } = app, engine = app.engine(scenery.run);
    this.shown = scenery;
    setText(this.title, scenery.title);
    setText(this.note, scenery.note);
    const width = this.box.clientWidth, height = this.box.clientHeight;
    if (!width || !height || !engine.at.length) return;
    const points = engine.points[state.set];
    const result = engine.evaluateAt(scenery.step, points, scenery.change);
    this.paintPoints(points, result, dark);
    this.placeLegend(points, dark);
    const edit = scenery.change.edit ?? (state.compare === 'none' ? app.intervention.edit : null);
    const cone = state.cone && edit?.direction && (edit.kind === 'suppress' || edit.kind === 'repel')
      ? { direction: unit(edit.direction), angle: edit.from, acts: scenery.change.edit !== null } : null;
    this.scene.build({
      camera: app.camera, width, height, dims: engine.dims, scale: app.scaleOf(scenery.run), n: points.n,
      latents: state.move ? result.edited : result.latents, colours: this.colours,
      radius: Math.min(width, height) * (points.n > 2000 ? 0.0075 : points.n > 700 ? 0.011 : 0.0138),
      fourth: state.fourth, circles: state.circles, anchors: engine.run.anchors, cone, selected: state.selected,
      hovered: state.hovered,
    });
    this.painter.paint(this.scene, width, height, Math.min(3, devicePixelRatio || 1), palette);
    this.placeLabels();
    this.placeBall();
    this.placeTip(points, result);
  }

  private paintPoints(points: Points, result: Result, dark: boolean): void {
    const { n } = points, { paint } = this.app.state, width = this.app.run.model.outputs.length;
    if (this.colours.length !== 3 * n) this.colours = new Float32Array(3 * n);
    const colour = this.app.run.model.colour;
    for (let i = 0; i < n; i++) {
      let rgb: ArrayLike<number>;
      if (colour && paint === 'input') rgb = points.inputs.subarray(3 * i, 3 * i + 3);
      else if (colour && paint === 'output') rgb = result.outputs.subarray(width * i, width * i + 3);
      else if (paint === 'shade' && points.shade) rgb = ramp(points.shade[i], dark);
      else rgb = errorColour(result.errors[i], dark);
      for (let k = 0; k < 3; k++) this.colours[3 * i + k] = Math.min(1, Math.max(0, rgb[k]));
    }
  }

  /** What the colours mean where they are no colours of the data. */
  private placeLegend(points: Points, dark: boolean): void {
    const { paint } = this.app.state, shade = paint === 'shade' && points.shade !== null;
    const plain = this.app.run.model.colour && paint !== 'error' || (paint === 'shade' && !shade);
    const key = plain ? '' : `${paint}/${dark}/${points.shadeName}`;
    if (this.legend.dataset.key === key) return;
    this.legend.dataset.key = key;
    const at = (t: number) => css(shade ? ramp(t, dark) : errorColour(0.25 * t, dark));
    const stops = Array.from({ length: 17 }, (_, i) => at(i / 16)).join(', ');
    replaceChildren(this.legend, plain ? null : [shade ? points.shadeName ?? 'label' : 'error', ' 0',
      h('i', { style: { background: `linear-gradient(to right, ${stops})` } }), shade ? '1' : '0.25']);
  }

  private placeLabels(): void {
    const { labels } = this.scene;
    while (this.names.length < labels.length) {
      const name = h('span', null);
      this.names.push(name);
      this.layer.append(name);
    }
    this.names.forEach((name, i) => {
      const label = labels[i];
      name.hidden = !label;
      if (!label) return;
      setText(name, label.text);
      name.className = label.kind;
      const x = Math.min(this.box.clientWidth - 8, Math.max(8, label.x));
      const y = Math.min(this.box.clientHeight - 8, Math.max(8, label.y));
      name.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px) translate(-50%, -50%)`;
      name.style.opacity = label.opacity.toFixed(2);
    });
  }

  /** The body of the sphere is a gradient behind the canvas. */
  private placeBall(): void {
    const { x, y, radius } = this.scene.ball, style = this.box.style;
    style.setProperty('--ball', `${(radius * 1.03).toFixed(1)}px`);
    style.setProperty('--ball-x', `${x.toFixed(1)}px`);
    style.setProperty('--ball-y', `${y.toFixed(1)}px`);
  }

  private placeTip(points: Points, result: Result): void {
    const i = this.app.state.hovered;
    this.tip.hidden = i === NONE;
    if (i === NONE) return;
    const [x, y] = [this.scene.screen[4 * i], this.scene.screen[4 * i + 1]];
    const left = x > this.box.clientWidth / 2;
    this.tip.style.transform = `translate(${x.toFixed(0)}px, ${y.toFixed(0)}px) ` +
      `translate(${left ? 'calc(-100% - 14px)' : '14px'}, -50%)`;
    const width = this.app.run.model.outputs.length;
    replaceChildren(this.tip,
      points.hsv && h('span', { class: 'pair' },
        h('i', { style: { background: css(points.inputs.subarray(3 * i, 3 * i + 3)) } }),
        h('i', { style: { background: css(result.outputs.subarray(width * i, width * i + 3)) } })),
      h('b', null, pointName(points, i)), ` error ${fixed(result.errors[i], 4)}`);
  }

  pick(x: number, y: number, reach: number): number {
    return this.scene.pick(x, y, reach);
  }

  get scenery(): Scenery | null {
    return this.shown;
  }
}

/** Errors by their square root: what is a tenth as wrong is seen to be wrong. 1/4 and more is the brightest. */
export function errorColour(error: number, dark: boolean): Rgb {
  return ERROR_RAMPS[dark ? 1 : 0][Math.min(63, Math.max(0, Math.round(63 * Math.sqrt(error / 0.25))))];
}

const ERROR_RAMPS = [false, true].map((dark) => Array.from({ length: 64 }, (_, i) => ramp(i / 63, dark)));
