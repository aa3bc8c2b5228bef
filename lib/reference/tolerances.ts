/** What a quantity may differ by. */
export interface Tolerances {
  /** Of numbers and tensors, relative. */
  readonly value: number;
  /** Of natural logarithms, absolute. */
  readonly logarithm: number;
}

/**
 * How far one ReLU that is open in float32 and closed in double precision, or the reverse, moves scores that are made of a loss's
 * gradients: 1e-3 to 1e-2 were measured where one of millions flipped, 1.5e-6 where none did.
 */
export const FLIPPED = 1e-2;

/** Numbers of small networks are held to 1e-5, those of large ones, whose float32 sums are longer, to 1e-4; logarithms to 1e-5. */
export function tolerancesOf({ isLarge }: { readonly isLarge: boolean }): Tolerances {
  return { value: isLarge ? 1e-4 : 1e-5, logarithm: 1e-5 };
}
