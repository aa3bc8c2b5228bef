import { invalid } from './invalid';

const units: Readonly<Record<string, number>> = {
  ...{ '': 1, B: 1, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 },
  ...{ KIB: 2 ** 10, MIB: 2 ** 20, GIB: 2 ** 30, TIB: 2 ** 40 },
};

/**
 * Bytes of memory, given as a number or as `'1.5GiB'`, `'800 MB'`.
 *
 * @param name what it is given as, for messages
 * @throws `invalid NAME; …` for what is neither, or below 0
 */
export function memorySize(name: string, size: number | string): number {
  const [, value, unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*([KMGT]?i?B)?\s*$/i.exec(String(size)) ?? [];
  const bytes = typeof size === 'number' ? size : Number(value) * units[unit.toUpperCase()];
  if (!(bytes >= 0 && bytes < Number.POSITIVE_INFINITY))
    throw invalid(name, 'not bytes, such as 1.5e9, or a text such as 1.5GiB or 800MB', size);
  return bytes;
}

/** Bytes as a short text: `1.35 GB`. */
export function memoryText(bytes: number): string {
  return bytes < 1e8 ? `${(bytes / 1e6).toPrecision(2)} MB` : `${(bytes / 1e9).toPrecision(3)} GB`;
}
