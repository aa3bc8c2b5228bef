import { lookUp } from '../base';
import { type MethodRow, methodTable } from '../experiment/methodTable';
import { parseOptions } from './parseOptions';

const usage = `npx pathkernel methods [NAME…]   lists the methods, or says of those named where they are from and what they cost`;

/**
 * The command `pathkernel methods`.
 *
 * @param args what follows `methods` on the command line
 * @returns the exit status: 0
 * @throws `invalid method; unknown, did you mean …` for a name that is none
 */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseOptions({
    args,
    allowPositionals: true,
    options: { help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const rows = methodTable();
  if (positionals.length === 0) {
    console.log(listOf(rows));
    return 0;
  }
  const byName = Object.fromEntries(rows.map((row) => [row.method, row]));
  console.log(positionals.map((name) => partsOf(lookUp('method', byName, name))).join('\n\n'));
  return 0;
}

function listOf(rows: readonly MethodRow[]): string {
  const width = Math.max(...rows.map(({ method }) => method.length)) + 2;
  return [...new Set(rows.map(({ family }) => family))]
    .map((family) =>
      [
        family,
        ...rows
          .filter((row) => row.family === family)
          .map(({ method, formula }) => `  ${method.padEnd(width)}${formula}`),
      ].join('\n'),
    )
    .join('\n\n');
}

function partsOf(row: MethodRow): string {
  const lines = {
    formula: row.formula,
    from: row.paper,
    data: row.data,
    cost: row.cost,
    taxonomy: row.taxonomy,
    ours: row.ours,
    'reference kinds': row.references,
  };
  return [
    row.method,
    ...Object.entries(lines).flatMap(([name, text]) => (text ? [`  ${name.padEnd(17)}${text}`] : [])),
  ].join('\n');
}
