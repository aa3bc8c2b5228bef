import { VIEW } from '../widgets/createControl';
import type { Notebook, NotebookOutput } from './notebook';

/** What the kernel says of its language, less its version. */
const LANGUAGE = ['file_extension', 'mimetype', 'name'];

/**
 * A notebook without what changes from one execution to the next: times of execution, identifiers of displays, widgets, which
 * ended with their kernel, marks of the page (what is folded or scrolled), versions. Outputs, pictures of widgets among them,
 * and counts of execution stay.
 */
export function cleanNotebook(notebook: Notebook): Notebook {
  const { widgets: _, ...metadata } = notebook.metadata;
  const language = metadata.language_info;
  if (language) metadata.language_info = pick(language, LANGUAGE);
  return {
    ...notebook,
    metadata,
    cells: notebook.cells.map((cell) => {
      const { execution: _, ExecuteTime: __, collapsed: ___, scrolled: ____, ...kept } = cell.metadata;
      if (!cell.outputs) return { ...cell, metadata: kept };
      return { ...cell, metadata: kept, outputs: cell.outputs.flatMap(withoutView) };
    }),
  };
}

function withoutView({ transient: _, ...output }: NotebookOutput): NotebookOutput[] {
  if (!output.data?.[VIEW]) return [output];
  const { [VIEW]: __, ...data } = output.data;
  return [data['text/plain']].flat().join('') === '' ? [] : [{ ...output, data }];
}

function pick(record: object, names: string[]): object {
  return Object.fromEntries(Object.entries(record).filter(([name]) => names.includes(name)));
}
