import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { button, type Control, onChange, redraw, select, slider } from '..';
import { type KernelDriver, type Output, openDriver, type Ran } from '../kernelDriver';

const VIEW = 'application/vnd.jupyter.widget-view+json';

/** What was published, with the request it belongs to. */
interface Published extends Output {
  parent?: string;
  execution_state?: string;
  comm_id?: string;
  data?: Record<string, unknown> & { method?: string; state?: Record<string, unknown> };
  metadata?: object;
}

let driver: KernelDriver;
before(async () => {
  driver = openDriver();
  await driver.call('start', { id: 'a', cwd: driver.folder });
  await driver.run('a', "import { display } from 'pathkernel';");
});
after(() => driver.close());

const run = (code: string, options = {}) => driver.run('a', code, options);
const textOf = (outputs: readonly Output[]) => outputs.map(({ text = '' }) => text).join('');

/** The models of a kind that a cell has made. */
const modelsOf = ({ outputs }: Ran, kind: string) =>
  (outputs as Published[]).filter(
    ({ type, data }) => type === 'comm_open' && data?.state?._model_name === `${kind}Model`,
  );
const modelOf = (ran: Ran, kind: string) => String(modelsOf(ran, kind)[0].comm_id);

const viewOf = (model_id: string) => ({ version_major: 2, version_minor: 0, model_id });

const said = (comm_id: string, data: object) => ['comm_msg', { comm_id, data }] as const;
const moved = (id: string, state: object) => said(id, { method: 'update', state, buffer_paths: [] });
const pressed = (id: string) => said(id, { method: 'custom', content: { event: 'click' } });

const asked = (code: string) => ['execute_request', { code, silent: false, stop_on_error: true }] as const;

const interact = (messages: readonly unknown[], until: string, options = {}) =>
  driver.call<Published[]>('interact', { id: 'a', messages, until, timeout: 60, ...options });

/** What the cell shows of it all, less the pictures of the controls themselves. */
const drawn = (published: readonly Published[], { id }: { id: string }) =>
  published.filter(({ type, parent, data }) => parent === id && type !== 'status' && !data?.[VIEW]);
const ofCell = (published: readonly Published[], { id }: { id: string }) =>
  published.filter(({ type, parent }) => parent === id && type !== 'status');

describe('a control', () => {
  test('is a model in the front end, with a view, and a picture for viewers that have none', async () => {
    const ran = await run(
      "display.slider({ description: 'ρ <1>', min: 1, max: 1000, value: 10, log: true })",
    );
    const [model] = modelsOf(ran, 'FloatLogSlider');
    assert.deepEqual(Object.keys(model.data ?? {}), ['state', 'buffer_paths']);
    const { layout, style, ...state } = model.data?.state ?? {};
    assert.deepEqual(state, {
      _model_module: '@jupyter-widgets/controls',
      _model_module_version: '2.0.0',
      _model_name: 'FloatLogSliderModel',
      _view_module: '@jupyter-widgets/controls',
      _view_module_version: '2.0.0',
      _view_name: 'FloatLogSliderView',
      description: 'ρ <1>',
      min: 0,
      max: 3,
      step: 0.1,
      value: 10,
      base: 10,
      readout_format: '~g',
    });
    assert.equal(layout, `IPY_MODEL_${modelOf(ran, 'Layout')}`);
    assert.equal(style, `IPY_MODEL_${modelOf(ran, 'SliderStyle')}`);
    const picture = ran.outputs.find(({ type }) => type === 'display_data')?.data;
    assert.equal(picture?.['text/html'], '<div>ρ &lt;1&gt; <progress value="1" max="3"></progress> 10</div>');
    assert.equal(picture?.['text/plain'], 'ρ <1>: 10');
    const shown = ran.outputs.find(({ type }) => type === 'execute_result')?.data;
    assert.deepEqual(shown?.[VIEW], viewOf(String(model.comm_id)));
  });

  test('is found again by a page that is loaded anew, as it stands', async () => {
    const ran = await run("const found = display.select({ options: ['a', 'b'] });\nfound");
    const id = modelOf(ran, 'Dropdown');
    await interact([moved(id, { index: 1 })], 'a · <b>b</b>', { idle: false });
    const ask = (type: string, content: object, options = {}) =>
      driver.call<{ reply: { comms: object }; published: Published[] }>('message', {
        id: 'a',
        type,
        content,
        ...options,
      });
    const { reply } = await ask('comm_info_request', { target_name: 'jupyter.widget' });
    assert.deepEqual(new Map(Object.entries(reply.comms)).get(id), { target_name: 'jupyter.widget' });
    const { published } = await ask('comm_msg', said(id, { method: 'request_state' })[1], {
      until: ['idle'],
    });
    const [, answer] = published;
    assert.deepEqual([answer.type, answer.comm_id, answer.data?.method], ['comm_msg', id, 'update']);
    assert.deepEqual([answer.data?.state?.index, answer.data?.state?._options_labels], [1, ['a', 'b']]);
  });

  test('has the value its reader gave it, in cells too, and tells other pages of it', async () => {
    const ran = await run('const rho = display.slider({ min: 1, max: 1000 });\nrho');
    const id = modelOf(ran, 'FloatSlider');
    const published = await interact([moved(id, { value: 40 })], '/progress> 40<', { idle: false });
    const [echo] = published.filter(({ type }) => type === 'comm_msg');
    assert.deepEqual([echo.comm_id, echo.data?.method, echo.data?.state], [id, 'echo_update', { value: 40 }]);
    assert.equal(textOf((await run('console.log(rho.value)')).outputs), '40\n');
    await interact([moved(id, { value: 5000 })], '/progress> 1,000<', { idle: false });
    await interact(
      [moved(id, { value: null }), moved(id, { description: 'x' }), moved(id, { value: 7 })],
      '/progress> 7<',
      { idle: false },
    );
  });

  test('outlives messages about models that are not, or no more', async () => {
    const ran = await run('const gone = display.slider({ min: 0, max: 9 });\ngone');
    const id = modelOf(ran, 'FloatSlider');
    await driver.call('message', {
      id: 'a',
      type: 'comm_close',
      content: { comm_id: id, data: {} },
      until: ['idle'],
    });
    for (const [type, content] of [
      moved(id, { value: 5 }),
      moved('none', { value: 5 }),
      ['comm_msg', {}],
      ['comm_msg', { comm_id: id, data: null }],
    ])
      await driver.call('message', { id: 'a', type, content, until: ['idle'] });
    assert.equal(textOf((await run('console.log(gone.value)')).outputs), '0\n');
  });
});

describe('a change', () => {
  test('is handled in the cell of the control, after a later cell that is still running', async () => {
    const ran = await run(
      "const s = display.slider({ min: 0, max: 9 });\ndisplay.onChange(s, (value) => console.log('now', value));\ns",
    );
    const later = asked("await new Promise((resolve) => setTimeout(resolve, 600)); console.log('first');");
    const published = await interact([later, moved(modelOf(ran, 'FloatSlider'), { value: 3 })], 'now 3');
    const texts = published.filter(({ type }) => type === 'stream');
    assert.deepEqual(
      texts.map(({ text, parent }) => [text, parent === ran.id]),
      [
        ['first\n', false],
        ['now 3\n', true],
      ],
    );
  });

  test('that comes while another is handled waits, and only the last of several is handled', async () => {
    const ran = await run(`const many = display.slider({ min: 0, max: 99 });
display.onChange(many, async (value) => {
  console.log('begin', value);
  await new Promise((resolve) => setTimeout(resolve, 300));
  console.log('end', value);
});
many`);
    const id = modelOf(ran, 'FloatSlider');
    const values = Array.from({ length: 20 }, (_, i) => moved(id, { value: i + 1 }));
    const published = await interact(values, 'end 20', { pause: 0.02 });
    const lines = textOf(drawn(published, ran)).trimEnd().split('\n');
    assert.deepEqual(lines.slice(-2), ['begin 20', 'end 20']);
    assert.ok(lines.length <= 8, `${lines}`);
    for (let i = 0; i < lines.length; i += 2) assert.equal(lines[i].replace('begin', 'end'), lines[i + 1]);
  });

  test('of a button is handled each time it is pressed', async () => {
    const ran = await run(
      "const press = display.button({ description: 'Go' });\ndisplay.onChange(press, (times) => console.log('handled', times));\npress",
    );
    const id = modelOf(ran, 'Button');
    const published = await interact([pressed(id), pressed(id), pressed(id)], 'handled 3');
    assert.equal(textOf(drawn(published, ran)), 'handled 1\nhandled 2\nhandled 3\n');
  });

  test('is no business of the cell’s former executions, where the front end names the cell', async () => {
    await run('const again = display.slider({ min: 0, max: 9 });');
    const listen = (text: string) => run(text, { cell: 'the-same' });
    const code = "display.onChange(again, (value) => console.log('heard', value));\nagain";
    const id = modelOf(await listen(code), 'FloatSlider');
    const ran = await listen(code);
    const published = await interact([moved(id, { value: 4 })], 'heard 4');
    await new Promise((resolve) => setTimeout(resolve, 300));
    const late = await driver.call<Published[]>('late', { id: 'a', seconds: 0.2 });
    assert.equal(textOf([...published, ...late]), 'heard 4\n');
    assert.equal(published.find(({ text }) => text)?.parent, ran.id);
  });
});

describe('a handler', () => {
  test('that throws says so in its cell, once for the same mistake, and goes on with the next change', async () => {
    const ran = await run(`const faulty = display.slider({ min: 0, max: 9 });
display.onChange(faulty, async (value) => {
  if (value < 5) throw new RangeError('too small');
  console.log('fine', value);
});
faulty`);
    const id = modelOf(ran, 'FloatSlider');
    const first = await interact([moved(id, { value: 1 })], 'too small');
    const [error] = ofCell(first, ran).filter(({ type }) => type === 'error');
    assert.deepEqual([error.ename, error.evalue], ['RangeError', 'too small']);
    assert.match(error.traceback?.[1] ?? '', /^ {4}at .*cell \d+:3:/);
    const rest = await interact([moved(id, { value: 2 }), moved(id, { value: 8 })], 'fine 8', { pause: 0.4 });
    assert.deepEqual(
      drawn(rest, ran).map(({ type }) => type),
      ['stream'],
    );
  });

  test('is stopped by Stop, in a loop or waiting, and comes back with the next change', async () => {
    const ran = await run(`const stuck = display.slider({ min: 0, max: 9 });
display.onChange(stuck, async (value) => {
  display.show('go');
  while (value === 1);
  if (value === 2) await new Promise(() => {});
  console.log('came to', value);
});
stuck`);
    const id = modelOf(ran, 'FloatSlider');
    for (const value of [1, 2]) {
      const published = await interact([moved(id, { value })], 'Interrupted', { interrupt_on: 'go' });
      assert.equal(ofCell(published, ran).find(({ type }) => type === 'error')?.ename, 'Interrupted');
    }
    assert.match(textOf(await interact([moved(id, { value: 3 })], 'came to 3')), /came to 3\n/);
    assert.equal((await run('1 + 1')).reply.status, 'ok');
  });

  test('is not dropped with the cells behind one that fails', async () => {
    const ran = await run(
      "const kept = display.slider({ min: 0, max: 9 });\ndisplay.onChange(kept, (value) => console.log('kept', value));\nkept",
    );
    const failing = asked(
      "await new Promise((resolve) => setTimeout(resolve, 500)); throw new Error('failed');",
    );
    const published = await interact([failing, moved(modelOf(ran, 'FloatSlider'), { value: 2 })], 'kept 2');
    assert.ok(published.some(({ evalue }) => evalue === 'failed'));
    assert.equal(textOf(drawn(published, ran)), 'kept 2\n');
  });

  test('works after Stop was pressed while nothing ran', async () => {
    const ran = await run(
      "const idle = display.slider({ min: 0, max: 9 });\nawait display.redraw({ idle }, ({ idle }) => 'drawn ' + idle);",
    );
    await driver.call('interrupt', { id: 'a' });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const published = await interact([moved(modelOf(ran, 'FloatSlider'), { value: 2 })], 'drawn 2');
    assert.deepEqual(
      drawn(published, ran).map(({ data }) => data),
      [{ 'text/plain': 'drawn 2' }],
    );
  });
});

describe('redraw', () => {
  const FIGURE = `const count = display.slider({ description: 'count', min: 1, max: 9 });
const name = display.select({ description: 'name', options: ['first', 'second'] });
await display.redraw({ count, name }, ({ count, name }) => {
  if (count === 7) throw new RangeError('not seven');
  return { data: [{ type: 'scatter', y: Array(count).fill(1) }], layout: { title: { text: name }, height: 200 } };
});`;
  const PLOTLY = 'application/vnd.plotly.v1+json';
  const lengthOf = ({ data }: Output) =>
    (data?.[PLOTLY] as { data: { y: unknown[] }[] } | undefined)?.data[0].y.length;

  test('shows the controls and below them a figure, and draws it anew in the same place', async () => {
    const ran = await run(FIGURE);
    const views = ran.outputs.filter(({ data }) => data?.[VIEW] && data['text/plain'] === '');
    assert.deepEqual(
      views.map(({ data }) => data?.[VIEW]),
      ['FloatSlider', 'Dropdown'].map((kind) => viewOf(modelOf(ran, kind))),
    );
    const figure = ran.outputs.at(-1);
    assert.equal(figure && lengthOf(figure), 1);
    const published = await interact(
      [moved(modelOf(ran, 'FloatSlider'), { value: 5 })],
      '"y": [1, 1, 1, 1, 1]',
    );
    const [space, again] = drawn(published, ran);
    assert.deepEqual([space.type, again.type], ['update_display_data', 'update_display_data']);
    assert.deepEqual(
      new Set([space, again].map(({ transient }) => transient?.display_id)),
      new Set([figure?.transient?.display_id]),
    );
    assert.equal(space.data?.['text/html'], '<div style="height: 200px"></div>');
    assert.equal(lengthOf(again), 5);
    const both = await interact([moved(modelOf(ran, 'Dropdown'), { index: 1 })], 'Figure “second”');
    assert.equal(lengthOf(drawn(both, ran)[1]), 5);
  });

  test('shows an error in the place of the figure, which comes back', async () => {
    const ran = await run(FIGURE);
    const id = modelOf(ran, 'FloatSlider');
    const [error] = drawn(await interact([moved(id, { value: 7 })], 'not seven'), ran);
    assert.equal(error.type, 'update_display_data');
    assert.match(String(error.data?.['text/plain']), /^RangeError: not seven\n {4}at .*cell \d+:4:/);
    assert.equal(lengthOf(drawn(await interact([moved(id, { value: 2 })], '"y": [1, 1]'), ran)[0]), 2);
  });

  test('fails its cell where it fails the first time, and draws when a control changes', async () => {
    const ran = await run(FIGURE.replace('max: 9', 'max: 9, value: 7'));
    assert.equal(ran.reply.status, 'error');
    const [figure] = drawn(
      await interact([moved(modelOf(ran, 'FloatSlider'), { value: 3 })], '"y": [1, 1, 1]'),
      ran,
    );
    assert.deepEqual([figure.type, lengthOf(figure)], ['display_data', 3]);
  });
});

describe('outside a notebook', () => {
  test('controls keep the values they begin with, and are drawn as text', async (context) => {
    const written: string[] = [];
    const controls = {
      rho: slider({ description: 'ρ', min: 1, max: 1000, value: 10, log: true }),
      method: select({ description: 'method', options: ['synflow', 'snip'] }),
      again: button({ description: 'again' }),
    };
    onChange(controls.rho, () => assert.fail('nothing moves it'));
    context.mock.method(process.stdout, 'write', (text: string) => written.push(text));
    await redraw(controls, ({ rho, method, again }) => `${method} ${rho.toFixed(1)} ${again}`);
    context.mock.restoreAll();
    assert.equal(written.join(''), 'ρ: 10\nmethod: synflow\nagain: pressed 0 times\nsynflow 10.0 0\n');
  });

  test('types follow from the options', () => {
    const method: Control<'synflow' | 'snip'> = select({ options: ['synflow', 'snip'], value: 'snip' });
    const width: Control<10 | 100> = select({ options: [10, 100] });
    assert.deepEqual([method.value, width.value], ['snip', 10]);
  });

  test('what cannot be is refused', async () => {
    assert.throws(() => slider({ min: 3, max: 3 }), /invalid slider; min is not below max: \[3, 3\]/);
    assert.throws(() => slider({ min: Number.NaN, max: 3 }), /invalid slider; min is not below max/);
    assert.throws(
      () => slider({ min: 0, max: Number.POSITIVE_INFINITY }),
      /invalid slider; min is not below max/,
    );
    assert.throws(() => slider({ min: 0, max: 3, value: 4 }), /invalid slider; value not in \[0, 3\]: 4/);
    assert.throws(() => slider({ min: 0, max: 3, step: 0 }), /invalid slider; step not above 0: 0/);
    assert.throws(
      () => slider({ min: 0, max: 3, log: true }),
      /invalid slider; min not above 0, with log: 0/,
    );
    assert.throws(
      () => slider({ min: 0, max: 3, steps: 1 } as never),
      /invalid options of slider; .*step.*: steps/,
    );
    assert.throws(() => select({ options: [] }), /invalid select; no options to choose from/);
    assert.throws(() => select({ choices: ['a'] } as never), /invalid options of select; .*: choices/);
    assert.throws(
      () => select({ options: ['a'], value: 'b' as never }),
      /invalid select; value is none of a: b/,
    );
    assert.throws(
      () => onChange({ value: 3 } as never, () => {}),
      /invalid control; not a slider, select or button/,
    );
    await assert.rejects(
      redraw({ rho: 3 } as never, () => {}),
      /invalid controls; not a slider, select or button: rho/,
    );
  });
});
