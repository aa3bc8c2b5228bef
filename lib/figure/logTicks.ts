import { range, ticks } from 'd3-array';
import { powerOfTen } from './format';

/** A mark on a logarithmic axis. */
export interface LogTick {
  /** Its decimal logarithm. */
  exponent: number;
  /** A number, or a power of ten, that can be read without the ticks beside it. */
  text: string;
}

/** More powers of ten than this would crowd an axis: every second, third … is marked. */
const MOST_POWERS = 8;

/** Numbers from 10^−4 to below a million are written out. */
const PLAIN = { least: -4, most: 6 };

/**
 * The ticks of a logarithmic axis: powers of ten where there are three or more within it, else 1, 2 and 5 of each, else even steps.
 *
 * @param low decimal logarithm of the smallest value shown
 * @param high that of the largest; where they are the same the axis is taken to reach a power of ten to either side
 * @returns two or more within the axis, no two with one text
 */
export function logTicks(low: number, high: number): LogTick[] {
  if (!(high - low > 1e-9)) return logTicks(low - 1, high + 1);
  const powers = range(Math.ceil(low - 1e-9), Math.floor(high + 1e-9) + 1);
  if (powers.length >= 3) {
    const shown = everySo(powers);
    const isPlain = shown.every((exponent) => PLAIN.least <= exponent && exponent < PLAIN.most);
    return shown.map((exponent) => ({
      exponent,
      text: isPlain
        ? (10 ** exponent).toLocaleString('en', { maximumSignificantDigits: 1 })
        : powerOfTen(exponent),
    }));
  }
  const base = Math.floor(low);
  const [from, to] = [10 ** (low - base), 10 ** (high - base)];
  const fine = range(0, 3)
    .flatMap((power) => [1, 2, 5].map((digit) => digit * 10 ** power))
    .filter((value) => from * (1 - 1e-9) <= value && value <= to * (1 + 1e-9));
  const values = fine.length >= 3 ? fine : ticks(from, to, 5).filter((value) => value > 0);
  const texts = textsOf(values, base);
  return values.map((value, i) => ({ exponent: base + Math.log10(value), text: texts[i] }));
}

/** Every so many powers of ten, among them that of 1 where it is within. */
function everySo(powers: readonly number[]): number[] {
  const step = Math.ceil(powers.length / MOST_POWERS);
  return powers.filter((power) => power % step === 0);
}

/** Values times 10^base, to as few digits as tell them apart. */
function textsOf(values: readonly number[], base: number): string[] {
  for (let digits = 4; ; digits++) {
    const texts = values.map((value) => textOf(value, base, digits));
    if (digits >= 15 || new Set(texts).size === texts.length) return texts;
  }
}

function textOf(value: number, base: number, digits: number): string {
  if (PLAIN.least <= base && base < PLAIN.most)
    return (value * 10 ** base).toLocaleString('en', { maximumSignificantDigits: digits });
  const own = Math.floor(Math.log10(value) + 1e-12);
  return `${Number((value / 10 ** own).toPrecision(digits))}·${powerOfTen(base + own)}`;
}
