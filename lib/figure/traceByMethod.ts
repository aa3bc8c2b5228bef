import { checkNames } from '../base';
import { exponentAxis } from './axes';
import type { Figure, ScatterSeries } from './figure';
import { short } from './format';
import { methodStyle } from './methodStyle';
import { requireFields, requireOne, requireRows } from './rows';
import { compose } from './theme';

/** The Path-Kernel trace of one network. */
export interface TraceRow {
  /** The method that pruned it, or `dense`. */
  method: string;
  /** The natural logarithm ln Tr Π. */
  log: number;
}

/**
 * The Path-Kernel trace of networks pruned by different methods, one point each, largest above; repeated methods (seeds)
 * share a line.
 *
 * @param rows one for each network; an unconnected one, whose trace is 0, has the logarithm −Infinity and is named below,
 *   with how many of how many where other seeds of its method are connected
 * @param options `title`
 * @throws `invalid rows; …` where there are none, or a row lacks its name or number
 */
export function traceByMethod(rows: readonly TraceRow[], options: { title?: string } = {}): Figure {
  checkNames('traceByMethod', options, { title: 1 });
  const { title = 'Path-Kernel trace after pruning' } = options;
  requireRows('rows', rows);
  const connected = rows.filter(({ log }) => log !== Number.NEGATIVE_INFINITY);
  requireFields(connected, { numbers: ['log'], names: ['method'] });
  requireOne(connected, { line: 'method' });
  const exponents = connected.map(({ log }) => log / Math.LN10);
  const methods = [...new Set(rows.map(({ method }) => method))];
  const mean = (method: string) => {
    const own = connected.flatMap((row, i) => (row.method === method ? [exponents[i]] : []));
    return own.reduce((sum, value) => sum + value, 0) / own.length;
  };
  const order = methods
    .map((method) => ({ method, at: mean(method) }))
    .filter(({ at }) => Number.isFinite(at))
    .sort((a, b) => a.at - b.at)
    .map(({ method }) => method);
  const data = order.map((method): ScatterSeries => {
    const own = exponents.filter((_, i) => connected[i].method === method);
    const { color, symbol } = methodStyle(method, methods.indexOf(method));
    return {
      type: 'scatter',
      mode: 'markers',
      name: method,
      x: own,
      y: own.map(() => method),
      hovertext: own.map((exponent) => `<b>${method}</b><br>Tr Π = 10^${short(exponent)}`),
      hoverinfo: 'text',
      marker: { color, symbol, size: 12 },
    };
  });
  const cut = methods.flatMap((method) => {
    const own = rows.filter((row) => row.method === method);
    const lost = own.filter(({ log }) => log === Number.NEGATIVE_INFINITY).length;
    if (lost === 0) return [];
    return [lost === own.length ? method : `${method} (${lost} of ${own.length})`];
  });
  return compose(data, {
    title,
    notes: [cut.length > 0 && `no path left, trace 0: ${cut.join(', ')}`],
    x: exponentAxis('Tr Π (logarithmic)', exponents),
    y: { type: 'category', categoryorder: 'array', categoryarray: order },
    height: 140 + 34 * order.length,
  });
}
