const GROUPED = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** Beyond these a number is written with an exponent. */
const SMALLEST = 1e-4;
const LARGEST = 1e7;

/**
 * A number as one reads it in a table: whole numbers with their thousands apart, others with `digits` significant digits
 * and no trailing zeros, very small and very large ones with an exponent.
 *
 * @param digits significant digits; 4 by default
 */
export function formatNumber(value: number, digits = 4): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e12) return minus(GROUPED.format(value));
  if (size >= LARGEST || size < SMALLEST) {
    const [mantissa, exponent] = value.toExponential(digits - 1).split('e');
    return minus(`${trimZeros(mantissa)}e${exponent.replace('+', '')}`);
  }
  const whole = Math.floor(Math.log10(size)) + 1;
  return minus(trimZeros(value.toFixed(Math.max(0, Math.min(20, digits - whole)))));
}

/**
 * A span of time as one says it: `0.4 s`, `12 s`, `3 min 05 s`, `2 h 10 min`.
 *
 * @param seconds in seconds
 */
export function formatSeconds(seconds: number): string {
  if (!Number.isFinite(seconds)) return '?';
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

function minus(text: string): string {
  return text.startsWith('-') ? `−${text.slice(1)}` : text;
}
