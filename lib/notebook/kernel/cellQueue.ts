/** Runs cells in the order they came, and drops those that waited behind one that failed. */
export interface CellQueue {
  /**
   * @param run runs the cell; its promise says whether the cells behind it are to be dropped
   * @param drop called instead of `run` for a cell that is dropped
   */
  add(run: () => Promise<{ dropRest: boolean }>, drop: () => Promise<void>): Promise<void>;
}

/**
 * @param settled resolves when every request that was sent so far has been added: a request may still be on its way
 *   through the socket when the cell before it fails
 */
export function createCellQueue(settled: () => Promise<void>): CellQueue {
  let last: Promise<void> = Promise.resolve();
  let generation = 0;
  return {
    add(run, drop) {
      const mine = generation;
      // Whatever became of the cell before.
      last = last
        .catch(() => {})
        .then(async () => {
          if (mine !== generation) return drop();
          const { dropRest } = await run();
          if (!dropRest) return;
          await settled();
          generation++;
        });
      return last;
    },
  };
}
