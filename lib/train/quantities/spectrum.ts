import { pathKernelSpectrum, pathKernelTrace } from '../../path';
import { quantityOnRequest, shared } from './quantity';

/** Of one state, a hundred products or so; null where no path is left. */
const spectrumOf = shared(async ({ network, params, mask, signal }) => {
  if (pathKernelTrace(network, params, { mask }).value === 0) return null;
  return pathKernelSpectrum(network, params, { mask, k: 1, tolerance: 1e-4, probes: 4, steps: 15, signal });
});

export const spectralNorm = quantityOnRequest({
  meaning: 'ln of the largest eigenvalue of Π of the masked network; null where no path is left',
  title: 'Largest eigenvalue of the Path Kernel',
  label: 'λ₁(Π)',
  axis: 'exponent',
  measure: async (state) => {
    const spectrum = await spectrumOf(state);
    return spectrum && Math.log(spectrum.spectralNorm);
  },
});

export const effectiveRank = quantityOnRequest({
  meaning: 'exp of the entropy of the eigenvalues of Π over their sum, estimated',
  title: 'Effective rank of the Path Kernel',
  label: 'effective rank',
  measure: async (state) => (await spectrumOf(state))?.effectiveRank?.estimate ?? null,
});

export const participationRatio = quantityOnRequest({
  meaning: '(Tr Π)² / ‖Π‖_F², estimated',
  title: 'Participation ratio of the Path Kernel',
  label: '(Tr Π)² / ‖Π‖²',
  measure: async (state) => (await spectrumOf(state))?.participationRatio?.estimate ?? null,
});

export const stableRank = quantityOnRequest({
  meaning: 'Tr Π over its largest eigenvalue',
  title: 'Stable rank of the Path Kernel',
  label: 'Tr Π / λ₁',
  measure: async (state) => (await spectrumOf(state))?.stableRank ?? null,
});
