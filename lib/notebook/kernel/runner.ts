import { reasonOf } from '../../base/toJson';
import { createCellContext, inCell } from './cellContext';
import { createCellOutput, type Send } from './cellOutput';
import { type Asker, createWidgetHost, type WidgetHostParts } from './createWidgetHost';
import type { History } from './history';
import { evaluateAll } from './userExpressions';

/** The parts of an `execute_request` that matter here. */
export interface ExecuteRequest {
  code: string;
  silent?: boolean;
  store_history?: boolean;
  stop_on_error?: boolean;
  /** Expressions to be evaluated once the cell has run, by names of the front end's. */
  user_expressions?: Record<string, string>;
  allow_stdin?: boolean;
}

export interface Runner {
  /**
   * @param send sends a message about this request to all who look at the notebook
   * @param reply answers the one who asked
   */
  execute(
    request: ExecuteRequest,
    send: Send,
    reply: (content: object) => Promise<void>,
    asker: Asker,
  ): Promise<void>;
}

/** What is at hand for a runner. */
export interface RunnerParts extends WidgetHostParts {
  history: History;
}

/** Runs requests as Jupyter's protocol asks: echo of the input, streams, displays, result or error, reply. */
export function createRunner(parts: RunnerParts): Runner {
  const { executor, queue, history } = parts;
  let count = 0;

  async function execute(...[request, send, reply, asker]: Parameters<Runner['execute']>) {
    const { code, silent = false, stop_on_error = true, allow_stdin = false } = request;
    if (!silent && request.store_history !== false) history.add(++count, code);
    if (!silent) send('execute_input', { code, execution_count: count });
    const output = createCellOutput(silent ? () => {} : send);
    const cell = { label: `cell ${count}`, code };
    const widgets = createWidgetHost(parts, asker, cell, output);
    const question = allow_stdin ? asker.question : undefined;
    const context = createCellContext(cell, output, executor.giveUp, { widgets, question });
    const outcome = await inCell(context, () => executor.run(context));
    context.hasEnded = true;
    context.question = undefined;
    asker.question.close();
    if (!outcome.ok) {
      output.flush(true);
      output.send('error', outcome.failure);
      await reply({ status: 'error', execution_count: count, ...outcome.failure });
      return { dropRest: stop_on_error };
    }
    output.flush(true);
    if (outcome.shown)
      output.send('execute_result', { execution_count: count, data: outcome.shown, metadata: {} });
    const user_expressions = await evaluateAll(executor, request.user_expressions ?? {});
    await reply({ status: 'ok', execution_count: count, payload: [], user_expressions });
    return { dropRest: false };
  }

  return {
    execute: (request, send, reply, asker) =>
      queue.add(
        () =>
          execute(request, send, reply, asker).catch(async (error) => {
            await reply({ status: 'error', ename: 'Error', evalue: reasonOf(error), traceback: [] });
            return { dropRest: true };
          }),
        // Without a count: the cell did not run, and keeps its empty brackets.
        () => reply({ status: 'aborted' }),
      ),
  };
}
