// theme.ts - light or dark: as the system has it, until the reader chooses.

import type { Palette } from './view/scene';
import type { Rgb } from './maths/colour';

export type Theme = 'light' | 'dark';

const system = matchMedia('(prefers-color-scheme: dark)');
let chosen: Theme | null = null;

export function theme(): Theme {
  return chosen ?? (system.matches ? 'dark' : 'light');
}

/** 'run' is called now and whenever the theme changes. */
export function followTheme(run: (theme: Theme) => void): () => void {
  const tell = () => {
    document.documentElement.dataset.theme = theme();
    colours.clear();
    run(theme());
  };
  system.addEventListener('change', tell);
  tell();
  return () => {
    chosen = theme() === 'dark' ? 'light' : 'dark';
    tell();
  };
}

const colours = new Map<string, string>(); // of the present theme

/** A colour of the style sheet. */
export function cssColour(name: string): string {
  let colour = colours.get(name);
  if (colour === undefined) {
    colour = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    colours.set(name, colour);
  }
  return colour;
}

function rgb(name: string): Rgb {
  const hex = parseInt(cssColour(name).slice(1), 16);
  return [(hex >> 16) / 255, ((hex >> 8) & 255) / 255, (hex & 255) / 255];
}

export function palette(): Palette {
  return { ink: rgb('--ink'), muted: rgb('--muted'), rule: rgb('--rule'), accent: rgb('--accent'),
    outline: rgb('--outline'), outlineAlpha: theme() === 'dark' ? 0.42 : 0.5 };
}

/** Colours of series, after Okabe and Ito: told apart by every kind of eye. */
export function series(i: number): string {
  return cssColour(`--series-${i % 7}`);
}
