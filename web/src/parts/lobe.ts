// lobe.ts - what an edit does by angle: the cosine that is left, over the angle to the direction.

import type { EditData } from '../data';
import { cosDegrees, repelMap, suppressShare } from '../model/edits';

const SVG = 'http://www.w3.org/2000/svg';
const W = 240, H = 96, LEFT = 30, BOTTOM = 16, TOP = 6;

function node(name: string, attributes: { [key: string]: string | number }, text = ''): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.textContent = text;
  return element;
}

/** The part along the direction that is left of a unit latent at an angle. */
export function left(edit: EditData, degrees: number): number {
  const cosine = cosDegrees(degrees), alpha = Math.max(0, cosine);
  if (edit.kind === 'suppress') return cosine * (1 - suppressShare(edit, alpha));
  if (edit.kind === 'repel') return alpha > 0 ? repelMap(edit, alpha) : cosine;
  return cosine;
}

export function lobe(edit: EditData): SVGElement {
  const x = (degrees: number) => LEFT + ((W - LEFT - 8) * degrees) / 180;
  const y = (value: number) => TOP + ((H - TOP - BOTTOM) * (1 - value)) / 2;
  const path = (f: (degrees: number) => number) => Array.from({ length: 181 }, (_, d) =>
    `${d ? 'L' : 'M'}${x(d).toFixed(1)} ${y(f(d)).toFixed(1)}`).join('');
  const svg = node('svg', { viewBox: `0 0 ${W} ${H}`, role: 'img',
    'aria-label': 'Part along the direction, by angle: before (dashed) and after the edit' });
  for (const degrees of [0, 45, 90, 135, 180])
    svg.append(node('text', { x: degrees === 180 ? W : x(degrees), y: H - 3, 'text-anchor': degrees === 180 ? 'end' : 'middle' }, `${degrees}°`));
  for (const value of [-1, 0, 1]) {
    svg.append(node('line', { x1: LEFT, x2: W - 8, y1: y(value), y2: y(value), class: 'grid' }));
    svg.append(node('text', { x: LEFT - 5, y: y(value) + 3, 'text-anchor': 'end' }, String(value).replace('-', '−')));
  }
  svg.append(node('path', { d: path(cosDegrees), class: 'before' }),
    node('path', { d: path((d) => left(edit, d)), class: 'after' }));
  return svg;
}
