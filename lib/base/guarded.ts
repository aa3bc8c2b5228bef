import { interruptible } from './interrupt';

/** Wraps a callback, absent or not, so that its failure stops the work instead of breaking into it. */
export type Guard = <A extends unknown[], R>(
  callback: ((...args: A) => R) | undefined,
) => (...args: A) => R | undefined;

/**
 * {@link interruptible} work that calls back: where a callback throws, or the promise it returns is rejected, the signal is
 * raised, the work comes to its end as for any other signal, leaving nothing running, and what was thrown is thrown then.
 *
 * @param body the work; wraps every callback of its caller by the guard
 * @param outer a signal of the caller that stops the work too; none by default
 * @throws what a callback threw first, else what the body throws
 */
export async function guarded<T>(
  body: (signal: AbortSignal, guard: Guard) => Promise<T>,
  outer?: AbortSignal,
): Promise<T> {
  const own = new AbortController();
  let failure: { error: unknown } | undefined;
  const fail = (error: unknown) => {
    failure ??= { error };
    own.abort(error);
    return undefined;
  };
  const guard: Guard =
    (callback) =>
    (...args) => {
      try {
        const result = callback?.(...args);
        return result instanceof Promise ? (result.catch(fail) as typeof result) : result;
      } catch (error) {
        return fail(error);
      }
    };
  const signal = outer ? AbortSignal.any([outer, own.signal]) : own.signal;
  let result: T;
  try {
    result = await interruptible((raised) => body(raised, guard), signal);
  } catch (error) {
    throw failure ? failure.error : error;
  }
  if (failure) throw failure.error;
  return result;
}
