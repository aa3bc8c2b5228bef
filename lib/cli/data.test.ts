import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { create } from 'tar';
import { type FaultyServer, faultyServer, good, status } from '../data/faultyServer';
import type { Manifest } from '../data/manifest';
import { run } from './data';
import { progressLine } from './progressLine';

const root = mkdtempSync(join(tmpdir(), 'pathkernel-cli-data-'));
after(() => rmSync(root, { recursive: true, force: true }));
const allow = (address: URL) => address.hostname === '127.0.0.1';

/** The archive of a set of two files and a manifest that finds it on a server. */
async function archived(): Promise<{ server: FaultyServer; manifest: Manifest }> {
  const source = join(root, 'source');
  mkdirSync(join(source, 'set'), { recursive: true });
  for (const name of ['a.bin', 'b.bin']) writeFileSync(join(source, 'set', name), name.repeat(30_000));
  await create({ gzip: true, file: join(root, 'set.tar.gz'), cwd: source }, ['set']);
  const bytes = readFileSync(join(root, 'set.tar.gz'));
  const server = await faultyServer(bytes, [good]);
  const file = {
    name: 'set.tar.gz',
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    mirrors: [`${server.address}/set.tar.gz`],
    unpacks: { folder: 'set', files: ['a.bin', 'b.bin'] },
  };
  return { server, manifest: { letters: { title: 'two letters', source: 'here', files: [file] } } };
}

/** Runs the command and returns its status and what it says. */
async function say(context: TestContext, ...args: Parameters<typeof run>) {
  const lines: string[] = [];
  const listen = (text: unknown) => {
    lines.push(String(text));
    return true;
  };
  const mocks = [
    context.mock.method(console, 'log', listen),
    context.mock.method(console, 'error', listen),
    context.mock.method(process.stderr, 'write', listen),
  ];
  const code = await run(...args);
  for (const { mock } of mocks) mock.restore();
  return { code, text: lines.join('\n') };
}

test('without a name the command lists every set', async (context) => {
  const { code, text } = await say(context, []);
  assert.equal(code, 0);
  for (const name of ['fashion-mnist', 'mnist', 'cifar-10', 'cifar-100', 'tiny-imagenet']) {
    assert.match(text, new RegExp(`^${name} +\\S`, 'm'));
  }
  assert.match(text, /^tiny-imagenet .*(248 MB to download|in \/)/m);
});

test('a name brings the set, unpacks it and removes the archive; again, it says that all is there', async (context) => {
  const { server, manifest } = await archived();
  const folder = join(root, 'one');
  try {
    const first = await say(context, ['letters', '--folder', folder], { manifest, allow });
    assert.equal(first.code, 0);
    assert.ok(first.text.endsWith(`letters: fetched and checked, in ${folder}`));
    assert.deepEqual(readdirSync(folder), ['set']);
    assert.equal(readFileSync(join(folder, 'set', 'b.bin'), 'utf8').length, 150_000);
    const second = await say(context, ['letters', '--folder', folder], { manifest, allow });
    assert.ok(second.text.endsWith(`letters: was all there, in ${folder}`));
    assert.equal(server.requests.length, 1);
  } finally {
    await server.close();
  }
});

test('an archive put there by hand is checked and unpacked without asking a server', async (context) => {
  const { server, manifest } = await archived();
  await server.close();
  const folder = join(root, 'by-hand');
  mkdirSync(folder);
  writeFileSync(join(folder, 'set.tar.gz'), readFileSync(join(root, 'set.tar.gz')));
  const { code } = await say(context, ['letters', '--folder', folder], { manifest, allow });
  assert.equal(code, 0);
  assert.deepEqual(readdirSync(folder), ['set']);
});

test('what a process killed at its end left beside a whole set is cleared away', async (context) => {
  const { server, manifest } = await archived();
  const folder = join(root, 'killed');
  try {
    await say(context, ['letters', '--folder', folder], { manifest, allow });
    writeFileSync(join(folder, 'set.tar.gz'), 'the archive');
    mkdirSync(join(folder, '.unpacking-set.tar.gz-abc'));
    writeFileSync(
      join(folder, 'set.tar.gz.lock'),
      JSON.stringify({ host: hostname(), pid: 2 ** 30, id: 'a' }),
    );
    const again = await say(context, ['letters', '--folder', folder], { manifest, allow });
    assert.ok(again.text.endsWith(`letters: was all there, in ${folder}`));
    assert.deepEqual(readdirSync(folder), ['set']);
    assert.equal(server.requests.length, 1);
  } finally {
    await server.close();
  }
});

test('a folder that lacks files of the set is not touched', async (context) => {
  const { server, manifest } = await archived();
  await server.close();
  const folder = join(root, 'partial');
  mkdirSync(join(folder, 'set'), { recursive: true });
  writeFileSync(join(folder, 'set', 'a.bin'), 'mine');
  const { code, text } = await say(context, ['letters', '--folder', folder], { manifest, allow });
  assert.equal(code, 1);
  assert.equal(
    text,
    `${join(folder, 'set')} is there but lacks b.bin: move it away and run the command again`,
  );
});

test('failures and wrong words on the command line give status 1 and the reason', async (context) => {
  const server = await faultyServer(Buffer.alloc(9), [status(404)]);
  const file = { name: 'a', bytes: 9, sha256: '0'.repeat(64), mirrors: [`${server.address}/a`] };
  const manifest = { a: { title: '', source: '', files: [file] } };
  try {
    const failed = await say(context, ['a', '--folder', join(root, 'a')], { manifest, allow });
    assert.equal(failed.code, 1);
    assert.match(
      failed.text,
      /answered 404 Not Found\nTo put it there by hand: get the file \(9 bytes, sha256 0{64}\)/,
    );
  } finally {
    await server.close();
  }
  const unknown = await say(context, ['cifar-1']);
  assert.equal(unknown.code, 1);
  assert.match(unknown.text, /invalid data set; unknown, did you mean cifar-10, cifar-100 or mnist: cifar-1/);
  assert.deepEqual(await say(context, ['mnist', 'cifar-10', '--folder', 'x']), {
    code: 1,
    text: '--folder takes one NAME',
  });
  assert.match((await say(context, ['--fodler'])).text, /unknown, did you mean --folder or --help: --fodler/);
  assert.equal((await say(context, ['--help'])).code, 0);
});

test('two processes at once, one of them killed in the middle, leave one whole set', async () => {
  const { server, manifest } = await archived();
  const folder = join(root, 'processes');
  const script = join(root, 'process.ts');
  writeFileSync(
    script,
    `import { run } from ${JSON.stringify(join(__dirname, 'data'))};
     const manifest = ${JSON.stringify(manifest)};
     const allow = (address: URL) => address.hostname === '127.0.0.1';
     run(['letters', '--folder', ${JSON.stringify(folder)}], { manifest, allow, staleMs: 2000 }).then((code) => process.exit(code));`,
  );
  const start = () => spawn(process.execPath, ['--import', 'tsx', script], { stdio: 'ignore' });
  try {
    const victim = start();
    await until(() => existsSync(join(folder, 'set.tar.gz.lock')) || victim.exitCode !== null);
    victim.kill('SIGKILL');
    await ended(victim);
    const codes = await Promise.all([ended(start()), ended(start())]);
    assert.deepEqual(codes, [0, 0]);
    assert.deepEqual(readdirSync(folder), ['set']);
    assert.equal(readFileSync(join(folder, 'set', 'a.bin'), 'utf8'), 'a.bin'.repeat(30_000));
  } finally {
    await server.close();
  }
});

test('an interrupted download says how to go on and gives status 130', async (context) => {
  const server = await faultyServer(Buffer.alloc(9), [() => process.emit('SIGINT')]);
  const file = { name: 'a', bytes: 9, sha256: '0'.repeat(64), mirrors: [`${server.address}/a`] };
  const manifest = { a: { title: '', source: '', files: [file] } };
  try {
    const stopped = await say(context, ['a', '--folder', join(root, 'stopped')], { manifest, allow });
    assert.deepEqual(stopped, { code: 130, text: '0 % a: a\n\nstopped; the same command goes on from here' });
  } finally {
    await server.close();
  }
});

test('progress is one line on a terminal, and a line for each tenth elsewhere', () => {
  const written = (isTTY: boolean) => {
    const parts: string[] = [];
    const line = progressLine({ isTTY, write: (text) => parts.push(text) });
    for (let done = 0; done <= 40; done++) line.show({ done, total: 40, message: 'work' });
    line.end();
    return parts;
  };
  const terminal = written(true);
  assert.equal(terminal.length, 42);
  assert.equal(terminal[20], `\r\x1b[K${'█'.repeat(12)}${'░'.repeat(12)}  50 % work`);
  assert.equal(terminal[41], '\n');
  assert.deepEqual(
    written(false),
    [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100].map((percent) => `${percent} % work\n`),
  );
});

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode);
    else child.once('exit', resolve);
  });
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}
