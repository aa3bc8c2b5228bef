import { invalid } from '../base';
import { projectRoot } from '../data/dataFolder';
import { diagnose } from './doctor/diagnose';
import { report } from './doctor/report';

/**
 * The command `pathkernel doctor`: prints Node, TensorFlow, device, threads, memory, two timed operations, the
 * kernelspec and the data, and for each thing amiss its remedy.
 *
 * @param args none are taken
 * @returns the exit code: 0 where the project can run, otherwise 1
 */
export async function run(args: string[]): Promise<number> {
  if (args.length > 0) throw invalid('argument', 'doctor takes none', args[0]);
  const findings = diagnose(projectRoot);
  console.log(report(findings));
  return findings.some(({ state }) => state === 'broken') ? 1 : 0;
}
