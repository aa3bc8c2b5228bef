import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { naturalOrder } from '../../base/naturalOrder';
import { methods } from '../../prune';
import { frame } from '../frame';
import { run } from '../run';
import { shortRun, withFolder } from '../run/testRun';
import { queryRuns } from '.';
import { madeUpEpochs, writeRecord } from './testRecords';

const pruned = (method: 'snip' | 'synflow', seed: number) => ({
  data: 'fashion-mnist',
  model: 'fc-100',
  seed,
  prune: { method, exponent: 1 },
  train: { epochs: 2 },
});

/** Runs with a folder of four made-up records; messages are collected. */
function withRecords(
  body: (
    folder: string,
    ask: <R extends object>(sql: string) => Promise<R[]>,
    messages: string[],
  ) => Promise<void>,
): Promise<void> {
  return withFolder(async (folder) => {
    for (const [i, method] of (['snip', 'synflow'] as const).entries())
      for (const seed of [1, 2])
        writeRecord(folder, pruned(method, seed), {
          epochs: madeUpEpochs([0.1, 0.5, 0.6 + i / 10 + seed / 100]),
          logTrace: i === 0 ? null : seed,
          kept: i === 0 ? [20, 0] : [12, 8],
        });
    const messages: string[] = [];
    const onMessage = (message: string) => messages.push(message);
    await body(folder, (sql) => queryRuns(sql, [], { folder, onMessage }), messages);
  });
}

test('runs are grouped as they would be by hand', () =>
  withRecords(async (_, ask, messages) => {
    const rows = await ask(
      'select method, compression, exponent, count(*) as n, round(avg(finalTestTop1), 4) as top1 from runs group by all order by all',
    );
    assert.deepEqual(rows, [
      { method: 'snip', compression: 10, exponent: 1, n: 2, top1: 0.615 },
      { method: 'synflow', compression: 10, exponent: 1, n: 2, top1: 0.715 },
    ]);
    assert.deepEqual(messages, []);
  }));

test('runs of an earlier version of their method do not mix with others, and are there by name', () =>
  withRecords(async (folder, ask, messages) => {
    const old = writeRecord(folder, pruned('snip', 1), { epochs: madeUpEpochs([0.1, 0.9]), isFirst: true });
    const now = writeRecord(folder, pruned('synflow', 1), {
      epochs: madeUpEpochs([0.1, 0.5]),
      isFirst: true,
    });
    const count = 'select method, methodVersion, count(*) as n from runs group by all order by all';
    assert.deepEqual(await ask(count), [
      { method: 'snip', methodVersion: methods.snip.version, n: 2 },
      { method: 'synflow', methodVersion: 1, n: 2 },
    ]);
    assert.deepEqual(messages, [
      '1 run is of earlier versions of pruning methods, which found other numbers; left out, unless asked for by name',
    ]);
    assert.deepEqual(await queryRuns(count, [], { folder, hashes: [old, now] }), [
      { method: 'snip', methodVersion: 1, n: 1 },
      { method: 'synflow', methodVersion: 1, n: 1 },
    ]);
  }));

test('epochs are joined with their run, and what was not recorded is null', () =>
  withRecords(async (_, ask) => {
    const rows = await ask(
      'select epoch, round(avg(testTop1), 4) as top1, min(trainLoss) as loss, count(*) as n from epochs join runs using (hash) where seed = 1 group by epoch order by epoch',
    );
    assert.deepEqual(rows, [
      { epoch: 0, top1: 0.1, loss: null, n: 2 },
      { epoch: 1, top1: 0.5, loss: 2, n: 2 },
      { epoch: 2, top1: 0.66, loss: 1, n: 2 },
    ]);
  }));

test('layers are in their order from the input, and an emptied one is a collapse', () =>
  withRecords(async (_, ask) => {
    const rows = await ask(
      "select depth, layer, l.kept, l.size, collapsed, units from layers l join runs using (hash) where method = 'snip' and seed = 1 order by depth",
    );
    assert.deepEqual(rows, [
      { depth: 0, layer: 'dense0', kept: 20, size: 100, collapsed: true, units: 10 },
      { depth: 1, layer: 'dense1', kept: 0, size: 100, collapsed: true, units: 10 },
    ]);
    assert.deepEqual(await ask("select distinct collapsed from runs where method = 'synflow'"), [
      { collapsed: false },
    ]);
  }));

test('a trace of 0 has the logarithm −Infinity', () =>
  withRecords(async (_, ask) => {
    const rows = await ask('select logTrace from runs order by logTrace');
    assert.deepEqual(
      rows.map((row) => Object.values(row)[0]),
      [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, 1, 2],
    );
  }));

test('values fill the places a query leaves open, by order and by name', () =>
  withRecords(async (folder) => {
    const count = 'select count(*) as n from runs where method = ';
    assert.deepEqual(await queryRuns(`${count}? and seed = ?`, ['snip', 2], { folder }), [{ n: 1 }]);
    assert.deepEqual(await queryRuns(`${count}$method`, { method: "it's" }, { folder }), [{ n: 0 }]);
  }));

test('names have their natural order where a query asks for it', () =>
  withRecords(async (_, ask) => {
    const names = ['fc-1000', 'vgg9', 'fc-500', 'fc', '20b', 'vgg11-bn', '3a', 'fc-500-2'];
    const rows = await ask<{ name: string }>(
      `select name from unnest([${names.map((name) => `'${name}'`)}]) as names(name) order by natural_order(name)`,
    );
    assert.deepEqual(
      rows.map(({ name }) => name),
      [...names].sort(naturalOrder),
    );
  }));

test('runs that are not asked for are not looked at', () =>
  withRecords(async (folder) => {
    const hash = writeRecord(folder, pruned('snip', 1));
    fs.writeFileSync(join(folder, 'notes.txt'), 'mine');
    const onMessage = (message: string) => assert.fail(message);
    const rows = (hashes: string[]) => queryRuns('select hash from runs', [], { folder, hashes, onMessage });
    assert.deepEqual(await rows([hash, 'unknown']), [{ hash }]);
    assert.deepEqual(await rows([]), []);
  }));

test('the rows make a frame', () =>
  withRecords(async (_, ask) => {
    const table = await frame(await ask('select method, seed, finalTestTop1 from runs order by all'));
    assert.deepEqual(table.shape, [4, 3]);
    assert.deepEqual(table.columns, ['method', 'seed', 'finalTestTop1']);
  }));

test('lists, structures and large whole numbers come as plain values', () =>
  withRecords(async (_, ask) => {
    const [row] = await ask(
      "select [1, 2::bigint] as list, {'a': 3::hugeint} as part, 9007199254740993::bigint as large, 1.5::decimal(3, 1) as decimal from runs limit 1",
    );
    assert.deepEqual(row, { list: [1, 2], part: { a: 3 }, large: '9007199254740993', decimal: 1.5 });
  }));

test('a run under way and a failed one are told from a finished one', () =>
  withRecords(async (folder, ask) => {
    writeRecord(folder, pruned('snip', 3), { isDone: false, epochs: madeUpEpochs([0.1]) });
    writeRecord(folder, pruned('snip', 4), { isDone: false, error: 'loss is not finite' });
    fs.mkdirSync(join(folder, 'begun'));
    fs.writeFileSync(join(folder, 'begun', 'lock'), '');
    const rows = await ask(
      "select status, error, finalTestTop1 as top1 from runs where status <> 'done' order by all",
    );
    assert.deepEqual(rows, [
      { status: 'failed', error: 'loss is not finite', top1: null },
      { status: 'unfinished', error: null, top1: null },
    ]);
  }));

test('a run that is not pruned keeps all, and its trace is that of epoch 0', () =>
  withRecords(async (folder, ask) => {
    writeRecord(
      folder,
      { data: 'mnist', model: { name: 'fc', width: 8, depth: 3 } },
      { epochs: madeUpEpochs([0.1], 33) },
    );
    const rows = await ask(
      "select model, method, density, epochs, collapsed, logTrace, iterations from runs where method = 'dense'",
    );
    assert.deepEqual(rows, [
      {
        model: 'fc-8-3',
        method: 'dense',
        density: 1,
        epochs: 0,
        collapsed: false,
        logTrace: 33,
        iterations: null,
      },
    ]);
  }));

test('what a run asks of pruning beside the method stands in its row', () =>
  withRecords(async (folder, ask) => {
    const prune = { method: 'snip', density: 0.5, batchNorm: 'inference', only: ['b', 'a*'] } as const;
    writeRecord(folder, { data: 'mnist', model: 'fc-100', prune }, { epochs: madeUpEpochs([0.1]) });
    const rows = await ask(
      'select batchNorm, onlyLayers, exceptLayers from runs where onlyLayers is not null',
    );
    assert.deepEqual(rows, [{ batchNorm: 'inference', onlyLayers: 'a*, b', exceptLayers: null }]);
  }));

test('what is foreign or damaged is left out with a message, and all else is there', () =>
  withRecords(async (folder, ask, messages) => {
    fs.writeFileSync(join(folder, 'notes.txt'), 'mine');
    fs.writeFileSync(join(folder, '.hidden'), '');
    fs.mkdirSync(join(folder, 'pictures'));
    fs.writeFileSync(join(folder, 'pictures', 'cat.png'), '');
    const [a, b, c] = [5, 6, 7].map((seed) =>
      writeRecord(folder, pruned('snip', seed), { epochs: madeUpEpochs([1]) }),
    );
    fs.writeFileSync(join(folder, a, 'config.json'), '{"data": "fash');
    fs.writeFileSync(join(folder, b, 'result.json'), 'null');
    fs.writeFileSync(join(folder, c, 'pruning.json'), '{}');
    fs.cpSync(join(folder, writeRecord(folder, pruned('snip', 8))), join(folder, 'copy'), {
      recursive: true,
    });
    assert.deepEqual(await ask('select count(*) as n from runs'), [{ n: 5 }]);
    assert.deepEqual(await ask('select count(*) as n from layers join runs using (hash)'), [{ n: 10 }]);
    const first = messages.slice(0, messages.length / 2);
    assert.equal(first.length, 6);
    for (const name of ['notes.txt', 'pictures', a, b, c, 'copy'])
      assert.ok(
        first.some((message) => message.includes(join(folder, name)) && message.endsWith('; left out')),
        name,
      );
    assert.ok(first.some((message) => message.includes('config.json is that of run')));
  }));

test('epochs that cannot be read are left out with a message; the last line of a run under way goes without', () =>
  withRecords(async (folder, ask, messages) => {
    const damaged = writeRecord(folder, pruned('snip', 5), { epochs: madeUpEpochs([0.1, 0.2, 0.3]) });
    const path = join(folder, damaged, 'epochs.jsonl');
    const [first, , third] = fs.readFileSync(path, 'utf8').split('\n');
    fs.writeFileSync(path, `${first}\nno JSON\n{"foreign": 1}\n${third}\n`);
    const torn = writeRecord(folder, pruned('snip', 6), { isDone: false, epochs: madeUpEpochs([0.1, 0.2]) });
    fs.appendFileSync(join(folder, torn, 'epochs.jsonl'), '{"epoch": 2, "testT');
    const rows = await ask(
      'select seed, list(epoch order by epoch) as epochs from epochs join runs using (hash) where seed >= 5 group by seed order by seed',
    );
    assert.deepEqual(rows, [
      { seed: 5, epochs: [0, 2] },
      { seed: 6, epochs: [0, 1] },
    ]);
    assert.deepEqual(messages, [`epochs.jsonl of run ${damaged} has 2 lines that cannot be read; left out`]);
  }));

test('each query reads the records as they are now', () =>
  withRecords(async (folder, ask) => {
    const look = () =>
      ask(
        `select status, count(*) as n, round(sum(finalTestTop1), 4) as top1, sum(lines)::INTEGER as lines
         from runs left join (select hash, count(*) as lines from epochs group by hash) using (hash)
         where seed >= 2 group by status order by status`,
      );
    assert.deepEqual(await look(), [{ status: 'done', n: 2, top1: 1.34, lines: 6 }]);
    const config = pruned('snip', 3);
    const hash = writeRecord(folder, config, { isDone: false, epochs: madeUpEpochs([0.1]), error: 'no' });
    assert.deepEqual((await look())[1], { status: 'failed', n: 1, top1: null, lines: 1 });
    // The same run, done after all; its files keep their sizes but for the epochs.
    fs.rmSync(join(folder, hash, 'error.json'));
    writeRecord(folder, config, { epochs: madeUpEpochs([0.1, 0.2, 0.5]) });
    assert.deepEqual(await look(), [{ status: 'done', n: 3, top1: 1.84, lines: 9 }]);
    // As many bytes and another number, with the times of the files it replaces.
    const path = join(folder, hash, 'result.json');
    const { atime, mtime } = fs.statSync(path);
    fs.writeFileSync(path, fs.readFileSync(path, 'utf8').replace('"testTop1":0.5', '"testTop1":0.7'));
    fs.utimesSync(path, atime, mtime);
    assert.deepEqual(await look(), [{ status: 'done', n: 3, top1: 2.04, lines: 9 }]);
    fs.rmSync(join(folder, hash), { recursive: true });
    assert.deepEqual(await look(), [{ status: 'done', n: 2, top1: 1.34, lines: 6 }]);
  }));

test('queries of the same folder at once have the same answer and leave nothing in it', () =>
  withRecords(async (folder, ask) => {
    // Rounded, as threads add the numbers up in any order.
    const query = 'select epoch, round(avg(testTop1), 9) as top1 from epochs group by epoch order by epoch';
    const before = fs.readdirSync(folder);
    const [first, ...others] = await Promise.all(Array.from({ length: 4 }, () => ask(query)));
    assert.equal(first.length, 3);
    for (const other of others) assert.deepEqual(other, first);
    assert.deepEqual(fs.readdirSync(folder), before);
  }));

test('a folder without runs, or none at all, has empty tables', () =>
  withFolder(async (folder) => {
    for (const place of [folder, join(folder, 'missing')])
      for (const table of ['runs', 'epochs', 'layers'])
        assert.deepEqual(await queryRuns(`select * from ${table}`, [], { folder: place }), []);
  }));

test('signs that mean other files to DuckDB mean themselves in a folder’s name', () =>
  withFolder(async (outer) => {
    const folder = join(outer, "it's [a] *folder*?");
    writeRecord(folder, pruned('snip', 1), { epochs: madeUpEpochs([0.1, 0.2]) });
    writeRecord(join(outer, "it's a folderX"), pruned('snip', 1), { epochs: madeUpEpochs([0.1, 0.2]) });
    assert.deepEqual(
      await queryRuns('select count(*) as n from epochs join layers using (hash)', [], { folder }),
      [{ n: 4 }],
    );
  }));

test('a query that cannot be answered is refused with DuckDB’s reason', () =>
  withRecords(async (_, ask, messages) => {
    await assert.rejects(
      ask('select colour from runs'),
      /^InvalidError: invalid query; Binder Error: .*"colour"/,
    );
    await assert.rejects(ask('selekt 1'), /invalid query; .*Parser Error/);
    await assert.rejects(ask("select error('mine') from runs"), /invalid query; .*mine/);
    await assert.rejects(ask(' '), { message: 'invalid query; not a text of SQL: " "' });
    await assert.rejects(queryRuns(undefined as never), /invalid query; not a text of SQL: undefined/);
    assert.deepEqual(messages, []);
  }));

test('a quantity on request has a column where a run recorded it', () =>
  withFolder(async (folder) => {
    const { epochs = [] } = await run({ ...shortRun, record: { quantities: ['stableRank'] } }, { folder });
    const found = await queryRuns('select stableRank from epochs order by epoch', [], { folder });
    assert.deepEqual(
      found,
      epochs.map(({ stableRank }) => ({ stableRank })),
    );
    assert.ok(found.length > 0 && found.every(({ stableRank }) => Number(stableRank) > 1));
    await assert.rejects(queryRuns('select effectiveRank from epochs', [], { folder }), /effectiveRank/);
  }));

test('a real run is found with the numbers of its record', () =>
  withFolder(async (folder) => {
    const record = await run({ ...shortRun, train: { epochs: 2, batch: 10 } }, { folder });
    const [row] = await queryRuns<{ hash: string; logTrace: number; kept: number; top1: number }>(
      'select hash, logTrace, kept, finalTestTop1 as top1 from runs',
      [],
      { folder },
    );
    assert.deepEqual(row, {
      hash: record.hash,
      logTrace: record.pruning?.after.logTrace,
      kept: record.result?.kept,
      top1: record.result?.final.testTop1,
    });
    const epochs = await queryRuns('select * exclude hash from epochs order by epoch', [], { folder });
    assert.deepEqual(epochs, record.epochs);
    const layers = await queryRuns('select * exclude (hash, depth) from layers order by depth', [], {
      folder,
    });
    assert.deepEqual(layers, record.pruning?.rows);
  }));
