import * as fs from 'node:fs';
import * as path from 'node:path';
import { columns } from './columns';
import { markdownTable } from './markdownTable';
import { joined, type Results } from './results';

// `node --import tsx bench/page.ts [FILE …]`: publishes the results of runs of the benchmark, joined, as results.json and in
// README.md; without files it writes README.md anew from results.json.

export const PUBLISHED = path.join(__dirname, 'results.json');
export const PAGE = path.join(__dirname, 'README.md');

const BEGIN = '<!-- written by page.ts from results.json -->\n';
const END = '<!-- end of what page.ts writes -->\n';

/** What stands of results on the page. */
export function section({ dates, commits, machine, versions, rows }: Results): string {
  const days = [...new Set(dates.map((date) => date.slice(0, 10)))];
  const named = Object.entries({ ...machine, ...versions }).map(([name, value]) => `${name} ${value}`);
  const table = rows.map(columns);
  const head = Object.keys(table[0]).filter((name) => table.some((cells) => cells[name] !== ''));
  const lines = markdownTable(
    head,
    table.map((cells) => head.map((name) => cells[name])),
  );
  return `\n${days.join(', ')}, at ${commits.join(', ')}: ${named.join(', ')}.\n\n${lines.join('\n')}\n\n`;
}

/** The page with another section of results. */
export function withSection(page: string, text: string): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (!(0 <= begin && begin < end)) throw new Error(`no place for results between ${BEGIN} and ${END}`);
  return page.slice(0, begin) + BEGIN + text + page.slice(end);
}

export function readResults(file: string): Results {
  return JSON.parse(fs.readFileSync(file, 'utf8'));
}

function main(files: readonly string[]): void {
  const results = files.length > 0 ? joined(files.map(readResults)) : readResults(PUBLISHED);
  fs.writeFileSync(PUBLISHED, `${JSON.stringify(results, null, 2)}\n`);
  fs.writeFileSync(PAGE, withSection(fs.readFileSync(PAGE, 'utf8'), section(results)));
}

if (require.main === module) main(process.argv.slice(2));
