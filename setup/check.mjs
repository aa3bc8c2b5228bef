import { main } from './base/failure.mjs';
import { placeAt } from './base/place.mjs';
import { say, stopwatch } from './base/say.mjs';
import { checks } from './checks/checks.mjs';
import { setUp } from './setUp.mjs';
import { npmPackages } from './steps/npmPackages.mjs';

// npm run check: every check runs, whatever the others say.
await main(async () => {
  const place = placeAt();
  await setUp({ place, only: [npmPackages] });
  let failed = 0;
  for (const { name, check } of checks) {
    const took = stopwatch();
    const problems = (await check(place)).trimEnd();
    if (problems) failed += 1;
    say(`${problems ? 'FAILED' : 'ok    '} ${name} (${took()})${problems ? `\n${problems}\n` : ''}`);
  }
  say(failed === 0 ? 'all checks passed' : `${failed} of ${checks.length} checks failed`);
  return failed === 0 ? 0 : 1;
});
