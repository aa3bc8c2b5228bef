import type { About } from '../prune';

/** A method that goes on as the network is trained, as the page "Methods" tells of it. */
export interface TrainingMethod {
  /** One line: the rule. */
  description: string;
  needs: 'training';
  /** Of pruning and training; 1 by default. */
  iterations?: number;
  about: About;
}

const paper = 'Frankle and Carbin 2019, arXiv 1803.03635; Frankle et al. 2020, arXiv 1912.05671';

/** What prunes or freezes weights by whole trainings. */
export const trainingMethods = {
  imp: {
    description: 'of |θ| after each of n trainings the largest (1 − f)^j N; the others go, these are rewound',
    needs: 'training',
    iterations: 10,
    about: {
      paper,
      criterion: 'magnitude',
      cost: 'a training for each level',
      ours: 'counts exact at every level, ties to the earlier layer and lower index, weights that are kept in any case',
      references: ['iterative-magnitude'],
      when: 'after training',
    },
  },
  'imp/as-published': {
    description: 'the same, ⌈f · left⌉ + 1 weights a level and all that are equal to the last',
    needs: 'training',
    iterations: 10,
    about: {
      paper: `${paper}; code facebookresearch/open_lth 2ce732f`,
      criterion: 'magnitude',
      cost: 'a training for each level',
      references: ['iterative-magnitude'],
      when: 'after training',
    },
  },
  freeze: {
    description: 'what a mask of any method prunes keeps its initial value and is not trained',
    needs: 'training',
    about: {
      paper:
        'Wimmer, Mehnert, Condurache 2020, arXiv 2011.14087 (there after SNIP), and 2022, arXiv 2205.08099',
      criterion: 'saliency',
      cost: 'as the method and dense training',
      references: ['freeze'],
    },
  },
} as const satisfies Readonly<Record<string, TrainingMethod>>;
