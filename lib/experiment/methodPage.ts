import { type MethodRow, methodTable } from './methodTable';

const COLUMNS = {
  method: 'Name',
  formula: 'Formula or rule',
  paper: 'From',
  data: 'Data',
  cost: 'Cost',
  taxonomy: 'Taxonomy',
  ours: 'Ours',
  references: 'Reference kinds',
} as const satisfies Partial<Record<keyof MethodRow, string>>;

/** The page docs/methods.md. */
export function methodPage(): string {
  const rows = methodTable();
  const families = [...new Set(rows.map(({ family }) => family))];
  return `${INTRODUCTION}${families
    .map((family) => `\n## ${family}\n\n${tableOf(rows.filter((row) => row.family === family))}`)
    .join('')}`;
}

const INTRODUCTION = `# Methods

Written by \`node --import tsx docs/methods.mjs\` from the library's tables: \`experiments.methodTable()\` has the same rows. A plain name is the
paper's mathematics, \`/as-published\` what the authors' code computes. *Ours* says what neither a text nor code tells, so that the
choice is this project's. *Taxonomy* uses the words of the survey of Cheng, Zhang and Shi (arXiv 2308.06767): who gains speed
(universal: the network itself gets smaller; specific: only hardware for sparse weights gains, unless \`nets.compact\` finds channels
that nothing is left of), when weights go, by what criterion, in one cut or many, and with what data. *Reference kinds* are the files that
\`npx pathkernel reference\` compares the method with; \`scores\` are those without a kind.
`;

function tableOf(rows: readonly MethodRow[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  const names = Object.keys(COLUMNS) as (keyof typeof COLUMNS)[];
  return [
    line(Object.values(COLUMNS)),
    line(names.map(() => '---')),
    ...rows.map((row) => line(names.map((name) => cell(name, row[name])))),
  ].join('');
}

function cell(name: keyof MethodRow, text: string): string {
  const plain = text.replaceAll('|', '\\|');
  return name === 'method' ? `\`${plain}\`` : plain;
}
