'use strict';
// The command of the Jupyter kernel: node kernel.cjs CONNECTION_FILE. From here on TypeScript is run as it is.
process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
require('tsx/cjs');
// tslab must find the compiler already prepared.
require('./kernel/compiler').traceCells();
require('./kernel')
  .startKernel(process.argv[2])
  .catch((error) => {
    console.error('the kernel does not start:', error);
    process.exit(1);
  });
