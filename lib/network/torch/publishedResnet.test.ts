import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createRandom } from '../../tensor/random';
import { asScript, codeBlocks } from '../../testing/codeBlocks';
import { randomStateDict, type StateDict, writeStateDict } from './testStateDict';

const root = join(__dirname, '..', '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'pathkernel-published-'));
symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
after(() => rmSync(folder, { recursive: true, force: true }));

type Map3d = Float64Array[]; // channels of [height · width]
/** The logits as that repository's resnet.py computes them, by loops over one image. */
function logitsOf(dict: StateDict, image: Map3d): number[] {
  const values = (name: string) => dict[`module.${name}`].values;
  const convolve = (x: Map3d, side: number, name: string, stride: number): Map3d => {
    const kernel = values(`${name}.weight`); // [filters, channels, 3, 3]
    const filters = dict[`module.${name}.weight`].shape[0];
    const out = side / stride;
    return Array.from({ length: filters }, (_, f) => {
      const y = new Float64Array(out * out);
      for (let c = 0; c < x.length; c++)
        for (let i = 0; i < 3; i++)
          for (let j = 0; j < 3; j++) {
            const weight = kernel[((f * x.length + c) * 3 + i) * 3 + j];
            for (let row = 0; row < out; row++)
              for (let column = 0; column < out; column++) {
                const [r, s] = [row * stride + i - 1, column * stride + j - 1];
                if (r >= 0 && r < side && s >= 0 && s < side)
                  y[row * out + column] += weight * x[c][r * side + s];
              }
          }
      return y;
    });
  };
  const normalise = (x: Map3d, name: string): Map3d =>
    x.map((map, c) => {
      const [gamma, beta, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map(
        (part) => values(`${name}.${part}`)[c],
      );
      return map.map((value) => (gamma * (value - mean)) / Math.sqrt(variance + 1e-5) + beta);
    });
  const relu = (x: Map3d) => x.map((map) => map.map((value) => Math.max(value, 0)));
  /** F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, planes // 4, planes // 4)) */
  const padded = (x: Map3d, side: number): Map3d => {
    const half = side / 2;
    const none = () => Array.from({ length: x.length / 2 }, () => new Float64Array(half * half));
    const taken = x.map((map) =>
      Float64Array.from(
        { length: half * half },
        (_, i) => map[2 * Math.floor(i / half) * side + 2 * (i % half)],
      ),
    );
    return [...none(), ...taken, ...none()];
  };
  let side = 32;
  let x = relu(normalise(convolve(image, side, 'conv1', 1), 'bn1'));
  for (let stage = 1; stage <= 3; stage++)
    for (let block = 0; block < 3; block++) {
      const name = `layer${stage}.${block}`;
      const stride = stage > 1 && block === 0 ? 2 : 1;
      const shortcut = stride === 2 ? padded(x, side) : x;
      const first = relu(normalise(convolve(x, side, `${name}.conv1`, stride), `${name}.bn1`));
      side /= stride;
      const second = normalise(convolve(first, side, `${name}.conv2`, 1), `${name}.bn2`);
      x = relu(second.map((map, c) => map.map((value, i) => value + shortcut[c][i])));
    }
  const pooled = x.map((map) => map.reduce((sum, value) => sum + value, 0) / map.length);
  const weights = values('linear.weight');
  return Array.from(values('linear.bias'), (bias, k) =>
    pooled.reduce((sum, value, c) => sum + value * weights[k * 64 + c], bias),
  );
}

test('the guide evaluates a published ResNet-20 as its own code does', () => {
  const dict = randomStateDict();
  const weights = Object.values(dict).filter((_, i) => !/running/.test(Object.keys(dict)[i]));
  assert.equal(
    weights.reduce((sum, { values }) => sum + values.length, 0),
    269_722,
  ); // what its README counts
  writeFileSync(join(folder, 'resnet20-12fca82f.th'), writeStateDict(dict));
  const random = createRandom('pictures');
  const records = Array.from({ length: 5 }, (_, label) => [
    label,
    ...Array.from({ length: 3072 }, () => random.integer(256)),
  ]);
  const cifar = join(folder, 'cifar');
  mkdirSync(cifar);
  for (const name of ['data_batch_1.bin', 'test_batch.bin'])
    writeFileSync(join(cifar, name), Buffer.from(records.flat()));

  const [mean, std] = [
    [0.485, 0.456, 0.406],
    [0.229, 0.224, 0.225],
  ];
  let [loss, right] = [0, 0];
  for (const [label, ...pixels] of records) {
    const image = mean.map((_, c) =>
      Float64Array.from(pixels.slice(c * 1024, (c + 1) * 1024), (value) => (value / 255 - mean[c]) / std[c]),
    );
    const logits = logitsOf(dict, image);
    const top = Math.max(...logits);
    loss +=
      (Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - top), 0)) + top - logits[label]) /
      records.length;
    right += Number(logits.indexOf(top) === label) / records.length;
  }

  const blocks = codeBlocks(readFileSync(join(root, 'docs', 'guide.md'), 'utf8'));
  const wanted = blocks.filter(({ code }) => /loadDataset\('cifar-10'\)|resnet20-12fca82f/.test(code));
  const here = asScript(wanted).replace(
    "loadDataset('cifar-10')",
    "loadDataset('cifar-10', { folder: 'cifar' })",
  );
  const script = join(folder, 'example.ts');
  writeFileSync(script, here.replace(/console\.log\((.*)\);/, 'console.log(JSON.stringify($1));'));
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--require', 'tsx/cjs', script], {
    cwd: folder,
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  const found = JSON.parse(stdout.trim().split('\n').at(-1) as string);
  assert.ok(Math.abs(found.loss / loss - 1) < 1e-4, `${found.loss} is not ${loss}`);
  assert.ok(Math.abs(found.top1 - right) < 1e-9, `${found.top1} is not ${right}`);
});
