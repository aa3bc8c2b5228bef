import { product } from '../base';
import type { Network } from '../network';
import { isTrained } from '../network/isTrained';
import {
  compiled,
  compiledFor,
  createVariable,
  destroyVariable,
  mapRecord,
  type NativeVariable,
  readVariable,
  type TensorRecord,
  tf,
} from '../tensor';
import type { Moving } from './masking';
import type { Optimiser } from './optimiser';
import { type Penalty, penalised, withPenalty } from './penalty';
import { slotNames, startOptimiser } from './startOptimiser';
import type { TrainingState } from './trainingState';
import { type Rates, update } from './update';

/** Weights that a smaller network lacks. */
export interface Drift {
  /** Moves them as a step of the optimiser does that finds no gradient. */
  step(learningRate: number, strength: number): void;
  /** Their values, and averages, by the names of a state's tensors; at `places`, by name of the parameter. */
  values(): Record<string, Float32Array>;
  readonly places: Readonly<Record<string, Uint32Array>>;
  dispose(): void;
}

/**
 * Keeps up the weights that are not trained as no gradient reaches them, and that weight decay, a penalty or the averages of earlier
 * gradients move all the same.
 *
 * @param origin which entries the smaller network has, as of a compacted network
 * @param moving as of a masking, of the whole network
 */
export function startDrift(
  network: Network,
  optimiser: Optimiser,
  origin: Readonly<Record<string, Uint32Array>>,
  moving: Moving,
  { step, tensors }: Pick<TrainingState, 'step' | 'tensors'>,
  penalty?: Penalty,
): Drift {
  const slots = slotNames(optimiser);
  const places: Record<string, Uint32Array> = {};
  for (const spec of network.parameters) {
    const { name, shape } = spec;
    if (!isTrained(spec) || !origin[name] || moving[name] === 'none') continue;
    const drifting = driftingIn(name, product(shape));
    if (drifting.length > 0) places[name] = drifting;
  }
  const gathered = (part: string) =>
    mapRecord(places, (at, name) => {
      const all = tensors[`${part}/${name}`]?.dataSync();
      return tf.tensor1d(Float32Array.from(at, (place) => all?.[place] ?? 0));
    });
  const variables = createAll(gathered('params'));
  const averages = slots.flatMap((slot) =>
    Object.entries(gathered(slot)).map(([name, values]) => [`${slot}/${name}`, values] as const),
  );
  const running = startOptimiser(optimiser, variables, { step, slots: Object.fromEntries(averages) });
  tf.dispose(averages.map(([, values]) => values));
  const isAny = Object.keys(places).length > 0;
  const move = stepWithoutGradient(optimiser, penalty && { penalty, names: penalised(network, penalty) });
  return {
    places,
    step(learningRate, strength) {
      if (!isAny) return;
      const rates = running.rates(learningRate);
      const pull = tf.scalar(strength);
      tf.dispose(move({ variables, slots: running.slots, rates, strength: pull }));
      running.count();
      tf.dispose([rates, pull]);
    },
    values() {
      const own = Object.entries(variables).map(
        ([name, variable]) => [`params/${name}`, readVariable(variable)] as const,
      );
      const all = { ...Object.fromEntries(own), ...running.state().slots };
      const read = mapRecord(all, (tensor) => tensor.dataSync() as Float32Array);
      tf.dispose(all);
      return read;
    },
    dispose() {
      running.dispose();
      Object.values(variables).forEach(destroyVariable);
    },
  };

  /** The entries of a parameter that the smaller network lacks and that move. */
  function driftingIn(name: string, size: number): Uint32Array {
    const isTaken = new Uint8Array(size);
    for (const place of origin[name]) isTaken[place] = 1;
    const where = moving[name] as tf.Tensor | undefined; // `none` is left out before
    const free = where?.dataSync();
    const values = tensors[`params/${name}`].dataSync();
    const isPulled = pulls(network, optimiser, penalty);
    const kept = slots.map((slot) => tensors[`${slot}/${name}`]?.dataSync());
    const found: number[] = [];
    for (let i = 0; i < size; i++) {
      if (isTaken[i] || free?.[i] === 0) continue;
      if (isPulled(name, values[i]) || kept.some((average) => average && average[i] !== 0)) found.push(i);
    }
    return Uint32Array.from(found);
  }
}

function createAll(record: TensorRecord): Record<string, NativeVariable> {
  const variables = mapRecord(record, createVariable);
  tf.dispose(record);
  return variables;
}

const owner = {};

/** Whether a weight of some value moves by weight decay or a penalty, without a gradient. */
export function pulls(network: Network, optimiser: Optimiser, penalty: Penalty | undefined) {
  const names = penalty && penalised(network, penalty);
  return (name: string, value: number): boolean =>
    (optimiser.weightDecay !== 0 && value !== 0) ||
    (names?.has(name) === true && value !== Math.fround(penalty?.towards ?? 0));
}

function stepWithoutGradient(optimiser: Optimiser, pull?: { penalty: Penalty; names: ReadonlySet<string> }) {
  type Variables = Readonly<Record<string, NativeVariable>>;
  type Inputs = {
    variables: Variables;
    slots: Readonly<Record<string, Variables>>;
    rates: Rates;
    strength: tf.Scalar;
  };
  const { learningRate: _, ...constants } = optimiser;
  const key = [constants, pull && { ...pull.penalty, strength: 0 }, pull && [...pull.names]];
  return compiledFor(owner, key, () =>
    compiled(({ variables, slots, rates, strength }: Inputs) => {
      const weights = mapRecord(variables, readVariable);
      const none = mapRecord(weights, (tensor) => tf.zerosLike(tensor));
      const gradients = pull ? withPenalty(none, weights, pull.penalty, pull.names, strength) : none;
      update(
        optimiser,
        { variables, slots, weights, gradients, moving: {}, rates },
        tf.scalar(true, 'bool'),
        false,
      );
      return tf.scalar(0);
    }),
  );
}
