import { checkFlags, checkNames, invalid } from '../base';

/** Adam as plain data; made by `adam`. */
export interface AdamOptimiser {
  readonly kind: 'adam';
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
}

/** Stochastic gradient descent as plain data; made by `sgd`. */
export interface SgdOptimiser {
  readonly kind: 'sgd';
  readonly learningRate: number;
  readonly momentum: number;
  readonly nesterov: boolean;
  readonly weightDecay: number;
}

/** How parameters follow their gradients: a description that can be stored and compared. */
export type Optimiser = AdamOptimiser | SgdOptimiser;

/**
 * Adam (Kingma and Ba 2015), as torch.optim.Adam computes it.
 *
 * @param options any of these; the others as said
 * @param options.learningRate 1e-3, as in the paper's experiments
 * @param options.beta1 decay of the gradient's average; 0.9
 * @param options.beta2 decay of the squared gradient's average; 0.999
 * @param options.epsilon what keeps a gradient of 0 from being divided by 0; 1e-8
 * @param options.weightDecay times θ, added to the gradient (an L2 penalty of half this factor); 0
 * @throws `invalid …` for an unknown option, a rate that is not positive, betas outside [0, 1), an epsilon below 1e-30, a negative weight decay
 */
export function adam(options: Partial<Omit<AdamOptimiser, 'kind'>> = {}): AdamOptimiser {
  checkNames('adam', options, { learningRate: 1, beta1: 1, beta2: 1, epsilon: 1, weightDecay: 1 });
  const { learningRate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 } = options;
  return checkOptimiser({ kind: 'adam', learningRate, beta1, beta2, epsilon, weightDecay });
}

/**
 * Stochastic gradient descent with momentum, as torch.optim.SGD computes it: b ← μ b + g, θ ← θ − η b.
 *
 * @param options the rate, and any of the others
 * @param options.learningRate η
 * @param options.momentum μ; 0
 * @param options.nesterov θ ← θ − η (g + μ b) instead; false, and takes momentum
 * @param options.weightDecay times θ, added to the gradient; 0
 * @throws `invalid …` for a rate that is not positive, momentum outside [0, 1), Nesterov without momentum, a negative weight decay
 */
export function sgd(
  options: Pick<SgdOptimiser, 'learningRate'> & Partial<Omit<SgdOptimiser, 'kind'>>,
): SgdOptimiser {
  checkNames('sgd', options, { learningRate: 1, momentum: 1, nesterov: 1, weightDecay: 1 });
  const { learningRate, momentum = 0, nesterov = false, weightDecay = 0 } = options;
  return checkOptimiser({ kind: 'sgd', learningRate, momentum, nesterov, weightDecay });
}

/** The optimiser itself, where its numbers are in range; also for one read from a file. */
export function checkOptimiser<T extends Optimiser>(optimiser: T): T {
  const { kind, learningRate, weightDecay } = optimiser ?? {};
  if (!(kind === 'adam' || kind === 'sgd')) throw invalid('optimiser', 'not made by adam or sgd', optimiser);
  const own = kind === 'adam' ? { beta1: 1, beta2: 1, epsilon: 1 } : { momentum: 1, nesterov: 1 };
  checkNames<object>(kind, optimiser, { kind: 1, learningRate: 1, weightDecay: 1, ...own });
  for (const [name, value] of Object.entries(optimiser as object))
    if (name === 'nesterov') checkFlags({ nesterov: value });
    else if (name !== 'kind' && typeof value !== 'number') throw invalid(name, 'not a number', value);
  if (!(learningRate > 0 && learningRate < Number.POSITIVE_INFINITY))
    throw invalid('learningRate', 'not a positive number', learningRate);
  if (!(weightDecay >= 0 && weightDecay < Number.POSITIVE_INFINITY))
    throw invalid('weightDecay', 'not a number of 0 or more', weightDecay);
  if (optimiser.kind === 'adam') {
    for (const name of ['beta1', 'beta2'] as const)
      if (!(optimiser[name] >= 0 && Math.fround(optimiser[name]) < 1))
        throw invalid(name, 'not in [0, 1), in float32', optimiser[name]);
    // A weight whose gradient has always been 0, as a pruned one's, would move by 0 / (0 + ε).
    if (!(optimiser.epsilon >= 1e-30 && optimiser.epsilon < Number.POSITIVE_INFINITY))
      throw invalid(
        'epsilon',
        'not a number of 1e-30 or more, what a gradient of 0 is divided by',
        optimiser.epsilon,
      );
  } else {
    const { momentum, nesterov } = optimiser;
    if (!(momentum >= 0 && momentum < 1)) throw invalid('momentum', 'not in [0, 1)', momentum);
    if (nesterov && momentum === 0) throw invalid('nesterov', 'takes momentum above 0', nesterov);
  }
  return optimiser;
}
