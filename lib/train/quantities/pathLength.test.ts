import assert from 'node:assert/strict';
import { graphBuilder } from '../../network';
import { averagePathLength } from '../../path';
import { tf } from '../../tensor';
import { test } from '../../testing';
import { tinyDataset, tinyStart } from '../../testing/tinyTraining';
import { train } from '..';

test('path lengths are recorded under the mask, with the slopes as training has moved them', async () => {
  const data = tinyDataset();
  const g = graphBuilder(data.shape);
  const flat = g.flatten('flat', g.input);
  const hidden = g.parametricRelu('bend', g.dense('hidden', flat, { units: 8 }));
  g.add(
    'sum',
    g.dense('out', hidden, { units: data.classes }),
    g.dense('skip', flat, { units: data.classes }),
  );
  const network = g.build('two-ways');
  const { params, mask } = tinyStart(network);
  const names = ['averagePathLength', 'averagePathLengthNormalised', 'averagePathLengthByEnergy'] as const;
  const history = await train(network, params, {
    ...{ data, mask, epochs: 2, batch: 10 },
    record: { quantities: names, trace: false, test: false },
  });
  const weightings = ['unnormalised', 'normalised', 'energy'] as const;
  for (const [row, at] of [
    [history.rows[0], params],
    [history.rows[2], history.params],
  ] as const)
    assert.deepEqual(
      names.map((name) => row[name]),
      weightings.map((weighting) => averagePathLength(network, at, { mask, weighting }).mean),
    );
  const [before, , after] = history.rows.map((row) => row.averagePathLength ?? 0);
  assert.ok(Math.abs(before - (0.75 * 8) / (8 + 1)) < 0.2, `${before}`); // most of the 9 ways go through a slope of 1/4
  assert.notEqual(after, before);
  tf.dispose([params, mask, history.params]);
});
