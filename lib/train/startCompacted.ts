import {
  type Compacted,
  compact,
  cutDown,
  type Mask,
  type Movement,
  type Network,
  type Params,
  putBack,
} from '../network';
import { cloneRecord, mapRecord, type TensorRecord, tf } from '../tensor';
import { type Drift, pulls, startDrift } from './drift';
import { dropSeeds } from './dropSeeds';
import type { Freeze } from './freeze';
import { lookAt } from './lookAt';
import { type Moving, regrowth, startMasking } from './masking';
import type { Optimiser } from './optimiser';
import { slotNames, within } from './startOptimiser';
import { startWhole } from './startWhole';
import type { StartOptions, Training } from './training';
import { maskOf, partOf, prefixed, type TrainingState } from './trainingState';
import { STATISTICS_RATE } from './trainingStep';

type State = Pick<TrainingState, 'step' | 'tensors'>;

/** Training between two changes of the mask. */
interface Stage {
  readonly inner: Training;
  /** Where a smaller network is trained. */
  readonly cut?: Cut;
}

interface Cut extends Pick<Compacted, 'network' | 'origin' | 'constants'> {
  readonly drift: Drift;
  /** The whole network's parameters and averages when the stage began. */
  readonly begun: State;
}

/**
 * Trains, in place of a masked network, the smaller one that gives the same outputs and gradients; anew when the mask changes.
 * To whoever asks, it is the whole network that is trained.
 *
 * @param pays whether a smaller network is to take the place of the whole one
 */
export function startCompacted(
  network: Network,
  params: Params,
  options: StartOptions,
  pays: (small: Network) => boolean,
): Training {
  const { optimiser, freeze, penalty, resume } = options;
  const parts = ['params', ...slotNames(optimiser)];
  const dropSeed = dropSeeds(network, options.seed);
  const masking = startMasking(network, (resume && maskOf(resume)) ?? options.mask, freeze);
  let stage = begin(resume ?? { step: 0, tensors: prefixed('params', params) });

  /** Trains on from a state, which stays the caller's. */
  function begin(state: State): Stage {
    const mask = masking.mask();
    const compacted = state === resume ? asBegun(compactedAt(state)) : compactedAt(state);
    const { params: small, mask: smallMask, network: smaller, origin, constants } = compacted;
    try {
      if (!pays(smaller)) return { inner: startWhole(network, params, { ...options, mask, resume: state }) };
      const begun = settled(state, parts, mask, masking.moving());
      const tensors = byPart(parts, (part) => cutDown(compacted, partOf(begun, part)));
      const frozen = areTensors(freeze) ? cutDown(compacted, freeze) : undefined;
      const inner = startWhole(smaller, small, {
        ...options,
        mask: mask && smallMask,
        freeze: frozen ?? freeze,
        resume: { step: state.step, tensors },
      });
      tf.dispose([tensors, frozen ?? []]);
      const drift = startDrift(network, optimiser, origin, masking.moving(), begun, penalty);
      return { inner, cut: { network: smaller, origin, constants, drift, begun } };
    } finally {
      tf.dispose([small, smallMask]);
    }
  }

  function compactedAt(state: State): Compacted {
    const movement = movementIn(state, masking.moving(), optimiser, pulls(network, optimiser, penalty));
    return compact(network, partOf(state, 'params'), masking.mask(), { mode: 'training', ...movement });
  }

  /**
   * A training goes on to the bit in the smaller network that it began in. By the time it stopped more channels may have come to
   * do nothing, so what it comes down to now is taken only where the first lacks some of it, as the mask has changed.
   */
  function asBegun(now: Compacted): Compacted {
    const first = compactedAt({ step: 0, tensors: prefixed('params', params) });
    const [taken, other] = hasAllOf(network, first, now) ? [first, now] : [now, first];
    tf.dispose([other.params, other.mask]);
    return taken;
  }

  function end({ inner, cut }: Stage): void {
    inner.dispose();
    if (!cut) return;
    cut.drift.dispose();
    tf.dispose(cut.begun.tensors);
  }

  /** Parameters and averages of the whole network as they are; the caller disposes of them. */
  function whole(): State {
    const { inner, cut } = stage;
    const { step, tensors } = inner.state();
    if (!cut) {
      tf.dispose(partOf({ tensors }, 'mask'));
      return { step, tensors: byPart(parts, (part) => partOf({ tensors }, part)) };
    }
    const found = tf.tidy(() => {
      const rest = restOf(network, cut, step);
      return byPart(parts, (part) => putBack(cut, partOf({ tensors }, part), rest(part)));
    });
    tf.dispose(tensors);
    return { step, tensors: found };
  }

  /** The parameters alone. */
  function wholeParams(): Params {
    const { inner, cut } = stage;
    const own = inner.params();
    if (!cut) return own;
    const found = tf.tidy(() => putBack(cut, own, restOf(network, cut, inner.steps())('params')));
    tf.dispose(own);
    return found;
  }

  return {
    get small() {
      const { inner, cut } = stage;
      return cut && { network: cut.network, params: inner.params };
    },
    linearisedAt: () => undefined,
    steps: () => stage.inner.steps(),
    params: wholeParams,
    mask() {
      const own = masking.mask();
      return own && cloneRecord(own);
    },
    setMask(next, regrown = {}) {
      const state = whole();
      const tensors = tf.tidy(() => {
        const added = prefixed('params', regrowth(masking.mask(), next, regrown));
        return mapRecord(state.tensors, (tensor, name) =>
          added[name] ? tensor.add(added[name]) : tensor.clone(),
        );
      });
      tf.dispose(state.tensors);
      masking.set(next);
      end(stage);
      try {
        stage = begin({ step: state.step, tensors });
      } finally {
        tf.dispose(tensors);
      }
    },
    look: (batch, drops) =>
      tf.tidy(() =>
        lookAt(network, wholeParams(), batch, options, drops ? dropSeed(stage.inner.steps()) : undefined),
      ),
    step(batch, learningRate, place, strength = 0) {
      const seen = stage.inner.step(batch, learningRate, place, strength);
      stage.cut?.drift.step(learningRate, strength);
      return seen;
    },
    state() {
      const { step, tensors } = whole();
      return { step, tensors: { ...tensors, ...prefixed('mask', cloneRecord(masking.mask() ?? {})) } };
    },
    dispose() {
      end(stage);
      masking.dispose();
    },
  };
}

/** Whether a smaller network has every weight that another one has. */
function hasAllOf({ parameters }: Network, large: Compacted, small: Compacted): boolean {
  return parameters.every(({ name }) => {
    const [all, some] = [large.origin[name], small.origin[name]];
    if (all === undefined) return true;
    let next = 0;
    for (const place of all) if (place === some?.[next]) next++; // both ascend
    return some !== undefined && next === some.length;
  });
}

/** What moves single entries of the parameters of a state. */
function movementIn(
  { tensors }: State,
  moving: Moving,
  optimiser: Optimiser,
  isPulled: ReturnType<typeof pulls>,
): Required<Movement> {
  const where = mapRecord(moving, (tensor) => (tensor === 'none' ? tensor : tensor.dataSync()));
  const moves = (name: string, i: number) => where[name] !== 'none' && where[name]?.[i] !== 0;
  const averages = new Map<string, (ArrayLike<number> | undefined)[]>();
  const averagesOf = (name: string) => {
    const known = averages.get(name);
    if (known) return known;
    const read = slotNames(optimiser).map((slot) => tensors[`${slot}/${name}`]?.dataSync());
    averages.set(name, read);
    return read;
  };
  return {
    moves,
    drifts(name, i, value) {
      if (!moves(name, i)) return false;
      return isPulled(name, value) || averagesOf(name).some((values) => values && values[i] !== 0);
    },
  };
}

/** A state's parameters and averages, those of what does not move at 0. */
function settled(
  { step, tensors }: State,
  parts: readonly string[],
  mask: Mask | undefined,
  moving: Moving,
): State {
  const kept = byPart(parts, (part) =>
    mapRecord(partOf({ tensors }, part), (tensor, name) => {
      const where = part === 'params' ? mask?.[name] : moving[name];
      return where ? within(tensor, where) : tensor.clone();
    }),
  );
  return { step, tensors: kept };
}

/** The tensors of a state, made part by part. */
function byPart(parts: readonly string[], of: (part: string) => TensorRecord): TensorRecord {
  return Object.assign({}, ...parts.map((part) => prefixed(part, of(part))));
}

/** What the entries that the smaller network lacks have become by a step, by part of the state. */
function restOf(network: Network, { origin, constants, drift, begun }: Cut, step: number) {
  const moved = drift.values();
  /** What a batch norm that sees a constant has left of its first variance. */
  const left = (1 - STATISTICS_RATE) ** (step - begun.step);
  const shrinking = new Map(
    network.nodes.flatMap((node) =>
      node.op === 'batchNorm' ? [[node.variance, constants.get(node.id)]] : [],
    ),
  );
  return (part: string): TensorRecord =>
    Object.fromEntries(
      network.parameters.map(({ name, shape }) => {
        const before = begun.tensors[`${part}/${name}`] ?? tf.zeros([...shape]);
        const drifted = moved[`${part}/${name}`];
        const constant = part === 'params' ? shrinking.get(name) : undefined;
        if (!origin[name] || !(drifted || constant)) return [name, before];
        const values = Float32Array.from(before.dataSync());
        drift.places[name]?.forEach((place, i) => {
          values[place] = drifted[i];
        });
        constant?.forEach((value, channel) => {
          if (value !== undefined) values[channel] *= left;
        });
        return [name, tf.tensor(values, [...shape])];
      }),
    );
}

function areTensors(freeze: Freeze | undefined): freeze is TensorRecord {
  return typeof freeze === 'object' && !Array.isArray(freeze);
}
