import type { Check, CheckOptions } from '../checks/check';
import type { Comparison } from '../comparison';
import type { ReferenceFile } from '../readReferenceFile';
import { buildSubject, disposeSubject } from '../subject';

/** Evaluates what a file of one kind describes and compares every quantity it holds, named by the fields it lies in: `a.b`. */
export interface Kind {
  (file: ReferenceFile, options: CheckOptions): AsyncIterable<Comparison>;
  /** Paths of fields that are given in files of this kind and not found. */
  readonly given?: readonly string[];
}

/** A kind whose files hold one network, with its parameters and data. */
export function ofOneNetwork(checks: readonly Check[]): Kind {
  return async function* compare(file, options) {
    const subject = buildSubject(file);
    try {
      for (const check of checks) yield* check(subject, file.fields, options);
    } finally {
      disposeSubject(subject);
    }
  };
}
