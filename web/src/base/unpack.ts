// unpack.ts - figures out of their compressed form: 'deflate,' and the base64 of a zlib stream.

import type { FigureData } from '../data';

const MARK = 'deflate,';

async function inflate(text: string): Promise<string> {
  if (!text.startsWith(MARK)) return text;
  const bytes = Uint8Array.from(atob(text.slice(MARK.length)), (c) => c.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'))).text();
}

/** The same figures as SVG text; none where the browser cannot decompress (those before 2023). */
export async function unpack(figures: FigureData[]): Promise<FigureData[]> {
  if (typeof DecompressionStream === 'undefined') return figures.filter(({ light }) => !light.startsWith(MARK));
  return Promise.all(figures.map(async (figure) => {
    const [light, dark] = await Promise.all([inflate(figure.light), inflate(figure.dark)]);
    return { ...figure, light, dark };
  }));
}
