'use strict';
// Loaded before everything else and written for the oldest Node there is: one that cannot read the rest is told so here.
if (Number(process.versions.node.split('.')[0]) < 18) {
  console.error(
    `set-up failed: Node ${process.versions.node} is too old\n  what to do: install one that README.md names (for instance with nvm)`,
  );
  process.exit(1);
}
