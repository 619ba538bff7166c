// edits.ts - edits of latents (METHOD section 6): suppress, repel, zero, add.

import type { EditData } from '../data';
import { wayAcross } from '../maths/philox';

const SHORT = 1e-12; // a latent that is shorter has no direction
const PARALLEL = 1e-6; // below this share of its length a part across is rounding

export function cosDegrees(angle: number): number {
  return angle === 60 ? 0.5 : Math.sin((90 - angle) * (Math.PI / 180));
}

export function unit(direction: ArrayLike<number>): Float64Array {
  let squares = 0;
  for (let k = 0; k < direction.length; k++) squares += direction[k] ** 2;
  return Float64Array.from(direction, (x) => (squares > 0 ? x / Math.sqrt(squares) : 0));
}

/** Share that suppression removes at a cosine alpha: 0 up to cos(from), then strength x^power. */
export function suppressShare(edit: EditData, alpha: number): number {
  const from = cosDegrees(edit.from), at = Math.min(1, alpha);
  if (!(at > from)) return 0;
  return edit.strength * ((at - from) / (1 - from)) ** edit.power;
}

/** The cosine that repulsion makes of a cosine alpha. */
export function repelMap(edit: EditData, alpha: number): number {
  const a = cosDegrees(edit.from), b = cosDegrees(edit.to);
  if (!(alpha > a) || a >= 1 || b >= 1) return alpha;
  const at = Math.min(1, alpha);
  const m = edit.map === 'bezier' ? bezierMap(a, b, at) : a + ((at - a) * (b - a)) / (1 - a);
  return Math.min(m, at, b);
}

/** From (a,a) to (1,b): slope 1 at the start, 0 at the end; inner points 1/sqrt 2 of the way to where the tangents
 * meet, which is (b,b). */
function bezierMap(a: number, b: number, alpha: number): number {
  const share = Math.SQRT1_2, inner = a + share * (b - a), outer = 1 - share * (1 - b);
  const cubic = (p0: number, p1: number, p2: number, p3: number, t: number) => {
    const u = 1 - t;
    return u * u * u * p0 + 3 * u * u * t * p1 + 3 * u * t * t * p2 + t * t * t * p3;
  };
  let low = 0, high = 1; // x rises with t
  for (let i = 0; i < 60; i++) {
    const t = (low + high) / 2;
    if (cubic(a, inner, outer, 1, t) < alpha) low = t;
    else high = t;
  }
  return cubic(a, inner, b, b, (low + high) / 2);
}

type Row = (z: Float64Array, at: number) => void;

function suppress(edit: EditData, v: Float64Array): Row {
  return (z, at) => {
    const { dot, length } = align(z, at, v);
    const share = suppressShare(edit, length < SHORT ? 0 : Math.max(0, dot / length));
    if (share !== 0) for (let k = 0; k < v.length; k++) z[at + k] -= share * dot * v[k];
  };
}

/** z = |z| (alpha v + beta n) becomes |z| (m v + sqrt(1 - m^2) n). */
function repel(edit: EditData, v: Float64Array): Row {
  const way = v.length > 1 ? wayAcross(v) : new Float64Array(1), from = cosDegrees(edit.from);
  return (z, at) => {
    const { dot, length } = align(z, at, v);
    const alpha = length < SHORT ? 0 : Math.min(1, Math.max(0, dot / length));
    if (!(alpha > from)) return;
    const m = repelMap(edit, alpha), rest = length * Math.sqrt(1 - m * m);
    if (!(m < alpha)) return;
    let side = 0;
    for (let k = 0; k < v.length; k++) side += (z[at + k] - dot * v[k]) ** 2;
    side = Math.sqrt(side);
    const turned = side > PARALLEL * length;
    for (let k = 0; k < v.length; k++) {
      const across = turned ? (z[at + k] - dot * v[k]) / side : way[k];
      z[at + k] = length * m * v[k] + rest * across;
    }
  };
}

function align(z: Float64Array, at: number, v: Float64Array): { dot: number; length: number } {
  let dot = 0, squares = 0;
  for (let k = 0; k < v.length; k++) {
    dot += z[at + k] * v[k];
    squares += z[at + k] * z[at + k];
  }
  return { dot, length: Math.sqrt(squares) };
}

function zero(edit: EditData): Row {
  const dims = edit.dims ?? [];
  return (z, at) => {
    for (const k of dims) z[at + k] = 0;
  };
}

function add(edit: EditData, v: Float64Array): Row {
  return (z, at) => {
    for (let k = 0; k < v.length; k++) z[at + k] += edit.strength * v[k];
  };
}

/** What a parameter is called and how far it goes, per kind: the controls are made from this. */
export interface Knob { key: 'from' | 'to' | 'strength' | 'power'; label: string; min: number; max: number;
  step: number; unit: string; help: string }

interface Kind { label: string; help: string; directed: boolean; knobs: Knob[];
  rows: (edit: EditData, v: Float64Array) => Row }

const FROM: Knob = { key: 'from', label: 'Reach', min: 0, max: 90, step: 1, unit: '°',
  help: 'Half angle of the cone: what is further from the direction stays as it is.' };

export const EDITS: { [kind in EditData['kind']]: Kind } = {
  suppress: { label: 'Suppress', directed: true, rows: suppress,
    help: 'Removes a share of the part along the direction. Lengths shrink.',
    knobs: [FROM,
      { key: 'strength', label: 'Strength', min: 0, max: 2, step: 0.01, unit: '',
        help: 'Share that is removed at the direction itself: 1 is all of it, 2 turns it round.' },
      { key: 'power', label: 'Power', min: 0, max: 8, step: 0.1, unit: '',
        help: 'How the share grows towards the direction; 0: the same everywhere in the cone.' }] },
  repel: { label: 'Repel', directed: true, rows: repel,
    help: 'Turns latents away from the direction. Lengths stay.',
    knobs: [FROM, { key: 'to', label: 'Nearest', min: 0, max: 90, step: 1, unit: '°',
      help: 'No latent comes nearer to the direction than this.' }] },
  zero: { label: 'Zero', directed: false, rows: zero, help: 'Sets dims to 0.', knobs: [] },
  add: { label: 'Add', directed: true, rows: add, help: 'Adds a vector of this direction and length.',
    knobs: [{ key: 'strength', label: 'Length', min: -2, max: 2, step: 0.01, unit: '',
      help: 'Length of the vector; below 0 it is turned round.' }] },
};

/** A copy of latents [n][dims] after the edit. */
export function applyEdit(edit: EditData, latents: Float64Array, n: number, dims: number): Float64Array {
  const z = Float64Array.from(latents);
  const row = EDITS[edit.kind].rows(edit, unit(edit.direction ?? new Array(dims).fill(0)));
  for (let i = 0; i < n; i++) row(z, i * dims);
  return z;
}

/** An edit in words. */
export function editText(edit: EditData): string {
  const { label, knobs, directed } = EDITS[edit.kind];
  const parts = knobs.map((knob) => `${knob.label.toLowerCase()} ${edit[knob.key]}${knob.unit}`);
  if (edit.kind === 'repel') parts.push(edit.map);
  const where = directed ? '' : ` z${(edit.dims ?? []).join(', z')}`;
  return `${label.toLowerCase()}${where}${parts.length ? `, ${parts.join(', ')}` : ''}`;
}
