import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { product } from '../../base';
import { datasets } from '../../data';
import { summary } from '../../network';
import { type ConfigInput, readConfig } from '../config';
import { buildModel } from '../run/buildModel';
import { computation } from './computation';
import { estimate } from './estimate';

const images = { name: 'synthetic-10', train: 128, test: 64 } as const;
const of = (config: ConfigInput) => computation(readConfig(config));
const forward = (model: ConfigInput['model']) =>
  of({ data: images, model, record: { trace: false }, train: { epochs: 0 } }).multiplications / images.test;

/** The most memory of a process that does a run, with one thread. */
function peak(config: ConfigInput): number {
  const args = ['--import', 'tsx', join(__dirname, 'testPeak.ts'), JSON.stringify(config)];
  const env = { ...process.env, PATHKERNEL_THREADS: '1', TF_NUM_INTRAOP_THREADS: '1' };
  return Number(
    execFileSync(process.execPath, args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  );
}

test('the multiplications of one image are those counted by hand and those published', () => {
  assert.equal(forward({ name: 'fc', width: 8, depth: 3 }), 3072 * 8 + 8 * 8 + 8 * 10);
  assert.equal(Math.round(forward('resnet20') / 1e6), 41); // He et al. 2016 with projections: 41 million
  assert.equal(Math.round(forward('vgg16-bn') / 1e6), 313);
});

test('a gradient counts as three ways forward, GraSP as twelve, a batch of NTK-SAP as seven, testing as one', () => {
  const model = { name: 'fc', width: 8, depth: 3 };
  const data = { ...images, train: 50, test: 20 };
  const record = { trace: false, test: false } as const;
  const one = forward(model);
  const { length } = buildModel(model, datasets['synthetic-10']).nodes;
  const training = of({ data, model, record, train: { epochs: 3, batch: 20 } });
  assert.deepEqual(training, { multiplications: 3 * 50 * 3 * one, nodes: 3 * 3 * length });
  const pruning = (method: 'snip' | 'grasp' | 'synflow' | 'synflow-dist' | 'ntk-sap') =>
    of({ data, model, record, prune: { method, exponent: 1, perClass: 7 } });
  assert.deepEqual(pruning('snip'), { multiplications: 70 * 3 * one, nodes: 2 * length });
  assert.deepEqual(pruning('grasp'), { multiplications: 70 * 12 * one, nodes: 2 * 4 * length });
  assert.deepEqual(pruning('synflow'), { multiplications: 100 * 3 * one, nodes: 100 * length });
  assert.deepEqual(pruning('synflow-dist'), pruning('synflow'));
  // Twenty iterations of five rounds of ten inputs a class.
  assert.deepEqual(pruning('ntk-sap'), {
    multiplications: 20 * 5 * 100 * 7 * one,
    nodes: length * (100 * (7 / 3)),
  });
  const adaptive = { method: 'magnitude', density: 0.5, iterations: 'adaptive' } as const;
  assert.deepEqual(of({ data, model, record, prune: adaptive }), pruning('synflow'), 'a hundred or more');
  const tested = of({ data, model, record: { trace: false }, train: { epochs: 3, batch: 20 } });
  assert.equal(tested.multiplications - training.multiplications, 4 * 20 * one);
  const traced = of({ data, model, record: { test: false } });
  assert.deepEqual(traced, { multiplications: 3 * one, nodes: length });
});

test('the count of multiplications follows from the weights and where they are applied', () => {
  for (const model of ['conv', 'vgg11-bn', 'wide-resnet20']) {
    const network = buildModel(readConfig({ data: images, model }).model, datasets['synthetic-10']);
    const rows = summary(network).slice(0, -1);
    const count = rows.reduce((sum, { layer, prunable }) => {
      const places = product(network.shapes[layer].slice(0, -1));
      return sum + prunable * places;
    }, 0);
    assert.equal(forward(model), count);
  }
});

test('a process takes no more memory than estimated, and at least half of it', () => {
  const configs: ConfigInput[] = [
    { data: images, model: 'fc-100', prune: { method: 'snip', exponent: 1 }, train: { epochs: 1 } },
    { data: images, model: 'resnet20', prune: { method: 'grasp', exponent: 1 }, train: { epochs: 1 } },
  ];
  for (const config of configs) {
    const { bytes } = estimate(readConfig(config));
    const most = peak(config);
    // A tenth for allocators and kernels of other processors.
    assert.ok(most < 1.1 * bytes && most > bytes / 2, `${config.model}: ${most} of ${bytes}`);
  }
});
