import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { projectRoot } from '../../data/dataFolder';
import { findBrowser } from '../execute/findBrowser';
import type { Notebook } from '../execute/notebook';
import { openBrowser } from '../execute/openBrowser';
import { type JupyterLab, openJupyterLab } from './jupyterLab';
import { type NotebookPage, openNotebook, until } from './notebookPage';

const program = findBrowser();

/** The cells, by place. */
const [NETWORK, PRUNING, BUTTON, DATA] = [0, 1, 2, 3];
const CELLS = [
  `import { display, fc, figures, initialise, prune, tf } from 'pathkernel';
const network = fc({ width: 20 });
const params = initialise(network, { seed: 1 });`,
  `const compression = display.slider({ description: 'compression', min: 1, max: 1000, value: 10, log: true });
const method = display.select({ description: 'method', options: ['magnitude', 'random'] });
await display.redraw({ compression, method }, async ({ compression, method }) => {
  const { mask, report } = await prune(network, params, { method, compression });
  tf.dispose(mask);
  return figures.layerDensities([report], { title: \`\${method}, compression \${compression.toFixed(0)}\` });
});`,
  `const press = display.button({ description: 'Press me' });
display.onChange(press, (times) => {
  console.log('pressed', times, 'at', compression.value.toFixed(0));
  if (times === 2) throw new RangeError('twice is too often');
});
press`,
  "display.offerData({ data: [{ type: 'bar', name: 'Σ', y: [0.1, 0.2] }], layout: {} }, 'sums.csv');",
];

// Every wait has its own limit. A limit to the whole would leave the server running.
describe('widgets in JupyterLab', { skip: program ? false : 'no Chromium or Chrome is installed' }, () => {
  let lab: JupyterLab;
  let browser: Browser;
  let notebook: NotebookPage;

  before(async () => {
    lab = await openJupyterLab();
    browser = await openBrowser(String(program));
    const like: Notebook = JSON.parse(
      readFileSync(join(projectRoot, 'notebooks', '00-start-here.ipynb'), 'utf8'),
    );
    const cells = CELLS.map((source, i) => ({
      ...{ cell_type: 'code', id: `cell-${i}`, source, metadata: {} },
      ...{ outputs: [], execution_count: null },
    }));
    writeFileSync(join(lab.folder, 'widgets.ipynb'), JSON.stringify({ ...like, cells }));
    notebook = await openNotebook(browser, lab.address('widgets.ipynb'));
    await notebook.run(NETWORK);
    await notebook.run(PRUNING);
    await notebook.run(BUTTON);
    await notebook.run(DATA);
  });
  after(async () => {
    await notebook?.picture('widgets-last').catch(() => {});
    await browser?.close();
    await lab?.close();
  });

  const output = () => notebook.output(PRUNING);
  /** Its first line: below it a figure says what its marks mean. */
  const title = async () => {
    const whole = output().locator('.js-plotly-plot .gtitle');
    const lines = whole.locator('.line');
    return ((await lines.count()) > 0 ? lines.first() : whole).textContent({ timeout: 5000 });
  };
  const titled = (what: RegExp) =>
    until(`a figure called ${what}`, async () => what.test((await title().catch(() => '')) ?? ''));
  const compressionOf = async () => Number(/compression (\d+)/.exec((await title()) ?? '')?.[1]);

  /**
   * Waits until what is drawn is what the slider says, at two looks in turn, and gives that: until then the slider may still move, and
   * figures replace one another.
   */
  async function settled(): Promise<number> {
    let readout = Number.NaN;
    await until('the figure of where the slider stands', async () => {
      const before = readout;
      const text = await output().locator('.widget-readout').innerText();
      const drawn = await compressionOf().catch(() => Number.NaN);
      const now = Number(text.replaceAll(',', ''));
      readout = drawn === Number(now.toFixed(0)) ? now : Number.NaN;
      return readout === before;
    });
    return readout;
  }

  /** Draws the handle of the slider to the right, in steps. */
  async function drag(pixels: number, steps: number): Promise<void> {
    const handle = output().locator('.noUi-handle');
    await notebook.see(PRUNING, handle);
    const box = await handle.boundingBox();
    assert.ok(box);
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const { mouse } = notebook.page;
    await mouse.move(x, y);
    await mouse.down();
    for (let i = 1; i <= steps; i++) await mouse.move(x + (pixels * i) / steps, y);
    await mouse.up();
  }

  test('the figure follows a slider that is dragged, in its place', async () => {
    await titled(/^magnitude, compression 10$/);
    await notebook.picture('widgets');
    await drag(60, 30);
    await until('a larger compression', async () => (await compressionOf().catch(() => 0)) > 30);
    await titled(new RegExp(`^magnitude, compression ${(await settled()).toFixed(0)}$`));
    assert.equal(await output().locator('.js-plotly-plot').count(), 1);
    await notebook.picture('widgets-dragged');
  });

  test('a list changes the figure, too', async () => {
    await output().locator('select').selectOption('random');
    await titled(/^random, compression \d+$/);
  });

  test('a button is pressed, and what its handler prints and throws is in its cell', async () => {
    const shown = notebook.output(BUTTON);
    for (const times of [1, 2, 3]) {
      await shown.locator('button').click();
      await shown.getByText(`pressed ${times} at`).first().waitFor();
    }
    await shown.getByText('RangeError: twice is too often').first().waitFor();
    await notebook.picture('widgets-button');
  });

  test('a link saves the data of a figure', async () => {
    const link = notebook.output(DATA).getByText('sums.csv');
    await notebook.see(DATA, link);
    const [download] = await Promise.all([notebook.page.waitForEvent('download'), link.click()]);
    assert.equal(download.suggestedFilename(), 'sums.csv');
    assert.equal(readFileSync(await download.path(), 'utf8'), 'series,x,y\nΣ,0,0.1\nΣ,1,0.2\n');
  });

  test('what is saved shows where the controls stand', async () => {
    const compression = await settled();
    await notebook.choose('File', 'Save Notebook');
    const saved = () => {
      const { cells }: Notebook = JSON.parse(readFileSync(join(lab.folder, 'widgets.ipynb'), 'utf8'));
      return cells[PRUNING].outputs?.map(({ data }) => [data?.['text/plain']].flat().join('')) ?? [];
    };
    await until('the notebook is saved', () => {
      try {
        return saved().includes('method: random');
      } catch {
        return false; // it is being written
      }
    });
    const [text] = saved();
    assert.equal(Number(text.replace(/^compression: |,/g, '')).toFixed(0), compression.toFixed(0));
  });

  test('controls come back where they stood when the page is loaded anew', async () => {
    const readout = output().locator('.widget-readout');
    const before = await readout.innerText();
    await notebook.page.reload();
    await output().locator('.noUi-handle').waitFor();
    assert.equal(await readout.innerText(), before);
    assert.equal(await output().locator('select').inputValue(), 'random');
    await notebook.picture('widgets-reloaded');
  });

  test('those of a kernel that was restarted stay without a word, and are made anew by their cell', async () => {
    await notebook.choose('Kernel', 'Restart Kernel…');
    await notebook.page.locator('.jp-Dialog .jp-mod-accept').click();
    await output().locator('.jupyter-widgets-disconnected').first().waitFor();
    await drag(30, 3);
    await notebook.picture('widgets-restarted');
    await notebook.start(NETWORK);
    await notebook.start(PRUNING);
    await titled(/^magnitude, compression 10$/);
    await drag(60, 10);
    await until('a larger compression', async () => (await compressionOf().catch(() => 0)) > 30);
  });
});
