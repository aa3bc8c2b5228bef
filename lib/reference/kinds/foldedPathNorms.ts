import type { LinearPolicy, Power } from '../../network';
import { pathFunction, pathNorm } from '../../path';
import { readDoubles, tf } from '../../tensor';
import type { Check } from '../checks/check';
import { checkData } from '../checks/data';
import { checkOutputs } from '../checks/outputs';
import { compareValues } from '../checks/values';
import { type Comparison, relativeError } from '../comparison';
import { fieldsOf } from '../jsonFields';
import { PUBLISHED_L1 } from '../published';
import { buildSubject, disposeSubject, type Subject } from '../subject';
import { tolerancesOf } from '../tolerances';
import type { Kind } from './kind';

/** All of batch norm and pools in the value of a path. */
const FOLDED = { batchNorm: 'fold', constants: 'power', maxPool: 'sum' } as const satisfies LinearPolicy;

/** Σ |v_p|^q by output. */
function sumsByOutput({ network, params }: Subject, power: Power): Float64Array {
  const policy = { ...FOLDED, biases: true };
  const last = network.nodes[network.nodes.length - 1];
  const run = pathFunction(network, power, { policy }, 'outputs', ({ norm, s }) => {
    const kept: tf.Tensor[] = []; // out of the pass's own tidy
    norm(s, (node, value) => {
      if (node === last) kept.push(tf.keep(value.clone())); // [1, classes]
      return value;
    });
    const [outputs] = kept.map((tensor) => tensor.clone());
    tf.dispose(kept);
    return outputs;
  });
  const outputs = run({ params });
  const found = Float64Array.from(readDoubles(outputs));
  outputs.dispose();
  return found;
}

const checkNorms: Check = (subject, file) => {
  const { network, params } = subject;
  const tolerances = tolerancesOf(subject);
  const norms = fieldsOf('file', file).object('path_norms');
  const compared = Object.keys(norms).flatMap((name): Comparison[] => {
    const power = Number(name) as Power;
    const prefix = `path_norms.${name}.`;
    const fields = fieldsOf('path_norms', norms).object(name);
    const sum = (biases: boolean) => pathNorm(network, params, power, { policy: { ...FOLDED, biases } });
    const norm = () => {
      const log = sum(true).log / power;
      return { log, value: Math.exp(log) };
    };
    const numbers = { sum: () => sum(true), norm, sum_without_bias_paths: () => sum(false) };
    const each: Comparison = {
      quantity: `${prefix}sum_per_output`,
      error: relativeError(sumsByOutput(subject, power), fields.sum_per_output),
      tolerance: tolerances.value,
      measure: 'relative',
    };
    return [...compareValues(prefix, fields, numbers, tolerances), each];
  });
  const fork = {
    fork_R1: () => pathNorm(network, params, 1, { policy: { biases: true }, statistics: 'lift' }),
    fork_R1_with_relu: () => pathNorm(network, params, 1, PUBLISHED_L1),
  };
  return [...compared, ...compareValues('', file, fork, tolerances)];
};

/** Kind `folded-path-norms`: several networks, each with its path norms. */
export const foldedPathNorms: Kind = async function* compare({ name, folder, fields }, options) {
  const networks = fieldsOf('file', fields).object('networks');
  for (const own of Object.keys(networks)) {
    const file = { name: `${name} ${own}`, folder, fields: fieldsOf('networks', networks).object(own) };
    const subject = buildSubject(file);
    try {
      for (const check of [checkData, checkOutputs, checkNorms])
        for await (const comparison of check(subject, file.fields, options))
          yield { ...comparison, quantity: `networks.${own}.${comparison.quantity}` };
    } finally {
      disposeSubject(subject);
    }
  }
};
