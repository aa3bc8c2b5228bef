import { panelColumn } from './panelColumn';
import { column, numbersIn, pick, range } from './storedNotebook';
import { testClaims } from './testClaims';

testClaims('24-your-own-score-network-and-data', ({ rows, series, printed }) => {
  const [input] = pick(rows('patches'), { layer: 'input' });
  const [classes] = column(pick(rows('patches'), { layer: 'out', op: 'dense' }), 'output');
  const kept = pick(rows('weights of patches'), { layer: 'inner' });

  const panel = series('compression 10');
  const accuracies = panelColumn(panel, 'test accuracy, %');
  const onPath = panelColumn(panel, 'kept weights on a path');
  const [[random], [wanda], others] = ['random', 'wanda', /^(synflow|snip|magnitude)$/].map((method) =>
    pick(accuracies, { method }),
  );
  const [lows, highs] = [accuracies.map(({ low }) => low), accuracies.map(({ high }) => high)];

  // The line of each method: its means, from the lowest compression to the highest.
  const sweep = pick(series('Shapes, a network'), { hover: /mean of/ }).filter(({ x }) => x.length === 3);
  const at = (point: number) => sweep.map(({ name, y }) => ({ name, accuracy: 100 * y[point] }));
  const [lowest, highest] = range(at(0).map(({ accuracy }) => accuracy));
  const [emptied, runs] = numbersIn(
    /a layer has collapsed in (.*?)</.exec(pick(sweep, { name: 'wanda' })[0].hover[2])?.[1] ?? '',
  );

  return [
    ['mean accuracies are 29 % (random), 36 %', random.mean, wanda.mean],
    ['and 42 to 43 % (SynFlow, SNIP, magnitude)', ...range(others.map(({ mean }) => mean))],
    ['where guessing gives 25 %', 100 / classes],
    ['Starts of one method lie 11 to 31 points apart', ...range(highs.map((high, i) => high - lows[i]))],
    ['so that three of them rank nothing', Math.max(...lows) < Math.min(...highs)],
    [
      'of the weights that `wanda` keeps about two thirds lie on a path',
      Math.round(3 * pick(onPath, { method: 'wanda' })[0].mean) === 2,
    ],
    ["of SynFlow's all", pick(onPath, { method: 'synflow' })[0].low === 1],
    ['`inner` 5 of 324 weights', ...column(kept, 'kept'), ...column(kept, 'size')],
    ['25 of 45 came to a plateau', ...printed(/plateau in (\d+) of (\d+) runs/)],
    ['15 epochs are short', ...printed(/(\d+) epochs of 800 images/)],
    ['At compression 3 the means are', Math.round(1 / sweep[0].x.map(Number)[0])],
    ['the means are 58 % (`wanda`) to 75 % (SynFlow)', lowest, highest],
    [
      '(`wanda`) to 75 % (SynFlow)',
      lowest === pick(at(0), { name: 'wanda' })[0].accuracy &&
        highest === pick(at(0), { name: 'synflow' })[0].accuracy,
    ],
    ['at 30 all methods', Math.round(1 / sweep[0].x.map(Number)[2])],
    ['are near guessing', at(2).every(({ accuracy }) => Math.abs(accuracy - 100 / classes) < 3)],
    ['has emptied a layer in two of three runs', emptied === 2 && runs === 3],
    ['Four shapes of 12 × 12 pixels', ...numbersIn(String(input.output)).slice(0, 2)],
  ];
});

testClaims('solutions/24-your-own-score-network-and-data', () => []);
