import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sum } from 'd3-array';
import { product } from '../../base';
import { prune } from '../../prune';
import { createRandom, tf } from '../../tensor';
import { test } from '../../testing';
import {
  applyMask,
  compact,
  fc,
  forward,
  initialise,
  loadParams,
  multiplications,
  type Network,
  nonZeroMask,
  type Params,
  resnet20,
  vgg16Bn,
} from '..';
import { randomStateDict, writeStateDict } from '../torch/testStateDict';
import { assertClose, pass, widened } from './testCompact';

const workOf = (network: Network) => sum(Object.values(multiplications(network)));

/** Initial kernels with shifts and running statistics as training leaves them. */
function trainedLike(network: Network): Params {
  const random = createRandom('trained');
  const params = initialise(network, { seed: 1 });
  const drawn: Record<string, () => number> = {
    bias: () => 0.1 * random.normal(),
    beta: () => 0.1 * random.normal(),
    gamma: () => 1 + 0.2 * random.normal(),
    mean: () => 0.2 * random.normal(),
    variance: () => 0.5 + random.uniform(),
  };
  for (const { name, shape, role } of network.parameters) {
    if (!drawn[role]) continue;
    params[name].dispose();
    params[name] = tf.tensor(Float32Array.from({ length: product(shape) }, drawn[role]), [...shape]);
  }
  return params;
}

function assertSameOutputs(
  network: Network,
  params: Params,
  small: { network: Network; params: Params },
): void {
  tf.tidy(() => {
    const x = tf.randomNormal([4, ...network.input], 0, 1, 'float32', 1);
    const [expected, found] = [forward(network, params, x), forward(small.network, small.params, x)];
    assertClose(found.dataSync(), expected.dataSync(), network.name, { tolerance: 1e-5 });
  });
}

for (const [network, most] of [
  [fc({ input: [28, 28, 1] }), 0.5],
  [resnet20(), 0.5],
  [vgg16Bn(), 0.5],
] as const)
  test(`${network.name} pruned by SynFlow to compression 100 has the same outputs after cutting, for less work`, async () => {
    const params = trainedLike(network);
    const { mask } = await prune(network, params, { method: 'synflow', compression: 100, iterations: 5 });
    const masked = applyMask(network, params, mask);
    const small = compact(network, params, mask);
    assertSameOutputs(network, masked, small);
    const share = workOf(small.network) / workOf(network);
    assert.ok(share < most, `${share}`);
    tf.dispose([params, mask, masked, small.params, small.mask]);
  });

test('ResNet-20 pruned by SynFlow to compression 100 has the same gradients in training', async () => {
  const network = resnet20({ input: [8, 8, 3] });
  const params = initialise(network, { seed: 1 });
  const { mask } = await prune(network, params, { method: 'synflow', compression: 100, iterations: 20 });
  tf.tidy(() => {
    const small = compact(network, params, mask, { mode: 'training' });
    assert.ok(workOf(small.network) < 0.5 * workOf(network));
    const x = tf.randomNormal([8, ...network.input], 0, 1, 'float32', 1);
    const expected = pass(network, params, mask, x, 'training');
    const found = pass(small.network, small.params, small.mask, x, 'training');
    assertClose(found.outputs, expected.outputs, 'outputs');
    for (const [name, values] of Object.entries(expected.gradients)) {
      const kept = mask[name]?.dataSync();
      const own = widened(small, found.gradients[name], name, values.length);
      assertClose(own, kept ? values.map((value, i) => value * kept[i]) : values, `gradient of ${name}`, {
        tolerance: 1e-8,
      });
    }
  });
  tf.dispose([params, mask]);
});

/** Names of akamaster/pytorch_resnet_cifar10. */
const names = (theirs: string) =>
  theirs
    .replace('module.', '')
    .replace(/^(conv|bn)1/, 'stem/$1')
    .replace(/^layer(\d)\.(\d+)\./, (_, stage, block) => `stage${stage}/block${Number(block) + 1}/`)
    .replace('linear', 'fc');

test('a checkpoint of PyTorch whose filters of least magnitude are 0 is cut down', async () => {
  const dict = randomStateDict();
  for (const { shape, values } of Object.values(dict)) {
    if (shape.length !== 4) continue;
    const size = values.length / shape[0];
    const norms = Array.from({ length: shape[0] }, (_, filter) =>
      sum(values.subarray(filter * size, (filter + 1) * size), Math.abs),
    );
    const median = [...norms].sort((a, b) => a - b)[shape[0] / 2];
    values.forEach((_, i) => {
      if (norms[Math.floor(i / size)] < median) values[i] = 0;
    });
  }
  const folder = mkdtempSync(join(tmpdir(), 'pathkernel-compact-'));
  const network = resnet20({ shortcut: 'padding' });
  try {
    writeFileSync(join(folder, 'pruned.th'), writeStateDict(dict));
    const params = await loadParams(join(folder, 'pruned.th'), network, { names });
    const mask = nonZeroMask(network, params);
    const small = compact(network, params, mask);
    assertSameOutputs(network, params, small);
    assert.ok(small.report.at(-1)!.left < small.report.at(-1)!.channels);
    assert.deepEqual(small.warnings, []);
    assert.ok(workOf(small.network) < workOf(network));
    tf.dispose([params, mask, small.params, small.mask]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
