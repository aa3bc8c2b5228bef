import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type * as Compiler from 'typescript';
import { invalid } from '../../base';
import { projectRoot } from '../../data';
import type { PluginFile } from './plugin';

/**
 * Finds a plug-in and hashes it, without running any of it: its file, what this imports from files, and what those import, by
 * content; packages by name and version. The library itself counts for nothing, its methods have versions of their own, and so
 * do files that code reads by itself. Where the file lies and what it is called does not matter.
 *
 * @param name a file, from the project's folder on or by its whole path, or the name of a package
 * @throws `invalid plugins; RULE: NAME` where it is missing or cannot be read
 */
export function pluginFile(name: string): PluginFile {
  const path = find(name);
  const { files, packages } = sources(name, path);
  const lines = [...files].map(
    ([file, digest]) => `${file === path ? '' : relative(dirname(path), file)} ${digest}`,
  );
  const text = [...lines.sort(), ...[...packages].sort()].join('\n');
  return { name: isFile(name) ? basename(path) : name, path, hash: digest(text).slice(0, 16) };
}

/** The files of a plug-in, those of packages not among them. */
export function filesOf({ name, path }: PluginFile): string[] {
  return [...sources(name, path).files.keys()];
}

function isFile(name: string): boolean {
  return /^\.{0,2}[/\\]/.test(name) || isAbsolute(name) || /\.[cm]?[jt]s$/.test(name);
}

function find(name: string): string {
  if (!isFile(name)) {
    try {
      return realpathSync(createRequire(join(projectRoot, 'package.json')).resolve(name));
    } catch {
      throw invalid(
        'plugins',
        'no package of this name is installed, nor is it a file such as ./scores.ts',
        name,
      );
    }
  }
  const path = resolve(projectRoot, name);
  if (!isAbsolute(name) && !path.startsWith(projectRoot + sep))
    throw invalid('plugins', 'not within the project, give its whole path', name);
  if (!existsSync(path)) throw invalid('plugins', `no such file, ${path} is meant`, name);
  return realpathSync(path);
}

/** What a plug-in consists of: each file with the digest of its content, and `PACKAGE@VERSION` for each package. */
function sources(name: string, path: string): { files: Map<string, string>; packages: Set<string> } {
  const files = new Map<string, string>();
  const packages = new Set<string>();
  const queue = [path];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (files.has(file)) continue;
    const text = readFileSync(file, 'utf8');
    files.set(file, digest(text));
    for (const specifier of importsOf(name, file, text)) {
      if (isBuiltin(specifier) || /^pathkernel(\/|$)/.test(specifier)) continue;
      const target = locate(name, file, specifier);
      if (target === undefined) continue;
      if (/^\.{0,2}[/\\]/.test(specifier) || isAbsolute(specifier)) queue.push(target);
      else packages.add(versionOf(target, specifier));
    }
  }
  return { files, packages };
}

/** What a file asks for when it runs; types are none of it. */
function importsOf(name: string, file: string, text: string): string[] {
  if (!/\.[cm]?[jt]sx?$/.test(file)) return [];
  const ts = require('typescript') as typeof Compiler; // takes half a second
  const { outputText, diagnostics = [] } = ts.transpileModule(text, {
    fileName: file,
    reportDiagnostics: true,
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, allowJs: true },
  });
  for (const { messageText, start } of diagnostics) {
    const line = text.slice(0, start).split('\n').length;
    const message = ts.flattenDiagnosticMessageText(messageText, ' ');
    throw invalid('plugins', `${basename(file)}, line ${line}: ${message}`, name);
  }
  return ts.preProcessFile(outputText, true, true).importedFiles.map(({ fileName }) => fileName);
}

/** Undefined for what a published package only seems to import, as bundles do. */
function locate(name: string, file: string, specifier: string): string | undefined {
  try {
    return realpathSync(createRequire(file).resolve(specifier));
  } catch {
    if (file.includes(`${sep}node_modules${sep}`)) return undefined;
    throw invalid('plugins', `${basename(file)} imports ${specifier}, which is not there`, name);
  }
}

/** The package that a file of it belongs to, as `NAME@VERSION`. */
function versionOf(file: string, specifier: string): string {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (!existsSync(manifest)) continue;
    const { name, version } = JSON.parse(readFileSync(manifest, 'utf8')) as {
      name?: string;
      version?: string;
    };
    if (name !== undefined) return `${name}@${version ?? digest(readFileSync(file, 'utf8'))}`;
  }
  return `${specifier}@${digest(readFileSync(file, 'utf8'))}`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
