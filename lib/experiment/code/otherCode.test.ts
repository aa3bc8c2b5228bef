import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { architectures } from '../../network';
import { methods } from '../../prune';
import { readConfig } from '../config';
import { queryRuns } from '../query';
import { type RunRecord, readRun, run } from '../run';
import { runFiles } from '../run/runRecord';
import { numbersOf, shortRun, withFolder } from '../run/testRun';
import { runSweep } from '../sweep';
import { codeAt } from './codeAt';
import { codeFiles, library } from './codeFiles';
import { codeNow } from './codeNow';
import { digestOf } from './codeText';
import { isCodeNewer } from './isCodeNewer';
import { otherCode } from './otherCode';

test('a run depends on the files of its own method, model and data set, and on none that draw or show', () => {
  const files = codeFiles({ data: 'fashion-mnist-full', model: 'wide-resnet18', method: 'synflow-l2/px' });
  const own = files.filter((file) => /^(prune.scores|network.architectures)/.test(file));
  assert.deepEqual(own, [
    ...['architectures', 'modelOptions', 'residual', 'resnet', 'resnet18'].map(
      (name) => `network/architectures/${name}.ts`,
    ),
    ...['pathFlow', 'synflowL2'].map((name) => `prune/scores/${name}.ts`),
  ]);
  for (const file of [
    'data/fashionMnist.ts',
    'data/idx.ts',
    'data/pruningBatch.ts',
    'tensor/kernels/conv2d.ts',
    'train/update.ts',
  ])
    assert.ok(files.includes(file), file);
  for (const file of files) assert.match(file, /^(data|experiment|network|path|prune|tensor|train)\//);
  assert.ok(!files.some((file) => /\.test|cifar|download|safetensors|convert/.test(file)), files.join());
  const dense = codeFiles({ data: 'cifar-10', model: 'fc' });
  assert.ok(!dense.some((file) => file.startsWith('prune/scores')) && dense.includes('data/cifar10.ts'));
});

test('every method and model of the library has a file of its own', () => {
  const count = (names: Partial<Parameters<typeof codeFiles>[0]>, folder: string) =>
    codeFiles({ data: 'mnist', model: 'fc', ...names }).filter((file) => file.startsWith(folder)).length;
  const folders = ['scores', 'structured', 'masks'];
  const own = (method: string) =>
    folders.reduce((sum, folder) => sum + count({ method }, `prune/${folder}/`), 0);
  for (const method of Object.keys(methods)) assert.ok(own(method) > own('of a plug-in'), method);
  const none = count({ model: 'of a plug-in' }, 'network/architectures/');
  for (const model of Object.keys(architectures))
    assert.ok(count({ model }, 'network/architectures/') > none, model);
});

test('comments and layout are no change of code', () => {
  const code = digestOf('const a = 1;\nf(a);\n');
  assert.equal(digestOf('/**\n * What it is.\n */\nconst a = 1;\n\n  // then\n  f(a);'), code);
  assert.notEqual(digestOf('const a = 2;\nf(a);\n'), code);
});

test('the code of a commit is read from the repository, and is not known without one', () =>
  withFolder(async (folder) => {
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], {
        cwd: folder,
        encoding: 'utf8',
      }).trim();
    fs.mkdirSync(join(folder, 'lib', 'é'), { recursive: true });
    fs.writeFileSync(join(folder, 'lib', 'é', 'a.ts'), 'const a = "ü";\n');
    fs.writeFileSync(join(folder, 'lib', 'b.ts'), '');
    assert.equal(codeAt('0'.repeat(40), ['b.ts'], folder), undefined);
    git('init', '-q');
    git('add', '.');
    git('commit', '-q', '-m', 'first');
    const commit = git('rev-parse', 'HEAD');
    const found = codeAt(commit, ['é/a.ts', 'none.ts', 'b.ts'], folder);
    assert.deepEqual(
      [...(found ?? [])],
      [
        ['é/a.ts', digestOf('const a = "ü";')],
        ['none.ts', undefined],
        ['b.ts', digestOf('')],
      ],
    );
    assert.equal(codeAt('1'.repeat(40), ['b.ts'], folder), undefined);
  }));

/** Says in a run's record that its code was other in one file, as after an edit. */
function withEdit({ folder, config, environments: [environment] }: RunRecord): void {
  const files = { ...codeNow(config).files, 'prune/scores/synflow.ts': 'before' };
  fs.writeFileSync(join(folder, '..', '.code', 'before.json'), JSON.stringify(files));
  fs.writeFileSync(join(folder, runFiles.environment), JSON.stringify([{ ...environment, code: 'before' }]));
}

test('a finished run of other code is read, told of with the files, and done anew where asked for', () =>
  withFolder(async (folder) => {
    const messages: string[] = [];
    const options = { folder, onMessage: (message: string) => void messages.push(message) };
    const first = await run(shortRun, options);
    assert.deepEqual([otherCode(first), messages], [undefined, []]);
    assert.equal(first.environments[0].code, codeNow(first.config).hash);
    withEdit(first);
    const again = await run(shortRun, options);
    assert.equal(again.result?.finished, first.result?.finished);
    assert.equal(messages.length, 1);
    assert.match(
      messages[0],
      /^this run is not of the code that is here: .*; since then prune\/scores\/synflow\.ts, on which .*fresh: 'changed'/,
    );
    // What is there and of this code stays.
    const fresh = await run(shortRun, { ...options, fresh: 'changed' });
    assert.notEqual(fresh.result?.finished, first.result?.finished);
    assert.deepEqual(numbersOf(fresh), numbersOf(first));
    const kept = await run(shortRun, { ...options, fresh: 'changed' });
    assert.equal(kept.result?.finished, fresh.result?.finished);
    const replaced = await readRun(join(folder, '.replaced', first.hash));
    assert.equal(replaced?.result?.finished, first.result?.finished);
    const forced = await run(shortRun, { ...options, fresh: true });
    assert.notEqual(forced.result?.finished, kept.result?.finished);
    assert.equal(messages.length, 1);
    await assert.rejects(run(shortRun, { ...options, fresh: 'yes' as never }), {
      message: 'invalid fresh; not true, false or changed: yes',
    });
  }));

test('a sweep and a query tell in one message of all runs that are of other code', () =>
  withFolder(async (folder) => {
    const messages: string[] = [];
    const onMessage = (message: string) => void messages.push(message);
    const spec = { name: 'seeds', base: { ...shortRun }, grid: { seed: [1, 2, 3] } };
    const { runs, hashes } = await runSweep(spec, { folder, onMessage, workers: 1 });
    assert.deepEqual(messages, []);
    const records = await Promise.all(hashes.slice(0, 2).map((hash) => readRun(join(folder, hash))));
    for (const record of records) withEdit(record as RunRecord);
    await runSweep(spec, { folder, onMessage });
    const query = 'select count(*) as n from runs';
    assert.deepEqual(await queryRuns(query, [], { folder, onMessage }), [{ n: 3 }]);
    assert.equal(messages.length, 2);
    for (const message of messages)
      assert.match(
        message,
        /^2 of 3 finished runs are not of the code that is here: .*synflow\.ts, on which/,
      );
    const done: string[] = [];
    await runSweep(spec, {
      folder,
      onMessage,
      fresh: 'changed',
      workers: 1,
      onRun: ({ hash }) => void done.push(hash),
    });
    assert.deepEqual(done, hashes.slice(0, 2));
    assert.deepEqual(await queryRuns(query, [], { folder, onMessage }), [{ n: 3 }]);
    assert.equal(messages.length, 2);
    assert.equal(runs.length, 3);
  }));

test('where an older record says only its commit, and that is not here, what has changed cannot be told', () =>
  withFolder(async (folder) => {
    const record = await run({ ...shortRun, train: { epochs: 0 } }, { folder });
    const environment = { ...record.environments[0], commit: '0'.repeat(40), code: undefined };
    const config = readConfig(shortRun);
    assert.deepEqual(otherCode({ ...record, config, environments: [environment] }), {
      commit: '0'.repeat(40),
    });
    const unknown = { ...environment, commit: null };
    assert.deepEqual(otherCode({ ...record, config, environments: [unknown] }), { commit: null });
    const messages: string[] = [];
    fs.writeFileSync(join(record.folder, runFiles.environment), JSON.stringify([unknown]));
    await run(
      { ...shortRun, train: { epochs: 0 } },
      { folder, onMessage: (message) => void messages.push(message) },
    );
    assert.match(messages.join(), /their commit is not known, and what has changed since cannot be told/);
  }));

test('code is newer than a time where a file that a run depends on has been written since', () => {
  const config = readConfig({ data: 'mnist', model: 'fc-100', prune: { method: 'snip', density: 0.1 } });
  const times = codeFiles({ data: 'mnist', model: 'fc-100', method: 'snip' }).map(
    (file) => fs.statSync(join(library, file)).mtimeMs,
  );
  const last = Math.max(...times);
  assert.equal(isCodeNewer(config, last), false);
  assert.equal(isCodeNewer(config, last - 1), true);
});
