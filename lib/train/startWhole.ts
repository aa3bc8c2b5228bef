import type { Mask, Network, ParameterSpec, Params } from '../network';
import { isTrained } from '../network/isTrained';
import {
  assignVariable,
  cloneRecord,
  createVariable,
  destroyVariable,
  mapRecord,
  multiplyNoNan,
  type NativeVariable,
  readVariable,
  tf,
} from '../tensor';
import { dropSeeds } from './dropSeeds';
import { lookAt } from './lookAt';
import { regrowth, startMasking, tensorsIn } from './masking';
import { readSeen } from './readSeen';
import { startOptimiser } from './startOptimiser';
import type { StartOptions, Training } from './training';
import { maskOf, partOf, prefixed } from './trainingState';
import { trainingStep } from './trainingStep';

/** Puts the parameters of a network into training as they are. */
export function startWhole(
  network: Network,
  params: Params,
  { optimiser: kind, seed = 1, mask, freeze, penalty, resume, loss, linearisedAt }: StartOptions,
): Training {
  const masking = startMasking(network, (resume && maskOf(resume)) ?? mask, freeze);
  const begin = resume ? partOf(resume, 'params') : params;
  const variablesOf = (specs: readonly ParameterSpec[]) =>
    Object.fromEntries(specs.map(({ name }) => [name, createVariable(begin[name])]));
  const trained = variablesOf(network.parameters.filter(isTrained));
  const fixed = variablesOf(network.parameters.filter((spec) => !isTrained(spec)));
  const variables = { ...trained, ...fixed };
  const optimiser = startOptimiser(kind, trained, resume && { step: resume.step, slots: resume.tensors });
  const run = trainingStep(network, kind, loss, penalty);
  const initial = linearisedAt && cloneRecord(linearisedAt);
  let start: Params | undefined; // the same, masked
  let parts = applyMasking();
  const dropSeed = dropSeeds(network, seed);
  let steps = resume?.step ?? 0;

  /** Sets to 0 what the mask prunes and the averages of whatever does not move; divides what a step takes by what moves. */
  function applyMasking() {
    tf.tidy(() => {
      for (const [name, kept] of Object.entries(masking.mask() ?? {}))
        assignVariable(variables[name], multiplyNoNan(readVariable(variables[name]), kept));
    });
    tf.dispose(start ?? {});
    start = initial && maskedBy(masking.mask() ?? {}, initial);
    const moving = masking.moving();
    optimiser.forget(moving);
    const moves = (name: string) => Object.hasOwn(trained, name) && moving[name] !== 'none';
    const where = (wanted: boolean): Record<string, NativeVariable> =>
      Object.fromEntries(Object.entries(variables).filter(([name]) => moves(name) === wanted));
    const moved = where(true);
    const slots = mapRecord(optimiser.slots, (slot) => mapRecord(moved, (_, name) => slot[name]));
    return { moved, others: where(false), slots, moving: tensorsIn(moving), linearisedAt: start };
  }

  return {
    small: undefined,
    steps: () => steps,
    params: () => mapRecord(variables, readVariable),
    mask() {
      const own = masking.mask();
      return own && cloneRecord(own);
    },
    setMask(next, regrown = {}) {
      tf.tidy(() => {
        for (const [name, values] of Object.entries(regrowth(masking.mask(), next, regrown)))
          assignVariable(variables[name], readVariable(variables[name]).add(values));
      });
      masking.set(next);
      parts = applyMasking();
    },
    look: (batch, drops) =>
      tf.tidy(() => {
        const now = mapRecord(variables, readVariable);
        return lookAt(
          network,
          now,
          batch,
          { loss, linearisedAt: start },
          drops ? dropSeed(steps) : undefined,
        );
      }),
    linearisedAt: () => start,
    step({ images, labels }, learningRate, place, strength = 0) {
      const rates = optimiser.rates(learningRate);
      const pull = penalty && { strength: tf.scalar(strength) };
      const drawn = dropSeed(steps);
      try {
        const found = run({ images, labels, ...parts, rates, ...pull, ...(drawn && { seed: drawn }) });
        const seen = readSeen(found, images.shape[0], { place, learningRate, steps });
        optimiser.count();
        steps++;
        return seen;
      } finally {
        tf.dispose([images, labels, rates, pull ?? {}, drawn ?? []]);
      }
    },
    state() {
      const { step, slots } = optimiser.state();
      const own = mapRecord(variables, readVariable);
      const mask = cloneRecord(masking.mask() ?? {});
      return { step, tensors: { ...prefixed('params', own), ...prefixed('mask', mask), ...slots } };
    },
    dispose() {
      optimiser.dispose();
      masking.dispose();
      tf.dispose([initial ?? {}, start ?? {}]);
      Object.values(variables).forEach(destroyVariable);
    },
  };
}

/** Parameters with what a mask prunes at 0. */
function maskedBy(mask: Mask, params: Params): Params {
  return tf.tidy(() =>
    mapRecord(params, (tensor, name) => (mask[name] ? multiplyNoNan(tensor, mask[name]) : tensor.clone())),
  );
}
