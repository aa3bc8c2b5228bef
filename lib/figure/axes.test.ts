import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { densityAxis, exponentAxis, logAxis } from './axes';
import type { Axis } from './figure';
import { heatMap } from './heatMap';
import { logTicks } from './logTicks';
import { nameTicks } from './nameTicks';

/** The number that the text of a tick says, by itself. */
function said(text: string): number {
  const [, digits = '1', power] = text.match(/^(?:([\d.,]+)·)?10<sup>(−?\d+)<\/sup>$/) ?? [];
  if (power !== undefined) return Number(digits) * 10 ** Number(power.replace('−', '-'));
  return Number(text.replaceAll(',', ''));
}

const isNear = (a: number, b: number, within: number) => Math.abs(a - b) <= within * Math.abs(b);

test('every tick of a logarithmic axis says its number by itself, and two or more are within the axis, few enough to read', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -12, max: 12, noNaN: true }),
      fc.oneof(fc.double({ min: 0.001, max: 2, noNaN: true }), fc.double({ min: 2, max: 40, noNaN: true })),
      (low, span) => {
        const ticks = logTicks(low, low + span);
        assert.ok(ticks.length >= 2 && ticks.length <= 10, `${ticks.length} ticks`);
        assert.equal(new Set(ticks.map(({ text }) => text)).size, ticks.length);
        for (const { exponent, text } of ticks) {
          assert.ok(low - 1e-6 <= exponent && exponent <= low + span + 1e-6, text);
          assert.ok(isNear(said(text), 10 ** exponent, 1e-3), `${text} for 10^${exponent}`);
        }
      },
    ),
    { numRuns: 2000 },
  );
});

test('a single value has ticks to either side of it', () => {
  for (const value of [1, 0.003, 5e8]) {
    const ticks = logTicks(Math.log10(value), Math.log10(value));
    assert.ok(ticks.some(({ exponent }) => 10 ** exponent <= value));
    assert.ok(ticks.some(({ exponent }) => 10 ** exponent >= value));
  }
});

test('axes of values, of logarithms and of densities have the same ticks', () => {
  const texts = ({ ticktext }: Axis) => ticktext;
  assert.deepEqual(texts(logAxis('', [2, 15])), ['2', '5', '10']);
  assert.deepEqual(texts(exponentAxis('', [Math.log10(2), Math.log10(15)])), ['2', '5', '10']);
  assert.deepEqual(texts(logAxis('', [1e-9, 0, 1e-7])), [
    '10<sup>−9</sup>',
    '10<sup>−8</sup>',
    '10<sup>−7</sup>',
  ]);
  assert.deepEqual(texts(densityAxis('', 0.05, 'x')), [
    '0.05<br>(20×)',
    '0.1<br>(10×)',
    '0.2<br>(5×)',
    '0.5<br>(2×)',
    '1<br>(1×)',
  ]);
});

test('names along an axis lie flat where they fit, else in lines, else as codes that are told', () => {
  assert.deepEqual(nameTicks(['dense1', 'dense2']), {
    texts: ['dense1', 'dense2'],
    angle: 0,
    height: 0,
    note: '',
  });
  const schedules = [
    'exponential, 1',
    'exponential, 10',
    'linear, 1',
    'linear, 10',
    'linear, 100',
    'linear, 1000',
  ];
  assert.deepEqual(nameTicks(schedules).texts[1], 'exponential,<br>10');
  const blocks = [1, 2, 3].flatMap((stage) =>
    [1, 2, 3].flatMap((block) => [1, 2].map((conv) => `stage${stage}/block${block}/conv${conv}`)),
  );
  const resnet = nameTicks(['stem/conv', ...blocks, 'stage2/block1/shortcut/conv', 'fc']);
  assert.deepEqual(resnet.texts.slice(0, 2), ['stem', 's1b1c1']);
  assert.deepEqual(resnet.texts.slice(-2), ['s2b1s', 'fc']);
  assert.equal(resnet.note, 's1b1c1 is stage1/block1/conv1');
  assert.ok(resnet.angle === -90 && resnet.height < 60, `${resnet.height} pixels`);
  // Images with the names of their classes, which have a stroke and a number, too.
  const images = Array.from({ length: 20 }, (_, i) => `${i % 2 ? 'T-shirt/top' : 'Ankle boot'} ${i}`);
  assert.deepEqual(nameTicks(images).texts, images);
});

test('numbers of a heat map are left out where they would run into one another', () => {
  const isNumbered = (size: number, value: number) => {
    const [map] = heatMap(Array.from({ length: size }, () => Array(size).fill(value))).data;
    return 'text' in map;
  };
  assert.ok(isNumbered(10, 7454) && isNumbered(20, 75));
  assert.ok(!isNumbered(20, 7454));
});

test('names along an axis stay different, whatever they are', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.stringMatching(/^[a-z]{1,9}\d?(\/[a-z]{1,9}\d{0,2}){0,3}$/), {
        minLength: 1,
        maxLength: 40,
      }),
      (names) => {
        const { texts } = nameTicks(names);
        assert.equal(new Set(texts).size, names.length);
      },
    ),
  );
});
