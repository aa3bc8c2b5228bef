import { symmetricEigenvalues } from '../../../linalg';
import type { LinearPolicy, Mask, Network, Params } from '../../../network';
import { pathKernelOperator, pathKernelRank } from '../../../path';
import { doubles, readDoubles, tf } from '../../../tensor';
import { compareValues } from '../../checks/values';
import { type Comparison, relativeError } from '../../comparison';
import type { Fields } from '../../jsonFields';
import type { Subject } from '../../subject';
import { DOUBLE, EXACT, relative } from './limits';

/** All eigenvalues of the matrix itself, restricted to weights that are kept. */
export async function* compareWhole(
  subject: Subject,
  prefix: string,
  fields: Fields,
  policy: LinearPolicy,
  mask?: Mask,
): AsyncGenerator<Comparison> {
  const { network, params } = subject;
  const all = await wholeSpectrum(network, params, policy, mask);
  const nonzero = all.filter((value) => value > 1e-12 * all[0]);
  const sum = (f: (value: number) => number) => nonzero.reduce((total, value) => total + f(value), 0);
  const [trace, squares] = [sum((value) => value), sum((value) => value ** 2)];
  if (fields.nonzero_eigenvalues !== undefined)
    yield relative(`${prefix}nonzero_eigenvalues`, relativeError(nonzero, fields.nonzero_eigenvalues, 1e-3));
  const { kept } = pathKernelRank(network, mask);
  const numbers = {
    frobenius: () => Math.sqrt(squares),
    participation_ratio: () => trace ** 2 / squares,
    effective_rank: () => Math.exp(sum((value) => -(value / trace) * Math.log(value / trace))),
    stable_rank_of_G: () => squares / nonzero[0] ** 2,
  };
  yield* compareValues(prefix, fields, numbers, DOUBLE);
  const counts = { rank: () => nonzero.length, null_space_dimension: () => kept - nonzero.length };
  yield* compareValues(prefix, fields, counts, EXACT);
}

/** All eigenvalues, from a column for each weight that is kept. */
async function wholeSpectrum(
  network: Network,
  params: Params,
  policy: LinearPolicy,
  mask?: Mask,
): Promise<Float64Array> {
  const operator = pathKernelOperator(network, params, { mask, policy });
  const { trace, sizes } = operator;
  const kept = operator.kernels.flatMap(({ name }, part) => {
    const bits = mask?.[name].dataSync();
    return Array.from({ length: sizes[part] }, (_, i) => ({ part, i })).filter(
      ({ i }) => !bits || bits[i] === 1,
    );
  });
  const rows: Float64Array[] = [];
  for (const { part, i } of kept) {
    const unit = sizes.map((size, k) => {
      const entries = new Float64Array(size);
      if (k === part) entries[i] = 1;
      return doubles(entries);
    });
    const product = await operator.apply(unit);
    const columns = product.map((tensor) => readDoubles(tensor));
    rows.push(Float64Array.from(kept, (place) => columns[place.part][place.i] * trace.value));
    tf.dispose([...unit, ...product]);
  }
  operator.dispose();
  return symmetricEigenvalues(rows);
}
