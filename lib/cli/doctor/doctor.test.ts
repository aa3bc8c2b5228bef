import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Manifest } from '../../data/manifest';
import { checkData } from './checkData';
import { checkEngine, type ProbeResult } from './checkEngine';
import { checkKernelspec } from './checkKernelspec';
import { memory, nvidiaGpus } from './checkMachine';
import { checkNode } from './checkNode';
import { checkPackages } from './checkPackages';
import { checkPython } from './checkPython';
import { diagnose } from './diagnose';
import type { Finding } from './finding';
import { report } from './report';

const kernelPath = '.venv/share/jupyter/kernels/pathkernel/kernel.json';
const bindingPath = 'node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node';

/** An empty project folder that goes with the test, and a way to put files into it. */
function emptyProject(t: TestContext) {
  const root = mkdtempSync(join(tmpdir(), 'pathkernel-doctor-'));
  t.after(() => rmSync(root, { recursive: true }));
  const put = (path: string, content: unknown = '') => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
    return join(root, path);
  };
  return { root, put };
}

const states = (findings: Finding | Finding[]) => [findings].flat().map(({ state }) => state);

test('in an empty folder every part is looked at, and each one amiss has its remedy', (t) => {
  const { root } = emptyProject(t);
  const findings = diagnose(root);
  const amiss = findings.filter(({ state }) => state === 'broken');
  const names = amiss.map(({ name }) => name);
  assert.deepEqual(names, ['npm packages', 'TensorFlow', 'JupyterLab', 'kernelspec', 'data fashion-mnist']);
  for (const { name, remedy } of amiss) assert.ok(remedy, name);
});

test('a check that throws is a finding, and the others still have their turn', () => {
  const findings = diagnose('/nowhere', {
    first: () => {
      throw new Error('odd');
    },
    second: () => checkNode('20.19.0'),
  });
  assert.deepEqual(states(findings), ['broken', 'ok']);
  assert.equal(findings[0].value, 'odd');
});

test('Node is judged by the tested lines; a newer one is a note', () => {
  for (const version of ['20.19.0', '22.12.0', '24.1.0', '26.0.0'])
    assert.equal(checkNode(version).state, 'ok');
  for (const version of ['23.5.0', '25.0.0', '27.0.0']) assert.equal(checkNode(version).state, 'note');
  for (const version of ['18.20.0', '20.18.1', '22.11.0', '']) {
    assert.equal(checkNode(version).state, 'broken');
    assert.match(checkNode(version).remedy ?? '', /install Node 20\.19\+/);
  }
});

test('little memory is worth a note', () => {
  assert.equal(memory(8 * 2 ** 30, 2 ** 30).state, 'ok');
  assert.equal(memory(2 * 2 ** 30, 2 ** 30).state, 'note');
});

test('npm packages are compared with what lib asks for, its own node_modules first', (t) => {
  const { root, put } = emptyProject(t);
  put('lib/package.json', { dependencies: { a: '1.0.0', b: '2.0.0' } });
  put('node_modules/a/package.json', { version: '1.0.0' });
  assert.match(checkPackages(root).value, /^b is missing$/);
  put('node_modules/b/package.json', { version: '1.9.0' });
  assert.match(checkPackages(root).value, /^b 1\.9\.0$/);
  put('lib/node_modules/b/package.json', { version: '2.0.0' });
  assert.equal(checkPackages(root).state, 'ok');
});

test('a Python environment without JupyterLab is found', (t) => {
  const { root, put } = emptyProject(t);
  assert.match(checkPython(root).value, /no Python environment/);
  put('.venv/bin/python', 'not a program');
  assert.match(checkPython(root).value, /holds no JupyterLab/);
});

test('the kernelspec must start a Node that is there with the kernel of this folder', (t) => {
  const { root, put } = emptyProject(t);
  const kernel = join(root, 'lib', 'notebook', 'kernel.cjs');
  const valueWith = (argv: unknown) => {
    put(kernelPath, { argv });
    return checkKernelspec(root).value;
  };
  assert.match(checkKernelspec(root).value, /not registered/);
  assert.match(valueWith('node'), /cannot be read/);
  assert.match(valueWith(['/old/node', kernel]), /starts \/old\/node/);
  assert.match(valueWith([process.execPath, '/old/kernel.cjs']), /not this folder's kernel/);
  assert.match(valueWith([process.execPath, kernel]), /kernel\.cjs is not there/);
  put('lib/notebook/kernel.cjs');
  assert.equal(checkKernelspec(root).state, 'ok');
});

test('data sets are there, begun or to be downloaded', (t) => {
  const { root, put } = emptyProject(t);
  const set = { title: '', source: '', files: ['x', 'y'].map((name) => ({ name, bytes: 1, mirrors: [] })) };
  const manifest: Manifest = { whole: set, half: set, none: set };
  put('data/fashion-mnist/README.md');
  put('sets/whole/x');
  put('sets/whole/y');
  put('sets/half/x');
  const before = process.env.PATHKERNEL_DATA;
  t.after(() => {
    if (before === undefined) delete process.env.PATHKERNEL_DATA;
    else process.env.PATHKERNEL_DATA = before;
  });
  process.env.PATHKERNEL_DATA = join(root, 'sets');
  const findings = checkData(root, manifest);
  assert.deepEqual(states(findings), ['ok', 'ok', 'note', 'note']);
  assert.match(findings[2].value, /1 of 2 files/);
  assert.equal(findings[2].remedy, 'npx pathkernel data half');
  assert.equal(findings[3].value, 'none');
});

function engineWith(t: TestContext, result: Partial<ProbeResult>, gpus: string[] = []) {
  const { root, put } = emptyProject(t);
  put(bindingPath);
  return checkEngine(root, () => ({ status: 0, signal: null, stdout: '', stderr: '', ...result }), gpus);
}

test('a binding that is not built is found without trying the engine', (t) => {
  const { root } = emptyProject(t);
  const [finding] = checkEngine(root, () => assert.fail('tried'), []);
  assert.equal(finding.state, 'broken');
  assert.equal(finding.remedy, 'npm run setup');
});

test('an engine that ends its process is told by how it ended', (t) => {
  const ended = (result: Partial<ProbeResult>) => engineWith(t, { status: null, ...result })[0];
  assert.match(ended({ signal: 'SIGILL' }).value, /AVX/);
  assert.match(ended({ signal: 'SIGSEGV' }).value, /SIGSEGV/);
  assert.match(ended({ signal: 'SIGKILL' }).value, /memory/);
  assert.match(ended({ status: 1, stderr: "version `GLIBC_2.27' not found" }).value, /C library/);
  assert.match(
    ended({ status: 1, stderr: 'x\nError: cannot open lib\n    at y\n' }).value,
    /cannot open lib/,
  );
});

test('the engine is reported with device, threads and two speeds; a GPU lying idle is noted', (t) => {
  const facts = { version: '2.21.0', device: 'CPU', threads: 2, product: 99.6, convolution: 80.2 };
  const stdout = `${JSON.stringify(facts)}\n`;
  const plain = engineWith(t, { stdout });
  assert.deepEqual(states(plain), ['ok', 'ok', 'ok', 'ok', 'ok']);
  assert.match(
    report(plain),
    /2\.21\.0[\s\S]*CPU[\s\S]*2\n[\s\S]*100 GFLOP\/s[\s\S]*80 GFLOP\/s[\s\S]*can run/,
  );
  const idle = engineWith(t, { stdout }, ['NVIDIA H200'])[1];
  assert.equal(idle.state, 'note');
  assert.match(idle.remedy ?? '', /setup -- --gpu/);
  const used = engineWith(t, { stdout: JSON.stringify({ ...facts, device: 'GPU' }) }, ['NVIDIA H200'])[1];
  assert.equal(used.value, 'GPU: NVIDIA H200');
});

test('GPUs are read from the driver', (t) => {
  const { root, put } = emptyProject(t);
  assert.deepEqual(nvidiaGpus(join(root, 'gpus')), []);
  put('gpus/0000:01:00.0/information', 'Model: \t\t NVIDIA H200\nIRQ: 1\n');
  assert.deepEqual(nvidiaGpus(join(root, 'gpus')), ['NVIDIA H200']);
});

test('the report ends with the verdict', () => {
  const fine: Finding = { name: 'a', value: 'b', state: 'ok' };
  const wrong: Finding = { name: 'c', value: 'd', state: 'broken', remedy: 'mend it' };
  assert.match(report([fine]), /the project can run$/);
  assert.match(report([fine, wrong]), /✗ c +d\n +→ mend it\n\nthe project cannot run: 1 thing to mend$/);
  assert.match(report([wrong, wrong]), /2 things to mend$/);
});

test('the engine of this machine is found and right', () => {
  const findings = checkEngine(join(__dirname, '..', '..', '..'));
  assert.deepEqual(
    findings.filter(({ state }) => state === 'broken'),
    [],
  );
  assert.match(findings[0].value, /^\d+\.\d+\.\d+/);
});
