import { overlap } from './compare';
import { settings, stepsOf } from './settings';
import { column, numbersIn, pick, type Row, range } from './storedNotebook';
import { testClaims } from './testClaims';

const METHODS = ['synflow', 'snip'];
const ACCURACY = 'accuracy, %';
/** An accuracy with the ends of its interval. */
const interval = (row: Row) => [ACCURACY, 'from', 'to'].flatMap((name) => column([row], name));
const meet = (...rows: [Row, Row]) => {
  const [one, other] = rows.map(({ from, to }) => [Number(from), Number(to)]);
  return overlap(one, other);
};
/** Without a minus at 0. */
const powerOfTen = (log: number) => `$10^{${(Math.round(10 * log) / 10 + 0).toFixed(1)}}$`;

testClaims(
  '17-sampling-and-layer-ratios',
  ({ rows, series, code }) => {
    const [epochs] = settings(code, /epochs = .*laptop: (\d+)/);
    const [images, batch] = settings(code, /laptop: \{ train: (\d+)[\s\S]*batch: (\d+)/);
    const steps = stepsOf(images, epochs, batch);
    const toy = pick(rows(''), { 'p by': /optimal|magnitude|uniform/ });
    const [foretold, listed] = ['closed form', 'over all outcomes'].map((name) => column(toy, name));
    const sketched = series('Error of a sketched unit');
    const [best, byWeight, alike] = ['norm of the pixel and |w|', '|w|', 'all alike'].map((name) => {
      const [{ x, y }] = pick(sketched, { name });
      return y.map((error, i) => error * Number(x[i]));
    });
    const above = (errors: number[]) => 100 * (errors[0] / best[0] - 1);
    const isOneOver = [best, byWeight, alike].every((own) =>
      own.every((error) => Math.abs(error / own[0] - 1) < 1e-9),
    );

    const sampled = rows('fc of width 50');
    const drawn = (method: string, temperature: number) => pick(sampled, { method, temperature })[0];
    const [top, half] = [0, 0.5].map((temperature) => drawn('magnitude', temperature));
    const isRescued = top['empty layer'] === 'dense1' && Number(half.from) > Number(top.to);
    const apart = METHODS.flatMap((method) => {
      const own = pick(sampled, { method });
      const pairs = own.flatMap((a, i) => own.slice(i + 1).map((b) => [a, b]));
      const told = pairs.filter(([a, b]) => !meet(a, b));
      return told.map(([a, b]) => `${method} at ${a.temperature} and ${b.temperature}`);
    });
    const isAsTop = !apart.some((pair) => pair.includes(' 0 '));

    const [force, snip] = ['FORCE takes back', 'Iter-SNIP'].map((name) =>
      column(rows('Weights that came back'), name),
    );
    const rules = series('Layer densities of rules');
    const kept = rules.map(({ hover }) =>
      hover.reduce((sum, text) => sum + numbersIn(text.split('<br>')[2])[0], 0),
    );
    const [erk, smart] = ['random/erk', 'random/smart-ratio'].map((name) => pick(rules, { name })[0]);
    const whole = erk.x.filter((_, i) => erk.y[i] === 1);
    const shortcuts = erk.y.filter((_, i) => /shortcut/.test(`${erk.x[i]}`));

    const gates = pick(rows(''), { 'open networks': /of/ });
    const gated = (method: string) => pick(gates, { method })[0];
    const panel = series('Gates');
    /** The mean of the starts, and all between them. */
    const found = (method: string, what: string) => {
      const drawnOf = pick(panel, { name: `${method}, ${what}` }).map(({ x }) => x.map(Number));
      return { mean: drawnOf[drawnOf.length - 1][0], ends: range(drawnOf.flat()) };
    };
    const [traces, ranks] = ['trace of the Path Kernel', 'effective rank'].map((what) =>
      METHODS.map((method) => ['', '/shuffle', '/reinitialise'].map((gate) => found(method + gate, what))),
    );
    const means = ([own, shuffled]: { mean: number }[]) => [own.mean, shuffled.mean];
    const [ofSynflow, ofSnip] = traces.map((own) => means(own).map(powerOfTen));
    const lostTrace = traces.map(means).map(([own, shuffled]) => 100 * (1 - 10 ** (shuffled - own)));
    const lostRank = ranks.map(means).map(([own, shuffled]) => 100 * (1 - shuffled / own));
    const isTold = [...traces, ...ranks].every(([own, shuffled]) => own.ends[0] > shuffled.ends[1]);
    const isAsBefore = (gate: string) => METHODS.every((method) => meet(gated(method), gated(method + gate)));
    const inverted = gated('snip/invert');
    const isLargerNoBetter = METHODS.every(
      (method) => interval(gated(method))[0] < interval(gated(`${method}/shuffle`))[0],
    );

    return [
      ['it rescues magnitude, whose highest scores leave the first layer empty', isRescued],
      ['reach from the top of their scores by no more than starts differ', isAsTop],
      ['Shuffled within layers, their masks train as well as before', isAsBefore('/shuffle')],
      [
        'yet lose 98 % of the trace and more, and 39 to 62 % of the effective rank',
        range(lostTrace)[0],
        ...range(lostRank),
      ],
      ['All numbers below are of 30 epochs (600 steps) of 500 images', epochs, steps, images],
      ['Their mean is the closed form', listed.every((error, i) => error === foretold[i])],
      ['The error falls as one over the number of draws', isOneOver],
      ['22 % above that of the best', above(byWeight)],
      ['with all alike it is 88 % above', above(alike)],
      ['all outputs are constant, 10 %', interval(top)[0]],
      ['60 %, with an interval from 56 to 65', ...interval(half)],
      ['the intervals of both temperatures overlap with that of', isAsTop],
      ['(56 against 66 %)', ...[1, 0.5].map((temperature) => interval(drawn('snip', temperature))[0])],
      ['the only two intervals within either method that do not overlap', `${apart}` === 'snip at 0.5 and 1'],
      ['nine settings are many to compare', sampled.length === 9],
      ['FORCE lets weights return that it has cut', force.slice(1).every((weights) => weights > 0)],
      ['Iter-SNIP does not', snip.every((weights) => weights === 0)],
      ['every rule keeps the same number in all', range(kept)[0] === range(kept)[1]],
      [
        'ERK keeps the first layer, the classifier and one of the two',
        /^stem\/conv,\S+\/shortcut\/conv,fc$/.test(`${whole}`) && shortcuts.length === 2,
      ],
      ['(of the other 82 %)', 100 * range(shortcuts)[0]],
      [
        'smart ratio thins out from 73 % to 1 % in the last convolution',
        100 * smart.y[0],
        100 * smart.y[smart.y.length - 2],
      ],
      ['overlap with those of the masks as they are', isAsBefore('/shuffle') && isAsBefore('/reinitialise')],
      ['after 600 steps one cannot tell', steps],
      ['(0 of 5 networks are open)', ...numbersIn(`${gated('synflow/invert')['open networks']}`)],
      ['learn least in the mean (41 %, 24 to 58)', ...interval(inverted)],
      [
        'learn least in the mean',
        inverted[ACCURACY] === range(column(pick(gates, { method: /^snip/ }), ACCURACY))[0],
      ],
      ['The Path Kernel does tell them apart', isTold],
      [`SynFlow falls from ${ofSynflow[0]} to ${ofSynflow[1]}`, traces[0][0].mean > traces[0][1].mean],
      [`SNIP from ${ofSnip[0]} to ${ofSnip[1]}`, traces[1][0].mean > traces[1][1].mean],
      ['the effective rank from 633 to 242 and from 425 to 257', ...ranks.flatMap(means)],
      [
        'Reinitialised masks keep more than shuffled ones (1.5 and 0.7 in',
        ...traces.map(([, , reinitialised]) => reinitialised.mean),
      ],
      [
        'Reinitialised masks keep more than shuffled ones',
        [...traces, ...ranks].every(([, shuffled, reinitialised]) => reinitialised.mean > shuffled.mean),
      ],
      ['A larger trace is no better network here', isLargerNoBetter],
      [
        'and least where data are known',
        foretold[0] === range(foretold)[0] && Math.min(above(byWeight), above(alike)) > 0,
      ],
      ['it rescued magnitude from an empty layer', isRescued],
      ['neither better nor worse than from the top by more than starts differ', isAsTop],
      ['shuffled masks could not be told from their originals', isAsBefore('/shuffle')],
      ['in trace and effective rank at once', isTold],
    ];
  },
  { '95 % over the starts': 'the confidence level of linalg.meanInterval' },
);

testClaims('solutions/17-sampling-and-layer-ratios', ({ rows, series, code }) => {
  const traces = rows('Trace of the Path Kernel at density');
  const [shuffled, random] = ['synflow, shuffled', 'random/synflow'].map(
    (masks) => pick(traces, { masks })[0],
  );
  const drawn = (masks: string) => {
    const [{ x }] = pick(series('mean over starts'), { name: `${masks}, Tr Π` }).slice(-1);
    return Number(x[0]);
  };
  const [width, depth] = settings(code, /width: (\d+), depth: (\d+)/);
  const first = 28 * 28 * width;
  const others = (depth - 2) * width ** 2 + 10 * width;

  return [
    ['are the same in law, and their means agree', meet(shuffled, random)],
    ['it has most of the weights', first > others],
    [
      'a factor of over 500 at a fiftieth of the weights',
      100 * Math.floor(10 ** (drawn('synflow') - drawn('synflow, shuffled')) / 100),
    ],
  ];
});
