import { SourceMap } from 'node:module';
import type * as TypeScript from '@tslab/typescript-for-tslab';
import { withEndingAwaits } from './awaits';
import { createLookups } from './freshLookups';
import { withImportMeta } from './importMeta';
import { withKeptLibrary } from './keptLibrary';
import { withOwnFilesOnly } from './ownFiles';
import { withPlainNames } from './plainNames';
import { withShorthands } from './shorthand';

/** From a position in the JavaScript of a cell to the line and column the user typed; all counted from 1. */
export type Locate = (line: number, column: number) => Position | undefined;

export interface Position {
  line: number;
  column: number;
}

const INLINE_MAP = /\n\/\/# sourceMappingURL=data:application\/json;base64,([A-Za-z0-9+/=]+)\s*$/;

/** Lines that tslab puts before a cell's source. */
const PREFIX_LINES = 1;

/** The newest outputs only: tslab hands an output on right after it is made. */
const KEPT = 16;
const locators = new Map<string, Locate>();

/**
 * Makes tslab's two compilation steps (TypeScript to modern JavaScript, then to CommonJS) keep source maps. tslab has no
 * option for it, and the compiler's exports are read-only, so tslab is given a copy of the compiler with two functions
 * wrapped. Must run before tslab is loaded.
 */
export function traceCells(): void {
  const path = require.resolve('@tslab/typescript-for-tslab');
  const compiler: typeof TypeScript = require(path);
  const loaded = require.cache[path];
  if (!loaded) throw new Error(`the compiler of tslab is not in the module cache: ${path}`);
  loaded.exports = {
    ...compiler,
    createWatchCompilerHost: withInlineMaps(compiler),
    transpileModule: withLocator(compiler.transpileModule),
  };
}

/** How to find the user's line for the output of a cell; undefined for an output not seen or long gone. */
export function locatorOf(output: string): Locate | undefined {
  return locators.get(output);
}

/** What the compiler looks up for cells and the modules they import. */
export const lookups = createLookups();

const OPTIONS: TypeScript.CompilerOptions = {
  inlineSourceMap: true,
  /** Global types: Node's only, not those of every package that happens to be installed. */
  types: ['node'],
  allowImportingTsExtensions: true,
  /** JavaScript is run as it is. */
  checkJs: false,
};

type CreateHost = typeof TypeScript.createWatchCompilerHost;

function withInlineMaps(compiler: typeof TypeScript): CreateHost {
  const create = withOwnFilesOnly(
    withEndingAwaits(compiler, withImportMeta(compiler, withShorthands(compiler))),
  );
  const wrapped = (
    files: string[],
    options: TypeScript.CompilerOptions,
    system: TypeScript.System,
    _: unknown, // tslab leaves the choice of program to the compiler
    ...rest: unknown[]
  ) => {
    const kept = withKeptLibrary(files, withPlainNames(system));
    const all = [kept.files, { ...options, ...OPTIONS }, kept.system, create, ...rest];
    const host = Reflect.apply(compiler.createWatchCompilerHost, undefined, all);
    lookups.serve(host, { ...options, ...OPTIONS });
    return host;
  };
  return wrapped as CreateHost;
}

type Transpile = typeof TypeScript.transpileModule;

function withLocator(transpile: Transpile): Transpile {
  return (input, options) => {
    const encoded = INLINE_MAP.exec(input)?.[1];
    if (!encoded) return transpile(input, options);
    const first = decode(Buffer.from(encoded, 'base64').toString());
    const result = transpile(input.replace(INLINE_MAP, '\n'), {
      ...options,
      compilerOptions: { ...options.compilerOptions, sourceMap: true },
    });
    const outputText = result.outputText.replace(/\/\/# sourceMappingURL=.*\s*$/, '');
    remember(outputText, chain(first, decode(result.sourceMapText ?? '{}')));
    return { ...result, outputText };
  };
}

/** A map is decoded only when an error needs it. */
function decode(json: string): () => SourceMap {
  let map: SourceMap | undefined;
  return () => {
    map ??= new SourceMap(JSON.parse(json));
    return map;
  };
}

function chain(first: () => SourceMap, second: () => SourceMap): Locate {
  return (line, column) => {
    const middle = second().findEntry(line - 1, column - 1);
    if (!('originalLine' in middle)) return undefined;
    const source = first().findEntry(middle.originalLine, middle.originalColumn);
    if (!('originalLine' in source)) return undefined;
    return { line: source.originalLine - PREFIX_LINES + 1, column: source.originalColumn + 1 };
  };
}

function remember(output: string, locate: Locate): void {
  locators.set(output, locate);
  for (const old of [...locators.keys()].slice(0, -KEPT)) locators.delete(old);
}
