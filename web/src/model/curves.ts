// curves.ts - numbers over steps: losses and schedules, as they are and smoothed.

import type { LossData, ScheduleData } from '../data';
import { floatsOf } from '../base/bytes';
import { Thinning } from '../base/thin';

export interface Curve { name: string; values: number[] }

/** Several curves over the same steps. */
export class Curves {
  readonly at: number[];
  readonly curves: Curve[];
  private readonly thinning = new Thinning();

  constructor(names: string[], at: number[], values: Float32Array) {
    this.at = [...at];
    this.curves = names.map((name, i) => ({ name, values: [...values.subarray(i * at.length, (i + 1) * at.length)] }));
  }

  static ofLosses(data: LossData): Curves {
    return new Curves(data.names, data.at, floatsOf(data.values, data.names.length * data.at.length, 'losses'));
  }

  static ofSchedule(data: ScheduleData): Curves {
    return new Curves(data.columns, data.at, floatsOf(data.values, data.columns.length * data.at.length, 'schedule'));
  }

  /** A further step (live); steps from there on are forgotten, and at most 'room' are kept. */
  append(step: number, row: number[], room: number): void {
    this.thinning.append(this.at, this.curves.map(({ values }) => values), step, row, room);
  }

  /** The index of the last entry at or before a step; -1 before the first. */
  find(step: number): number {
    let low = -1, high = this.at.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.at[middle] <= step) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The last known value of a curve at a step; of losses the last that is not 0, which says that nothing carried the
   * term's label. */
  valueAt(curve: number, step: number, positive: boolean): number | null {
    const { values } = this.curves[curve];
    for (let i = this.find(step); i >= 0; i--)
      if (Number.isFinite(values[i]) && (!positive || values[i] > 0)) return values[i];
    return null;
  }
}

/** A running mean of logarithms over about a fiftieth of what there is, both ways so that nothing is shifted.
 * Gaps stay gaps where there is nothing at all; where a value is rare its neighbours are joined. */
export function smooth(values: number[]): (number | null)[] {
  const known = values.map((v, i) => (v > 0 ? i : -1)).filter((i) => i >= 0);
  const keep = Math.exp(-1 / Math.max(1.5, known.length / 60));
  const logs = known.map((i) => Math.log(values[i]));
  const pass = (order: number[]) => {
    const out = new Array<number>(logs.length);
    let sum = 0, weight = 0;
    for (const k of order) {
      sum = keep * sum + logs[k];
      weight = keep * weight + 1;
      out[k] = sum / weight;
    }
    return out;
  };
  const order = logs.map((_, k) => k), forth = pass(order), back = pass([...order].reverse());
  const out = new Array<number | null>(values.length).fill(null);
  known.forEach((i, k) => (out[i] = Math.exp((forth[k] + back[k]) / 2)));
  return out;
}
