import type { About } from './about';
import type { Method } from './method';

/** Where a method stands in the taxonomy of the survey of Cheng, Zhang and Shi (arXiv 2308.06767v2, TPAMI 2024). */
export interface Taxonomy {
  /** `universal` where the network gets smaller for any machine, `specific` where only hardware for sparse weights gains. */
  speedUp: 'universal' | 'specific';
  when: NonNullable<About['when']>;
  criterion: About['criterion'] | 'own';
  steps: 'one-shot' | 'iterative';
  data: 'data-free' | 'data-driven';
  structure: 'structured' | 'unstructured';
}

/**
 * The place of a method in the taxonomy.
 *
 * @param iterations how often it scored; its own number by default
 */
export function taxonomyOf(
  method: Pick<Method, 'about' | 'iterations'> & { needs: string },
  iterations = method.iterations ?? 1,
): Taxonomy {
  const { about, needs } = method;
  return {
    speedUp: about?.structured ? 'universal' : 'specific',
    when: about?.when ?? 'before training',
    criterion: about?.criterion ?? 'own',
    steps: iterations > 1 ? 'iterative' : 'one-shot',
    data: needs === 'nothing' ? 'data-free' : 'data-driven',
    structure: about?.structured ? 'structured' : 'unstructured',
  };
}

/** The same in a line: `specific speed-up, before training, by saliency, one-shot, data-driven, unstructured`. */
export function taxonomyLine({ speedUp, when, criterion, steps, data, structure }: Taxonomy): string {
  const by = criterion === 'own' ? 'by a criterion of its own' : `by ${criterion}`;
  return [`${speedUp} speed-up`, when, by, steps, data, structure].join(', ');
}
