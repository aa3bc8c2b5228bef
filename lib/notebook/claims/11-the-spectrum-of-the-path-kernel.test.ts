import { sum } from 'd3-array';
import { cell, column, pick, range, type Series } from './storedNotebook';
import { testClaims } from './testClaims';

const NAME = '11-the-spectrum-of-the-path-kernel';
const FAMILY = /^synflow/;
const OTHERS = /^(random|magnitude|snip)$/;
const PRUNED = /^(?!dense)/;

testClaims(
  NAME,
  ({ rows, series, printed }) => {
    const [paths, weights, positive] = printed(/(\d+) paths, (\d+) weights; eigenvalues .*: (\d+)/);
    const [toy] = pick(series('Spectrum of Π of the toy network'), { name: 'enumeration' });
    const pairs = toy.y.filter((value, i) => i > 0 && toy.y[i - 1] / value < 1 + 1e-9);
    const sums = pick(rows(''), { quantity: /R/ });

    const spectra = pick(rows(''), { 'stable rank': /\d/ });
    const [connected, deep] = [spectra.slice(0, spectra.length / 2), spectra.slice(spectra.length / 2)];
    const [ofConnected, ofDeep] = [connected, deep].map((table) => ({
      trace: (method: string) => cell(table, { method }, 'log₁₀ Tr Π'),
      most: (method: string) => cell(table, { method }, 'rank at most'),
      rank: (method: string) => cell(table, { method }, 'effective rank'),
      used: (method: string) => cell(table, { method }, 'of the rank'),
      participating: (method: string) => cell(table, { method }, 'participation ratio'),
      leastOfFamily: Math.min(...column(pick(table, { method: FAMILY }), 'of the rank')),
      mostOfFamily: Math.max(...column(pick(table, { method: FAMILY }), 'of the rank')),
      mostOfOthers: Math.max(...column(pick(table, { method: OTHERS }), 'of the rank')),
    }));
    const atOneTrace = pick(rows(''), { 'weights times': /\d/ });
    const overDense = (name: string) => {
      const dense = cell(atOneTrace, { method: 'dense' }, name);
      return range(column(pick(atOneTrace, { method: PRUNED }), name).map((value) => value / dense));
    };
    const [lowValue, highValue] = overDense('λ₁');
    const [lowRank, highRank] = overDense('effective rank');

    const density = (network: string, method: string) =>
      pick(series(`Density of the spectrum, ${network}`), { name: method })[1];
    const shares = (method: RegExp) =>
      pick(series('Leading eigenvalues, fc-100'), { name: method }).map(
        ({ name, y }) => y[0] * ofConnected.most(name),
      );
    const gaps = series('Leading eigenvalues, resnet20').map(({ y }) => y[0] / y[1]);
    const [inConnected, inDeep] = ['fc-100', 'resnet20'].map(
      (network) => series(`eigenvectors lie, ${network}`)[0],
    );
    const [first, second] = [/^(snip|synflow).*<sub>1/, /^(snip|synflow).*<sub>2/];
    const inThird = (label: RegExp) => partsOf(inDeep, label, /^stage3/);

    return [
      ['shared by tens of thousands of directions', ofDeep.rank('synflow') > 20_000],
      ['fewer than a thousand hold half of it', holdingHalf(density('resnet20', 'random')) < 1000],

      ['has 54 rows, one a path, and 21 columns', paths, weights],
      ['less five hidden units, are sixteen eigenvalues', positive === 16 && weights - 5 === 16],
      ['as have the three weights out of a unit of the last hidden layer', pairs.length === 3 + 2],
      ['A wide first layer has 783 equal ones', inputsOf(ofConnected.most('dense')) - 1],
      [
        'with intervals that cover the truth',
        sums.every((row) => row.low < row['from enumeration'] && row['from enumeration'] < row.high),
      ],

      [
        'SNIP and magnitude leave nearly the same trace',
        Math.abs(ofConnected.trace('snip') - ofConnected.trace('magnitude')) < 0.1,
      ],
      ['SNIP uses three quarters', Math.round(4 * ofConnected.used('snip')) === 3],
      ['magnitude less than half', ofConnected.used('magnitude') < 0.5],
      [
        'they are three times apart',
        Math.round(ofConnected.participating('snip') / ofConnected.participating('magnitude')) === 3,
      ],
      [
        'random pruning has by far the smallest trace',
        column(pick(connected, { method: /^(?!random)/ }), 'log₁₀ Tr Π').every(
          (log) => log > ofConnected.trace('random') + 3,
        ),
      ],
      ['of its rank than magnitude does', ofConnected.used('random') > ofConnected.used('magnitude')],
      ['nearly all its eigenvalues within a power of ten', withinTen(density('fc-100', 'dense')) > 0.98],
      [
        'random and magnitude pruning spread them',
        ['random', 'magnitude'].every((one) => ofConnected.used(one) < ofConnected.leastOfFamily - 0.1),
      ],
      [
        'single directions carry ten times their share and more',
        Math.min(...shares(/random|magnitude/)) > 10 && Math.max(...shares(/snip|synflow/)) < 10,
      ],

      ['differs by a factor of six', Math.round(highValue / lowValue) === 6],
      ['the effective rank by nearly two', Math.round((10 * highRank) / lowRank) === 18],
      [
        "the dense one's largest is a fifth to a thirtieth of theirs",
        Math.round(lowValue) === 5 && Math.round(highValue / 10) === 3,
      ],
      [
        'its effective rank eleven to twenty times as large',
        Math.round(1 / highRank) === 11 && Math.round(1 / lowRank) === 20,
      ],

      ['mostly there (68 and 92 %)', ...partsOf(inConnected, /^dense/, /6$/)],
      ['the second does too (75 to 77 %)', ...range(partsOf(inConnected, second, /6$/))],
      [
        'has 38 to 46 % there and 13 to 24 % in the first layer, for 6 %',
        ...range(partsOf(inConnected, first, /6$/)),
        ...range(partsOf(inConnected, first, /1$/)),
        ...partsOf(inConnected, /^dense.*<sub>1/, /1$/),
      ],
      ['Magnitude moves them to the first layer', range(partsOf(inConnected, /^magnitude/, /1$/))[0] > 80],

      [
        "Magnitude leaves three times SynFlow's trace",
        Math.round(10 ** (ofDeep.trace('magnitude') - ofDeep.trace('synflow'))) === 3,
      ],
      ['trace, and a smaller effective rank', ofDeep.rank('magnitude') < ofDeep.rank('synflow')],
      ['use nearly nine tenths of the rank', ofDeep.leastOfFamily > 0.85 && ofDeep.mostOfFamily < 0.9],
      ['a little more than the dense network does', ofDeep.leastOfFamily > ofDeep.used('dense')],
      ['Random pruning uses a seventh of it', Math.round(1 / ofDeep.used('random')) === 7],
      ['three hundred directions', Math.round(ofDeep.participating('random') / 100) === 3],
      ['directions of twenty-five thousand', Math.round(ofDeep.most('random') / 1000) === 25],
      ['lie in the last layer (99.8 and 96 %)', ...partsOf(inDeep, /^random/, /^fc$/)],
      [
        "SynFlow's has less in the first stage (23 % for 45 to 49 %)",
        ...partsOf(inDeep, /^synflow,.*<sub>1/, /^stage1/),
        ...range(partsOf(inDeep, /^(dense|magnitude|snip|synflow-l2),.*<sub>1/, /^stage1/)),
      ],
      [
        'and more in the third',
        inThird(/^synflow,.*<sub>1/)[0] > 2 * range(inThird(/^(?!synflow,).*<sub>1/))[1],
      ],
      ['It stands apart from the others, too', range(gaps)[0] > 1.6],
      [
        "The second lies in the first stage of the dense network and of magnitude's",
        range(partsOf(inDeep, /^(dense|magnitude).*<sub>2/, /^stage1/))[0] > 60,
      ],
      ['in the last layer after SNIP and the SynFlow family', range(partsOf(inDeep, second, /^fc$/))[0] > 80],

      [
        'Among the pruners the SynFlow family keeps most of the rank',
        [ofConnected, ofDeep].every(({ leastOfFamily, mostOfOthers }) => leastOfFamily > mostOfOthers),
      ],
      ['loses six sevenths of it', Math.round(7 * (1 - ofDeep.used('random'))) === 6],
    ];
  },
  { 'in 95 of 100 cases': 'the confidence level of the intervals' },
);

testClaims(`solutions/${NAME}`, ({ rows, series }) => {
  const traces = column(pick(rows(''), { compression: /\d/ }), 'log₁₀ Tr Π');
  const [used] = series('Effective rank over weights minus hidden units');
  const [atOne, , atFive, atTen, atThirty, atHundred] = used.y;
  const spreads = pick(rows(''), { 'spread of ln λ': /\d/ });
  const overStart = (name: string) => column(spreads, name).map((value, _, [start]) => value / start);
  const [, , wideTrace] = column(spreads, 'log₁₀ Tr Π').map((log, _, [start]) => 10 ** (log - start));
  const [, , wideRank] = overStart('effective rank');
  const ranks = series('Effective rank of the Path Kernel over training');
  const changes = [...ranks, ...series('Stable rank over its start')].flatMap(({ y }) =>
    y.map((value) => Math.abs(value / y[0] - 1)),
  );
  const [dense, synflow] = ranks.map(({ y }) => y);

  return [
    ['at about four fifths of the rank', used.y.every((part) => Math.abs(part - 0.8) < 0.1)],
    ['a little less at compression 5', used.x[2] === 5 && atFive === range(used.y)[0] && atOne > 0.8],
    ['more again where hardly any are left', atHundred > atThirty && atThirty > atTen && atTen > atFive],
    ['falls by four powers of ten', Math.round(traces[0] - traces[traces.length - 1]) === 4],

    ['The rank stays', overStart('rank at most').every((part) => part === 1)],
    [
      'All else changes',
      ['log₁₀ Tr Π', 'effective rank', 'stable rank'].every((name) => !overStart(name).slice(1).includes(1)),
    ],
    ['the trace is fourteen times as large', Math.round(wideTrace) === 14],
    ['the effective rank a twentieth', Math.abs(20 * wideRank - 1) < 0.05],

    ['change by less than a hundredth', range(changes)[1] < 0.01],
    ['a factor of eleven', dense.every((rank, epoch) => Math.round(rank / synflow[epoch]) === 11)],
  ];
});

/** The inputs of an fc-100 by the rank of its Path Kernel: its weights less its hidden units. */
function inputsOf(rank: number): number {
  const [width, hidden, classes] = [100, 5, 10];
  return (rank - (hidden - 1) * width ** 2 - width * classes + hidden * width) / width;
}

/** What each eigenvector whose label matches has in the layers that match, in percent. */
function partsOf({ x, y, z }: Series, label: RegExp, layer: RegExp): number[] {
  return y.flatMap((name, j) =>
    label.test(`${name}`) ? [sum(z[j].filter((_, i) => layer.test(`${x[i]}`)))] : [],
  );
}

/** The eigenvalues in each step of a density, and their logarithms to base ten, from the largest down. */
function countsOf({ x, y }: Series): { log: number; count: number }[] {
  const step = Number(x[1]) - Number(x[0]);
  return x.map((log, i) => ({ log: Number(log), count: step * y[i] })).reverse();
}

/** How many of the largest eigenvalues hold half of the trace, by the density of what they are of it. */
function holdingHalf(density: Series): number {
  let share = 0;
  const largest = countsOf(density).filter(({ log, count }) => {
    share += count * 10 ** log;
    return share < 0.5;
  });
  return sum(largest, ({ count }) => count);
}

/** The largest part of the eigenvalues that lies within a power of ten. */
function withinTen(density: Series): number {
  const all = countsOf(density);
  const within = all.map(({ log: top }) =>
    sum(all, ({ log, count }) => (log <= top && log > top - 1 ? count : 0)),
  );
  return Math.max(...within) / sum(all, ({ count }) => count);
}
