// scene.ts - what a picture of latents consists of, in pixels: discs, lines, areas, labels. Painters draw it.

import type { Rgb } from '../maths/colour';
import { DISTANCE, type Camera } from './camera';

export const DISC = 8; // x, y, depth, radius, r, g, b, alpha
export const LINE = 10; // x, y, depth of both ends, width, ink (index of the palette), alpha of both ends
export const AREA = 11; // x, y, depth of three corners, ink, alpha

/** A list of numbers that grows and is filled anew for every picture. */
export class Numbers {
  values = new Float32Array(1024);
  length = 0;

  clear(): void {
    this.length = 0;
  }

  push(...numbers: number[]): void {
    if (this.length + numbers.length > this.values.length) {
      const more = new Float32Array(2 * this.values.length + numbers.length);
      more.set(this.values);
      this.values = more;
    }
    for (const x of numbers) this.values[this.length++] = x;
  }
}

export interface Label { text: string; x: number; y: number; opacity: number; kind: 'axis' | 'anchor' }

export interface Palette { ink: Rgb; muted: Rgb; rule: Rgb; accent: Rgb; outline: Rgb; outlineAlpha: number }
export const INK = 0, MUTED = 1, RULE = 2, ACCENT = 3;

/** What is to be seen. */
export interface Subject {
  camera: Camera;
  width: number; // CSS pixels
  height: number;
  dims: number;
  scale: number; // of latents: 1 where they live on the unit sphere
  latents: Float64Array; // [n][dims]
  n: number;
  colours: Float32Array; // [n][3]
  radius: number; // of a disc at the centre
  fourth: boolean; // the fourth coordinate as size
  circles: boolean; // great circles of the coordinate planes
  anchors: { label: string; at: number[] }[];
  cone: { direction: Float64Array; angle: number; acts: boolean } | null; // degrees
  selected: number;
  hovered: number;
}

export class Scene {
  readonly discs = new Numbers();
  readonly lines = new Numbers();
  readonly areas = new Numbers();
  labels: Label[] = [];
  screen = new Float32Array(0); // x, y, depth, radius of every point
  order = new Uint32Array(0); // of points, from the back to the front
  ball = { x: 0, y: 0, radius: 0 };
  private seen = new Float64Array(0);
  private subject!: Subject;

  build(subject: Subject): void {
    this.subject = subject;
    this.seen = new Float64Array(Math.max(3, subject.camera.n));
    this.discs.clear();
    this.lines.clear();
    this.areas.clear();
    this.labels = [];
    const { width, height, camera } = subject;
    const radius = Math.min(width, height) * 0.395 * camera.zoom;
    this.ball = { x: width / 2, y: height / 2, radius };
    if (subject.circles) this.addCircles();
    if (subject.cone) this.addCone(subject.cone.direction, subject.cone.angle, subject.cone.acts);
    this.addAxes();
    this.addAnchors();
    this.placePoints();
    this.addPoints();
  }

  /** Where a latent is: x, y, depth in [-1, 1] (front 1), and how much nearer it looks. */
  private project(z: ArrayLike<number>, at = 0): [number, number, number, number] {
    this.subject.camera.see(z, at, this.subject.scale, this.seen);
    return this.place();
  }

  private place(): [number, number, number, number] {
    const [a, b, c] = this.seen, near = DISTANCE / Math.max(0.4, DISTANCE - c), { x, y, radius } = this.ball;
    return [x + a * near * radius, y - b * near * radius, c / 3, near];
  }

  private addLine(p: number[], q: number[], width: number, ink: number, alphaP: number, alphaQ = alphaP): void {
    this.lines.push(p[0], p[1], p[2], q[0], q[1], q[2], width, ink, alphaP, alphaQ);
  }

  /** What is further back is fainter. */
  private static haze(depth: number): number {
    return 0.55 + 0.45 * Math.min(1, Math.max(-1, 3 * depth));
  }

  private addCurve(points: Float64Array[], width: number, ink: number, alpha: number): void {
    let before: number[] | null = null;
    for (const z of points) {
      const p = this.project(z);
      if (before)
        this.addLine(before, p, width, ink, alpha * Scene.haze(before[2]), alpha * Scene.haze(p[2]));
      before = p;
    }
  }

  /** Around the origin in the plane of two directions of length r, about 'centre'. */
  private ring(u: Float64Array, v: Float64Array, centre: Float64Array, r: number, segments = 72): Float64Array[] {
    return Array.from({ length: segments + 1 }, (_, i) => {
      const c = Math.cos((2 * Math.PI * i) / segments), s = Math.sin((2 * Math.PI * i) / segments);
      return centre.map((x, k) => x + r * (c * u[k] + s * v[k]));
    });
  }

  private axis(k: number): Float64Array {
    const e = new Float64Array(this.subject.dims);
    e[k] = 1;
    return e;
  }

  private addCircles(): void {
    const dims = Math.min(this.subject.dims, 5), origin = new Float64Array(this.subject.dims);
    for (let i = 0; i < dims; i++)
      for (let j = i + 1; j < dims; j++)
        this.addCurve(this.ring(this.axis(i), this.axis(j), origin, 1), 1, RULE, i === 0 && j === 1 ? 1 : 0.6);
  }

  private addAxes(): void {
    const dims = Math.min(this.subject.dims, 8);
    for (let k = 0; k < dims; k++) {
      const e = this.axis(k), from = this.project(e.map(() => 0)), tip = this.project(e.map((x) => 1.17 * x));
      const dx = tip[0] - from[0], dy = tip[1] - from[1], long = Math.hypot(dx, dy) / this.ball.radius;
      const alpha = Math.min(1, long / 0.35) * (0.55 + 0.35 * Scene.haze(tip[2]));
      this.addLine(from, tip, 1.5, MUTED, alpha);
      const size = Math.min(9, 26 * long), back = Math.hypot(dx, dy) || 1;
      for (const side of [-1, 1]) {
        const a = Math.atan2(dy, dx) + side * 0.42;
        this.addLine(tip, [tip[0] - size * Math.cos(a), tip[1] - size * Math.sin(a), tip[2]], 1.5, MUTED, alpha);
      }
      this.labels.push({ text: `z${k}`, x: tip[0] + (13 * dx) / back, y: tip[1] + (13 * dy) / back, kind: 'axis',
        opacity: Math.min(1, Math.max(0, (long - 0.12) / 0.3)) });
    }
  }

  private addAnchors(): void {
    const places = new Map<string, { label: string; at: number[] }>();
    for (const { label, at } of this.subject.anchors) { // several labels may have one place
      const other = places.get(at.join());
      places.set(at.join(), { label: other ? `${other.label}, ${label}` : label, at });
    }
    for (const { label, at } of places.values()) {
      const p = this.project(at), r = 9; // in front of the points that stand there
      const corner = (x: number, y: number) => [p[0] + x * r, p[1] + y * r, p[2] + 0.06];
      const corners = [corner(0, -1), corner(1, 0), corner(0, 1), corner(-1, 0)];
      corners.forEach((c, i) => this.addLine(c, corners[(i + 1) % 4], 2, INK, 0.95));
      this.labels.push({ text: label, x: p[0] + 13, y: p[1] + 15, opacity: 1, kind: 'anchor' });
    }
  }

  /** The directions within an angle of another: rings on the sphere, one per plane across, and the sides to them. */
  private addCone(v: Float64Array, degrees: number, acts: boolean): void {
    const angle = (degrees * Math.PI) / 180, basis = this.across(v);
    const centre = v.map((x) => x * Math.cos(angle)), origin = v.map(() => 0), tip = this.project(origin);
    const first = basis.slice(0, 4);
    for (let i = 0; i < first.length; i++)
      for (let j = i + 1; j < Math.max(first.length, i + 2); j++) {
        const ring = this.ring(first[i], first[j] ?? origin, centre, Math.sin(angle), 60);
        this.addCurve(ring, 1.25, ACCENT, acts ? 0.6 : 0.3);
        const seen = acts ? ring.map((z) => this.project(z)) : [];
        for (let k = 0; k + 1 < seen.length; k++) {
          const [a, b] = [seen[k], seen[k + 1]];
          this.areas.push(tip[0], tip[1], tip[2], a[0], a[1], a[2], b[0], b[1], b[2], ACCENT, 0.07);
        }
        if (first.length < 2) break;
      }
    this.addLine(tip, this.project(v), 2, ACCENT, acts ? 0.9 : 0.5);
  }

  /** Unit vectors at right angles to v and to each other. */
  private across(v: Float64Array): Float64Array[] {
    const basis: Float64Array[] = [];
    const along = this.subject.dims;
    const axes = Array.from({ length: along }, (_, k) => k).sort((a, b) => Math.abs(v[a]) - Math.abs(v[b]));
    for (const k of axes.slice(0, along - 1)) {
      const u = this.axis(k);
      for (const w of [v, ...basis]) {
        const dot = u.reduce((sum, x, i) => sum + x * w[i], 0);
        for (let i = 0; i < along; i++) u[i] -= dot * w[i];
      }
      const length = Math.sqrt(u.reduce((sum, x) => sum + x * x, 0));
      if (length > 1e-9) basis.push(u.map((x) => x / length));
    }
    return basis;
  }

  private placePoints(): void {
    const { n, dims, latents, radius, fourth, camera } = this.subject;
    if (this.order.length !== n) {
      this.order = new Uint32Array(n);
      this.screen = new Float32Array(4 * n);
    }
    for (let i = 0; i < n; i++) {
      const [x, y, depth, near] = this.project(latents, i * dims);
      const extra = fourth && camera.dims > 3 ? Math.exp(0.55 * this.seen[3]) : 1;
      this.screen[4 * i] = x;
      this.screen[4 * i + 1] = y;
      this.screen[4 * i + 2] = depth;
      this.screen[4 * i + 3] = radius * near * near * extra;
    }
    sortByDepth(this.screen, this.order);
  }

  private addPoints(): void {
    const { colours, selected, hovered, n } = this.subject;
    for (let at = 0; at < n; at++) {
      const i = this.order[at], s = 4 * i, marked = i === selected ? 4 : i === hovered ? 2.5 : 0;
      if (marked) // a ring: a larger disc behind; alpha 2 is the painter's word for 'in ink'
        this.discs.push(this.screen[s], this.screen[s + 1], this.screen[s + 2] - 0.004, this.screen[s + 3] + marked,
          0, 0, 0, 2);
      this.discs.push(this.screen[s], this.screen[s + 1], this.screen[s + 2], this.screen[s + 3],
        colours[3 * i], colours[3 * i + 1], colours[3 * i + 2], 1);
    }
  }

  /** The foremost point within 'reach' pixels; -1: none. */
  pick(x: number, y: number, reach: number): number {
    let best = -1, least = Infinity;
    for (let i = 0; i < this.order.length; i++) {
      const d = Math.hypot(this.screen[4 * i] - x, this.screen[4 * i + 1] - y) - this.screen[4 * i + 3];
      if (d > reach) continue;
      const cost = Math.max(0, d) - 12 * this.screen[4 * i + 2];
      if (cost < least) [best, least] = [i, cost];
    }
    return best;
  }
}

const BUCKETS = 512;
const counts = new Uint32Array(BUCKETS + 1);

/** Back to front, by counting: depths are known to lie in a range. */
function sortByDepth(screen: Float32Array, order: Uint32Array): void {
  counts.fill(0);
  const bucket = (i: number) => Math.min(BUCKETS - 1, Math.max(0, (BUCKETS * (screen[4 * i + 2] + 1)) / 2)) | 0;
  for (let i = 0; i < order.length; i++) counts[bucket(i) + 1]++;
  for (let b = 0; b < BUCKETS; b++) counts[b + 1] += counts[b];
  for (let i = 0; i < order.length; i++) order[counts[bucket(i)]++] = i;
}
