/** A number that may leave float64, with its logarithm, which does not. */
export type LogValue = {
  /** ln |value|; −Infinity for 0 */
  log: number;
  /** The number itself; ±Infinity beyond 1.8e308, 0 below 5e-324. */
  value: number;
}; // a type, which unlike an interface may leave tf.tidy

/** `factor · exp(logScale)`. */
export function logValue(factor: number, logScale: number): LogValue {
  const log = factor === 0 ? Number.NEGATIVE_INFINITY : Math.log(Math.abs(factor)) + logScale;
  return { log, value: factor === 0 ? 0 : Math.sign(factor) * Math.exp(log) };
}
