import { checkNames, invalid, lookUp } from '../base';

/**
 * What decides whether a weight stays, in the words of the survey of Cheng, Zhang and Shi (arXiv 2308.06767, section 5) where it has
 * one: magnitudes, their norms over a group, saliency (first-order effect on a loss or an output), and the loss itself. Its
 * "others" are told apart: paths of the linearised network, the tangent kernel, topology, statistics of features, chance.
 */
export const criteria = {
  ...{ magnitude: 1, norm: 1, saliency: 1, 'loss change': 1 },
  ...{ paths: 1, 'tangent kernel': 1, topology: 1, features: 1, chance: 1 },
} as const;

export type Criterion = keyof typeof criteria;

/** When weights go: the survey's three. */
export const stages = { 'before training': 1, 'during training': 1, 'after training': 1 } as const;

export type Stage = keyof typeof stages;

/** Where a method comes from, what it costs and where it stands among the others: its line on the page "Methods". */
export interface About {
  /** Authors, year and where it is published; `ours` for what this project has thought of. */
  paper: string;
  criterion: Criterion;
  /** The work it takes, counted in passes, walks or sorts. */
  cost: string;
  /** Which choices are this project's, as neither text nor code says them; absent where there are none. */
  ours?: string;
  /**
   * Kinds of reference file that hold its numbers, as the reference command calls them, `scores` for files without a kind; absent
   * where none does.
   */
  references?: readonly string[];
  /** `before training` by default. */
  when?: Stage;
  /** Whether whole channels go, so that the network gets smaller; false by default. */
  structured?: boolean;
}

const names: Record<keyof About, 1> = {
  ...{ paper: 1, criterion: 1, cost: 1, ours: 1, references: 1, when: 1, structured: 1 },
};

/**
 * @param of what it is about, as the error names it: `method`
 * @throws `invalid OF.about; …` for what is no such record
 */
export function checkAbout(of: string, about: About): void {
  checkNames(`${of}.about`, about, names);
  const { paper, criterion, cost, when } = about;
  for (const [name, text] of Object.entries({ paper, cost }))
    if (typeof text !== 'string' || text === '') throw invalid(`${of}.about.${name}`, 'not a text', text);
  lookUp(`${of}.about.criterion`, criteria, criterion);
  if (when !== undefined) lookUp(`${of}.about.when`, stages, when);
}
