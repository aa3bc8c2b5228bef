/** A line that another kernel would take as a command to itself. */
export interface Magic {
  /** Counted from 1. */
  line: number;
  /** That there is no such thing, and what there is. */
  advice: string;
}

const SHELL = /^\s*!{1,2}\s*(?<command>[\w./~$-].*)$/;
const PERCENT = /^\s*%%?(?<name>[a-zA-Z_]\w*)\s*(?<rest>.*)$/;
const HELP = /^\s*(?:\?{1,2}\s*(?<before>[\w.$]+)|(?<after>[\w.$]+)\s*\?{1,2})\s*;?\s*$/;

/** By names of IPython's; `rest` is what stands behind the name. */
const ADVICE: [names: readonly string[], advice: (rest: string, name: string) => string][] = [
  [
    ['time', 'timeit'],
    () => "console.time('t') before the code and console.timeEnd('t') behind it measure it",
  ],
  [['bash', 'sh', 'script', 'system', 'sx'], throughShell],
  [['ls', 'cat', 'pwd', 'mkdir'], (rest, name) => throughShell(`${name} ${rest}`)],
  [
    ['pip', 'conda', 'npm'],
    (rest) => `install in a terminal, by: npm install ${rest.replace(/^install\s+/, '')}`,
  ],
  [['cd'], (rest) => `process.chdir(${quoted(rest)}) changes the folder`],
  [['env', 'set_env'], () => "process.env.NAME = 'value' sets a variable of the environment"],
  [['run', 'load'], (rest) => `import ${quoted(`./${rest.replace(/\.\w+$/, '')}`)} runs a file`],
  [
    ['load_ext', 'reload_ext', 'autoreload'],
    () => 'none is needed: edits of the library take effect by themselves',
  ],
  [['matplotlib', 'pylab'], () => 'none is needed: show(figure) draws a figure'],
  [['writefile'], (rest) => `fs.writeFileSync(${quoted(rest)}, text) writes a file`],
  [['javascript', 'js', 'typescript'], () => 'every cell is TypeScript'],
];

/**
 * Finds a magic, a shell command behind `!` or a question by `?` in a cell that does not compile.
 *
 * @param at the line of the compiler's first complaint, counted from 1
 * @param isSyntax whether it is about syntax
 */
export function findMagic(code: string, at: number, isSyntax: boolean): Magic | undefined {
  const lines = code.split('\n');
  const first = lines.findIndex((line) => line.trim() !== '');
  if (/^\s*%%/.test(lines[first] ?? '')) return adviseOn(lines, first);
  // What follows a question is taken for its answer: the complaint is at the end.
  const question = isSyntax ? lines.findIndex((line) => HELP.test(line)) : -1;
  return adviseOn(lines, at - 1) ?? adviseOn(lines, question);
}

function adviseOn(lines: readonly string[], at: number): Magic | undefined {
  const text = lines[at] ?? '';
  const found = HELP.exec(text) ?? SHELL.exec(text) ?? PERCENT.exec(text);
  if (!found?.groups) return undefined;
  const { command, name, rest = '', before, after } = found.groups;
  const line = at + 1;
  const asked = before ?? after;
  if (asked)
    return { line, advice: `? asks nothing here; Shift+Tab with the cursor on ${asked} shows what it is` };
  if (command) return { line, advice: `there is no shell behind !; ${throughShell(command)}` };
  const [, advise] = ADVICE.find(([names]) => names.includes(name)) ?? [];
  const below = lines.slice(at + 1).find((one) => one.trim() !== '') ?? '';
  const instead = advise?.(rest.trim() || below, name) ?? 'a cell is TypeScript, with Node and its packages';
  return { line, advice: `there are no magics such as %${name}; ${instead}` };
}

function throughShell(command: string): string {
  return `import { execSync } from 'node:child_process', then execSync(${quoted(command)}, { stdio: 'inherit' })`;
}

function quoted(text: string): string {
  return `'${text.trim().replace(/['\\]/g, '\\$&')}'`;
}
