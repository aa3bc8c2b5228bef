import { createInterface } from 'node:readline';
import { base } from 'pathkernel';
import { cases } from './cases';

// `runCase.ts CASE`: prepares, makes the first call and then, for each number that comes in a line, as many calls. Answers each
// with a line, a Measurement; peer/main.py does the same.

/** What one process measured. */
export interface Measurement {
  /** Of each call. */
  seconds: number[];
  /** The most memory the process has held, in bytes. */
  peakBytes: number;
}

async function main(name: string): Promise<void> {
  const repeat = await base.lookUp('benchmark', cases, name)();
  const measure = async (repetitions: number) => {
    const seconds: number[] = [];
    for (let i = 0; i < repetitions; i++) {
      const start = process.hrtime.bigint();
      await repeat();
      seconds.push(Number(process.hrtime.bigint() - start) / 1e9);
    }
    const measurement: Measurement = { seconds, peakBytes: process.resourceUsage().maxRSS * 1024 };
    process.stdout.write(`${JSON.stringify(measurement)}\n`);
  };
  await measure(1);
  for await (const line of createInterface(process.stdin)) await measure(Number(line));
}

void main(process.argv[2]);
