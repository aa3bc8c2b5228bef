import { invalid } from '../../base';
import { methods } from '../../prune';
import type { PruneConfig } from './config';
import { number, oneOf, optional, type Reader, record, whole, withDefault } from './readers';

type HowMuch = { density?: number; compression?: number; exponent?: number };

const read = record<Omit<PruneConfig, 'density' | 'iterations'> & HowMuch & { iterations?: number }>({
  // Looked up when read: methods may be registered later than this file is loaded.
  method: (value, path) => oneOf(Object.keys(methods))(value, path),
  density: optional(number('not in (0, 1]', (value) => 0 < value && value <= 1)),
  compression: optional(number('not 1 or more', (value) => value >= 1 && value < Number.POSITIVE_INFINITY)),
  exponent: optional(number('not in [0, 300]', (value) => 0 <= value && value <= 300)),
  iterations: optional(whole(1)),
  schedule: withDefault(oneOf(['exponential', 'linear']), 'exponential'),
  scope: withDefault(oneOf(['global', 'layer']), 'global'),
  rule: withDefault(oneOf(['exact', 'as-published']), 'exact'),
  perClass: withDefault(whole(1), 10),
});

/** Reads the part `prune` of a configuration. */
export const readPrune: Reader<PruneConfig> = (value, path) => {
  const { compression, exponent, density, ...options } = read(value, path);
  const given = { density, compression, exponent };
  const names = Object.entries(given).filter(([, amount]) => amount !== undefined);
  if (names.length !== 1)
    throw invalid(
      `${path}.density`,
      'give one of density (fraction kept), compression (1 / density) and exponent (log10 of compression)',
      names.length === 0 ? undefined : names.map(([name, amount]) => `${name} ${amount}`),
    );
  return {
    ...options,
    density: digits(density ?? (compression === undefined ? 10 ** -exponent! : 1 / compression)),
    iterations: options.iterations ?? methods[options.method].iterations ?? 1,
  };
};

/** A number to 12 digits, so that the ways to one density that differ in rounding meet. */
export function digits(value: number): number {
  return Number(value.toPrecision(12));
}
