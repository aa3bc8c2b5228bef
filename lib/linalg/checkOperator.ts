import { invalid } from '../base';
import { createRandom, tf } from '../tensor';
import type { SymmetricOperator } from './operator';
import { dot, randomVector, squaredNorm, subtract } from './vectors';

/**
 * Applies an operator to random vectors: the same one twice has to give the same, and u · A v has to be v · A u. An estimate
 * from changing batches fails here.
 *
 * @returns both relative differences
 * @throws `invalid operator; …` where they are above 1e-10 and 1e-8, and for products that are no finite numbers
 */
export async function checkOperator(
  operator: SymmetricOperator,
  seed = 1,
): Promise<{ repeated: number; asymmetry: number }> {
  const random = createRandom(seed).fork('operator');
  const u = randomVector(operator.sizes, random);
  const v = randomVector(operator.sizes, random);
  const [once, again, other] = [await operator.apply(u), await operator.apply(u), await operator.apply(v)];
  const size = Math.sqrt(squaredNorm(once));
  const difference = subtract(once, again);
  const repeated = Math.sqrt(squaredNorm(difference)) / (size || 1);
  const scale = Math.sqrt(squaredNorm(u) * squaredNorm(other)) + Math.sqrt(squaredNorm(v)) * size;
  const asymmetry = Math.abs(dot(v, once) - dot(u, other)) / (scale || 1);
  tf.dispose([u, v, once, again, other, difference].flat());
  if (!(Number.isFinite(size) && Number.isFinite(scale)))
    throw invalid('operator', 'its product with a vector has no finite norm', size);
  if (!(repeated <= 1e-10)) throw invalid('operator', 'not the same twice, relative difference', repeated);
  if (!(asymmetry <= 1e-8)) throw invalid('operator', 'not symmetric, relative difference', asymmetry);
  return { repeated, asymmetry };
}
