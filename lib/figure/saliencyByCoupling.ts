import { checkNames, invalid } from '../base';
import { categoryAxis, logAxis, namesHeight } from './axes';
import type { Figure, ScatterSeries } from './figure';
import { short } from './format';
import { distinct, requireFields, requireOne } from './rows';
import { compose, palette } from './theme';

/** A channel, as `pruning.channelSaliencies` gives it. */
export interface SaliencyRow {
  coupling: string;
  channel: number;
  saliency: number;
}

export interface SaliencyByCouplingOptions {
  title?: string;
  /** Channels that are removed, drawn as crosses; none by default. */
  removed?: readonly Pick<SaliencyRow, 'coupling' | 'channel'>[];
}

/**
 * The saliencies of all channels, a column a coupling: how far those of different couplings are apart decides where a greedy removal
 * takes from. A saliency of 0 lies on the lower edge.
 *
 * @param rows in order of the network
 * @throws `invalid rows; …` where there are none, all are 0, or a saliency is negative or no number
 */
export function saliencyByCoupling(
  rows: readonly SaliencyRow[],
  options: SaliencyByCouplingOptions = {},
): Figure {
  checkNames('saliencyByCoupling', options, { title: 1, removed: 1 });
  const { title = 'Saliencies of the channels of each coupling', removed = [] } = options;
  requireFields(rows, { numbers: ['channel', 'saliency'], names: ['coupling'] });
  requireOne(rows);
  const wrong = rows.find(({ saliency }) => saliency < 0);
  if (wrong)
    throw invalid(
      'rows',
      `saliency of channel ${wrong.channel} of ${wrong.coupling} negative`,
      wrong.saliency,
    );
  const positive = rows.map(({ saliency }) => saliency).filter((saliency) => saliency > 0);
  if (positive.length === 0) throw invalid('rows', 'every saliency is', 0);
  const edge = Math.min(...positive) / 2;
  const gone = new Set(removed.map(({ coupling, channel }) => `${channel} ${coupling}`));
  const series = (name: string, isGone: boolean): ScatterSeries => {
    const own = rows.filter(({ coupling, channel }) => gone.has(`${channel} ${coupling}`) === isGone);
    return {
      type: 'scatter',
      mode: 'markers',
      name,
      x: own.map(({ coupling }) => coupling),
      y: own.map(({ saliency }) => saliency || edge),
      hovertext: own.map(
        ({ coupling, channel, saliency }) =>
          `<b>${coupling}</b><br>channel ${channel}, ${name}<br>saliency ${short(saliency)}`,
      ),
      hoverinfo: 'text',
      marker: { color: palette[Number(isGone)], symbol: isGone ? 'x' : 'circle', size: 7, opacity: 0.7 },
    };
  };
  const couplings = distinct(rows, 'coupling');
  return compose([series('kept', false), ...(gone.size > 0 ? [series('removed', true)] : [])], {
    title,
    x: categoryAxis('coupling', couplings),
    y: logAxis('saliency', positive),
    legend: 'channels',
    height: 420 + namesHeight(couplings),
  });
}
