import { invalid, product } from '../base';
import { fromPytorch, type Network, type Params } from '../network';
import { tf } from '../tensor';
import { type Fields, fieldsOf } from './jsonFields';
import { meanSample, readInputs, readTargets, type Samples, sampleTensor } from './readInputs';
import { readNetwork } from './readNetwork';
import { type ListedParameter, readParameters, readStatistics } from './readParameters';
import type { ReferenceFile } from './readReferenceFile';
import { type ReluFlips, reluFlips } from './reluFlips';

/** What a reference file speaks about: a network, its parameters and its data, in the layouts of this library. */
export interface Subject {
  readonly network: Network;
  readonly params: Params;
  /** The parameters as the file lists them, in PyTorch's layout. */
  readonly listed: readonly ListedParameter[];
  /** Names of the parameters that pruning concerns, in the file's order. */
  readonly prunable: readonly string[];
  readonly data?: PruningData;
  /** Above this many weights, rounding in float32 grows to where tolerances must be wider. */
  readonly isLarge: boolean;
  /** ReLUs that float32 opens or closes on the data; only of a large network with data. */
  readonly relus?: ReluFlips;
}

export interface PruningData {
  /** In the file's order and layout. */
  readonly samples: Samples;
  readonly meanValues: Float32Array;
  /** `[samples, ...network.input]` */
  readonly inputs: tf.Tensor;
  /** `[samples]`, classes */
  readonly targets: tf.Tensor1D;
  /** The mean sample, `[1, ...network.input]`. */
  readonly mean: tf.Tensor;
}

/** From here on a network counts as large: the small ones of the references have hundreds of weights, the others 10⁵ and more. */
const LARGE = 10_000;

/**
 * Builds what a reference file describes.
 *
 * @returns tensors to be disposed by {@link disposeSubject}
 * @throws `invalid …` where the file does not describe a network of known nodes with fitting parameters
 */
export function buildSubject({ name, fields }: ReferenceFile): Subject {
  const listed = readParameters(fields);
  const shapes = Object.fromEntries(listed.map((parameter) => [parameter.name, parameter.shape]));
  const network = readNetwork(name, fieldsOf('file', fields).objects('network'), shapes);
  const weights = listed.filter(({ kind }) => kind === 'weight');
  if (weights.length === 0) throw invalid('reference file', 'has no weights to prune', name);
  const params = parametersOf(network, listed, fields);
  const data = dataOf(network, fields);
  const isLarge = weights.reduce((sum, { values }) => sum + values.length, 0) > LARGE;
  return {
    network,
    params,
    listed,
    prunable: weights.map((weight) => weight.name),
    data,
    isLarge,
    ...(isLarge && data && { relus: reluFlips(network, params, data.inputs) }),
  };
}

export function disposeSubject({ params, data }: Subject): void {
  tf.dispose([params, data?.inputs, data?.targets, data?.mean].filter((held) => held !== undefined));
}

/** Listed parameters, with the running statistics of a file, in the layout of this library. */
export function parametersOf(network: Network, listed: readonly ListedParameter[], file: Fields): Params {
  return tf.tidy(() => {
    const statistics = readStatistics(file, statisticsOf(network));
    const theirs = Object.fromEntries([
      ...listed.map(({ name, kind, shape, values }) => [
        name,
        tf.tensor(values, kind === 'weight' ? [...shape] : [values.length]),
      ]),
      ...Object.entries(statistics).map(([name, values]) => [name, tf.tensor1d(values)]),
    ]);
    return fromPytorch(network, theirs);
  });
}

function statisticsOf({ parameters }: Network) {
  return parameters.flatMap(({ name, shape: [size], role }) =>
    role === 'mean' || role === 'variance' ? [{ name, size, role }] : [],
  );
}

function dataOf(network: Network, file: Fields): PruningData | undefined {
  const size = product(network.input);
  const samples = readInputs(file, size);
  if (samples === undefined) return undefined;
  const mean = meanSample(samples);
  return {
    samples,
    meanValues: mean,
    inputs: sampleTensor(network, samples.values),
    targets: tf.tensor1d(readTargets(file, samples.count, network.classes), 'int32'),
    mean: sampleTensor(network, mean),
  };
}
