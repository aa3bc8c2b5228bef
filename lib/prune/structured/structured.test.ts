import assert from 'node:assert/strict';
import fc from 'fast-check';
import { product } from '../../base';
import {
  applyMask,
  buildNetwork,
  compact,
  forward,
  graphBuilder,
  initialise,
  kernelsOf,
  type Network,
  nodeShapes,
  opOf,
  type Params,
  resnet20,
  walk,
} from '../../network';
import { randomMask, randomParams, smallMlp, smallResidual } from '../../path/testNetworks';
import { networksOf } from '../../path/testRandomNetwork';
import { createRandom, mapRecord, tf } from '../../tensor';
import { test } from '../../testing';
import {
  type Coupling,
  channelMask,
  channelSaliencies,
  couplingOf,
  couplingsOf,
  methods,
  prune,
  pruneChannels,
  removalOrder,
  removeWhileAccurate,
  twoHopMass,
} from '..';

const networks = networksOf(12, 200);
const structuredNames = Object.keys(methods).filter((name) => methods[name].about?.structured);
const ranked = (couplings: readonly Coupling[], saliency: (coupling: number, channel: number) => number) =>
  couplings.flatMap(({ id, channels }, k) =>
    channels.map((at, channel) => ({ coupling: id, channel, saliency: saliency(k, channel), at })),
  );
const read = (params: Params) => mapRecord(params, (tensor) => tensor.dataSync());

/** Two-hop masses edge by edge, all layers before together. */
function massesByEdges(network: Network, params: Params): Record<string, Float64Array> {
  const values = mapRecord(read(params), (all) => Float64Array.from(all, Math.abs));
  const kernels = new Set(network.parameters.filter(({ role }) => role === 'kernel').map(({ name }) => name));
  const found: Record<string, Float64Array> = {};
  walk<Float64Array>(network, (node, inputs) => {
    const op = opOf(node);
    const shapes = nodeShapes(network, node);
    const mass = new Float64Array(product(shapes.output));
    const name = op.weight?.(node) ?? '';
    const isLayer = kernels.has(name);
    const factor = op.factor?.(node, shapes, values) ?? (() => 1);
    const gates = node.op === 'maxPool' ? op.gate?.(node, shapes, inputs[0], values) : undefined;
    if (isLayer) found[name] = new Float64Array(shapes.inputs[0].at(-1) as number);
    for (const [place, input] of inputs.entries()) {
      const visit = (from: number, to: number, weight: number) => {
        if (gates && gates.from[to] !== from) return;
        const along = (weight < 0 ? 1 : values[name][weight]) * factor(to, weight);
        if (isLayer) found[name][from % found[name].length] += input[from] * along;
        mass[to] += (isLayer ? 1 : input[from]) * along;
      };
      op.edges(node, shapes, visit, { place });
    }
    return mass;
  });
  return found;
}

test('two passes of ones sum what goes over every two weights, edge by edge, in any network', () => {
  let pairs = 0;
  fc.assert(
    fc.property(networks, fc.nat(1000), (network, seed) => {
      const params = randomParams(network, { seed });
      const [found, expected] = [twoHopMass(network, params), massesByEdges(network, params)];
      tf.dispose(params);
      for (const [name, masses] of Object.entries(expected))
        masses.forEach((mass, channel) => {
          assert.ok(Math.abs(found[name][channel] - mass) <= 1e-6 * mass, `${name} ${channel}`);
          pairs += Number(mass > 0);
        });
    }),
    { numRuns: 60, seed: 1, includeErrorInReport: true },
  );
  assert.ok(pairs > 100, `${pairs}`);
});

test('a network without some of its coupled channels is the masked one, and smaller by just these', () => {
  let removed = 0;
  fc.assert(
    fc.property(networks, fc.nat(1000), (network, seed) => {
      tf.tidy(() => {
        const random = createRandom(seed);
        const couplings = couplingsOf(network);
        const order = removalOrder(ranked(couplings, () => random.uniform()));
        const gone = order.slice(0, random.integer(order.length + 1));
        const params = randomParams(network, { seed, shifts: true });
        const mask = channelMask(
          network,
          gone.map(({ at }) => at),
        );
        const small = compact(network, params, mask);
        const x = tf.randomNormal([3, ...network.input], 0, 1, 'float32', seed);
        const expected = [...forward(network, applyMask(network, params, mask), x).dataSync()];
        const found = forward(small.network, small.params, x).dataSync();
        const size = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
        assert.ok(expected.every((value, i) => Math.abs(value - found[i]) <= 1e-5 * size));
        for (const { name, layer, shape } of kernelsOf(network)) {
          const cut = gone.reduce((sum, { at }) => sum + (at.written[name]?.length ?? 0), 0);
          const row = small.report.find((own) => own.layer === layer)!;
          assert.ok(cut < shape[shape.length - 1] && row.left <= shape[shape.length - 1] - cut, layer);
          removed += cut;
        }
      });
    }),
    { numRuns: 200, seed: 1, includeErrorInReport: true },
  );
  assert.ok(removed > 60, `${removed}`);
});

/** Channels by coupling, with the layers that write and read them, short. */
const described = (network: Network) =>
  couplingsOf(network).map(({ id, producers, consumers, channels }) => [
    id,
    producers.map((name) => name.replace('/kernel', '')),
    consumers.map((name) => name.replace('/kernel', '')),
    channels.length,
  ]);

test('what is added up is one coupling, with the layers before and behind', () => {
  assert.deepEqual(described(smallResidual()), [
    ['stem', ['stem'], ['branch', 'shortcut'], 2],
    ['branch', ['branch', 'shortcut'], ['out'], 2],
  ]);
  assert.deepEqual(described(smallMlp()), [
    ['first', ['first'], ['second'], 4],
    ['second', ['second'], ['third'], 3],
  ]);
});

test('flattened maps, groups, concatenation and added channels keep together what is one channel', () => {
  const g = graphBuilder([4, 4, 2]);
  const a = g.relu('open', g.conv2d('a', g.input, { filters: 4 }));
  const depthwise = g.conv2d('depthwise', a, { filters: 4, groups: 4 });
  const wide = g.padChannels('wide', g.concat('both', depthwise, g.conv2d('b', a, { filters: 2 })), {
    before: 1,
  });
  g.dense('out', g.flatten('flat', g.add('sum', wide, g.conv2d('c', a, { filters: 7 }))), { units: 2 });
  const network = g.build('ties');
  assert.deepEqual(described(network), [
    ['a', ['a', 'depthwise', 'b', 'c'], ['depthwise', 'b', 'c', 'out'], 7],
  ]);
  const [first, , , , , , last] = couplingsOf(network)[0].channels;
  assert.deepEqual(first.written, { 'a/kernel': [0], 'depthwise/kernel': [0], 'c/kernel': [1] });
  assert.deepEqual(first.read['out/kernel'].slice(0, 2), [1, 8]);
  assert.deepEqual(last.written, { 'c/kernel': [0] });
  const params = randomParams(network);
  const mask = channelMask(network, [first]);
  assert.deepEqual([...mask['depthwise/kernel'].dataSync().slice(0, 4)], [0, 1, 1, 1]);
  const small = compact(network, params, mask);
  assert.equal(small.report[0].left, 3);
  tf.dispose([params, mask, small.params, small.mask]);
});

test('of the layers that share a channel only those count that are behind one that writes it', () => {
  const g = graphBuilder([2]);
  const first = g.dense('first', g.input, { units: 2, bias: false });
  const branch = g.dense('branch', first, { units: 2, bias: false });
  g.dense('out', g.add('sum', first, branch), { units: 1, bias: false });
  const network = g.build('branched');
  const params = {
    'first/kernel': tf.tensor2d([
      [1, 2],
      [3, -4],
    ]),
    'branch/kernel': tf.tensor2d([
      [10, 0],
      [0, 100],
    ]),
    'out/kernel': tf.tensor2d([[5], [7]]),
  };
  const of = (producer?: string) => mapRecord(twoHopMass(network, params, producer), (mass) => [...mass]);
  assert.deepEqual(of('first/kernel'), {
    'first/kernel': [0, 0],
    'branch/kernel': [40, 600],
    'out/kernel': [20, 42],
  });
  assert.deepEqual(of('branch/kernel'), {
    'first/kernel': [0, 0],
    'branch/kernel': [0, 0],
    'out/kernel': [50, 700],
  });
  assert.deepEqual(of()['out/kernel'], [70, 742]);
  tf.dispose(params);
});

test('channels go from the lowest saliency on, equal ones in order, and every layer keeps one', () => {
  const [first, second] = couplingsOf(smallMlp());
  const names = (saliencies: number[][]) =>
    removalOrder(ranked([first, second], (k, channel) => saliencies[k][channel])).map(
      ({ coupling, channel }) => `${coupling} ${channel}`,
    );
  assert.deepEqual(
    names([
      [3, 1, 1, 0],
      [2, 2, 9],
    ]),
    ['first 3', 'first 1', 'first 2', 'second 0', 'second 1'],
  );
  assert.throws(
    () =>
      names([
        [1, Number.NaN, 0, 0],
        [1, 2, 3],
      ]),
    {
      message: 'invalid saliency; no number for channel 1 of first: NaN',
    },
  );
});

test('every structured method removes whole channels, to the density that whole channels come nearest to', async () => {
  const network = resnet20({ input: [8, 8, 1], classes: 2, shortcut: 'padding' });
  const params = randomParams(network, { shifts: true });
  const batch = {
    images: tf.randomNormal([8, 8, 8, 1], 0, 1, 'float32', 1),
    labels: tf.tensor1d([0, 1, 0, 1, 0, 1, 0, 1], 'int32'),
  };
  assert.equal(structuredNames.length, 9);
  for (const method of structuredNames) {
    const { mask, report } = await prune(network, params, {
      method,
      density: 0.6,
      batch: /^(tvs|class)/.test(method) ? batch : undefined,
    });
    assert.ok(Math.abs(report.density - 0.6) < 0.01, `${method}: ${report.density}`);
    assert.ok(report.rows.every(({ effectiveUnits }) => effectiveUnits > 0));
    const small = compact(network, params, mask);
    if (!/published/.test(method)) {
      const weights = kernelsOf(small.network).reduce((sum, { shape }) => sum + product(shape), 0);
      assert.equal(weights, report.kept, method);
    }
    tf.dispose([mask, small.params, small.mask]);
  }
  tf.dispose([params, batch.images, batch.labels]);
});

test('of two numbers of channels the one nearer to the density is taken', async () => {
  const network = smallMlp(); // 12 + 12 + 6 weights
  const params = randomParams(network);
  const keptAt = async (density: number) => {
    const { mask, report } = await prune(network, params, { method: 'channels-l1', density });
    tf.dispose(mask);
    return report.kept;
  };
  const order = removalOrder(await channelSaliencies(network, params, { method: 'channels-l1' }));
  const counts = order.map((_, i) => {
    const gone = order.slice(0, i + 1).map(({ at }) => at);
    return tf.tidy(() =>
      Object.values(channelMask(network, gone)).reduce((sum, bits) => sum + bits.sum().dataSync()[0], 0),
    );
  });
  const all = [30, ...counts];
  for (let wanted = 3; wanted <= 30; wanted++) {
    if (wanted < all[all.length - 1]) continue;
    const nearest = all.reduce((best, kept) =>
      Math.abs(kept - wanted) < Math.abs(best - wanted) ? kept : best,
    );
    assert.equal(await keptAt(wanted / 30), nearest, `${wanted}`);
  }
  tf.dispose(params);
});

test('what cannot be removed is said, with what can', async () => {
  const network = smallMlp();
  const params = randomParams(network);
  const dfpc = (options: object) => prune(network, params, { method: 'dfpc', ...options });
  await assert.rejects(dfpc({ density: 0.1 }), {
    message:
      'invalid density; with a channel left in every layer small-mlp keeps 0.2 of its weights by this method: 0.1',
  });
  const { mask, report } = await dfpc({ density: 0.2 });
  assert.equal(report.kept, 6);
  await assert.rejects(dfpc({ density: 0.5, only: 'first' }), {
    message:
      'invalid network; has no channel that only layers to be pruned write and read and that is neither input nor output: small-mlp',
  });
  const partly = await dfpc({ density: 0.8, only: ['first', 'second'] });
  assert.equal(partly.report.rows[2].kept, 6);
  assert.deepEqual(
    partly.report.rows.map(({ kept }) => kept),
    [9, 9, 6],
  );
  assert.throws(() => couplingOf(network, 'third'), {
    message: /^invalid layer; .* outputs, .* stay: third$/,
  });
  assert.throws(() => couplingOf(network, 'fourth'), { message: /^invalid layer; .*: fourth$/ });
  const how = { method: 'dfpc' } as const;
  await assert.rejects(pruneChannels(network, params, { ...how, channels: 0.1 }), {
    message: 'invalid channels; 2 of 7 stay, one in every layer at least: 0.1',
  });
  await assert.rejects(pruneChannels(network, params, { ...how, channels: 0 }), {
    message: 'invalid channels; not in (0, 1]: 0',
  });
  await assert.rejects(channelSaliencies(network, params, { method: 'dfcp' as 'dfpc' }), {
    message: /invalid method; unknown, did you mean dfpc/,
  });
  const fixed = await pruneChannels(network, params, { ...how, channels: 3 / 7 });
  assert.equal(fixed.removed.length, 4);
  tf.dispose([params, mask, partly.mask, fixed.mask]);
});

test('a coupling that crosses the outputs or a layer that is not pruned stays whole', () => {
  const g = graphBuilder([4, 4, 1]);
  const a = g.conv2d('a', g.input, { filters: 3 });
  const b = g.conv2d('b', a, { filters: 2, prunable: false });
  const c = g.conv2d('c', b, { filters: 2 });
  g.globalAvgPool('mean', g.add('sum', c, g.conv2d('d', b, { filters: 2 })));
  const network = g.build('crossing');
  assert.deepEqual(couplingsOf(network), []);
  assert.throws(() => couplingOf(network, 'c'), /invalid layer/);
});

test('a starting mask counts, and what it has cut of a channel does not', async () => {
  const network = smallMlp();
  const params = randomParams(network);
  const start = randomMask(network, 0.8);
  const { mask, report } = await prune(network, params, { method: 'dfpc', density: 0.4, mask: start });
  const masked = applyMask(network, params, start);
  const [first] = removalOrder(await channelSaliencies(network, masked, { method: 'dfpc' }));
  const column = first.at.written[Object.keys(first.at.written)[0]][0];
  const name = Object.keys(first.at.written)[0];
  assert.equal(
    tf.tidy(() => mask[name].slice([0, column], [-1, 1]).sum().dataSync()[0]),
    0,
  );
  assert.ok(Math.abs(report.density - 0.4) <= 4 / 30);
  for (const kernel of Object.keys(mask)) {
    const before = start[kernel].dataSync();
    assert.ok([...mask[kernel].dataSync()].every((bit, i) => bit <= before[i]));
  }
  tf.dispose([params, start, mask, masked]);
});

test('channels go by hundredths as long as the accuracy holds, and the smallest network that holds is returned', async () => {
  const network = buildNetwork('vgg11', { input: [32, 32, 1], classes: 2 });
  const params = initialise(network, { seed: 1 });
  const total = couplingsOf(network).reduce((sum, { channels }) => sum + channels.length, 0);
  const accuracies = [0.9, 0.89, 0.8, 0.88, 0.5, 0.1];
  const found = await removeWhileAccurate(network, params, {
    method: 'dfpc',
    accuracy: () => accuracies.shift() as number,
  });
  const first = Math.floor(0.01 * total);
  assert.deepEqual(
    found.steps.map(({ accuracy }) => accuracy),
    [0.9, 0.89, 0.8, 0.88, 0.5, 0.1],
  );
  assert.deepEqual(
    found.steps.slice(0, 3).map(({ removed }) => removed),
    [0, first, first + Math.floor(0.01 * (total - first))],
  );
  assert.equal(found.removed.length, found.steps[3].removed);
  assert.equal(found.steps[3].channels, total - found.steps[3].removed);
  const order = removalOrder(await channelSaliencies(network, params, { method: 'dfpc' }));
  assert.deepEqual(found.removed, order.slice(0, found.removed.length));
  tf.dispose([params, found.mask]);
});

test('to the last channels each is one, and a ranking anew goes by what is left', async () => {
  const network = smallMlp();
  const params = randomParams(network);
  const run = (rescore: boolean) =>
    removeWhileAccurate(network, params, { method: 'dfpc', accuracy: () => 1, rescore });
  const [once, anew] = [await run(false), await run(true)];
  for (const { steps, removed } of [once, anew]) {
    assert.deepEqual(
      steps.map((step) => step.removed),
      [0, 1, 2, 3, 4, 5],
    );
    assert.equal(removed.length, 5);
    assert.equal(new Set(removed.map(({ coupling, channel }) => `${coupling} ${channel}`)).size, 5);
    assert.equal(steps[5].density, 0.2);
  }
  const first = channelMask(network, [anew.removed[0].at]);
  const without = applyMask(network, params, first);
  const left = removalOrder(await channelSaliencies(network, without, { method: 'dfpc' })).filter(
    ({ saliency }) => saliency > 0,
  );
  assert.equal(anew.removed[1].saliency, left[0].saliency);
  await assert.rejects(
    removeWhileAccurate(network, params, { method: 'dfpc', accuracy: () => Number.NaN }),
    /invalid accuracy; not a finite number: NaN/,
  );
  tf.dispose([params, once.mask, anew.mask, first, without]);
});

test('methods that look at images want two classes of them, and two images of each for a variance', async () => {
  const network = smallResidual();
  const params = randomParams(network);
  const batch = (labels: number[]) => ({
    images: tf.randomNormal([labels.length, 4, 4, 1], 0, 1, 'float32', 1),
    labels: tf.tensor1d(labels, 'int32'),
  });
  const [one, single, good] = [batch([1, 1, 1]), batch([0, 1, 1]), batch([0, 0, 1, 1])];
  for (const method of structuredNames.filter((name) => methods[name].needs === 'batch')) {
    const density = 0.8;
    await assert.rejects(prune(network, params, { method, density, batch: one }), {
      message: 'invalid batch; has images of fewer than two classes, only of: [1]',
    });
    await assert.rejects(prune(network, params, { method, density }), /invalid data/);
    const alone = prune(network, params, { method, density, batch: single });
    if (/gap/.test(method)) tf.dispose((await alone).mask);
    else
      await assert.rejects(alone, {
        message: 'invalid batch; a variance takes two images of each class, there is one of class: 0',
      });
    tf.dispose((await prune(network, params, { method, density, batch: good })).mask);
  }
  tf.dispose([params, one, single, good].map((own) => Object.values(own)));
});
