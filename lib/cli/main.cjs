#!/usr/bin/env node
'use strict';
// The command `pathkernel`. Plain JavaScript, so that it can still speak where nothing is set up.
require('./oldNode.cjs');

if (process.env.TF_CPP_MIN_LOG_LEVEL === undefined) process.env.TF_CPP_MIN_LOG_LEVEL = '2';

function canRunTypeScript() {
  try {
    require.resolve('tsx/cjs');
    return true;
  } catch {
    return false;
  }
}

if (canRunTypeScript()) {
  require('tsx/cjs');
  require('./dispatch')
    .dispatch(process.argv.slice(2))
    .then((code) => {
      process.exitCode = code;
    });
} else {
  const root = require('node:path').resolve(__dirname, '..', '..');
  console.error(`pathkernel is not set up: node_modules is missing or incomplete
  what to do: cd ${root} && npm start    (or npm run setup, which opens nothing)`);
  process.exitCode = 1;
}
