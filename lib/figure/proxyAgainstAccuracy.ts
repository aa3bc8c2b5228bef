import { max } from 'd3-array';
import { checkNames, lookUp } from '../base';
import { exponentAxis } from './axes';
import type { BootstrapOptions } from './bootstrapInterval';
import { depthColor } from './depthColor';
import type { Figure, ScatterSeries } from './figure';
import { short } from './format';
import { intervalText } from './intervalText';
import { checkProxyRows, PROXIES, type ProxyRow } from './proxyRanks';
import { rankInterval } from './rankInterval';
import { distinct } from './rows';
import { compose } from './theme';

export interface ProxyPoint extends ProxyRow {
  /** Whether it has shortcuts: drawn with an open mark; false by default. */
  skip?: boolean;
}

export interface ProxyAgainstAccuracyOptions extends BootstrapOptions {
  title?: string;
  /** Which of the path sums is along x; `logTrace` by default. */
  proxy?: 'logTrace' | 'logL1' | 'logL2';
}

/**
 * Does a path sum before training foretell the order of trained networks? A point a network, the proxy against accuracy, coloured by
 * depth, open with shortcuts, larger with more parameters; in the title Kendall's τ_b with its interval over networks, plain and
 * with the parameters taken out.
 *
 * @param rows one a network
 * @throws as `proxyRanks` does, `invalid proxy; unknown, …`
 */
export function proxyAgainstAccuracy(
  rows: readonly ProxyPoint[],
  options: ProxyAgainstAccuracyOptions = {},
): Figure {
  checkNames('proxyAgainstAccuracy', options, { title: 1, proxy: 1, samples: 1, level: 1, seed: 1 });
  const { title = 'Architecture proxy against accuracy', proxy = 'logTrace', ...bootstrap } = options;
  checkProxyRows(rows);
  const name = lookUp(
    'proxy',
    { logTrace: PROXIES.logTrace, logL1: PROXIES.logL1, logL2: PROXIES.logL2 },
    proxy,
  );
  const kendall = (controls: boolean) =>
    intervalText(
      rankInterval(
        rows.map((row) => ({
          ...{ x: row[proxy], y: row.accuracy, seed: row.name },
          ...(controls && { control: row.parameters }),
        })),
        { ...bootstrap, statistic: 'kendall' },
      ),
    );
  const depths = distinct(rows, 'depth').sort((a, b) => a - b);
  const most = max(rows, ({ parameters }) => parameters) as number;
  const data = depths.map((depth, place): ScatterSeries => {
    const own = rows.filter((row) => row.depth === depth);
    const color = depthColor(place, depths.length);
    return {
      type: 'scatter',
      mode: 'markers',
      name: short(depth),
      x: own.map((row) => row[proxy] / Math.LN10),
      y: own.map(({ accuracy }) => accuracy),
      hovertext: own.map(
        (row) =>
          `<b>${row.name}</b><br>${name} = 10^${short(row[proxy] / Math.LN10)}<br>accuracy ${short(row.accuracy)}<br>${short(row.parameters)} parameters`,
      ),
      hoverinfo: 'text',
      marker: {
        color,
        symbol: own.map(({ skip }) => (skip ? 'circle-open' : 'circle')),
        size: own.map(({ parameters }) => 6 + 12 * Math.sqrt(parameters / most)),
        line: { color, width: 2 },
      },
    };
  });
  const hasShortcuts = rows.some(({ skip }) => skip);
  return compose(data, {
    title,
    notes: [`Kendall ${kendall(false)}`, `parameters taken out ${kendall(true)}`],
    x: exponentAxis(
      `${name} before training`,
      rows.map((row) => row[proxy] / Math.LN10),
    ),
    y: { title: { text: 'test accuracy after training', standoff: 12 }, type: 'linear' },
    legend: hasShortcuts ? 'depth<br><sub>open: with shortcuts</sub>' : 'depth',
    height: 460,
  });
}
