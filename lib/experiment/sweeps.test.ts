import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../data';
import type { Config } from './config';
import { buildModel } from './run/buildModel';
import { type Scale, scales } from './scale';
import { planSweep, readSweep, type SweepSpec } from './sweep';

// The sweeps that come with the project.
const folder = path.join(projectRoot, 'data', 'sweeps');
const files = fs.readdirSync(folder).filter((name) => name.endsWith('.json'));

const shapes = { 'cifar-100': 100, 'tiny-imagenet': 200 } as const;

async function plans(scale: Scale): Promise<{ name: string; configs: Config[] }[]> {
  const specs = await Promise.all(files.map((file) => readSweep(path.join(folder, file))));
  return specs.map((spec) => ({
    name: spec.name,
    configs: planSweep(spec, scale).runs.map(({ config }) => config),
  }));
}

/** `Runs: smoke 12, laptop 288, paper 3,822.` */
function stated({ description = '' }: SweepSpec, scale: Scale): number {
  const found = description.match(new RegExp(`Runs:.*\\b${scale} ([\\d,]+)`));
  return Number(found?.[1].replaceAll(',', ''));
}

for (const file of files) {
  test(`${file} is named as its file and has, at every scale, as many runs as it says`, async () => {
    const spec = await readSweep(path.join(folder, file));
    assert.equal(`${spec.name}.json`, file);
    for (const scale of scales) {
      assert.ok(spec.scales?.[scale], `${scale} is missing`);
      assert.equal(planSweep(spec, scale).runs.length, stated(spec, scale), scale);
    }
  });
}

test('every sweep says which notebooks it is for, and these there are', async () => {
  const notebooks = fs.readdirSync(path.join(projectRoot, 'notebooks'));
  for (const file of files) {
    const { description = '' } = await readSweep(path.join(folder, file));
    const [, named] = /\bnotebooks? (\d\d(?: to \d\d)?)/.exec(description) ?? [];
    assert.ok(named, `${file} names none`);
    for (const number of named.split(' to '))
      assert.ok(
        notebooks.some((name) => name.startsWith(`${number}-`)),
        `${file}: ${number}`,
      );
  }
});

test('no scale but that of the paper asks for a download, but for the sweeps on CIFAR-10', async () => {
  for (const scale of ['smoke', 'laptop', 'evening'] as const)
    for (const { name, configs } of await plans(scale)) {
      const isCifar = scale !== 'smoke' && name.startsWith('cifar-10-');
      const known = isCifar ? /^cifar-10$/ : /^(fashion-mnist|synthetic-\d+)$/;
      for (const { data } of configs) assert.match(data.name, known, name);
    }
});

test('at each scale, sweeps that train the same network on the same images do it in the same way', async () => {
  for (const scale of scales) {
    const known = new Map<string, { name: string; text: string }>();
    for (const { name, configs } of await plans(scale)) {
      for (const { data, model, seed, initialiser, prune, train } of configs) {
        if (!train) continue;
        const key = JSON.stringify([
          data.name,
          model,
          seed,
          initialiser,
          prune,
          train.optimiser,
          train.epochs,
          train.sparse,
          train.validation,
        ]);
        const text = JSON.stringify([data, train]);
        const before = known.get(key);
        assert.equal(text, before?.text ?? text, `${scale}: ${before?.name} and ${name} differ on ${key}`);
        known.set(key, { name, text });
      }
    }
  }
});

test('every network of every sweep can be built for its images', async () => {
  const built = new Set<string>();
  for (const scale of scales)
    for (const { configs } of await plans(scale))
      for (const { data, model } of configs) {
        const key = JSON.stringify([data.name, model]);
        if (built.has(key)) continue;
        built.add(key);
        const side = { 'tiny-imagenet': 64, mnist: 28, 'fashion-mnist': 28 }[data.name] ?? 32;
        const shape: [number, number, number] = [side, side, side === 28 ? 1 : 3];
        const classes = data.name in shapes ? shapes[data.name as keyof typeof shapes] : 10;
        assert.ok(buildModel(model, { shape, classes }).parameters.length > 0, key);
      }
  assert.ok(built.size > 20);
});

test('at the scale of the paper the numbers are those of its code', async () => {
  const { 'initial-trace': initial, training } = Object.fromEntries(
    (await plans('paper')).map(({ name, configs }) => [name, configs]),
  );
  assert.deepEqual(
    [...new Set(initial.map(({ seed }) => seed))].sort((a, b) => a - b),
    [42, 43, 83, 237, 923, 1337, 2317],
  );
  assert.deepEqual(
    [...new Set(initial.map(({ prune }) => -Math.log10(prune?.density ?? 1).toFixed(6)))].sort(),
    [0, 0.5, 1, 1.5, 2, 2.5, 3],
  );
  assert.ok(initial.every(({ train }) => train === undefined));
  for (const { train } of training) {
    assert.equal(train?.optimiser, 'adam');
    assert.deepEqual([train.epochs, train.batch, train.learningRate], [100, 64, 1e-3]);
  }
});
