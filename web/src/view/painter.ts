// painter.ts - what draws a scene on a canvas.

import type { Palette, Scene } from './scene';

export interface Painter {
  readonly kind: 'webgl' | 'canvas';
  /** Width and height in CSS pixels, 'ratio' device pixels to one of them. */
  paint(scene: Scene, width: number, height: number, ratio: number, palette: Palette): void;
}
