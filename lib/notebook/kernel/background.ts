/** Errors that reached nobody: rejected promises without a handler, and exceptions in timers and other callbacks. */
export interface BackgroundErrors {
  /** The errors since the last call, oldest first. */
  take(): { reason: unknown; kind: BackgroundKind }[];
}

export type BackgroundKind = 'rejection' | 'exception';

/**
 * Collects errors that would otherwise end the process. A rejection that finds its handler later is taken back.
 *
 * @param onError called at each new error: a cell that waits for a callback that threw would wait for ever
 */
export function watchBackground(onError: (kind: BackgroundKind) => void): BackgroundErrors {
  const errors = new Map<unknown, { reason: unknown; kind: BackgroundKind }>();
  process.on('unhandledRejection', (reason, promise) => {
    errors.set(promise, { reason, kind: 'rejection' });
    onError('rejection');
  });
  process.on('rejectionHandled', (promise) => errors.delete(promise));
  process.on('uncaughtException', (reason) => {
    errors.set(Symbol('exception'), { reason, kind: 'exception' });
    onError('exception');
  });
  return {
    take() {
      const taken = [...errors.values()];
      errors.clear();
      return taken;
    },
  };
}
