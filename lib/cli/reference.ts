import { InvalidError, invalid } from '../base';
import { parseOptions } from './parseOptions';

const usage = `npx pathkernel reference FILE… [--iterations N]

Evaluates the networks of files of reference numbers (network, params or formula, inputs) and compares every quantity
they hold: outputs, path norms, traces, scores, masks, paths and Path Kernels. A line each: file, quantity, largest
error, tolerance, ok. Exit status 1 where anything fails or nothing was compared.

--iterations N   follows masks for their first N iterations only; all by default`;

/**
 * The command `pathkernel reference`: compares this library with files of reference numbers.
 *
 * @param args what follows `reference` on the command line
 * @returns the exit status: 0 where every file was compared and every quantity agrees, otherwise 1
 */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parse(args);
  if (values.help || positionals.length === 0) {
    console[values.help ? 'log' : 'error'](usage);
    return values.help ? 0 : 1;
  }
  const iterations = values.iterations === undefined ? Number.POSITIVE_INFINITY : Number(values.iterations);
  if (!(iterations >= 1)) throw invalid('iterations', 'not 1 or more', values.iterations);
  const { HEADER } = library();
  console.log(HEADER);
  let isGood = true;
  for (const path of positionals) {
    const passed = await checkFile(path, iterations);
    isGood &&= passed;
  }
  return isGood ? 0 : 1;
}

/** Read when first needed, since TensorFlow looks at its settings when it is loaded. */
function library(): typeof import('../reference') {
  return require('../reference');
}

function parse(args: string[]) {
  return parseOptions({
    args,
    allowPositionals: true,
    options: { iterations: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
}

/** Prints the lines of one file; whether something was compared and everything agrees. */
async function checkFile(path: string, iterations: number): Promise<boolean> {
  const { checkReference, isWithin, readReferenceFile, reportLine } = library();
  let compared = 0;
  let failed = 0;
  try {
    const file = readReferenceFile(path);
    for await (const finding of checkReference(file, { follow: () => iterations })) {
      console.log(reportLine(file.name, finding));
      if (finding.measure === 'not yet') continue;
      compared++;
      if (!isWithin(finding)) failed++;
    }
    if (compared === 0) throw invalid('reference file', 'has nothing that could be compared', path);
  } catch (error) {
    if (error instanceof InvalidError) console.error(`${path}: ${error.message}`);
    else console.error(`${path}:`, error);
    return false;
  }
  const verdict = failed === 0 ? 'all ok' : `${failed} FAILED`;
  console.log(`# ${path}: ${compared} quantities compared, ${verdict}`);
  return failed === 0;
}
