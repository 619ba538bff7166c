// engine.ts - a run, ready to be computed: its parameters at every record, its points, and what comes out of them
// with or without an edit, at any step. Results are kept, so that playing and turning cost nothing twice.

import type { EditData, PlanData, RunData } from '../data';
import { floatsOf } from '../base/bytes';
import { Thinning } from '../base/thin';
import { applyEdit } from './edits';
import { errorsOf, measure, type Measures } from './measure';
import { Network, normalize } from './network';
import { pointsOf, type Points } from './points';

/** What a model makes of the points of a set. */
export interface Result {
  latents: Float64Array; // [n][dims] as encoded
  edited: Float64Array; // [n][dims] that the decoder sees; the same array where there is no edit
  outputs: Float64Array; // [n][outputs], not clamped
  errors: Float64Array; // [n]
}

/** What is done to the model: nothing, an edit of latents, other parameters (surgery on the trained model), or both. */
export interface Change {
  edit: EditData | null;
  parameters: Float32Array | null;
}

export const NO_CHANGE: Change = { edit: null, parameters: null };

export function acts(change: Change): boolean {
  return change.edit !== null || change.parameters !== null;
}

const KEPT_VALUES = 6e6; // doubles among the kept results: 48 MB

export class Engine {
  readonly network: Network;
  readonly points: Points[];
  readonly dims: number;
  readonly at: number[]; // steps of the records
  private readonly records: Float32Array[];
  private readonly thinning = new Thinning();
  private readonly surgery = new Map<PlanData, Float32Array>();
  private readonly kept = new Map<string, Float64Array[]>();
  private keptValues = 0;
  private readonly ids = new WeakMap<object, number>();
  private nextId = 0;

  constructor(readonly run: RunData) {
    this.network = new Network(run.model);
    this.points = pointsOf(run.points, run.model);
    this.dims = run.model.bottleneck;
    this.at = [...run.records.at];
    const width = run.model.parameters;
    const all = floatsOf(run.records.parameters, width * this.at.length, `records of ${run.name}`);
    this.records = this.at.map((_, i) => all.subarray(i * width, (i + 1) * width));
    for (const plan of run.plans)
      if (plan.parameters) this.surgery.set(plan, floatsOf(plan.parameters, width, `plan '${plan.name}'`));
  }

  get last(): number {
    return this.at.length ? this.at[this.at.length - 1] : 0;
  }

  /** What a plan does, with its edit or with that which the reader made of it. */
  changeOf(plan: PlanData, edit = plan.edit): Change {
    return { edit, parameters: this.surgery.get(plan) ?? null };
  }

  /** Whether the page can compute a plan, and not only tell its stored numbers. */
  canCompute(plan: PlanData): boolean {
    return plan.edit !== null || plan.parameters !== null;
  }

  /** Takes one more record (live); at most 'room' are kept. */
  append(step: number, parameters: Float32Array, room: number): void {
    this.thinning.append(this.at, [this.records], step, [parameters], room);
  }

  /** The records on both sides of a step, and how far it is between them. */
  locate(step: number): { low: number; high: number; t: number } {
    const at = this.at;
    let low = 0, end = at.length - 1;
    while (low < end) {
      const middle = (low + end + 1) >> 1;
      if (at[middle] <= step) low = middle;
      else end = middle - 1;
    }
    const high = Math.min(low + 1, at.length - 1);
    const t = high > low ? Math.min(1, Math.max(0, (step - at[low]) / (at[high] - at[low]))) : 0;
    return t === 0 ? { low, high: low, t } : t === 1 ? { low: high, high, t: 0 } : { low, high, t };
  }

  /** At a record, exactly. */
  evaluate(record: number, set: number, change: Change = NO_CHANGE): Result {
    return this.resultOf(change.parameters ?? this.records[record], this.points[set], change.edit);
  }

  /** At any step: between two records latents and outputs are in between, latents on the sphere if they live there.
   * After surgery the step does not matter: it was done at the end. */
  evaluateAt(step: number, points: Points, change: Change = NO_CHANGE): Result {
    const { low, high, t } = this.locate(step);
    const a = this.resultOf(change.parameters ?? this.records[low], points, change.edit);
    if (change.parameters || t === 0) return a;
    return this.between(a, this.resultOf(this.records[high], points, change.edit), t, points);
  }

  measureAt(step: number, change: Change, target: ArrayLike<number> | null): Measures {
    const points = this.points[0];
    const before = this.evaluateAt(change.parameters ? this.last : step, points).errors;
    return measure(before, this.evaluateAt(step, points, change).errors, target);
  }

  private between(a: Result, b: Result, t: number, points: Points): Result {
    const latents = lerp(a.latents, b.latents, t);
    const edited = a.edited === a.latents ? latents : lerp(a.edited, b.edited, t);
    if (this.run.model.normalize) normalize(latents, points.n, this.dims);
    const outputs = lerp(a.outputs, b.outputs, t);
    return { latents, edited, outputs, errors: this.errors(outputs, points) };
  }

  private errors(outputs: Float64Array, points: Points): Float64Array {
    return errorsOf(outputs, points.targets, points.n, this.run.model.outputs.length, this.run.model.colour);
  }

  private resultOf(parameters: Float32Array, points: Points, edit: EditData | null): Result {
    const key = `${this.id(parameters)}/${this.id(points)}`;
    const [latents] = this.keep(key, () => [this.network.encode(parameters, points.inputs, points.n)]);
    const [edited, outputs, errors] = this.keep(`${key}/${edit ? JSON.stringify(edit) : ''}`, () => {
      const z = edit ? applyEdit(edit, latents, points.n, this.dims) : latents;
      const y = this.network.decode(parameters, z, points.n);
      return [z, y, this.errors(y, points)];
    });
    return { latents, edited, outputs, errors };
  }

  private id(of: object): number {
    let id = this.ids.get(of);
    if (id === undefined) this.ids.set(of, (id = this.nextId++));
    return id;
  }

  /** What was computed before, or is now; the longest unused make room. */
  private keep(key: string, make: () => Float64Array[]): Float64Array[] {
    let value = this.kept.get(key);
    if (value) {
      this.kept.delete(key);
    } else {
      value = make();
      this.keptValues += size(value);
    }
    this.kept.set(key, value);
    for (const [oldest, old] of this.kept) {
      if (this.keptValues < KEPT_VALUES || oldest === key) break;
      this.kept.delete(oldest);
      this.keptValues -= size(old);
    }
    return value;
  }
}

function size(arrays: Float64Array[]): number {
  return arrays.reduce((sum, array) => sum + array.length, 0);
}

function lerp(a: Float64Array, b: Float64Array, t: number): Float64Array {
  const out = new Float64Array(a.length);
  for (let i = 0; i < out.length; i++) out[i] = a[i] + (b[i] - a[i]) * t;
  return out;
}
