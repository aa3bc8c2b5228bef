import type { Publish } from '../publish';

/** What the front end says of a model: new values of some of its fields, or something that happened to it. */
export interface WidgetMessage {
  method?: string;
  state?: Readonly<Record<string, unknown>>;
  content?: Readonly<Record<string, unknown>>;
}

/** The content of Jupyter's `error` message. */
export interface HandlerFailure {
  ename: string;
  evalue: string;
  traceback: string[];
}

/** What widgets ask of the kernel, on behalf of one execution of a cell. */
export interface WidgetHost {
  /** The cell, the same in each of its executions; undefined where the front end does not name it. */
  readonly cell?: string;
  /** Shows something in the cell, whatever became of its execution. */
  readonly publish: Publish;
  /**
   * Makes a model in the front end.
   *
   * @param state its fields, as Jupyter's widget protocol has them
   * @param receive gets what the front end says of it
   */
  open(id: string, state: Record<string, unknown>, receive: (message: WidgetMessage) => void): void;
  /**
   * Runs something as if it stood in the cell, after the cells that wait already: its output is the cell's, Stop stops it.
   *
   * @param tell called with what went wrong
   * @returns what went wrong; undefined where nothing did
   */
  run(work: () => unknown, tell: Tell): Promise<HandlerFailure | undefined>;
  /** Shows in the cell what went wrong. */
  fail: Tell;
}

export type Tell = (failure: HandlerFailure) => void;

/** On globalThis, so that it survives a reload of this file and needs no import of the kernel. */
const KEY = Symbol.for('pathkernel.widgets');
const shared = globalThis as { [KEY]?: () => WidgetHost | undefined };

/** That of the cell that calls; undefined outside a notebook. */
export function widgetHost(): WidgetHost | undefined {
  return shared[KEY]?.();
}

/** Called by the kernel when it starts. */
export function setWidgetHost(find: () => WidgetHost | undefined): void {
  shared[KEY] = find;
}
