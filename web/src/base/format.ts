// format.ts - numbers as text, the same in every locale.

const MINUS = '−';

/** About 'digits' significant digits, without an exponent where it stays short. */
export function number(value: number | null | undefined, digits = 3): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : `${MINUS}∞`;
  if (value === 0) return '0';
  const size = Math.abs(value);
  let text: string;
  if (size >= 1e6 || size < 1e-4) {
    const [mantissa, exponent] = size.toExponential(digits - 1).split('e');
    text = `${mantissa.replace(/\.0+$/, '')}e${exponent.replace('+', '').replace('-', MINUS)}`;
  } else {
    text = Number.isInteger(size) ? String(size) : size.toPrecision(digits);
    if (text.includes('e')) text = String(Math.round(size));
  }
  return value < 0 ? MINUS + text : text;
}

/** A round number, as at the ticks of an axis. */
export function round(value: number): string {
  return number(value, 2).replace(/(\.\d*?)0+(?=$|e)/, '$1').replace(/\.(?=$|e)/, '');
}

/** A fixed number of decimals, for numbers that change in place. */
export function fixed(value: number | null | undefined, decimals: number): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  const text = Math.abs(value).toFixed(decimals);
  return value < 0 && Number(text) !== 0 ? MINUS + text : text;
}

/** Thin groups of thousands. */
export function count(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, '\u2009');
}
