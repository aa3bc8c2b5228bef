import type { Notebook } from './notebook';

/** What the kernel says of its language, less its version. */
const LANGUAGE = ['file_extension', 'mimetype', 'name'];

/**
 * A notebook without what changes from one execution to the next: times of execution, identifiers of displays, states of
 * widgets, marks of the page (what is folded or scrolled), versions. Outputs and counts of execution stay.
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
      return { ...cell, metadata: kept, outputs: cell.outputs.map(({ transient: _, ...output }) => output) };
    }),
  };
}

function pick(record: object, names: string[]): object {
  return Object.fromEntries(Object.entries(record).filter(([name]) => names.includes(name)));
}
