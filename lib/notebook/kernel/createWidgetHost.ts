import type { WidgetHost } from '../widgets/widgetHost';
import { createCellContext, inCell } from './cellContext';
import type { CellOutput } from './cellOutput';
import type { CellQueue } from './cellQueue';
import type { Cell } from './cells';
import type { Comms } from './comms';
import type { CellExecutor } from './executor';
import type { Question } from './question';

/** Where an `execute_request` came from. */
export interface Asker {
  /** The notebook's cell; undefined where the front end does not name it. */
  id?: string;
  question: Question;
  /** Does work on behalf of the request after its end, with a kernel that is seen to be busy. */
  whileBusy<T>(work: () => Promise<T>): Promise<T>;
}

export interface WidgetHostParts {
  executor: CellExecutor;
  queue: CellQueue;
  comms: Comms;
}

/** Of Jupyter's widget protocol. */
const METADATA = { version: '2.1.0' };

/** What the kernel does for the widgets of a cell. */
export function createWidgetHost(
  { executor, queue, comms }: WidgetHostParts,
  asker: Asker,
  cell: Cell,
  output: CellOutput,
): WidgetHost {
  const host: WidgetHost = {
    cell: asker.id,
    publish: output.display,
    open: (...model) => output.send('comm_open', comms.open(...model), METADATA),
    fail: (failure) => output.send('error', failure),
    run: (work, tell) =>
      new Promise((resolve) => {
        async function handle() {
          // One of its own for each: what was stopped stays stopped, and the next change is as good as the first.
          const context = createCellContext(cell, output, executor.giveUp, { widgets: host });
          const outcome = await inCell(context, () => executor.call(context, work));
          if (!outcome.ok) tell(outcome.failure);
          output.flush(true);
          resolve(outcome.ok ? undefined : outcome.failure);
        }
        // What a reader does is not dropped with the cells behind one that failed.
        const wait = async () =>
          void queue.add(async () => {
            await asker.whileBusy(handle);
            return { dropRest: false };
          }, wait);
        void wait();
      }),
  };
  return host;
}
