import type { CheckOptions } from './checks/check';
import { checkData } from './checks/data';
import { checkGradientFlow } from './checks/gradientFlow';
import { checkListedPaths } from './checks/listedPaths';
import { checkMasks } from './checks/masks';
import { checkNtkSap } from './checks/ntkSap';
import { checkOutputs } from './checks/outputs';
import { checkPathKernels } from './checks/pathKernels';
import { checkPathNorms } from './checks/pathNorms';
import { checkPx } from './checks/px';
import { checkScores } from './checks/scores';
import { checkTangentKernels } from './checks/tangentKernels';
import { checkTraces } from './checks/traces';
import type { Comparison } from './comparison';
import { kinds } from './kinds';
import { type Kind, ofOneNetwork } from './kinds/kind';
import { notYet } from './notYet';
import type { ReferenceFile } from './readReferenceFile';

/** Files without a kind: one network and what pruning and the paper ask of it. */
const plainKind: Kind = ofOneNetwork([
  checkData,
  checkOutputs,
  checkPathNorms,
  checkTraces,
  checkScores,
  checkPx,
  checkNtkSap,
  checkListedPaths,
  checkPathKernels,
  checkTangentKernels,
  checkMasks,
  checkGradientFlow,
]);

/** A quantity of the file that nothing here is compared with. */
export interface NotYet {
  readonly quantity: string;
  readonly measure: 'not yet';
}

/**
 * Evaluates what a reference file describes and compares every quantity it holds, one after the other.
 *
 * @throws `invalid …` where the file does not describe a network that can be evaluated
 */
export async function* checkReference(
  file: ReferenceFile,
  options: CheckOptions = {},
): AsyncGenerator<Comparison | NotYet> {
  const compared: Comparison[] = [];
  const compare: Kind = file.kind === undefined ? plainKind : kinds[file.kind];
  for await (const comparison of compare(file, options)) {
    compared.push(comparison);
    yield comparison;
  }
  for (const quantity of notYet(file.fields, compared, compare.given)) yield { quantity, measure: 'not yet' };
}
