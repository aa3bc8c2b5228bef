import assert from 'node:assert/strict';
import { buildNetwork, forward, graphBuilder, kernelsOf, type Network, type Params } from '../../network';
import { enumeratePaths, type Path } from '../../path';
import { randomParams, smallMlp, smallResidual } from '../../path/testNetworks';
import {
  createRandom,
  dot,
  mapRecord,
  softmaxCrossEntropy,
  type TensorRecord,
  tf,
  valueAndGradients,
} from '../../tensor';
import { test } from '../../testing';
import { normalTensor } from '../../testing/finiteDifferences';
import { isBuilding, type ScoreContext } from '../method';
import { type MethodName, methodNamed, methods } from '../methods';
import { scoreTensors } from '../scoreTensors';
import { imagesAtOnce } from './imagesAtOnce';
import { lossGradient } from './lossGradient';

/** The scores of a method by kernel. */
async function scoreValues(
  method: MethodName,
  network: Network,
  params: Params,
  context: Partial<ScoreContext> = {},
): Promise<Record<string, number[]>> {
  const scored = await methodNamed(method).score!(network, params, { random: createRandom(1), ...context });
  return mapRecord(scored, (values) => {
    if (!(values instanceof tf.Tensor)) return Array.from(values);
    const numbers = Array.from(values.dataSync());
    values.dispose();
    return numbers;
  });
}

/** For each weight, the sum over the paths through it of what `of` says. */
function overPaths(
  network: Network,
  params: Params,
  of: (path: Path, weight: number) => number,
): Record<string, number[]> {
  const sums = Object.fromEntries(
    kernelsOf(network).map(({ name }) => [name, new Array<number>(params[name].size).fill(0)]),
  );
  for (const path of enumeratePaths(network, params))
    for (const { name, index, value } of path.weights)
      if (Object.hasOwn(sums, name)) sums[name][index] += of(path, value);
  return sums;
}

function assertSame(
  actual: Record<string, number[]>,
  expected: Record<string, number[]>,
  tolerance = 2e-5,
): void {
  assert.deepEqual(Object.keys(actual), Object.keys(expected));
  const largest = Math.max(...Object.values(expected).flat().map(Math.abs));
  for (const [name, values] of Object.entries(actual))
    values.forEach((value, i) => {
      assert.ok(
        Math.abs(value - expected[name][i]) <= tolerance * largest,
        `${name}[${i}]: ${value} is not ${expected[name][i]}`,
      );
    });
}

/** A residual network whose pool takes means, so that every path is part of the linear pass. */
function residualWithMeans(): Network {
  const g = graphBuilder([4, 4, 1]);
  const stem = g.relu('open1', g.batchNorm('norm', g.conv2d('stem', g.input, { filters: 2 })));
  const pooled = g.avgPool('pool', stem);
  const sum = g.add(
    'add',
    g.conv2d('branch', pooled, { filters: 2 }),
    g.conv2d('shortcut', pooled, { filters: 2, size: 1 }),
  );
  g.dense('out', g.flatten('flat', g.relu('open2', sum)), { units: 2, bias: false });
  return g.build('residual-with-means');
}

async function withNetworks(body: (network: Network, params: Params) => Promise<void>): Promise<void> {
  for (const network of [smallMlp(), residualWithMeans()]) {
    const params = randomParams(network);
    await body(network, params);
    tf.dispose(params);
  }
}

test('SynFlow is the sum of |v_p| over the paths through a weight', () =>
  withNetworks(async (network, params) =>
    assertSame(
      await scoreValues('synflow', network, params),
      overPaths(network, params, ({ value, constant }) => constant * Math.abs(value)),
    ),
  ));

test('SynFlow-L2 is the sum of v_p² over the paths through a weight', () =>
  withNetworks(async (network, params) =>
    assertSame(
      await scoreValues('synflow-l2', network, params),
      overPaths(network, params, ({ value, constant }) => constant * value ** 2),
    ),
  ));

test('the published SynFlow-L2 is θ Σ |v_p|, that of PX Σ v_p² / |θ|', async () => {
  const network = smallMlp(); // without batch norm, whose statistics those variants change
  const params = randomParams(network);
  assertSame(
    await scoreValues('synflow-l2/as-published', network, params),
    overPaths(network, params, (path, weight) => Math.abs(weight * path.value)),
  );
  assertSame(
    await scoreValues('synflow-l2/px', network, params),
    overPaths(network, params, (path, weight) => path.value ** 2 / Math.abs(weight)),
  );
  tf.dispose(params);
});

test('three more that are called SynFlow-L2 sum v_p² / |θ|, θ |v_p| and (v_p / θ)² over the paths', () =>
  withNetworks(async (network, params) => {
    const expected: Record<string, (path: Path, weight: number) => number> = {
      'synflow-l2/once': ({ value, constant }, weight) => (constant * value ** 2) / Math.abs(weight),
      'synflow-l2/mixed': ({ value, constant }, weight) => constant * Math.abs(weight * value),
      'synflow-l2/trace': ({ value, constant }, weight) => constant * (value / weight) ** 2,
    };
    for (const [method, of] of Object.entries(expected))
      assertSame(await scoreValues(method, network, params), overPaths(network, params, of));
  }));

test('path-magnitude sums |v_p| over the paths of the network with batch norm folded, those from biases and shifts too', async () => {
  const g = graphBuilder([4, 4, 1]);
  const stem = g.relu('open', g.batchNorm('norm', g.conv2d('stem', g.input, { filters: 2, bias: true })));
  g.dense('out', g.flatten('flat', g.maxPool('pool', stem)), { units: 2 });
  const network = g.build('pooled');
  const params = randomParams(network, { shifts: true });
  const found = await scoreValues('path-magnitude', network, params);
  // The same with the batch norm in the layer before it, and a 1 at the input for the shift there.
  const [gamma, beta, mean, variance] = ['gamma', 'beta', 'mean', 'variance'].map((part) =>
    params[`norm/${part}`].dataSync(),
  );
  const kernel = params['stem/kernel'].dataSync(); // [3, 3, 1, 2]
  const bias = params['stem/bias'].dataSync();
  const last = params['out/kernel'].dataSync(); // [8, 2]
  const stemScores = new Array<number>(18).fill(0);
  const lastScores = new Array<number>(16).fill(0);
  for (let c = 0; c < 2; c++) {
    const scale = gamma[c] / Math.sqrt(variance[c] + 1e-5);
    const shift = Math.abs(beta[c] - mean[c] * scale) + Math.abs(bias[c] * scale);
    for (let row = 0; row < 4; row++)
      for (let column = 0; column < 4; column++) {
        const unit = (Math.floor(row / 2) * 2 + Math.floor(column / 2)) * 2 + c;
        const on = Math.abs(last[unit * 2]) + Math.abs(last[unit * 2 + 1]);
        let into = shift;
        for (let y = 0; y < 3; y++)
          for (let x = 0; x < 3; x++) {
            const isInside = 0 < row + y && row + y <= 4 && 0 < column + x && column + x <= 4;
            if (!isInside) continue;
            const weight = (y * 3 + x) * 2 + c;
            into += Math.abs(kernel[weight] * scale);
            stemScores[weight] += Math.abs(kernel[weight] * scale) * on;
          }
        for (const k of [0, 1]) lastScores[unit * 2 + k] += into * Math.abs(last[unit * 2 + k]);
      }
  }
  assertSame(found, { 'stem/kernel': stemScores, 'out/kernel': lastScores });
  tf.dispose(params);
});

test('the Dist scores weigh each path by the mean image where it starts, squared for L2', () =>
  withNetworks(async (network, params) => {
    const meanImage = tf.tidy(() => normalTensor([1, ...network.input], 9).abs());
    const pixels = meanImage.dataSync();
    assertSame(
      await scoreValues('synflow-dist', network, params, { meanImage }),
      overPaths(network, params, ({ value, constant, input }) => constant * Math.abs(value) * pixels[input]),
    );
    assertSame(
      await scoreValues('synflow-l2-dist', network, params, { meanImage }),
      overPaths(network, params, ({ value, constant, input }) => constant * (value * pixels[input]) ** 2),
    );
    tf.dispose(meanImage);
  }));

test('the mean image of the published Dist scores is not squared', async () => {
  const network = smallMlp();
  const params = randomParams(network);
  const meanImage = tf.tensor2d([[0.25, 0.5, 1]]);
  const at = [0.25, 0.5, 1];
  assertSame(
    await scoreValues('synflow-l2-dist/as-published', network, params, { meanImage }),
    overPaths(network, params, (path, weight) => Math.abs(weight * path.value) * at[path.input]),
  );
  assertSame(
    await scoreValues('synflow-l2-dist/px', network, params, { meanImage }),
    overPaths(network, params, (path, weight) => (path.value ** 2 / Math.abs(weight)) * at[path.input]),
  );
  assertSame(
    await scoreValues('synflow-dist/as-published', network, params, { meanImage }),
    await scoreValues('synflow-dist', network, params, { meanImage }),
  );
  tf.dispose([params, meanImage]);
});

test('layer sums are equal for the methods that claim conservation, and for no other', async () => {
  const network = smallMlp(true);
  const params = randomParams(network, { shifts: true });
  const context = {
    batch: { images: normalTensor([8, 3], 4), labels: tf.tensor1d([0, 1, 1, 0, 1, 0, 0, 1], 'int32') },
    meanImage: tf.tensor2d([[0.25, 0.5, 1]]),
  };
  for (const [name, method] of Object.entries(methods)) {
    if (isBuilding(method)) continue;
    const values = await scoreValues(name, network, params, context);
    const sums = Object.values(values).map((layer) => layer.reduce((sum, value) => sum + value, 0));
    const spread = (Math.max(...sums) - Math.min(...sums)) / Math.max(...sums.map(Math.abs));
    assert.equal(spread < 1e-4, method.isConserved ?? false, `${name}: ${sums}`);
  }
  tf.dispose([params, context.meanImage, context.batch.images, context.batch.labels]);
});

test('scores into a hidden unit sum to those out of it in SynFlow and SynFlow-L2', async () => {
  const network = smallMlp();
  const params = randomParams(network);
  for (const method of ['synflow', 'synflow-l2'] as const) {
    const { 'first/kernel': first, 'second/kernel': second } = await scoreValues(method, network, params);
    for (let unit = 0; unit < 4; unit++) {
      const into = [0, 1, 2].reduce((sum, input) => sum + first[input * 4 + unit], 0);
      const out = [0, 1, 2].reduce((sum, output) => sum + second[unit * 3 + output], 0);
      assert.ok(Math.abs(into - out) < 1e-4 * into);
    }
  }
  tf.dispose(params);
});

/** A small classifier with data, its mean cross-entropy at a temperature, and the gradient by kernel. */
function classifier() {
  const network = smallResidual();
  const params = randomParams(network, { shifts: true });
  const batch = {
    images: normalTensor([70, 4, 4, 1], 3), // more than one micro-batch
    labels: tf.tensor1d(
      Array.from({ length: 70 }, (_, i) => (i * i) % 2),
      'int32',
    ),
  };
  const loss = (kernels: TensorRecord, temperature = 1): tf.Scalar =>
    softmaxCrossEntropy(
      forward(network, { ...params, ...kernels }, batch.images).div(temperature),
      tf.oneHot(batch.labels, 2).toFloat() as tf.Tensor2D,
    ).mean();
  const names = kernelsOf(network).map(({ name }) => name);
  const kernels = Object.fromEntries(names.map((name) => [name, params[name]]));
  const gradient = (at: TensorRecord, temperature: number): TensorRecord => {
    const list = tf.grads((...tensors: tf.Tensor[]) =>
      loss(Object.fromEntries(names.map((name, i) => [name, tensors[i]])), temperature),
    )(names.map((name) => at[name]));
    return Object.fromEntries(names.map((name, i) => [name, list[i]]));
  };
  const release = () => tf.dispose([params, batch.images, batch.labels]);
  return { network, params, batch, loss, kernels, gradient, release };
}

test('SNIP is the size of the slope of the loss when a weight is scaled', async () => {
  const { network, params, batch, loss, kernels, release } = classifier();
  const values = await scoreValues('snip', network, params, { batch, batchNorm: 'inference' });
  tf.tidy(() => {
    for (const [name, index] of [
      ['stem/kernel', 4],
      ['branch/kernel', 7],
      ['out/kernel', 1],
    ] as const) {
      const bump = tf.oneHot(index, params[name].size).reshape(params[name].shape);
      const at = (factor: number) =>
        loss({ ...kernels, [name]: params[name].add(params[name].mul(bump).mul(factor)) }).dataSync()[0];
      const slope = (at(0.02) - at(-0.02)) / 0.04;
      assert.ok(Math.abs(Math.abs(slope) - values[name][index]) < 2e-2 * Math.abs(slope) + 1e-4);
    }
  });
  release();
});

test('weakening the weights GraSP scores highest reduces the squared gradient norm by the predicted amount', async () => {
  const { network, params, batch, kernels, gradient, release } = classifier();
  const context = { random: createRandom(1), batch, batchNorm: 'inference' } as const;
  const tensors = scoreTensors(network, await methods.grasp.score(network, params, context));
  tf.tidy(() => {
    const flow = (at: TensorRecord) => {
      const g = gradient(at, 200);
      return dot(g, g);
    };
    for (const chosen of ['highest', 'lowest']) {
      const all = Object.values(tensors).flatMap((tensor) => [...tensor.dataSync()]);
      const cut = all.sort((a, b) => a - b)[Math.floor(all.length * (chosen === 'highest' ? 0.7 : 0.3))];
      const select = mapRecord(tensors, (tensor) =>
        (chosen === 'highest' ? tensor.greater(cut) : tensor.less(cut)).toFloat(),
      );
      const part = 0.02;
      const scaled = (by: number) =>
        mapRecord(kernels, (tensor, name) => tensor.mul(select[name].mul(by).add(1)));
      const change = flow(scaled(-part)) - flow(scaled(part)); // both ways: second-order terms cancel, ReLUs that flip remain
      const predicted = -4 * part * dot(tensors, select);
      assert.ok(
        Math.abs(change - predicted) < 0.15 * Math.abs(predicted),
        `${chosen}: ${change}, ${predicted}`,
      );
      assert.equal(Math.sign(change), chosen === 'highest' ? -1 : 1);
    }
  });
  tf.dispose(tensors);
  release();
});

test('in training mode the whole batch is one, for SNIP and GraSP, and running statistics stay as they are', async () => {
  const { network, params, batch, kernels, release } = classifier(); // 70 images
  const before = mapRecord(params, (tensor) => [...tensor.dataSync()]);
  const loss = (at: TensorRecord, temperature: number): tf.Scalar =>
    softmaxCrossEntropy(
      forward(network, { ...params, ...at }, batch.images, { mode: 'training' }).div(temperature),
      tf.oneHot(batch.labels, 2).toFloat() as tf.Tensor2D,
    ).mean();
  const gradient = (at: TensorRecord, temperature: number) =>
    valueAndGradients((tensors) => loss(tensors, temperature), at).gradients;
  const values = await scoreValues('snip', network, params, { batch });
  const graspValues = await scoreValues('grasp', network, params, { batch });
  tf.tidy(() => {
    assertSame(
      values,
      mapRecord(gradient(kernels, 1), (g, name) => Array.from(g.mul(kernels[name]).abs().dataSync())),
    );
    const g = gradient(kernels, 200);
    const along = (at: TensorRecord) =>
      tf.addN(
        Object.entries(gradient(at, 200)).map(([name, slope]) => slope.mul(g[name]).sum()),
      ) as tf.Scalar;
    const { gradients: hg } = valueAndGradients(along, kernels);
    assertSame(
      graspValues,
      mapRecord(kernels, (tensor, name) => Array.from(hg[name].mul(tensor).dataSync())),
    );
  });
  assert.deepEqual(
    mapRecord(params, (tensor) => [...tensor.dataSync()]),
    before,
  );
  const fork = await scoreValues('snip/as-published', network, params, { batch });
  assert.deepEqual(await scoreValues('snip', network, params, { batch, batchNorm: 'inference' }), fork);
  assert.notDeepEqual(fork, values);
  release();
});

test('more than 256 images are scored in equal parts, each with statistics of its own', async () => {
  const { network, params, release } = classifier();
  const images = normalTensor([300, 4, 4, 1], 8);
  const labels = tf.tensor1d(
    Array.from({ length: 300 }, (_, i) => (i * i) % 2),
    'int32',
  );
  const all = await scoreGradient(images, labels);
  const parts: Record<string, number[]>[] = [];
  for (const start of [0, 150]) {
    const part = [images.slice(start, 150), labels.slice(start, 150)] as const;
    parts.push(await scoreGradient(...part));
    tf.dispose([...part]);
  }
  assertSame(
    all,
    mapRecord(all, (values, name) => values.map((_, i) => (parts[0][name][i] + parts[1][name][i]) / 2)),
  );
  tf.dispose([images, labels]);
  release();

  async function scoreGradient(x: tf.Tensor, y: tf.Tensor1D): Promise<Record<string, number[]>> {
    const found = await lossGradient(network, params, {
      random: createRandom(1),
      batch: { images: x, labels: y },
    });
    const values = mapRecord(found, (tensor) => [...tensor.dataSync()]);
    tf.dispose(found);
    return values;
  }
});

test('of networks with large outputs fewer images are scored at once, of all others as many as ever', () => {
  const of = (name: string, areJoined: boolean, isTwice: boolean, side = 32) =>
    imagesAtOnce(buildNetwork(name, { input: [side, side, 3] }), areJoined, isTwice);
  for (const name of ['fc-5000', 'conv', 'vgg16-bn', 'resnet20'])
    for (const isTwice of [false, true])
      assert.deepEqual([of(name, true, isTwice), of(name, false, isTwice)], [256, 64], name);
  for (const name of ['resnet110', 'wide-resnet110', 'vgg19-bn', 'resnet18']) {
    const bytes = (isTwice: boolean) => {
      const { nodes, shapes } = buildNetwork(name, { input: [32, 32, 3] });
      const outputs = nodes.reduce((sum, { id }) => sum + shapes[id].reduce((a, b) => a * b, 1), 0);
      return 4 * outputs * of(name, true, isTwice) * (isTwice ? 2.7 : 0.75);
    };
    assert.ok(bytes(true) <= 2.5e9 && bytes(false) <= 2.5e9, name);
    assert.ok(of(name, true, true) < of(name, true, false) || of(name, true, false) === 256);
  }
  assert.equal(of('resnet110', true, true), 62);
  assert.equal(of('resnet110', true, true, 128), 16, 'enough for statistics');
});

test('without batch norm its mode changes no bit', async () => {
  const network = smallMlp(true);
  const params = randomParams(network, { shifts: true });
  const batch = { images: normalTensor([8, 3], 4), labels: tf.tensor1d([0, 1, 1, 0, 1, 0, 0, 1], 'int32') };
  for (const method of ['snip', 'grasp'] as const)
    assert.deepEqual(
      await scoreValues(method, network, params, { batch, batchNorm: 'training' }),
      await scoreValues(method, network, params, { batch, batchNorm: 'inference' }),
    );
  tf.dispose([params, batch.images, batch.labels]);
});

test('the published GraSP has the opposite sign', async () => {
  const { network, params, batch, release } = classifier();
  const right = await scoreValues('grasp', network, params, { batch, batchNorm: 'inference' });
  const wrong = await scoreValues('grasp/as-published', network, params, { batch });
  assertSame(
    wrong,
    mapRecord(right, (values) => values.map((value) => -value)),
  );
  release();
});

test('GraSP of a masked network follows the gradient of kept weights alone', async () => {
  const { network, params, batch, gradient, release } = classifier();
  const mask = mapRecord(
    Object.fromEntries(kernelsOf(network).map(({ name }) => [name, params[name]])),
    (tensor) => tf.tidy(() => tensor.greater(-0.5).toFloat()),
  );
  const masked = { ...params, ...mapRecord(mask, (bits, name) => bits.mul(params[name])) };
  const values = await scoreValues('grasp', network, masked, { batch, mask, batchNorm: 'inference' });
  tf.tidy(() => {
    const at = mapRecord(mask, (_, name) => masked[name]);
    const g = mapRecord(gradient(at, 200), (tensor, name) => tensor.mul(mask[name]));
    const step = 1 / Math.sqrt(dot(g, g)) / 50;
    const move = (h: number) =>
      gradient(
        mapRecord(at, (tensor, name) => tensor.add(g[name].mul(h))),
        200,
      );
    const [ahead, behind] = [move(step), move(-step)];
    assertSame(
      values,
      mapRecord(at, (tensor, name) =>
        Array.from(
          ahead[name]
            .sub(behind[name])
            .div(2 * step)
            .mul(tensor)
            .dataSync(),
        ),
      ),
      2e-2,
    );
  });
  tf.dispose([mask, Object.keys(mask).map((name) => masked[name])]);
  release();
});

test('random scores depend on the stream alone', async () => {
  const network = smallMlp();
  const [a, b] = [randomParams(network), randomParams(network, { seed: 1 })];
  const first = await scoreValues('random', network, a);
  assert.deepEqual(await scoreValues('random', network, b), first);
  assert.notDeepEqual(await scoreValues('random', network, a, { random: createRandom(2) }), first);
  tf.dispose([a, b]);
});

test('magnitude is |θ|', async () => {
  const network = smallMlp();
  const params = randomParams(network);
  const values = await scoreValues('magnitude', network, params);
  assert.deepEqual(values['third/kernel'], Array.from(params['third/kernel'].dataSync(), Math.abs));
  tf.dispose(params);
});

/** The diagonal of G and gradients of the loss are of weights of 0 as of others. */
const ofGradients = ['synflow-l2/trace', 'grasp-it', 'deim', 'deim/leverage', 'gradient-magnitude'];

test('a weight of exactly 0 has the score 0 in every method that looks at it but those of gradients alone', async () => {
  const { network, params, batch, release } = classifier();
  const zeroed = { ...params, 'out/kernel': tf.zerosLike(params['out/kernel']) };
  const meanImage = tf.ones([1, 4, 4, 1]);
  for (const name of Object.keys(methods)) {
    if (isBuilding(methods[name]) || name === 'random' || name === 'ntk-sap') continue;
    const values = await scoreValues(name, network, zeroed, { batch, meanImage });
    assert.equal(
      values['out/kernel'].every((value) => value === 0),
      !ofGradients.includes(name),
      name,
    );
  }
  tf.dispose([zeroed['out/kernel'], meanImage]);
  release();
});

test('labels that are no class of the network and batches without labels are refused', async () => {
  const { network, params, batch, release } = classifier();
  const labels = tf.tensor1d([0, 2], 'int32');
  const images = batch.images.slice(0, 2);
  await assert.rejects(scoreValues('snip', network, params, { batch: { images, labels } }), {
    message: 'invalid labels; not 0 to 1: 2',
  });
  await assert.rejects(scoreValues('snip', network, params, { batch: { images: batch.images, labels } }), {
    message: 'invalid batch; not one label for each of one or more images: [[70, 4, 4, 1], [2]]',
  });
  await assert.rejects(
    scoreValues('snip', network, params),
    /invalid batch; the method needs images and labels/,
  );
  await assert.rejects(async () => scoreValues('synflow-dist', network, params), /invalid meanImage/);
  tf.dispose([labels, images]);
  release();
});
