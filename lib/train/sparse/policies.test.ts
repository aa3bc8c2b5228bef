import assert from 'node:assert/strict';
import fc from 'fast-check';
import { countOf, type Survivors } from '../../prune';
import { createRandom } from '../../tensor';
import { test } from '../../testing';
import {
  type Moment,
  type SparseOptions,
  type SparseSettings,
  type SparseTrainingName,
  sparseTrainings,
} from '..';
import { byChance, byGradient, evolve } from './evolving';
import { pruneGlobally } from './pruneGlobally';
import { keptAfter } from './replaceWeakest';
import { readSparseOptions } from './sparseTrainings';

/** Kernels with few different weights and gradients, so that there are ties; weights that are not kept are 0. */
const moments = fc
  .record({
    seed: fc.nat(),
    sizes: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 3 }),
  })
  .map(({ seed, sizes }): Moment => {
    const random = createRandom(seed);
    const kept = sizes.map((size) =>
      Uint32Array.from(Array.from({ length: size }, (_, i) => i).filter(() => random.integer(3) > 0)),
    );
    const draw = (size: number) => Float32Array.from({ length: size }, () => random.integer(5) - 2);
    const weights = sizes.map((size, k) => draw(size).map((value, i) => (kept[k].includes(i) ? value : 0)));
    return { step: 1, weights, kept, gradients: sizes.map(draw), random };
  });

/** Indices by falling score, equal ones as they come. */
const ranked = (indices: readonly number[], score: (i: number) => number) =>
  [...indices].sort((a, b) => score(b) - score(a) || a - b);

test('an update drops the smallest weights of each layer and grows as many of all others, by brute force', () => {
  fc.assert(
    fc.property(moments, fc.double({ min: 0, max: 1, noNaN: true }), (moment, rate) => {
      const found = evolve(moment, rate, byGradient);
      moment.kept.forEach((own, k) => {
        const [weights, gradients] = [moment.weights[k], moment.gradients[k]];
        const drop = Math.floor(rate * own.length + 0.5);
        const stay = ranked([...own], (i) => Math.abs(weights[i])).slice(0, own.length - drop);
        const others = [...weights.keys()].filter((i) => !stay.includes(i));
        const grow = ranked(others, (i) => Math.abs(gradients[i])).slice(0, drop);
        assert.deepEqual(
          [...found[k].stay],
          stay.sort((a, b) => a - b),
        );
        assert.deepEqual(
          [...found[k].grow],
          grow.sort((a, b) => a - b),
        );
      });
      assert.deepEqual(
        keptAfter(found).map(({ length }) => length),
        moment.kept.map(({ length }) => length),
      );
    }),
  );
});

test('what grows by chance is another set for another stream, each weight as often', () => {
  const own = Uint32Array.of(0, 1);
  const weights = [Float32Array.of(2, 1, 0, 0, 0)];
  const times = new Array<number>(5).fill(0);
  for (let seed = 0; seed < 2000; seed++) {
    const moment = { step: 1, weights, kept: [own], gradients: weights, random: createRandom(seed) };
    const [{ stay, grow }] = evolve(moment, 0.5, byChance);
    assert.deepEqual([...stay], [0]);
    for (const index of grow) times[index]++;
  }
  assert.equal(times[0], 0);
  for (const count of times.slice(1))
    assert.ok(Math.abs(count - 500) < 4 * Math.sqrt(2000 * 0.25 * 0.75), `${times}`);
});

test('a global prune keeps exactly its number of the largest weights, by brute force', () => {
  fc.assert(
    fc.property(moments, fc.double({ min: 0, max: 1, noNaN: true }), (moment, density) => {
      const { weights, kept } = moment;
      const all = weights.flatMap((values, k) =>
        [...kept[k]].map((i) => ({ k, i, size: Math.abs(values[i]) })),
      );
      const size = weights.reduce((sum, { length }) => sum + length, 0);
      const count = Math.min(Math.floor(density * size + 0.5), all.length);
      const expected = [...all].sort((a, b) => b.size - a.size).slice(0, count); // a stable sort
      const found = pruneGlobally(weights, kept, density);
      assert.equal(countOf(found), count);
      for (const { k, i } of expected) assert.ok(found[k].includes(i));
    }),
  );
});

const sizes = [40, 60, 100];

/** The policy of a method for a training of so many steps, from a share of every kernel. */
function policyOf(options: SparseOptions, { steps = 400, epoch = 50, start = 0.5 } = {}) {
  const { training, settings } = readSparseOptions(options);
  const kept = sizes.map((size) => size * start);
  return training.policy(settings as SparseSettings, { steps, epoch, sizes, kept });
}

const steps = Array.from({ length: 400 }, (_, i) => i + 1);

/** Plays a policy on drawn weights and gradients to the end. */
function play(options: SparseOptions, start = 0.5): { step: number; kept: Survivors }[] {
  const policy = policyOf(options, { start });
  const random = createRandom('play');
  let kept: Survivors = sizes.map((size) => Uint32Array.from({ length: size * start }, (_, i) => i));
  return steps.filter(policy.due).map((step) => {
    const draw = (size: number) => Float32Array.from({ length: size }, () => random.normal());
    const weights = sizes.map((size, k) => draw(size).map((value, i) => (kept[k].includes(i) ? value : 0)));
    const gradients = sizes.map(draw);
    kept = policy.update({ step, weights, kept, gradients, random: random.fork(step) });
    return { step, kept };
  });
}

test('updates come when the method has them', () => {
  const due = (options: SparseOptions) => steps.filter(policyOf(options).due);
  const every = (gap: number, from: number, to: number) =>
    steps.filter((step) => step % gap === 0 && from <= step && step <= to);
  assert.deepEqual(due({ method: 'rigl' }), [100, 200]); // not at 300, where the schedule ends
  assert.deepEqual(due({ method: 'rigl', every: 30, begin: 0.25, end: 0.5 }), every(30, 120, 180));
  assert.deepEqual(due({ method: 'rigl/as-published' }), [1, 101, 201, 301]);
  assert.deepEqual(due({ method: 'set' }), every(50, 50, 350));
  assert.deepEqual(due({ method: 'gmp', density: 0.1, every: 30 }), [...every(30, 30, 180), 200]);
  assert.deepEqual(due({ method: 'granet', density: 0.1, every: 50 }), every(50, 50, 200));
  assert.deepEqual(due({ method: 'granet/as-published', density: 0.1, every: 50 }), every(50, 50, 400));
});

test('gradual methods reach their density exactly and never grow beyond it; the published code stays above', () => {
  const counts = (options: SparseOptions, start: number) =>
    play(options, start).map(({ kept }) => countOf(kept));
  for (const start of [1, 0.5])
    for (const options of [
      { method: 'gmp', every: 30, scope: 'global' },
      { method: 'granet', every: 30 },
    ] as const) {
      const found = counts({ ...options, density: 0.135 }, start);
      assert.equal(found.at(-1), 27);
      found.reduce((before, after) => {
        assert.ok(after <= before);
        return after;
      });
    }
  const layers = play({ method: 'gmp', density: 0.1, every: 30 }, 1).at(-1)!;
  assert.deepEqual(
    layers.kept.map(({ length }) => length),
    [4, 6, 10],
  );
  const { density } = policyOf({ method: 'granet/as-published', density: 0.1, every: 50 }, { start: 1 });
  const targets = steps.filter((step) => step % 50 === 0).map((step) => density!(step));
  assert.deepEqual(targets.slice(3), new Array(5).fill(undefined));
  assert.ok(Math.abs((targets[2] as number) - (0.1 + 0.9 / 4 ** 3)) < 1e-12);
  assert.ok(counts({ method: 'granet/as-published', density: 0.1, every: 50 }, 1).at(-1)! > 20);
});

test('RigL and SET keep the number of weights of every layer, RigL a falling fraction of which is replaced', () => {
  for (const method of ['rigl', 'set', 'rigl/as-published', 'set/as-published'] as const)
    for (const { kept } of play({ method, every: 20 }))
      assert.deepEqual(
        kept.map(({ length }) => length),
        [20, 30, 50],
        method,
      );
  const { rate, replacesStep } = policyOf({ method: 'rigl' });
  assert.deepEqual([rate!(150), replacesStep], [0.15, true]);
  assert.equal(policyOf({ method: 'set' }).rate!(300), 0.3);
  assert.equal(policyOf({ method: 'set' }).replacesStep, undefined);
});

test('options that a method does not have, or out of range, are refused by name', () => {
  const refused: [object, string][] = [
    [
      { method: 'rigl/as-publshed' },
      'sparse.method; unknown, did you mean rigl/as-published, set/as-published or granet/as-published: rigl/as-publshed',
    ],
    [{ method: 'rigl', density: 0.1 }, 'options of sparse; unknown, did you mean'],
    [{ method: 'granet' }, 'sparse.density; is missing, this method needs it: undefined'],
    [{ method: 'gmp', density: 0 }, 'sparse.density; not in (0, 1]: 0'],
    [{ method: 'gmp', density: Number.NaN }, 'sparse.density; not in (0, 1]: NaN'],
    [{ method: 'gmp', density: '0.1' }, 'sparse.density; not in (0, 1]: "0.1"'],
    [{ method: 'rigl', every: 0 }, 'sparse.every; not a whole number of steps from 1, or epoch: 0'],
    [
      { method: 'rigl', every: 'epochs' },
      'sparse.every; not a whole number of steps from 1, or epoch: epochs',
    ],
    [{ method: 'rigl', fraction: 1 }, 'sparse.fraction; not in (0, 1): 1'],
    [{ method: 'rigl', decay: 'cosin' }, 'sparse.decay; unknown, did you mean cosine'],
    [{ method: 'rigl', replacesStep: 'no' }, 'sparse.replacesStep; not true or false: no'],
    [{ method: 'rigl', begin: 0.8 }, 'sparse.end; not after begin, 0.8: 0.75'],
    [{ method: 'gmp', density: 0.1, scope: 'layers' }, 'sparse.scope; unknown, did you mean layer'],
    [{ method: { policy() {} } }, 'sparse.method; neither a name nor'],
    [{}, 'sparse.method; unknown, did you mean'],
  ];
  for (const [options, message] of refused)
    assert.throws(
      () => readSparseOptions(options as SparseOptions),
      ({ message: found }: Error) => found.startsWith(`invalid ${message}`) || assert.fail(found),
    );
  for (const none of [undefined, 'rigl', null, []])
    assert.throws(
      () => readSparseOptions(none as unknown as SparseOptions),
      /^InvalidError: invalid sparse; not options/,
    );
});

test('every method tells what it is, and where it stands', () => {
  const names = Object.keys(sparseTrainings) as SparseTrainingName[];
  assert.deepEqual(names.length, 7);
  for (const name of names) {
    const { description, about } = sparseTrainings[name];
    assert.ok(description.length > 10 && about.paper.length > 10 && about.cost.length > 5, name);
    assert.equal(about.when, 'during training', name);
  }
});
