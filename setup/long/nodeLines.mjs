/**
 * The Nodes that the project promises to run on, each with the npm it comes with: the newest of each line, and the oldest
 * that `engines` in package.json admits.
 */
export const newestNodes = [
  { node: '20.20.2', npm: '10.8.2' },
  { node: '22.23.3', npm: '10.9.9' },
  { node: '24.21.0', npm: '11.19.0' },
  { node: '26.10.0', npm: '11.19.1' },
];

export const oldestNodes = [
  { node: '20.19.0', npm: '10.8.2' },
  { node: '22.12.0', npm: '10.9.0' },
  { node: '24.0.0', npm: '11.3.0' },
  { node: '26.0.0', npm: '11.19.0' },
];
