import { Script } from 'node:vm';
import * as ts from '@tslab/typescript-for-tslab';

/** Whether a line may be run as it is, with the indent of the next one where it goes on; the content of Jupyter's `is_complete_reply`. */
export type Completeness = { status: 'complete' | 'invalid' } | { status: 'incomplete'; indent: string };

/** A cell is a module: it may await at the top. */
const PREFIX = 'export {};';

/** Errors that the end of the code reports and that no further line mends. */
const FINAL = ['Unterminated string literal.', 'Unterminated regular expression literal.'];

/** Whether code is finished, unfinished, or wrong whatever may follow; types are not looked at. */
export function isComplete(code: string): Completeness {
  const file = ts.createSourceFile('cell.ts', PREFIX + code, ts.ScriptTarget.Latest);
  const [first] = (file as { parseDiagnostics?: ts.DiagnosticWithLocation[] }).parseDiagnostics ?? [];
  if (!first) return { status: runs(code) ? 'complete' : 'invalid' };
  const atEnd = first.start >= PREFIX.length + code.length;
  if (!atEnd || FINAL.includes(String(first.messageText))) return { status: 'invalid' };
  return { status: 'incomplete', indent: indentAfter(code) };
}

/** The compiler leaves some errors of syntax to its check of types: `const x;`, `break;`. */
function runs(code: string): boolean {
  const options = {
    module: ts.ModuleKind.CommonJS,
    target: ts.ScriptTarget.ES2022,
    experimentalDecorators: true,
  };
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: { ...options, noImplicitUseStrict: true },
  });
  try {
    new Script(`(async function(exports, require) {${outputText}\n})`);
    return true;
  } catch {
    return false;
  }
}

function indentAfter(code: string): string {
  const last = code.slice(code.lastIndexOf('\n') + 1);
  const [indent] = /^\s*/.exec(last) ?? [''];
  return /[([{]\s*$/.test(last) ? `${indent}  ` : indent;
}
