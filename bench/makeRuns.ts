import * as fs from 'node:fs';
import * as path from 'node:path';
import { readConfig, runHash } from '../lib/experiment/config';
import { createRandom } from '../lib/tensor/random';

// `node --import tsx bench/makeRuns.ts FOLDER [RUNS] [EPOCHS]`: made-up records of finished runs (5,000 of 200 epochs), to try
// queries on. Nothing is computed; the numbers are random.

const LAYERS = 20;
const METHODS = ['random', 'magnitude', 'snip', 'grasp', 'synflow', 'synflow-l2'] as const;

const [folder, runs = '5000', epochs = '200'] = process.argv.slice(2);
if (folder === undefined || !(Number(runs) >= 1) || !(Number(epochs) >= 1)) {
  console.error('node --import tsx bench/makeRuns.ts FOLDER [RUNS] [EPOCHS]');
  process.exit(1);
}
for (let i = 0; i < Number(runs); i++) writeRun(i);

function writeRun(i: number): void {
  const random = createRandom(i);
  const method = METHODS[i % METHODS.length];
  const exponent = (Math.floor(i / METHODS.length) % 7) / 2;
  const config = readConfig({
    data: 'cifar-10',
    model: 'resnet20',
    seed: i,
    prune: { method, exponent },
    train: { epochs: Number(epochs) - 1 },
  });
  const own = path.join(folder, runHash(config));
  fs.mkdirSync(own, { recursive: true });
  const write = (name: string, value: unknown) =>
    fs.writeFileSync(path.join(own, name), `${JSON.stringify(value, null, 2)}\n`);
  const rows = Array.from({ length: Number(epochs) }, (_, epoch) => {
    const trained = (value: number) => (epoch === 0 ? null : value);
    return {
      epoch,
      learningRate: trained(0.001),
      trainLoss: trained(random.uniform()),
      trainTop1: trained(random.uniform()),
      trainTop5: trained(random.uniform()),
      testLoss: random.uniform(),
      testTop1: random.uniform(),
      testTop5: random.uniform(),
      pathKernelTrace: 40 * random.uniform(),
      weightMovement: 9 * random.uniform(),
      weightMovementFromFirst: trained(9 * random.uniform()),
      weightNorm: 30 + random.uniform(),
      outputMean: random.normal(),
      outputNorm: 9 * random.uniform(),
      firstBatchMean: trained(random.normal()),
      firstBatchNorm: trained(9 * random.uniform()),
      seconds: random.uniform(),
    };
  });
  const layers = Array.from({ length: LAYERS }, (_, depth) => ({
    layer: `layer${depth}`,
    name: `layer${depth}/kernel`,
    size: 10_000,
    kept: random.integer(10_000),
    density: random.uniform(),
    effective: random.integer(10_000),
    units: 32,
    effectiveUnits: random.integer(32),
  }));
  const logs = () => ({ logL1: random.normal(), logL2: random.normal(), logTrace: 40 * random.uniform() });
  const counts = { size: 200_000, kept: Math.round(200_000 / 10 ** exponent), effective: 100 };
  write('config.json', config);
  write('environment.json', [{ fromEpoch: 0, device: 'CPU', threads: 1, commit: null }]);
  write('pruning.json', { method, ...counts, before: logs(), after: logs(), warnings: [], rows: layers });
  fs.writeFileSync(path.join(own, 'epochs.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const final = rows[rows.length - 1];
  write('result.json', {
    epochs: Number(epochs) - 1,
    ...counts,
    final,
    seconds: 9,
    finished: '2026-01-01T00:00:00.000Z',
  });
}
