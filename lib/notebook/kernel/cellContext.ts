import { AsyncLocalStorage } from 'node:async_hooks';
import { inGroup, type WorkGroup } from '../../base/interrupt';
import type { WidgetHost } from '../widgets/widgetHost';
import type { CellOutput } from './cellOutput';
import type { Cell } from './cells';
import type { Question } from './question';

/** A cell that was started: what it began belongs to it, however late it runs. */
export interface CellContext {
  readonly cell: Cell;
  readonly output: CellOutput;
  /** What the library does for it. */
  readonly group: WorkGroup;
  /** What the kernel does for its widgets, where it may have any. */
  readonly widgets?: WidgetHost;
  /** How to ask the one who runs it; undefined where nobody can be asked, or no longer. */
  question?: Question;
  hasEnded?: boolean;
}

const contexts = new AsyncLocalStorage<CellContext>();
let latest: CellContext | undefined;

/**
 * The context of a cell. Once its group is abandoned, its output is left out, with one line that says so.
 *
 * @param onPersist called where code of the cell that was refused work by the library asks for more
 */
export function createCellContext(
  cell: Cell,
  output: CellOutput,
  onPersist: (context: CellContext) => void,
  { widgets, question }: Pick<CellContext, 'widgets' | 'question'> = {},
): CellContext {
  let isSaid = false;
  let refused = 0;
  const group: WorkGroup = {
    onRefused() {
      if (!isLeftOut() && ++refused > 1) onPersist(context);
    },
  };
  function isLeftOut(): boolean {
    if (!group.abandoned) return false;
    if (!isSaid)
      output.write(
        'stderr',
        `Code of ${cell.label} went on after the cell was stopped: its output is left out, and the library computes nothing for it.\n`,
      );
    isSaid = true;
    return true;
  }
  const context: CellContext = {
    cell,
    group,
    widgets,
    question,
    output: {
      ...output,
      write(name, text) {
        if (!isLeftOut()) output.write(name, text);
      },
      display(message, update) {
        if (!isLeftOut()) output.display(message, update);
      },
      send(...message) {
        if (!isLeftOut()) output.send(...message);
      },
    },
  };
  return context;
}

/** Runs `body` and all that it begins as part of a cell. */
export function inCell<T>(context: CellContext, body: () => T): T {
  latest = context;
  return contexts.run(context, () => inGroup(context.group, body));
}

/** The cell that the code which calls this belongs to. */
export function callingCell(): CellContext | undefined {
  return contexts.getStore();
}

/** The cell that was started last; undefined before the first. */
export function latestCell(): CellContext | undefined {
  return latest;
}

/** The cell that the code which calls this belongs to, else the one started last. */
export function currentCell(): CellContext | undefined {
  return callingCell() ?? latest;
}
