import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Locator, Page } from 'playwright-core';
import { projectRoot } from '../../data/dataFolder';

/** A notebook that is open in JupyterLab, worked as a user does: with menus, keys and the mouse; for tests. */
export interface NotebookPage {
  page: Page;
  /** What a cell shows, by its place from 0. */
  output(place: number): Locator;
  /** What stands beside each cell of code: `[ ]:`, `[*]:` while it waits or runs, or its count. */
  prompts(): Promise<string[]>;
  /** Chooses an item of the menu bar. */
  choose(menu: string, item: string): Promise<void>;
  /** Puts the cursor behind a text in the first line of a cell. */
  putCursor(place: number, behind: string): Promise<void>;
  /** Starts a cell. */
  start(place: number): Promise<void>;
  /** Runs a cell, which may have run before, to its end, and gives its count. */
  run(place: number): Promise<string>;
  /** Scrolls to a cell until something in it is seen: JupyterLab draws what comes into view. */
  see(place: number, what: Locator): Promise<void>;
  /** Keeps a picture of the page in `artefacts/browser`. */
  picture(name: string): Promise<void>;
}

/** How long anything may take, in milliseconds, on a machine with much else to do. */
export const PATIENCE = 180_000;

const pictures = join(projectRoot, 'artefacts', 'browser');

/** Waits until something holds. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  patience = PATIENCE,
): Promise<void> {
  for (const end = Date.now() + patience; !(await holds()); await sleep(200))
    assert.ok(Date.now() < end, `not within ${patience / 1000} s: ${what}`);
}

/** Opens a notebook and waits until its kernel is there. */
export async function openNotebook(browser: Browser, address: string): Promise<NotebookPage> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 1100 } });
  page.setDefaultTimeout(PATIENCE);
  await page.goto(`${address}&reset`, { timeout: PATIENCE });
  // Asked to run a cell before its kernel is known, JupyterLab wants to know which kernel.
  await page.locator('#jp-main-statusbar').getByText('| Idle').waitFor();

  const cell = (place: number) => page.locator('.jp-Notebook .jp-Cell').nth(place);
  const firstLine = (place: number) => cell(place).locator('.cm-line').first();

  async function start(place: number): Promise<void> {
    await firstLine(place).click();
    await page.keyboard.press('Control+Enter');
  }

  return {
    page,
    start,
    output: (place) => cell(place).locator('.jp-OutputArea'),
    prompts: () => page.locator('.jp-Notebook .jp-CodeCell .jp-InputPrompt').allTextContents(),
    async choose(menu, item) {
      // JupyterLab makes its menus anew now and then, which closes the one that is open.
      for (let tries = 5; ; tries--)
        try {
          await page.locator(`.lm-MenuBar-itemLabel:text-is("${menu}")`).click();
          return await page
            .locator(`.lm-Menu-itemLabel:text-is("${item}")`)
            .click({ timeout: PATIENCE / 10 });
        } catch (error) {
          if (tries === 0) throw error;
          await page.keyboard.press('Escape');
        }
    },
    async putCursor(place, behind) {
      const text = await firstLine(place).innerText();
      assert.ok(text.includes(behind), `no ${behind} in the first line of cell ${place}`);
      await firstLine(place).click();
      await page.keyboard.press('Control+Home');
      for (let i = text.indexOf(behind) + behind.length; i > 0; i--) await page.keyboard.press('ArrowRight');
    },
    async run(place) {
      const prompt = cell(place).locator('.jp-InputPrompt');
      const before = await prompt.innerText();
      await start(place);
      const after = prompt.filter({ hasText: /\[\d+\]/, hasNotText: before });
      await after.waitFor();
      return (await after.innerText()).replace(/\D/g, '');
    },
    async see(place, what) {
      await until(`cell ${place} shows ${what}`, async () => {
        await cell(place).evaluate(toMiddle);
        if (!(await what.isVisible())) return false;
        // What is redrawn may be gone before it is scrolled to.
        return what.evaluate(toMiddle, undefined, { timeout: 5000 }).then(
          () => true,
          () => false,
        );
      });
    },
    async picture(name) {
      mkdirSync(pictures, { recursive: true });
      await page.screenshot({ path: join(pictures, `${name}.png`) });
    },
  };
}

/** Runs in the page. */
function toMiddle(element: unknown): void {
  (element as { scrollIntoView(options: object): void }).scrollIntoView({ block: 'center' });
}
