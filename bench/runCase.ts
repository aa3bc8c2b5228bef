import { createInterface } from 'node:readline';
import { machinePeaks, nativeBackend } from '../lib/tensor';
import { prepare, type Work } from './cases';
import type { Case } from './rows';

// `runCase.ts CASE`: prepares, makes the first call and then, for each number that comes in a line, as many calls. Answers each
// with a line, a Measurement; peer/main.py does the same. Asked for `peaks` it answers with what the machine can do.

/** What one process measured. */
export interface Measurement {
  /** Of each call. */
  seconds: number[];
  /** The most memory the process has held, in bytes. */
  peakBytes: number;
  /** What the process computes with, by name. */
  versions: Record<string, string>;
  /** Ours alone, of training steps. */
  work?: Work;
}

async function main(asked: Case): Promise<void> {
  const { repeat, work } = await prepare(asked);
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
    const measurement: Measurement = { seconds, peakBytes, versions, work };
    answer(measurement);
  };
  await measure(1);
  for await (const line of createInterface(process.stdin)) {
    if (line === 'peaks') answer(machinePeaks());
    else await measure(Number(line));
  }
}

function answer(said: object): void {
  process.stdout.write(`${JSON.stringify(said)}\n`);
}

void main(JSON.parse(process.argv[2]));
