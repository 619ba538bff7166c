// paint_2d.ts - draws a scene where there is no WebGL.

import { css } from '../maths/colour';
import type { Painter } from './painter';
import { AREA, DISC, LINE, type Palette, type Scene } from './scene';

export class CanvasPainter implements Painter {
  readonly kind = 'canvas';
  private readonly context: CanvasRenderingContext2D;

  constructor(private readonly canvas: HTMLCanvasElement) {
    const context = canvas.getContext('2d');
    if (!context) throw new Error('this browser draws neither WebGL nor plain canvases');
    this.context = context;
  }

  paint(scene: Scene, width: number, height: number, ratio: number, palette: Palette): void {
    const { canvas, context } = this, w = Math.round(width * ratio), h = Math.round(height * ratio);
    if (canvas.width !== w || canvas.height !== h) {
      canvas.width = w;
      canvas.height = h;
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    const inks = [palette.ink, palette.muted, palette.rule, palette.accent].map(css);
    this.areas(scene, inks);
    this.lines(scene, inks, false);
    this.discs(scene, palette);
    this.lines(scene, inks, true);
    context.globalAlpha = 1;
  }

  private areas(scene: Scene, inks: string[]): void {
    const { context } = this, v = scene.areas.values;
    for (let o = 0; o < scene.areas.length; o += AREA) {
      context.beginPath();
      for (let c = 0; c < 3; c++) context.lineTo(v[o + 3 * c], v[o + 3 * c + 1]);
      context.globalAlpha = v[o + 10];
      context.fillStyle = inks[v[o + 9]];
      context.fill();
    }
  }

  /** Those behind the centre, or those before it, which the points would hide otherwise: fainter. */
  private lines(scene: Scene, inks: string[], front: boolean): void {
    const { context } = this, v = scene.lines.values;
    for (let o = 0; o < scene.lines.length; o += LINE) {
      if (v[o + 2] + v[o + 5] > 0 !== front) continue;
      context.beginPath();
      context.moveTo(v[o], v[o + 1]);
      context.lineTo(v[o + 3], v[o + 4]);
      context.globalAlpha = (v[o + 8] + v[o + 9]) / 2;
      context.lineWidth = v[o + 6];
      context.strokeStyle = inks[v[o + 7]];
      context.stroke();
    }
  }

  private discs(scene: Scene, palette: Palette): void {
    const { context } = this, v = scene.discs.values, outline = css(palette.outline), ink = css(palette.ink);
    context.lineWidth = 1;
    for (let o = 0; o < scene.discs.length; o += DISC) {
      context.globalAlpha = 1;
      context.fillStyle = v[o + 7] > 1.5 ? ink : css([v[o + 4], v[o + 5], v[o + 6]]);
      context.beginPath();
      context.arc(v[o], v[o + 1], v[o + 3], 0, 2 * Math.PI);
      context.fill();
      context.globalAlpha = palette.outlineAlpha;
      context.strokeStyle = outline;
      context.stroke();
    }
  }
}
