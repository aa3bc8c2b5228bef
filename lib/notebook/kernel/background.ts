import { type CellContext, currentCell } from './cellContext';

/** An error that reached nobody: a rejected promise without a handler, or an exception in a timer or another callback. */
export interface BackgroundError {
  reason: unknown;
  kind: 'rejection' | 'exception';
  /** The cell it comes from. */
  context?: CellContext;
}

export interface BackgroundErrors {
  /** The errors of the cells that `isAsked` names, oldest first, each once. */
  take(isAsked: (context?: CellContext) => boolean): BackgroundError[];
}

/**
 * Collects errors that would otherwise end the process. A rejection that finds its handler later is taken back.
 *
 * @param onError called at each new error: a cell that waits for a callback that threw would wait for ever
 */
export function watchBackground(onError: (error: BackgroundError) => void): BackgroundErrors {
  const errors = new Map<unknown, BackgroundError>();
  const add = (key: unknown, reason: unknown, kind: BackgroundError['kind']) => {
    const error = { reason, kind, context: currentCell() };
    errors.set(key, error);
    onError(error);
  };
  process.on('unhandledRejection', (reason, promise) => add(promise, reason, 'rejection'));
  process.on('rejectionHandled', (promise) => errors.delete(promise));
  process.on('uncaughtException', (reason) => add(Symbol('exception'), reason, 'exception'));
  return {
    take(isAsked) {
      const taken = [...errors].filter(([, { context }]) => isAsked(context));
      for (const [key] of taken) errors.delete(key);
      return taken.map(([, error]) => error);
    },
  };
}
