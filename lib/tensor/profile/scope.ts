import { nativeBackend } from '../native';

/** What an op, or time in JavaScript, belongs to. */
export interface Scope {
  /** Of the work: `forward`, `backward`, `update`, `choosing`, … */
  readonly phase?: string;
  /** The node of the network it is for, by id, or another name. */
  readonly part?: string;
}

/** That of one op in a function. */
export interface OpScope extends Scope {
  /** Of a product or convolution; of another op, those of what TensorFlow may fuse with it. */
  multiplications?: number;
}

let on = false;
let current: Scope = {};
const scopes: OpScope[] = [{}]; // by the number that stands in names

/** Whether ops are to be told apart by what they belong to. */
export function isProfiling(): boolean {
  return on;
}

/**
 * Runs `f` and says what it belongs to, for whoever profiles it.
 *
 * @param part that of what is around it by default
 */
export function inPhase<T>(phase: string, f: () => T, part?: string): T {
  if (!on) return f();
  const before = current;
  const scope = { phase, ...(part !== undefined && { part }) };
  current = { ...before, ...scope };
  const { binding } = nativeBackend();
  const span = binding.profileEnter(`@${numberOf(scope)}`);
  const leave = () => binding.profileLeave(span);
  let result: T;
  try {
    result = f();
  } catch (error) {
    leave();
    throw error;
  } finally {
    current = before;
  }
  if (result instanceof Promise) return result.finally(leave) as T;
  leave();
  return result;
}

/** What belongs to nothing around it. */
export function apart<T>(f: () => T): T {
  const before = current;
  current = {};
  try {
    return f();
  } finally {
    current = before;
  }
}

/** The scope that holds here. */
export function currentScope(): Scope {
  return current;
}

/** A number for a scope, by which {@link scopeOf} finds it; what is added to it later counts. */
export function numberOf(scope: OpScope): number {
  return scopes.push(scope) - 1;
}

export function scopeOf(number: number): OpScope {
  return scopes[number] ?? {};
}

/** Runs `f` with scopes in force; compiled functions are traced anew for it. */
export async function phased<T>(f: () => T | Promise<T>): Promise<T> {
  const before = on;
  on = true;
  try {
    return await f();
  } finally {
    on = before;
  }
}
