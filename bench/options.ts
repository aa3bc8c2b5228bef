import * as fs from 'node:fs';
import * as path from 'node:path';
import { invalid } from '../lib/base';
import { thisMachine } from '../lib/base/machine';
import { parseOptions } from '../lib/cli/parseOptions';

export interface BenchOptions {
  /** Rows whose title holds all of them are measured. */
  words: string[];
  rounds: number;
  threads: number;
  /** A Python that has PyTorch. */
  python: string;
  /** Where the results are written. */
  output: string;
  isCompiled: boolean;
  allowsSpread: boolean;
}

/** @throws `invalid …` for options that are unknown or no positive whole number */
export function readOptions(args: string[], now = new Date()): BenchOptions {
  const { values, positionals } = parseOptions({
    args,
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '5' },
      threads: { type: 'string', default: String(thisMachine().cores) },
      python: { type: 'string', default: ownPython() },
      output: {
        type: 'string',
        default: path.join(__dirname, 'results', `${now.toISOString().replace(/[:.]/g, '-')}.json`),
      },
      'no-compile': { type: 'boolean', default: false },
      'allow-spread': { type: 'boolean', default: false },
    },
  });
  return {
    words: positionals,
    rounds: count('rounds', values.rounds),
    threads: count('threads', values.threads),
    python: values.python as string,
    output: values.output as string,
    isCompiled: !values['no-compile'],
    allowsSpread: values['allow-spread'] as boolean,
  };
}

function count(name: string, value: unknown): number {
  const number = Number(value);
  if (!(Number.isInteger(number) && number > 0)) throw invalid(name, 'not a positive whole number', value);
  return number;
}

function ownPython(): string {
  const own = path.join(__dirname, '.venv', 'bin', 'python');
  return fs.existsSync(own) ? own : path.join(__dirname, '..', '.venv', 'bin', 'python');
}
