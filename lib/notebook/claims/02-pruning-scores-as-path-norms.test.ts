import { median } from 'd3-array';
import { cell, column, numbersIn, pick, type Row, range, storedNotebook, yAt } from './storedNotebook';
import { type Claim, testClaims } from './testClaims';

testClaims('02-pruning-scores-as-path-norms', ({ rows, series, printed }) => {
  const startHere = storedNotebook('00-start-here').rows(/^(fc-100|resnet20)$/);
  const solved = storedNotebook('solutions/02-pruning-scores-as-path-norms').rows('SNIP');
  const ratios = pick(rows(''), { conserved: /^(yes|no)$/ });
  const ratiosOf = (score: RegExp) => column(pick(ratios, { score }), 'largest / smallest layer sum');
  const { x: scores, z: correlations } = series('Rank correlation of scores')[0];
  const correlation = (a: string | number, b: string | number) =>
    correlations[scores.indexOf(a)][scores.indexOf(b)];
  const large = scores.filter((score) => score !== 'synflow-l2/trace' && score !== 'snip');
  const greatest = (score: string) =>
    Math.max(
      ...scores.filter((other) => other !== score).map((other) => Math.abs(correlation(score, other))),
    );
  const [first, ...later] = series('Scores of synflow and snip').map(({ x }) =>
    Number(median(x.map(Number))),
  );
  const thinnest = series('Weights kept in the thinnest layer');
  const crosses = thinnest.filter(({ name }, i) => thinnest[i - 1]?.name === name);
  const highest = rows('Compression 1000');
  const ofHighest = (method: string) => keptIn(pick(highest, { method })[0]);
  // null, which Math.min takes for 0, where a layer is empty
  const layers = series('by synflow to compression 1000').filter(({ x }) => x.length === 7);
  const keptAfter = (count: number) => layers.map((layer) => yAt(layer, count));
  const [enough] = printed(/something of each layer: (\d+)/);
  const compacted = rows('cut down at compression 100');

  return [
    ['the scores of each layer have the same sum', ratiosOf(/^synflow(-l2)?$/).every((ratio) => ratio === 1)],
    [
      'differ in exactly this',
      ratiosOf(/^synflow-l2$/)[0] === 1 && Math.min(...ratiosOf(/^synflow-l2\//)) > 2,
    ],
    [
      'which lie on top of each other below',
      pick(series('Layer sums of'), { name: /^synflow(-l2)?$/ }).every(
        ({ y }) => range(y)[1] - range(y)[0] < 1e-6,
      ),
    ],
    [
      'agree closely with each other, and with magnitude',
      large.every((one) => large.every((other) => correlation(one, other) > 0.9)),
    ],
    ['which does not ask, agrees with none', greatest('synflow-l2/trace') < 0.2],
    ['SNIP sees the data and goes its own way', greatest('snip') < 0.5],
    ['with 784 inputs', cell(startHere, { layer: 'flatten' }, 'output')],
    ['has small SynFlow scores', first < Math.min(...later)],
    [
      'One cut at a common threshold',
      pick(crosses, { name: /one cut/ }).every(({ hover }) => hover[0].includes('dense1')),
    ],
    [
      'SNIP come to that',
      `${crosses.map(({ name }) => name)}` === 'magnitude,snip,synflow/one cut,synflow-l2/one cut' &&
        Math.max(...pick(crosses, { name: 'snip' })[0].x.map(Number)) < 0.01,
    ],
    [
      'Few cuts empty layers',
      [1, 2, 3].every((count) => Math.min(...keptAfter(count)) === 0) && Math.min(...keptAfter(enough)) > 0,
    ],
    [
      'the thinnest layer has 14 weights instead of 7 with five',
      ...[100, 5].map((count) => Math.min(...keptAfter(count))),
    ],
    ['do well here when they are asked often enough', Math.min(...ofHighest('synflow-l2/as-published')) > 0],
    [
      'and so does SNIP (solutions)',
      cell(solved, { iterations: 100 }, 'on a path') === cell(solved, { iterations: 100 }, 'kept'),
    ],
    [
      'as SynFlow-L2 does in a ResNet-20 (notebook 00)',
      /layer collapse/.test(`${pick(startHere, { network: 'resnet20', method: 'synflow-l2' })[0].warnings}`),
    ],
    [
      'a unit of each layer stays',
      pick(compacted, { 'on a path': 0 }).every((row) =>
        /^(1 \/ )+10$/.test(`${row['units left of each layer']}`),
      ),
    ],
    [
      'The others keep no more weights than these',
      new Set(column(compacted, 'kept')).size === 1 &&
        Math.max(...column(compacted, 'multiplications left, %')) < 10,
    ],
    [
      'they keep different numbers in the first layer',
      ofHighest('synflow-l2')[0] !== ofHighest('synflow-l2/as-published')[0],
    ],
    [
      'conserve layer sums, and',
      pick(ratios, { conserved: 'yes' }).length === 2 &&
        pick(ratios, { conserved: 'no' }).filter(({ score }) => /\/(px|as-published|trace)$/.test(`${score}`))
          .length === 3,
    ],
  ];
});

testClaims('solutions/02-pruning-scores-as-path-norms', ({ rows, series, printed }) => {
  const weights = cell(storedNotebook('00-start-here').rows('fc-100'), { layer: 'total' }, 'prunable');
  const often = pick(rows('SNIP'), { iterations: 100 })[0];
  const twelve = rows('compression 10000')[0];
  const { x: counts, y: methods, z: onPath } = series('compression 10000')[0];
  const onPathOf = (method: string) => onPath[(methods as readonly unknown[]).indexOf(method)];
  const needed = (method: string) => Number(counts[onPathOf(method).findIndex((some) => some > 0)]);
  const [lastLayer] = printed(/leaves none of the (\d+) weights of dense6/);
  const [common, layered] = ['global', 'layer'].map((scope) => pick(rows('compression 1000'), { scope }));
  const [commonTraces, layeredTraces] = ['global', 'layer'].map((scope) => series(`scope: '${scope}'`));
  const variants = (traces: typeof commonTraces, compression: number) =>
    pick(traces, { name: /^synflow/ }).map(
      ({ x, y }) => y[x.findIndex((density) => Math.abs(Number(density) * compression - 1) < 0.01)],
    );
  const apart = (traces: typeof commonTraces, compression: number) => {
    const [low, high] = range(variants(traces, compression));
    return high - low;
  };
  const [commonMagnitude, layeredMagnitude] = [commonTraces, layeredTraces].map(
    (traces) => pick(traces, { name: 'magnitude' })[0].x,
  );
  const blocks = rows('Parts of R');
  const around = column(blocks, 'paths around');
  const parts = series('Layer sums of SynFlow')[0].y;

  return [
    ['and spares the thin layers', Math.min(...keptIn(often)) > 0 && often['on a path'] === often.kept],
    ['twelve weights are left for six layers', twelve.kept === 12 && keptIn(twelve).length === 6],
    ['In a single cut nobody finds a path', onPath.every(([once]) => once === 0)],
    ['never does', Math.max(...onPathOf('magnitude')) === 0],
    ['`synflow-l2/px` needs three iterations', needed('synflow-l2/px') === 3],
    ['`synflow-l2/as-published` ten', needed('synflow-l2/as-published') === 10],
    [
      'SynFlow and SynFlow-L2 thirty',
      ['snip', 'synflow', 'synflow-l2'].every((method) => needed(method) === 30),
    ],
    [
      'each cut takes out six weights of ten',
      Math.round(10 * (1 - (Number(twelve.kept) / weights) ** (1 / 10))) === 6,
    ],
    ['with 1,000 weights', lastLayer],
    ['beyond compression 2000', lastLayer / 2000 === 0.5],
    [
      'magnitude and SNIP keep weights in every layer',
      pick(layered, { method: /^(magnitude|snip)$/ }).every(
        (row) => Math.min(...keptIn(row)) > 0 && row['on a path'] === 0,
      ),
    ],
    ['it loses its last path at a smaller compression', commonMagnitude.length < layeredMagnitude.length],
    ...[100, 1000].map(
      (compression): Claim => [
        '(0.12 powers of ten apart, instead of 0.22 and 0.35)',
        apart(layeredTraces, compression),
        ...[100, 1000].map((each) => apart(commonTraces, each)),
      ],
    ),
    [
      'at 10 and 33 as before',
      [10, 33].every((each) => Math.abs(apart(layeredTraces, each) - apart(commonTraces, each)) < 0.02),
    ],
    [
      'None of them can give the last layer the twenty weights or so',
      pick(common, { method: /^synflow/ }).every((row) => keptIn(row)[5] >= 20 && keptIn(row)[5] <= 25) &&
        pick(layered, { method: /^synflow/ }).every((row) => keptIn(row)[5] === 1),
    ],
    [
      'their traces are smaller (last column)',
      variants(layeredTraces, 1000).every((trace, i) => trace < variants(commonTraces, 1000)[i]),
    ],
    ['whose sums are $R$', [parts[0], parts[parts.length - 1]].every((part) => Math.abs(part - 100) < 1e-4)],
    [
      'The two convolutions of a block have equal sums below that',
      blocks.every(({ conv1, conv2 }) => conv1 === conv2 && Number(conv1) < 1),
    ],
    ['both branches together make $R$ again', column(blocks, 'through + around').every((part) => part === 1)],
    [
      'a convolution of its own, this holds the rest',
      pick(blocks, { 'shortcut/conv': /\d/ }).every((row) => row['shortcut/conv'] === row['paths around']),
    ],
    ['The shortcuts carry two in a hundred at most', Math.round(100 * Math.max(...around)) === 2],
    ['many times over', 1 / Math.max(...around) > 50],
  ];
});

function keptIn(row: Row): number[] {
  return numbersIn(`${row['kept in each layer']}`);
}
