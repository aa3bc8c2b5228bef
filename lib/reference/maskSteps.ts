import { kernelsOf, type Network, type Params } from '../network';
import type { ScoreMethod } from '../prune';
import { densities, narrow, type Schedule, type Scope } from '../prune';
import { tf } from '../tensor';
import { contextOf } from './scoreSubject';
import type { Subject } from './subject';

/** How a mask of a reference file was made. */
export interface MaskSettings {
  readonly method: ScoreMethod;
  /** Fraction of the weights left at the end. */
  readonly density: number;
  readonly iterations: number;
  readonly schedule: Schedule;
  readonly scope: Scope;
}

/** Where iterative pruning stands after one step; the arrays are in the order of the kernels and change with the next step. */
export interface MaskStep {
  /** 1 for the first. */
  readonly iteration: number;
  /** 1 for each weight kept. */
  readonly kept: readonly Uint8Array[];
  /** What the step's choice was made by, up to the factor exp(logScale). */
  readonly scores: readonly Float32Array[];
  readonly logScale: number;
}

/** Prunes step by step under the published code's threshold rule, showing every mask on the way. */
export async function* maskSteps(
  subject: Subject,
  { method, density, iterations, schedule, scope }: MaskSettings,
): AsyncGenerator<MaskStep> {
  const { network, params } = subject;
  const kernels = kernelsOf(network);
  const kept = kernels.map(({ name }) => new Uint8Array(params[name].size).fill(1));
  for (const [step, target] of densities(density, iterations, schedule).entries()) {
    const { scores, logScale } =
      step === 0 ? await firstScores(subject, method) : await scoreMasked(subject, method, kept);
    narrow(scores, kept, target, { scope, rule: 'as-published' });
    yield { iteration: step + 1, kept, scores, logScale };
  }
}

type KernelScores = Pick<MaskStep, 'scores' | 'logScale'>;

/** Masks of one method follow each other in a file and begin with the same scores: the last are kept. */
const lastFirst = new WeakMap<Subject, { method: ScoreMethod; scores: KernelScores }>();

async function firstScores(subject: Subject, method: ScoreMethod): Promise<KernelScores> {
  const last = lastFirst.get(subject);
  if (last?.method === method) return last.scores;
  const scores = await scoreKernels(subject, subject.params, method);
  lastFirst.set(subject, { method, scores });
  return scores;
}

async function scoreMasked(
  subject: Subject,
  method: ScoreMethod,
  kept: readonly Uint8Array[],
): Promise<KernelScores> {
  const masked = maskedKernels(subject, kept);
  const scores = await scoreKernels(subject, { ...subject.params, ...masked }, method);
  tf.dispose(masked);
  return scores;
}

async function scoreKernels(subject: Subject, params: Params, method: ScoreMethod): Promise<KernelScores> {
  const { scores, logScale } = await method.score(subject.network, params, contextOf(subject));
  const arrays = kernelsOf(subject.network).map(({ name }) => scores[name].dataSync() as Float32Array);
  tf.dispose(scores);
  return { scores: arrays, logScale };
}

/** Masks by kernel name; the caller disposes of them. */
export function maskTensors(network: Network, kept: readonly Uint8Array[]): Record<string, tf.Tensor> {
  return Object.fromEntries(
    kernelsOf(network).map(({ name, shape }, k) => [name, tf.tensor(Float32Array.from(kept[k]), [...shape])]),
  );
}

function maskedKernels({ network, params }: Subject, kept: readonly Uint8Array[]): Record<string, tf.Tensor> {
  return tf.tidy(() => {
    const mask = maskTensors(network, kept);
    return Object.fromEntries(Object.keys(mask).map((name) => [name, params[name].mul(mask[name])]));
  });
}
