import * as ts from 'typescript';
import { invalid, lookUp } from '../../base';
import { cellSyntax } from '../check/cellSyntax';
import type { Notebook } from './notebook';
import { parameterCell } from './parameterCell';

/** Expressions of TypeScript, by the name of the constant whose value they are: `{ seeds: '[1, 2]' }`. */
export type ParameterValues = Readonly<Record<string, string>>;

/**
 * A notebook in which constants of the cell tagged `parameters` have other values.
 *
 * @throws `invalid parameters; …` where there is no such cell, `invalid parameter; …` for a name that it does not declare, or for what is no expression
 */
export function withParameters(notebook: Notebook, values: ParameterValues): Notebook {
  const place = parameterCell(notebook);
  if (place === -1) throw invalid('parameters', 'the notebook has no cell tagged parameters', values);
  const source = changed(sourceOf(notebook.cells[place]), values);
  return { ...notebook, cells: notebook.cells.map((cell, i) => (i === place ? { ...cell, source } : cell)) };
}

function changed(source: string, values: ParameterValues): string {
  const { file } = cellSyntax(source);
  const initial: Record<string, ts.Expression> = {};
  for (const { name, initializer } of file.statements
    .filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) => declarationList.declarations))
    if (ts.isIdentifier(name) && initializer) initial[name.text] = initializer;
  const changes = Object.entries(values).map(([name, value]) => {
    const { pos, end } = lookUp('parameter', initial, name);
    if (cellSyntax(`(${value}\n)`).errors.length > 0)
      throw invalid(`parameter ${name}`, 'no expression', value);
    return { pos, end, value };
  });
  return changes
    .sort((a, b) => b.pos - a.pos)
    .reduce((text, { pos, end, value }) => `${text.slice(0, pos)} ${value}${text.slice(end)}`, source);
}

function sourceOf({ source }: Notebook['cells'][number]): string {
  return [source].flat().join('');
}
