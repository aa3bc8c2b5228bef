import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { commands } from '../cli/commands';
import { projectRoot } from '../data/dataFolder';
import { checkNotebooks } from '../notebook/check/checkNotebooks';
import { quantities } from '../train';
import { asScript, codeBlocks } from './codeBlocks';

const folder = mkdtempSync(join(tmpdir(), 'pathkernel-docs-'));
symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'));
after(() => rmSync(folder, { recursive: true, force: true }));

const read = (...path: string[]) => readFileSync(join(projectRoot, ...path), 'utf8');
const guide = codeBlocks(read('docs', 'guide.md'));
const readme = codeBlocks(read('README.md'));
const glossary = read('docs', 'glossary.md');

/** What stands in the middle column of the glossary: names of exports, and fields of them. */
function glossaryCells(): string[] {
  const rows = glossary.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| symbol'));
  return rows.map((row) => row.split(/(?<!\\)\|/)[2].trim()).filter((cell) => cell !== '');
}

/** A line of TypeScript that compiles where a cell of the glossary is true. */
function claim(cell: string): string {
  const names = [...cell.matchAll(/`([\w.]+)`/g)].map(([, name]) => name);
  const field = /^field `(\w+)` of `([\w.]+)`$/.exec(cell);
  if (field) return `{ let it!: import('pathkernel').${field[2]}; it.${field[1]}; }`;
  if (/^option /.test(cell)) {
    const [option, ...functions] = names;
    const options = (name: string) => `Parameters<typeof import('pathkernel').${name}>`;
    return functions
      .map(
        (name) =>
          `{ let it!: NonNullable<${options(name)}[${['prune', 'train'].includes(name) ? 2 : 0}]>; it.${option}; }`,
      )
      .join(' ');
  }
  assert.match(cell, /^`[\w.]+`(, `[\w.]+`)*$/, 'a form this test does not know');
  return names.map(exported).join(' ');
}

/** A line that compiles where there is such an export, a type or a value: `prune`, or `paths.lift` of a namespace. */
function exported(name: string): string {
  const [first, second] = name.split('.');
  const alone = `import { ${first} } from 'pathkernel';`;
  return second === undefined ? alone : `${alone} export import ${first}_${second} = ${name};`;
}

const pages: Record<string, string[]> = {
  guide: guide.map(({ code }) => code),
  speed: codeBlocks(read('docs', 'speed.md')).map(({ code }) => code),
  ...Object.fromEntries(readme.map(({ code }, index) => [`readme${index}`, [code]])),
  glossary: [...new Set(glossaryCells())].map(claim),
};
const cellsOf = Object.entries(pages).map(
  ([name, codes]) =>
    [join(projectRoot, 'docs', name), codes.map((code, index) => ({ number: index + 1, code }))] as const,
);
const findings = checkNotebooks(new Map(cellsOf));

function amiss(name: string): string[] {
  return findings
    .filter(({ path }) => path === join(projectRoot, 'docs', name))
    .map(({ source, message }) => `${source}: ${message}`);
}

test('every line of code in the guide passes the strict type check', () => {
  assert.ok(guide.length >= 10);
  assert.deepEqual(amiss('guide'), []);
});

test('the code on speed passes the strict type check', () => {
  assert.equal(pages.speed.length, 1);
  assert.deepEqual(amiss('speed'), []);
});

test('every command that guide and README name is there', () => {
  const named = [...`${read('docs', 'guide.md')}${read('README.md')}`.matchAll(/npx pathkernel ([a-z]+)/g)];
  assert.ok(named.length >= 5);
  for (const [line, name] of named) assert.ok(Object.hasOwn(commands, name), line);
});

test('every piece of code in the README passes the strict type check', () => {
  assert.ok(readme.length >= 1);
  for (const index of readme.keys()) assert.deepEqual(amiss(`readme${index}`), []);
});

test('every name in the glossary is exported, every field and option is there', () => {
  assert.ok(pages.glossary.length >= 30);
  assert.deepEqual(amiss('glossary'), []);
});

test('the glossary has every quantity that is recorded, as the table describes it', () => {
  const rows = Object.entries(quantities).map(
    ([name, { label, meaning, unit }]) =>
      `| ${label} | field \`${name}\` of \`EpochRow\` | ${meaning}${unit ? ` (${unit})` : ''} |`,
  );
  const table = ['| symbol | in code | meaning |', '|---|---|---|', ...rows, ''].join('\n');
  assert.ok(glossary.endsWith(`\n\n${table}`), `the glossary is to end with\n${table}`);
});

test('the guide runs from top to bottom, and its two traces agree', () => {
  const script = join(folder, 'guide.ts');
  const tensors = "console.log(require('pathkernel').tf.memory().numTensors);\n";
  writeFileSync(script, tensors + asScript(guide.filter(({ isSlow }) => !isSlow)));
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--require', 'tsx/cjs', script], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, PATHKERNEL_RUNS: join(folder, 'runs') },
  });
  assert.equal(status, 0, stderr);
  const lines = stdout.trim().split('\n');
  const numbers = lines.filter((line) => /^\d+\.\d+$/.test(line)).map(Number);
  const pairs = numbers.slice(1).map((value, index) => Math.abs(value / numbers[index] - 1));
  assert.ok(Math.min(...pairs) < 1e-5, `no two traces agree in ${numbers}`);
  assert.equal(lines.at(-1), lines[0], 'tensors are left at the end');
  assert.ok(readdirSync(folder).includes('synflow.safetensors'));
});
