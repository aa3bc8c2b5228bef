import cifarSweep from '../../../data/sweeps/cifar-10-training.json';
import { cell, column, numbersIn, pick, type Row, range, type Series } from './storedNotebook';
import { testClaims } from './testClaims';

const NOT_RANDOM = /^(?!random)/;

testClaims(
  '04-trace-over-training',
  ({ code, rows, series, printed }) => {
    const figures = ['conv', 'fc-100', 'resnet20, fashion', 'resnet20, cifar'].map((name) =>
      series(`Path-Kernel trace over training, ${name}`),
    );
    const [conv, connected, resnet, cifar] = figures.map(endsOf);
    const [convLength, connectedLength, resnetLength, cifarLength] = figures.map(lengthOf);
    const networks = [conv, connected, resnet];
    const random = networks.map((ends) => cell(ends, { method: 'random' }, 'change'));
    const others = networks.map((ends) => column(pick(ends, { method: NOT_RANDOM }), 'change'));
    const before = networks.map((ends) => apart(ends, 'before'));
    const after = networks.map((ends) => apart(ends, 'after'));
    const family = Math.max(
      ...[conv, connected].map((ends) => apart(pick(ends, { method: /^syn/ }), 'before')),
    );
    const falling = networks
      .flat()
      .flatMap(({ name, method, change }) => (Number(change) <= 0 ? `${name} ${method}` : []));
    const seeds = pick(rows('log₁₀ Tr Π before'), { name: /fashion/ }).map((row) => row['seeds with a path']);
    const ranks = rows('Methods before and after').map(
      (row) => numbersIn(`${row['rank correlation, n methods']}`)[0],
    );

    const [cifarRandom, snip, synflow] = ['random', 'snip', 'synflow'].map(
      (method) => pick(cifar, { method })[0],
    );
    const below = [snip, synflow].map((one) => apart([one, cifarRandom], 'before'));
    const cifarOthers = pick(cifar, { method: /^(grasp|snip|synflow|synflow-dist)$/ });
    const right = (method: string) => 100 * cell(rows('resnet20, cifar'), { method }, 'test accuracy');

    const parts = rows('and what moved it');
    const [dense, kept] = [/nothing/, /synflow/].map((pruning) => cell(parts, { pruning }, 'by statistics'));
    const firstEpoch = cell(parts, { pruning: /synflow/ }, 'by weights') + kept;
    const [dropped, runs] = printed(/(\d+) of (\d+) runs are dropped/);
    const [least] = numbersIn(/least = .*laptop: (\d+)/.exec(code.join('\n'))?.[1] ?? '');

    return [
      ['and most where pruning has left least of it', networks.every(gainsMostWhereLeast)],
      ['seven methods', networks.every(({ length }) => length === 7)],
      ['three seeds', seeds.every((text) => text === '3 of 3')],
      ['40 epochs of 1,000 images add 3.1 powers of ten', ...connectedLength, random[1]],
      ['of FC-100 and 0.3 to 0.7 after the others', ...range(others[1])],
      ['1.0 and up to 0.22 in the small convolutional network', random[0], Math.max(...others[0])],
      ['(30 epochs) 3.1 and 0.6 to 1.7', resnetLength[0], random[2], ...range(others[2])],
      ['The methods come closer', before.every((distance, i) => after[i] < distance)],
      ['rank correlations 0.89 to 0.96', ...range(ranks)],
      ['nearly all of the first epoch', kept / firstEpoch > 0.95],
      ["the first epoch's 0.92 powers of ten", firstEpoch],

      ['A change by a factor of 2 is 0.3 powers of ten', 2, Math.log10(2)],
      ['Here it is 0.89 to 0.96', ...range(ranks)],
      ['from 1.9, 4.4 and 7.4 powers of ten apart to 1.1, 1.9 and 4.9', ...before, ...after],
      ['Those that change places were close before', networks.flatMap(swapped).every((far) => far <= family)],
      ['lies within 0.17 powers of ten in networks without batch norm', family],
      ['GraSP in the convolutional network is the only one', falling.join() === 'conv grasp'],

      ['A ResNet-20 on 2,000 of', cifarLength[1]],
      ['training adds most where pruning left least', gainsMostWhereLeast(cifar)],
      ['3.8 powers of ten after random pruning', Number(cifarRandom.change)],
      ...column(pick(cifar, { method: /l2/ }), 'change').map(
        (one) => ['0.9 after the L2 methods', one] as const,
      ),
      ['1.5 to 2.0 after the others', ...range(column(cifarOthers, 'change'))],
      ['the order of the traces stays but for near ties', swapped(cifar).every((far) => far < 0.05)],
      ['of 1,000 test images', cifarSweep.scales.laptop.base.data.test],
      ['SNIP has 39 % right and SynFlow 32 %', right('snip'), right('synflow')],
      ["is twice SNIP's", Math.round(10 ** (Number(synflow.before) - Number(snip.before))) === 2],
      ['six powers of ten below', below.every((distance) => Math.round(distance) === 6)],
      ['powers of ten below, 37 %', right('random')],
      ['One seed', figures[3][0].title.includes(' 1 seed;')],
      ['One seed, 30 epochs of 2,000 images', ...cifarLength],

      ['0.02 powers of ten and less', Math.max(...column(parts, 'by weights').map(Math.abs))],
      ['−0.64 with nothing pruned and 0.92 after SynFlow', dense, kept],
      ['Here there is none', dropped === 0 && runs > 0],

      ['over 1.9 to 7.4 powers of ten of the trace', ...range(before)],
      ['training adds at most 1.7 on Fashion-MNIST', Math.max(...others.flat())],
      [
        'gain up to 3.1 (on CIFAR-10 2.0 and 3.8)',
        Math.max(...random),
        Math.max(...column(pick(cifar, { method: NOT_RANDOM }), 'change')),
        Number(cifarRandom.change),
      ],
      ['No run was dropped by the published filter', dropped === 0 && runs > 0],
      [
        'after 30 to 40 epochs every loss has changed by 1 or more',
        ...range([convLength, connectedLength, resnetLength].map(([epochs]) => epochs)),
        least,
      ],
    ];
  },
  { '10,000 training images of CIFAR-10': 'the size of the set, in data/sweeps/README.md' },
);

testClaims('solutions/04-trace-over-training', () => []);

/** The trace of each method before and after training, and what it gains, in powers of ten; of the lines of a figure. */
function endsOf(drawn: readonly Series[]): Row[] {
  return drawn
    .filter(({ hover }) => hover.length > 0)
    .map(({ title, name: method, y, hover }) => {
      const before = Number(/10\^(-?[\d.]+)/.exec(hover[0])?.[1]);
      const change = Math.log10(y[y.length - 1]);
      return {
        name: /training, ([\w-]+)/.exec(title)?.[1] ?? '',
        method,
        before,
        after: before + change,
        change,
      };
    });
}

/** Epochs and images, by the title of a figure. */
function lengthOf([{ title }]: readonly Series[]): number[] {
  return numbersIn(/\d+ epochs of [\d,]+ images/.exec(title)?.[0] ?? '');
}

function apart(ends: readonly Row[], when: 'before' | 'after'): number {
  const [low, high] = range(column(ends, when));
  return high - low;
}

/** How far those were apart before training of which another is ahead after it. */
function swapped(ends: readonly Row[]): number[] {
  return ends.flatMap((one) =>
    ends
      .filter((other) => other.before > one.before && other.after < one.after)
      .map((other) => apart([one, other], 'before')),
  );
}

function gainsMostWhereLeast(ends: readonly Row[]): boolean {
  const [least] = range(column(ends, 'before'));
  return cell(ends, { before: least }, 'change') === range(column(ends, 'change'))[1];
}
