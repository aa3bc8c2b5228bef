import type { Comparison } from '../comparison';
import type { Fields } from '../jsonFields';
import type { MaskCase } from '../maskCase';
import type { Subject } from '../subject';

export interface CheckOptions {
  /** How many iterations a mask is followed for; where fewer than it has, its final values are not compared. All by default. */
  follow?: (mask: MaskCase) => number;
}

/** Compares one group of a file's quantities, those that the file has. */
export type Check = (
  subject: Subject,
  file: Fields,
  options: CheckOptions,
) => Iterable<Comparison> | AsyncIterable<Comparison>;
