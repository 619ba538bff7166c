// camera.ts - from where the latent space is seen: a rotation of its K dims, whose first three rows are right, up and
// towards the viewer, and a zoom. Several pictures share one camera.

import { minimumJerk } from '../maths/ease';
import { along, identity, orthonormalize, path, turn, turnLatents, viewOf, type Matrix } from '../maths/rotation';

export const DISTANCE = 4.2; // of the eye from the centre, in radii of the unit sphere

interface Glide { from: Matrix; turns: ReturnType<typeof path>; start: number; seconds: number }

export class Camera {
  readonly n: number; // dims of the view: K, at least 3
  matrix: Matrix;
  zoom = 1;
  touring = false;
  private glide: Glide | null = null;
  private spin: { x: number; y: number; axis: number } | null = null;
  private before = 0; // time of the last advance
  private tourTime = 0;

  constructor(readonly dims: number, readonly stillness: () => boolean) {
    this.n = Math.max(3, dims);
    this.matrix = identity(this.n);
    this.home();
  }

  /** A three-quarter view of the first three axes. */
  home(): void {
    this.matrix = this.homeMatrix();
    this.zoom = 1;
    this.glide = this.spin = null;
  }

  private homeMatrix(): Matrix {
    const m = viewOf(this.n, [0, 1]);
    turn(m, this.n, 2, 0, this.dims > 2 ? 0.5 : 0);
    turn(m, this.n, 2, 1, this.dims > 2 ? -0.38 : 0);
    return m;
  }

  glideHome(now: number): void {
    this.zoom = 1;
    this.glideTo(this.homeMatrix(), now);
  }

  /** To the view whose right and up are two latent dims, by minimum jerk; at once where motion is not wanted. */
  glideToAxes(i: number, j: number, now: number): void {
    this.glideTo(viewOf(this.n, [i, j]), now);
  }

  private glideTo(target: Matrix, now: number): void {
    this.touring = false;
    this.spin = null;
    if (this.stillness()) {
      this.matrix = target;
      this.glide = null;
      return;
    }
    const from = Float64Array.from(this.matrix), turns = path(from, target, this.n);
    const most = Math.max(0, ...turns.map(({ angle }) => Math.abs(angle)));
    this.glide = { from, turns, start: now, seconds: 0.5 + 0.35 * most };
  }

  /** By a drag of so many radians; axis 2 is depth, 3 the fourth coordinate, and so on. */
  drag(x: number, y: number, axis: number): void {
    this.glide = this.spin = null;
    this.turnBy(x, y, axis);
  }

  private turnBy(x: number, y: number, axis: number): void {
    const with_ = Math.min(axis, this.n - 1);
    turn(this.matrix, this.n, with_, 0, x);
    turn(this.matrix, this.n, with_, 1, -y);
    orthonormalize(this.matrix, this.n);
  }

  /** Goes on turning for a while, as a thing that was pushed. Radians a second. */
  release(x: number, y: number, axis: number): void {
    if (this.stillness() || Math.hypot(x, y) < 0.25) return;
    this.spin = { x, y, axis };
    this.before = 0;
  }

  turnPlane(i: number, j: number, angle: number): void {
    this.glide = this.spin = null;
    turnLatents(this.matrix, this.n, i, j, angle);
    orthonormalize(this.matrix, this.n);
  }

  stop(): void {
    this.glide = this.spin = null;
    this.touring = false;
  }

  /** Moves on to the time 'now' (ms); whether it is still moving. */
  advance(now: number): boolean {
    const seconds = this.before ? Math.min(0.1, (now - this.before) / 1000) : 0.016;
    this.before = now;
    if (this.glide) this.advanceGlide(now, this.glide);
    else if (this.spin) this.advanceSpin(seconds, this.spin);
    else if (this.touring) this.advanceTour(seconds);
    const moving = this.glide !== null || this.spin !== null || this.touring;
    if (!moving) this.before = 0;
    return moving;
  }

  private advanceGlide(now: number, glide: Glide): void {
    const t = (now - glide.start) / 1000 / glide.seconds;
    this.matrix = along(glide.from, this.n, glide.turns, minimumJerk(t));
    if (t >= 1) this.glide = null;
  }

  private advanceSpin(seconds: number, spin: { x: number; y: number; axis: number }): void {
    this.turnBy(spin.x * seconds, spin.y * seconds, spin.axis);
    const left = Math.exp(-3.2 * seconds);
    spin.x *= left;
    spin.y *= left;
    if (Math.hypot(spin.x, spin.y) < 0.02) this.spin = null;
  }

  /** All planes of the view turn, each at a speed and a swell of its own, so that every side comes by. */
  private advanceTour(seconds: number): void {
    this.tourTime += seconds;
    const n = Math.min(this.n, 6), ramp = Math.min(1, this.tourTime / 1.2);
    for (let i = 0, plane = 0; i < n; i++)
      for (let j = i + 1; j < n; j++, plane++) {
        const swell = Math.sin(0.21 * this.tourTime * (1 + 0.37 * plane) + 2.4 * plane);
        turn(this.matrix, this.n, j, i, seconds * ramp * (0.1 + 0.16 * swell));
      }
    orthonormalize(this.matrix, this.n);
  }

  startTour(): void {
    this.stop();
    this.tourTime = 0;
    this.touring = true;
  }

  /** A latent's coordinates in the view, into 'to' [n]. */
  see(z: ArrayLike<number>, at: number, scale: number, to: Float64Array): void {
    const { n, dims, matrix } = this;
    for (let row = 0; row < n; row++) {
      let sum = 0;
      for (let k = 0; k < dims; k++) sum += matrix[row * n + k] * z[at + k];
      to[row] = sum * scale;
    }
  }
}
