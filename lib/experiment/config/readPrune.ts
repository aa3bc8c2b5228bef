import { invalid, isRegistered } from '../../base';
import { checkSampling, type Method, methods, type Sampling } from '../../prune';
import type { PruneConfig } from './config';
import {
  boolean,
  entryOf,
  list,
  number,
  oneOf,
  optional,
  type Reader,
  record,
  text,
  whole,
  withDefault,
  within,
} from './readers';

type HowMuch = { density?: number; compression?: number; exponent?: number };

const layers: Reader<string[] | undefined> = (value, path) =>
  value === undefined
    ? undefined
    : [...new Set(list(text)(typeof value === 'string' ? [value] : value, path))].sort();

/** Reads the part `prune` of a configuration. */
export function readPrune(hasPlugins: boolean, isStored: boolean): Reader<PruneConfig> {
  const read = record<Omit<PruneConfig, 'density'> & HowMuch>({
    method: entryOf(methods, hasPlugins),
    version: optional(whole(2)),
    density: optional(number('not in (0, 1]', (value) => 0 < value && value <= 1)),
    compression: optional(number('not 1 or more', (value) => value >= 1 && value < Number.POSITIVE_INFINITY)),
    exponent: optional(number('not in [0, 300]', (value) => 0 <= value && value <= 300)),
    iterations: (value, path) => (value === 'adaptive' ? value : optional(whole(1))(value, path)),
    only: layers,
    except: layers,
    batchNorm: optional(oneOf(['training', 'inference'])),
    schedule: withDefault(oneOf(['exponential', 'linear']), 'exponential'),
    scope: withDefault(oneOf(['global', 'layer']), 'global'),
    rule: withDefault(oneOf(['exact', 'as-published', 'sampled']), 'exact'),
    temperature: optional(number('not 0 or more', (value) => value >= 0)),
    replacement: optional(boolean),
    gate: optional(oneOf(['shuffle', 'reinitialise', 'invert'])),
    apply: (value, path) =>
      value === undefined || oneOf(['zero', 'freeze'])(value, path) === 'zero' ? undefined : 'freeze',
    perClass: withDefault(whole(1), 10),
    images: withDefault(oneOf(['balanced', 'as-published']), 'balanced'),
  });
  return (value, path) => {
    const { compression, exponent, density, version, ...options } = read(value, path);
    const given = { density, compression, exponent };
    const names = Object.entries(given).filter(([, amount]) => amount !== undefined);
    if (names.length !== 1)
      throw invalid(
        `${path}.density`,
        'give one of density (fraction kept), compression (1 / density) and exponent (log10 of compression)',
        names.length === 0 ? undefined : names.map(([name, amount]) => `${name} ${amount}`),
      );
    const { only, except, batchNorm } = options;
    if (only && except) throw invalid(`${path}.only`, 'give only or except, not both', [...only, ...except]);
    const own: Method | undefined = isRegistered(methods, options.method)
      ? undefined
      : methods[options.method];
    if (batchNorm && own?.needs === 'nothing')
      throw invalid(`${path}.batchNorm`, `${options.method} looks at no images`, batchNorm);
    if (options.gate === 'invert' && (options.rule !== 'exact' || own?.build))
      throw invalid(`${path}.gate`, 'inverts scores alone, with the rule exact', options.gate);
    const current = own?.version ?? 1;
    if (!isStored && version !== undefined && version !== current)
      throw invalid(`${path}.version`, `${options.method} is of version ${current} here`, version);
    const counted = isStored ? (version ?? 1) : current;
    return {
      ...options,
      ...samplingOf(options, path),
      ...(counted > 1 && { version: counted }),
      density: digits(density ?? (compression === undefined ? 10 ** -exponent! : 1 / compression)),
      ...withIterations(options.iterations ?? own?.iterations),
    };
  };
}

/** How weights are drawn, with the defaults filled in. */
function samplingOf(
  { rule, temperature, replacement }: Omit<PruneConfig, 'density'>,
  path: string,
): Sampling {
  if (rule === 'sampled') return within(path, () => checkSampling({ temperature, replacement }));
  for (const [name, value] of Object.entries({ temperature, replacement }))
    if (value !== undefined) throw invalid(`${path}.${name}`, 'only with the rule sampled', value);
  return {};
}

function withIterations(iterations: PruneConfig['iterations']): Pick<PruneConfig, 'iterations'> {
  return iterations === undefined ? {} : { iterations };
}

/** A number to 12 digits, so that the ways to one density that differ in rounding meet. */
export function digits(value: number): number {
  return Number(value.toPrecision(12));
}
