import { invalid } from '../../base';
import { countPaths, pathKernelRank } from '../../path';
import { tf } from '../../tensor';
import type { Check } from '../checks/check';
import { checkData } from '../checks/data';
import { checkOutputs } from '../checks/outputs';
import { compareValues } from '../checks/values';
import { fieldsOf, isFields } from '../jsonFields';
import { maskInFile } from '../maskInFile';
import { type Kind, ofOneNetwork } from './kind';
import { compareSpectrum } from './spectrum/compareSpectrum';
import { EXACT, POLICIES } from './spectrum/limits';
import { compareKept, keptBy } from './spectrum/magnitudeMasks';
import { checkProducts } from './spectrum/products';

const checkSpectra: Check = async function* check(subject, file) {
  for (const [field, policy] of Object.entries(POLICIES)) {
    const fields = file[field];
    if (isFields(fields)) yield* compareSpectrum(subject, `${field}.`, fields, policy);
  }
  const rank = pathKernelRank(subject.network);
  const numbers = {
    paths: () => Number(countPaths(subject.network).count),
    null_space_predicted: () => rank.structuralZeros,
  };
  yield* compareValues('', file, numbers, EXACT);
};

/** Spectra under masks by magnitude, in each tensor or over all. */
const checkMaskedSpectra: Check = async function* check(subject, file) {
  const spectra = fieldsOf('file', file).object('spectrum');
  for (const [name, fields] of Object.entries(spectra)) {
    if (!isFields(fields)) throw invalid('reference file', `spectrum.${name} must be an object`, fields);
    const kept = name === 'dense' ? undefined : keptBy(subject, name);
    const mask =
      kept &&
      maskInFile(
        subject,
        kept.flatMap((tensor) => [...tensor]),
      );
    const prefix = `spectrum.${name}.`;
    try {
      yield* compareKept(subject, prefix, fields, kept);
      yield* compareSpectrum(subject, prefix, fields, {}, mask);
    } finally {
      if (mask) tf.dispose(mask);
    }
  }
};

/** One network, with the spectrum of its Path Kernel whole or its leading part. */
export const spectrum: Kind = ofOneNetwork([checkData, checkOutputs, checkSpectra, checkProducts]);

/** One network under several masks. */
export const spectrumMasked: Kind = ofOneNetwork([checkData, checkOutputs, checkMaskedSpectra]);
