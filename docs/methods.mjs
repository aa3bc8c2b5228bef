import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

// node --import tsx docs/methods.mjs: docs/methods.md, from the tables of the library.
const { experiments } = createRequire(import.meta.url)('../lib/index.ts');
writeFileSync(new URL('methods.md', import.meta.url), experiments.methodPage());
