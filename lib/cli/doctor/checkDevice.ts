import { type Finding, note, ok } from './finding';
import type { GpuFacts } from './gpuFacts';

/** The oldest driver that CUDA 12 takes. */
const OLDEST_DRIVER = 525;

const setUpAgain = 'remove .venv, then npm run setup -- --gpu';
const noGpuAtAll = 'where there is no GPU, npm run setup -- --cpu';

/**
 * The device that TensorFlow computes on, and where that is the processor although the CUDA build was installed or there is a
 * GPU, why.
 *
 * @param device as TensorFlow says
 * @param log what TensorFlow wrote as it started
 */
export function checkDevice(device: 'CPU' | 'GPU', facts: GpuFacts, log = ''): Finding {
  const { build, names, hasDevice } = facts;
  const gpus = names.join(', ') || (hasDevice ? 'a GPU' : '');
  if (device === 'GPU') return ok('device', `GPU: ${names.join(', ') || 'unnamed'}`);
  if (build === 'cpu' && gpus === '') return ok('device', 'CPU');
  if (build === 'cpu')
    return note('device', `CPU, though there is ${gpus}`, 'npm run setup -- --gpu takes the CUDA build');
  const { why, remedy } = whyNot(facts, log);
  const there = gpus === '' ? '' : ` though there is ${gpus}`;
  return note('device', `CPU${there}: TensorFlow's CUDA build finds no GPU, as ${why}`, remedy);
}

/** Why the CUDA build finds no GPU: first what nothing else helps against. */
function whyNot({ hasDevice, hasLibrary, driver, visible, missing }: GpuFacts, log: string) {
  const [, code] =
    /failed call to cuInit.*?: (?:Failed call to cuInit: )?(CUDA_ERROR_\w+|UNKNOWN ERROR[^\n]*)/.exec(log) ??
    [];
  if (!hasDevice && !hasLibrary)
    return {
      why: 'there is no NVIDIA driver (no /dev/nvidia0, no libcuda.so.1)',
      remedy: `install NVIDIA's driver, ${OLDEST_DRIVER} or newer (in a container: start it with --gpus all); ${noGpuAtAll}`,
    };
  if (!hasLibrary)
    return {
      why: "the driver's library is missing (no libcuda.so.1)",
      remedy:
        "install the driver's CUDA library (Debian: libcuda1); in a container: start it with --gpus all",
    };
  if (!hasDevice)
    return {
      why: "the driver's library is here but no device (no /dev/nvidia0)",
      remedy: `load the driver (nvidia-smi tells what is amiss); in a container: start it with --gpus all; ${noGpuAtAll}`,
    };
  if (visible !== undefined && !/^\s*(\d|GPU-|MIG-)/.test(visible))
    return {
      why: `CUDA_VISIBLE_DEVICES hides every GPU (it is ${JSON.stringify(visible)})`,
      remedy: 'unset CUDA_VISIBLE_DEVICES, or name GPUs in it, as 0',
    };
  if (
    (driver !== undefined && Number.parseInt(driver, 10) < OLDEST_DRIVER) ||
    /DRIVER_MISMATCH|INSUFFICIENT_DRIVER|COMPAT_NOT_SUPPORTED/.test(code ?? '')
  )
    return {
      why: `the driver${driver ? `, ${driver},` : ''} is too old or not the one of its library${code ? ` (${code})` : ''}`,
      remedy: `update NVIDIA's driver to ${OLDEST_DRIVER} or newer, then restart the machine`,
    };
  if (missing.length > 0)
    return { why: `CUDA libraries are missing: ${missing.join(', ')}`, remedy: setUpAgain };
  if (/Cannot dlopen some GPU libraries/.test(log))
    return { why: 'CUDA libraries cannot be loaded', remedy: setUpAgain };
  if (code === 'CUDA_ERROR_NO_DEVICE')
    return {
      why: 'the driver sees none (CUDA_ERROR_NO_DEVICE)',
      remedy: 'nvidia-smi has to list one; if it does, see that CUDA_VISIBLE_DEVICES names one that is there',
    };
  if (code !== undefined)
    return {
      why: `the driver does not start (${code})`,
      remedy: 'restart the machine, or load the driver anew: nvidia-smi tells what is amiss',
    };
  return { why: 'it does not say why', remedy: 'environment.md, "The GPU is not used"' };
}
