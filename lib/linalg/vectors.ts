import { compiled, doubles, type Random, readDoubles, tf } from '../tensor';
import type { Vector } from './operator';

/** Several vectors held together: by part `[vectors, size]`. */
export type Block = readonly tf.Tensor[];

const double = { precision: 'double' } as const;

const dots = compiled(
  ({ a, b }: { a: readonly tf.Tensor[]; b: readonly tf.Tensor[] }) =>
    tf.addN(a.map((part, i) => part.mul(b[i]).sum())),
  double,
);

/** a · b */
export function dot(a: Vector, b: Vector): number {
  return numberOf(dots({ a, b }));
}

/** |a|² */
export function squaredNorm(a: Vector): number {
  return dot(a, a);
}

const scaled = compiled(
  ({ a, by }: { a: readonly tf.Tensor[]; by: tf.Tensor }) => a.map((part) => part.mul(by)),
  double,
);

/** a times a number. */
export function scale(a: Vector, by: number): Vector {
  return withNumber(by, (factor) => scaled({ a, by: factor }));
}

const difference = compiled(
  ({ a, b, by }: { a: readonly tf.Tensor[]; b: readonly tf.Tensor[]; by: tf.Tensor }) =>
    a.map((part, i) => part.sub(b[i].mul(by))),
  double,
);

/** a − by · b */
export function subtract(a: Vector, b: Vector, by = 1): Vector {
  return withNumber(by, (factor) => difference({ a, b, by: factor }));
}

const projection = compiled(({ block, w }: { block: readonly tf.Tensor[]; w: readonly tf.Tensor[] }) => {
  const along = tf.addN(block.map((part, i) => part.matMul(w[i].reshape([-1, 1])))); // [vectors, 1]
  const rest = w.map((part, i) => part.sub(along.matMul(block[i], true).reshape([-1])));
  return { along: along.reshape([-1]), rest };
}, double);

/** What of w lies along each vector of an orthonormal block, and what is left of w without it. */
export function projectOut(block: Block, w: Vector): { along: Float64Array; rest: Vector } {
  const { along, rest } = projection({ block, w });
  const numbers = readDoubles(along).slice();
  along.dispose();
  return { along: numbers, rest };
}

const stacked = compiled(
  ({ vectors }: { vectors: readonly (readonly tf.Tensor[])[] }) =>
    vectors[0].map((_, i) => tf.stack(vectors.map((vector) => vector[i].reshape([-1])))),
  double,
);

/** Vectors as one block. */
export function stack(vectors: readonly Vector[]): Block {
  return stacked({ vectors });
}

const combined = compiled(
  ({ parts, coefficients }: { parts: readonly tf.Tensor[]; coefficients: tf.Tensor }) => {
    let row = 0;
    return tf.addN(
      parts.map((part) => {
        const rows = coefficients.slice([row, 0], [part.shape[0], -1]);
        row += part.shape[0];
        return rows.matMul(part, true);
      }),
    );
  },
  double,
);

/**
 * Sums of the vectors of blocks, as a block of their own. Disposes of the blocks, part by part, so that little more than they
 * take is held.
 *
 * @param coefficients by vector of the blocks, then by sum
 */
export function combine(blocks: readonly Block[], coefficients: readonly Float64Array[]): Block {
  const sums = coefficients[0].length;
  const flat = new Float64Array(coefficients.length * sums);
  coefficients.forEach((row, i) => {
    flat.set(row, i * sums);
  });
  const tensor = doubles(flat, [coefficients.length, sums]);
  const parts = blocks[0].map((_, i) => {
    const own = blocks.map((block) => block[i]);
    const sum = combined({ parts: own, coefficients: tensor });
    tf.dispose(own);
    return sum;
  });
  tensor.dispose();
  return parts;
}

const picked = compiled(
  ({ block, pick }: { block: readonly tf.Tensor[]; pick: tf.Tensor }) =>
    block.map((part) => pick.matMul(part).reshape([-1])),
  double,
);

/** One vector of a block, as a copy. */
export function vectorOf(block: Block, index: number): Vector {
  const pick = doubles(
    Float64Array.from({ length: block[0].shape[0] }, (_, i) => (i === index ? 1 : 0)),
    [1, block[0].shape[0]],
  );
  const vector = picked({ block, pick });
  pick.dispose();
  return vector;
}

const added = compiled(
  ({ block, a, by }: { block: readonly tf.Tensor[]; a: readonly tf.Tensor[]; by: tf.Tensor }) =>
    a.map((part, i) => {
      const more = by.reshape([-1, 1]).mul(part.reshape([1, -1]));
      return block[i] ? block[i].add(more) : more;
    }),
  double,
);

/** A block of vectors, 0 where absent, and to each a times its own number. */
export function accumulate(block: Block | undefined, a: Vector, by: Float64Array): Block {
  const factors = doubles(by);
  const sum = added({ block: block ?? [], a, by: factors });
  factors.dispose();
  return sum;
}

/** Independent draws from the standard normal distribution. */
export function randomVector(sizes: readonly number[], random: Random): Vector {
  return sizes.map((size) => doubles(Float64Array.from({ length: size }, random.normal)));
}

function withNumber<T>(value: number, f: (tensor: tf.Tensor) => T): T {
  const tensor = doubles(Float64Array.of(value), []);
  const result = f(tensor);
  tensor.dispose();
  return result;
}

function numberOf(tensor: tf.Tensor): number {
  const [value] = readDoubles(tensor);
  tensor.dispose();
  return value;
}
