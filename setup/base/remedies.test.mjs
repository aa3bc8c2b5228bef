import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setUp } from '../setUp.mjs';
import { commonRemedy } from './remedies.mjs';
import { runLogged } from './runLogged.mjs';
import { temporaryPlace } from './temporaryPlace.mjs';

const causes = {
  'cannot write x: the disk is full (ENOSPC)': /disk space/,
  'ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device': /disk space/,
  'npm error code EACCES': /yours to write to/,
  "OSError: [Errno 13] Permission denied: '/x'": /yours to write to/,
  'c++: fatal error: Killed signal terminated program cc1plus': /memory/,
};

test('what may stop any step has one remedy, whatever program meets it', async (t) => {
  const { place } = temporaryPlace(t);
  for (const [output, remedy] of Object.entries(causes)) {
    const script = `console.error(${JSON.stringify(output)}); process.exit(1)`;
    const run = { what: 'testing', remedy: 'its own', command: process.execPath, args: ['-e', script] };
    await assert.rejects(runLogged(place, run), { name: 'Failure', remedy });
  }
  const killed = { what: 'testing', remedy: 'its own', command: 'sh', args: ['-c', 'kill -9 $$'] };
  await assert.rejects(runLogged(place, killed), { message: /SIGKILL/, remedy: /memory/ });
});

test('what is no common cause is left to the step', () => {
  for (const output of [
    'invalid archive; damaged: x',
    'No matching distribution',
    'TypeError: x is not a function',
  ])
    assert.equal(commonRemedy(output), undefined, output);
});

test('an error of the file system within a step is told with its step and a remedy, a mistake with its stack', async (t) => {
  const { place } = temporaryPlace(t);
  const only = (error) => [
    { name: 'kernelspec', needs: [], right: () => false, make: async () => Promise.reject(error) },
  ];
  const denied = Object.assign(new Error("EACCES: permission denied, open 'x'"), { syscall: 'open' });
  await assert.rejects(setUp({ place, only: only(denied) }), {
    message: /^kernelspec: EACCES/,
    remedy: /write to/,
  });
  const mistake = new TypeError('x is not a function');
  await assert.rejects(setUp({ place, only: only(mistake) }), mistake);
});
