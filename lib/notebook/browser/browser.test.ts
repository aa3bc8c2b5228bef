import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser, Locator } from 'playwright-core';
import { projectRoot } from '../../data/dataFolder';
import { findBrowser } from '../execute/findBrowser';
import type { Notebook } from '../execute/notebook';
import { openBrowser } from '../execute/openBrowser';
import { type JupyterLab, openJupyterLab } from './jupyterLab';
import { type NotebookPage, openNotebook, PATIENCE, until } from './notebookPage';

const program = findBrowser();
const skip = program ? false : 'no Chromium or Chrome is installed';

/** The cells of the second notebook, by place. */
const [DATA, TRAINING, AFTER, EDITED, FAILING, WRITTEN] = [0, 1, 2, 3, 4, 5];
const CELLS = [
  `import { fashionMnist, fc, initialise, liveChart, subset, train, withProgress } from 'pathkernel';
const data = subset(await fashionMnist(), { train: 640, test: 100 });
const network = fc({ width: 20, input: data.shape, classes: data.classes });`,
  `const chart = liveChart({ title: 'Training', xTitle: 'epoch', yTitle: 'loss' });
const params = initialise(network, { seed: 1 });
const history = await withProgress('Training', (work) => train(network, params, {
  data, epochs: 100_000, onEpoch: (row) => chart.add('loss', row.epoch, row.trainLoss), ...work,
}));
chart.end();`,
  "console.log('went on with', data.train.count, history.interrupted, history.rows.length > 0);",
  "import { area } from 'edited';\nconsole.log('area', area(3));",
  "const width = 3;\n\nthrow new RangeError('shown in red');",
  'history.',
];

// Every wait has its own limit. A limit to the whole would leave the server running.
describe('in JupyterLab in a browser', { skip }, () => {
  let lab: JupyterLab;
  let browser: Browser;
  let notebook: NotebookPage;

  before(async () => {
    lab = await openJupyterLab();
    const edited = join(lab.home, 'edited');
    mkdirSync(edited);
    symlinkSync(edited, join(lab.home, 'node_modules', 'edited'));
    writeFileSync(
      join(edited, 'package.json'),
      '{ "name": "edited", "main": "index.ts", "types": "index.ts" }',
    );
    edit('export const area = (side: number): number => side * side;\n');
    browser = await openBrowser(String(program));
  });
  after(async () => {
    await notebook?.picture('last').catch(() => {});
    await browser?.close();
    await lab?.close();
  });

  const read = (path: string): Notebook => JSON.parse(readFileSync(path, 'utf8'));
  const edit = (text: string) => writeFileSync(join(lab.home, 'edited', 'index.ts'), text);

  async function openNew(name: string, contents: Notebook): Promise<NotebookPage> {
    writeFileSync(join(lab.folder, name), JSON.stringify(contents));
    return openNotebook(browser, lab.address(name));
  }

  describe('00-start-here', () => {
    const name = '00-start-here.ipynb';
    const { cells, ...rest } = read(join(projectRoot, 'notebooks', name));
    const placeOf = (text: string) =>
      cells.findIndex(({ source }) => [source].flat().join('').includes(text));

    before(async () => {
      notebook = await openNew(name, { ...rest, cells: cells.map(toNew) });
    });
    after(() => notebook.page.close());

    test('is run by Run All, every cell without an error', async () => {
      await notebook.choose('Run', 'Run All Cells');
      const allRan = async () => (await notebook.prompts()).every((prompt) => /^\[\d+\]:$/.test(prompt));
      await until('every cell has run', allRan, 4 * PATIENCE);
      await notebook.choose('File', 'Save Notebook');
      const path = join(lab.folder, name);
      const ran = () => read(path).cells.filter(({ outputs }) => outputs);
      await until('the notebook is saved', () => {
        try {
          return ran().every((cell) => cell.execution_count);
        } catch {
          return false; // it is being written
        }
      });
      const problems = ran().flatMap(({ outputs = [] }) =>
        outputs.filter((output) => output.output_type === 'error' || output.name === 'stderr'),
      );
      assert.deepEqual(problems, []);
      const order = ran().map((cell) => cell.execution_count);
      assert.deepEqual(
        order,
        order.map((_, i) => i + 1),
      );
    });

    test('shows tables', async () => {
      const place = placeOf('const all = await loadDataset(set)');
      const table = notebook.output(place).locator('table.dataframe');
      await notebook.see(place, table);
      assert.match(await table.innerText(), /name\s+shape\s+classes\s.*28×28×1\s+10\s+300\s+100/s);
      await notebook.picture('table');
    });

    test('shows charts with a label under the mouse, whose lines a click on their names hides', async () => {
      const place = placeOf('figures.layerDensities(densePaper');
      const chart = notebook.output(place).locator('.js-plotly-plot');
      const lines = chart.locator('.scatterlayer .trace');
      await notebook.see(place, lines.first());
      const label = chart.locator('.hoverlayer .hovertext').first();
      await until('a label', async () => {
        await pointAt(lines.first().locator('.points path').first());
        return label.isVisible();
      });
      assert.match((await label.textContent()) ?? '', /weights kept/);
      const filter = async () =>
        String(
          await notebook.page.evaluate(
            "getComputedStyle(document.querySelector('.jp-RenderedPlotly')).filter",
          ),
        );
      assert.equal(await filter(), 'none');
      const turn = (isLight: boolean) =>
        notebook.page.evaluate(`document.body.setAttribute('data-jp-theme-light', '${isLight}')`);
      await turn(false);
      assert.match(await filter(), /invert/);
      await turn(true);
      await notebook.picture('hover');
      const count = await lines.count();
      assert.ok(count > 3, `${count} lines`);
      const names = chart.locator('.legendtoggle');
      await names.first().click();
      await until('a line is hidden', async () => (await lines.count()) === count - 1);
      await notebook.picture('legend');
      await names.first().click();
      await until('the line is back', async () => (await lines.count()) === count);
    });
  });

  describe('a notebook at work', () => {
    before(async () => {
      const { metadata, nbformat, nbformat_minor } = read(
        join(projectRoot, 'notebooks', '00-start-here.ipynb'),
      );
      const cells = CELLS.map((source, i) =>
        toNew({ cell_type: 'code', id: `cell-${i}`, source, metadata: {} }),
      );
      notebook = await openNew('cells.ipynb', { metadata, nbformat, nbformat_minor, cells });
    });

    const shows = (place: number, text: string) =>
      notebook.see(place, notebook.output(place).getByText(text).first());

    /** Waits until a training is under way, and presses Stop. */
    async function interruptTraining(name: string): Promise<void> {
      const bar = notebook.output(TRAINING).locator('progress');
      await notebook.see(TRAINING, bar);
      await notebook.see(TRAINING, notebook.output(TRAINING).locator('svg').first());
      const line = notebook.output(TRAINING).locator('svg polyline').first();
      await until('a line', async () => ((await line.getAttribute('points')) ?? '').split(' ').length > 2);
      await until('a bar that moves', async () => Number(await bar.getAttribute('value')) > 0);
      assert.ok(Number(await bar.getAttribute('value')) < Number(await bar.getAttribute('max')));
      await notebook.picture(name);
      await notebook.choose('Kernel', 'Interrupt Kernel');
    }

    test('shows how far a training is, stops it at Stop, and goes on with what there is', async () => {
      await notebook.run(DATA);
      await notebook.start(TRAINING);
      await interruptTraining('training');
      const lines = notebook.output(TRAINING).locator('.js-plotly-plot .scatterlayer .trace');
      await notebook.see(TRAINING, lines.first());
      await notebook.run(AFTER);
      await shows(AFTER, 'went on with 640 true true');
      await notebook.picture('stopped');
    });

    test('uses the new code after an edit of a library', async () => {
      await notebook.run(EDITED);
      await shows(EDITED, 'area 9');
      edit('export const area = (side: number): number => 100 * side * side;\n');
      await notebook.run(EDITED);
      await shows(EDITED, 'area 900');
    });

    test('names the line of an error', async () => {
      const count = await notebook.run(FAILING);
      await shows(FAILING, 'RangeError: shown in red');
      const text = await notebook.output(FAILING).innerText();
      assert.ok(text.includes(`at cell ${count}:3:`), text);
      assert.ok(text.includes(`cell ${count}, line 3:`), text);
      await notebook.picture('error');
    });

    test('completes names, and tells what they mean', async () => {
      await notebook.putCursor(WRITTEN, 'history.');
      await notebook.page.keyboard.press('Tab');
      await notebook.page.locator('.jp-Completer-item', { hasText: 'interrupted' }).waitFor();
      await notebook.picture('completion');
      await notebook.page.keyboard.press('Escape');
      await notebook.putCursor(DATA, 'fashionMnist');
      await notebook.page.keyboard.press('Shift+Tab');
      await notebook.page.locator('.jp-Tooltip', { hasText: 'Fashion-MNIST' }).waitFor();
      await notebook.picture('tooltip');
      await notebook.page.keyboard.press('Escape');
    });

    test('begins anew at Restart and Run All', async () => {
      await notebook.choose('Kernel', 'Restart Kernel and Run All Cells…');
      await notebook.page.locator('.jp-Dialog .jp-mod-accept').click();
      await until('the training is run again', async () => (await notebook.prompts())[TRAINING] === '[*]:');
      await interruptTraining('restarted');
      await until('every cell has its new count', async () =>
        (await notebook.prompts()).slice(0, FAILING + 1).every((prompt, i) => prompt === `[${i + 1}]:`),
      );
      await shows(AFTER, 'went on with 640 true true');
      await shows(EDITED, 'area 900');
      await shows(FAILING, 'RangeError: shown in red');
    });
  });

  /** Moves the mouse onto the middle of something, from elsewhere. */
  async function pointAt(what: Locator): Promise<void> {
    const box = await what.boundingBox();
    assert.ok(box);
    const { mouse } = notebook.page;
    await mouse.move(box.x + box.width / 2 - 40, box.y + box.height / 2 - 40);
    await mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 4 });
  }
});

/** A cell as it is before it has run. */
function toNew(cell: Notebook['cells'][number]): Notebook['cells'][number] {
  return cell.cell_type === 'code' ? { ...cell, outputs: [], execution_count: null } : cell;
}
