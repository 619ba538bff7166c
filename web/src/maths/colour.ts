// colour.ts - colours as channels and as hue, saturation, value; names; similarity (METHOD section 8).

export type Rgb = [number, number, number];
export interface Hsv { h: number; s: number; v: number }

export function hsvOf([r, g, b]: ArrayLike<number> & Iterable<number>): Hsv {
  const max = Math.max(r, g, b), range = max - Math.min(r, g, b);
  if (!(range > 0)) return { h: 0, s: 0, v: max };
  const sixth = r === max ? (g - b) / range : g === max ? 2 + (b - r) / range : 4 + (r - g) / range;
  const h = (sixth < 0 ? sixth + 6 : sixth) / 6;
  return { h: h < 1 ? h : 0, s: range / max, v: max };
}

export function rgbOf({ h, s, v }: Hsv): Rgb {
  const channel = (n: number) => {
    const k = (n + 6 * (h - Math.floor(h))) % 6;
    return v - v * s * Math.max(0, Math.min(1, k, 4 - k));
  };
  return [channel(5), channel(3), channel(1)];
}

/** Of two colours, in [0, 1]: 1 for the same, 0 for hues a quarter of the circle apart. */
export function similarity(a: Hsv, b: Hsv): number {
  const apart = Math.abs(a.h - b.h), degrees = 360 * Math.min(apart, 1 - apart);
  const hues = Math.max(0, (90 - degrees) / 90), q = (a.s * a.v + b.s * b.v) / 2;
  return (q * hues + 1 - q) * (1 - Math.abs(a.s - b.s)) * (1 - Math.abs(a.v - b.v));
}

export const NAMED: { name: string; hsv: Hsv }[] = [
  ...['red', 'orange', 'yellow', 'lime', 'green', 'teal', 'cyan', 'azure', 'blue', 'purple', 'magenta', 'pink']
    .map((name, i) => ({ name, hsv: { h: i / 12, s: 1, v: 1 } })),
  ...['black', 'dark grey', 'grey', 'light grey', 'white']
    .map((name, i) => ({ name, hsv: { h: 0, s: 0, v: i / 4 } })),
];

/** The named colour that is nearest, and whether it is that very one. */
export function nameOf(rgb: ArrayLike<number>): { name: string; exact: boolean } {
  let best = '', least = Infinity;
  for (const { name, hsv } of NAMED) {
    const [r, g, b] = rgbOf(hsv), d = (r - rgb[0]) ** 2 + (g - rgb[1]) ** 2 + (b - rgb[2]) ** 2;
    if (d < least) [best, least] = [name, d];
  }
  return { name: best, exact: least < 1e-6 };
}

export function css([r, g, b]: ArrayLike<number> & Iterable<number>): string {
  const byte = (x: number) => Math.round(255 * Math.min(1, Math.max(0, x)));
  return `rgb(${byte(r)} ${byte(g)} ${byte(b)})`;
}

/** A perceptually even ramp from dark blue over teal to yellow for t in [0, 1] (Oklab, reduced to sRGB's gamut). */
export function ramp(t: number, dark: boolean): Rgb {
  const x = Math.min(1, Math.max(0, t)), low = dark ? 0.38 : 0.28, high = dark ? 0.95 : 0.9;
  const lightness = low + x * (high - low), hue = ((285 - 180 * x) * Math.PI) / 180;
  for (let chroma = 0.15; ; chroma *= 0.94) {
    const rgb = oklab(lightness, chroma * Math.cos(hue), chroma * Math.sin(hue));
    if (chroma < 0.005 || rgb.every((c) => c >= 0 && c <= 1))
      return rgb.map((c) => encode(Math.min(1, Math.max(0, c)))) as Rgb;
  }
}

function oklab(lightness: number, a: number, b: number): Rgb {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s];
}

function encode(linear: number): number {
  return linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
}
