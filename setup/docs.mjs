import { join } from 'node:path';
import { main } from './base/failure.mjs';
import { placeAt } from './base/place.mjs';
import { say, stopwatch } from './base/say.mjs';
import { runTool } from './checks/runTool.mjs';
import { setUp } from './setUp.mjs';
import { npmPackages } from './steps/npmPackages.mjs';

// npm run docs: the API documentation, from the doc comments, into docs/api/. A warning fails it.
await main(async () => {
  const place = placeAt();
  await setUp({ place, only: [npmPackages] });
  const took = stopwatch();
  const problems = await runTool(place, join(place.root, 'node_modules', 'typedoc', 'bin', 'typedoc'), []);
  say(problems ? `FAILED docs (${took()})\n${problems}` : `docs/api/index.html is written (${took()})`);
  return problems ? 1 : 0;
});
