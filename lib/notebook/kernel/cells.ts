import type { Locate } from './compiler';

/** A cell as it was run: what a traceback needs to point into it. */
export interface Cell {
  /** As shown in the notebook: `cell 3`. */
  label: string;
  code: string;
  /** Gives nothing for code that tslab wrote around the cell. */
  locate?: Locate;
}

/** Name under which V8 knows the code of a cell. */
const NAME = 'pathkernel-cell-';

/** Functions of old cells may still throw, but a notebook left running for days must not grow without bound. */
const KEPT = 2000;

/** The cells run so far, by the name V8 knows them by. */
export interface Cells {
  /** Starts a cell; returns the name of its code. */
  open(cell: Cell): string;
  find(name: string): Cell | undefined;
}

export function createCells(): Cells {
  const cells = new Map<string, Cell>();
  let serial = 0;
  return {
    open(cell) {
      const name = `${NAME}${++serial}`;
      cells.set(name, cell);
      cells.delete(`${NAME}${serial - KEPT}`);
      return name;
    },
    find: (name) => cells.get(name),
  };
}
