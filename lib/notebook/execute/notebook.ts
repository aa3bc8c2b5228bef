/** An output of a cell, in nbformat 4. */
export interface NotebookOutput {
  output_type: string;
  data?: Record<string, unknown>;
  transient?: unknown;
  [rest: string]: unknown;
}

/** A notebook's file, in nbformat 4; what is not named here is passed through. */
export interface Notebook {
  cells: {
    cell_type: string;
    metadata: Record<string, unknown>;
    outputs?: NotebookOutput[];
    [rest: string]: unknown;
  }[];
  metadata: Record<string, unknown>;
  [rest: string]: unknown;
}
