import type { LongWork } from '../../base';
import { timeText } from '../../base/timeText';
import { dimension, randomVector } from '../../linalg';
import type { Network } from '../../network';
import { saveAs } from '../../notebook/save/saveAs';
import { tableBundle } from '../../notebook/table';
import {
  type PathKernelSpectrum,
  pathKernelOperator,
  pathKernelSpectrum,
  type SpectrumOptions,
} from '../../path';
import { createRandom, tf } from '../../tensor';
import { type Masked, type MaskedOptions, readMasked } from '../readMasked';

export interface NetworkSpectrumOptions
  extends MaskedOptions,
    LongWork,
    Pick<SpectrumOptions, 'k' | 'tolerance' | 'probes' | 'steps' | 'seed'> {
  /** MiB for the vectors that are held. */
  memory?: number;
  /** Whether it is told where the leading eigenvectors lie. */
  layers?: boolean;
  /** Nothing is written by default. */
  out?: string;
  /** Tells the user. */
  say: (text: string) => void;
}

/** Reads the spectrum of a network, by name or file: says what it will cost, what it is, and writes it. */
export async function networkSpectrum(source: string, options: NetworkSpectrumOptions): Promise<void> {
  const { k, tolerance, probes, steps, seed, memory, layers, out, say, onProgress } = options;
  const masked = await readMasked(source, options);
  const { network, params, mask } = masked;
  const asked = {
    k,
    tolerance,
    probes,
    steps,
    seed,
    ...(memory !== undefined && { memory: memory * 2 ** 20 }),
  };
  try {
    say(await costOf(masked, asked));
    const found = await pathKernelSpectrum(network, params, { ...asked, mask, vectors: layers, onProgress });
    say(describe(network, found));
    const { eigenvectors: _, ...rest } = found;
    const json = () => `${JSON.stringify({ network: network.name, ...rest }, null, 2)}\n`;
    if (out !== undefined) say(`written: ${await saveAs(out, { '.json': json })}`);
  } finally {
    tf.dispose([params, mask]);
  }
}

/** About what the work takes, from a product that is timed. */
async function costOf(
  { network, params, mask }: Masked,
  { k = 10, probes = 10, steps = 30, memory = 2 ** 31 }: SpectrumOptions,
): Promise<string> {
  const operator = pathKernelOperator(network, params, { mask });
  const u = randomVector(operator.sizes, createRandom(1));
  try {
    tf.dispose([...(await operator.apply(u))]); // compiles
    const start = performance.now();
    tf.dispose([...(await operator.apply(u))]);
    const milliseconds = performance.now() - start;
    const basis = Math.max(4 * k + 24, 40); // of the search, which goes through it twice to three times
    const products = Math.round(2.5 * basis) + probes * steps;
    const bytes = Math.min(memory, 8 * dimension(operator) * (basis + k));
    return [
      `${network.name}: about ${products} products of ${milliseconds.toPrecision(2)} ms,`,
      `${timeText((products * milliseconds) / 1000)}, with ${Math.ceil(bytes / 2 ** 20)} MiB of vectors`,
    ].join(' ');
  } finally {
    tf.dispose([...u]);
    operator.dispose();
  }
}

function describe(network: Network, found: PathKernelSpectrum): string {
  const { eigenvalues, trace, spectralNorm, stableRank, rank, perLayer, products, isComplete } = found;
  const interval = (name: 'frobenius' | 'participationRatio' | 'effectiveRank', quantity: string) => {
    const value = found[name];
    return value ? [{ quantity, value: value.estimate, low: value.low, high: value.high }] : [];
  };
  const sums = [
    { quantity: 'Tr Π', value: trace.value },
    { quantity: '‖Π‖₂', value: spectralNorm },
    ...interval('frobenius', '‖Π‖_F'),
    { quantity: 'rank at most', value: rank.bound },
    { quantity: 'structural zeros', value: rank.structuralZeros },
    ...interval('effectiveRank', 'effective rank'),
    ...interval('participationRatio', 'participation ratio'),
    { quantity: 'stable rank', value: stableRank },
  ];
  const columns = eigenvalues.map(({ index, value, multiplicity, share, residual, error }) => ({
    ...{ index, eigenvalue: value, times: multiplicity, 'of the trace': share, residual, error },
  }));
  const parts = perLayer.map(({ index, layer, mass, participation }) => ({
    index,
    layer,
    mass,
    participation,
  }));
  return [
    `${network.name}: its spectrum, by ${products} products`,
    text(columns),
    text(sums),
    ...(parts.length > 0 ? [text(parts)] : []),
    ...(isComplete ? [] : ['more equal eigenvalues than these may be there: memory for them ran out']),
  ].join('\n\n');
}

const text = (rows: object[]) =>
  tableBundle(rows as never, { rows: rows.length, digits: 6 })['text/plain'] as string;
