// erf.ts - the error function, from a table with its exact slopes: cubic pieces, error below 1e-11.

const STEP = 1 / 256;
const END = 6; // erf is 1 - 2e-17 there
const N = END / STEP;

/** By Taylor's series, whose terms stay small up to about 3; beyond by the continued fraction of 1 - erf. */
function exact(x: number): number {
  if (x < 2.5) {
    let term = x, sum = x;
    for (let n = 1; Math.abs(term) > 1e-18; n++) {
      term *= -(x * x) / n;
      sum += term / (2 * n + 1);
      if (n > 200) break;
    }
    return (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = x;
  for (let k = 60; k > 0; k--) fraction = x + k / 2 / fraction;
  return 1 - Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction);
}

const table = new Float64Array(N + 2);
const slopes = new Float64Array(N + 2); // times STEP
for (let i = 0; i < table.length; i++) {
  const x = i * STEP;
  table[i] = exact(x);
  slopes[i] = (STEP * 2 * Math.exp(-x * x)) / Math.sqrt(Math.PI);
}

export function erf(x: number): number {
  const size = x < 0 ? -x : x;
  if (!(size < END)) return Number.isNaN(x) ? x : x < 0 ? -1 : 1;
  const at = size / STEP, i = at | 0, t = at - i;
  const a = table[i], b = table[i + 1], rise = b - a, p = slopes[i], q = slopes[i + 1];
  const y = a + t * (p + t * (3 * rise - 2 * p - q + t * (p + q - 2 * rise)));
  return x < 0 ? -y : y;
}
