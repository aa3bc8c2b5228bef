import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { Held } from '../../base/lock';
import { synthetic } from '../../data';
import { fc, initialise, loadTensors, saveParams } from '../../network';
import { prune } from '../../prune';
import { tf } from '../../tensor';
import { test } from '../../testing';
import { sgd, train } from '../../train';
import { type ConfigInput, readConfig, runHash } from '../config';
import { queryRuns } from '../query';
import { type RunRecord, readRun, run } from '.';
import { appendLine } from './files';
import { numbersOf, shortRun, withFolder } from './testRun';

const hash = runHash(readConfig(shortRun));
let expected: ReturnType<typeof numbersOf>;
/** A folder with the run stopped in its third epoch, to be copied. */
let stopped: string;
let cleanUp: () => void;

before(async () => {
  await new Promise<void>((begun) => {
    void withFolder(async (folder) => {
      expected = numbersOf(await run(shortRun, { folder: join(folder, 'whole') }));
      stopped = join(folder, 'stopped');
      await stopIn(stopped, 2);
      begun();
      await new Promise<void>((ended) => {
        cleanUp = ended;
      });
    });
  });
});
after(() => cleanUp());

/** Runs until so many epochs are done and the next is under way. */
async function stopIn(folder: string, epochs: number, config = shortRun): Promise<RunRecord> {
  const stop = new AbortController();
  return run(config, {
    folder,
    signal: stop.signal,
    onProgress: ({ done }) => done > 1 + epochs && stop.abort(),
  });
}

const exists = (path: string) =>
  fs.access(path).then(
    () => true,
    () => false,
  );

test('a run leaves its record, and finished is not run again', () =>
  withFolder(async (folder) => {
    const epochs: number[] = [];
    const first = await run(shortRun, { folder, onEpoch: ({ epoch }) => void epochs.push(epoch) });
    assert.deepEqual(epochs, [0, 1, 2, 3, 4, 5]);
    assert.deepEqual((await fs.readdir(join(folder, hash))).sort(), [
      'config.json',
      'environment.json',
      'epochs.jsonl',
      'pruning.json',
      'result.json',
    ]);
    assert.deepEqual(await readRun(join(folder, hash)), first);
    const [{ threads, device, computation, commit, fromEpoch }] = first.environments;
    assert.equal(computation, 'compiled');
    assert.ok(threads >= 1 && (device === 'CPU' || device === 'GPU') && commit !== undefined);
    assert.equal(fromEpoch, 0);
    const again = await run({ ...shortRun, seed: 1 }, { folder, onEpoch: () => assert.fail('runs again') });
    assert.deepEqual(again, first);
    assert.deepEqual(numbersOf(first), expected);
  }));

test('a record says where the smaller network was trained', () =>
  withFolder(async (folder) => {
    const trained = async (compact?: boolean) => {
      const { environments, epochs } = await run(
        {
          ...shortRun,
          prune: { method: 'synflow', compression: 100 },
          train: { epochs: 2, batch: 10, ...(compact !== undefined && { compact }) },
        },
        { folder },
      );
      assert.equal(environments.length, 1);
      return { compact: environments[0].compact, loss: epochs[2].testLoss as number };
    };
    const [preset, whole, smaller] = [await trained(), await trained(false), await trained(true)];
    assert.deepEqual(
      [preset, whole, smaller].map(({ compact }) => compact),
      [undefined, undefined, true],
    );
    assert.equal(preset.loss, whole.loss);
    assert.ok(Math.abs(smaller.loss / whole.loss - 1) < 1e-5, `${smaller.loss} is not ${whole.loss}`);
  }));

test('a run of the linearised network is stopped and goes on to the bit, and is not that of the network', () =>
  withFolder(async (folder) => {
    const train = { epochs: 5, batch: 10, loss: 'squares' as const };
    const [linearised, plain] = [true, false].map((is) => ({
      ...shortRun,
      train: { ...train, ...(is && { linearised: true }) },
    }));
    const whole = numbersOf(await run(linearised, { folder: join(folder, 'whole') }));
    await stopIn(join(folder, 'halves'), 2, linearised);
    assert.deepEqual(numbersOf(await run(linearised, { folder: join(folder, 'halves') })), whole);
    const other = numbersOf(await run(plain, { folder }));
    assert.deepEqual({ ...other.epochs[0], seconds: 0 }, whole.epochs[0]);
    assert.notEqual(other.epochs[5].testLoss, whole.epochs[5].testLoss);
  }));

test('a run with a penalty that begins midway is stopped and goes on to the bit, and differs from there on', () =>
  withFolder(async (folder) => {
    const penalty = { on: 'kernel' as const, strength: { 4: 0.01 } };
    const [pulled, plain] = [{ penalty }, {}].map((more) => ({
      ...shortRun,
      train: { epochs: 5, batch: 10, ...more },
    }));
    const whole = numbersOf(await run(pulled, { folder: join(folder, 'whole') }));
    await stopIn(join(folder, 'halves'), 2, pulled);
    assert.deepEqual(numbersOf(await run(pulled, { folder: join(folder, 'halves') })), whole);
    const other = numbersOf(await run(plain, { folder }));
    assert.equal(other.epochs[3].testLoss, whole.epochs[3].testLoss);
    assert.ok(whole.epochs[5].weightNorm < other.epochs[5].weightNorm);
  }));

test('a run samples and is gated as prune by hand, other weights drawn as its own', () =>
  withFolder(async (folder) => {
    const data = synthetic({ train: 40, test: 10 });
    const network = fc({ width: 6, depth: 3, input: data.shape });
    const params = initialise(network, { seed: 1, initialiser: 'pytorch' });
    const start = { ...shortRun, initialiser: 'pytorch', train: { epochs: 0 } } as const;
    const method = { method: 'magnitude', density: 0.3 } as const;
    const sampling = { temperature: 0.5, replacement: true };
    const cases = [
      [
        { rule: 'sampled', ...sampling },
        { select: 'sampled', ...sampling },
      ],
      [{ gate: 'reinitialise' }, { gate: 'reinitialise', initialiser: 'pytorch' }],
      [
        { rule: 'sampled', gate: 'shuffle' },
        { select: 'sampled', gate: 'shuffle' },
      ],
    ] as const;
    for (const [asked, options] of cases) {
      const { pruning } = await run({ ...start, prune: { ...method, ...asked } }, { folder });
      const { mask, report } = await prune(network, params, { ...method, ...options });
      assert.deepEqual(pruning, JSON.parse(JSON.stringify(report)));
      tf.dispose(mask);
    }
    tf.dispose(params);
  }));

for (const sparse of [
  { method: 'rigl', every: 3 } as const,
  { method: 'gmp', density: 0.05, every: 3 } as const,
])
  test(`a run whose mask changes by ${sparse.method} is stopped and goes on to the bit, and its record says so`, () =>
    withFolder(async (folder) => {
      const config: ConfigInput = { ...shortRun, train: { epochs: 5, batch: 10, sparse } };
      const [whole, parted] = ['whole', 'parted'].map((name) => join(folder, name));
      const record = await run(config, { folder: whole });
      await stopIn(parted, 2, config);
      assert.deepEqual(numbersOf(await run(config, { folder: parted })), numbersOf(record));
      const { result, epochs } = record;
      assert.equal(result!.kept, Math.round(epochs[5].maskDensity! * result!.size));
      assert.equal(result!.effective, Math.round(epochs[5].effectiveDensity! * result!.size));
      assert.ok(result!.best! >= 1);
      const [row] = await queryRuns('select method, density, kept, bestEpoch, sparse from runs', [], {
        folder: whole,
      });
      const density = 'density' in sparse ? sparse.density : 0.1;
      assert.deepEqual([row.method, row.density], [`synflow + ${sparse.method}`, density]);
      assert.deepEqual([row.kept, row.bestEpoch], [result!.kept, result!.best]);
      assert.equal(JSON.parse(row.sparse as string).every, 3);
      const sql = 'select maskDensity, maskUpdates, validationTop1 from epochs where epoch = 5';
      const [last] = await queryRuns(sql, [], { folder: whole });
      assert.equal(last.maskDensity, epochs[5].maskDensity);
      assert.equal(last.validationTop1, epochs[5].validationTop1);
    }));

test('a mask that changes needs one to start from where its method does not say how many weights are left', () =>
  withFolder(async (folder) => {
    const { prune: _, ...dense } = shortRun;
    const refused: [ConfigInput, string][] = [
      [
        { ...dense, train: { epochs: 2, sparse: { method: 'set' } } },
        'config.train.sparse.method; keeps the number of weights it starts from, so give config.prune as well: set',
      ],
      [
        { ...shortRun, train: { epochs: 2, sparse: { method: 'granet', density: 0.5 } } },
        'config.train.sparse.density; above that of config.prune, 0.1: 0.5',
      ],
    ];
    for (const [config, message] of refused)
      await assert.rejects(run(config, { folder }), { message: `invalid ${message}` });
  }));

test('a run computes what its parts called by hand compute', () =>
  withFolder(async (folder) => {
    const config: ConfigInput = {
      data: { name: 'synthetic-10', train: 40, test: 10, seed: 3 },
      model: { name: 'fc', width: 5, depth: 2 },
      initialiser: 'orthogonal',
      seed: 8,
      prune: { method: 'snip', density: 0.3, iterations: 2, schedule: 'linear', scope: 'layer', perClass: 2 },
      train: {
        epochs: 2,
        batch: 16,
        optimiser: 'sgd',
        learningRate: 0.01,
        momentum: 0.5,
        schedule: { drops: [1] },
      },
      record: { trace: 'as-published' },
    };
    const { epochs, pruning, result } = await run(config, { folder });
    const data = synthetic({ train: 40, test: 10, seed: 3 });
    const network = fc({ width: 5, depth: 2, input: data.shape });
    const params = initialise(network, { seed: 8, initialiser: 'orthogonal' });
    const { mask, report } = await prune(network, params, {
      method: 'snip',
      density: 0.3,
      iterations: 2,
      schedule: 'linear',
      scope: 'layer',
      perClass: 2,
      seed: 8,
      data,
    });
    const history = await train(network, params, {
      data,
      mask,
      epochs: 2,
      batch: 16,
      seed: 8,
      optimiser: sgd({ learningRate: 0.01, momentum: 0.5 }),
      schedule: { drops: [1] },
      record: { trace: 'as-published' },
    });
    const untimed = (rows: typeof epochs) => rows.map((row) => ({ ...row, seconds: 0 }));
    assert.deepEqual(untimed(epochs), untimed(history.rows));
    assert.deepEqual(pruning, report);
    assert.equal(result?.kept, report.kept);
    tf.dispose([params, mask, history.params]);
  }));

test('without training a run measures the start, without pruning it keeps all', () =>
  withFolder(async (folder) => {
    const { prune: _, train: __, ...dense } = shortRun;
    const { epochs, pruning, result } = await run(dense, { folder });
    assert.deepEqual(
      epochs.map(({ epoch }) => epoch),
      [0],
    );
    assert.equal(pruning, undefined);
    const size = 3072 * 6 + 6 * 6 + 6 * 10;
    assert.deepEqual([result?.epochs, result?.size, result?.kept, result?.effective], [0, size, size, size]);
    const pruned = await run({ ...dense, prune: shortRun.prune }, { folder });
    assert.deepEqual({ ...pruned.epochs[0], seconds: 0 }, expected.epochs[0]);
  }));

test('a run that was stopped hands out what there is and goes on to the same numbers', () =>
  withFolder(async (folder) => {
    const { result, epochs } = await stopIn(folder, 3);
    assert.deepEqual([result, epochs.length], [undefined, 4]);
    const later: number[] = [];
    const record = await run(shortRun, { folder, onEpoch: ({ epoch }) => void later.push(epoch) });
    assert.deepEqual(later, [4, 5]);
    assert.deepEqual(numbersOf(record), expected);
  }));

const epochsFile = (folder: string) => join(folder, 'epochs.jsonl');
const damages: Record<string, (folder: string) => Promise<unknown>> = {
  'a torn last line': (folder) => fs.appendFile(epochsFile(folder), '{"epoch":3,"learn'),
  'a torn line that is whole JSON': (folder) => fs.appendFile(epochsFile(folder), '3'),
  'a row without its checkpoint': (folder) => fs.appendFile(epochsFile(folder), '{"epoch":3,"testLoss":1}\n'),
  'rows missing': (folder) => fs.truncate(epochsFile(folder), 200),
  'no rows': (folder) => fs.rm(epochsFile(folder)),
  'no checkpoint': (folder) => fs.rm(join(folder, 'checkpoint.safetensors')),
  'a checkpoint cut off': (folder) => fs.truncate(join(folder, 'checkpoint.safetensors'), 5000),
  'a checkpoint half written beside the last': (folder) =>
    fs.writeFile(join(folder, 'checkpoint.safetensors.part'), 'half'),
  'a checkpoint older than masks in checkpoints': async (folder) => {
    const path = join(folder, 'checkpoint.safetensors');
    const { tensors, metadata } = await loadTensors(path);
    const isMask = (name: string) => name.startsWith('mask/');
    assert.ok(Object.keys(tensors).some(isMask));
    const others = Object.entries(tensors).filter(([name]) => !isMask(name));
    await saveParams(path, Object.fromEntries(others), { metadata });
    tf.dispose(tensors);
  },
  'no mask': (folder) => fs.rm(join(folder, 'mask.safetensors')),
  'a mask cut off': (folder) => fs.truncate(join(folder, 'mask.safetensors'), 3),
  'a mask without its report': (folder) => fs.rm(join(folder, 'pruning.json')),
  'no environment': (folder) => fs.rm(join(folder, 'environment.json')),
  'files half written': async (folder) => {
    for (const name of ['config', 'environment', 'pruning', 'result'])
      await fs.writeFile(join(folder, `${name}.json.part`), '{"half');
  },
  'a lock left by a process that is gone': (folder) =>
    fs.writeFile(join(folder, 'lock'), JSON.stringify({ host: hostname(), pid: 2 ** 30, hash: 'a' })),
  'an earlier error': (folder) => fs.writeFile(join(folder, 'error.json'), '{"message":"no","at":""}'),
};

for (const [name, damage] of Object.entries(damages))
  test(`with ${name} a run ends with the same numbers`, () =>
    withFolder(async (folder) => {
      await fs.cp(stopped, folder, { recursive: true });
      await damage(join(folder, hash));
      const record = await run(shortRun, { folder });
      assert.deepEqual(numbersOf(record), expected);
      assert.equal(record.error, undefined);
      assert.equal(record.environments.length, 1);
      const left = await fs.readdir(join(folder, hash));
      assert.deepEqual(
        left.filter((file) => !/^(config|environment|pruning|result)\.json$|^epochs\.jsonl$/.test(file)),
        [],
      );
    }));

test('a full disk is named, harms no finished run, and the run goes on once there is room', () =>
  withFolder(async (folder) => {
    const other: ConfigInput = { ...shortRun, seed: 2, train: undefined };
    const finished = await run(other, { folder });
    const own = join(folder, hash);
    await fs.mkdir(own);
    for (const file of [
      'config.json',
      'environment.json',
      'mask.safetensors',
      'pruning.json',
      'checkpoint.safetensors',
      'result.json',
    ]) {
      await fs.symlink('/dev/full', join(own, `${file}.part`)); // takes no byte, as a full disk
      await assert.rejects(run(shortRun, { folder }), {
        name: 'DiskError',
        message: `cannot write ${join(own, file)}: the disk is full (ENOSPC)`,
      });
      if (file !== 'config.json')
        assert.match((await readRun(own))?.error?.message ?? '', /the disk is full/);
      assert.equal(await exists(join(own, 'lock')), false);
    }
    await assert.rejects(appendLine('/dev/full', '{}'), {
      message: 'cannot write /dev/full: the disk is full (ENOSPC)',
    });
    assert.deepEqual(numbersOf(await run(shortRun, { folder })), expected);
    assert.deepEqual(await run(other, { folder }), finished);
  }));

test('a run prunes the layers it names, iterates adaptively and takes the statistics it asks for', () =>
  withFolder(async (folder) => {
    const pruned = async (model: ConfigInput['model'], options: NonNullable<ConfigInput['prune']>) =>
      (await run({ ...shortRun, model, train: undefined, prune: options }, { folder })).pruning!;
    const synflow = { method: 'synflow', compression: 10, iterations: 'adaptive' } as const;
    assert.ok((await pruned(shortRun.model, synflow)).iterations >= 100);
    const choices = await Promise.all(
      [{ only: 'dense1' }, { except: ['dense2', 'dense3'] }].map((layers) =>
        pruned(shortRun.model, { method: 'magnitude', density: 0.5, ...layers }),
      ),
    );
    for (const { rows } of choices)
      assert.deepEqual(
        rows.map(({ density }) => density),
        [0.5, 1, 1],
      );
    await assert.rejects(pruned(shortRun.model, { method: 'magnitude', density: 0.5, only: 'dense9' }), {
      message: /^invalid config\.prune\.only; unknown, did you mean dense1/,
    });
    const snip = { method: 'snip', compression: 10 } as const;
    const kept = async (batchNorm?: 'training' | 'inference') =>
      (await pruned('vgg11-bn', { ...snip, batchNorm, perClass: 1 })).rows.map(({ kept }) => kept);
    assert.deepEqual(await kept('training'), await kept());
    assert.notDeepEqual(await kept('inference'), await kept());
  }));

test('two at once do not do the same run, another run they do', () =>
  withFolder(async (folder) => {
    const first = run(shortRun, { folder });
    await assert.rejects(
      run(shortRun, { folder }),
      (error) => error instanceof Held && error.holder.pid === process.pid,
    );
    await run({ ...shortRun, seed: 5, train: undefined }, { folder });
    assert.deepEqual(numbersOf(await first), expected);
  }));

test('a failure is noted in its folder until the run succeeds', () =>
  withFolder(async (folder) => {
    const hopeless: ConfigInput = { ...shortRun, data: { name: 'cifar-10', folder: 'no/such/folder' } };
    const message = /^invalid data set; /;
    await assert.rejects(run(hopeless, { folder }), { message });
    const record = await readRun(join(folder, runHash(readConfig(hopeless))));
    assert.match(record?.error?.message ?? '', message);
    assert.deepEqual([record?.result, record?.epochs], [undefined, []]);
    // What can be seen beforehand leaves nothing.
    const beyond: ConfigInput = { ...shortRun, prune: { method: 'snip', compression: 1e5 } };
    await assert.rejects(run(beyond, { folder }), /invalid config\.prune\.density; below one weight a layer/);
    assert.equal(await readRun(join(folder, runHash(readConfig(beyond)))), undefined);
    await assert.rejects(run({ ...shortRun, seed: -1 }, { folder }), {
      message: 'invalid config.seed; not a whole number of 0 or more: -1',
    });
  }));

test('a damaged record is named with what to do', () =>
  withFolder(async (folder) => {
    const config: ConfigInput = { ...shortRun, train: undefined };
    const { folder: own, hash: name } = await run(config, { folder });
    const spoil = async (file: string, text: string, message: RegExp) => {
      const whole = await fs.readFile(join(own, file));
      await fs.writeFile(join(own, file), text);
      await assert.rejects(run(config, { folder }), { name: 'InvalidError', message });
      await fs.writeFile(join(own, file), whole);
    };
    const remedy = `; remove the folder to run it again: ${own}$`;
    const says = (rule: string) => new RegExp(`^invalid run record; ${rule}${remedy}`);
    await spoil('config.json', '{"data":', says('invalid config.json; not JSON: {"data":'));
    await spoil('config.json', '{"model":"conv"}', says('invalid config.json.data; is missing: undefined'));
    await spoil(
      'config.json',
      '{"data":"mnist","model":"conv"}',
      says('config.json is that of run [0-9a-f]{12}'),
    );
    await spoil('result.json', '3', says('result.json is not an object'));
    await spoil('result.json', '', says('invalid result.json; not JSON: ""'));
    await spoil('epochs.jsonl', '{"epoch":0', says('epochs.jsonl has 0 whole rows of 1'));
    assert.equal((await run(config, { folder })).hash, name);
  }));

test('a run freezes what its mask cuts: the network stays dense, and only kept weights move', () =>
  withFolder(async (folder) => {
    const config = { ...shortRun, prune: { ...shortRun.prune!, apply: 'freeze' as const } };
    const [frozen, pruned] = [await run(config, { folder }), await run(shortRun, { folder })];
    assert.notEqual(frozen.hash, pruned.hash);
    assert.equal(
      runHash(readConfig({ ...shortRun, prune: { ...shortRun.prune!, apply: 'zero' } })),
      pruned.hash,
    );
    assert.equal(frozen.pruning?.kept, pruned.pruning?.kept);
    const [first, last] = [frozen.epochs[0], frozen.epochs[frozen.epochs.length - 1]];
    assert.equal(first.pathKernelTrace, frozen.pruning?.before.logTrace); // of the dense network
    assert.ok(last.weightMovement > 0 && last.weightNorm > pruned.epochs[5].weightNorm);
    assert.throws(
      () => readConfig({ ...shortRun, prune: { ...shortRun.prune!, apply: 'frozen' as 'freeze' } }),
      /invalid config.prune.apply; unknown, did you mean freeze/,
    );
  }));
