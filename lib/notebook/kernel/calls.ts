import { runInThisContext } from 'node:vm';

/** Calls of functions that Stop ends, as it ends a cell. */
export interface Calls {
  /** @returns what the function returns; rejects as tslab's executor does where the call is given up */
  call(work: () => unknown): Promise<unknown>;
  /** Gives up the calls that wait for something. */
  interrupt(): void;
}

/** Where the function is for the script that calls it. */
const KEY = Symbol.for('pathkernel.call');

export function createCalls(): Calls {
  let giveUp: (reason: Error) => void = () => {};
  return {
    call(work) {
      const interrupted = new Promise<never>((_, reject) => {
        giveUp = reject;
      });
      interrupted.catch(() => {});
      (globalThis as { [KEY]?: () => unknown })[KEY] = work;
      // Only a script can be ended in the middle of a loop.
      const called = runInThisContext(`globalThis[Symbol.for('${KEY.description}')]()`, {
        breakOnSigint: true,
      });
      return Promise.race([called, interrupted]);
    },
    interrupt: () => giveUp(new Error('Interrupted asynchronously')),
  };
}
