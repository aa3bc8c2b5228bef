import type { OtherCode } from './otherCode';

/** Files that are named. */
const NAMED = 3;

const told = new Set<string>();

/**
 * Tells in one message of finished runs that are of other code than the one here; nothing where there are none.
 *
 * @param total of how many runs
 * @param onMessage the console's warnings by default: then of runs of the same commits it is told once a process
 */
export function tellOtherCode(
  runs: readonly OtherCode[],
  total: number,
  onMessage?: (message: string) => void,
): void {
  if (runs.length === 0) return;
  const commits = [...new Set(runs.map(({ commit }) => commit))];
  const key = JSON.stringify(commits);
  if (onMessage === undefined && told.has(key)) return;
  told.add(key);
  const which = total === 1 ? 'this run' : `${runs.length} of ${total} finished runs`;
  const isKnown = runs.some(({ files }) => files);
  const be = total === 1 ? 'is' : 'are';
  const are = isKnown ? `${be} not` : 'may not be';
  (onMessage ?? console.warn)(
    `${which} ${are} of the code that is here: ${of(commits)}${changes(runs)}. Fresh runs, by \`fresh: 'changed'\` or --fresh-changed, ` +
      `take their place.`,
  );
}

function of(commits: readonly (string | null)[]): string {
  const names = commits.flatMap((commit) =>
    commit === null ? [] : [commit.replace(/^([0-9a-f]{7})[0-9a-f]*/, '$1')],
  );
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  return names.length === 0
    ? 'their commit is not known'
    : `commit ${names.slice(0, NAMED).join(', ')}${more}`;
}

function changes(runs: readonly OtherCode[]): string {
  const files = [...new Set(runs.flatMap(({ files = [] }) => files))];
  if (files.length === 0) return ', and what has changed since cannot be told';
  const more = files.length > NAMED ? ` and ${files.length - NAMED} more files` : '';
  return `; since then ${files.slice(0, NAMED).join(', ')}${more}, on which their numbers depend, have changed`;
}
