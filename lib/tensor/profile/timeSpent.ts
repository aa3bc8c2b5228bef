import type { OpScope } from './scope';

/** What TensorFlow's profiler saw, times in milliseconds. */
export interface NativeEvent {
  /** `NODE:TYPE` of an op, `@NUMBER` of a scope in JavaScript, `MemoryAllocation`, or something else. */
  name: string;
  thread: number;
  start: number;
  duration: number;
  /** Of an allocation. */
  bytes: number;
}

/** The time that ops of a kind took for a part of the network in a phase. */
export interface Spent {
  /** `forward`, `backward`, `update`, `scoring`, `choosing`, …; `rest` for what is none. */
  phase: string;
  /** A node of the network by its id, or another name; empty where it is none. */
  part: string;
  /** TensorFlow's name of the op, `XLA` for a function that it compiled, `JavaScript` for time between ops. */
  op: string;
  calls: number;
  /** Without what is counted elsewhere. */
  milliseconds: number;
  /** Memory that was taken, large tensors only; what an op writes in the place of what it reads takes none. */
  bytes: number;
  /** Of products and convolutions in compiled functions; 0 for others. */
  multiplications: number;
}

/** What is known beside the events. */
export interface Known {
  scopeOf: (number: number) => OpScope;
  /** Of a whole function by its name. */
  multiplicationsIn: (name: string) => number | undefined;
}

interface Entry extends Spent {
  end: number;
}

/**
 * Where time went, longest first: each moment counts for the innermost op or scope of JavaScript that holds it, whichever
 * thread that ran on, and belongs to the scope of its own or else to that of what is around it.
 */
export function timeSpent(events: readonly NativeEvent[], known: Known): Spent[] {
  const ordered = [...events].sort((a, b) => a.start - b.start || b.duration - a.duration);
  const around: Entry[] = [];
  const entries: Entry[] = [];
  for (const event of ordered) {
    const end = event.start + event.duration;
    while (around.length > 0 && around[around.length - 1].end < end) around.pop();
    const outer = around[around.length - 1] as Entry | undefined;
    if (event.name === 'MemoryAllocation') {
      if (outer) outer.bytes += event.bytes;
      continue;
    }
    const found = read(event.name, known);
    if (!found) continue;
    if (outer) outer.milliseconds -= event.duration;
    const { phase = outer?.phase ?? 'rest', part = outer?.part ?? '', multiplications = 0 } = found.scope;
    const own = { op: found.op, calls: 1, milliseconds: event.duration, bytes: 0, end };
    const entry = { phase, part, multiplications, ...own };
    around.push(entry);
    entries.push(entry);
  }
  return sums(entries);
}

/** What an event is of: the op, and the scope that its name tells. */
function read(
  name: string,
  { scopeOf, multiplicationsIn }: Known,
): { op: string; scope: OpScope } | undefined {
  const [, span] = /^@(\d+)$/.exec(name) ?? [];
  if (span !== undefined) return { op: 'JavaScript', scope: scopeOf(Number(span)) };
  const [, node, type] = /^([^\s:]+):(\w+)$/.exec(name) ?? [];
  if (node === undefined) return undefined;
  const multiplications = multiplicationsIn(type);
  if (multiplications !== undefined) return { op: 'XLA', scope: { multiplications } };
  const [, number] = /n\d+_\d+[._]s(\d+)/.exec(node) ?? [];
  const scope = number === undefined ? {} : scopeOf(Number(number));
  return { op: type, scope: /MatMul|Conv/.test(type) ? scope : { ...scope, multiplications: 0 } };
}

function sums(entries: readonly Entry[]): Spent[] {
  const rows = new Map<string, Spent>();
  for (const { end: _, ...entry } of entries) {
    const key = JSON.stringify([entry.phase, entry.part, entry.op]);
    const row = rows.get(key) ?? { ...entry, calls: 0, milliseconds: 0, bytes: 0, multiplications: 0 };
    row.calls += entry.calls;
    row.milliseconds += Math.max(0, entry.milliseconds); // ops side by side may take longer than what holds them
    row.bytes += entry.bytes;
    row.multiplications += entry.multiplications;
    rows.set(key, row);
  }
  return [...rows.values()].sort((a, b) => b.milliseconds - a.milliseconds);
}
