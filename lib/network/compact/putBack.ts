import { type TensorRecord, tf } from '../../tensor';
import type { Compacted } from './compact';
import { take } from './cut';

/** Where the entries of a smaller network's parameters were in the original's. */
export type Origin = Pick<Compacted, 'origin'>;

/**
 * Tensors of a compacted network put back among those of the original: parameters, masks, gradients or averages of an optimiser.
 *
 * @param small by name of the parameter
 * @param rest of the original's shapes: what entries are that were removed. Names that one of the two lacks are left out
 * @returns new tensors, which the caller disposes of
 */
export function putBack({ origin }: Origin, small: TensorRecord, rest: TensorRecord): TensorRecord {
  const names = Object.keys(small).filter((name) => Object.hasOwn(rest, name));
  return Object.fromEntries(
    names.map((name) => {
      const places = origin[name];
      if (!places) return [name, small[name].clone()];
      const whole = Float32Array.from(rest[name].dataSync());
      const values = small[name].dataSync();
      for (let i = 0; i < places.length; i++) whole[places[i]] = values[i];
      return [name, tf.tensor(whole, rest[name].shape)];
    }),
  );
}

/**
 * Of tensors of the original network what the compacted one has of them.
 *
 * @param whole by name of the parameter; names that the smaller network lacks are left out
 * @returns new tensors, which the caller disposes of
 */
export function cutDown(
  { origin, network }: Origin & Pick<Compacted, 'network'>,
  whole: TensorRecord,
): TensorRecord {
  const specs = network.parameters.filter(({ name }) => Object.hasOwn(whole, name));
  return Object.fromEntries(
    specs.map(({ name, shape }) => {
      const places = origin[name];
      if (!places) return [name, whole[name].clone()];
      return [name, tf.tensor(take(whole[name].dataSync(), places), [...shape])];
    }),
  );
}
