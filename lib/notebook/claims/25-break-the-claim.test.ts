import { type Marker, panelColumn } from './panelColumn';
import { cell, column, numbersIn, pick, range, storedNotebook } from './storedNotebook';
import { testClaims } from './testClaims';

const [EARLY, LATE] = ['ρ early', 'ρ at the end'];
const meanOf = (markers: readonly Marker[], method: string) => pick(markers, { method })[0].mean;

testClaims('25-break-the-claim', ({ rows, series, printed }) => {
  const [early, late] = [/^After 80 /, /^After 960 /].map(series);
  const ends = (runs: typeof early, name: string | RegExp) =>
    range(pick(runs, { name }).flatMap(({ y }) => y));
  const overTraining = pick(series('by learning rate'), { name: /^0/ });
  /** The steps at which trace and accuracy of the runs at a rate go together. */
  const together = (name: string) => {
    const [{ x, y }] = pick(overTraining, { name });
    return range(x.map(Number).filter((_, i) => y[i] > 0.95));
  };

  const byRate = pick(rows(/^$/), { 'best run': /random|synflow/ });
  const [small, larger] = [pick(byRate, { rate: 0.0003 }), pick(byRate, { rate: /^0\.00[15]$/ })];

  const panel = series('Masks as they are');
  const [accuracies, traces] = ['test accuracy, %', 'trace before training'].map((title) =>
    panelColumn(panel, title),
  );
  const lost = (markers: readonly Marker[], method: string) =>
    meanOf(markers, method) - meanOf(markers, `${method}/shuffled`);
  const pruners = ['snip', 'synflow', 'synflow-l2'];
  const gained = range(pruners.map((method) => -lost(accuracies, method)));

  const rescaled = pick(rows(/^$/), { spread: /^\d/ });
  const tens = column(rescaled, 'log₁₀ Tr Π');
  const atEnd = column(rescaled, 'at the end, %');
  const upToOne = pick(rescaled, { spread: /^(0\.5|1)$/ });
  const lastTen = series('One function').map(({ y }) => y.slice(-10).reduce((sum, one) => sum + one / 10, 0));
  const differences = column(rescaled, 'largest difference of an output');

  return [
    ['five methods, two seeds', early.length === 5 && early.every(({ y }) => y.length === 2)],
    ['After 80 steps $\\rho$ is 0.99 (interval 0.92 to 1)', ...numbersIn(early[0].title)],
    ['After 960 steps of the same runs it is 0.35, and its interval, −1 to 1', ...numbersIn(late[0].title)],
    ['`random/erk`, with a small trace, starts late', ends(early, 'random/erk')[1] < ends(early, /^s/)[0]],
    ['and ends ahead', ends(late, 'random/erk')[0] > ends(late, /^(?!random\/erk)/)[1]],
    [
      '`random`, with the smallest',
      meanOf(traces, 'random') ===
        Math.min(...pick(traces, { method: /^(?!.*shuffled)/ }).map(({ mean }) => mean)),
    ],
    ['stays far behind (42 %)', meanOf(accuracies, 'random')],
    [
      'the early picture comes later and lasts longer',
      overTraining
        .slice(1)
        .every(({ name }) => together('0.0003').every((step, i) => step > together(name)[i])),
    ],
    ['is 0.42 after 80 steps', cell(small, {}, EARLY), numbersIn(early[0].title)[0]],
    ['and 0.89 after 960', cell(small, {}, LATE), numbersIn(late[0].title)[0]],
    ['where SynFlow is the best', small[0]['best run'] === 'synflow'],
    ['At the larger rates $\\rho$ ends at 0.35', ...new Set(column(larger, LATE))],
    [
      'the best network is `random/erk`, a random mask',
      larger.every((row) => row['best run'] === 'random/erk'),
    ],
    [
      'whose trace is far below',
      pruners.every((method) => meanOf(traces, method) - meanOf(traces, 'random/erk') > 3),
    ],
    [
      "more than four powers of ten from the trace of SynFlow's masks",
      pruners.slice(1).every((method) => lost(traces, method) > 4),
    ],
    ["and three from SNIP's", Math.round(lost(traces, 'snip')) === 3],
    ['they end one to five points *better*', `${gained.map(Math.round)}` === '1,5'],
    ['the trace grows more than twentyfold', 10 ** (tens[2] - tens[0]) > 20],
    ['($10^{5.6}$ to $10^{7.0}$)', `${[tens[0], tens[2]].map((ten) => ten.toFixed(1))}` === '5.6,7.0'],
    [
      'the accuracy at the end stays within a point',
      column(upToOne, 'at the end, %').every((accuracy) => Math.abs(accuracy - atEnd[0]) < 1 + 1e-9),
    ],
    ['at $10^{11.2}$ it is eight points lower', tens[3] === 11.2 && Math.round(atEnd[0] - atEnd[3]) === 8],
    [
      'the means are two and four points lower',
      `${lastTen.slice(2).map((mean) => Math.round(lastTen[0] - mean))}` === '2,4',
    ],
    ['agree to $2\\cdot10^{-6}$', Math.max(...differences).toExponential(0) === '2e-6'],
    ['The claim holds after 80 steps', numbersIn(early[0].title)[0]],
    ['two larger rates (0.99 and 0.84)', ...column(larger, EARLY)],
    ['after 960 at the small one (0.89)', numbersIn(late[0].title)[0], cell(small, {}, LATE)],
    [
      'and in no other of these tests',
      [...column(larger, LATE), ...column(small, EARLY)].every((rho) => rho < 0.5) && gained[0] > 0,
    ],
    ['The runs are few (ten a rate)', printed(/Training (\d+)\//)[0] / byRate.length === 10],
  ];
});

testClaims('solutions/25-break-the-claim', ({ series }) => {
  const main = storedNotebook('25-break-the-claim');
  const [early, late] = [/^After 80 /, /^After 960 /].map((title) => numbersIn(main.series(title)[0].title));
  const runs = series('After 60 epochs');
  const [, atEnd] = numbersIn(runs[0].title);
  const [[erk], [synflow]] = ['random/erk', 'synflow'].map((name) => pick(runs, { name }));
  const shuffling = main.rows('What shuffling takes away');
  const better = column(shuffling, 'accuracy lost, points').map((points) => -points);

  return [
    ['From 0.99 after 80 steps to 0.35 after 960', early[1], early[0], atEnd, late[0]],
    [
      'Among the runs there already are such pairs',
      synflow.x.some((trace, i) =>
        erk.x.some((other, j) => Number(trace) - Number(other) >= 1 && synflow.y[i] < erk.y[j]),
      ),
    ],
    [
      'a far smaller trace',
      column(pick(shuffling, { method: /^s/ }), 'log₁₀ Tr Π lost').every((tens) => tens > 3),
    ],
    ['ends from a point below to five above', `${range(better).map(Math.round)}` === '-1,5'],
  ];
});
