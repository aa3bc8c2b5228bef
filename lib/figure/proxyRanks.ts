import { checkNames, invalid } from '../base';
import { type BootstrapOptions, bootstrapNames, type Interval } from './bootstrapInterval';
import { rankInterval } from './rankInterval';
import { requireFields, requireOne } from './rows';

/** A network of a family: what was known of it before training, as `paths.architectureProxies` has it, and what it came to. */
export interface ProxyRow {
  name: string;
  /** ln Tr Π */
  logTrace: number;
  /** ln Σ |v_p|, SynFlow's objective. */
  logL1: number;
  /** ln Σ v_p² */
  logL2: number;
  parameters: number;
  depth: number;
  /** After training. */
  accuracy: number;
}

export type ProxyName = keyof typeof PROXIES;

/** What may foretell accuracy, by its name in tables and figures. */
export const PROXIES = {
  logTrace: 'Tr Π',
  logL1: 'Σ |v| (SynFlow)',
  logL2: 'Σ v²',
  parameters: 'parameters',
  depth: 'depth',
} as const;

const numbers = [...(Object.keys(PROXIES) as ProxyName[]), 'accuracy'] as const;

/** How well one proxy orders the accuracies. */
export interface ProxyRank {
  proxy: string;
  /** What is taken out: nothing, or other proxies. */
  given: string;
  kendall: Interval;
  spearman: Interval;
}

export interface ProxyRankOptions extends BootstrapOptions {
  /** Sets of proxies to take out; nothing, parameters, depth, SynFlow's objective, and all three by default. */
  given?: readonly (readonly ProxyName[])[];
}

/**
 * Rank correlations of each proxy with the accuracies of a family of networks, plain and with others taken out: a proxy whose
 * correlation is gone once the parameters are known has counted parameters. Intervals are of a bootstrap over networks.
 *
 * @param rows one a network
 * @returns for each proxy and each set that it is not in
 * @throws `invalid rows; …` for fewer than three, a number that is missing or a name that comes twice
 */
export function proxyRanks(rows: readonly ProxyRow[], options: ProxyRankOptions = {}): ProxyRank[] {
  checkNames('proxyRanks', options, { given: 1, ...bootstrapNames });
  const {
    given = [[], ['parameters'], ['depth'], ['logL1'], ['parameters', 'depth', 'logL1']],
    ...bootstrap
  } = options;
  checkProxyRows(rows);
  const unknown = given.flat().find((name) => !Object.hasOwn(PROXIES, name));
  if (unknown !== undefined) throw invalid('given', `not of ${Object.keys(PROXIES).join(', ')}`, unknown);
  return (Object.keys(PROXIES) as ProxyName[]).flatMap((proxy) =>
    given
      .filter((controls) => !controls.includes(proxy))
      .map((controls) => {
        const pairs = rows.map((row) => ({
          ...{ x: row[proxy], y: row.accuracy, seed: row.name },
          control: controls.map((name) => row[name]),
        }));
        return {
          proxy: PROXIES[proxy],
          given: controls.map((name) => PROXIES[name]).join(', ') || 'nothing',
          kendall: rankInterval(pairs, { ...bootstrap, statistic: 'kendall' }),
          spearman: rankInterval(pairs, bootstrap),
        };
      }),
  );
}

/** @throws `invalid rows; …` where they do not tell of three networks or more */
export function checkProxyRows(rows: readonly ProxyRow[]): void {
  requireFields(rows, { numbers, names: ['name'] });
  if (!(rows.length >= 3)) throw invalid('rows', 'not at least 3 networks to order', rows.length);
  requireOne(rows, { settings: ['data', 'trainImages', 'initialiser', 'epochs', 'density'] });
  const seen = new Set<string>();
  for (const { name } of rows) {
    if (seen.has(name)) throw invalid('rows', 'a network comes twice', name);
    seen.add(name);
  }
}
