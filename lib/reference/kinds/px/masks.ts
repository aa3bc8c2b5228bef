import { jaccardIndex, maskOf, type PruneStep } from '../../../prune';
import { tf } from '../../../tensor';
import { compareValues } from '../../checks/values';
import type { Comparison } from '../../comparison';
import type { Fields } from '../../jsonFields';
import type { Subject } from '../../subject';
import { tolerancesOf } from '../../tolerances';
import { entries } from './findings';
import { listed } from './steps';

/** Counts, bits and overlap of the masks of both methods. */
export function* compareMasks(
  subject: Subject,
  prefix: string,
  expected: Fields,
  [px, l2]: readonly PruneStep[],
): Generator<Comparison> {
  const [a, b] = [px, l2].map(({ kept }) => maskOf(subject.network, kept));
  const count = px.kept.reduce((sum, indices) => sum + indices.length, 0);
  yield entries(`${prefix}kept`, expected.kept, count);
  for (const [name, mask] of [
    ['px_mask', a],
    ['l2_mask', b],
  ] as const) {
    const bits = listed(
      subject,
      Object.values(mask).map((tensor) => tensor.dataSync() as Float32Array),
    );
    const text = String(expected[name]);
    const differing =
      bits.filter((bit, i) => String(bit) !== text[i]).length + Math.abs(bits.length - text.length);
    yield entries(`${prefix}${name}`, 0, differing);
  }
  yield* compareValues(prefix, expected, { jaccard: () => jaccardIndex(a, b) }, tolerancesOf(subject));
  tf.dispose([a, b]);
}
