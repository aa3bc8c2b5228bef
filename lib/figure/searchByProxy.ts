import { checkNames, invalid } from '../base';
import { checkProxyRows, PROXIES, type ProxyName, type ProxyRow } from './proxyRanks';

/** What a random search comes to on average. */
export interface SearchRow {
  /** What the network is chosen by; `chance`, or `accuracy`, the best there is to choose. */
  line: string;
  /** How many networks are drawn. */
  x: number;
  /** The mean accuracy of the chosen one. */
  y: number;
}

export interface SearchOptions {
  /** How many networks are drawn; 1 to all by default. */
  draws?: readonly number[];
}

/**
 * A random search with a proxy: so many networks of the family are drawn, and the one that the proxy puts highest is trained. How
 * accurate that one is, as the mean over all draws there are, for `figures.lines`; networks that a proxy puts equal share a place.
 *
 * @param rows one a network
 * @throws as `proxyRanks` does, `invalid draws; …`
 */
export function searchByProxy(rows: readonly ProxyRow[], options: SearchOptions = {}): SearchRow[] {
  checkNames('searchByProxy', options, { draws: 1 });
  checkProxyRows(rows);
  const { draws = rows.map((_, i) => i + 1) } = options;
  const wrong = draws.find((count) => !(Number.isInteger(count) && count >= 1 && count <= rows.length));
  if (wrong !== undefined) throw invalid('draws', `not a whole number from 1 to ${rows.length}`, wrong);
  const orders: [string, (row: ProxyRow) => number][] = [
    ...(Object.keys(PROXIES) as ProxyName[]).map((proxy): [string, (row: ProxyRow) => number] => [
      PROXIES[proxy],
      (row) => row[proxy],
    ]),
    ['chance', () => 0],
    ['accuracy', (row) => row.accuracy],
  ];
  return orders.flatMap(([line, of]) =>
    draws.map((count) => ({ line, x: count, y: meanOfChosen(rows, of, count) })),
  );
}

function meanOfChosen(rows: readonly ProxyRow[], of: (row: ProxyRow) => number, count: number): number {
  const places = [...new Set(rows.map(of))].sort((a, b) => b - a);
  let [mean, left] = [0, rows.length];
  /** Whether none of those above is among the drawn. */
  let chance = 1;
  for (const place of places) {
    const own = rows.filter((row) => of(row) === place);
    const without = withoutAny(left - own.length, left, count);
    mean += chance * (1 - without) * (own.reduce((sum, { accuracy }) => sum + accuracy, 0) / own.length);
    chance *= without;
    left -= own.length;
  }
  return mean;
}

/** How likely `count` drawn out of `all` are all among `some` of them. */
function withoutAny(some: number, all: number, count: number): number {
  if (some < count) return 0;
  let chance = 1;
  for (let i = 0; i < count; i++) chance *= (some - i) / (all - i);
  return chance;
}
