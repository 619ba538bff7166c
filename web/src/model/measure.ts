// measure.ts - what an edit does to the points of a set (METHOD section 8).

export interface Measures {
  mean: number; // error over all points
  concept: number | null; // error where the target is largest
  collateral: number | null; // largest increase where the target is 0
  r: number | null; // correlation of the error with the target
  r2: number | null;
}

const ORTHOGONAL = 1e-9; // targets up to here are 0 but for rounding

/** Error of each point: the mean of squares over the outputs; colours are clamped first. */
export function errorsOf(outputs: ArrayLike<number>, targets: ArrayLike<number>, n: number, width: number,
  colour: boolean): Float64Array {
  const errors = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = i * width; j < (i + 1) * width; j++) {
      const y = outputs[j], shown = colour ? (y < 0 ? 0 : y > 1 ? 1 : y) : y;
      sum += (shown - targets[j]) ** 2;
    }
    errors[i] = sum / width;
  }
  return errors;
}

export function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/** Pearson's; 0 where one of the two does not vary. */
export function correlation(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const n = x.length, mx = meanOf(x), my = meanOf(y);
  let xx = 0, yy = 0, xy = 0;
  for (let i = 0; i < n; i++) {
    const dx = x[i] - mx, dy = y[i] - my;
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  if (xx <= n * (1e-6 * mx) ** 2 || yy <= n * (1e-12 * my) ** 2) return 0;
  return Math.min(1, Math.max(-1, xy / Math.sqrt(xx * yy)));
}

export function largest(values: ArrayLike<number>): number {
  let at = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[at]) at = i;
  return at;
}

/** 'before' and 'after' are errors of the same points without and with the edit. */
export function measure(before: Float64Array, after: Float64Array, target: ArrayLike<number> | null): Measures {
  const mean = meanOf(after);
  if (!target) return { mean, concept: null, collateral: null, r: null, r2: null };
  const most = target[largest(target)];
  let collateral: number | null = null, sum = 0, count = 0;
  for (let i = 0; i < after.length; i++) {
    const increase = after[i] - before[i];
    if (Math.abs(target[i]) <= ORTHOGONAL && !(collateral !== null && increase <= collateral)) collateral = increase;
    if (target[i] >= most - 1e-9 * Math.abs(most)) {
      sum += after[i];
      count++;
    }
  }
  const r = correlation(after, target);
  return { mean, concept: sum / count, collateral, r, r2: r * r };
}
