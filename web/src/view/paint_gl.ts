// paint_gl.ts - draws a scene with WebGL: soft shaded discs, lines of any width, clear areas.

import { Geometry, Program, Renderer, type OGLRenderingContext } from 'ogl';
import type { Painter } from './painter';
import { AREA, DISC, LINE, type Palette, type Scene } from './scene';

/** Depth 1 is nearest; clip space has -1 there. */
const PLACE = `
uniform vec2 size;
vec4 place(vec2 p, float depth) { return vec4(2.0 * p / size * vec2(1, -1) + vec2(-1, 1), -0.9 * depth, 1); }`;

const DISCS = {
  vertex: `
attribute vec4 at; attribute vec4 colour; uniform float ratio; varying vec4 tint; varying float radius;
${PLACE}
void main() {
  gl_Position = place(at.xy, clamp(at.z, -1.0, 1.0));
  radius = at.w * ratio;
  gl_PointSize = 2.0 * radius + 2.0;
  tint = colour;
}`,
  fragment: `
precision highp float;
uniform vec3 outline; uniform vec3 ink; uniform float outlineAlpha; varying vec4 tint; varying float radius;
void main() {
  vec2 p = (2.0 * gl_PointCoord - 1.0) * (radius + 1.0);
  float r = length(p), inside = clamp(radius - r + 0.5, 0.0, 1.0);
  if (inside <= 0.0) discard;
  if (tint.a > 1.5) { gl_FragColor = vec4(ink, inside); return; }
  float x = r / radius;
  vec2 towards = (p - vec2(-0.35, -0.4) * radius) / radius;
  vec3 c = tint.rgb * (1.0 - 0.10 * smoothstep(0.2, 1.4, length(towards)));
  c += 0.07 * (1.0 - tint.rgb) * exp(-5.0 * dot(towards, towards));
  float rim = smoothstep(radius - max(1.2, 0.16 * radius) - 0.8, radius - 0.4, r);
  gl_FragColor = vec4(mix(c, outline, outlineAlpha * rim), inside * clamp(x + 2.0, 0.0, 1.0));
}`,
};

const SHAPES = {
  vertex: `
attribute vec3 at; attribute vec4 colour; attribute vec2 edge; varying vec4 tint; varying vec2 side;
${PLACE}
void main() { gl_Position = place(at.xy, clamp(at.z, -1.0, 1.0)); tint = colour; side = edge; }`,
  fragment: `
precision highp float;
varying vec4 tint; varying vec2 side;
void main() { gl_FragColor = vec4(tint.rgb, tint.a * clamp(side.y - abs(side.x) + 0.5, 0.0, 1.0)); }`,
};

/** A geometry that grows with what is drawn, and the program that draws it. */
class Shapes {
  private geometry!: Geometry;
  private capacity = 0;

  constructor(private readonly gl: OGLRenderingContext, private readonly widths: { [name: string]: number },
    readonly program: Program, private readonly mode: number) {
    program.setBlendFunc(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA, gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    this.grow(256);
  }

  private grow(vertices: number): void {
    this.capacity = vertices;
    const attributes: { [name: string]: { size: number; data: Float32Array; usage: number } } = {};
    for (const [name, size] of Object.entries(this.widths))
      attributes[name] = { size, data: new Float32Array(vertices * size), usage: this.gl.DYNAMIC_DRAW };
    this.geometry?.remove();
    this.geometry = new Geometry(this.gl, attributes);
  }

  begin(vertices: number): void {
    if (vertices > this.capacity) this.grow(Math.max(vertices, 2 * this.capacity));
    this.geometry.setDrawRange(0, vertices);
  }

  array(name: string): Float32Array {
    return this.geometry.attributes[name].data as Float32Array;
  }

  draw(): void {
    for (const name of Object.keys(this.widths)) this.geometry.attributes[name].needsUpdate = true;
    this.program.use();
    this.geometry.draw({ program: this.program, mode: this.mode });
  }
}

export class GlPainter implements Painter {
  readonly kind = 'webgl';
  private renderer!: Renderer;
  private discs!: Shapes;
  private shapes!: Shapes;
  private lost = false;

  /** 'again' is called when the context came back after a loss: all has to be drawn anew. */
  constructor(private readonly canvas: HTMLCanvasElement, again: () => void) {
    this.setUp();
    canvas.addEventListener('webglcontextlost', (event) => {
      event.preventDefault();
      this.lost = true;
    });
    canvas.addEventListener('webglcontextrestored', () => {
      this.setUp();
      this.lost = false;
      again();
    });
  }

  private setUp(): void {
    this.renderer = new Renderer({ canvas: this.canvas, alpha: true, premultipliedAlpha: true, antialias: true });
    const gl = this.renderer.gl, size = { value: [1, 1] };
    gl.clearColor(0, 0, 0, 0);
    const uniforms = { size, ratio: { value: 1 }, outline: { value: [0, 0, 0] }, ink: { value: [0, 0, 0] },
      outlineAlpha: { value: 0.5 } };
    const common = { transparent: true, cullFace: false as const, depthTest: true };
    this.discs = new Shapes(gl, { at: 4, colour: 4 },
      new Program(gl, { ...DISCS, uniforms, ...common, depthWrite: true }), gl.POINTS);
    this.shapes = new Shapes(gl, { at: 3, colour: 4, edge: 2 },
      new Program(gl, { ...SHAPES, uniforms: { size }, ...common, depthWrite: false }), gl.TRIANGLES);
  }

  paint(scene: Scene, width: number, height: number, ratio: number, palette: Palette): void {
    if (this.lost) return;
    const { renderer } = this, { gl } = renderer;
    if (renderer.dpr !== ratio || renderer.width !== width || renderer.height !== height) {
      renderer.dpr = ratio;
      renderer.setSize(width, height);
    }
    renderer.setViewport(gl.canvas.width, gl.canvas.height);
    renderer.enable(gl.DEPTH_TEST);
    renderer.setDepthMask(true);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    const { uniforms } = this.discs.program;
    uniforms.size.value = [width, height];
    uniforms.ratio.value = ratio;
    uniforms.outline.value = palette.outline;
    uniforms.ink.value = palette.ink;
    uniforms.outlineAlpha.value = palette.outlineAlpha;
    this.fillDiscs(scene);
    this.discs.draw();
    this.fillShapes(scene, palette);
    this.shapes.draw();
  }

  private fillDiscs(scene: Scene): void {
    const { values, length } = scene.discs, n = length / DISC;
    this.discs.begin(n);
    const at = this.discs.array('at'), colour = this.discs.array('colour');
    for (let i = 0; i < n; i++)
      for (let k = 0; k < 4; k++) {
        at[4 * i + k] = values[DISC * i + k];
        colour[4 * i + k] = values[DISC * i + 4 + k];
      }
  }

  private fillShapes(scene: Scene, palette: Palette): void {
    const inks = [palette.ink, palette.muted, palette.rule, palette.accent];
    const areas = scene.areas.length / AREA, lines = scene.lines.length / LINE;
    this.shapes.begin(3 * areas + 6 * lines);
    const at = this.shapes.array('at'), colour = this.shapes.array('colour'), edge = this.shapes.array('edge');
    let v = 0;
    const vertex = (x: number, y: number, depth: number, ink: ArrayLike<number>, alpha: number, side: number,
      half: number) => {
      at[3 * v] = x;
      at[3 * v + 1] = y;
      at[3 * v + 2] = depth;
      for (let k = 0; k < 3; k++) colour[4 * v + k] = ink[k];
      colour[4 * v + 3] = alpha;
      edge[2 * v] = side;
      edge[2 * v + 1] = half;
      v++;
    };
    const a = scene.areas.values, l = scene.lines.values;
    for (let i = 0; i < areas; i++)
      for (let c = 0, o = AREA * i; c < 3; c++)
        vertex(a[o + 3 * c], a[o + 3 * c + 1], a[o + 3 * c + 2], inks[a[o + 9]], a[o + 10], 0, 1);
    for (let i = 0, o = 0; i < lines; i++, o += LINE) {
      const dx = l[o + 3] - l[o], dy = l[o + 4] - l[o + 1], length = Math.hypot(dx, dy) || 1;
      const half = l[o + 6] / 2, wide = half + 0.7, nx = (-dy / length) * wide, ny = (dx / length) * wide;
      const ink = inks[l[o + 7]];
      for (const [end, side] of [[0, -1], [0, 1], [1, -1], [1, -1], [0, 1], [1, 1]])
        vertex(l[o + 3 * end] + side * nx, l[o + 3 * end + 1] + side * ny, l[o + 3 * end + 2], ink, l[o + 8 + end],
          side * wide, half);
    }
  }
}

export function hasWebGl(): boolean {
  try {
    const canvas = document.createElement('canvas');
    return Boolean(canvas.getContext('webgl2') ?? canvas.getContext('webgl'));
  } catch {
    return false;
  }
}
