import type { CoupledChannel, Coupling } from './couplings';

/** By kernel, a number for each of its channels. */
type ByKernel = Readonly<Record<string, ArrayLike<number>>>;

/** For each channel of each coupling the sum over the layers that write it, or that read it, of a number for it. */
export function sumOver(
  couplings: readonly Coupling[],
  side: 'written' | 'read',
  of: ByKernel,
): Float64Array[] {
  return overLayers(couplings, side, of, (values) => values.reduce((sum, value) => sum + value, 0));
}

/** The largest of such numbers over the layers that write it: a channel matters as much as it does to any of them. */
export function largestOver(couplings: readonly Coupling[], of: ByKernel): Float64Array[] {
  return overLayers(couplings, 'written', of, (values) => Math.max(...values));
}

function overLayers(
  couplings: readonly Coupling[],
  side: keyof CoupledChannel,
  of: ByKernel,
  join: (values: number[]) => number,
): Float64Array[] {
  const valuesAt = (at: CoupledChannel) =>
    Object.entries(at[side]).flatMap(([kernel, channels]) => channels.map((channel) => of[kernel][channel]));
  return couplings.map(({ channels }) => Float64Array.from(channels, (at) => join(valuesAt(at))));
}
