import { Failure, main, printFailure } from './base/failure.mjs';
import { placeAt } from './base/place.mjs';
import { say, stopwatch } from './base/say.mjs';
import { parts } from './long/parts.mjs';
import { setUp } from './setUp.mjs';

// npm run test:long [-- --sample] [-- PATTERN…]: the parts whose name contains a pattern, or all; every part has its turn.
await main(async (args) => {
  const sample = args.includes('--sample');
  const patterns = args.filter((arg) => arg !== '--sample');
  const chosen = parts.filter(
    ({ name }) => patterns.length === 0 || patterns.some((pattern) => name.includes(pattern)),
  );
  if (chosen.length === 0)
    throw new Failure(
      `no part matches ${patterns}`,
      `the parts are: ${parts.map(({ name }) => name).join('; ')}`,
    );
  const place = placeAt();
  await setUp({ place });
  let failed = 0;
  for (const { name, full, sample: short } of chosen) {
    const run = sample ? short : full;
    if (run === undefined) continue;
    const took = stopwatch();
    say(`\n== ${name}${sample ? ' (a sample)' : ''}`);
    const problem = await run(place).then(
      () => undefined,
      (error) => error,
    );
    if (problem) {
      failed += 1;
      printFailure(problem);
    }
    say(`== ${problem ? 'FAILED' : 'ok'}: ${name} (${took()})`);
  }
  return failed === 0 ? 0 : 1;
});
