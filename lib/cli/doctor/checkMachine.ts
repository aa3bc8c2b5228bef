import { readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { thisMachine } from '../../base/machine';
import { type Finding, note, ok } from './finding';

const gibibyte = 2 ** 30;
/** VGG-16 at batch 128 takes about 3 GiB beside Jupyter and a browser. */
const comfortable = 4 * gibibyte;

/** Processor and memory, as far as this process may use them. */
export function checkMachine(): Finding[] {
  const model = cpus()[0]?.model.trim() || process.arch;
  const { cores, total, free } = thisMachine();
  return [ok('processor', `${model}, ${cores} cores`), memory(total, free)];
}

/** @param total and @param free in bytes */
export function memory(total: number, free: number): Finding {
  const value = `${(total / gibibyte).toFixed(1)} GiB, ${(free / gibibyte).toFixed(1)} GiB free`;
  if (total >= comfortable) return ok('memory', value);
  return note('memory', value, 'enough for the small networks; VGG-16 at batch 128 wants 4 GiB');
}

/** The names of the NVIDIA GPUs whose driver is loaded. */
export function nvidiaGpus(folder = '/proc/driver/nvidia/gpus'): string[] {
  try {
    return readdirSync(folder).map((gpu) => {
      const text = readFileSync(join(folder, gpu, 'information'), 'utf8');
      return /^Model:\s*(.+)$/m.exec(text)?.[1] ?? gpu;
    });
  } catch {
    return [];
  }
}
