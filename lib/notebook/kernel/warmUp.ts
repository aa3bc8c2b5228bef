import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { CellExecutor } from './executor';
import { undisturbed } from './stopWatch';

/**
 * Does the slow parts of a first cell before anyone asks for one: reading and checking the library's types, loading its
 * code. A request that arrives meanwhile is answered between two steps.
 *
 * @param folder where the notebook's imports are resolved from
 */
export function warmUp(executor: CellExecutor, folder: string): void {
  const load = createRequire(join(folder, 'notebook.ts'));
  const steps = [
    () =>
      executor.prepare(
        "import * as pathkernel from 'pathkernel';\nconsole.log(Object.keys(pathkernel).length);",
      ),
    () => undisturbed(() => load('pathkernel')),
  ];
  const next = () => {
    const step = steps.shift();
    if (!step) return;
    try {
      step();
    } catch {
      // The cell that needs it will fail the same way, and say so to the one who wrote it.
    }
    setImmediate(next);
  };
  next();
}
