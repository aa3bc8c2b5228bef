import { mean, sum } from 'd3-array';
import { falls } from './compare';
import { settings, stepsOf } from './settings';
import { column, numbersIn, pick, type Row, range } from './storedNotebook';
import { testClaims } from './testClaims';

const DISTANCES = ['L1', 'L2', 'L4', 'log-sum-exp'];
const PROXY = 'τ with accuracy';

type Matrix = readonly (readonly number[])[];
const average = (values: readonly number[]) => mean(values) ?? Number.NaN;
/** The 3 of `3 of 4`. */
const found = (row: Row, name: string) => numbersIn(`${row[name]}`)[0];
/** Of children a row each and parents a column each, children in the order of their parents. */
const toParents = (z: Matrix) => z.map((row, i) => row[i % row.length]);
const toStrangers = (z: Matrix) => z.flatMap((row, i) => row.filter((_, j) => j !== i % row.length));

testClaims(
  '21-lineage-and-search',
  ({ code, rows, series }) => {
    const [epochs, images] = [/familyEpochs = .*?laptop: (\d+)/, /laptop: { train: (\d+)/].flatMap(
      (pattern) => settings(code, pattern),
    );
    const [hidden] = settings(code, /width: (\d+), depth: 4/);

    const [[{ z: paths }], [{ z: features }]] = ['path cosine', 'L2'].map((name) =>
      pick(series('Lineage by'), { name }),
    );
    const parents = paths[0].length;
    const [tuned, cut, cutAndTuned, rescaled, rescaledMore] = [0, 1, 2, 3, 4].map((kind) =>
      paths.slice(kind * parents, (kind + 1) * parents),
    );
    const strangers = Math.max(...toStrangers(paths).map(Math.abs));
    const change = Math.max(
      ...[rescaled, rescaledMore].flatMap((z) => z.flat().map((x, i) => Math.abs(x - tuned.flat()[i]))),
    );
    const grown = (of: typeof toParents) =>
      of(features.slice(-parents)).map((distance, i) => distance / of(features)[i]);

    const byFeatures = rows('True parents found by features');
    const [little, half] = [0.01, 0.5].map((alpha) => pick(byFeatures, { alpha }));
    const foundOf = (kind: string, measure: string) => found(pick(little, { kind })[0], measure);
    const cosines = rows('Cosines of four children');
    const likeness = (by: string, name = 'greatest to a stranger') => column(pick(cosines, { by }), name);
    const allFound = (by: string) => sum(pick(cosines, { by }), (row) => found(row, 'parents found'));
    const spreads = rows('True parents found of rescaled children');
    const overSpreads = (by: string) => spreads.map((row) => found(row, by));
    const lnλ = column(spreads, 'standard deviation of ln λ');

    const single = rows('Without shortcuts');
    const [narrow] = pick(single, { 'hidden layers': 1, width: 5 });
    const inputs = (Number(narrow.parameters) - 10 * Number(narrow.width)) / Number(narrow.width);
    const alike = (name: string, value: number) => pick(single, { [name]: value });
    const [expected, traced] = ['log₁₀ of its expectation', 'log₁₀ Tr Π'];
    const off = [5, 10, 20, 40].map((width) =>
      average(alike('width', width).map((row) => Math.abs(Number(row[traced]) - Number(row[expected])))),
    );
    const networks = series('The trace of 28 networks').flatMap(({ x, y, hover }) =>
      x.map((trace, i) => ({ trace: Number(trace), accuracy: y[i], text: hover[i] })),
    );
    const largest = [...networks].sort((a, b) => b.trace - a.trace).slice(0, 4);
    const ranks = rows('Kendall’s τ with the accuracy');
    const τ = (proxy: RegExp, name = PROXY) => numbersIn(`${pick(ranks, { proxy })[0][name]}`);
    const [estimate, low, high] = τ(/^Tr/);
    const [ofParameters, lowOfParameters] = τ(/^parameters/);
    const highest = pick(ranks, { proxy: /^(?!parameters)/ }).map((row) => numbersIn(`${row[PROXY]}`)[2]);
    const counters = pick(ranks, { proxy: /^(?!parameters)/ }).map((row) =>
      numbersIn(`${row['without parameters']}`),
    );
    const chosenBy = (name: string) => pick(series('A random search'), { name })[0];
    const [byTrace, byChance, byParameters, byAccuracy] = ['Tr Π', 'chance', 'parameters', 'accuracy'].map(
      (name) => chosenBy(name).y,
    );
    const drawn = Math.max(
      ...byTrace.flatMap((y, i) => (y > byChance[i] ? [] : [Number(chosenBy('Tr Π').x[i])])),
    );

    return [
      // Bounds: the one rounded down, the other up to a power of ten.
      ['a cosine of 0.38 or more', Math.floor(100 * Math.min(...toParents(paths))) / 100],
      ["below 0.0001 to any stranger's", 10 ** Math.ceil(Math.log10(strangers))],
      ['so does $\\operatorname{diag}(G)$ under rescaling', Math.min(...overSpreads('diag(G)')) < 20],
      ['over 28 small networks it does not follow', networks.length],
      ['it does not follow the accuracy', low < 0 && high > 0],
      ['2,000 images (512 steps', images, stepsOf(images, epochs)],
      ['−0.14), and the number of parameters does (0.62)', estimate, ofParameters],

      ['is 0.3) and a lot (1)', lnλ[0], lnλ[1]],
      [
        'every measure finds all four parents after more training, and after cutting *and* more training',
        ['trained on', 'cut, trained on'].every((kind) =>
          [...DISTANCES, 'CKA'].every((measure) => foundOf(kind, measure) === parents),
        ),
      ],
      [
        "L2 and L4 take two for another parent's, CKA one",
        ['L2', 'L4', 'CKA'].map((measure) => parents - foundOf('cut to 0.1', measure)).join() === '2,2,1',
      ],
      ['to the parent 6 to 19 times', ...range(grown(toParents))],
      ['to strangers up to five times', Math.round(Math.max(...grown(toStrangers))) === 5],
      ['loses a parent', foundOf('rescaled by 1', 'CKA') === parents - 1],
      [
        'find no more parents than guessing would',
        pick(half, { kind: /^(?!rescaled)/ }).every((row) =>
          DISTANCES.every((name) => found(row, name) <= 1),
        ),
      ],
      ['bears it', half.every((row) => found(row, 'CKA') === parents)],

      ['The path cosine finds all twenty', allFound('path cosine') === 20],
      ["keeps 0.96 of its parent's", average(toParents(tuned))],
      ['about 0.4 of it', average([...toParents(cut), ...toParents(cutAndTuned)])],
      ['among some $10^9$ paths', Math.round(Math.log10(inputs * hidden ** 3 * 10)) === 9],
      ['at right angles to four digits', strangers < 1e-4],
      ['have the very numbers of the child they were made from', change < 1e-6],
      [
        'as near as 0.87 to 0.96 where nothing is rescaled',
        ...range(column(pick(cosines, { by: 'diag(G)', kind: /^(?!rescaled)/ }), 'greatest to a stranger')),
      ],
      [
        'The weights stand between',
        likeness('weights').every((x, i) => likeness('path cosine')[i] < x && x < likeness('diag(G)')[i]),
      ],
      [
        'The paths do not notice, and the weights find all twenty',
        ['path cosine', 'weights'].every((by) => overSpreads(by).every((count) => count === 20)),
      ],
      [
        'the features find fewer as the spread grows',
        ['diag(G)', 'features, L2', 'features, CKA'].every((by) => overSpreads(by)[2] < overSpreads(by)[0]),
      ],
      ['guessing would find 5 of 20', 20 / parents, 20],

      ['With 784 inputs', inputs],
      [
        'hardly depends on $w$: it counts layers',
        [1, 2, 3, 4].every((depth) => {
          const [least, most] = range(column(alike('hidden layers', depth), expected));
          return most - least < Math.log10(2) / 3;
        }),
      ],
      ['those of narrow networks most', off[0] === Math.max(...off)],
      [
        'does grow with the width',
        [1, 2, 3, 4].every((depth) => falls(column(alike('hidden layers', depth), 'log₁₀ Σ |v|').reverse())),
      ],
      ['the interval of its $\\tau$ holds 0', low < 0 && high > 0],
      ['nothing is left (−0.02)', τ(/^Tr/, 'without depth')[0]],
      ['it is *negative*, as is everything here', counters.every(([, , to]) => to < 0)],
      ['alone has a $\\tau$ of 0.62', ofParameters],
      ['no proxy comes near', Math.max(...highest) < lowOfParameters],
      ['once the depth is known (0.41)', τ(/SynFlow/, 'without depth')[0]],

      ['comes within 0.02 of', Math.max(...byAccuracy.map((y, i) => y - byParameters[i]))],
      ['until about nine networks', drawn === 9],
      ['it takes deep ones with shortcuts', largest.every(({ text }) => /4 × \d+ \+ skip/.test(text))],
      ['refuted by 28 fully connected', networks.length],
    ];
  },
  { 'all parents among 300 models': 'Yu and Wang (2024)' },
);

testClaims('solutions/21-lineage-and-search', ({ rows }) => {
  const layers = rows('True parents found of networks cut to 0.1');
  const [first, ...later] = layers;
  const siblings = rows(/^$/).filter(({ child }) => child !== undefined);
  return [
    [
      'all four parents are found, by every measure',
      [...DISTANCES, 'CKA'].every((measure) => found(first, measure) === 4),
    ],
    ['L2 finds half of them or fewer', later.every((row) => found(row, 'L2') <= 2)],
    ['(0.90 to 0.91 to the nearest', ...range(column(siblings, 'to the nearest other'))],
    ['its own (0.98 to 0.99)', ...range(column(siblings, 'path cosine to its parent'))],
  ];
});
