import { invalid, product } from '../../../base';
import { kernelsOf, type LinearPolicy } from '../../../network';
import { pathKernelOperator } from '../../../path';
import { doubles, readDoubles, tf } from '../../../tensor';
import type { Check } from '../../checks/check';
import { relativeError } from '../../comparison';
import { flatWeights } from '../../flatWeights';
import { hashUniform } from '../../hashFormula';
import { fieldsOf, isFields } from '../../jsonFields';
import { placesInFile } from '../../placesInFile';
import type { Subject } from '../../subject';
import { POLICIES, relative } from './limits';

/** G u for a vector made by a formula. */
export const checkProducts: Check = async function* check(subject, file) {
  const fields = file.G_u;
  if (!isFields(fields)) return;
  const text = fieldsOf('G_u', fields).text('u');
  const [, ordinal, seed] = /u\(i,(\d+),(\d+)\)/.exec(text) ?? [];
  if (seed === undefined) throw invalid('reference file', 'G_u.u is of another formula', text);
  for (const [field, policy] of [
    ['result', POLICIES.path_kernel],
    ['result_folded', POLICIES.path_kernel_folded],
  ] as const) {
    const size = kernelsOf(subject.network).reduce((sum, { shape }) => sum + product(shape), 0);
    const u = Float64Array.from({ length: size }, (_, i) =>
      Math.fround(2 * hashUniform(i, Number(ordinal), Number(seed)) - 1),
    );
    const found = await productWith(subject, u, policy);
    yield relative(`G_u.${field}`, relativeError(found, fields[field]));
  }
};

async function productWith(subject: Subject, u: Float64Array, policy: LinearPolicy): Promise<Float64Array> {
  const { network, params } = subject;
  const operator = pathKernelOperator(network, params, { policy });
  const places = placesInFile(subject);
  const own = operator.kernels.map(({ name }) =>
    doubles(Float64Array.from(places[name], (place) => u[place])),
  );
  const applied = await operator.apply(own);
  const parts = Object.fromEntries(
    operator.kernels.map(({ name }, i) => [
      name,
      Float64Array.from(readDoubles(applied[i]), (x) => x * operator.trace.value),
    ]),
  );
  tf.dispose([...own, ...applied]);
  operator.dispose();
  return flatWeights(subject, parts);
}
