import { createRequire } from 'node:module';

/** The part of esbuild that matters here. */
interface Transformer {
  stop(): unknown;
}

/**
 * Lets tsx start a new process for its work. Jupyter interrupts a kernel with all its children, so the process that turns
 * TypeScript into JavaScript is gone after an interrupt, and no library file could be loaded any more.
 */
export function renewTransformer(): void {
  const transformer: Transformer = createRequire(require.resolve('tsx/package.json'))('esbuild');
  transformer.stop();
}
