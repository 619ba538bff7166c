// points.ts - the points that are shown: those of the run, and finer ones that the page makes itself.

import type { ModelData, PointSet } from '../data';
import { floatsOf } from '../base/bytes';
import { hsvOf, nameOf, rgbOf, type Hsv, type Rgb } from '../maths/colour';

export interface Points {
  name: string;
  n: number;
  inputs: Float32Array; // [n][inputs]
  targets: Float32Array; // [n][outputs]
  shade: Float32Array | null;
  shadeName: string | null;
  names: string[] | null;
  hsv: Hsv[] | null; // of colours
  made: boolean; // by the page
}

const TITLES: { [name: string]: string } = { data: 'Training points', test: 'Test points' };

export function titleOf(points: Points): string {
  return `${TITLES[points.name] ?? points.name} (${points.n})`;
}

function decode(set: PointSet, model: ModelData): Points {
  const inputs = floatsOf(set.inputs, set.n * model.inputs.length, `points '${set.name}'`);
  const targets = set.targets
    ? floatsOf(set.targets, set.n * model.outputs.length, `targets of points '${set.name}'`) : inputs;
  const shade = set.shade ? floatsOf(set.shade, set.n, `shades of points '${set.name}'`) : null;
  return { name: set.name, n: set.n, inputs, targets, shade, shadeName: set.shadeName, names: set.names,
    hsv: model.colour ? hues(inputs, set.n) : null, made: false };
}

function hues(inputs: Float32Array, n: number): Hsv[] {
  return Array.from({ length: n }, (_, i) => hsvOf(inputs.subarray(3 * i, 3 * i + 3)));
}

function made(name: string, colours: Rgb[]): Points {
  const inputs = Float32Array.from(colours.flat());
  return { name, n: colours.length, inputs, targets: inputs, shade: null, shadeName: null, names: null,
    hsv: hues(inputs, colours.length), made: true };
}

function cube(side: number): Rgb[] {
  const colours: Rgb[] = [], last = side - 1;
  for (let r = 0; r < side; r++)
    for (let g = 0; g < side; g++)
      for (let b = 0; b < side; b++) colours.push([r / last, g / last, b / last]);
  return colours;
}

/** Pure hues, and the ways from each sixth of them to white and black. */
function wheel(): Rgb[] {
  const colours: Rgb[] = [];
  for (let i = 0; i < 144; i++) colours.push(rgbOf({ h: i / 144, s: 1, v: 1 }));
  for (let i = 0; i < 12; i++)
    for (let k = 1; k < 8; k++) {
      colours.push(rgbOf({ h: i / 12, s: k / 8, v: 1 }));
      colours.push(rgbOf({ h: i / 12, s: 1, v: k / 8 }));
    }
  for (let k = 0; k <= 8; k++) colours.push([k / 8, k / 8, k / 8]);
  return colours;
}

/** Point sets of a run, the recipe's own first. */
export function pointsOf(sets: PointSet[], model: ModelData): Points[] {
  const all = sets.map((set) => decode(set, model));
  if (model.colour) all.push(made('Fine colour cube', cube(16)), made('Hue wheel, tints and shades', wheel()));
  return all;
}

/** A slice of the colour solid: hue across, value up. */
export interface Slice { saturation: number; hues: number; values: number; points: Points }

/** Slices of the colour solid, from pure colours to grey. */
export function slices(saturations: number[], nHues: number, nValues: number): Slice[] {
  return saturations.map((s) => {
    const colours: Rgb[] = [];
    for (let row = 0; row < nValues; row++)
      for (let i = 0; i < nHues; i++) colours.push(rgbOf({ h: i / nHues, s, v: 1 - row / (nValues - 1) }));
    return { saturation: s, hues: nHues, values: nValues, points: made(`s ${s}`, colours) };
  });
}

/** What to call a point. */
export function pointName(points: Points, i: number): string {
  const name = points.names?.[i];
  if (name) return name;
  if (points.hsv) {
    const near = nameOf(points.inputs.subarray(3 * i, 3 * i + 3));
    return near.exact ? near.name : `near ${near.name}`;
  }
  return `point ${i}`;
}
