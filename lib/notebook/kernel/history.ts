/** What was run in this session, for front ends that offer it again. */
export interface History {
  /** @param line the count of execution */
  add(line: number, input: string): void;
  /** @returns the inputs asked for, oldest first */
  find(request: HistoryRequest): HistoryEntry[];
}

/** The content of Jupyter's `history_request`. */
export interface HistoryRequest {
  hist_access_type?: string;
  /** With outputs, which are not kept. */
  output?: boolean;
  /** Of a range: 0 or the number of the session. */
  session?: number;
  /** Of a range, by count of execution; `stop` is left out. */
  start?: number;
  stop?: number | null;
  /** The last so many, of a tail or a search. */
  n?: number | null;
  /** Of a search, with `*`, `?` and `[…]`. */
  pattern?: string;
  unique?: boolean;
}

/** Session, count of execution, and the input, with `null` for its output where outputs were asked for. */
export type HistoryEntry = [number, number, string | [string, null]];

/** A kernel keeps its own session only. */
const SESSION = 1;

const KEPT = 1000;

export function createHistory(): History {
  let inputs: { line: number; input: string }[] = [];

  function choose(request: HistoryRequest): typeof inputs {
    const { hist_access_type, session = 0, start = 0, stop, n, pattern = '*' } = request;
    if (hist_access_type === 'range') {
      if (session !== 0 && session !== SESSION) return [];
      return inputs.filter(({ line }) => start <= line && line < (stop ?? Number.POSITIVE_INFINITY));
    }
    let found = inputs;
    if (hist_access_type === 'search') {
      const wanted = glob(pattern);
      found = inputs.filter(({ input }) => wanted.test(input));
      if (request.unique) found = found.filter(({ input }, i) => !found.slice(i + 1).some(same(input)));
    }
    return n === 0 ? [] : found.slice(-(n ?? KEPT));
  }

  return {
    add(line, input) {
      inputs = [...inputs.slice(1 - KEPT), { line, input }];
    },
    find: (request) =>
      choose(request).map(({ line, input }) => [SESSION, line, request.output ? [input, null] : input]),
  };
}

function same(text: string): (entry: { input: string }) => boolean {
  return ({ input }) => input === text;
}

/** As SQLite's GLOB, with which IPython searches: `*`, `?`, `[abc]`, `[^a-z]`, the whole input. */
function glob(pattern: string): RegExp {
  const source = pattern.replace(/\[(\^?)(\]?[^\]]*)\]|[\s\S]/g, (part, not?: string, among?: string) => {
    if (among !== undefined) return `[${not}${among.replace(/[\\\]^[]/g, '\\$&')}]`;
    if (part === '*') return '.*';
    return part === '?' ? '.' : part.replace(/[.+^${}()|[\]\\]/, '\\$&');
  });
  try {
    return new RegExp(`^${source}$`, 's');
  } catch {
    return /^(?!)/; // a range from z to a
  }
}
