import { checkMethod } from './checkMethod';
import type { Method } from './method';
import { type MethodName, methodNamed, methods } from './methods';

/** A method with what it is called in reports. */
export function methodOf(given: MethodName | Method): { method: Method; label: string } {
  if (typeof given === 'string') return { method: methodNamed(given), label: given };
  checkMethod(given);
  const name = Object.keys(methods).find((known) => methods[known] === given);
  return { method: given, label: name ?? given.description };
}
