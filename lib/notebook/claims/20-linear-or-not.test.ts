import { mean } from 'd3-array';
import { overlap } from './compare';
import { settings, stepsOf } from './settings';
import { cell, column, pick, type Row, range, storedNotebook, yAt } from './storedNotebook';
import { testClaims } from './testClaims';

const LENGTH = 'average path length';
const ACCURACY = 'test accuracy, %';

const average = (values: readonly number[]) => mean(values) ?? Number.NaN;

/** The two rows with the least. */
const least = (all: readonly Row[], name: string) =>
  [...all].sort((a, b) => Number(a[name]) - Number(b[name])).slice(0, 2);

testClaims(
  '20-linear-or-not',
  ({ code, rows, series, printed }) => {
    const [points, epochs] = settings(code, /points = .*?laptop: (\d+)[\s\S]*?epochs = .*?laptop: (\d+)/);

    const [listed] = printed(/(\d+) paths/);
    const toy = (weighting: string) => cell(rows(`${listed} paths`), { weighting }, 'averagePathLength');
    const networks = rows(/^$/);
    const drawn = (weighting: string) => cell(networks, { network: 'resnet20' }, weighting);
    const [counts, walks] = [/^unnormalised/, /^normalised/].map(
      (name) => pick(series('weighed in three ways'), { name })[0],
    );
    const lengths = walks.x.map(Number);

    const lowest = rows('Average path length before pruning');
    const pruned = pick(lowest, { density: 0.01 });
    const lengthOf = (method: string, weighting: string) => cell(lowest, { method }, weighting);
    const [synflow] = pick(series('after pruning, unnormalised'), { name: 'synflow' });

    const trained = rows('mean of 2 starts');
    const [early, late] = ['early', 'late'].map((penalty) => pick(trained, { penalty }));
    const unpenalised = cell(trained, { penalty: 'no penalty' }, ACCURACY);
    const [enough, enoughAccuracy] = [LENGTH, ACCURACY].map((name) => cell(late, { λ: 0.1 }, name));
    const isEarlyLess = (name: string) => early.every((row, i) => Number(row[name]) < Number(late[i][name]));
    const [first] = pick(series('over training, λ = 0.1'), { name: 'no penalty' });
    /** The runs that end at a length between two. */
    const ended = (penalty: string, from: number, to: number) => {
      const [{ x, y }] = pick(series('What nonlinearities are worth'), { name: penalty });
      const isThere = (_: unknown, i: number) => Number(x[i]) > from && Number(x[i]) < to;
      return { lengths: x.map(Number).filter(isThere), accuracies: y.filter(isThere) };
    };
    const [ahead, behind] = ['early', 'late'].map((penalty) => ended(penalty, 0.2, 0.3));
    const [short, asShort] = ['early', 'late'].map((penalty) => ended(penalty, 0.08, 0.13));
    const kind = (network: RegExp) => cell(rows(/^After 30 epochs$/), { network }, ACCURACY);
    const chance = 1 / 3;
    const twoDeviations = 2 * Math.sqrt((chance * (1 - chance)) / settings(code, /spiral\((\d+)\)/)[0]);

    return [
      ['lengthens them, by method', lengthOf('synflow', 'normalised') > lengthOf('dense', 'normalised')],
      ['most of them go at little loss', enough < yAt(first, 0) / 2 && enoughAccuracy > unpenalised - 1],
      ['costs more from the start of training', isEarlyLess(ACCURACY)],
      ['30 epochs of 1,500 points (720 steps)', epochs, points, stepsOf(points, epochs)],

      ['256 paths of length 4', listed - 1, (toy('unnormalised') * listed) / (listed - 1)],
      ['$1024/257$, and 2: to', toy('normalised')],
      [
        'Without shortcuts all paths are equally long',
        pick(networks, { network: /^(fc|vgg)/ }).every(
          (row) => new Set([row.ReLUs, row.unnormalised, row.normalised, row.energy]).size === 1,
        ),
      ],
      ['goes through 10 to 19 ReLUs', ...range(lengths.filter((length) => yAt(walks, length) > 0))],
      ['Nearly all go through 19', lengths[counts.y.indexOf(Math.max(...counts.y))]],
      ['Nearly all', Math.max(...counts.y) > 0.99],
      ['1 + 9\\cdot 1.5 = 14.5', drawn('normalised') === 1 + 9 * 1.5],
      [
        'path energy, and with it the Path Kernel, lies between',
        drawn('normalised') < drawn('energy') && drawn('energy') < drawn('unnormalised'),
      ],

      ['that SynFlow leaves are as long as before', yAt(synflow, 1) - yAt(synflow, 0.01) < 0.01],
      ['walks through them get longer', lengthOf('synflow', 'normalised') > lengthOf('dense', 'normalised')],
      [
        'SNIP and SynFlow-L2 shorten paths most, by count and by walk',
        ['unnormalised', 'normalised'].every((by) =>
          least(pruned, by).every(({ method }) => method === 'snip' || method === 'synflow-l2'),
        ),
      ],
      ['yet their energy falls', lengthOf('random', 'energy') < lengthOf('dense', 'energy')],
      [
        'By energy, all methods shorten paths',
        series('after pruning, energy').every((one) =>
          one.y.every((y, i) => one.x[i] === 1 || y < yAt(one, 1)),
        ),
      ],

      ['Of five nonlinearities a path, less than one', yAt(first, 0) === 5 && enough < 1],
      ['(99.9 % both)', enoughAccuracy],
      ['(99.9 % both)', unpenalised],
      ['the early penalty costs as much as the late one or more', isEarlyLess(ACCURACY)],
      ['and leaves shorter paths', isEarlyLess(LENGTH)],
      [
        'a length of about 0.24 early is ahead (97 to 98 % against 90 to 94)',
        average([...ahead.lengths, ...behind.lengths]),
        ...range(ahead.accuracies),
        ...range(behind.accuracies),
      ],
      ['at about 0.1 neither', average([...short.lengths, ...asShort.lengths])],
      ['neither; late has half the epochs', overlap(short.accuracies, asShort.accuracies)],

      ['told apart in part (77 %)', kind(/^linear in θ/)],
      ['by more than chance (35.5 %', kind(/^linear in x/)],
      ['they are not, by more than chance', kind(/^linear in x/) < 100 * (chance + twoDeviations)],

      [
        '19 ReLUs long if they are counted, 14.5 if they are walked, 16.8 by energy',
        ...['unnormalised', 'normalised', 'energy'].map((by) => lengthOf('dense', by)),
      ],
      ['brings them to 14 (SNIP', lengthOf('snip', 'unnormalised')],
      ['to 14 (SNIP and SynFlow-L2, counted)', lengthOf('synflow-l2', 'unnormalised')],
      [
        'between 10 and 14 (by energy',
        Math.floor(range(column(pruned, 'energy'))[0]),
        Math.ceil(range(column(pruned, 'energy'))[1]),
      ],
      ['less than one a path (0.47 for 99.9 %)', enough, enoughAccuracy],
      ['costs more from the start than from halfway on', isEarlyLess(ACCURACY)],
    ];
  },
  { 'within 0.001 of 1': 'a choice of the penalty' },
);

testClaims('solutions/20-linear-or-not', ({ rows }) => {
  const whole = storedNotebook('20-linear-or-not').rows('Average path length before pruning');
  const lengths = rows('Average path length of resnet20');
  const counted = (method: string) => cell(lengths, { method, scope: 'layer' }, 'unnormalised');
  const before = cell(whole, { method: 'dense' }, 'unnormalised');
  const [byLayer, overall] = ['layer', 'global'].map((scope) => column(pick(lengths, { scope }), 'energy'));

  const runs = rows(/^$/).filter(({ λ }) => λ !== undefined);
  const ends = (line: string, λ: number, name: string) => column(pick(runs, { line, λ }), name);
  const [few, many] = range(column(runs, 'λ'));
  const meanOf = (line: string, λ: number) => average(ends(line, λ, ACCURACY));
  const longer = [few, many].flatMap((λ) => ends('early, as long', λ, LENGTH));
  const shorter = [few, many].flatMap((λ) => ends('early', λ, LENGTH));

  return [
    ['only magnitude still shortens paths much (19 to 15.6)', before, counted('magnitude')],
    ['SNIP less (17.7)', counted('snip')],
    [
      'with SynFlow-L2 almost all is as before',
      before - counted('synflow-l2') < (before - counted('snip')) / 5,
    ],
    // Rounded up, as a bound.
    [
      'as much as before, within 1.3',
      Math.ceil(10 * Math.max(...byLayer.map((y, i) => Math.abs(y - overall[i])))) / 10,
    ],
    [
      'end at the same length, about 0.24',
      average([...ends('early', few, LENGTH), ...ends('late', few, LENGTH)]),
    ],
    [
      '99.5 to 99.7 % against 96.8 to 98.3 %',
      ...range(ends('late', few, ACCURACY)),
      ...range(ends('early', few, ACCURACY)),
    ],
    ['At 0.2 late has more left', many],
    [
      'late has more left of both',
      [LENGTH, ACCURACY].every(
        (name) => Math.min(...ends('late', many, name)) > Math.max(...ends('early', many, name)),
      ),
    ],
    [
      'an early penalty ends shorter still and no better',
      longer.every((length, i) => length < shorter[i]) &&
        [few, many].every((λ) => meanOf('early, as long', λ) <= meanOf('early', λ)),
    ],
  ];
});
