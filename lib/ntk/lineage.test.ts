import assert from 'node:assert/strict';
import { graphBuilder, initialise, type Network, type Params, randomFactors, rescale } from '../network';
import { mapRecord, tf } from '../tensor';
import { test } from '../testing';
import { normalTensor } from '../testing/finiteDifferences';
import { tinyNetwork } from '../testing/tinyTraining';
import { type FeaturePair, featureSimilarity, type LineageMeasure, lineage, lineageMeasures } from '.';
import { featurePairs } from './lineage';

function mlp(classes = 3, widths = [8, 7]): Network {
  const g = graphBuilder([6]);
  let x = g.input;
  widths.forEach((units, i) => {
    x = g.relu(`relu${i}`, g.dense(`fc${i}`, x, { units }));
  });
  g.dense('head', x, { units: classes });
  return g.build('mlp');
}

/** Trained parameters a little off. */
const moved = (network: Network, params: Params, step: number, seed: number): Params =>
  Object.fromEntries(
    network.parameters.map(({ name, shape, role }, i) => {
      const still = role === 'mean' || role === 'variance';
      const own = still
        ? params[name].clone()
        : tf.tidy(() => params[name].add(normalTensor(shape, seed + i, step)));
      return [name, own];
    }),
  );

const LIKE_DISTANCES: LineageMeasure[] = ['L1', 'L2', 'L4', 'log-sum-exp'];

test('each child is found to be of the parent it was moved from, whatever its head', () => {
  for (const network of [mlp(), tinyNetwork()]) {
    const parents = [1, 2, 3].map((seed) => initialise(network, { seed }));
    const order = [2, 0, 1, 1];
    const children = order.map((parent, i) => moved(network, parents[parent], 0.02, 100 * i + 7));
    const xs = normalTensor([20, ...network.input], 5);
    const model = (params: Params) => ({ network, params });
    const found = lineage(parents.map(model), children.map(model), xs, { batch: 7 });
    for (const measure of lineageMeasures) assert.deepEqual(found[measure].found, order, measure);
    const atOnce = lineage(parents.map(model), children.map(model), xs, { batch: 20 });
    for (const measure of lineageMeasures)
      atOnce[measure].similarity.flat().forEach((value, i) => {
        assert.ok(Math.abs(value - found[measure].similarity.flat()[i]) < 1e-12, measure);
      });
    tf.dispose([parents, children, xs]);
  }
  const [two, five] = [mlp(2), mlp(5)];
  const params = [1, 2].map((seed) => initialise(two, { seed }));
  const other = { ...params[1], ...initialise(five, { seed: 9 }) };
  for (const name of ['fc0', 'fc1'])
    for (const part of ['kernel', 'bias']) {
      other[`${name}/${part}`].dispose();
      other[`${name}/${part}`] = params[1][`${name}/${part}`].clone();
    }
  const xs = normalTensor([9, 6], 5);
  const parents = params.map((own) => ({ network: two, params: own }));
  const { L1 } = lineage(parents, [{ network: five, params: other }], xs);
  assert.deepEqual([L1.found, L1.similarity[0][1] + 0], [[1], 0]);
  tf.dispose([params, xs]);
  tf.dispose(other);
});

test('each measure changes with α as the distance of the moved features does, to first order', () => {
  const network = mlp();
  const [p, q] = [1, 2].map((seed) => initialise(network, { seed }));
  const child = moved(network, p, 0.3, 40);
  const xs = normalTensor([11, 6], 5);
  const models = [p, q].map((params) => ({ network, params }));
  const [[pair]] = featurePairs(models, [{ network, params: child }], xs);
  const step = 1e-6;
  const at = (share: number): FeaturePair => ({
    ...pair,
    parent: pair.parent.map((value, i) => value + share * pair.moved[i]),
  });
  for (const measure of LIKE_DISTANCES) {
    const [low, high] = [-step, step].map((share) => featureSimilarity(measure, at(share), 0));
    const slope = (high - low) / (2 * step);
    const own = featureSimilarity(measure, pair, 1e-3) - featureSimilarity(measure, pair, 0);
    assert.ok(Math.abs(own / 1e-3 - slope) < 1e-5 * Math.abs(slope), `${measure} ${own / 1e-3} for ${slope}`);
  }
  assert.equal(featureSimilarity('CKA', pair, 0.3), featureSimilarity('CKA', at(0.3), 0));
  tf.dispose([p, q, child, xs]);
});

test('one linear layer: L2 is −(1 − 2α) mean D² up to ½, then 0', () => {
  const g = graphBuilder([5]);
  g.dense('only', g.input, { units: 3, bias: false });
  const network = g.build('linear');
  const [a, b] = [1, 2].map((seed) => ({ network, params: initialise(network, { seed }) }));
  const xs = normalTensor([4, 5], 5);
  const [[, pair]] = featurePairs([b, a], [b], xs, { at: 'only' });
  const mean =
    pair.parent.reduce((sum, value, i) => sum + (value - pair.child[i]) ** 2, 0) / pair.parent.length;
  for (const alpha of [0, 0.01, 0.25, 0.5, 0.75]) {
    const expected = -Math.max(0, 1 - 2 * alpha) * mean;
    assert.ok(Math.abs(featureSimilarity('L2', pair, alpha) - expected) < 1e-12 * mean, `${alpha}`);
    const { similarity } = lineage([b, a], [b], xs, { at: 'only', alpha }).L2;
    assert.ok(Math.abs(similarity[0][1] ** 2 + expected) < 1e-12 * mean);
  }
  tf.dispose([a.params, b.params, xs]);
});

test('CKA is 1 for features that are turned and stretched alike, and not defined for features that are all the same', () => {
  const { width, ...values } = {
    width: 2,
    parent: [1, 2, -1, 0.5, 3, 1, 0, 0],
    child: [4, -2, 1, 2, 2, -6, 0, 0],
  };
  const [parent, child] = [values.parent, values.child.map((value) => value + 5)].map((own) =>
    Float64Array.from(own),
  );
  const pair = { parent, child, moved: new Float64Array(8), width };
  assert.ok(Math.abs(featureSimilarity('CKA', pair, 0.01) - 1) < 1e-12);
  assert.ok(Number.isNaN(featureSimilarity('CKA', { ...pair, child: new Float64Array(8).fill(3) }, 0.01)));
});

test('a pruned child is compared as it is pruned, and one without a connection has no CKA', () => {
  const network = mlp();
  const [p, q] = [1, 2].map((seed) => initialise(network, { seed }));
  const bits = Object.fromEntries(
    ['fc0/kernel', 'fc1/kernel', 'head/kernel'].map((name) => [
      name,
      tf.tidy(() => p[name].abs().greater(0.2).toFloat()),
    ]),
  );
  const cut = { ...p, ...mapRecord(bits, (mask, name) => p[name].mul(mask)) };
  const xs = normalTensor([11, 6], 5);
  const models = [q, p].map((params) => ({ network, params }));
  const pruned = lineage(models, [{ network, params: p, mask: bits }], xs);
  assert.deepEqual(pruned, lineage(models, [{ network, params: cut }], xs));
  const none = mapRecord(bits, (mask) => tf.zerosLike(mask));
  const { CKA, L1 } = lineage(models, [{ network, params: p, mask: none }], xs);
  assert.deepEqual([CKA.found, CKA.similarity], [[-1], [[Number.NaN, Number.NaN]]]);
  assert.equal(L1.found.length, 1);
  for (const name of Object.keys(bits)) cut[name].dispose();
  tf.dispose([p, q, bits, none, xs]);
});

test('what cannot be compared is refused by name', () => {
  const network = mlp();
  const params = [1, 2].map((seed) => initialise(network, { seed }));
  const xs = normalTensor([4, 6], 5);
  const models = params.map((own) => ({ network, params: own }));
  const narrow = mlp(3, [8, 5]);
  const other = mlp(3, [9, 7]);
  const vector = graphBuilder([6]);
  const made = [narrow, other].map((of) => ({ network: of, params: initialise(of, { seed: 1 }) }));
  const fixed = graphBuilder([6]);
  const first = fixed.relu('relu0', fixed.dense('fc0', fixed.input, { units: 8 }));
  fixed.dense('head', first, { units: 3, prunable: false });
  const still = fixed.build('fixed');
  const [one, two] = [1, 2].map((seed) => ({ network: still, params: initialise(still, { seed }) }));
  assert.equal(lineage([two, one], [one], xs).L1.found[0], 1); // features are what the last layer reads, pruned or not
  assert.equal(featurePairs([two, one], [one], xs)[0][0].width, 8);
  tf.dispose([one.params, two.params]);
  const refused: [() => unknown, string][] = [
    [
      () => featureSimilarity('L3' as 'L1', {} as FeaturePair, 0),
      'measure; unknown, did you mean L1, L2 or L4: L3',
    ],
    [() => lineage(models.slice(1), models, xs), 'parents; not at least 2 to choose from: 1'],
    [() => lineage([], models, xs), 'parents; not at least 2 to choose from: 0'],
    [() => lineage(models, [], xs), 'children; none to find a parent of: 0'],
    [() => lineage(models, [models[0], made[0]], xs), 'child 1; not as many features as parent 0, 7: 5'],
    [() => lineage([models[0], made[0]], models, xs), 'parent 1; not as many features as parent 0, 7: 5'],
    [
      () => lineage(models, [made[1]], xs),
      'child 0; not the parameters of parent 0 in front of the features, first: fc0/kernel',
    ],
    [() => lineage(models, models, xs, { alpha: -1 }), 'alpha; not a finite number from 0 on: -1'],
    [() => lineage(models, models, xs, { alpha: Number.NaN }), 'alpha; not a finite number from 0 on: NaN'],
    [() => lineage(models, models, xs, { batch: 0 }), 'batch; not a positive whole number: 0'],
    [
      () => lineage(models, models, xs, { at: 'relu7' }),
      'node; unknown, did you mean relu0, relu1 or head: relu7',
    ],
  ];
  for (const [f, message] of refused) assert.throws(f, { message: `invalid ${message}` });
  vector.relu('open', vector.input);
  const none = { network: vector.build('none'), params: {} };
  assert.throws(() => lineage([none, none], [none], xs), /invalid network; has no layer with weights: none/);
  const lost = { network, params: { ...params[0], 'fc0/bias': undefined as never } };
  assert.throws(() => lineage(models, [lost], xs), /invalid params of child 0; fc0\/bias is no tensor/);
  tf.dispose([params, xs, ...made.map((model) => model.params)]);
});

test('no measure is one of the function: rescaled hidden units look like a stranger', () => {
  const network = mlp();
  const params = [1, 2].map((seed) => initialise(network, { seed }));
  const xs = normalTensor([30, 6], 5);
  const models = params.map((own) => ({ network, params: own }));
  const other = rescale(network, params[0], randomFactors(network, { seed: 1, spread: 1 }));
  const [same, rescaled] = [params[0], other].map((own) => lineage(models, [{ network, params: own }], xs));
  for (const measure of lineageMeasures)
    assert.ok(rescaled[measure].similarity[0][0] < same[measure].similarity[0][0] - 1e-3, measure);
  tf.dispose([params, xs]);
  tf.dispose(other);
});
