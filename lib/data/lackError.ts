import { invalid } from '../base';
import { dataFolder } from './dataFolder';
import { listingIfAny } from './listing';
import { readManifest } from './manifest';

/** Names of what a folder holds beside what is known of a set, up to so many. */
const NAMED = 5;

/**
 * The error for a set of which something is not there.
 *
 * @param missing the folder and what it lacks, the folder given by the user, and patterns of what else belongs to the set
 */
export function lackError(
  name: string,
  missing: { home: string; lacks: readonly string[]; folder?: string; known?: readonly RegExp[] },
): Error {
  const { home, lacks, folder, known = [] } = missing;
  const { files, folders } = listingIfAny(home);
  const others = [...files, ...folders].filter((other) => !known.some((pattern) => pattern.test(other)));
  const more = others.length > NAMED ? ` and ${others.length - NAMED} more` : '';
  const held = others.length > 0 ? ` (it holds ${others.slice(0, NAMED).join(', ')}${more})` : '';
  const packed = others.find((other) => /\.(zip|tar|tgz|tar\.gz|7z|rar)$/i.test(other));
  const remedy = `${packed ? `unpack ${packed}, ` : ''}${remedyFor(name, folder)}`;
  const listed = lacks.map((key) => key.replace(/\/$/, '')).join(', ');
  return invalid('data set', `${home} lacks ${listed}${held}; ${remedy}`, name);
}

function remedyFor(name: string, folder?: string): string {
  if (!Object.hasOwn(readManifest(), name)) return 'they come with the project, put them back';
  const command = `npx pathkernel data ${name}${folder === undefined ? '' : ` --folder ${dataFolder(name, folder)}`}`;
  return `fetch with \`${command}\` or put them there by hand`;
}
