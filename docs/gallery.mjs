import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// node docs/gallery.mjs: docs/gallery/NN.png, a picture of each figure's notebook, as stored in it.
const here = dirname(fileURLToPath(import.meta.url));
const notebooks = join(here, '..', 'notebooks');
const PLOTLY = 'application/vnd.plotly.v1+json';

/** A figure of each notebook, by how its title begins. */
const WANTED = {
  '01': 'The toy network',
  '03': 'Path-Kernel trace, resnet20',
  '04': 'Family A, trace',
  '05': 'Relative weight movement',
  '06': 'Norm of the outputs',
  '07': 'Accuracy against density',
  '08': 'Trace before training, accuracy after',
  '09': 'Path scores into and out of each hidden unit',
  10: 'Density of each layer, resnet20',
  11: 'Density of the spectrum, resnet20',
  12: 'Tr Θ of fc-100 and its bound',
  13: 'Loss of networks',
  14: 'The Path Kernel of one function',
  15: 'PX and SynFlow-L2',
  16: 'Channels left in fc',
  17: 'Gates: what is left',
  18: 'Paths left while the mask changes',
  19: 'Accuracy without training',
  20: 'What nonlinearities are worth',
  21: 'Lineage by paths',
  22: 'The Path Kernel trace of what is trained',
  23: 'All methods, ',
  24: 'A network of one’s own',
};

mkdirSync(join(here, 'gallery'), { recursive: true });
for (const [number, title] of Object.entries(WANTED)) {
  const name = readdirSync(notebooks).find((file) => file.startsWith(`${number}-`) && file.endsWith('.ipynb'));
  if (!name) throw new Error(`notebooks/ has no notebook ${number}`);
  const { cells } = JSON.parse(readFileSync(join(notebooks, name), 'utf8'));
  const figures = cells.flatMap(({ outputs = [] }) => outputs).filter(({ data }) => data && PLOTLY in data);
  const found = figures.find(({ data }) => data[PLOTLY].layout.title.text.startsWith(title));
  const png = found?.data['image/png'];
  if (!png) throw new Error(`notebooks/${name} holds no picture of a figure called ${title}; run it first`);
  writeFileSync(join(here, 'gallery', `${number}.png`), Buffer.from([png].flat().join(''), 'base64'));
}
