import { invalid, kindOf, nearest } from '../base';
import type { Network, Shape } from './graph';

/**
 * Checks that `found` has a tensor of every expected name and shape, and no other.
 *
 * @param subject what is checked, for the message: `params`
 * @param expected shapes by name
 * @throws `invalid SUBJECT; RULE: VALUE` naming the first tensor that is missing, unknown or misshapen
 */
export function checkTensors(
  subject: string,
  expected: Readonly<Record<string, Shape>>,
  found: Readonly<Record<string, { readonly shape: Shape }>>,
): void {
  checkReadable(subject, found);
  for (const [name, shape] of Object.entries(expected))
    if (!Object.hasOwn(found, name))
      throw invalid(subject, `no tensor ${name}, expected one of shape`, shape);
  checkKnownTensors(subject, expected, found);
}

/** {@link checkTensors} for a record that may hold only some of the expected tensors, such as a mask. */
export function checkKnownTensors(
  subject: string,
  expected: Readonly<Record<string, Shape>>,
  found: Readonly<Record<string, { readonly shape: Shape }>>,
): void {
  checkReadable(subject, found);
  for (const [name, { shape }] of Object.entries(found)) {
    if (!Object.hasOwn(expected, name)) {
      const offer = nearest(name, Object.keys(expected)).join(', ');
      throw invalid(subject, `the network has no such tensor, the nearest are ${offer}`, name);
    }
    if (shape.join() !== expected[name].join())
      throw invalid(subject, `${name} needs shape [${expected[name].join(', ')}], has`, shape);
  }
}

/**
 * Checks that `found` is a record of tensors whose numbers are still there.
 *
 * @throws `invalid SUBJECT; …` naming the first that is no tensor or was disposed of
 */
export function checkReadable(subject: string, found: Readonly<Record<string, object>>): void {
  if (typeof found !== 'object' || found === null || found instanceof Promise)
    throw invalid(subject, 'not an object of tensors by name', kindOf(found));
  for (const [name, tensor] of Object.entries(found)) checkTensor(subject, name, tensor);
}

/** {@link checkReadable} for one tensor, or what has no more than its shape. */
export function checkTensor(subject: string, name: string, tensor: object): void {
  const { shape, isDisposed } = (tensor ?? {}) as { shape?: Shape; isDisposed?: boolean };
  if (!Array.isArray(shape)) throw invalid(subject, `${name} is no tensor but`, kindOf(tensor));
  if (isDisposed) throw invalid(subject, `${name} was disposed of, of shape`, shape);
}

/** Shapes of a network's parameters and running statistics by name. */
export function parameterShapes({ parameters }: Network): Record<string, Shape> {
  return Object.fromEntries(parameters.map(({ name, shape }) => [name, shape]));
}
