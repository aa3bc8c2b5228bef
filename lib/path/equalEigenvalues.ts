import type { Mask, Network, Params } from '../network';
import { mapRecord, type TensorRecord } from '../tensor';

/** An eigenvalue of G that a group of weights has as often as the group's size says. */
export interface EqualEigenvalues {
  value: number;
  multiplicity: number;
  /** Name of the kernel whose weights they are. */
  name: string;
}

/**
 * By kernel, the axis along which its weights are alike: they lie on no common path, and what comes before and after each is
 * the same. In a layer that reads the all-ones input they are those of one unit, of a convolution those of one tap; in a last
 * dense layer, whose outputs are summed, those from one unit.
 *
 * Within such a group S the vectors with Σ θ_i u_i = 0 over S are eigenvectors of G, all with the eigenvalue g_i of any i in S.
 */
export function equalAxes({ nodes }: Network): Readonly<Record<string, number>> {
  const likeInput = new Set<string>();
  const axes: Record<string, number> = {};
  for (const node of nodes) {
    const readsInput = node.inputs.length === 1 && likeInput.has(node.inputs[0]);
    if (node.op === 'input' || (readsInput && (node.op === 'flatten' || node.op === 'dropout')))
      likeInput.add(node.id);
    if (node.op === 'dense' && readsInput) axes[node.kernel] = 0;
    if (node.op === 'conv2d' && readsInput) axes[node.kernel] = 2;
  }
  const last = nodes[nodes.length - 1];
  if (last.op === 'dense') axes[last.kernel] = 1;
  return axes;
}

/** A vector without its part in the eigenvectors of {@link equalAxes}: in each group its part along θ alone. */
export function alongGroups(
  u: TensorRecord,
  theta: TensorRecord,
  axes: Readonly<Record<string, number>>,
): TensorRecord {
  return mapRecord(u, (part, name) => {
    if (!Object.hasOwn(axes, name)) return part;
    const own = theta[name];
    const square = own.square().sum(axes[name], true);
    const along = part.mul(own).sum(axes[name], true);
    return own.mul(along.div(square.add(square.equal(0).cast('float32'))));
  });
}

/** The eigenvalues of the groups, those of one value and kernel together; 0 left out. */
export function equalEigenvalues(
  { parameters }: Network,
  params: Params,
  {
    mask,
    axes,
    diagonal,
    trace,
  }: {
    mask?: Mask;
    axes: Readonly<Record<string, number>>;
    /** g of each weight over the trace, 0 where pruned. */
    diagonal: Readonly<Record<string, Float64Array>>;
    trace: number;
  },
): EqualEigenvalues[] {
  return parameters
    .filter(({ name }) => Object.hasOwn(axes, name))
    .flatMap(({ name, shape }) => {
      const theta = params[name].dataSync();
      const kept = mask?.[name]?.dataSync();
      const inner = shape.slice(axes[name] + 1).reduce((size, extent) => size * extent, 1);
      const extent = shape[axes[name]];
      const groups: EqualEigenvalues[] = [];
      for (let start = 0; start < theta.length; start += extent * inner)
        for (let offset = 0; offset < inner; offset++) {
          let [count, size, sum] = [0, 0, 0];
          for (let i = 0; i < extent; i++) {
            const at = start + i * inner + offset;
            if (kept && kept[at] === 0) continue;
            count++;
            size += Math.abs(theta[at]);
            sum += diagonal[name][at];
          }
          const multiplicity = size > 0 ? count - 1 : count;
          if (multiplicity > 0 && sum > 0) groups.push({ value: (sum / count) * trace, multiplicity, name });
        }
      return groups;
    });
}
