import { createInterface } from 'node:readline';
import { nativeBackend } from '../lib/tensor';
import { prepare } from './cases';
import type { Case } from './rows';

// `runCase.ts CASE`: prepares, makes the first call and then, for each number that comes in a line, as many calls. Answers each
// with a line, a Measurement; peer/main.py does the same.

/** What one process measured. */
export interface Measurement {
  /** Of each call. */
  seconds: number[];
  /** The most memory the process has held, in bytes. */
  peakBytes: number;
  /** What the process computes with, by name. */
  versions: Record<string, string>;
  /** Of a call, were nothing masked; ours alone, of training steps. */
  multiplications?: number;
}

async function main(asked: Case): Promise<void> {
  const { repeat, multiplications } = await prepare(asked);
  const { binding } = nativeBackend();
  const versions = {
    Node: process.versions.node,
    TensorFlow: binding.TF_Version,
    device: binding.isUsingGpuDevice() ? 'GPU' : 'CPU',
  };
  const measure = async (repetitions: number) => {
    const seconds: number[] = [];
    for (let i = 0; i < repetitions; i++) {
      const start = process.hrtime.bigint();
      await repeat();
      seconds.push(Number(process.hrtime.bigint() - start) / 1e9);
    }
    const peakBytes = process.resourceUsage().maxRSS * 1024;
    const measurement: Measurement = { seconds, peakBytes, versions, multiplications };
    process.stdout.write(`${JSON.stringify(measurement)}\n`);
  };
  await measure(1);
  for await (const line of createInterface(process.stdin)) await measure(Number(line));
}

void main(JSON.parse(process.argv[2]));
