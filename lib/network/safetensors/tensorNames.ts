import { invalid, nearest } from '../../base';
import type { Network, Role } from '../graph';

/**
 * What tensors of a file are called in a network: by their names in the file, or a function of those. `null` leaves one out, and in
 * a function `undefined` too. A record may name whole layers, `{ 'layer1.0.conv1': 'stage1/block1/conv1' }`; a name that it lacks stays
 * as it is, and `module.` before names, of DataParallel, need not be written.
 *
 * The last part may stay PyTorch's: `stage1/block1/conv1.weight` is the kernel of the layer `stage1/block1/conv1`, of a batch norm γ.
 */
export type TensorNames =
  | Readonly<Record<string, string | null>>
  | ((name: string) => string | null | undefined);

/**
 * The file's names by the network's. Counters of batches, `num_batches_tracked`, are left out: no output depends on them.
 *
 * @throws `invalid names; …` for a name that the file does not hold, or where two tensors get one name
 */
export function renamed(
  held: readonly string[],
  names: TensorNames = {},
  { file, network }: { file: string; network: Network },
): Record<string, string> {
  const rename = typeof names === 'function' ? names : fromRecord(held, names, file);
  const found: Record<string, string> = {};
  for (const name of held) {
    const given = /(^|\.)num_batches_tracked$/.test(name) ? null : rename(name);
    if (given === null || given === undefined) continue;
    if (typeof given !== 'string') throw invalid('names', `not a name for ${name}`, given);
    const own = parameterOf(network, given) ?? given;
    if (Object.hasOwn(found, own))
      throw invalid('names', `two tensors of ${file}, ${found[own]} and ${name}, become`, own);
    found[own] = name;
  }
  return found;
}

function fromRecord(held: readonly string[], names: Readonly<Record<string, string | null>>, file: string) {
  const bare = (name: string) => name.replace(/^module\./, '');
  const keysOf = (name: string) => [name, bare(name)].flatMap(beginnings);
  const known = new Set(held.flatMap(keysOf));
  const rule = `names go from those of ${file} to the network's, and it has none such, the nearest are`;
  for (const name of Object.keys(names))
    if (!known.has(name)) throw invalid('names', `${rule} ${nearest(name, held).join(', ')}`, name);
  return (name: string) => {
    const key = keysOf(name).find((candidate) => Object.hasOwn(names, candidate));
    if (key === undefined) return name;
    const rest = (beginnings(name).includes(key) ? name : bare(name)).slice(key.length);
    return typeof names[key] === 'string' ? names[key] + rest : names[key];
  };
}

/** `a.b.c`, `a.b`, `a`. */
function beginnings(name: string): string[] {
  const parts = name.split('.');
  return parts.map((_, i) => parts.slice(0, parts.length - i).join('.'));
}

const roles: Readonly<Record<string, readonly Role[]>> = {
  weight: ['kernel', 'gamma', 'scale', 'slope'],
  bias: ['bias', 'beta'],
  running_mean: ['mean'],
  running_var: ['variance'],
};

/** The parameter that a layer of this network calls by PyTorch's word for it. */
function parameterOf({ parameters }: Network, name: string): string | undefined {
  const [, id, part] = /^(.+)[./](weight|bias|running_mean|running_var)$/.exec(name) ?? [];
  return parameters.find(({ layer, role }) => layer === id && roles[part].includes(role))?.name;
}
