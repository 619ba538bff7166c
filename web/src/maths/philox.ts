// philox.ts - Philox4x32-10, the counter-based generator of kedge (Salmon et al., Parallel random numbers: as easy
// as 1, 2, 3; SC 2011), for the one edit that draws: repel turns what is parallel to its direction somewhere.

const MULTIPLIERS = [0xd2511f53, 0xcd9e8d57];
const WEYL = [0x9e3779b9, 0xbb67ae85];

/** High and low 32 bits of a product. */
function product(a: number, b: number): [number, number] {
  const wide = BigInt(a) * BigInt(b);
  return [Number(wide >> 32n), Number(wide & 0xffffffffn)];
}

export function philox(counter: number[], key: number[]): number[] {
  let [c0, c1, c2, c3] = counter, [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const [high0, low0] = product(MULTIPLIERS[0], c0), [high1, low1] = product(MULTIPLIERS[1], c2);
    [c0, c1, c2, c3] = [(high1 ^ c1 ^ k0) >>> 0, low1, (high0 ^ c3 ^ k1) >>> 0, low0];
    k0 = (k0 + WEYL[0]) >>> 0;
    k1 = (k1 + WEYL[1]) >>> 0;
  }
  return [c0, c1, c2, c3];
}

const PURPOSE_REPEL = 5;

/** A unit vector at right angles to the unit vector v, by v alone: seed 0, the draw as step, four dims a block. */
export function wayAcross(v: ArrayLike<number>): Float64Array {
  const n = v.length, way = new Float64Array(n);
  const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => {
    let sum = 0;
    for (let k = 0; k < n; k++) sum += a[k] * b[k];
    return sum;
  };
  let length = 0;
  for (let draw = 0; length < 0.1 && draw < 1000; draw++) {
    let words: number[] = [];
    for (let k = 0; k < n; k++) {
      if (k % 4 === 0) words = philox([k / 4, draw, PURPOSE_REPEL, 0], [0, 0]);
      way[k] = 2 * ((words[k % 4] >>> 8) * 2 ** -24) - 1;
    }
    for (let pass = 0; pass < 2; pass++) { // the second takes what rounding left of v
      const along = dot(way, v);
      for (let k = 0; k < n; k++) way[k] -= along * v[k];
    }
    length = Math.sqrt(dot(way, way));
  }
  return way.map((x) => x / length);
}
