import assert from 'node:assert/strict';
import { fc, initialise, kernelsOf } from '../network';
import { tf } from '../tensor';
import { test } from '../testing';
import { methods, prune, type ScoringMethod } from '.';

const network = fc({ input: [4, 4, 1], width: 3, depth: 3, classes: 4 });

test('a step that cuts nothing is not scored again, unless scores are drawn, and all comes out the same', async () => {
  const params = initialise(network, { seed: 3 });
  const size = kernelsOf(network).reduce((sum, { name }) => sum + params[name].size, 0);
  try {
    for (const [density, iterations, scored] of [
      [1, 20, 1],
      [0.5, 4, 4],
      [1 - 3 / size, 20, 4], // by one weight at a time
    ] as const) {
      let calls = 0;
      const counting: ScoringMethod = {
        ...methods.synflow,
        score(...given) {
          calls++;
          return (methods.synflow as ScoringMethod).score(...given);
        },
      };
      const drawing: ScoringMethod = {
        ...counting,
        score(own, at, context) {
          context.random.fork('any');
          return counting.score(own, at, context);
        },
      };
      const options = { density, iterations, schedule: 'linear' } as const;
      const [once, always] = [
        await prune(network, params, { ...options, method: counting }),
        await prune(network, params, { ...options, method: drawing }),
      ];
      assert.equal(calls, scored + iterations);
      assert.deepEqual(once.report, always.report);
      for (const [name, mask] of Object.entries(once.mask))
        assert.deepEqual(mask.dataSync(), always.mask[name].dataSync());
      tf.dispose([once.mask, always.mask]);
    }
  } finally {
    tf.dispose(params);
  }
});
