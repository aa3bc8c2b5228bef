import {
  expectedWeights,
  type LayerChances,
  occupancy,
  type RandomWalks,
  randomWalks,
  type Walk,
  walkChances,
  walksInTurn,
} from '../../prune';
import type { Check } from '../checks/check';
import { type Comparison, relativeError, relativeErrorOf } from '../comparison';
import { fieldsOf, isFields } from '../jsonFields';
import { placesInFile } from '../placesInFile';
import type { Subject } from '../subject';
import { ofOneNetwork } from './kind';

/** Of double precision throughout. */
const TOLERANCE = 1e-12;

const checkChances: Check = function* check(subject, file) {
  const order = fileOrder(subject);
  for (const [name, chances] of Object.entries(walkChances(randomWalks(subject.network, subject.params)))) {
    const transition = fieldsOf('transition', fieldsOf('file', file).object('transition')).object(name);
    const shape = outputsAndInputs(subject, name);
    yield numbers(`transition.${name}.shape_out_in`, shape, transition.shape_out_in, 0);
    for (const direction of ['forward', 'reverse'] as const)
      yield numbers(
        `transition.${name}.${direction}`,
        inRows(subject, name, chances, direction),
        transition[direction],
      );
    const kernel = fieldsOf('file', file).object('kernel')[name];
    if (kernel !== undefined) yield numbers(`kernel.${name}`, order.values(name, chances.taps), kernel);
  }
};

const checkOccupancy: Check = function* check(subject, file) {
  const walks = randomWalks(subject.network, subject.params);
  const order = fileOrder(subject);
  for (const [direction, ends] of [
    ['forward', 'arrival_forward_at_outputs'],
    ['reverse', 'arrival_reverse_at_inputs'],
  ] as const) {
    const { weights, arrival } = occupancy(walks, direction);
    const known = fieldsOf('file', file).object(`occupancy_${direction}`);
    for (const name of subject.prunable)
      yield numbers(`occupancy_${direction}.${name}`, order.values(name, weights[name]), known[name]);
    yield numbers(ends, [...arrival], file[ends]);
  }
  const { object } = fieldsOf('file', file);
  const [expected, byLayer] = [object('expected_distinct'), object('expected_distinct_by_layer')];
  for (const [count, sum] of Object.entries(expected)) {
    const found = expectedWeights(walks, Number(count));
    const layers = subject.prunable.map((name) => found[name]);
    const all = layers.reduce((total, one) => total + one, 0);
    yield { ...EXACT, quantity: `expected_distinct.${count}`, error: relativeErrorOf(all, sum) };
    yield numbers(`expected_distinct_by_layer.${count}`, layers, byLayer[count]);
  }
};

/** Walks by a list of uniform numbers, until whole ones have come by the wanted number of weights. */
const checkReplay: Check = function* check(subject, file) {
  const replay = fieldsOf('file', file).object('replay');
  const uniforms = fieldsOf('replay', replay).numbers('uniforms');
  const total = subject.prunable.reduce((sum, name) => sum + subject.params[name].size, 0);
  const target = Math.floor(fieldsOf('replay', replay).number('density') * total);
  const walks = randomWalks(subject.network, subject.params, { sampling: 'cumulative' });
  const found = replayed(walks, uniforms, target);
  const order = fileOrder(subject);
  const bits = Object.fromEntries(
    subject.prunable.map((name) => [name, new Uint8Array(subject.params[name].size)]),
  );
  for (const { weights } of found.made)
    for (const { name, index } of weights) bits[name][order.place(name, index)] = 1;
  const kept = Object.fromEntries(
    Object.entries(bits).map(([name, mask]) => [name, mask.reduce((sum, bit) => sum + bit, 0)]),
  );
  const made = found.made.map(({ direction, start, weights }) => ({
    direction,
    start,
    weights: weights.map(({ name, index }) => [subject.prunable.indexOf(name), order.place(name, index)]),
  }));
  yield entries('replay.walks', made, replay.walks);
  const same: Readonly<Record<string, unknown>> = {
    ...{ total, target, uniforms, uniforms_used: found.used, kept },
    ...{ density: replay.density, unmasked_after_each_walk: found.counts, kept_total: found.counts.at(-1) },
    mask: Object.fromEntries(Object.entries(bits).map(([name, mask]) => [name, mask.join('')])),
  };
  for (const [name, value] of Object.entries(same)) yield entries(`replay.${name}`, [value], [replay[name]]);
};

/** PHEW's walks on one network. */
export const walks = ofOneNetwork([checkChances, checkOccupancy, checkReplay]);

const EXACT = { tolerance: TOLERANCE, measure: 'relative' } as const;

function numbers(quantity: string, found: number[], expected: unknown, tolerance = TOLERANCE): Comparison {
  return { quantity, error: relativeError(found, expected), tolerance, measure: 'relative' };
}

/** How many entries of two lists differ. */
function entries(quantity: string, found: readonly unknown[], expected: unknown): Comparison {
  const list = Array.isArray(expected) && expected.length === found.length ? expected : undefined;
  const differ = (entry: unknown, i: number) => Number(sorted(entry) !== sorted(found[i]));
  const error = list
    ? list.reduce((sum: number, entry, i) => sum + differ(entry, i), 0)
    : Number.POSITIVE_INFINITY;
  return { quantity, error, tolerance: 0, measure: 'entries' };
}

/** JSON with the names of each object in order. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_, entry) =>
    isFields(entry) ? Object.fromEntries(Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : 1))) : entry,
  );
}

function replayed(walks: RandomWalks, uniforms: readonly number[], target: number) {
  const made: Walk[] = [];
  const counts: number[] = [];
  const seen = new Set<string>();
  let used = 0;
  const uniform = () => uniforms[Math.min(used++, uniforms.length - 1)];
  for (const walk of walksInTurn(walks, uniform)) {
    made.push(walk);
    for (const { name, index } of walk.weights) seen.add(`${name} ${index}`);
    counts.push(seen.size);
    if (seen.size >= target || used > uniforms.length) return { made, counts, used };
  }
  throw new Error('walks do not end');
}

/** The places of weights in the tensors of a file. */
function fileOrder(subject: Subject) {
  const places = placesInFile(subject);
  const first = Object.fromEntries(
    subject.prunable.map((name) => [name, places[name].reduce((least, place) => Math.min(least, place))]),
  );
  const place = (name: string, index: number) => places[name][index] - first[name];
  return {
    place,
    values(name: string, values: Float64Array): number[] {
      const found: number[] = [];
      values.forEach((value, index) => {
        found[place(name, index)] = value;
      });
      return found;
    },
  };
}

function outputsAndInputs({ network }: Subject, name: string): number[] {
  const { shape = [] } = network.parameters.find((spec) => spec.name === name) ?? {};
  return shape.slice(-2).reverse();
}

/** Chances of steps, row by row of the outputs, inputs in the file's order. */
function inRows(
  subject: Subject,
  name: string,
  chances: LayerChances,
  direction: 'forward' | 'reverse',
): number[] {
  const [outputs, inputs] = outputsAndInputs(subject, name);
  const steps = chances[direction];
  if (steps.length === chances.taps.length) return fileOrder(subject).values(name, steps);
  return Array.from(steps, (_, i) => steps[(i % inputs) * outputs + Math.floor(i / inputs)]);
}
