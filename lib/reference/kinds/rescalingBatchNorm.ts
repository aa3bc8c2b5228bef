import { forward, rescale } from '../../network';
import { tf } from '../../tensor';
import type { Check } from '../checks/check';
import { checkData } from '../checks/data';
import { checkOutputs } from '../checks/outputs';
import { CANCELLING, type Comparison, relativeError } from '../comparison';
import { fieldsOf } from '../jsonFields';
import { tolerancesOf } from '../tolerances';
import { ofOneNetwork } from './kind';
import { type ByTensor, compareNumber, comparePaths, POLICIES, scoresOf } from './pathScores';
import { factorsOf, groupsOf } from './rescaling';

/** Values, traces and scores under each policy, as they are and rescaled behind or in front of batch norms. */
const checkBatchNorms: Check = (subject, file) => {
  const { network, params, data } = subject;
  const { value: tolerance } = tolerancesOf(subject);
  const { object, objects } = fieldsOf('file', file);
  const behind = groupsOf(file).flatMap(({ incoming, batchNorms, factor }) =>
    batchNorms.map((name, i) => [`${name}.weight`, incoming[i][1], factor] as const),
  );
  const before = objects('mu').flatMap((fields) => {
    const { text, numbers } = fieldsOf('mu', fields);
    return numbers('mu').map((factor, channel) => [text('weight'), channel, factor] as const);
  });
  const after = {
    before: params,
    after_gamma: rescale(network, params, factorsOf(network, behind)),
    after_statistics: rescale(network, params, factorsOf(network, before)),
  };
  const compared: Comparison[] = [];
  for (const [name, quantity] of [
    ['after_gamma', 'groups'],
    ['after_statistics', 'mu'],
  ] as const) {
    if (data === undefined) break;
    const outputs = forward(network, after[name], data.inputs);
    const error = relativeError(outputs.dataSync(), file.outputs, CANCELLING);
    outputs.dispose();
    compared.push({ quantity, error, tolerance, measure: 'relative' });
  }
  const policies = object('policies');
  for (const [policyName, policy] of Object.entries(POLICIES)) {
    const states = fieldsOf('policies', policies).object(policyName);
    for (const [state, of] of Object.entries(after)) {
      const prefix = `policies.${policyName}.${state}.`;
      const fields = fieldsOf(policyName, states).object(state);
      compared.push(...comparePaths(prefix, network, of, fields, policy, tolerance));
      const changes = fieldsOf(state, fields).object('largest_relative_change_from_before');
      for (const score of ['a', 'e'] as const) {
        const [old, now] = [params, of].map((own) => scoresOf(network, own, score, policy));
        const quantity = `${prefix}largest_relative_change_from_before.${score}`;
        compared.push(compareNumber(quantity, largestChange(old, now), changes[score], tolerance, 1));
      }
    }
  }
  tf.dispose([after.after_gamma, after.after_statistics]);
  return compared;
};

/** The largest |after / before − 1| over the weights. */
function largestChange(before: ByTensor, after: ByTensor): number {
  return Object.entries(before).reduce(
    (largest, [name, values]) =>
      Array.from(values).reduce(
        (most, value, i) => Math.max(most, Math.abs(after[name][i] / value - 1)),
        largest,
      ),
    0,
  );
}

/** Kind `rescaling-batch-norm`. */
export const rescalingBatchNorm = ofOneNetwork([checkData, checkOutputs, checkBatchNorms]);
