import { createRequire } from 'node:module';
import { join } from 'node:path';
import { placeAt } from '../base/place.mjs';

// Type-checks lib/ with the compiler that checks notebook cells (TypeScript 5.0, not strict) and with its
// options, as in tslab's converter.js: what passes here can be imported by a cell.
const { root } = placeAt();
const require = createRequire(join(root, 'node_modules', 'tslab', 'package.json'));
const ts = require('@tslab/typescript-for-tslab');

const program = ts.createProgram([join(root, 'lib', 'index.ts')], {
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Node10,
  esModuleInterop: true,
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2022.d.ts'],
  declaration: true,
  newLine: ts.NewLineKind.LineFeed,
  noImplicitUseStrict: true,
  ignoreDeprecations: '5.0', // the option above is one
  experimentalDecorators: true,
  resolveJsonModule: true,
  jsx: ts.JsxEmit.React,
  typeRoots: [join(root, 'node_modules', '@types')],
  types: ['node'],
  allowJs: true,
  checkJs: true,
  disableTopLevelAwait: true,
  skipLibCheck: true,
  noEmit: true,
});
const problems = ts.getPreEmitDiagnostics(program);
if (problems.length > 0) {
  process.stdout.write(
    ts.formatDiagnostics(problems, {
      getCanonicalFileName: (name) => name,
      getCurrentDirectory: () => root,
      getNewLine: () => '\n',
    }),
  );
  process.exitCode = 1;
}
