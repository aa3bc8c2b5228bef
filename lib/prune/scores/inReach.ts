import { invalid } from '../../base';
import { checkFinite, kernelsOf, type Network, type ParameterSpec, type Params } from '../../network';
import { compiled, type Inputs, type Precision, readDoubles, type TensorRecord, tf } from '../../tensor';
import type { ScoreRecord } from '../method';

/** A sum of sizes below it may be what float32 has left of larger ones. */
const SMALLEST = 2 ** -100;

/**
 * Scores by kernel in single precision, and where that does not hold those of a kernel in double precision: in networks whose
 * weights, and so gradients, are far from 1.
 *
 * @param score called once or twice; its tensors are disposed of or handed on
 * @throws `invalid scores; LAYER …` where they leave float64 as well
 */
export async function inReach(
  network: Network,
  params: Params,
  score: (precision: Precision) => Promise<TensorRecord>,
): Promise<ScoreRecord> {
  const single = await score('single');
  const names = kernelsOf(network).map(({ name }) => name);
  const sums = tf.tidy(() => tf.stack(names.map((name) => single[name].abs().sum())).dataSync());
  const lost = kernelsOf(network).filter(
    (_, k) => !(SMALLEST <= sums[k] && sums[k] < Number.POSITIVE_INFINITY),
  );
  if (lost.length === 0) return single;
  const rest = { ...single };
  for (const { name } of lost) {
    rest[name].dispose();
    delete rest[name];
  }
  try {
    return { ...rest, ...inDouble(network, params, lost, await score('double')) };
  } catch (error) {
    tf.dispose(rest);
    throw error;
  }
}

/** The numbers of some kernels' scores; disposes of all. */
function inDouble(
  network: Network,
  params: Params,
  kernels: readonly ParameterSpec[],
  scores: TensorRecord,
): Record<string, Float64Array> {
  const found = Object.fromEntries(
    kernels.map(({ name }) => [name, Float64Array.from(readDoubles(scores[name]))]),
  );
  tf.dispose(scores);
  const wrong = kernels.find(({ name }) => !found[name].every(Number.isFinite));
  if (wrong === undefined) return found;
  checkFinite(network, params);
  const rule = `those of ${wrong.layer} leave float64, which reaches from 2.2e-308 to 1.8e308`;
  throw invalid(
    'scores',
    rule,
    found[wrong.name].find((value) => !Number.isFinite(value)),
  );
}

/** A function of tensors as it is, or compiled in double precision, whose tensors nothing else can compute with. */
export function precisely<I extends Inputs>(
  precision: Precision,
  f: (inputs: I) => TensorRecord,
): (inputs: I) => TensorRecord {
  return precision === 'double' ? compiled(f, { precision }) : (inputs) => tf.tidy(() => f(inputs));
}
