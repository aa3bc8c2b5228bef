import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compose } from './theme';
import { traceByMethod } from './traceByMethod';

const frame = { x: {}, y: {} };
const of = (title: string, notes?: string[]) => compose([], { ...frame, title, notes }).layout;

test('a title or note too long for a narrow page goes on in a second line, and the plot keeps its height', () => {
  const title = 'Path-Kernel trace over training, resnet20, fashion-mnist, 30 epochs, compression 10';
  const note =
    '30 to 40 epochs of 1,000 images (480 to 640 steps), adam at 0.001, 3 seeds; loss at a plateau in 1 of 126 runs';
  const [short, long, noted] = [of('Weight movement'), of(title), of('Weight movement', [note])];
  assert.equal(
    long.title.text,
    'Path-Kernel trace over training, resnet20, fashion-mnist,<br>30 epochs, compression 10',
  );
  assert.equal(noted.title.text, `Weight movement<br><sub>${note.replace('; ', ';</sub><br><sub>')}</sub>`);
  for (const layout of [long, noted]) {
    assert.ok(layout.height > short.height);
    assert.equal(layout.height - layout.margin.t, short.height - short.margin.t);
    for (const line of layout.title.text.split('<br>')) assert.ok(line.length < 110, line);
  }
  const twice = of(`${title}, ${title}`).title.text.split('<br>');
  assert.deepEqual([twice.length, twice.join(' ')], [3, `${title}, ${title}`]);
  // What has no place to break stays whole, and so does what fits.
  for (const text of ['x'.repeat(90), 'Trace, fc-100', 'One<br>Two']) assert.equal(of(text).title.text, text);
});

test('names beside the plot leave a title less room', () => {
  const title = 'Path-Kernel trace after pruning, resnet20, compression 100';
  const linesBeside = (name: string) => {
    const rows = traceByMethod([{ method: name, log: 1 }], { title });
    return rows.layout.title.text.split('<br>').length;
  };
  assert.deepEqual([linesBeside('snip'), linesBeside('synflow-l2-dist/as-published')], [1, 2]);
});
