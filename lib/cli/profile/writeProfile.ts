import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { lookUp } from '../../base';
import type { Profile } from '../../experiment/profile';
import { type Figure, flame } from '../../figure';
import { saveAs } from '../../notebook/save/saveAs';
import { saveFigure } from '../../notebook/save/saveFigure';

type Profiles = Readonly<Record<string, Profile>>;

const draw = (profiles: Profiles, file: string) => saveFigure(figureOf(profiles), file, { width: 'page' });
const json = (profiles: Profiles) => `${JSON.stringify(profiles, null, 2)}\n`;

const formats: Readonly<Record<string, (profiles: Profiles, file: string) => Promise<string>>> = {
  '.json': (profiles, file) => saveAs(file, { '.json': () => json(profiles) }),
  '.html': (profiles, file) => saveAs(file, { '.html': () => page(figureOf(profiles)) }),
  ...{ '.png': draw, '.svg': draw, '.pdf': draw },
};

/** @throws `invalid extension of FILE; unknown, did you mean …` for a file that cannot be written */
export function checkFile(file: string): void {
  lookUp(`extension of ${file}`, formats, extname(file).toLowerCase());
}

/** Writes profiles as `.json`, or a figure of them as `.html`, `.png`, `.svg` or `.pdf`; returns the file's absolute path. */
export function writeProfile(profiles: Profiles, file: string): Promise<string> {
  checkFile(file);
  return formats[extname(file).toLowerCase()](profiles, file);
}

function figureOf(profiles: Profiles): Figure {
  const found = Object.entries(profiles);
  const [[, { network, work }]] = found;
  const rows = found.flatMap(([label, profile]) =>
    profile.rows.map((row) => (found.length > 1 ? { ...row, label } : row)),
  );
  return flame(rows, { title: `Where the time goes: ${network}, ${work}` });
}

/** A page that needs nothing else. */
function page({ data, layout }: Figure): string {
  const plotly = readFileSync(require.resolve('plotly.js-dist'), 'utf8').replaceAll('</script', '<\\/script');
  const drawn = JSON.stringify({ data, layout }).replaceAll('<', '\\u003c');
  return `<!doctype html><meta charset="utf-8"><body><script>${plotly}</script><script>
const { data, layout } = ${drawn};
Plotly.newPlot(document.body.appendChild(document.createElement('div')), data, layout, { responsive: true });
</script>`;
}
