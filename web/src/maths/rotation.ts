// rotation.ts - rotations of K dims: matrices, row-major, whose rows are the axes of the view.

export type Matrix = Float64Array; // [n][n]

export function identity(n: number): Matrix {
  const m = new Float64Array(n * n);
  for (let i = 0; i < n; i++) m[i * n + i] = 1;
  return m;
}

/** Turns view axis i towards view axis j, in place. */
export function turn(m: Matrix, n: number, i: number, j: number, angle: number): void {
  const c = Math.cos(angle), s = Math.sin(angle);
  for (let k = 0; k < n; k++) {
    const a = m[i * n + k], b = m[j * n + k];
    m[i * n + k] = c * a - s * b;
    m[j * n + k] = s * a + c * b;
  }
}

/** The rotation M exp(angle J) that turns latent axis i towards latent axis j, in place: columns instead of rows. */
export function turnLatents(m: Matrix, n: number, i: number, j: number, angle: number): void {
  const c = Math.cos(angle), s = Math.sin(angle);
  for (let row = 0; row < n; row++) {
    const a = m[row * n + i], b = m[row * n + j];
    m[row * n + i] = c * a + s * b;
    m[row * n + j] = -s * a + c * b;
  }
}

/** Gram and Schmidt: takes the rounding of many turns away. */
export function orthonormalize(m: Matrix, n: number): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      let dot = 0;
      for (let k = 0; k < n; k++) dot += m[i * n + k] * m[j * n + k];
      for (let k = 0; k < n; k++) m[i * n + k] -= dot * m[j * n + k];
    }
    let length = 0;
    for (let k = 0; k < n; k++) length += m[i * n + k] ** 2;
    length = Math.sqrt(length);
    for (let k = 0; k < n; k++) m[i * n + k] /= length;
  }
}

export function determinant(m: Matrix, n: number): number {
  const a = Float64Array.from(m);
  let product = 1;
  for (let i = 0; i < n; i++) {
    let pivot = i;
    for (let r = i + 1; r < n; r++) if (Math.abs(a[r * n + i]) > Math.abs(a[pivot * n + i])) pivot = r;
    if (a[pivot * n + i] === 0) return 0;
    if (pivot !== i) {
      product = -product;
      for (let k = 0; k < n; k++) [a[i * n + k], a[pivot * n + k]] = [a[pivot * n + k], a[i * n + k]];
    }
    product *= a[i * n + i];
    for (let r = i + 1; r < n; r++) {
      const f = a[r * n + i] / a[i * n + i];
      for (let k = i; k < n; k++) a[r * n + k] -= f * a[i * n + k];
    }
  }
  return product;
}

/** The view whose first axes are the given latent dims; the others follow in order. A mirror image is avoided by
 * turning the last axis round, which no picture shows unless n is 2 or 3: there the third points to the viewer. */
export function viewOf(n: number, first: number[]): Matrix {
  const order = [...first];
  for (let k = 0; k < n; k++) if (!order.includes(k)) order.push(k);
  const m = new Float64Array(n * n);
  order.forEach((dim, row) => (m[row * n + dim] = 1));
  if (determinant(m, n) < 0) m[(n - 1) * n + order[n - 1]] = -1;
  return m;
}

/** One turn of a path: view axes and an angle. */
interface Turn { i: number; j: number; angle: number }

/** Turns that lead from one rotation to another, one after the other (Givens). Done by shares of their angles they
 * make a smooth path, however far apart the two are. */
export function path(from: Matrix, to: Matrix, n: number): Turn[] {
  const rest = new Float64Array(n * n); // to from^T, which the turns take to the identity
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) for (let k = 0; k < n; k++) rest[i * n + j] += to[i * n + k] * from[j * n + k];
  const back: Turn[] = [];
  for (let column = 0; column < n - 1; column++)
    for (let row = n - 1; row > column; row--) {
      const a = rest[column * n + column], b = rest[row * n + column];
      const angle = Math.atan2(-b, a);
      if (Math.abs(angle) < 1e-12) continue;
      turn(rest, n, column, row, angle);
      back.push({ i: column, j: row, angle: -angle });
    }
  return back.reverse();
}

/** The rotation at share t of a path. */
export function along(from: Matrix, n: number, turns: Turn[], t: number): Matrix {
  const m = Float64Array.from(from);
  for (const { i, j, angle } of turns) turn(m, n, i, j, angle * t);
  return m;
}
