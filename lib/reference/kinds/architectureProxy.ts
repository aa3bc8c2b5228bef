import { invalid } from '../../base';
import { fc, kernelsOf, type Network, type ParameterSpec, type Params } from '../../network';
import { countPaths, type PathProxies, pathProxies } from '../../path';
import { tf } from '../../tensor';
import { compareRanks } from '../checks/rankStatistics';
import { absoluteError, type Comparison } from '../comparison';
import { hashWeights } from '../hashFormula';
import { type Fields, fieldsOf, isFields, isNumbers } from '../jsonFields';
import type { Kind } from './kind';

/** Of logarithms of sums in double precision. */
const TOLERANCE = 1e-9;

/** By field, the logarithm that it holds. */
const LOGARITHMS = { ln_trace: 'logTrace', ln_R1: 'logL1', ln_R2: 'logL2' } as const;

type Field = keyof typeof LOGARITHMS;

/** Kind `architecture-proxy`: sums over paths of a family of untrained networks, and what they say of given accuracies. */
export const architectureProxy: Kind = async function* compare({ fields }) {
  const file = fieldsOf('file', fields);
  const [input, classes] = sizesIn(fieldsOf('about', file.object('about')).text('networks'));
  const seeds = file.numbers('seeds');
  const found: Record<string, number[]> = { ln_trace: [], ln_R1: [], ln_R2: [], parameters: [] };
  for (const [i, described] of file.objects('networks').entries()) {
    const { number } = fieldsOf(`networks[${i}]`, described);
    const options = { width: number('width'), skip: described.skip === true, input: [input], classes };
    const network = fc({ ...options, depth: number('depth') + 1 });
    const kernels = kernelsOf(network);
    const counts: Readonly<Record<string, number>> = {
      parameters: kernels.reduce((sum, { shape: [rows, columns] }) => sum + rows * columns, 0),
      paths: Number(countPaths(network).count),
    };
    for (const [name, count] of Object.entries(counts)) {
      const error = Number(count !== number(name));
      yield { quantity: `networks.${i}.${name}`, error, tolerance: 0, measure: 'entries' };
    }
    const proxies = seeds.map((seed) => proxiesAt(network, kernels, seed));
    found.parameters.push(counts.parameters);
    for (const name of Object.keys(LOGARITHMS) as Field[])
      found[name].push(yield* compareLogarithms(`networks.${i}.${name}`, described, name, proxies));
  }
  const accuracies = file.numbers('accuracies');
  for (const [name, statistics] of Object.entries(file.object('statistics')))
    if (isFields(statistics) && Object.hasOwn(found, name))
      yield* compareRanks(`statistics.${name}.`, statistics, {
        a: found[name],
        b: accuracies,
        ...(name !== 'parameters' && { c: found.parameters }),
      });
};

/** Of each seed where the file lists them, and their mean, which it returns. */
function* compareLogarithms(
  quantity: string,
  expected: Fields,
  field: Field,
  proxies: readonly PathProxies[],
): Generator<Comparison, number> {
  const logs = proxies.map((own) => own[LOGARITHMS[field]]);
  const bySeed = expected[`${field}_by_seed`];
  const measure = 'absolute';
  if (isNumbers(bySeed)) {
    const error = Math.max(...logs.map((log, i) => absoluteError(log, bySeed[i])));
    yield { quantity: `${quantity}_by_seed`, error, tolerance: TOLERANCE, measure };
  }
  const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
  yield { quantity, error: absoluteError(mean, expected[field]), tolerance: TOLERANCE, measure };
  return mean;
}

/** How many inputs and outputs all networks have, as the file describes them. */
function sizesIn(text: string): [input: number, classes: number] {
  const [, input, classes] = /input (\d+)\b.*dense to (\d+)/.exec(text) ?? [];
  if (classes === undefined)
    throw invalid('reference file', 'about.networks must say `input N` and `dense to K`', text);
  return [Number(input), Number(classes)];
}

function proxiesAt(network: Network, kernels: readonly ParameterSpec[], seed: number): PathProxies {
  const params: Params = tf.tidy(() =>
    Object.fromEntries(
      network.parameters.map((spec) => {
        const k = kernels.indexOf(spec);
        if (k < 0) return [spec.name, tf.zeros([...spec.shape])]; // a bias, on no path
        const [rows, columns] = spec.shape;
        const values = hashWeights(rows * columns, rows, k, seed);
        return [spec.name, tf.tensor2d(values, [columns, rows]).transpose()];
      }),
    ),
  );
  const found = pathProxies(network, params);
  tf.dispose(params);
  return found;
}
