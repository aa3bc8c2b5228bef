import { groups } from 'd3-array';
import { invalid, lookUp } from '../base';
import { requireRows } from './rows';
import { compareSettings, networkSettings, type Setting, settingNames, settingText } from './settings';

/** Rows that one figure may average and join. */
export interface Facet<R> {
  /** What they have in common, for titles: `resnet20, cifar-10, compression 10`. */
  name: string;
  rows: R[];
}

/** These stand in a name even where all rows have the same. */
const ALWAYS: ReadonlySet<Setting> = new Set(['method', 'model', 'network', 'data', 'density']);

/**
 * Rows put apart by what no figure averages over, a facet for each model × data set × number of training images × initialiser ×
 * length of training × density that they have.
 *
 *     for (const { name, rows } of figures.facets(traces)) show(figures.relativeTrace(rows, { title: name }));
 *     for (const { rows } of figures.facets(accuracies, ['model', 'data'])) show(figures.accuracyByDensity(rows));
 *
 * @param by what they are put apart by: of `model`, `network`, `data`, `trainImages`, `initialiser`, `epochs` and `density`, all of these by
 *   default, and `method`; what no row says puts nothing apart
 * @returns models by name, fc-500 before fc-1000, and the denser before the sparser; `name` has the number of images, the initialiser and
 *   the length only where they differ
 * @throws `invalid rows; …` where there are none, `invalid facets; …` for another name in `by`
 */
export function facets<R extends object>(
  rows: readonly R[],
  by: readonly Setting[] = [...networkSettings, 'epochs', 'density'],
): Facet<R>[] {
  requireRows('rows', rows);
  if (!Array.isArray(by)) throw invalid('facets', 'not a list of settings', by);
  const table = Object.fromEntries(settingNames.map((name) => [name, name]));
  for (const name of by) lookUp('facets', table, name);
  const settings = settingNames.filter((name) => by.includes(name));
  const textsOf = (row: R) => settings.map((setting) => settingText(row, setting) ?? '');
  const found = groups(rows, (row) => JSON.stringify(textsOf(row)))
    .map(([, own]) => ({ texts: textsOf(own[0]), rows: own }))
    .sort((a, b) => settings.reduce((order, one) => order || compareSettings(a.rows[0], b.rows[0], one), 0));
  const named = settings.map(
    (setting, i) => ALWAYS.has(setting) || new Set(found.map(({ texts }) => texts[i])).size > 1,
  );
  return found.map(({ texts, rows: own }) => ({
    name: texts.filter((text, i) => named[i] && text !== '').join(', '),
    rows: own,
  }));
}
