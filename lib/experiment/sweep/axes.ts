import { invalid } from '../../base';
import { isRecord } from '../../base/isRecord';
import { howMuch } from './overlay';

/** Values by path, as a grid has them. */
export type Axes = Readonly<Record<string, readonly unknown[]>>;

/** The paths that set what a path does: of how much to prune, all ways to say it. */
export function sameAs(path: string): string[] {
  return quantityOf(path) === 'prune.density' ? howMuch.map((key) => `prune.${key}`) : [path];
}

/** What a path sets: the ways to say how much to prune are one. */
function quantityOf(path: string): string {
  return howMuch.some((key) => path === `prune.${key}`) ? 'prune.density' : path;
}

/** Axes with others that take the place of those that set the same. */
export function replaced(own: Axes = {}, above: Axes = {}): Axes {
  const set = new Set(Object.keys(above).map(quantityOf));
  const kept = Object.entries(own).filter(
    ([path]) => Object.hasOwn(above, path) || !set.has(quantityOf(path)),
  );
  return { ...Object.fromEntries(kept), ...above };
}

/**
 * Checks that no axis of a grid undoes what another, or an item of the list, has set: of the runs that a sweep seems to have, some
 * would be the same.
 *
 * @param base what they are laid over: it may be set anew, but by the same name
 * @throws `invalid SUBJECT.grid["PATH"]; sets what …: VALUES`
 */
export function checkAxes(subject: string, axes: Axes, base: unknown, items: readonly unknown[]): void {
  const based = leavesOf('', base).filter(
    ({ path }) => quantityOf(path) !== path || path === 'prune.density',
  );
  const before: { leaves: Leaf[]; place: string; isBase?: true }[] = [
    { leaves: based, place: 'the base', isBase: true },
    ...items.map((item, i) => ({ leaves: leavesOf('', item), place: `list[${i}]` })),
  ];
  for (const [path, values] of Object.entries(axes)) {
    const leaves = values.flatMap((value) => leavesOf(path, value));
    for (const { leaves: earlier, place, isBase } of before)
      for (const set of earlier) {
        if (!leaves.some((leaf) => (isBase ? isRenamed(set, leaf) : isUndone(set, leaf)))) continue;
        const both = `sets what ${set.path} in ${place} sets, and one of the two would be lost: give one`;
        throw invalid(`${subject}.grid["${path}"]`, both, values);
      }
    before.push({ leaves, place: 'the grid' });
  }
}

/** A value that is no object, by its path. */
export interface Leaf {
  path: string;
  value: unknown;
}

export function leavesOf(path: string, value: unknown): Leaf[] {
  if (!isRecord(value)) return value === undefined ? [] : [{ path, value }];
  return Object.entries(value).flatMap(([key, part]) => leavesOf(path === '' ? key : `${path}.${key}`, part));
}

function isRenamed(set: Leaf, leaf: Leaf): boolean {
  return set.path !== leaf.path && quantityOf(set.path) === quantityOf(leaf.path);
}

/** Whether the later of two leaves leaves nothing of the earlier, or brings back what that took out. */
function isUndone(set: Leaf, leaf: Leaf): boolean {
  if (quantityOf(set.path) === quantityOf(leaf.path)) return true;
  return set.path.startsWith(`${leaf.path}.`) || (set.value === null && leaf.path.startsWith(`${set.path}.`));
}
