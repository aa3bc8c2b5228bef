import { checkNames, invalid } from '../../base';
import type { Network } from '../graph';
import { fc } from './fc';
import type { ModelOptions } from './modelOptions';

export interface FcFamilyOptions extends ModelOptions {
  /** Hidden layers; 1 to 4 by default. */
  depths?: readonly number[];
  /** Units of each hidden layer; 10, 20 and 40 by default. */
  widths?: readonly number[];
  /** Without and with shortcuts, see `skip` of `fc`; both by default. */
  skips?: readonly boolean[];
}

/** A network of a family, and where it stands in it. */
export interface FamilyMember {
  depth: number;
  width: number;
  skip: boolean;
  /** Its name says all three. */
  network: Network;
}

/**
 * Fully connected networks of every depth × width × with or without shortcuts: small enough for all to be trained, to ask
 * whether a number taken before training foretells their order.
 *
 * @returns by depth, then width; of one hidden layer only that without shortcuts, as there is none to add
 * @throws `invalid depths; …`, `invalid widths; …`, `invalid skips; …` for lists that are empty or say one thing twice
 */
export function fcFamily(options: FcFamilyOptions = {}): FamilyMember[] {
  checkNames('fcFamily', options, { depths: 1, widths: 1, skips: 1, input: 1, classes: 1 });
  const { depths = [1, 2, 3, 4], widths = [10, 20, 40], skips = [false, true], ...shapes } = options;
  for (const [name, list] of Object.entries({ depths, widths, skips }))
    if (!(Array.isArray(list) && list.length > 0 && new Set<unknown>(list).size === list.length))
      throw invalid(name, 'not a list of one or more different ones', list);
  const wrong = depths.find((depth) => !(Number.isInteger(depth) && depth >= 1));
  if (wrong !== undefined) throw invalid('depths', 'not hidden layers of 1 or more', wrong);
  return depths.flatMap((depth) =>
    widths.flatMap((width) =>
      skips
        .filter((skip) => !skip || depth > 1)
        .map((skip) => ({ depth, width, skip, network: member({ ...shapes, depth, width, skip }) })),
    ),
  );
}

function member({
  depth,
  ...options
}: ModelOptions & { depth: number; width: number; skip: boolean }): Network {
  const network = fc({ ...options, depth: depth + 1 });
  return { ...network, name: `${depth} × ${options.width}${options.skip ? ' + skip' : ''}` };
}
