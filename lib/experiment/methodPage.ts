import { type Analysis, analyses } from './analyses';
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

const ANALYSES = {
  formula: 'Formula',
  paper: 'From',
  data: 'Data',
  cost: 'Cost',
  ours: 'Ours',
  references: 'Reference kinds',
} as const satisfies Record<keyof Analysis, string>;

/** The page docs/methods.md. */
export function methodPage(): string {
  const rows = methodTable();
  const own = Object.entries(analyses).map(([method, entry]) => ({
    ...{ method, ...entry, ours: entry.ours ?? '' },
    references: entry.references?.join(', ') ?? '',
  }));
  const families = [...new Set(rows.map(({ family }) => family))];
  const sections = families.map((family) =>
    tableOf(
      family,
      rows.filter((row) => row.family === family),
      COLUMNS,
    ),
  );
  return [INTRODUCTION, ...sections, tableOf('Analyses', own, { method: 'Function', ...ANALYSES })].join(
    '\n',
  );
}

const INTRODUCTION = `# Methods

Written by \`node --import tsx docs/methods.mjs\` from the library's tables: \`experiments.methodTable()\` has the same rows. A plain name is the
paper's mathematics, \`/as-published\` what the authors' code computes. *Ours* says what neither a text nor code tells, so that the
choice is this project's. *Taxonomy* uses the words of the survey of Cheng, Zhang and Shi (arXiv 2308.06767): who gains speed
(universal: the network itself gets smaller; specific: only hardware for sparse weights gains, unless \`nets.compact\` finds channels
that nothing is left of), when weights go, by what criterion, in one cut or many, and with what data. *Reference kinds* are the files that
\`npx pathkernel reference\` compares the method with; \`scores\` are those without a kind.
`;

function tableOf<Columns extends Readonly<Record<string, string>>>(
  title: string,
  rows: readonly { readonly [Name in keyof Columns]: string }[],
  columns: Columns,
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  const names = Object.keys(columns);
  return [
    `## ${title}\n\n`,
    line(Object.values(columns)),
    line(names.map(() => '---')),
    ...rows.map((row) => line(names.map((name) => cell(name, row[name])))),
  ].join('');
}

function cell(name: string, text: string): string {
  const plain = text.replaceAll('|', '\\|');
  return name === 'method' ? `\`${plain}\`` : plain;
}
