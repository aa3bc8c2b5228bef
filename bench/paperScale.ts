import { max } from 'd3-array';
import { product } from '../lib/base';
import { datasets } from '../lib/data';
import type { Config } from '../lib/experiment/config';
import { buildModel } from '../lib/experiment/run/buildModel';
import { loadSweep, planSweep } from '../lib/experiment/sweep';
import { computation, splits } from '../lib/experiment/sweep/computation';
import { estimate, secondsOf } from '../lib/experiment/sweep/estimate';
import { kernelsOf, type Network, type ParameterSpec } from '../lib/network';
import { isTrained } from '../lib/network/isTrained';
import { markdownTable } from './markdownTable';

// `node --import tsx bench/paperScale.ts`: the tables of docs/paper-scale.md, from the sweeps of data/sweeps at the scale of the
// paper. A test compares them with the document.

/** Assumed: floating-point operations a second of a GPU, in float32 and on networks of this size. */
const RATE = 5e12;
/** Measured on a processor: seconds in which the ops of a node are begun, forward and back; assumed of a GPU. */
const NODE_SECONDS = 0.5e-3;
/** Measured, in bytes: a run's files without epochs and layers; a row of epochs; a layer in the report on pruning. */
const RUN_BYTES = 2600;
const EPOCH_BYTES = 475;
const LAYER_BYTES = 280;
/** config, environment, pruning, epochs, result. */
const RUN_FILES = 5;
/** What a file takes at least on most file systems. */
const BLOCK = 4096;

const SWEEPS = [
  'initial-trace',
  'training',
  'prediction',
  'as-published',
  'conservation',
  'accuracy',
  'collapse',
  'batch-norm-mode',
  'cifar-10-initial-trace',
  'cifar-10-training',
];

interface Run {
  hash: string;
  config: Config;
}

/** What some runs come to. */
interface Sum {
  runs: number;
  epochs: number;
  steps: number;
  /** Floating-point operations. */
  operations: number;
  /** Hours of a GPU: of arithmetic, and of ops being begun. */
  computing: number;
  beginning: number;
  /** Hours of a core, without a GPU. */
  core: number;
  bytes: number;
  blocks: number;
}

const networks = new Map<string, Network>();

function networkOf({ model, data }: Config): Network {
  const key = JSON.stringify([model, data.name]);
  const network = networks.get(key) ?? buildModel(model, datasets[data.name]);
  networks.set(key, network);
  return network;
}

function sumOf(runs: readonly Run[]): Sum {
  const sum: Sum = {
    runs: 0,
    epochs: 0,
    steps: 0,
    operations: 0,
    computing: 0,
    beginning: 0,
    core: 0,
    bytes: 0,
    blocks: 0,
  };
  for (const { config } of runs) {
    const network = networkOf(config);
    const { multiplications, nodes } = computation(config, network);
    const epochs = config.train?.epochs ?? 0;
    sum.runs++;
    sum.epochs += epochs;
    sum.steps += stepsOf(config);
    sum.operations += 2 * multiplications;
    sum.computing += (2 * multiplications) / RATE / 3600;
    sum.beginning += (nodes * NODE_SECONDS) / 3600;
    sum.core += secondsOf(estimate(config)) / 3600;
    const rows = EPOCH_BYTES * (epochs + 1);
    const report = config.prune ? LAYER_BYTES * kernelsOf(network).length : 0;
    sum.bytes += RUN_BYTES + rows + report;
    sum.blocks += BLOCK * (3 + Math.ceil(rows / BLOCK) + Math.ceil((report + 1000) / BLOCK));
  }
  return sum;
}

function stepsOf(config: Config): number {
  const { train } = splits(config, datasets[config.data.name]);
  return config.train ? config.train.epochs * Math.ceil(train / config.train.batch) : 0;
}

/** The runs of all sweeps; one that several ask for is counted with the first. */
async function plan(): Promise<Map<string, Run[]>> {
  const seen = new Set<string>();
  const found = new Map<string, Run[]>();
  for (const name of SWEEPS) {
    const { runs } = planSweep(await loadSweep(name), 'paper');
    found.set(
      name,
      runs.filter(({ hash }) => !seen.has(hash)),
    );
    for (const { hash } of runs) seen.add(hash);
  }
  return found;
}

/** The tables, by name, as lines of Markdown. */
export async function paperScale(): Promise<Record<string, string[]>> {
  const bySweep = await plan();
  const all = [...bySweep.values()].flat();
  const both = [...(bySweep.get('initial-trace') ?? []), ...(bySweep.get('training') ?? [])];
  const trained: Run[] = both.map((run) => ({
    ...run,
    config: { ...run.config, train: run.config.train ?? bySweep.get('training')?.[0].config.train },
  }));
  const named: [string, readonly Run[]][] = [
    ...[...bySweep].map(([name, runs]): [string, Run[]] => [`\`${name}\``, runs]),
    ['first two', both],
    ['all ten', all],
    ['first two, each run trained for 100 epochs', trained],
  ];
  const sums = named.map(([name, runs]) => ({ name, ...sumOf(runs) }));
  return {
    sweeps: markdownTable(
      [
        'sweep',
        'new runs',
        'epochs',
        'steps, 10⁶',
        '10¹⁸ operations',
        'GPU h: arithmetic',
        'begin ops',
        'sum',
      ],
      sums.map(({ name, runs, epochs, steps, operations, computing, beginning }) => [
        name,
        whole(runs),
        whole(epochs),
        short(steps / 1e6),
        short(operations / 1e18),
        short(computing),
        short(beginning),
        short(computing + beginning),
      ]),
    ),
    cores: markdownTable(
      ['sweep', 'core h'],
      sums
        .filter(({ name, epochs }) => epochs === 0 || name === '`training`')
        .map(({ name, core }) => [name, short(core)]),
    ),
    networks: networkTable(all.filter(({ config }) => config.train)),
    records: markdownTable(
      ['sweep', 'files', 'bytes in them, MB', 'on disk in blocks of 4 kB, MB'],
      sums
        .slice(0, -1)
        .map(({ name, runs, bytes, blocks }) => [
          name,
          whole(RUN_FILES * runs),
          short(bytes / 1e6),
          short(blocks / 1e6),
        ]),
    ),
  };
}

/** A row for each way of training a network on a data set. */
function networkTable(runs: readonly Run[]): string[] {
  const groups = new Map<string, Run[]>();
  for (const run of runs) {
    const { model, data, train } = run.config;
    const epochs = train?.epochs ?? 0;
    const how = `${epochs} × ${whole(stepsOf(run.config) / epochs)}`;
    const key = [model.name, data.name, how].join('|');
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  const rows = [...groups].sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }));
  return markdownTable(
    [
      'network',
      'data',
      'epochs × steps',
      'runs',
      'weights, 10⁶',
      '10⁶ multiplications an image',
      'a run, 10¹² operations',
      'GPU min',
      'memory, GB',
      'checkpoint, MB',
    ],
    rows.map(([key, group]) => {
      const { config } = group[0];
      const network = networkOf(config);
      const { operations, computing, beginning } = sumOf(group);
      const one = { ...config, prune: undefined, train: undefined };
      const forward = computation({ ...one, record: { ...one.record, test: true, trace: false } }, network);
      const images = splits(config, datasets[config.data.name]).test;
      return [
        ...key.split('|'),
        whole(group.length),
        short(count(kernelsOf(network)) / 1e6),
        short(forward.multiplications / images / 1e6),
        short(operations / group.length / 1e12),
        short((60 * (computing + beginning)) / group.length),
        short((max(group, (run) => estimate(run.config).bytes) as number) / 1e9),
        short(checkpointBytes(config, network) / 1e6),
      ];
    }),
  );
}

/** Mask and checkpoint of a run under way: parameters, kernels after the first epoch, averages of the optimiser. */
function checkpointBytes({ train, prune }: Config, network: Network): number {
  const { parameters } = network;
  const kernels = count(kernelsOf(network));
  const slots = train ? (train.optimiser === 'sgd' ? 1 : 2) : 0;
  const state = count(parameters) + (train ? kernels : 0) + slots * count(parameters.filter(isTrained));
  return 4 * (state + (prune ? kernels : 0));
}

function count(parameters: readonly ParameterSpec[]): number {
  return parameters.reduce((sum, { shape }) => sum + product(shape), 0);
}

function whole(value: number): string {
  return value.toLocaleString('en');
}

function short(value: number): string {
  return value >= 100 ? whole(Math.round(value)) : String(Number(value.toPrecision(2)));
}

async function main(): Promise<void> {
  for (const [name, lines] of Object.entries(await paperScale()))
    console.log(`${name}\n\n${lines.join('\n')}\n`);
}

if (require.main === module) void main();
