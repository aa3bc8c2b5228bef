import { InvalidError, invalid } from './invalid';

/** The name of a class or a function in a pickle: a name and nothing more. */
export interface PickleName {
  readonly pickleName: string;
}

/** What is to be understood of a pickle besides plain data. */
export interface PickleReader {
  /** The calls it may hold beside those of Python's own dicts, sets and bytes, by `MODULE NAME`: what each gives for its arguments. */
  readonly calls?: Readonly<Record<string, (...args: unknown[]) => unknown>>;
  /** What stands for a persistent id; such ids are refused where absent. */
  readonly persistent?: (id: unknown) => unknown;
  /** What to do about a call that is refused, for the message. */
  readonly remedy?: string;
}

/** A value that takes the state Python sets on it after its making. */
export interface Buildable {
  build(state: unknown): void;
}

/**
 * Reads one pickle of Python, protocols 0 to 5, as data: a dict is a Map, a list or a tuple an array, bytes are a Uint8Array, whole
 * numbers beyond 2⁵³ bigints, a text of Python 2 has a character for each byte. Nothing is executed: a call is looked up among
 * `reader.calls`, and whatever is not there is refused by its name.
 *
 * @param file for messages
 * @param start the byte the pickle begins at; 0 by default
 * @returns the value, and the byte after its end
 * @throws `invalid pickle; RULE: FILE` for a call that is not allowed, and where it is cut off or damaged, with the byte
 */
export function unpickle(
  bytes: Uint8Array,
  file: string,
  reader: PickleReader = {},
  start = 0,
): { value: unknown; end: number } {
  const calls = { ...plainCalls, ...reader.calls };
  const state: State = { bytes, file, reader, calls, at: start, stack: [], marks: [], memo: new Map() };
  for (;;) {
    const opcode = String.fromCharCode(take(state, 1)[0]);
    if (opcode === '.') return { value: pop(state), end: state.at };
    if (!Object.hasOwn(opcodes, opcode)) throw broken(state, `no known instruction at byte ${state.at - 1}`);
    try {
      opcodes[opcode](state);
    } catch (error) {
      if (error instanceof InvalidError) throw error;
      throw broken(state, `damaged before byte ${state.at} (${(error as Error).message})`); // a number or an argument that is none
    }
  }
}

interface State {
  readonly bytes: Uint8Array;
  readonly file: string;
  readonly reader: PickleReader;
  readonly calls: NonNullable<PickleReader['calls']>;
  at: number;
  readonly stack: unknown[];
  /** Heights of the stack. */
  readonly marks: number[];
  readonly memo: Map<number, unknown>;
}

const opcodes: Readonly<Record<string, (state: State) => void>> = {
  // framing
  '\x80': (state) => take(state, 1),
  '\x95': (state) => take(state, 8),
  '(': ({ marks, stack }) => marks.push(stack.length),
  '0': pop,
  '1': popToMark,
  '2': (state) => push(state, state.stack.at(-1)),
  // the memo
  q: (state) => state.memo.set(whole(state, 1), state.stack.at(-1)),
  r: (state) => state.memo.set(whole(state, 4), state.stack.at(-1)),
  p: (state) => state.memo.set(Number(line(state)), state.stack.at(-1)),
  '\x94': (state) => state.memo.set(state.memo.size, state.stack.at(-1)),
  h: (state) => push(state, memoised(state, whole(state, 1))),
  j: (state) => push(state, memoised(state, whole(state, 4))),
  g: (state) => push(state, memoised(state, Number(line(state)))),
  // constants and numbers
  N: (state) => push(state, null),
  '\x88': (state) => push(state, true),
  '\x89': (state) => push(state, false),
  K: (state) => push(state, whole(state, 1)),
  M: (state) => push(state, whole(state, 2)),
  J: (state) => push(state, whole(state, 4) | 0),
  '\x8a': (state) => push(state, long(take(state, whole(state, 1)))),
  '\x8b': (state) => push(state, long(take(state, whole(state, 4)))),
  G: (state) => push(state, view(take(state, 8)).getFloat64(0)),
  F: (state) => push(state, Number(line(state))),
  L: (state) => push(state, narrow(BigInt(line(state).replace(/L$/, '')))),
  I(state) {
    const text = line(state);
    push(state, text === '01' || text === '00' ? text === '01' : narrow(BigInt(text)));
  },
  // texts and bytes
  X: (state) => push(state, utf8(take(state, whole(state, 4)))),
  '\x8c': (state) => push(state, utf8(take(state, whole(state, 1)))),
  '\x8d': (state) => push(state, utf8(take(state, whole(state, 8)))),
  V: (state) => push(state, unescaped(line(state))),
  U: (state) => push(state, latin1(take(state, whole(state, 1)))),
  T: (state) => push(state, latin1(take(state, whole(state, 4)))),
  S: (state) => push(state, unquoted(line(state))),
  C: (state) => push(state, take(state, whole(state, 1))),
  B: (state) => push(state, take(state, whole(state, 4))),
  '\x8e': (state) => push(state, take(state, whole(state, 8))),
  '\x96': (state) => push(state, take(state, whole(state, 8))),
  // tuples, lists, dicts and sets
  ')': (state) => push(state, []),
  '\x85': (state) => push(state, state.stack.splice(-1)),
  '\x86': (state) => push(state, state.stack.splice(-2)),
  '\x87': (state) => push(state, state.stack.splice(-3)),
  t: (state) => push(state, popToMark(state)),
  ']': (state) => push(state, []),
  l: (state) => push(state, popToMark(state)),
  a: (state) => append(state, [pop(state)]),
  e: (state) => append(state, popToMark(state)),
  '}': (state) => push(state, new Map()),
  d(state) {
    const items = popToMark(state);
    push(state, new Map());
    setItems(state, items);
  },
  s: (state) => setItems(state, state.stack.splice(-2)),
  u: (state) => setItems(state, popToMark(state)),
  '\x8f': (state) => push(state, new Set()),
  '\x90'(state) {
    const items = popToMark(state);
    const set = state.stack.at(-1);
    if (!(set instanceof Set)) throw broken(state, `adds to what is no set before byte ${state.at}`);
    for (const item of items) set.add(item);
  },
  '\x91': (state) => push(state, new Set(popToMark(state))),
  // names, calls and states
  c: (state) => push(state, { pickleName: `${line(state)} ${line(state)}` } satisfies PickleName),
  '\x93'(state) {
    const [module, name] = state.stack.splice(-2);
    push(state, { pickleName: `${module} ${name}` } satisfies PickleName);
  },
  R: call,
  '\x81': call,
  b(state) {
    const value = pop(state);
    const target = state.stack.at(-1);
    if (target instanceof Map) return; // attributes of a dict, such as the versions of a state dict
    if (!isBuildable(target)) throw broken(state, `sets a state on plain data before byte ${state.at}`);
    target.build(value);
  },
  Q: (state) => push(state, persistent(state, pop(state))),
};

/** What pickles call for data of Python itself. */
const plainCalls: NonNullable<PickleReader['calls']> = {
  ...Object.fromEntries(
    ['builtins', '__builtin__'].flatMap((home) => [
      [`${home} set`, (items: unknown[]) => new Set(items)],
      [`${home} frozenset`, (items: unknown[]) => new Set(items)],
      [
        `${home} bytearray`,
        (bytes: unknown) => (typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes),
      ],
    ]),
  ),
  '_codecs encode': (text) => Buffer.from(String(text), 'latin1'), // bytes, in protocols of Python 2
  'collections OrderedDict': (items) => dictOf(items),
  'collections defaultdict': () => new Map(),
  'collections Counter': (items) => dictOf(items),
};

function dictOf(items: unknown): Map<unknown, unknown> {
  return items instanceof Map ? items : new Map((items ?? []) as [unknown, unknown][]);
}

function call(state: State): void {
  const args = pop(state);
  const callee = pop(state);
  const { calls } = state;
  const { remedy = '' } = state.reader;
  if (!isPickleName(callee) || !Array.isArray(args))
    throw broken(state, `calls plain data before byte ${state.at}`);
  const { pickleName } = callee;
  if (!Object.hasOwn(calls, pickleName))
    throw broken(
      state,
      `holds a ${pickleName.replace(' ', '.')}, which is code rather than data${remedy && `; ${remedy}`}`,
    );
  push(state, calls[pickleName](...args));
}

function persistent(state: State, id: unknown): unknown {
  const { persistent: found } = state.reader;
  if (!found) throw broken(state, `refers to what lies outside of it before byte ${state.at}`);
  return found(id);
}

export function isPickleName(value: unknown): value is PickleName {
  return typeof value === 'object' && value !== null && 'pickleName' in value;
}

function isBuildable(value: unknown): value is Buildable {
  return typeof value === 'object' && value !== null && 'build' in value;
}

function take(state: State, count: number): Uint8Array {
  const taken = state.bytes.subarray(state.at, state.at + count);
  if (taken.length < count) throw broken(state, `cut off at byte ${state.bytes.length}`);
  state.at += count;
  return taken;
}

function whole(state: State, bytes: 1 | 2 | 4 | 8): number {
  return Number(long(Uint8Array.of(...take(state, bytes), 0)));
}

function line(state: State): string {
  const end = state.bytes.indexOf(0x0a, state.at);
  if (end < 0) throw broken(state, `cut off at byte ${state.bytes.length}`);
  const text = latin1(state.bytes.subarray(state.at, end));
  state.at = end + 1;
  return text;
}

function push(state: State, value: unknown): void {
  state.stack.push(value);
}

function pop(state: State): unknown {
  if (state.stack.length <= (state.marks.at(-1) ?? 0))
    throw broken(state, `takes from an empty stack before byte ${state.at}`);
  return state.stack.pop();
}

function popToMark(state: State): unknown[] {
  const mark = state.marks.pop();
  if (mark === undefined) throw broken(state, `has no mark before byte ${state.at}`);
  return state.stack.splice(mark);
}

function append(state: State, items: readonly unknown[]): void {
  const list = state.stack.at(-1);
  if (!Array.isArray(list)) throw broken(state, `appends to what is no list before byte ${state.at}`);
  for (const item of items) list.push(item);
}

function setItems(state: State, items: readonly unknown[]): void {
  const dict = state.stack.at(-1);
  if (!(dict instanceof Map)) throw broken(state, `sets items of what is no dict before byte ${state.at}`);
  for (let i = 0; i + 1 < items.length; i += 2) dict.set(items[i], items[i + 1]);
}

function memoised(state: State, index: number): unknown {
  if (!state.memo.has(index)) throw broken(state, `takes what it has not kept before byte ${state.at}`);
  return state.memo.get(index);
}

/** Two's complement, little-endian. */
function long(bytes: Uint8Array): number | bigint {
  const value = [...bytes].reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return narrow(BigInt.asIntN(8 * bytes.length, value));
}

function narrow(value: bigint): number | bigint {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

function view({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

function utf8(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

/** A text of protocol 0: Latin-1, all else as \\u20ac or \\U0001f600. */
function unescaped(text: string): string {
  const codes = /\\(?:u([0-9a-f]{4})|U([0-9a-f]{8}))/g;
  return text.replace(codes, (_, short, long) => String.fromCodePoint(Number.parseInt(short ?? long, 16)));
}

/** A text of Python 2 as its source has it. */
function unquoted(text: string): string {
  const named: Record<string, string> = { n: '\n', r: '\r', t: '\t' };
  return text
    .slice(1, -1)
    .replace(/\\(?:x([0-9a-f]{2})|(.))/g, (_, code, plain) =>
      code ? String.fromCharCode(Number.parseInt(code, 16)) : (named[plain] ?? plain),
    );
}

function broken({ file }: State, rule: string): Error {
  return invalid('pickle', rule, file);
}
