import { invalid } from '../base';

/** A number that may be far from 1, with its logarithm. */
export type LogValue = {
  /** ln |value|; −Infinity for 0 */
  log: number;
  value: number;
}; // a type, which unlike an interface may leave tf.tidy

/** Below it float64 loses digits. */
const SMALLEST = 2 ** -1022;

/**
 * @param subject what the number is, for the message
 * @throws `invalid SUBJECT; leaves float64, …`
 */
export function logValue(subject: string, value: number): LogValue {
  const size = Math.abs(value);
  if (!(size < Number.POSITIVE_INFINITY) || (0 < size && size < SMALLEST))
    throw invalid(subject, 'leaves float64, which reaches from 2.2e-308 to 1.8e308', value);
  return { log: Math.log(size), value };
}
