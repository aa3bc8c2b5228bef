import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { timeText } from '../base';
import { projectRoot } from '../data';
import { shortRun, withFolder } from '../experiment/run/testRun';
import { planSweep, type SweepRun, type SweepSpec } from '../experiment/sweep';
import { statusLines } from './sweepStatus';
import { sweepTable } from './sweepTable';

const spec: SweepSpec = {
  name: 'two seeds',
  base: { ...shortRun, train: { epochs: 30, batch: 10 } },
  grid: { seed: [1, 2] },
  scales: { smoke: { base: { train: null } } },
};

/** Runs the command in a process of its own, which is interrupted, once, when it has said a text. */
function command(args: string[], interruptAt?: string) {
  return new Promise<{ code: number | null; text: string }>((resolve) => {
    const child = spawn(process.execPath, [join(projectRoot, 'lib', 'cli', 'main.cjs'), ...args], {
      detached: true, // a group of its own, as a shell gives it, so that Ctrl-C reaches the workers too
    });
    let text = '';
    const note = (chunk: Buffer) => {
      const isNews = interruptAt !== undefined && !text.includes(interruptAt);
      text += chunk;
      if (isNews && text.includes(interruptAt)) process.kill(-child.pid!, 'SIGINT');
    };
    child.stdout.on('data', note);
    child.stderr.on('data', note);
    child.on('close', (code) => resolve({ code, text }));
  });
}

test('a sweep is listed, interrupted with Ctrl-C, gone on with by the same command, and its status told', () =>
  withFolder(async (folder) => {
    const path = join(folder, 'spec.json');
    await fs.writeFile(path, JSON.stringify(spec));
    const runs = join(folder, 'runs');
    const hashes = planSweep(spec, 'laptop').runs.map(({ hash }) => hash);

    const listed = await command(['sweep', path, '--dry-run', '--folder', runs]);
    assert.equal(listed.code, 0);
    for (const hash of hashes)
      assert.match(
        listed.text,
        new RegExp(`missing  ${hash}  fc-6-3 on synthetic-10, synflow, compression 10`),
      );
    assert.match(listed.text, /2 runs: 2 missing/);

    const interruptAt = `done     ${hashes[0]}`;
    const { code, text } = await command(['sweep', path, '--folder', runs, '--workers', '1'], interruptAt);
    assert.equal(code, 130, text);
    assert.match(text, /stopping at the next step/);
    assert.match(text, /stopped; the same command goes on from here/);

    const gone = await command(['sweep', path, '--folder', runs, '--workers', '1']);
    assert.equal(gone.code, 0, gone.text);
    assert.doesNotMatch(gone.text, new RegExp(`done     ${hashes[0]}`)); // was done before
    assert.match(gone.text, new RegExp(`done     ${hashes[1]} .*\\(2 of 2`));
    assert.match(gone.text, /2 runs: 2 done/);

    await fs.writeFile(join(runs, 'notes.txt'), '');
    await fs.writeFile(join(runs, hashes[1], 'result.json'), '{');
    const told = await command(['status', path, '--folder', runs]);
    assert.equal(told.code, 1);
    assert.match(
      told.text,
      new RegExp(`corrupt  ${hashes[1]} .*invalid run record; invalid result\\.json; not JSON`),
    );
    assert.match(told.text, /2 runs: 1 done, 1 corrupt/);
    assert.match(told.text, /notes\.txt in .* is not a run, left alone/);
    const other = await command(['status', path, '--folder', runs, '--scale', 'smoke']);
    assert.deepEqual([other.code, /2 runs: 2 missing/.test(other.text)], [0, true]);
  }));

test('wrong arguments and files are refused in a line', async () => {
  for (const [args, message] of [
    [['sweep'], 'invalid arguments; sweep takes one file: []'],
    [
      ['sweep', 'a.json', '--worker', '2'],
      'invalid option; unknown, did you mean --workers, --folder or --gres: --worker',
    ],
    [['status', 'a.json', '-s', 'smoke'], 'invalid option; unknown, did you mean'],
    [['sweep', 'a.json', '--scale'], 'invalid arguments; Option'],
    [['status', 'nowhere.json'], 'invalid sweep file; no such file'],
    [
      ['sweep', join(projectRoot, 'data', 'sweeps', 'training.json'), '--workers', 'two'],
      'invalid workers; not a number: two',
    ],
  ] as const) {
    const { code, text } = await command([...args]);
    assert.equal(code, 1);
    assert.ok(text.includes(message), text);
    assert.ok(!text.includes('    at '), text);
  }
});

const [one, two] = planSweep(spec, 'laptop').runs;
const status = {
  name: 'two seeds',
  total: 2,
  done: 1,
  failed: 0,
  elsewhere: 0,
  active: [{ ...two, progress: { done: 15, total: 30, message: 'epoch 15 of 30' } }],
  share: 0.75,
  secondsLeft: 90,
};

test('a terminal shows a table that is written over, a file a line for each run that ends', () => {
  const written = (isTTY: boolean) => {
    let text = '';
    const table = sweepTable({ isTTY, columns: 200, write: (part) => (text += part) });
    table.show(status);
    table.ended({ ...one, state: 'done', epochs: 30 });
    table.ended({ ...two, state: 'failed', epochs: 3, message: 'no' });
    table.end();
    return text.split('\x1b').join('ESC');
  };
  const table = [
    '████████████░░░░  two seeds: 1 of 2 runs done, about 2 min left',
    `████████░░░░░░░░  ${two.hash}  fc-6-3 on synthetic-10, synflow, compression 10, 3 iterations, seed 2; epoch 15 of 30`,
    '',
  ].join('\n');
  const failure = `failed   ${two.hash}  fc-6-3 on synthetic-10, synflow, compression 10, 3 iterations, seed 2: no`;
  assert.equal(written(true), `\rESC[J${table}ESC[2A\rESC[J${failure}\n\rESC[J${table}`);
  assert.equal(
    written(false),
    `done     ${one.hash}  fc-6-3 on synthetic-10, synflow, compression 10, 3 iterations, seed 1 (1 of 2; 2 min left)\n${failure} (1 of 2; 2 min left)\n`,
  );
});

test('the lines of a status name what calls for attention, or every run, and count', () => {
  const runs: SweepRun[] = [
    { ...one, state: 'done', epochs: 30 },
    { ...two, state: 'running', epochs: 4, message: 'process 7 on here' },
  ];
  const running = `running  ${two.hash}  fc-6-3 on synthetic-10, synflow, compression 10, 3 iterations, seed 2, epoch 4 of 30: process 7 on here`;
  assert.deepEqual(statusLines(runs, {}), [running, '2 runs: 1 done, 1 running']);
  assert.equal(statusLines(runs, { all: true }).length, 3);
  const open = runs.map((run) => ({ ...run, state: 'missing' as const, epochs: 0 }));
  assert.match(
    statusLines(open, { all: true })[2],
    /^2 runs: 2 missing; about \d+ s of a core to do, (\d+ s on 2 cores, )?[\d.]+ GB of memory( for 2 at a time)?$/,
  );
  const away = { ...one.config, data: { name: 'cifar-10', folder: 'no/such/folder' } };
  const lines = statusLines([{ ...open[0], config: away }, open[1]], { all: true });
  assert.match(
    lines[2],
    /^cifar-10 is missing, 1 run needs it: npx pathkernel data cifar-10 --folder .*no.such.folder$/,
  );
});

test('times are told in words', () => {
  assert.deepEqual([0, 40, 59.6, 720, 12_000].map(timeText), [
    '1 s',
    '40 s',
    '1 min',
    '12 min',
    '3 h 20 min',
  ]);
});
