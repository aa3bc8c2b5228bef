/** A table to be written: every cell as text, or null for a gap. */
export interface TableText {
  caption?: string;
  columns: readonly string[];
  /** [rows][columns] */
  cells: readonly (readonly (string | null)[])[];
  /** By column, whether all its cells are numbers. */
  numeric: readonly boolean[];
}
