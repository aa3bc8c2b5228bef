import { runs } from '../lib/experiment/query';

// `node --import tsx bench/queryRuns.ts FOLDER`: times queries over a folder of runs; makeRuns.ts makes one.
// `/usr/bin/time -v` before it tells the memory.

const QUERIES = {
  'runs alone': 'select method, exponent, avg(finalTestTop1) as top1 from runs group by all order by all',
  'epochs grouped':
    'select epoch, avg(testTop1) as top1, stddev(pathKernelTrace) as spread from epochs group by epoch order by epoch',
  'epochs joined and grouped': `select method, exponent, epoch, count(*) as n, avg(testTop1) as top1, quantile_cont(pathKernelTrace, 0.5) as trace
    from epochs join runs using (hash) group by all order by all`,
  'layers grouped':
    'select method, depth, avg(layers.kept / layers.size) as kept from layers join runs using (hash) group by all order by all',
};

async function main(folder: string): Promise<void> {
  for (const [name, sql] of Object.entries(QUERIES)) {
    const began = performance.now();
    const rows = await runs(sql, [], { folder });
    const seconds = (performance.now() - began) / 1000;
    console.log(`${name}: ${rows.length} rows in ${seconds.toFixed(2)} s`);
  }
  const peak = process.resourceUsage().maxRSS / 1024;
  console.log(`most memory at a time: ${peak.toFixed(0)} MiB`);
}

void main(process.argv[2]);
