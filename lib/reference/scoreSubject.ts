import { toPytorch } from '../network';
import { type ScoreContext, scoreTensors } from '../prune';
import { createRandom, mapRecord, tf } from '../tensor';
import type { FileMethod, Scaling } from './methods';
import type { Subject } from './subject';

/** Scores as a reference file has them. */
export interface FoundScores {
  /** By name of the weight tensor, in PyTorch's order. */
  readonly scores: Readonly<Record<string, Float64Array>>;
  /** What the scores were divided by. */
  readonly divisor: number;
}

/** Added by the published code to what GraSP's scores are divided by. */
const EPSILON = 1e-10;

/** Scores of a method, in the order and scale of the reference files. */
export async function scoreSubject(subject: Subject, { method, scaling }: FileMethod): Promise<FoundScores> {
  const { network, params } = subject;
  const scores = scoreTensors(network, await method.score(network, params, contextOf(subject)));
  const inTheirOrder = toPytorch(network, scores);
  const found = mapRecord(inTheirOrder, (tensor) => Float64Array.from(tensor.dataSync()));
  tf.dispose([scores, inTheirOrder]);
  const divisor = divisorOf(Object.values(found), scaling);
  for (const values of Object.values(found)) for (let i = 0; i < values.length; i++) values[i] /= divisor;
  return { scores: found, divisor };
}

/** What a method may draw on, from the file's data; the files score with running statistics. */
export function contextOf({ data }: Subject): ScoreContext {
  return {
    random: createRandom(0),
    batchNorm: 'inference',
    ...(data && { batch: { images: data.inputs, labels: data.targets }, meanImage: data.mean }),
  };
}

/** What a reference file divides scores by. */
export function divisorOf(scores: readonly (Float32Array | Float64Array)[], scaling: Scaling): number {
  if (scaling === 'none') return 1;
  let sum = 0;
  for (const values of scores) for (const value of values) sum += value;
  return scaling === 'bySum' ? sum : Math.abs(sum) + EPSILON;
}
