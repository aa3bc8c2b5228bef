import * as fs from 'node:fs';
import { readConfig } from '../config';
import { run } from '../run';
import { withFolder } from '../run/testRun';

// `node --import tsx testPeak.ts CONFIG`, for tests: does a run and prints the most memory of this process, in bytes.

async function main(document: string): Promise<void> {
  await withFolder((folder) => run(readConfig(JSON.parse(document)), { folder }));
  // First what the kernel says of this process: resource usage begins with what the parent had when it started it.
  const [, kilobytes] = fs.readFileSync('/proc/self/status', 'utf8').match(/VmHWM:\s+(\d+) kB/) ?? [];
  console.log(Number(kilobytes ?? process.resourceUsage().maxRSS) * 1024);
}

void main(process.argv[2]);
