/**
 * Set-up, doctor, tests and a notebook in a copy of the project.
 *
 * @param run runs a Node in the copy, with arguments
 * @param npm the script of its npm
 * @param tests parts of the paths of test files, or none for all tests
 */
export async function setUpAndTest(run, { npm, tests }) {
  await run(npm, 'run', 'setup');
  await run('lib/cli/main.cjs', 'doctor');
  await run(npm, 'test', '--', ...tests);
  await run('lib/cli/main.cjs', 'notebooks', '00-start-here', '--scale', 'smoke', '--no-write');
}
