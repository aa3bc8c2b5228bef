import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { product } from '../../base';
import { mapRecord, tf } from '../../tensor';
import { test } from '../../testing';
import { graphBuilder } from '../builder';
import { loadParams, loadTensors } from '../safetensors';

// Written by PyTorch 2.15 (torch.save, NAME.old.pt without the zip form): a checkpoint of a network in channels_last, which strides its
// kernel, with momentum and an argparse.Namespace; tensors of every type and form; a whole module.
const fixture = (name: string) => path.join(__dirname, 'fixtures', name);

const shapes = {
  'module.conv.weight': [3, 2, 2, 1],
  'module.bn.weight': [3],
  'module.bn.bias': [3],
  'module.bn.running_mean': [3],
  'module.bn.running_var': [3],
  'module.fc.weight': [2, 6],
  'module.fc.bias': [2],
};

/** In the order of the state dict each entry is an eighth more than the one before. */
function expected(): Record<string, { shape: number[]; values: number[] }> {
  let last = 0;
  return mapRecord(shapes, (shape) => ({
    shape,
    values: Array.from({ length: product(shape) }, () => ++last / 8),
  }));
}

function smallNetwork() {
  const g = graphBuilder([3, 1, 2]);
  const x = g.conv2d('conv', g.input, { filters: 3, size: [2, 1], padding: 0 }); // [2, 1, 3]
  g.dense('fc', g.flatten('flatten', g.batchNorm('bn', x)), { units: 2 });
  return g.build('small');
}

for (const name of ['checkpoint.pt', 'checkpoint.old.pt'])
  test(`${name} gives the state dict by its names, the optimiser's tensors by their keys, and the texts`, async () => {
    const { tensors, metadata } = await loadTensors(fixture(name));
    for (const [key, { shape, values }] of Object.entries(expected())) {
      assert.deepEqual(tensors[key].shape, shape, key);
      assert.deepEqual([...tensors[key].dataSync()], values, key);
    }
    assert.deepEqual([...tensors['module.bn.num_batches_tracked'].dataSync()], [5]);
    assert.deepEqual(tensors['optimizer.state.0.momentum_buffer'].shape, [3, 2, 2, 1]);
    assert.equal(Object.keys(tensors).length, 8 + 5);
    assert.deepEqual(metadata, { epoch: '200', arch: 'small', best: '91.75', layout: 'pytorch' });
    tf.dispose(tensors);
  });

for (const name of ['checkpoint.pt', 'checkpoint.old.pt'])
  test(`the parameters in ${name} are those of a network whose layers have its names`, async () => {
    const params = await loadParams(fixture(name), smallNetwork(), {
      names: (theirs) => theirs.replace('module.', ''),
    });
    const theirs = expected();
    const kernel = theirs['module.conv.weight'].values; // [out, in, height, width]
    const conv = params['conv/kernel'].arraySync() as number[][][][]; // [height, width, in, out]
    for (let o = 0; o < 3; o++)
      for (let i = 0; i < 2; i++)
        for (let h = 0; h < 2; h++) assert.equal(conv[h][0][i][o], kernel[(o * 2 + i) * 2 + h]);
    const dense = params['fc/kernel'].arraySync() as number[][]; // rows of our order: row, column, channel
    for (let unit = 0; unit < 2; unit++)
      for (let c = 0; c < 3; c++)
        for (let h = 0; h < 2; h++)
          assert.equal(dense[h * 3 + c][unit], theirs['module.fc.weight'].values[unit * 6 + c * 2 + h]);
    assert.deepEqual([...params['bn/variance'].dataSync()], theirs['module.bn.running_var'].values);
    assert.deepEqual([...params['bn/gamma'].dataSync()], theirs['module.bn.weight'].values);
    assert.deepEqual([...params['bn/beta'].dataSync()], theirs['module.bn.bias'].values);
    tf.dispose(params);
  });

for (const name of ['types.pt', 'types.old.pt'])
  test(`${name} gives tensors of every type, and views of all forms`, async () => {
    const { tensors } = await loadTensors(fixture(name));
    const values = [0, 1, 2, 3, 4, 100];
    for (const type of ['float32', 'float64', 'float16', 'bfloat16']) {
      assert.equal(tensors[type].dtype, 'float32');
      assert.deepEqual([...tensors[type].dataSync()], values, type);
    }
    for (const type of ['int64', 'int32', 'int16', 'int8', 'uint8']) {
      assert.equal(tensors[type].dtype, 'int32');
      assert.deepEqual([...tensors[type].dataSync()], values, type);
    }
    assert.deepEqual([tensors.bool.dtype, [...tensors.bool.dataSync()]], ['bool', [0, 1, 1, 1, 1, 1]]);
    assert.deepEqual(tensors.transposed.arraySync(), [
      [0, 4, 8],
      [1, 5, 9],
      [2, 6, 10],
      [3, 7, 11],
    ]);
    assert.deepEqual([...tensors.part.dataSync()], [3, 5, 7]);
    assert.equal(tensors.scalar.arraySync(), 2.5);
    assert.deepEqual(tensors.empty.shape, [0, 3]);
    assert.deepEqual(tensors.parameter.arraySync(), [1, 1]);
    assert.deepEqual(
      [...tensors.tied.dataSync()],
      Array.from({ length: 12 }, (_, i) => i),
    );
    tf.dispose(tensors);
  });

test('a training is read with its schedule, paths, sets and logs; only the state dict counts as parameters', async () => {
  const { tensors, metadata } = await loadTensors(fixture('training.pt'));
  assert.deepEqual([...tensors.weight.dataSync(), ...tensors.bias.dataSync()], [1, 2, 3]);
  assert.deepEqual(tensors['optimizer.state.0.exp_avg'].shape, [1, 2]);
  assert.equal(metadata.epoch, '3');
  const g = graphBuilder([2]);
  g.dense('fc', g.input, { units: 1 });
  const names = { weight: 'fc/kernel', bias: 'fc/bias' };
  const params = await loadParams(fixture('training.pt'), g.build('small'), { names });
  assert.deepEqual(params['fc/kernel'].arraySync(), [[1], [2]]);
  tf.dispose([tensors, params]);
});

test('a tensor that repeats few numbers without end is refused', async () => {
  await assert.rejects(
    loadTensors(fixture('expanded.pt')),
    /invalid PyTorch file; wide repeats its numbers 1073741824 times: /,
  );
});

test('a whole module is code: it is refused by name, with what to save instead', async () => {
  await assert.rejects(loadTensors(fixture('module.pt')), {
    message: `invalid pickle; holds a torch.nn.modules.container.Sequential, which is code rather than data; in Python, torch.save(model.state_dict(), 'model.pt') writes tensors alone: ${fixture('module.pt')}`,
  });
});

test('a file cut off or with any byte changed is refused, or gives tensors of the same shapes', async (context) => {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'torch-'));
  context.after(() => fs.rm(folder, { recursive: true }));
  const file = path.join(folder, 'spoilt.pt');
  for (const name of ['types.pt', 'types.old.pt']) {
    const whole = await fs.readFile(fixture(name));
    const attempt = async (bytes: Buffer) => {
      await fs.writeFile(file, bytes);
      try {
        const { tensors } = await loadTensors(file);
        tf.dispose(tensors);
      } catch (error) {
        assert.match(String(error), /^InvalidError: invalid /);
        assert.ok(String(error).includes(file));
      }
    };
    for (let at = 9; at < whole.length; at += 37) {
      await assert.rejects(
        fs.writeFile(file, whole.subarray(0, at)).then(() => loadTensors(file)),
        /^InvalidError: invalid /,
      );
      const changed = Buffer.from(whole);
      changed[at] ^= 1 + (at % 255);
      await attempt(changed);
    }
  }
});
