'use strict';
// Loaded before the tests: a property that names no number of cases of its own is tried on this many, not on a hundred.
require('fast-check').configureGlobal({ numRuns: 3000 });
