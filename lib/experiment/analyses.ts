/** What the library computes of networks, without pruning them: a line of the page "Methods". */
export interface Analysis {
  /** One line. */
  formula: string;
  /** Authors, year and where it is published; `ours` for what this project has thought of. */
  paper: string;
  data: 'none' | 'images' | 'images with labels' | 'accuracies';
  /** The work it takes. */
  cost: string;
  /** Which choices are this project's; absent where there are none. */
  ours?: string;
  /** Kinds of reference file that hold its numbers; absent where none does. */
  references?: readonly string[];
}

/** By the function that computes it. */
export const analyses: Readonly<Record<string, Analysis>> = {
  pathKernelTrace: {
    formula: 'Tr Π = Σ_p Σ_{i on p} (v_p / θ_i)²',
    paper: 'Gebhart, Saxena & Schrater 2021, arXiv 2101.10552',
    data: 'none',
    cost: 'a gradient of the linear network',
    references: ['spectrum', 'spectrum-large', 'spectrum-masked'],
  },
  'paths.pathKernelSpectrum': {
    formula: 'eigenvalues of Π with multiplicities, and what all of them come to',
    paper: 'ours, of the kernel of arXiv 2101.10552',
    data: 'none',
    cost: 'about a hundred products, each two gradients of the linear network',
    references: ['spectrum', 'spectrum-large', 'spectrum-masked'],
  },
  'paths.averagePathLength': {
    formula: 'mean number of nonlinearities on a path',
    paper: 'Mehmeti-Göpel & Disselhoff 2023, arXiv 2211.17180',
    data: 'none',
    cost: 'a pass of the linear network with its derivative',
    ours: 'the walk over live branches of masked networks, and paths weighted by v_p²',
    references: ['path-length'],
  },
  'paths.pathLengths': {
    formula: 'share of the paths with each number of nonlinearities',
    paper: 'ours, after arXiv 2211.17180',
    data: 'none',
    cost: 'a pass of the linear network for each length',
  },
  'pruning.blockDensities': {
    formula: 'weights kept between blocks of units sorted by what they keep',
    paper: 'after the graphons of arXiv 2510.17515',
    data: 'none',
    cost: 'a sort of the units of a layer',
    ours: 'blocks of equal size, of both sides by degree',
  },
  'paths.pathDensity': {
    formula: 'paths left over all paths; c^L on average at random',
    paper: 'after arXiv 2510.17515',
    data: 'none',
    cost: 'two counts of paths',
  },
  'training.penaltySum': {
    formula:
      'Σ |1 − a|^p of slopes a, which `penalty` of `train` makes small: units become linear one by one',
    paper: 'Mehmeti-Göpel & Disselhoff 2023, arXiv 2211.17180',
    data: 'images with labels',
    cost: 'none beside the training',
    ours: 'the exponent ½; slopes near 1 are not set to 1',
  },
  'ntk.alignment': {
    formula: 'α(y) = ‖Jᵀy‖² / ‖y‖²',
    paper: 'Ortiz-Jiménez, Moosavi-Dezfooli & Frossard 2021, arXiv 2106.06770',
    data: 'images with labels',
    cost: 'a gradient over all images',
    references: ['linearised', 'tangent', 'tangent-large'],
  },
  'ntk.linearised': {
    formula: 'f(x; θ₀) + J(θ₀) (θ − θ₀)',
    paper: 'Ortiz-Jiménez, Moosavi-Dezfooli & Frossard 2021, arXiv 2106.06770',
    data: 'images',
    cost: 'a pass with tangents',
    references: ['linearised', 'tangent', 'tangent-large'],
  },
  'paths.architectureProxies': {
    formula: 'ln Tr Π of untrained networks, beside parameters, depth and ln Σ |v_p|',
    paper: 'after PATNAS, Yang et al. 2025, doi 10.1109/TPAMI.2024.3498035',
    data: 'none',
    cost: 'three sums over paths for each initialisation',
    ours: 'the trace of the whole network: the exact score, of a "skeleton", was not available',
    references: ['architecture-proxy'],
  },
  'figures.proxyRanks': {
    formula: 'Kendall’s τ_b and Spearman’s ρ with accuracies, others taken out',
    paper: 'Kendall 1945; the control that PATNAS would need is ours',
    data: 'accuracies',
    cost: 'none beside the trainings',
    references: ['architecture-proxy', 'rank-statistics'],
  },
  'ntk.lineage': {
    formula: '−|F_P + α J_P (θ_C − θ_P) − F_C|^p to first order in α; log-sum-exp; CKA',
    paper: 'Yu & Wang 2024, arXiv 2406.11129',
    data: 'images',
    cost: 'a pass with tangents for each pair of networks',
    ours: 'CKA compares the moved features',
    references: ['lineage'],
  },
  'paths.pathCosine': {
    formula: 'Σ_p v_p v’_p / √(Σ_p v_p² Σ_p v’_p²)',
    paper: 'ours',
    data: 'none',
    cost: 'three passes of the linear network without a sample',
    ours: 'all of it: lineage by paths, which no rescaling changes',
  },
  'paths.pathConditioning': {
    formula: 'the rescaling that makes diag(G) most even',
    paper: 'PathCond, arXiv 2602.19799',
    data: 'none',
    cost: 'sweeps over units, after a gradient of the linear network',
    references: ['rescaling'],
  },
};
