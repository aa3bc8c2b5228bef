import { createCellContext, inCell } from './cellContext';
import { createCellOutput } from './cellOutput';
import type { CellExecutor } from './executor';

/** The value of an expression as it would be shown, or why there is none; as Jupyter's `user_expressions` have it. */
export type Evaluated =
  | { status: 'ok'; data: object; metadata: object }
  | { status: 'error'; ename: string; evalue: string; traceback: string[] };

/** Evaluates what a front end wants to know once a cell has run; what the expressions print goes nowhere. */
export async function evaluateAll(
  executor: CellExecutor,
  expressions: Record<string, string>,
): Promise<Record<string, Evaluated>> {
  const evaluated: [name: string, Evaluated][] = [];
  for (const [name, code] of Object.entries(expressions)) {
    const context = createCellContext(
      { label: name, code },
      createCellOutput(() => {}),
      executor.giveUp,
    );
    const outcome = await inCell(context, () => executor.run(context));
    evaluated.push([
      name,
      outcome.ok
        ? { status: 'ok', data: outcome.shown ?? { 'text/plain': 'undefined' }, metadata: {} }
        : { status: 'error', ...outcome.failure },
    ]);
  }
  return Object.fromEntries(evaluated);
}
