import { join } from 'node:path';
import * as ts from 'typescript';
import { invalid } from '../../base';
import { projectRoot } from '../../data/dataFolder';

/**
 * The project's own strict options, for cells: they may await at the top, and a name that only a later reader uses is
 * no mistake in them.
 */
export function compilerOptions(): ts.CompilerOptions {
  const path = join(projectRoot, 'tsconfig.json');
  const { config, error } = ts.readConfigFile(path, ts.sys.readFile);
  if (error) throw invalid('tsconfig.json', ts.flattenDiagnosticMessageText(error.messageText, ' '), path);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, projectRoot, path);
  return {
    ...options,
    module: ts.ModuleKind.ESNext,
    allowImportingTsExtensions: true, // as the kernel does
    typeRoots: [join(projectRoot, 'node_modules', '@types')],
    noUncheckedSideEffectImports: true, // `import 'no-such-package'` fails when run
    noUnusedLocals: false,
    noUnusedParameters: false,
  };
}
