/** Where a character of a joined text comes from. */
export interface Origin {
  /** Number of the cell. */
  cell: number;
  /** Its place in the cell's code, from 0. */
  offset: number;
}

interface Segment {
  start: number;
  end: number;
  origin: Origin;
}

/** A text put together from pieces of cells that remembers where each comes from. */
export interface SourceText {
  /** Appends a piece; without an origin, text that stands in no cell. */
  add(piece: string, origin?: Origin): void;
  toString(): string;
  /** The origin of the character at `position`; for text of no cell the end of the piece before it. */
  originOf(position: number): Origin;
}

export function createSourceText(): SourceText {
  const segments: Segment[] = [];
  let text = '';
  return {
    add(piece, origin) {
      if (origin) segments.push({ start: text.length, end: text.length + piece.length, origin });
      text += piece;
    },
    toString: () => text,
    originOf(position) {
      const segment = segments.filter(({ start }) => start <= position).at(-1) ?? segments[0];
      if (!segment) return { cell: 1, offset: 0 };
      const { start, end, origin } = segment;
      return { cell: origin.cell, offset: origin.offset + Math.max(0, Math.min(position, end) - start) };
    },
  };
}
