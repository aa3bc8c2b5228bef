import { parseBuild } from './base/arguments.mjs';
import { main } from './base/failure.mjs';
import { setUp } from './setUp.mjs';

// npm run setup [-- --gpu | --cpu]
await main(async (args) => {
  const { build } = parseBuild(args, { passOn: false });
  await setUp({ build });
});
