import { forward } from '../../network';
import { tf } from '../../tensor';
import type { Check } from '../checks/check';
import { checkData } from '../checks/data';
import { checkOutputs } from '../checks/outputs';
import { CANCELLING, type Comparison, relativeError } from '../comparison';
import { fieldsOf, isFields } from '../jsonFields';
import { tolerancesOf } from '../tolerances';
import { ofOneNetwork } from './kind';
import { compareNumber, comparePaths, POLICIES } from './pathScores';

/** The value of every node on the inputs, `[channels, rows, columns]`: the first sample's, and the sum over all. */
const checkNodes: Check = ({ network, params, data }, file, _) => {
  if (data === undefined) return [];
  const tolerance = tolerancesOf({ isLarge: false }).value;
  const expected = fieldsOf('file', file).object('nodes');
  const compared: Comparison[] = [];
  const ids = new Map(network.nodes.map(({ id }, i) => [id, (file.network as { id: string }[])[i].id]));
  const onValue = ({ id }: { id: string }, value: tf.Tensor) => {
    const name = ids.get(id) as string;
    const fields = expected[name];
    if (!isFields(fields)) return;
    const theirs = tf.tidy(() => (value.rank === 4 ? value.transpose([0, 3, 1, 2]) : value.clone()));
    const values = Float32Array.from(theirs.dataSync());
    const shape = theirs.shape.slice(1);
    const size = values.length / theirs.shape[0];
    theirs.dispose();
    const [sum, magnitudes] = [(x: number) => x, Math.abs].map((of) =>
      values.reduce((total, entry) => total + of(entry), 0),
    );
    compared.push(
      {
        quantity: `nodes.${name}.shape`,
        error: String(shape) === String(fields.shape) ? 0 : 1,
        tolerance: 0,
        measure: 'entries',
      },
      compareNumber(`nodes.${name}.sum`, sum, fields.sum, tolerance, magnitudes),
      {
        quantity: `nodes.${name}.sample0`,
        error: relativeError(values.subarray(0, size), fields.sample0, CANCELLING),
        tolerance,
        measure: 'relative',
      },
    );
  };
  forward(network, params, data.inputs, { onValue }).dispose();
  return compared;
};

/** Path norms, traces and scores under each policy of batch norm. */
const checkPolicies: Check = ({ network, params }, file) => {
  const { value: tolerance } = tolerancesOf({ isLarge: false });
  return Object.entries(fieldsOf('file', file).object('policies')).flatMap(([name, fields]) =>
    isFields(fields) && Object.hasOwn(POLICIES, name)
      ? comparePaths(`policies.${name}.`, network, params, fields, POLICIES[name], tolerance)
      : [],
  );
};

/** Kind `node-values`. */
export const nodeValues = ofOneNetwork([checkData, checkOutputs, checkNodes, checkPolicies]);
