import { numbersIn, pick, range, type Series, type StoredNotebook, storedNotebook } from './storedNotebook';
import { testClaims } from './testClaims';

const MODELS = ['conv', 'fc-100', 'resnet20'];

testClaims(
  '05-weight-movement',
  (stored) => {
    const networks = movements(stored);
    const [conv, connected, resnet] = networks;
    const ranks = stored.rows('Rank correlation of the trace');
    const [moved, relative] = ['moved', 'relative'].map((quantity) =>
      MODELS.map((model) => {
        const [row] = pick(ranks, { name: new RegExp(`^${model},`), quantity });
        const [rank, low, high] = numbersIn(`${row['rank correlation']}`);
        return { rank, low, high, holdsZero: low <= 0 && high >= 0 };
      }),
    );
    const [convRank, connectedRank, resnetRank] = relative;
    const isOnlyResnets = relative.map(({ holdsZero }) => holdsZero).join() === 'true,true,false';
    const fromNoneIsTold = moved.every(({ holdsZero }) => holdsZero);

    const [resnetL2, resnetL1] = [/^synflow-l2/, /^synflow(-dist)?$/].map((method) =>
      pick(resnet, { method }),
    );
    const traces = (network: Movement[]) => network.map(({ trace }) => trace);
    const family = (network: Movement[]) => traces(pick(network, { method: /^synflow/ }));
    const size = (network: Movement[], method: string) => pick(network, { method })[0].norm;
    const published = stored.series('Family B').filter(({ hover }) => hover.length > 0);

    const [[convGrasp], convOthers] = [/^grasp/, /^(?!grasp)/].map((method) => pick(conv, { method }));
    const first = [...convOthers, ...connected, ...resnet].map((one) => 100 * one.first);

    return [
      ['How far the weights move says little about the trace', fromNoneIsTold],
      ['and then only in some networks', isOnlyResnets],
      ['seven methods', networks.every(({ length }) => length === 7)],
      ['three seeds', MODELS.every((model) => drawn(stored, 'Weight', model)[0].title.includes(' 3 seeds;'))],
      ['distance after 30 epochs is −0.87 in ResNet-20', resnet[0].epochs, resnetRank.rank],
      ['interval −1.00 to −0.34', resnetRank.low, resnetRank.high],
      ['In FC-100, after 40 epochs, it is −0.63', connected[0].epochs, connectedRank.rank],
      ['with an interval that holds 0', connectedRank.holdsZero],
      ['in the small convolutional network 0.00', convRank.rank],

      [
        'random pruning average ones, SynFlow large ones',
        networks.every((network) => size(network, 'synflow') > 1.5 * size(network, 'random')),
      ],
      [
        'the SynFlow family leaves nearly the same trace',
        [conv, connected].every((network) => apart(family(network)) < 0.1 * apart(traces(network))),
      ],
      [
        'in two pairs, 1.2 powers of ten apart',
        Math.min(...traces(resnetL2)) - Math.max(...traces(resnetL1)),
      ],
      [
        'each of which moves nearly alike',
        [resnetL1, resnetL2].every((pair) => ratio(pair.map(({ relative: far }) => far)) < 1.02),
      ],
      ['only that of the relative distance in ResNet-20 leaves 0 out', fromNoneIsTold && isOnlyResnets],
      ['and is 0 here', published.every(({ y }) => y[0] === 0)],

      ['can be told from 0 in any of three networks', fromNoneIsTold],
      ['it has one in ResNet-20, −0.87', resnetRank.rank],
      ['leaves out 5 to 23 % of the way', ...range(first)],
      ['53 % after GraSP in the convolutional network', 100 * convGrasp.first],
    ];
  },
  { '95 % interval': 'the level that rankInterval has where none is given' },
);

testClaims('solutions/05-weight-movement', () => {
  const [moved, relative] = (['moved', 'relative'] as const).map((quantity) =>
    movements(storedNotebook('05-weight-movement')).map((network) =>
      ratio(network.map((one) => one[quantity])),
    ),
  );
  return [
    ['distances alone are more alike than relative ones', moved.every((factor, i) => factor < relative[i])],
    [
      'within a factor of 1.2 in ResNet-20 and 3.5 in the convolutional network',
      moved[MODELS.indexOf('resnet20')],
      moved[MODELS.indexOf('conv')],
    ],
  ];
});

/** What the runs of a method have come to. */
interface Movement {
  method: string;
  epochs: number;
  /** Of the Path Kernel before training, as a power of ten. */
  trace: number;
  /** How far the weights have moved after all epochs, the same relative to their norm before, and that norm. */
  moved: number;
  relative: number;
  norm: number;
  /** What part of the distance the first epoch has made. */
  first: number;
}

function movements(stored: StoredNotebook): Movement[][] {
  return MODELS.map((model) => {
    const relatives = drawn(stored, 'Relative weight', model);
    return drawn(stored, 'Weight', model).map(({ name: method, x, y, hover }) => {
      const [moved, relative] = [y, pick(relatives, { name: method })[0].y].map((all) => all[all.length - 1]);
      const trace = Number(/10\^(-?[\d.]+)/.exec(hover[0])?.[1]);
      const first = y[x.indexOf(1)] / moved;
      return {
        method,
        epochs: Number(x[x.length - 1]),
        trace,
        moved,
        relative,
        norm: moved / relative,
        first,
      };
    });
  });
}

/** The lines of a figure, a method each. */
function drawn({ series }: StoredNotebook, kind: string, model: string): Series[] {
  return series(new RegExp(`^${kind} movement, ${model},`)).filter(({ hover }) => hover.length > 0);
}

function apart(values: readonly number[]): number {
  const [low, high] = range(values);
  return high - low;
}

function ratio(values: readonly number[]): number {
  const [low, high] = range(values);
  return high / low;
}
