import { spawn } from 'node:child_process';
import { relative } from 'node:path';
import { Failure, main } from './base/failure.mjs';
import { filesBelow } from './base/filesBelow.mjs';
import { placeAt } from './base/place.mjs';
import { say, stopwatch } from './base/say.mjs';
import { setUp } from './setUp.mjs';

// npm test [-- PATTERN…]: the test files whose path contains a pattern, or all of them.
await main(async (patterns) => {
  const place = placeAt();
  await setUp({ place });
  const files = testFiles(place.root).filter(
    (path) => patterns.length === 0 || patterns.some((pattern) => path.includes(pattern)),
  );
  if (files.length === 0) throw new Failure(`no test file matches ${patterns}`, 'give a part of its path');
  const took = stopwatch();
  const code = await run(place.root, files);
  say(`${files.length} test files in ${took()}`);
  return code;
});

// Listed here because Node 20 does not expand patterns itself.
function testFiles(root) {
  return [
    ...filesBelow(root, 'setup', /\.test\.mjs$/),
    ...filesBelow(root, 'lib', /\.test\.ts$/),
    ...filesBelow(root, 'bench', /\.test\.ts$/),
  ].map((path) => relative(root, path));
}

function run(root, files) {
  const reporter = new URL('./base/quietReporter.mjs', import.meta.url).href;
  const args = ['--import', 'tsx', '--test', '--test-concurrency=2', `--test-reporter=${reporter}`, ...files];
  // Two files at a time with one thread each: on two cores faster than the reverse, and repeatable to the bit.
  const env = { TF_NUM_INTRAOP_THREADS: '1', TF_CPP_MIN_LOG_LEVEL: '2', ...process.env };
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] });
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}
