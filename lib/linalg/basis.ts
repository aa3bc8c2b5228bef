import { tf } from '../tensor';
import type { Vector } from './operator';
import { type Block, projectOut, stack } from './vectors';

/** Single vectors are put together when there are so many: one pass over a block costs less than one over each. */
const TOGETHER = 8;

/** An orthonormal basis that grows by a vector at a time. */
export interface Basis {
  /** How many vectors it has. */
  readonly size: number;
  /** Takes over a unit vector that is orthogonal to it. */
  add(vector: Vector): void;
  /** Takes over a block of such. */
  addBlock(block: Block): void;
  /** Components of w along each vector, and what is left of w; disposes of w. */
  project(w: Vector): { along: Float64Array; rest: Vector };
  /** Hands over the blocks and is empty. */
  take(): Block[];
  dispose(): void;
}

export function createBasis(): Basis {
  let blocks: Block[] = [];
  let singles: Block[] = []; // blocks of one vector, the newest vectors
  let size = 0;
  const all = () => [...blocks, ...singles];
  return {
    get size() {
      return size;
    },
    add(vector) {
      singles.push(stack([vector]));
      tf.dispose([...vector]);
      size++;
      if (singles.length < TOGETHER) return;
      blocks.push(join(singles));
      singles = [];
    },
    addBlock(block) {
      blocks.push(block);
      size += block[0].shape[0];
    },
    project(w) {
      const along = new Float64Array(size);
      let at = 0;
      let rest = w;
      for (const block of all()) {
        const found = projectOut(block, rest);
        tf.dispose([...rest]);
        along.set(found.along, at);
        at += found.along.length;
        rest = found.rest;
      }
      return { along, rest };
    },
    take() {
      const taken = all();
      blocks = [];
      singles = [];
      size = 0;
      return taken;
    },
    dispose() {
      tf.dispose(all().flat());
      blocks = [];
      singles = [];
      size = 0;
    },
  };
}

/** Blocks of one vector each as one block; disposes of them, part by part, so that no second copy of all is held. */
function join(singles: readonly Block[]): Block {
  return singles[0].flatMap((_, i) => {
    const own = singles.map((single) => [single[i]]);
    const joined = stack(own);
    tf.dispose(own.flat());
    return [...joined];
  });
}

/**
 * What is left of w orthogonal to bases and, of the last basis, the components: two passes, without the second of which errors
 * grow from restart to restart. Disposes of w.
 */
export function orthogonalise(w: Vector, ...bases: readonly Basis[]): { along: Float64Array; rest: Vector } {
  const last = bases[bases.length - 1];
  const along = new Float64Array(last.size);
  let rest = w;
  for (let pass = 0; pass < 2; pass++)
    for (const basis of bases) {
      const found = basis.project(rest);
      rest = found.rest;
      if (basis === last)
        found.along.forEach((part, i) => {
          along[i] += part;
        });
    }
  return { along, rest };
}
