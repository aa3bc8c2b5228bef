import { base } from 'pathkernel';
import { cases } from './cases';

/** What one process measured. */
export interface Measurement {
  /** Seconds of each repetition, after one that does not count. */
  seconds: number[];
  /** The most memory the process held, in bytes. */
  peakBytes: number;
}

async function main([name, repetitions]: string[]): Promise<void> {
  const repeat = await base.lookUp('benchmark', cases, name)();
  await repeat();
  const seconds: number[] = [];
  for (let i = 0; i < Number(repetitions); i++) {
    const start = process.hrtime.bigint();
    await repeat();
    seconds.push(Number(process.hrtime.bigint() - start) / 1e9);
  }
  const measurement: Measurement = { seconds, peakBytes: process.resourceUsage().maxRSS * 1024 };
  process.stdout.write(`${JSON.stringify(measurement)}\n`);
}

void main(process.argv.slice(2));
