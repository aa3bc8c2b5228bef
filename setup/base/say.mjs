/** Prints one line of what set-up is doing. */
export function say(line) {
  process.stdout.write(`${line}\n`);
}

/** A clock that reads as text: `0.4 s`, `12 s`, `2 min 05 s`. */
export function stopwatch() {
  const start = performance.now();
  return () => readableSeconds((performance.now() - start) / 1000);
}

export function readableSeconds(seconds) {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}
