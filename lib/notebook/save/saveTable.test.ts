import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { frame } from '../../experiment/frame';
import { saveTable } from './saveTable';

const home = mkdtempSync(join(tmpdir(), 'save-table-'));
after(() => rmSync(home, { recursive: true }));

const rows = [
  { method: 'synflow_l2', 'R(1; |θ|)': 1234567, accuracy: 0.123456789, note: 'a, "b"\nc \\ d' },
  { accuracy: -1e-9, method: '[1] 50% & $5 *', note: '', big: 12345678901234567890n },
  { method: 'ρ = 10²', accuracy: Number.NaN, list: [1, 2.34567], big: null },
];

async function saved(
  data: Parameters<typeof saveTable>[0],
  name: string,
  options?: Parameters<typeof saveTable>[2],
): Promise<string> {
  const path = await saveTable(data, join(home, name), options);
  assert.equal(path, join(home, name));
  return readFileSync(path, 'utf8');
}

test('as CSV a table keeps every digit, its gaps are empty, and what would end a field is quoted', async () => {
  assert.equal(
    await saved(rows, 'rows.csv'),
    [
      'method,R(1; |θ|),accuracy,note,big,list',
      'synflow_l2,1234567,0.123456789,"a, ""b""\nc \\ d",,',
      '[1] 50% & $5 *,,-1e-9,"",12345678901234567890,',
      'ρ = 10²,,NaN,,,"[1,2.34567]"',
      '',
    ].join('\n'),
  );
  assert.match(await saved(rows, 'rounded.csv', { digits: 2 }), /^synflow_l2,1200000,0\.12,/m);
});

test('for LaTeX a table has booktabs’ rules, numbers to the right, and signs that LaTeX prints', async () => {
  assert.equal(
    await saved(rows, 'rows.tex'),
    String.raw`% \usepackage{booktabs}
\begin{tabular}{lrrlrl}
\toprule
method & R(1; \textbar{}$\theta$\textbar{}) & accuracy & note & big & list \\
\midrule
synflow\_l2 & 1,234,567 & 0.1235 & a, "b" c \textbackslash{} d &  &  \\
{[}1] 50\% \& \$5 {*} &  & $-1 \times 10^{-9}$ &  & 12345678901234567890 &  \\
$\rho$ = 10$^{2}$ &  & NaN &  &  & {[}1, 2.346] \\
\bottomrule
\end{tabular}
`,
  );
  const floating = await saved({ rows: [{ a: -1.5, b: '--fresh' }], caption: 'its own' }, 'caption.tex', {
    caption: '1 #',
  });
  assert.match(
    floating,
    /\\begin\{table\}\n\\centering\n\\caption\{1 \\#\}\n[\s\S]*\n\$-\$1\.5 & -\{\}-fresh \\\\\n[\s\S]*\\end\{table\}/,
  );
});

test('in Markdown a table has its columns in line, and nothing in a cell means anything', async () => {
  assert.equal(
    await saved(rows, 'rows.md', { caption: 'What is *kept*' }),
    String.raw`What is \*kept\*

| method             | R(1; \|θ\|) | accuracy | note             |                  big | list         |
| ------------------ | ----------: | -------: | ---------------- | -------------------: | ------------ |
| synflow\_l2        |   1,234,567 |   0.1235 | a, "b"<br>c \\ d |                      |              |
| \[1\] 50% & \$5 \* |             |    −1e-9 |                  | 12345678901234567890 |              |
| ρ = 10²            |             |      NaN |                  |                      | \[1, 2.346\] |
`,
  );
});

test('a frame’s gaps are empty, and its index is a column where it is more than a count', async () => {
  const data = await frame([
    { a: 1, b: 'x' },
    { b: 'y', a: null },
  ]);
  assert.equal(await saved(data, 'frame.csv'), 'a,b\n1,x\n,y\n');
  assert.equal(await saved(data.setIndex({ index: ['p', 'q'] }), 'index.csv'), '"",a,b\np,1,x\nq,,y\n');
  assert.equal(await saved({ rows: [], columns: ['a', 'b'] }, 'none.csv'), 'a,b\n');
});

test('folders are made, an extension may be in capitals, and a file is replaced as a whole', async () => {
  assert.equal(await saved([{ a: 1 }], 'new/folder/A.CSV'), 'a\n1\n');
  assert.equal(await saved([{ a: 2 }], 'new/folder/A.CSV'), 'a\n2\n');
  const failing = {
    get a(): number {
      throw new Error('of its own');
    },
  };
  await assert.rejects(saveTable([failing], join(home, 'new/folder/A.CSV')), /of its own/);
  assert.equal(readFileSync(join(home, 'new/folder/A.CSV'), 'utf8'), 'a\n2\n');
  assert.deepEqual(readdirSync(join(home, 'new/folder')), ['A.CSV']);
});

test('what cannot be saved is refused, and nothing is left of it', async () => {
  writeFileSync(join(home, 'file'), '');
  const refused: [unknown, string, object, RegExp][] = [
    [
      rows,
      'rows.xlsx',
      {},
      /invalid extension of .*rows\.xlsx; unknown, did you mean \.csv, \.tex or \.md: \.xlsx/,
    ],
    [rows, 'rows', {}, /invalid file; needs an extension: \.csv, \.tex, \.md: .*rows$/],
    [rows, 'rows.csv', { digit: 3 }, /invalid options of saveTable; unknown, did you mean digits/],
    [rows, 'rows.csv', { digits: 0 }, /invalid digits; not a whole number from 1 to 17: 0/],
    [[], 'rows.csv', {}, /invalid table; has no columns to save/],
    ['rows', 'rows.csv', {}, /invalid table; not an array of records/],
    [rows, 'file/rows.csv', {}, /cannot write .*file: a file is in the way of a folder/],
  ];
  for (const [data, name, options, says] of refused)
    await assert.rejects(saveTable(data as never, join(home, name), options), says);
  await assert.rejects(saveTable(rows, ''), /invalid file; not a path/);
  rmSync(join(home, 'rows.csv'));
  await assert.rejects(
    saveTable(rows, join(home, 'folder.csv', 'x.csv')).then(() => saveTable(rows, join(home, 'folder.csv'))),
    /cannot write .*folder\.csv: a folder is in the way of the file/,
  );
});
