import { checkData } from './checkData';
import { checkEngine } from './checkEngine';
import { checkKernelspec } from './checkKernelspec';
import { checkMachine } from './checkMachine';
import { checkNode } from './checkNode';
import { checkPackages } from './checkPackages';
import { checkPython } from './checkPython';
import { broken, type Finding } from './finding';

/** A look at one part; it may throw, which is then what the report says of that part. */
export type Check = (root: string) => Finding | Finding[];

/** Every check by what it looks at, in the order of the report. */
export const checks: Readonly<Record<string, Check>> = {
  Node: () => checkNode(),
  machine: () => checkMachine(),
  'npm packages': checkPackages,
  TensorFlow: (root) => checkEngine(root),
  JupyterLab: checkPython,
  kernelspec: checkKernelspec,
  data: (root) => checkData(root),
};

/**
 * Looks at a project folder. Missing parts are what it is for, so no check keeps another from its turn.
 *
 * @param root the project folder
 * @param table the checks; all by default
 */
export function diagnose(root: string, table: Readonly<Record<string, Check>> = checks): Finding[] {
  return Object.entries(table).flatMap(([name, check]) => {
    try {
      return check(root);
    } catch (error) {
      return broken(name, error instanceof Error ? error.message : String(error));
    }
  });
}
