import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '../tensor/random';
import * as figures from '.';
import { shownFigure } from './shownFigure';
import { testDrawn } from './testDrawn';

const random = createRandom(3);
const rows = Array.from({ length: 60 }, (_, i) => ({
  method: ['snip', 'synflow', 'dense'][i % 3],
  density: 10 ** -(i % 4),
  log: 10 * random.uniform(),
  a: random.uniform(),
  b: random.uniform(),
}));
const dense = rows.filter(({ density }) => density === 1);
const choices: Record<string, figures.Figure> = {
  density: figures.traceByDensity(rows, { title: 'Over density' }),
  methods: figures.traceByMethod(dense),
  columns: figures.methodPanel(dense, [
    { field: 'a', title: 'a' },
    { field: 'b', title: 'b' },
  ]),
  matrix: figures.heatMap([
    [1, 2],
    [3, 4],
  ]),
  shares: figures.layerShares([{ layer: 'fc', share: random.uniform(), method: 'snip' }]),
};
const menu = figures.dropdown(choices);

testDrawn({
  dropdown: figures.dropdown({
    all: choices.density,
    dense: figures.traceByMethod([{ method: 'dense', log: 1 }]),
  }),
});

/** A figure as a choice leaves it: what is seen of it, without the menu and the room that it takes. */
function chosen({ data, layout }: figures.Figure, place: number): unknown {
  const [{ visible }, changed] = layout.updatemenus?.[0].buttons[place].args ?? [{ visible: [] }, {}];
  assert.equal(visible.length, data.length);
  const { updatemenus: _, ...whole } = { ...layout, ...changed } as figures.Layout;
  const { height, margin, ...rest } = whole;
  const left = Object.entries(rest).filter(
    ([, value]) => value !== null && (value as { visible?: boolean }).visible !== false,
  );
  return {
    data: data.filter((_, i) => visible[i]).map(({ visible: _, ...series }) => series),
    layout: { ...Object.fromEntries(left), height: height - 44, margin: { ...margin, t: margin.t - 44 } },
  };
}

test('each choice of a menu shows its figure, whichever was shown before', () => {
  assert.deepEqual(
    menu.layout.updatemenus?.[0].buttons.map(({ label }) => label),
    Object.keys(choices),
  );
  Object.values(choices).forEach((figure, place) => {
    assert.deepEqual(chosen(menu, place), figure);
    const after = { ...menu, layout: { ...menu.layout, ...menu.layout.updatemenus?.[0].buttons[2].args[1] } };
    assert.deepEqual(chosen(after as figures.Figure, place), figure);
  });
});

test('at first, and so in pictures, the first figure is shown, without the menu', () => {
  assert.deepEqual(shownFigure(menu), choices.density);
  assert.equal(menu.layout.updatemenus?.[0].active, 0);
  assert.deepEqual(figures.dropdown({ only: choices.methods }), choices.methods);
  const own = { data: [{ type: 'bar', visible: 'legendonly' }], layout: { height: 9, title: 'mine' } };
  assert.deepEqual(shownFigure(own), own);
  assert.deepEqual(shownFigure({ data: [], layout: { updatemenus: [{}], height: 9 } }), {
    data: [],
    layout: { height: 9 },
  });
});

test('no figures, and menus in menus, are refused', () => {
  assert.throws(() => figures.dropdown({}), /invalid choices; has no figure to show/);
  assert.throws(() => figures.dropdown([] as never), /invalid choices; has no figure to show/);
  assert.throws(() => figures.dropdown({ a: {} as never }), /invalid choices; a no figure/);
  assert.throws(() => figures.dropdown({ a: menu }), /invalid choices; a figure with a menu of its own: a/);
});
