import { median } from 'd3-array';
import { cell, column, numbersIn, pick, range, type Series } from './storedNotebook';
import { testClaims } from './testClaims';

const MODELS = ['conv', 'fc-100', 'resnet20'];
const WITHOUT_BATCH_NORM = /^(conv|fc-100),/;

testClaims('06-outputs-over-training', ({ rows, series }) => {
  const figures = MODELS.map((model) => series(`Norm of the outputs, ${model},`));
  const [convLength, , resnetLength] = figures.map(([{ title }]) =>
    numbersIn(/\d+ epochs of [\d,]+ images/.exec(title)?.[0] ?? ''),
  );
  const norms = figures.map(endsOf);
  const [largest] = norms.flat().sort((a, b) => b.start - a.start);

  const table = rows('methods apart in powers of ten');
  const [before, after] = ['apart before', 'apart after'].map((when) => column(table, when));
  const apart = MODELS.map((_, i) => [before[i], after[i]]);
  const [conv, connected, resnet] = table.map((row) => numbersIn(`${row['trace and norm before']}`));

  const [convDrift, connectedDrift, resnetDrift] = MODELS.map((model) =>
    median(endsOf(series(`Family C, output mean: ${model},`)), ({ start, end }) => Math.abs(end - start)),
  ).map(Number);

  const ways = rows('norm of a run before the first step');
  const [inference, training] = ['inference', 'training mode'];

  return [
    ['training brings their norms closer together', apart.every(([start, end]) => end < start)],
    ['the means of seven methods', norms.every(({ length }) => length === 7)],
    ['from 4.6 powers of ten apart to 0.15 in FC-100', ...apart[1]],
    ['from 3.3 to 0.45 in the small convolutional network', ...apart[0]],
    ['(40 epochs of 1,000 images)', ...convLength],
    ['from 3.4 to 0.13 in ResNet-20 (30 epochs)', ...apart[2], resnetLength[0]],
    [
      'the trace before training does not say where the norm begins',
      [conv, connected].every(([, low, high]) => low <= 0 && high >= 0),
    ],
    ['the rank correlations are −0.04 and −0.02', connected[0], conv[0]],
    ['In ResNet-20 it is 0.50', resnet[0]],

    [
      'So small outputs grow',
      norms.every((ends) => {
        const middle = Number(median(ends, ({ start }) => start));
        return ends.filter(({ start }) => start <= middle).every(({ start, end }) => end > start);
      }),
    ],
    [
      "and the largest, GraSP's in the convolutional network, shrink",
      largest === pick(norms[0], { name: 'grasp' })[0] && largest.end < largest.start,
    ],
    ['in networks without batch norm it drifts', Math.min(convDrift, connectedDrift) > 2 * resnetDrift],

    ['3.3 to 4.6 powers of ten apart', ...range(before)],
    ['brings them to within 0.13 to 0.45', ...range(after)],
    [
      'runs of ResNet-20 are 1.2 powers of ten apart instead of 5.6',
      ...[training, inference].map((way) => cell(ways, { name: /^resnet20,/ }, way)),
    ],
    [
      'without batch norm the two ways agree',
      pick(ways, { name: WITHOUT_BATCH_NORM }).every((row) => row[training] === row[inference]),
    ],
  ];
});

testClaims('solutions/06-outputs-over-training', () => []);

/** Where the lines of a figure begin and end. */
function endsOf(drawn: readonly Series[]): { name: string; start: number; end: number }[] {
  return drawn
    .filter(({ hover }) => hover.length > 0)
    .map(({ name, y }) => ({ name, start: y[0], end: y[y.length - 1] }));
}
