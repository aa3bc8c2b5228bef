import { createHash } from 'node:crypto';
import { isRegistered } from '../../base';
import { isRecord } from '../../base/isRecord';
import { methods } from '../../prune';
import type { Config, ConfigInput, DataConfig, SparseConfig } from './config';
import { readStoredConfig } from './readConfig';

/**
 * A configuration without what a default says as well, keys sorted: two configurations mean the same run exactly where this
 * is the same, and an option that is added later, with the old behaviour as its default, changes it for no older run. Of plug-ins it
 * has the hashes alone.
 */
export function canonicalForm(config: Config): ConfigInput {
  const plugins = config.plugins?.map(({ hash }) => ({ hash })).sort((a, b) => (a.hash < b.hash ? -1 : 1));
  const named = plugins ? { ...config, plugins } : config;
  const required = requiredPart(named);
  const { data, model, ...rest } = without(named, readStoredConfig(required));
  const full = overlay(required, { ...rest, data: data ?? {}, model: model ?? {} });
  return sorted(full) as unknown as ConfigInput;
}

/** The name of a run: 12 hexadecimal digits of the SHA-256 of the canonical form's JSON. */
export function runHash(config: Config): string {
  return createHash('sha256')
    .update(JSON.stringify(canonicalForm(config)))
    .digest('hex')
    .slice(0, 12);
}

/** Whether a run's method is of another version than the one here, so that this one would find other numbers. */
export function isOutdated({ prune }: Config): boolean {
  if (!prune || !Object.hasOwn(methods, prune.method) || isRegistered(methods, prune.method)) return false;
  return (prune.version ?? 1) !== (methods[prune.method].version ?? 1);
}

/** Whether a name can be that of a run, as {@link runHash} makes them. */
export function isRunHash(name: unknown): name is string {
  return typeof name === 'string' && /^[0-9a-f]{12}$/.test(name);
}

/** What has no default, or decides which defaults there are. */
function requiredPart({ plugins, data, model, prune, train }: Config) {
  return {
    ...(plugins && { plugins }),
    data: { name: data.name } satisfies DataConfig,
    model: { name: model.name },
    ...(prune && { prune: { method: prune.method, density: prune.density } }),
    ...(train && {
      train: {
        epochs: train.epochs,
        ...(train.sparse && { sparse: requiredOf(train.sparse) }),
        ...(train.optimiser !== 'adam' && { optimiser: train.optimiser, learningRate: train.learningRate }),
      },
    }),
  };
}

function requiredOf({ method, density }: SparseConfig): SparseConfig {
  return { method, ...(density !== undefined && { density }) };
}

/** The parts of `value` that differ from those of `preset`. */
function without(value: object, preset: object): Record<string, unknown> {
  const known = preset as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, part]) => JSON.stringify(part) !== JSON.stringify(known[key]))
      .map(([key, part]) => {
        const preset = known[key];
        return [key, isRecord(part) && isRecord(preset) ? without(part, preset) : part];
      }),
  );
}

function overlay(base: object, above: object): Record<string, unknown> {
  const result: Record<string, unknown> = { ...base };
  for (const [key, part] of Object.entries(above)) {
    const below = result[key];
    result[key] = isRecord(below) && isRecord(part) ? overlay(below, part) : part;
  }
  return result;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}
