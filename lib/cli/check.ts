import { InvalidError } from '../base';
import type { Finding } from '../notebook/check/checkNotebooks';
import { type NotebookCell, readNotebook } from '../notebook/check/readNotebook';
import { parseOptions } from './parseOptions';
import { projectNotebooks } from './projectNotebooks';

const usage = `npx pathkernel check [NOTEBOOK…]

Type-checks all cells of each notebook together, with the project's strict options; by default every notebook in
notebooks/. Nothing is run. Exit status 1 where anything is amiss.`;

/**
 * The command `pathkernel check`: type-checks whole notebooks.
 *
 * @param args what follows `check` on the command line
 * @returns the exit status: 0 where every notebook could be read and nothing is amiss in any, otherwise 1
 */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parse(args);
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const paths = positionals.length > 0 ? positionals : Object.values(projectNotebooks());
  const { readable, problems } = read(paths);
  for (const problem of problems) console.error(problem);
  const { checkNotebooks } = checker();
  const findings = checkNotebooks(readable);
  for (const finding of findings) console.error(describe(finding));
  const amiss = findings.length + problems.length;
  const count = `${paths.length} notebook${paths.length === 1 ? '' : 's'}`;
  console.log(`${count} checked, ${amiss === 0 ? 'all well' : `${amiss} amiss`}`);
  return amiss === 0 ? 0 : 1;
}

/** Read when first needed: the compiler takes half a second to load. */
function checker(): typeof import('../notebook/check/checkNotebooks') {
  return require('../notebook/check/checkNotebooks');
}

function parse(args: string[]) {
  const options = { help: { type: 'boolean', short: 'h' } } as const;
  return parseOptions({ args, allowPositionals: true, options });
}

/** The cells of the notebooks that can be read, and why the others cannot. */
function read(paths: readonly string[]) {
  const readable = new Map<string, NotebookCell[]>();
  const problems: string[] = [];
  for (const path of paths) {
    try {
      readable.set(path, readNotebook(path));
    } catch (error) {
      if (!(error instanceof InvalidError)) throw error;
      problems.push(error.message);
    }
  }
  return { readable, problems };
}

/** `notebooks/a.ipynb, cell 3, line 2, column 5: message (TS2345)`, the line, and a mark under the place. */
function describe({ path, cell, line, column, code, message, source }: Finding): string {
  const number = code === undefined ? '' : ` (TS${code})`;
  const mark = source.slice(0, column - 1).replace(/[^\t]/g, ' ');
  const place = `${path}, cell ${cell}, line ${line}, column ${column}`;
  return `${place}: ${message}${number}\n    ${source}\n    ${mark}^`;
}
