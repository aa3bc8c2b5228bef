import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { projectRoot } from '../../data/dataFolder';
import { findBrowser } from '../execute/findBrowser';
import { openBrowser } from '../execute/openBrowser';
import { type JupyterLab, openJupyterLab } from './jupyterLab';
import { type NotebookPage, openNotebook } from './notebookPage';

const program = findBrowser();
const skip = program ? false : 'no Chromium or Chrome is installed';

const [PROMPT, READLINE] = [0, 1];
const CELLS = [
  "console.log('before');\nconst name = prompt('Name?');\nconsole.log('hello ' + name);",
  `import { createInterface } from 'node:readline/promises';
const lines = createInterface({ input: process.stdin, output: process.stdout });
console.log('twice', 2 * Number(await lines.question('Number? ')));
lines.close();`,
];

// Every wait has its own limit. A limit to the whole would leave the server running.
describe('in JupyterLab in a browser', { skip }, () => {
  let lab: JupyterLab;
  let browser: Browser;
  let notebook: NotebookPage;

  before(async () => {
    lab = await openJupyterLab();
    browser = await openBrowser(String(program));
    const start = join(projectRoot, 'notebooks', '00-start-here.ipynb');
    const { metadata, nbformat, nbformat_minor } = JSON.parse(readFileSync(start, 'utf8'));
    const cells = CELLS.map((source, i) => ({
      cell_type: 'code',
      id: `cell-${i}`,
      source,
      metadata: {},
      outputs: [],
      execution_count: null,
    }));
    writeFileSync(
      join(lab.folder, 'cells.ipynb'),
      JSON.stringify({ metadata, nbformat, nbformat_minor, cells }),
    );
    notebook = await openNotebook(browser, lab.address('cells.ipynb'));
  });
  after(async () => {
    await notebook?.picture('last').catch(() => {});
    await browser?.close();
    await lab?.close();
  });

  /** Answers what a cell asks. */
  async function answer(place: number, text: string): Promise<void> {
    const field = notebook.output(place).locator('input.jp-Stdin-input');
    await notebook.see(place, field);
    await field.fill(text);
    await field.press('Enter');
  }
  const shows = (place: number, text: string) =>
    notebook.see(place, notebook.output(place).getByText(text).first());

  test('a cell asks below itself, by prompt and by readline', async () => {
    await notebook.start(PROMPT);
    await shows(PROMPT, 'before');
    await answer(PROMPT, 'Ada');
    await shows(PROMPT, 'hello Ada');
    await notebook.start(READLINE);
    await answer(READLINE, '21');
    await shows(READLINE, 'twice 42');
    await notebook.picture('questions');
  });
});
