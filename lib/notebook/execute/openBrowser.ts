import { type Browser, chromium } from 'playwright-core';

/** Starts an installed browser without a window. */
export function openBrowser(executablePath: string): Promise<Browser> {
  // A container has neither the rights for a sandbox nor, often, much shared memory.
  const args = ['--disable-gpu', '--disable-dev-shm-usage'];
  return chromium.launch({
    executablePath,
    args: process.getuid?.() === 0 ? ['--no-sandbox', ...args] : args,
    timeout: 120_000,
  });
}
