import { rmSync } from 'node:fs';
import { Failure } from './base/failure.mjs';
import { withLock } from './base/lock.mjs';
import { placeAt } from './base/place.mjs';
import { commonRemedy } from './base/remedies.mjs';
import { say, stopwatch } from './base/say.mjs';
import { binding } from './steps/binding.mjs';
import { engine } from './steps/engine.mjs';
import { kernelspec } from './steps/kernelspec.mjs';
import { npmPackages } from './steps/npmPackages.mjs';
import { requireNode, requirePrerequisites } from './steps/prerequisites.mjs';
import { pythonPackages } from './steps/pythonPackages.mjs';
import { records } from './steps/records.mjs';
import { tensorflow } from './steps/tensorflow.mjs';
import { virtualEnvironment } from './steps/virtualEnvironment.mjs';

export const steps = [
  npmPackages,
  virtualEnvironment,
  pythonPackages,
  tensorflow,
  binding,
  engine,
  kernelspec,
  records,
];

/**
 * Brings the project folder to a state in which everything runs, doing only what is missing. Each step knows
 * cheaply whether it is right and marks its end last, so it may be interrupted anywhere and started again.
 *
 * @param place the paths; the project's own by default
 * @param build `cpu` or `gpu`; by default what is there, or else `cpu`
 * @param only the steps to take; all by default
 */
export async function setUp({ place = placeAt(), build, only = steps } = {}) {
  requireNode();
  const context = { place, build };
  const took = stopwatch();
  const pending = await notRight(only, context);
  if (pending.length === 0) {
    say(`set-up: nothing to do (${took()})`);
    return;
  }
  requirePrerequisites(pending.flatMap(({ needs }) => needs));
  say(`set-up of ${place.root}`);
  await withLock(place, async () => {
    for (const step of only) await take(step, context);
    for (const folder of [place.temporary, place.pipCache]) rmSync(folder, { recursive: true, force: true });
  });
  say(`set-up done in ${took()}`);
}

async function take(step, context) {
  const took = stopwatch();
  if (await step.right(context)) {
    say(`  ${step.name}: right already`);
    return;
  }
  say(`  ${step.name} …`);
  const detail = await step.make(context).catch((error) => {
    const remedy = error.syscall && commonRemedy(error.message);
    throw remedy ? new Failure(`${step.name}: ${error.message}`, remedy) : error;
  });
  say(`  ${step.name}: ${detail} (${took()})`);
}

async function notRight(candidates, context) {
  const wrong = [];
  for (const step of candidates) {
    if (!(await step.right(context))) wrong.push(step);
  }
  return wrong;
}
