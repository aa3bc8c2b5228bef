import { type About, type Method, methods, taxonomyLine, taxonomyOf } from '../prune';
import { mapRecord } from '../tensor';
import { sparseTrainings, trainingMethods } from '../train';

/** What the page "Methods" has of a method, besides its name. */
export interface Entry {
  /** One line: the formula or rule. */
  description: string;
  /** As a `Method` says it; `training` for one that goes on as the network is trained. */
  needs: Method['needs'] | 'training';
  iterations?: number;
  about: About;
}

/** The tables of the library that hold methods, by what its page calls them. */
export const methodFamilies: Readonly<Record<string, Readonly<Record<string, Entry>>>> = {
  'Scores and masks': builtIn(methods),
  'Masks that change during training': mapRecord(sparseTrainings, ({ description, about }) => ({
    ...{ description, about, needs: 'training' as const },
    iterations: Number.POSITIVE_INFINITY, // as many as the schedule has
  })),
  'By whole trainings': trainingMethods,
};

/** A line of the page "Methods". */
export interface MethodRow {
  family: string;
  method: string;
  formula: string;
  paper: string;
  data: string;
  cost: string;
  taxonomy: string;
  ours: string;
  references: string;
}

const DATA: Readonly<Record<Entry['needs'], string>> = {
  nothing: 'none',
  batch: 'images with labels',
  meanImage: 'the mean image',
  training: 'the training set',
};

/**
 * Every built-in method, family by family: where it is from, what it needs and costs, where it stands in the taxonomy of Cheng, Zhang
 * and Shi (arXiv 2308.06767), what about it is this project's own, and the kinds of reference file that hold its numbers.
 *
 *     show(experiments.methodTable());
 */
export function methodTable(): MethodRow[] {
  return Object.entries(methodFamilies).flatMap(([family, entries]) =>
    Object.entries(entries).map(([method, entry]) => ({
      family,
      method,
      formula: entry.description,
      paper: entry.about.paper,
      data: DATA[entry.needs],
      cost: entry.about.cost,
      taxonomy: taxonomyLine(taxonomyOf(entry)),
      ours: entry.about.ours ?? '',
      references: entry.about.references?.join(', ') ?? '',
    })),
  );
}

/** Those that tell what they are about: all that are built in, as they were when this file was loaded. */
function builtIn(table: Readonly<Record<string, Method>>): Record<string, Entry> {
  return Object.fromEntries(
    Object.entries(table).flatMap(([name, { about, description, needs, iterations }]) =>
      about ? [[name, { about, description, needs, iterations }]] : [],
    ),
  );
}
