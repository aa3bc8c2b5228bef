import assert from 'node:assert/strict';
import { mkdirSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type KernelDriver, openDriver, type Ran } from './kernelDriver';

let driver: KernelDriver;
let folder: string;

before(async () => {
  driver = openDriver();
  folder = join(driver.bare, 'work');
  mkdirSync(folder);
  await driver.call('start', { id: 'a', cwd: folder });
});
after(() => driver.close());

function put(name: string, text: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}
const install = (name: string, files: Record<string, string>) => {
  for (const [file, text] of Object.entries(files)) put(join('node_modules', name, file), text);
};
const run = (code: string) => driver.run('a', code);

async function result(code: string): Promise<unknown> {
  const { outputs } = await run(code);
  assert.deepEqual(
    outputs.map(({ type, text, traceback }) => text ?? traceback?.join('\n') ?? type),
    ['execute_result'],
  );
  return outputs[0].data?.['text/plain'];
}

async function refused(code: string, message: RegExp): Promise<void> {
  const { outputs }: Ran = await run(code);
  assert.match(outputs.map(({ traceback = [] }) => traceback.join('\n')).join('\n'), message);
}

describe('a file that comes after its import failed', () => {
  test('is found, in every kind, with and without its suffix', async () => {
    const files = {
      'plain.ts': './plain',
      'suffixed.ts': './suffixed.ts',
      'module.mts': './module.mjs',
      'common.cts': './common.cjs',
      'script.js': './script.js',
      'bare.js': './bare',
      'native.mjs': './native.mjs',
      'inner/deep.ts': './inner/deep',
      'whole/index.ts': './whole',
      'slash/index.js': './slash/',
      'jsx.tsx': './jsx',
      '../above.ts': '../above',
      '../higher.js': '../higher.js',
      '../aside/index.ts': '../aside',
    };
    for (const [file, name] of Object.entries(files)) {
      const code = `import { q } from '${name}';\nq`;
      await refused(code, /Cannot find module/);
      put(file, `export const q = '${file}';\n`);
      assert.equal(await result(code), file);
    }
  });

  test('is found by a module that imports it, and by a cell that loads it while it runs', async () => {
    put('outer.ts', "export { later } from './later';\n");
    await refused("import { later } from './outer';\nlater", /later/);
    put('later.ts', 'export const later = 1;\n');
    assert.equal(await result("import { later } from './outer';\nlater"), '1');
    const load = "(await import('./lazy' as string)).lazy";
    await refused(load, /Cannot find module '.\/lazy'/);
    put('lazy.ts', 'export const lazy = 2;\n');
    assert.equal(await result(load), '2');
  });

  test("is found in the notebook's folder, whatever folder a cell has changed to", async () => {
    await run("process.chdir('/');");
    await refused("import { q } from './changed';\nq", /Cannot find module/);
    put('changed.ts', "export const q: string = 'changed';\n");
    assert.equal(await result("import { q } from './changed';\nq"), 'changed');
    put('changed.ts', 'export const q: string = 1;\n');
    await refused("import { q } from './changed';\nq", /changed\.ts:1:14 - Type 'number'/);
    assert.equal(await result('process.chdir(__dirname);\nprocess.cwd()'), folder);
  });

  test('is found whatever appears in the folder meanwhile', async () => {
    put('settings.json', '{ "rate": 1 }');
    const read = "import settings from './settings.json';\nsettings.rate";
    assert.equal(await result(read), '1');
    put('another.ts', 'export {};\n');
    mkdirSync(join(folder, 'node_modules'), { recursive: true });
    put('new/folder/note.txt', 'words');
    assert.equal(await result(read), '1');
    await refused("import { q } from './never';", /Cannot find module '.\/never'/);
    assert.equal(await result('settings.rate + 1'), '2');
  });
});

describe('a file that changes', () => {
  test('is loaded anew by its import, and for what was imported before', async () => {
    const files = {
      'changing.ts': (n: number) => `export const value = () => ${n};\n`,
      'changing2.mts': (n: number) => `export const value = (): number => ${n};\n`,
      'changing3.cts': (n: number) => `export const value = (): number => ${n};\n`,
      'changing4.js': (n: number) => `exports.value = () => ${n};\n`,
      'changing5.mjs': (n: number) => `export const value = () => ${n};\n`,
      '../changing6.ts': (n: number) => `export const value = () => ${n};\n`,
    };
    for (const [file, text] of Object.entries(files)) {
      const name = file.startsWith('.') ? file : `./${file}`;
      put(file, text(1));
      const load = `import { value } from '${name.replace(/\.([mc])ts$/, '.$1js')}';\nvalue()`;
      assert.equal(await result(load), '1', file);
      put(file, text(20));
      assert.equal(await result('value()'), '20', file);
      put(file, text(300));
      assert.equal(await result(load), '300', file);
    }
  });

  test('is loaded anew where it is data', async () => {
    put('data.json', '{ "rows": [1], "name": "a" }');
    const load = "import data from './data.json';\ndata.rows.length";
    assert.equal(await result(load), '1');
    put('data.json', '{ "rows": [1, 2], "name": "a" }');
    assert.equal(await result('data.rows.length'), '2');
    put('data.json', '{ "rows": [1, 2, 3], "title": "b" }');
    assert.equal(await result(`${load.replace('rows.length', 'title')}`), 'b');
    put('data.json', '{ "rows": [');
    const { outputs } = await run('(data as any).title');
    assert.match(String(outputs[0].text), /does not load.*JSON/s);
    assert.equal(outputs[1].data?.['text/plain'], 'b');
    put('data.json', '{ "title": "mended" }');
    assert.equal(await result('data.title'), 'mended');
  });

  test('changes what was imported, be it no function', async () => {
    put('numbers.ts', 'export const rate = 1;\nexport default 10;\n');
    put('numbers.json', '{ "scale": 100 }');
    put('maybe.json', 'null');
    const load = `import whole, { rate, rate as speed } from './numbers';
import * as all from './numbers';
import { scale } from './numbers.json';
import * as file from './numbers.json';
import maybe from './maybe.json';
`;
    const read = '[whole, rate, speed, all.rate, scale, file.scale, maybe].join()';
    assert.equal(await result(load + read), '10,1,1,1,100,100,');
    put('numbers.ts', 'export const rate = 2 as number;\nexport default 20 as number;\n');
    put('numbers.json', '{ "scale": 200 }');
    put('maybe.json', '3');
    assert.equal(await result(read), '20,2,2,2,200,200,3');
    assert.equal(await result('const rate = 5;\nrate'), '5');
    put('numbers.ts', 'export const rate = 3 as number;\nexport default 30 as number;\n');
    assert.equal(await result(read), '30,5,3,3,200,200,3');
  });

  test('is loaded anew once what it lacks has come', async () => {
    put('user.ts', 'export const use = () => 1;\n');
    assert.equal(await result("import { use } from './user';\nuse()"), '1');
    put('user.ts', "import { extra } from './extra';\nexport const use = () => extra;\n");
    const { outputs } = await run('1');
    assert.match(String(outputs[0].text), /does not load.*extra/s);
    assert.equal(await result('use()'), '1');
    put('user.ts', "throw new Error('while it loads');\n");
    const { outputs: thrown } = await run('1');
    assert.match(String(thrown[0].text), /does not load.*\n.*user\.ts: while it loads\n$/);
    put('user.ts', "import { extra } from './extra';\nexport const use = () => extra;\n");
    put('extra.ts', 'export const extra = 5;\n');
    assert.equal(await result('use()'), '5');
  });

  test('is loaded once where it does not change', async () => {
    put('once.ts', 'export const loads = { count: 0 };\nloads.count++;\n');
    const load = "import { loads } from './once';\nloads.count++";
    assert.equal(await result(load), '1');
    assert.equal(await result(load), '2');
    assert.equal(await result("(await import('./once')).loads.count++"), '3');
    assert.equal(await result("require('./once.ts').loads.count"), '4');
  });
});

describe('a module beside the notebook', () => {
  test('is named with its own lines where it throws', async () => {
    put(
      'thrower.mts',
      'interface Away {}\n\nexport const fail = (): never => {\n  throw new Error("meant");\n};\n',
    );
    await refused("import { fail } from './thrower.mjs';\nfail();", /thrower\.mts:4:9\).*cell \d+:2:\d/s);
  });

  test('is checked for types, but JavaScript is run as it is', async () => {
    put('typed.ts', "export const typed: number = 'a word';\n");
    await refused(
      "import { typed } from './typed';\ntyped",
      /typed\.ts:1:14 - Type 'string' is not assignable/,
    );
    put('untyped.js', "let value = 1;\nvalue = 'a word';\nexports.value = value;\n");
    assert.equal(await result("import { value as untyped } from './untyped';\nuntyped"), 'a word');
  });
});

describe('a file that goes', () => {
  test('fails its next import, and what was imported stays', async () => {
    put('leaving.ts', 'export const left = () => 7;\n');
    const load = "import { left } from './leaving';\nleft()";
    assert.equal(await result(load), '7');
    unlinkSync(join(folder, 'leaving.ts'));
    assert.equal(await result('left()'), '7');
    await refused(load, /Cannot find module '.\/leaving'/);
    put('leaving.ts', 'export const left = () => 8;\n');
    assert.equal(await result(load), '8');
  });

  test('is found under its new name, in a folder or another kind', async () => {
    put('part.ts', 'export const part = () => 1;\n');
    put('moving.ts', "export { part } from './part';\n");
    const load = "import { part } from './moving';\npart()";
    assert.equal(await result(load), '1');
    mkdirSync(join(folder, 'part'));
    renameSync(join(folder, 'part.ts'), join(folder, 'part', 'index.ts'));
    assert.equal(await result(load), '1');
    put('part/index.ts', 'export const part = () => 2;\n');
    assert.equal(await result('part()'), '2');
    rmSync(join(folder, 'part'), { recursive: true });
    put('part.js', 'exports.part = () => 3;\n');
    assert.equal(await result(load), '3');
    put('part.ts', 'export const part = () => 4;\n');
    assert.equal(await result("import { part as direct } from './part';\ndirect()"), '4');
  });

  test('in place of which another is moved is loaded anew', async () => {
    put('target.ts', 'export const from = () => 1;\n');
    put('source.ts', 'export const from = () => 2;\n');
    assert.equal(await result("import { from } from './target';\nfrom()"), '1');
    renameSync(join(folder, 'source.ts'), join(folder, 'target.ts'));
    assert.equal(await result('from()'), '2');
  });
});

describe('a link', () => {
  test('leads to what it points to now', async () => {
    put('versions/one.ts', 'export const version = () => 1;\n');
    put('versions/two.ts', 'export const version = () => 2;\n');
    symlinkSync(join(folder, 'versions', 'one.ts'), join(folder, 'linked.ts'));
    const load = "import { version } from './linked';\nversion()";
    assert.equal(await result(load), '1');
    put('versions/one.ts', 'export const version = () => 11;\n');
    assert.equal(await result(load), '11');
    unlinkSync(join(folder, 'linked.ts'));
    symlinkSync(join(folder, 'versions', 'two.ts'), join(folder, 'linked.ts'));
    assert.equal(await result(load), '2');
    symlinkSync(join(folder, 'versions'), join(folder, 'tree'));
    assert.equal(await result("import { version as first } from './tree/one';\nfirst()"), '11');
    unlinkSync(join(folder, 'tree'));
    await refused("import { version as first } from './tree/one';\nfirst()", /Cannot find module/);
  });
});

describe('a package', () => {
  test('is found once it is installed, in every form', async () => {
    const packages: Record<string, Record<string, string>> = {
      plain: { 'package.json': '{ "main": "lib/main.js" }', 'lib/main.js': "exports.q = 'plain';" },
      indexed: { 'index.js': "exports.q = 'indexed';" },
      typed: {
        'package.json': '{ "main": "m.js", "types": "m.d.ts" }',
        'm.js': "exports.q = 'typed';",
        'm.d.ts': 'export declare const q: string;',
      },
      modern: {
        'package.json':
          '{ "type": "module", "exports": { ".": { "types": "./m.d.ts", "default": "./m.js" } } }',
        'm.js': "export const q = 'modern';",
        'm.d.ts': 'export declare const q: string;',
      },
      '@scope/part': { 'package.json': '{ "main": "m.js" }', 'm.js': "exports.q = '@scope/part';" },
      'with/sub': { 'index.js': "exports.q = 'with/sub';" },
    };
    for (const [name, files] of Object.entries(packages)) {
      const code = `import { q } from '${name}';\nq`;
      await refused(code, /Cannot find module/);
      await refused(`require('${name}')`, /Cannot find module/);
      install(name, files);
      assert.equal(await result(code), name);
      assert.equal(await result(`require('${name}').q`), name);
    }
  });

  test('of another version is loaded and checked anew', async () => {
    const version = (n: number, type: string): Record<string, string> => ({
      'package.json': `{ "main": "m.js", "types": "m.d.ts", "version": "${n}.0.0" }`,
      'm.js': `exports.value = require('./part').value;`,
      'part.js': `exports.value = () => ${JSON.stringify(type === 'string' ? `${n}` : n)};`,
      'm.d.ts': `export declare const value: () => ${type};`,
    });
    install('versioned', version(1, 'number'));
    put('uses.ts', "import { value } from 'versioned';\nexport const used = () => value();\n");
    const code = "import { value } from 'versioned';\nimport { used } from './uses';\nvalue() + used()";
    assert.equal(await result(code), '2');
    rmSync(join(folder, 'node_modules', 'versioned'), { recursive: true });
    install('versioned', version(2, 'string'));
    assert.equal(await result('value() + used()'), '22');
    await refused('const n: number = value();', /Type 'string' is not assignable/);
    assert.equal(await result(code), '22');
  });

  test('is found by a module beside the notebook, too, and missed once it is gone', async () => {
    put('needs.ts', "import { q } from 'needed';\nexport const got = q;\n");
    const code = "import { got } from './needs';\ngot";
    await refused(code, /needs\.ts.*Cannot find module 'needed'/s);
    install('needed', { 'package.json': '{ "main": "m.js" }', 'm.js': 'exports.q = 3;' });
    assert.equal(await result(code), '3');
    rmSync(join(folder, 'node_modules', 'needed'), { recursive: true });
    await refused("import { q as again } from 'needed';\nagain", /Cannot find module 'needed'/);
  });
});

describe('code pasted from a file', () => {
  test('may export', async () => {
    put('shared.ts', "export const shared = 'shared';\n");
    const code = `export { shared } from './shared';
export interface Point { x: number }
export const origin: Point = { x: 0 };
export default class Shape { sides = 3 }
export { origin as start };
export default { ...origin, sides: new Shape().sides };`;
    assert.equal(await result(code), '{ x: 0, sides: 3 }');
    assert.equal(await result('[shared, origin.x, new Shape().sides].join()'), 'shared,0,3');
    await refused('export const one = 1;\nexport const two: string = one;', /cell \d+:2:14 - Type 'number'/);
    await refused(
      'export const three = 1;\nexport const four = fail4();',
      /cell \d+:2:21 - Cannot find name 'fail4'/,
    );
    await refused("export const five = (() => { throw new Error('thrown'); })();", /cell \d+:1:36/);
  });

  test('may say that a file is JSON', async () => {
    put('kind.json', '{ "kind": 4 }');
    const code =
      "import file from './kind.json' with { type: 'json' };\nimport other from \"./kind.json\" assert {\n  type: 'json' };";
    assert.equal(await result(`${code}\nfile.kind + other.kind`), '8');
    assert.equal(await result("(await import('./kind.json', { with: { type: 'json' } })).default.kind"), '4');
    await refused(
      "import file from './kind.json' with { type: 'json' }; missing;",
      /cell \d+:1:55 - Cannot find name/,
    );
  });

  test('knows its own place', async () => {
    assert.equal(await result('__dirname'), folder);
    assert.equal(await result('import.meta.dirname'), folder);
    assert.equal(await result("import { dirname } from 'node:path';\ndirname(__filename)"), folder);
    assert.equal(await result('import.meta.filename === __filename'), 'true');
    assert.equal(await result("new URL('./data.csv', import.meta.url).pathname"), join(folder, 'data.csv'));
    assert.equal(await result("import.meta.resolve('./data.csv')"), `file://${join(folder, 'data.csv')}`);
    put('placed.ts', 'export const place = [__dirname, import.meta.url];\n');
    assert.match(
      String(await result("import { place } from './placed';\nplace.join()")),
      /work,file:.*work\/placed\.ts$/,
    );
    put('own.json', '{ "title": "mended" }');
    const usual = `import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
const __filename = fileURLToPath(import.meta.url);
const __dirname = dirname(__filename);
const own = createRequire(import.meta.url);
const here = () => [__dirname, import.meta.dirname, own('./own.json').title].join();
let ___third = 3, __n = 2;
here()`;
    assert.equal(await result(usual), `${folder},${folder},mended`);
    assert.equal(await result('here() === [__dirname, __dirname, own("./own.json").title].join()'), 'true');
    assert.equal(await result('__n += ___third;\n__n'), '5');
    await refused('1;\nimport.meta.env', /cell \d+:2:13 - Property 'env' does not exist/);
  });
});
