import { invalid } from '../../base';
import { tf } from '../engine';
import type { NativeVariable } from '../variable';

/** What a compiled function takes: tensors and variables, or records and arrays of such. */
export type Inputs =
  | tf.Tensor
  | NativeVariable
  | readonly Inputs[]
  | { readonly [name: string]: Inputs | undefined };

/** What it returns: tensors, or records and arrays of such. */
export type Results = tf.Tensor | readonly Results[] | { readonly [name: string]: Results };

/** A tree with something in the place of each tensor and variable; entries that are undefined do not count. */
export type Tree<Leaf> = { leaf: Leaf } | { isArray: boolean; names: string[]; parts: Tree<Leaf>[] };

export type InputLeaf = tf.Tensor | NativeVariable;

export const isVariable = (value: object): value is NativeVariable =>
  'handle' in value && value.handle instanceof tf.Tensor;

/**
 * Describes every tensor and variable of inputs or results.
 *
 * @throws `invalid NAME; …` for what is none
 */
export function describe<Leaf>(
  value: Inputs | Results | undefined,
  name: string,
  leafOf: (value: InputLeaf, name: string) => Leaf,
): Tree<Leaf> {
  if (typeof value !== 'object' || value === null)
    throw invalid(name, 'not a tensor, nor a record or an array of tensors', value);
  if (value instanceof tf.Tensor && value.isDisposed)
    throw invalid(name, 'a tensor that was disposed of, of shape', value.shape);
  if (value instanceof tf.Tensor || isVariable(value)) return { leaf: leafOf(value, name) };
  const names = namesOf(value);
  const parts = names.map((part) => describe(partOf(value, part), `${name}.${part}`, leafOf));
  return { isArray: Array.isArray(value), names, parts };
}

/** Fills a tree's places in their order. */
export function rebuild<Leaf, T>(tree: Tree<Leaf>, next: (leaf: Leaf) => T): unknown {
  if ('leaf' in tree) return next(tree.leaf);
  const parts = tree.parts.map((part) => rebuild(part, next));
  return tree.isArray ? parts : Object.fromEntries(tree.names.map((name, i) => [name, parts[i]]));
}

/** Whether a value is built like a tree; what lies in its places is appended to `found`. */
export function matches<Leaf>(
  tree: Tree<Leaf>,
  value: unknown,
  fits: (leaf: Leaf, value: InputLeaf) => boolean,
  found: InputLeaf[],
): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if ('leaf' in tree) {
    if (!(value instanceof tf.Tensor || isVariable(value)) || !fits(tree.leaf, value)) return false;
    found.push(value);
    return true;
  }
  if (value instanceof tf.Tensor || isVariable(value) || Array.isArray(value) !== tree.isArray) return false;
  const { names, parts } = tree;
  if (namesOf(value).length !== names.length) return false;
  return names.every((name, i) => matches(parts[i], partOf(value, name), fits, found));
}

const partOf = (value: object, name: string) => (value as Record<string, Inputs | undefined>)[name];

const namesOf = (value: object) => Object.keys(value).filter((name) => partOf(value, name) !== undefined);
