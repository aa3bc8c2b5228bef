import { layerEdges } from '../topology/layerEdges';
import { layerForest } from '../topology/spanningForest';
import { keepFirst } from './keeping';
import type { Choice } from './select';
import type { Survivors } from './survivors';

/**
 * A maximum spanning forest of each layer by score, the channels being nodes and an edge the highest score between two, and then
 * the highest scores of all. What a layer joins stays joined at any density that holds the forests.
 *
 * @throws `invalid density; …` where the forests are more than are to be kept, with the smallest density
 */
export function withForest(choice: Choice): Survivors {
  const { scores, candidates, kernels } = choice;
  const forests = kernels.map((kernel, k) => {
    const kept = new Uint8Array(scores[k].length);
    for (const i of candidates[k]) kept[i] = 1;
    const [inputs, outputs] = kernel.shape.slice(-2);
    const edges = layerEdges(kernel, scores[k], 'max', kept);
    const { edges: taken } = layerForest(inputs * (kernel.groups ?? 1), outputs, edges);
    return Uint32Array.from(taken, ({ index }) => index).sort();
  });
  return keepFirst(choice, forests, 'the spanning forests');
}
