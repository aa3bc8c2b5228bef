import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { PLOTLY } from './figureBundle';
import { liveChart } from './liveChart';
import { progress, withProgress } from './progress';
import { type DisplayMessage, type Publish, setPublisher } from './publish';
import { svgLines } from './svgLines';

afterEach(() => setPublisher(undefined));

function notebook(): { message: DisplayMessage; update: boolean }[] {
  const sent: { message: DisplayMessage; update: boolean }[] = [];
  const publish: Publish = (message, update) => sent.push({ message, update });
  setPublisher(() => publish);
  return sent;
}

const texts = (sent: { message: DisplayMessage }[]) =>
  sent.map(({ message }) => String(message.data['text/plain']));

test('a live chart is redrawn in place and ends as an interactive figure of the same points', () => {
  const sent = notebook();
  const chart = liveChart({ title: 'Loss', every: 0 });
  chart.add('train', 1, 3);
  chart.add('train', 2, 2);
  chart.end();
  assert.deepEqual(
    sent.map(({ update }) => update),
    [false, true, true],
  );
  assert.equal(new Set(sent.map(({ message }) => message.transient.display_id)).size, 1);
  assert.match(String(sent[0].message.data['text/html']), /^<svg /);
  const figure = sent[2].message.data[PLOTLY] as { data: unknown };
  assert.deepEqual(figure.data, [{ type: 'scatter', mode: 'lines', name: 'train', x: [1, 2], y: [3, 2] }]);
});

test('a drawing holds finite numbers only, whatever the points are', () => {
  const odd = [{ name: '<a>', x: [0, 1, 2], y: [Number.NaN, Number.POSITIVE_INFINITY, 5] }];
  for (const svg of [svgLines([]), svgLines(odd), svgLines(odd, { logY: true })])
    assert.doesNotMatch(svg, /NaN|Infinity|<a>/);
});

test('an inner bar stands below the outer one while it runs', () => {
  const sent = notebook();
  const outer = progress(2, { label: 'Outer', every: 0 });
  const inner = progress(1, { label: 'Inner', every: 0 });
  inner.step();
  outer.step(2);
  const names = texts(sent).map((text) =>
    text.split('\n').map((line) => line.split(' ').slice(0, 2).join(' ')),
  );
  assert.deepEqual(names, [['Outer 0/2'], ['Outer 0/2', 'Inner 0%'], ['Outer 0/2'], ['Outer 2/2']]);
});

test('a bar that a failed cell left behind takes no part in the next cell', () => {
  notebook();
  progress(5, { label: 'Left' });
  const sent = notebook();
  progress(3, { label: 'New' });
  assert.match(texts(sent)[0], /^New 0\/3 0%/);
});

test('a bar follows long work and ends with it, also when it throws', async () => {
  const sent = notebook();
  const work = withProgress('Pruning', async ({ onProgress }) => {
    onProgress?.({ done: 1, total: 4, message: 'round 1' });
    throw new Error('stop');
  });
  await assert.rejects(work, /stop/);
  assert.match(texts(sent).at(-1) ?? '', /^Pruning 1\/4 25% · .* · round 1$/);
});

test('a bar without steps is refused', () => {
  assert.throws(() => progress(0), /invalid total; not above 0: 0/);
});

test('a drawing has round numbers along its axes, and shows a single point', () => {
  const labels = (svg: string) => [...svg.matchAll(/text-anchor="end">([^<]*)</g)].map(([, label]) => label);
  const line = (y: number[]) => [{ name: 'loss', x: y.map((_, i) => i), y }];
  assert.deepEqual(labels(svgLines(line([1.18, 3.53]))), ['1.5', '2', '2.5', '3', '3.5']);
  assert.deepEqual(labels(svgLines(line([0, 1000]))), ['0', '200', '400', '600', '800', '1,000']);
  assert.doesNotMatch(svgLines(line([1, 2])), /<circle/);
  assert.match(svgLines(line([1])), /<circle/);
});
