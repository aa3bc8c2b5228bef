import assert from 'node:assert/strict';
import {
  graphBuilder,
  initialise,
  kernelsOf,
  type Mask,
  type Network,
  type Params,
  resnet20,
} from '../../network';
import { enumeratePaths, pathActivity } from '../../path';
import { randomMask, randomParams, smallMlp } from '../../path/testNetworks';
import { createRandom, mapRecord, tf } from '../../tensor';
import { test } from '../../testing';
import { normalTensor } from '../../testing/finiteDifferences';
import { jaccardIndex } from '../jaccardIndex';
import { methods } from '../methods';
import { prune } from '../prune';
import { pxParts } from './pathExclusion';
import { pxForm } from './px';

const batchOf = (images: tf.Tensor) => ({
  images,
  labels: tf.zeros([images.shape[0]], 'int32') as tf.Tensor1D,
});

async function scoresOf(
  name: 'px' | 'px/as-published' | 'px/widetopo' | 'synflow-l2',
  network: Network,
  params: Params,
  images: tf.Tensor,
  mask?: Mask,
): Promise<Record<string, Float64Array>> {
  const batch = batchOf(images);
  try {
    const scores = await methods[name].score(network, params, { random: createRandom(1), batch, mask });
    return mapRecord(scores, (values) => Float64Array.from(values as Float64Array));
  } finally {
    batch.labels.dispose();
  }
}

function assertNear(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  assert.equal(found.length, expected.length);
  const largest = Math.max(...Array.from(expected, Math.abs));
  Array.from(expected).forEach((value, i) => {
    assert.ok(Math.abs(found[i] - value) <= tolerance * largest, `${i}: ${found[i]} is not ${value}`);
  });
}

/** A leaky ReLU, batch norm, pools that take means, and an addition. */
function leakyResidual(): Network {
  const g = graphBuilder([4, 4, 2]);
  const stem = g.leakyRelu('open1', g.batchNorm('norm', g.conv2d('stem', g.input, { filters: 2 })), {
    slope: 0.4,
  });
  const pooled = g.avgPool('pool', stem);
  const branch = g.relu('open2', g.conv2d('branch', pooled, { filters: 2, bias: true }));
  g.dense('out', g.flatten('flat', g.add('add', branch, pooled)), { units: 3 });
  return g.build('leaky-residual');
}

/** Parameters with pruned kernels at 0. */
const masked = (params: Params, mask: Mask): Params =>
  mapRecord(params, (tensor, name) => (mask[name] ? tensor.mul(mask[name]) : tensor.clone()));

/** c_k and scores by going along every path, γ as it is. */
function enumerated(network: Network, params: Params, images: tf.Tensor, mask?: Mask) {
  const isKernel = new Set(kernelsOf(network).map(({ name }) => name));
  const paths = enumeratePaths(network, params, { mask });
  const activity = pathActivity(network, params, paths, images);
  const pixels = images.dataSync();
  const size = pixels.length / images.shape[0];
  const others = paths.map(({ weights, constant }) =>
    weights.reduce((product, { name, value }) => (isKernel.has(name) ? product : product * value), constant),
  );
  const squares = paths.map(({ weights }, p) =>
    weights.reduce(
      (product, { name, value }) => (isKernel.has(name) ? product * value ** 2 : product),
      others[p],
    ),
  );
  const classWeights = new Array<number>(network.classes).fill(0);
  activity.forEach((open, n) => {
    paths.forEach(({ output, input }, p) => {
      classWeights[output] += open[p] ** 2 * others[p] * pixels[n * size + input] ** 2;
    });
  });
  const scores = mapRecord(
    Object.fromEntries([...isKernel].map((name) => [name, params[name]])),
    ({ size: entries }) => new Float64Array(entries),
  );
  paths.forEach(({ weights, output }, p) => {
    for (const { name, index } of weights)
      if (isKernel.has(name)) scores[name][index] += classWeights[output] * squares[p];
  });
  return { classWeights, scores };
}

for (const build of [smallMlp, () => smallMlp(true), leakyResidual])
  test(`PX sums v_p² over the paths through a weight, weighed by what images open: ${build().name}`, async () => {
    const network = build();
    const params = randomParams(network, { shifts: true });
    for (const { name, role } of network.parameters)
      if (role === 'gamma') {
        const sizes = params[name].abs(); // signs would part the size of a sum from the sum of sizes
        params[name].dispose();
        params[name] = sizes;
      }
    const images = normalTensor([5, ...network.input], 4);
    for (const mask of [undefined, randomMask(network, 0.7)]) {
      const given = mask ? masked(params, mask) : params;
      const expected = enumerated(network, given, images, mask);
      const found = await scoresOf('px', network, given, images, mask);
      for (const [name, values] of Object.entries(found)) assertNear(values, expected.scores[name], 1e-6); // float32 activity and images
      const { classWeights, outputs, objective } = await pxParts(network, given, pxForm, images, { mask });
      assertNear(classWeights, expected.classWeights, 1e-6);
      const layer = found[kernelsOf(network)[0].name].reduce((sum, value) => sum + value, 0);
      assert.ok(Math.abs(layer - objective) <= 1e-12 * objective, 'a layer’s scores sum to the objective');
      assertNear([classWeights.reduce((sum, c, k) => sum + c * outputs[k], 0)], [objective], 1e-12);
      tf.dispose(mask ? [mask, given] : []);
    }
    tf.dispose([params, images]);
  });

test('one-shot PX is SynFlow-L2 where the last layer is dense, since c_k is then the same for all classes', async () => {
  const network = resnet20({ input: [8, 8, 3] });
  const params = initialise(network, { seed: 1 });
  const images = normalTensor([4, 8, 8, 3], 2);
  const { classWeights } = await pxParts(network, params, pxForm, images);
  assertNear(classWeights, new Array(10).fill(classWeights[0]), 1e-14);
  assert.ok(classWeights[0] > 1e38, 'float32 does not hold it');
  const found = await scoresOf('px', network, params, images);
  const l2 = await scoresOf('synflow-l2', network, params, images);
  for (const [name, values] of Object.entries(found))
    assertNear(
      values,
      l2[name].map((value) => value * classWeights[0]),
      1e-12,
    );
  tf.dispose([params, images]);
});

test('with its last layer left whole, PX is SynFlow-L2 at every iteration', async () => {
  const network = resnet20({ input: [8, 8, 3] });
  const params = initialise(network, { seed: 1 });
  const images = normalTensor([4, 8, 8, 3], 2);
  const batch = batchOf(images);
  const how = { density: 0.02, iterations: 6, except: 'fc' };
  const [ours, theirs] = [
    await prune(network, params, { ...how, method: 'px', batch }),
    await prune(network, params, { ...how, method: 'synflow-l2' }),
  ];
  assert.equal(jaccardIndex(ours.mask, theirs.mask), 1);
  tf.dispose([params, images, batch.labels, ours.mask, theirs.mask]);
});

test('PX of many images is the sum of that of a few', async () => {
  const network = leakyResidual();
  const params = randomParams(network);
  const images = normalTensor([70, 4, 4, 2], 4); // more than one part
  const found = await scoresOf('px', network, params, images);
  const halves = [images.slice(0, 35), images.slice(35)];
  const [a, b] = [
    await scoresOf('px', network, params, halves[0]),
    await scoresOf('px', network, params, halves[1]),
  ];
  for (const [name, values] of Object.entries(found))
    assertNear(
      values,
      a[name].map((value, i) => value + b[name][i]),
      1e-12,
    );
  tf.dispose([params, images, halves]);
});

test('the gates of PX follow batch norm’s statistics as asked', async () => {
  const network = leakyResidual();
  const params = randomParams(network, { shifts: true });
  const images = normalTensor([6, 4, 4, 2], 4);
  const of = async (batchNorm?: 'training' | 'inference') =>
    (await pxParts(network, params, pxForm, images, { batchNorm })).classWeights;
  assert.deepEqual(await of(), await of('inference'));
  assert.notDeepEqual(await of('training'), await of());
  tf.dispose([params, images]);
});

/** conv → bn → relu → flatten → dense, whose names are those that the published code goes by. */
function published(classifier: string): Network {
  const g = graphBuilder([3, 3, 1]);
  const x = g.relu('relu', g.batchNorm('bn', g.conv2d('conv', g.input, { filters: 2, bias: true })));
  g.dense(classifier, g.flatten('flat', x), { units: 2 });
  return g.build(`published-${classifier}`);
}

for (const [method, classifier, isLastReplaced] of [
  ['px/as-published', 'fc', false],
  ['px/as-published', 'last', true],
  ['px/widetopo', 'fc', true],
] as const)
  test(`${method} with a classifier ${classifier} is what two copies in training mode give`, async () => {
    const network = published(classifier);
    const params = randomParams(network, { shifts: true });
    const images = normalTensor([6, 3, 3, 1], 4);
    const found = await scoresOf(method, network, params, images);
    const areBiases = method === 'px/as-published';
    const replace = (by: (tensor: tf.Tensor) => tf.Tensor) =>
      mapRecord(params, (tensor, name) => {
        const isReplaced = name.startsWith('conv') || (name.startsWith(classifier) && isLastReplaced);
        return isReplaced && (areBiases || name.endsWith('kernel')) ? by(tensor) : tensor;
      });
    const norm = (x: tf.Tensor, s: Params) => {
      const { mean, variance } = tf.moments(x, [0, 1, 2]);
      return x.sub(mean).div(variance.add(1e-5).sqrt()).mul(s['bn/gamma']).add(s['bn/beta']);
    };
    const conv = (x: tf.Tensor, s: Params) =>
      tf.conv2d(x as tf.Tensor4D, s['conv/kernel'] as tf.Tensor4D, 1, 'same').add(s['conv/bias']);
    const last = (x: tf.Tensor, s: Params) =>
      x.reshape([x.shape[0], -1]).matMul(s[`${classifier}/kernel`]).add(s[`${classifier}/bias`]);
    const expected = tf.tidy(() => {
      const own = conv(images, params)
        .sub(params['bn/mean'])
        .div(params['bn/variance'].add(1e-5).sqrt())
        .mul(params['bn/gamma'])
        .add(params['bn/beta']);
      const ones = replace((tensor) => tf.onesLike(tensor));
      const z1 = last(norm(conv(images.square(), ones), ones).mul(own.greater(0)), ones);
      const squares = replace((tensor) => tensor.square());
      const names = ['conv/kernel', `${classifier}/kernel`];
      const objective = (...kernels: tf.Tensor[]) => {
        const s = { ...squares, [names[0]]: kernels[0], [names[1]]: kernels[1] };
        return last(norm(conv(tf.onesLike(images), s), s), s)
          .mul(z1)
          .sum() as tf.Scalar;
      };
      const slopes = tf.grads(objective)(names.map((name) => squares[name]));
      return names.map((name, i) => [...slopes[i].abs().mul(params[name].square()).dataSync()]);
    });
    assertNear(found['conv/kernel'], expected[0], 1e-4); // float32
    assertNear(found[`${classifier}/kernel`], expected[1], 1e-4);
    tf.dispose([params, images]);
  });

test('the published PX of a ResNet is rounding errors: its second network does not depend on the weights', async () => {
  const network = resnet20({ input: [8, 8, 3] });
  const params = initialise(network, { seed: 1 });
  const images = normalTensor([4, 8, 8, 3], 2);
  for (const method of ['px/as-published', 'px/widetopo'] as const) {
    const scores = Object.values(await scoresOf(method, network, params, images));
    const largest = Math.max(...scores.map((values) => Math.max(...values)));
    assert.ok(largest < 1e-13, `${method}: ${largest}`); // where float64's last digit of 1 is 2e-16
  }
  tf.dispose([params, images]);
});

test('PX keeps the same weights whether a smaller network is scored or the whole one', async () => {
  const network = resnet20({ input: [8, 8, 3] });
  const params = initialise(network, { seed: 1 });
  const images = normalTensor([4, 8, 8, 3], 2);
  const batch = batchOf(images);
  const of = async (compact: boolean) => {
    const { mask, report } = await prune(network, params, {
      method: 'px',
      density: 0.01,
      iterations: 6,
      batch,
      compact,
    });
    const bits = Object.values(mask).map((tensor) => [...tensor.dataSync()].join(''));
    tf.dispose(mask);
    return { bits, warnings: report.warnings };
  };
  assert.deepEqual((await of(true)).bits, (await of(false)).bits);
  tf.dispose([params, images, batch.labels]);
});

test('PX without images, with those of another network, and of numbers that are not finite is refused', async () => {
  const network = smallMlp();
  const params = randomParams(network);
  const context = { random: createRandom(1) };
  await assert.rejects(async () => methods.px.score(network, params, context), {
    message: 'invalid batch; the method needs images: undefined',
  });
  const wrong = tf.tensor2d([[1, Number.NaN, 1]]);
  await assert.rejects(scoresOf('px', network, params, wrong), {
    message: 'invalid batch; NaN or infinite numbers in: images',
  });
  const lost = { ...params, 'second/kernel': tf.fill([4, 3], Number.POSITIVE_INFINITY) };
  const right = tf.ones([1, 3]);
  await assert.rejects(scoresOf('px', network, lost, right), {
    message: 'invalid params; NaN or infinite numbers in: second/kernel',
  });
  tf.dispose([wrong, right, lost['second/kernel']]);
  const images = tf.ones([2, 4]);
  await assert.rejects(
    scoresOf('px', network, params, images),
    /invalid input; small-mlp reads \[batch, 3\]/,
  );
  tf.dispose([params, images]);
});
