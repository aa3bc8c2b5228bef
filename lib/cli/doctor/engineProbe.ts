import { availableParallelism } from 'node:os';
import { machinePeaks, nativeBackend, type Peaks } from '../../tensor';

/** What the engine says of itself, and how fast it is. */
export interface EngineFacts extends Peaks {
  version: string;
  device: 'CPU' | 'GPU';
  threads: number;
}

function measure(): EngineFacts {
  const { binding } = nativeBackend();
  return {
    version: binding.TF_Version,
    device: binding.isUsingGpuDevice() ? 'GPU' : 'CPU',
    threads: Number(process.env.TF_NUM_INTRAOP_THREADS) || availableParallelism(),
    ...machinePeaks(),
  };
}

if (require.main === module) console.log(JSON.stringify(measure()));
