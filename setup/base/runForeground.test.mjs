import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';

const module = JSON.stringify(new URL('runForeground.mjs', import.meta.url).href);

/** Starts a shell that runs a process that runs `script` in the foreground; gives the process's number and the shell. */
async function start(script, env) {
  const outer = `
    import { runForeground } from ${module};
    console.log(process.pid);
    process.exitCode = await runForeground(process.execPath, ['-e', ${JSON.stringify(script)}], {});`;
  const line = '"$0" --input-type=module -e "$1"; exit $?';
  const shell = spawn('sh', ['-c', line, process.execPath, outer], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  shell.stdout.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  const said = async (pattern) => {
    while (!pattern.test(output)) await once(shell.stdout, 'data');
    return pattern.exec(output);
  };
  return { shell, said, pid: Number((await said(/^(\d+)$/m))[1]) };
}

const endless = `
  process.on('SIGTERM', () => { console.log('told'); process.exit(3); });
  console.log('ready');
  setInterval(() => {}, 1000);`;

test("the program's exit code is returned", async () => {
  const { shell } = await start('process.exit(7)');
  assert.deepEqual(await once(shell, 'exit'), [7, null]);
});

test('a program is told when the process is to end, and its code is returned', async () => {
  const { shell, said, pid } = await start(endless);
  await said(/ready/);
  process.kill(pid, 'SIGTERM');
  await said(/told/);
  assert.deepEqual(await once(shell, 'exit'), [3, null]);
});

test('started by npm, it is told when npm has gone', async () => {
  const { shell, said } = await start(endless, { npm_lifecycle_event: 'start' });
  await said(/ready/);
  shell.kill('SIGKILL');
  await said(/told/);
});

test('started by hand, it outlives the shell', async () => {
  const { shell, said, pid } = await start(`${endless} setTimeout(() => console.log('still there'), 1500);`);
  await said(/ready/);
  shell.kill('SIGKILL');
  await said(/still there/);
  process.kill(pid, 'SIGTERM');
  await said(/told/);
});
