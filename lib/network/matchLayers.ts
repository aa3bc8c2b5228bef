import { invalid, lookUp } from '../base';
import type { Network } from './graph';

/**
 * The layers with parameters that some names or patterns mean; in a pattern `*` stands for any characters: `stage1/*`, `*conv*`.
 *
 * @param subject what is given, for the message: `freeze`
 * @throws `invalid SUBJECT; …` for a name or pattern that no layer has, with the nearest
 */
export function matchLayers(
  { parameters }: Network,
  patterns: string | readonly string[],
  subject: string,
): ReadonlySet<string> {
  const layers = Object.fromEntries(parameters.map(({ layer }) => [layer, layer]));
  return new Set([patterns].flat().flatMap((pattern) => match(layers, pattern, subject)));
}

function match(layers: Readonly<Record<string, string>>, pattern: string, subject: string): string[] {
  if (typeof pattern !== 'string') throw invalid(subject, 'not the name of a layer', pattern);
  if (!pattern.includes('*')) return [lookUp(subject, layers, pattern)];
  const parts = pattern.split('*').map((part) => part.replace(/[\\^$.+?()[\]{}|]/g, '\\$&'));
  const found = Object.keys(layers).filter((layer) => new RegExp(`^${parts.join('.*')}$`).test(layer));
  if (found.length === 0) throw invalid(subject, 'a pattern of no layer', pattern);
  return found;
}
