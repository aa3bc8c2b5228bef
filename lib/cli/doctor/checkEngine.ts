import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkDevice } from './checkDevice';
import type { EngineFacts } from './engineProbe';
import { broken, type Finding, ok, setUpRemedy } from './finding';
import { type GpuFacts, gpuFacts } from './gpuFacts';

/** How a process that tried the engine ended. */
export interface ProbeResult {
  status: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}

/**
 * TensorFlow's version, device, threads and speed.
 *
 * @param root the project folder
 * @param probe tries the engine, by default in a process of its own: a native library can end its process
 * @param gpu what there is of GPUs, drivers and CUDA
 */
export function checkEngine(root: string, probe = tryEngine, gpu = gpuFacts(root)): Finding[] {
  const binding = join(root, 'node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node');
  if (!existsSync(binding)) return [broken('TensorFlow', 'its binding is not built')];
  const result = probe(root, gpu);
  if (result.status !== 0) return [describeFailure(result)];
  const facts: EngineFacts = JSON.parse(result.stdout.trim().split('\n').at(-1) ?? '');
  return [
    ok('TensorFlow', facts.version),
    checkDevice(facts.device, gpu, result.stderr),
    ok('threads', `${facts.threads}`),
    ok('matrix product', `1024×1024×1024, ${facts.product.toFixed(0)} GFLOP/s`),
    ok('convolution', `3×3, 64 to 64 channels, 32×32, batch 32, ${facts.convolution.toFixed(0)} GFLOP/s`),
  ];
}

function tryEngine(root: string, { build }: GpuFacts): ProbeResult {
  const args = ['--require', 'tsx/cjs', join(root, 'lib', 'cli', 'doctor', 'engineProbe.ts')];
  // The CUDA build says why it uses no GPU, if it may speak.
  const env = { ...process.env, ...(build === 'gpu' && { TF_CPP_MIN_LOG_LEVEL: '0' }) };
  return spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', env });
}

function describeFailure({ signal, stderr }: ProbeResult): Finding {
  const name = 'TensorFlow';
  if (signal === 'SIGILL')
    return broken(name, 'this processor lacks AVX', 'use a machine whose processor has AVX');
  if (signal === 'SIGKILL') return broken(name, 'ended for want of memory', 'free memory, then try again');
  if (signal !== null)
    return broken(name, `ended by ${signal}`, `remove .venv and node_modules, then ${setUpRemedy}`);
  if (/GLIBC/.test(stderr))
    return broken(name, 'the C library is too old', 'use Debian 11, Ubuntu 20.04 or newer');
  const lines = stderr.split('\n').filter((line) => /Error\b/.test(line));
  return broken(name, `does not start: ${lines.at(-1)?.trim() ?? stderr.trim()}`);
}
