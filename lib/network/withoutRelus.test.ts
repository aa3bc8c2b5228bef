import assert from 'node:assert/strict';
import { test } from 'node:test';
import { graphBuilder } from './builder';
import { withoutRelus } from './withoutRelus';

test('readers of a ReLU read what it reads, through several in a row and into sums', () => {
  const g = graphBuilder([4]);
  const first = g.relu('open2', g.relu('open1', g.dense('first', g.input, { units: 4 })));
  const sum = g.relu('open3', g.add('add', first, g.dense('second', first, { units: 4 })));
  g.dense('out', sum, { units: 2 });
  const { nodes } = withoutRelus(g.build('net'));
  assert.deepEqual(
    nodes.map(({ id, inputs }) => [id, ...inputs]),
    [['input'], ['first', 'input'], ['second', 'first'], ['add', 'first', 'second'], ['out', 'add']],
  );
});

test('a ReLU that is the output stays', () => {
  const g = graphBuilder([4]);
  g.relu('open', g.dense('first', g.input, { units: 4 }));
  assert.equal(withoutRelus(g.build('net')).nodes.at(-1)?.id, 'open');
});
