import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../../data';
import { type Method, methods, registerMethod } from '../../prune';
import { test } from '../../testing';
import { type ConfigInput, readConfig, runHash } from '../config';
import { exportRuns, queryRuns } from '../query';
import { packRuns, unpackRuns } from '../records';
import { readRun, run } from '../run';
import { numbersOf, shortRun, withFolder } from '../run/testRun';
import { planSweep, runSweep, survey } from '../sweep';
import { pluginFile } from './pluginFile';

process.env.PATHKERNEL_THREADS = '1'; // of workers and of this process: numbers are compared to the bit

/** A plug-in of all kinds, of two files; each load adds a line to `loads`. */
function writePlugin(folder: string): string {
  fs.mkdirSync(folder, { recursive: true });
  if (!fs.existsSync(join(folder, 'node_modules')))
    fs.symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'));
  const path = join(folder, 'mine.ts');
  fs.writeFileSync(
    path,
    `import { appendFileSync } from 'node:fs';
     import { datasets, fc, kernelsOf, type Network, synthetic, tf } from 'pathkernel';
     import { power } from './power';
     appendFileSync(${JSON.stringify(join(folder, 'loads'))}, process.pid + '\\n');
     const load = async (options: object) => synthetic({ ...options, classes: 10, train: 40, test: 10 });
     export default {
       methods: {
         cubes: {
           description: '|θ|³',
           needs: 'nothing',
           iterations: 2,
           score: (network: Network, params: Record<string, tf.Tensor>) =>
             Object.fromEntries(kernelsOf(network).map(({ name }) => [name, tf.tidy(() => params[name].abs().pow(power))])),
         },
       },
       models: { small: ({ width = 3, ...rest } = {}) => fc({ ...rest, width, depth: 2 }) },
       datasets: { pictures: { ...datasets.datasets['synthetic-10'], train: 40, test: 10, load } },
       quantities: {
         kernels: { meaning: 'number of kernels', title: 'Kernels', label: 'kernels', measure: ({ network }) => kernelsOf(network).length },
       },
     };`,
  );
  fs.writeFileSync(join(folder, 'power.ts'), 'export const power: number = 3;\n');
  return path;
}

const loads = (folder: string) =>
  fs.existsSync(join(folder, 'loads')) &&
  fs.readFileSync(join(folder, 'loads'), 'utf8').trim().split('\n').length;

const withMine = (path: string): ConfigInput => ({
  plugins: [path],
  data: 'pictures',
  model: { name: 'small', options: { width: 4 } },
  prune: { method: 'cubes', compression: 3 },
  train: { epochs: 2, batch: 10 },
  record: { quantities: ['kernels'] },
});

const withPlugin = (body: (folder: string, path: string) => Promise<void>) => () =>
  withFolder((folder) => body(folder, writePlugin(join(folder, 'code'))));

test(
  'a run takes method, model, data set and quantity from a plug-in, and its record is read without it',
  withPlugin(async (folder, path) => {
    const own = join(folder, 'runs');
    const record = await run(withMine(path), { folder: own });
    assert.deepEqual(
      record.epochs.map((row) => (row as unknown as { kernels: number }).kernels),
      [2, 2, 2],
    );
    assert.deepEqual(record.config.plugins, [{ name: 'mine.ts', hash: pluginFile(path).hash }]);
    assert.ok(!JSON.stringify(record.config).includes(folder), 'a record does not say where code is');
    assert.equal(loads(join(folder, 'code')), 1);
    assert.ok(!Object.hasOwn(methods, 'cubes'), 'taken out again');

    fs.rmSync(join(folder, 'code'), { recursive: true });
    assert.deepEqual(await readRun(join(own, record.hash)), record);
    const query =
      'select method, model, data, iterations, kernels from runs join epochs using (hash) where epoch = 2';
    assert.deepEqual(await queryRuns(query, [], { folder: own }), [
      { method: 'cubes', model: 'small-width-4', data: 'pictures', iterations: null, kernels: 2 },
    ]);
    assert.equal((await exportRuns(join(folder, 'tables'), { folder: own }))[1].rows, 3);
    await packRuns(join(folder, 'a.tar.gz'), [record.hash], { folder: own });
    assert.equal((await unpackRuns(join(folder, 'a.tar.gz'), { folder: join(folder, 'else') })).added, 1);
    await assert.rejects(run({ ...record.config, seed: 2 }, { folder: own }), {
      message: 'invalid config.plugins; a name and a hash load nothing, give its file: mine.ts',
    });
  }),
);

test(
  'workers and tasks of Slurm load a plug-in, looking at a sweep does not, and all compute the same',
  withPlugin(async (folder, path) => {
    const spec = {
      name: 'mine',
      plugins: [path],
      base: { ...withMine(path), plugins: undefined } as object as Record<string, unknown>,
    };
    const { plugins: _, ...base } = spec.base;
    const sweep = { ...spec, base, grid: { seed: [1, 2] } };
    const plan = planSweep(sweep);
    assert.deepEqual(
      (await survey(plan, folder)).map(({ state }) => state),
      ['missing', 'missing'],
    );
    assert.equal(loads(join(folder, 'code')), false);
    const { runs } = await runSweep(sweep, { folder: join(folder, 'pool'), workers: 1 });
    assert.deepEqual(
      runs.map(({ state, message }) => [state, message]),
      [
        ['done', undefined],
        ['done', undefined],
      ],
    );

    const { configs, task } = writeTasks(folder, plan);
    await task(1);
    const alone = await run({ ...withMine(path), seed: 2 }, { folder: join(folder, 'alone') });
    const records = await Promise.all(
      ['pool', 'slurm'].map((name) => readRun(join(folder, name, runHash(configs[1])))),
    );
    assert.deepEqual(numbersOf(records[0]!), numbersOf(records[1]!)); // to the bit: both with a thread
    assert.deepEqual(records[0]?.pruning?.rows, alone.pruning?.rows);

    fs.writeFileSync(join(folder, 'code', 'power.ts'), 'export const power = -1;\n');
    await assert.rejects(task(0), /invalid plug-in mine\.ts; has changed since it was asked for/);
    const anew = planSweep(sweep);
    assert.notEqual(anew.runs[0].hash, plan.runs[0].hash, 'another content is another run');
    const changed = await run({ ...withMine(path), seed: 2 }, { folder: join(folder, 'alone') });
    assert.ok(changed.epochs[0].weightNorm < alone.epochs[0].weightNorm / 2, 'the smallest weights now');
    assert.equal(changed.hash, anew.runs[1].hash);
  }),
);

/** What a job of Slurm's would do, without Slurm. */
function writeTasks(folder: string, plan: ReturnType<typeof planSweep>) {
  const configs = plan.runs.map(({ config }) => config);
  const file = join(folder, 'tasks.json');
  fs.writeFileSync(
    file,
    JSON.stringify({ folder: join(folder, 'slurm'), requeue: false, configs, plugins: plan.plugins }),
  );
  const task = async (index: number) => {
    const args = ['--require', 'tsx/cjs', join(projectRoot, 'lib/experiment/slurm/task.ts'), file];
    const env = { ...process.env, SLURM_ARRAY_TASK_ID: String(index) };
    await promisify(execFile)(process.execPath, args, { cwd: projectRoot, env });
  };
  return { configs, task };
}

test(
  'a plug-in is what it holds and imports, wherever it lies and whatever it is called',
  withPlugin(async (folder, path) => {
    const hash = () => pluginFile(path).hash;
    const first = hash();
    const other = writePlugin(join(folder, 'elsewhere'));
    fs.writeFileSync(other, fs.readFileSync(path));
    fs.renameSync(other, join(folder, 'elsewhere', 'yours.ts'));
    assert.equal(pluginFile(join(folder, 'elsewhere', 'yours.ts')).hash, first);
    const power = join(folder, 'code', 'power.ts');
    fs.writeFileSync(power, "export { power } from './deep';\n");
    fs.writeFileSync(join(folder, 'code', 'deep.ts'), 'export const power = 3;\n');
    const second = hash();
    fs.writeFileSync(join(folder, 'code', 'deep.ts'), 'export const power = 4;\n');
    assert.equal(new Set([first, second, hash()]).size, 3);
    fs.writeFileSync(
      join(folder, 'code', 'deep.ts'),
      "import type { X } from './nowhere';\nexport const power = 4;\n",
    );
    assert.equal(pluginFile(path).name, 'mine.ts', 'types are no part of what runs');

    const pack = join(folder, 'code', 'lib');
    fs.unlinkSync(join(folder, 'code', 'node_modules'));
    fs.mkdirSync(join(folder, 'code', 'node_modules', 'powers'), { recursive: true });
    const manifest = (version: string) =>
      fs.writeFileSync(
        join(folder, 'code/node_modules/powers/package.json'),
        JSON.stringify({ name: 'powers', version }),
      );
    manifest('1.0.0');
    fs.writeFileSync(join(folder, 'code/node_modules/powers/index.js'), 'exports.power = 3;\n');
    fs.writeFileSync(power, "export { power } from 'powers';\n");
    const third = hash();
    manifest('1.0.1');
    assert.notEqual(hash(), third);
    assert.ok(!fs.existsSync(pack));
  }),
);

test(
  'a plug-in that is missing, cannot be read or brings what it must not is an error that says so',
  withPlugin(async (folder, path) => {
    const attempt = (text: string) => {
      fs.writeFileSync(path, text);
      return run(
        { ...shortRun, plugins: [path], prune: { method: 'cubes', compression: 2 } },
        { folder: join(folder, 'runs') },
      );
    };
    const score = "{ description: '', needs: 'nothing', iterations: 1, score: () => ({}) }";
    const cases: [string, RegExp][] = [
      ['export default { methods: {', /^invalid plugins; mine\.ts, line 1: '}' expected.*mine\.ts$/],
      ["import './nowhere';", /^invalid plugins; mine\.ts imports \.\/nowhere, which is not there: /],
      ["throw new Error('not today');", /^invalid plug-in mine\.ts; fails as it is loaded: not today: /],
      ['export const x = 1;', /^invalid plug-in mine\.ts, export; unknown, did you mean .*: x$/],
      ['', /^invalid plug-in mine\.ts, export; the default is to be /],
      [
        'export default { method: {} };',
        /^invalid plug-in mine\.ts, export; unknown, did you mean methods.*: method$/,
      ],
      [
        'export default { methods: 3 };',
        /^invalid plug-in mine\.ts, export methods; not an object of entries/,
      ],
      [`export default { methods: { snip: ${score} } };`, /^invalid plug-in mine\.ts, .*: snip$/],
      ['export default { methods: { cubes: {} } };', /^invalid plug-in mine\.ts, method; /],
      [
        'export default { models: { fc: () => 0 } };',
        /^invalid plug-in mine\.ts, model; comes with the library/,
      ],
      ['export default { quantities: { hash: {} } };', /^invalid plug-in mine\.ts, quantity; not a name/],
      [
        `export default { methods: { cube: ${score} } };`,
        /^invalid config\.prune\.method; unknown, did you mean cube.*: cubes$/,
      ],
    ];
    for (const [text, message] of cases) await assert.rejects(attempt(text), { message }, text);
    assert.ok(!Object.hasOwn(methods, 'cube') && !Object.hasOwn(methods, 'cubes'));
    const base = { ...shortRun, prune: { method: 'cubes', compression: 2 } } as Record<string, unknown>;
    const [last] = await survey(planSweep({ name: 'mine', plugins: [path], base }), join(folder, 'runs'));
    assert.equal(last.state, 'failed');
    assert.match(last.message ?? '', /^invalid config\.prune\.method; unknown/);

    const name = (plugin: string) => () => readConfig({ ...shortRun, plugins: [plugin] });
    assert.throws(
      name('./nothing-here.ts'),
      /^InvalidError: invalid plugins; no such file, .*nothing-here\.ts is meant: /,
    );
    assert.throws(name('../outside.ts'), {
      message: 'invalid plugins; not within the project, give its whole path: ../outside.ts',
    });
    assert.throws(name('no-such-package'), /invalid plugins; no package of this name is installed/);

    const twin = join(folder, 'code', 'twin.ts');
    for (const file of [path, twin])
      fs.writeFileSync(file, `export default { methods: { cubes: ${score} } }; // ${file}`);
    await assert.rejects(run({ ...shortRun, plugins: [path, twin] }, { folder: join(folder, 'runs') }), {
      message: 'invalid plug-in twin.ts; mine.ts has methods of this name too: cubes',
    });
  }),
);

test('what is registered for the session is refused to runs and sweeps, with how to make it a plug-in', () =>
  withFolder(async (folder) => {
    const method: Method = { description: '', needs: 'nothing', iterations: 1, score: () => ({}) };
    const takeOut = registerMethod('mine', method);
    try {
      const message =
        /config\.prune\.method; registered for this session only, .* plugins: \['\.\/my-file\.ts'\]: mine$/;
      const prune = { method: 'mine', compression: 2 };
      await assert.rejects(run({ ...shortRun, prune }, { folder }), { message });
      await assert.rejects(runSweep({ name: 'x', base: { ...shortRun, prune } as never }, { folder }), {
        message,
      });
    } finally {
      takeOut();
    }
    assert.deepEqual(fs.readdirSync(folder), []);
  }));
