import { readFileSync } from 'node:fs';
import { invalid } from '../../base';
import { isRecord } from '../../base/isRecord';
import { unreadable } from '../../base/readWhole';

/** A code cell of a notebook file. */
export interface NotebookCell {
  /** Its place among the code cells that are not empty, from 1: what a clean run shows in its brackets. */
  number: number;
  code: string;
}

/**
 * Reads the code cells of a TypeScript notebook.
 *
 * @param path a Jupyter notebook, format 4
 * @returns the cells that have code, in order
 * @throws where the file cannot be read, is no notebook or one of another language
 */
export function readNotebook(path: string): NotebookCell[] {
  const notebook = parse(path, read(path));
  if (notebook.nbformat !== 4 || !Array.isArray(notebook.cells))
    throw invalid('notebook', 'not a Jupyter notebook of format 4', path);
  const language = languageOf(notebook);
  if (language !== 'typescript')
    throw invalid('notebook', `its language is ${language}, not typescript`, path);
  return notebook.cells
    .filter((cell) => isRecord(cell) && cell.cell_type === 'code')
    .map((cell) => sourceOf(cell, path))
    .filter((code) => code.trim() !== '')
    .map((code, index) => ({ number: index + 1, code }));
}

type Fields = Record<string, unknown>;

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw unreadable('notebook', path, error);
  }
}

function parse(path: string, text: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw invalid('notebook', `not JSON (${(error as Error).message})`, path);
  }
  return isRecord(value) ? value : {};
}

/** A notebook that was never opened in Jupyter may not say its language: taken for TypeScript. */
function languageOf({ metadata }: Fields): string {
  if (!isRecord(metadata)) return 'typescript';
  const { kernelspec, language_info } = metadata;
  const language =
    (isRecord(kernelspec) && kernelspec.language) || (isRecord(language_info) && language_info.name);
  return String(language || 'typescript').toLowerCase();
}

/** The format allows one text or a list of lines. */
function sourceOf({ source }: Fields, path: string): string {
  if (typeof source === 'string') return source;
  if (Array.isArray(source) && source.every((line) => typeof line === 'string')) return source.join('');
  throw invalid('notebook', 'a cell has no source', path);
}
