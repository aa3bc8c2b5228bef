/** What a quantity may differ by. */
export interface Tolerances {
  /** Of numbers and tensors, relative. */
  readonly value: number;
  /** Of natural logarithms, absolute. */
  readonly logarithm: number;
}

/** Numbers of small networks are held to 1e-5, those of large ones, whose float32 sums are longer, to 1e-4; logarithms to 1e-5. */
export function tolerancesOf({ isLarge }: { readonly isLarge: boolean }): Tolerances {
  return { value: isLarge ? 1e-4 : 1e-5, logarithm: 1e-5 };
}
