import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { invalid, lookUp } from '../base';
import { isScale, type Scale, scaleNames, scale as scaleOfRun } from '../experiment/scale';
import { executeNotebook } from '../notebook/execute/executeNotebook';
import { findBrowser } from '../notebook/execute/findBrowser';
import type { Notebook } from '../notebook/execute/notebook';
import type { ParameterValues } from '../notebook/execute/withParameters';
import { writeNotebook } from '../notebook/execute/writeNotebook';
import { parseOptions } from './parseOptions';
import { projectNotebooks } from './projectNotebooks';

const usage = `npx pathkernel notebooks [NAME…] [--scale smoke|laptop|evening|paper] [--set NAME=VALUE…] [--minutes N] [--fresh]
                         [--out PATH] [--no-write]

Runs notebooks from a clean kernel, all of notebooks/ or those named (00-start-here, or a path), and stores their
outputs in them, with a picture beside each interactive figure where a Chromium or Chrome is installed. A notebook in
which a cell fails stays as it was, and the exit status is 1.

--scale SCALE     how much the notebooks do; $PATHKERNEL_SCALE, else laptop, by default
--set NAME=VALUE  gives a constant of the cell tagged parameters another value, an expression: --set 'compressions=[2, 10]'; once
                  for each constant
--minutes N       how long a cell may run before its notebook has failed; 10 at smoke scale, 60 at laptop, 10,000, a week, at
                  evening and paper scale by default
--fresh           does all runs again, once for all notebooks, in a folder that goes away; to be able to go on after an
                  interruption, give a new folder in $PATHKERNEL_RUNS instead
--out PATH        stores one notebook there instead
--no-write        runs only; this or --out goes with --set`;

/** How long a cell may run by default. */
const MINUTES: Readonly<Record<Scale, number>> = { smoke: 10, laptop: 60, evening: 10_000, paper: 10_000 };

/**
 * The command `pathkernel notebooks`: executes notebooks and stores their outputs.
 *
 * @param args what follows `notebooks` on the command line
 * @returns the exit status: 0 where every cell of every notebook ran, otherwise 1
 */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parse(args);
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const scale = asScale(values.scale);
  const minutes = values.minutes === undefined ? MINUTES[scale ?? scaleOfRun()] : Number(values.minutes);
  const paths = choose(positionals);
  const parameters = values.set && valuesOf(values.set);
  if (values.out !== undefined && paths.length !== 1)
    throw invalid('arguments', '--out takes one notebook', positionals);
  if (parameters && values.out === undefined && !values['no-write'])
    throw invalid(
      'arguments',
      '--set changes a notebook, which --out stores elsewhere, or --no-write nowhere',
      args,
    );
  const program = values['no-write'] ? undefined : findBrowser();
  if (!program && !values['no-write'])
    console.log('no Chromium or Chrome found: figures get no picture beside them');
  const browser = program ? await drawing().openBrowser(program) : undefined;
  const runs = values.fresh ? mkdtempSync(join(tmpdir(), 'pathkernel-runs-')) : undefined;
  let failed = 0;
  try {
    for (const path of paths) {
      const { notebook, error, seconds } = await executeNotebook(path, { scale, runs, minutes, parameters });
      const took = `${(seconds / 60).toFixed(1)} min`;
      if (error !== undefined) {
        failed++;
        console.error(`${path}: FAILED after ${took}\n${error}`);
        continue;
      }
      const pictures = await pictured(notebook, browser);
      if (!values['no-write']) writeNotebook(values.out ?? path, notebook);
      console.log(`${path}: ${took}${pictures}`);
    }
  } finally {
    await browser?.close();
    if (runs) rmSync(runs, { recursive: true, force: true });
  }
  return failed === 0 ? 0 : 1;
}

function parse(args: string[]) {
  const options = {
    help: { type: 'boolean', short: 'h' },
    scale: { type: 'string' },
    minutes: { type: 'string' },
    set: { type: 'string', multiple: true },
    out: { type: 'string' },
    fresh: { type: 'boolean' },
    'no-write': { type: 'boolean' },
  } as const;
  return parseOptions({ args, allowPositionals: true, options });
}

/** Of `NAME=EXPRESSION`s. */
function valuesOf(settings: readonly string[]): ParameterValues {
  return Object.fromEntries(
    settings.map((setting) => {
      const [, name, value] = /^\s*([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*=(.+)$/su.exec(setting) ?? [];
      if (name === undefined) throw invalid('set', 'not NAME=VALUE', setting);
      return [name, value];
    }),
  );
}

function asScale(value: string | undefined): Scale | undefined {
  if (value !== undefined && !isScale(value)) throw invalid('scale', `not ${scaleNames}`, value);
  return value;
}

async function pictured(notebook: Notebook, browser?: Browser): Promise<string> {
  if (!browser) return '';
  const pictures = await drawing().addPictures(notebook, browser);
  return pictures > 0 ? `, ${pictures} pictures` : '';
}

/** Read when first needed: the driver of browsers is large, and not installed everywhere. */
function drawing() {
  const { addPictures }: typeof import('../notebook/execute/addPictures') =
    require('../notebook/execute/addPictures');
  const { openBrowser }: typeof import('../notebook/execute/openBrowser') =
    require('../notebook/execute/openBrowser');
  return { addPictures, openBrowser };
}

function choose(names: readonly string[]): string[] {
  const known = projectNotebooks();
  if (names.length === 0) return Object.values(known);
  return names.map((name) => (name.endsWith('.ipynb') ? name : lookUp('notebook', known, name)));
}
