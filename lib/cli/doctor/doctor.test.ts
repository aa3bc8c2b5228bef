import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Manifest } from '../../data/manifest';
import { checkData } from './checkData';
import { checkDevice } from './checkDevice';
import { checkEngine, type ProbeResult } from './checkEngine';
import { checkKernelspec } from './checkKernelspec';
import { memory, nvidiaGpus } from './checkMachine';
import { checkNode } from './checkNode';
import { checkPackages } from './checkPackages';
import { checkPython } from './checkPython';
import { diagnose } from './diagnose';
import type { Finding } from './finding';
import { driverVersion, type GpuFacts, gpuFacts } from './gpuFacts';
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

const noGpu: GpuFacts = { build: 'cpu', names: [], hasDevice: false, hasLibrary: false, missing: [] };

function engineWith(t: TestContext, result: Partial<ProbeResult>, gpu: Partial<GpuFacts> = {}) {
  const { root, put } = emptyProject(t);
  put(bindingPath);
  const probe = () => ({ status: 0, signal: null, stdout: '', stderr: '', ...result });
  return checkEngine(root, probe, { ...noGpu, ...gpu });
}

test('a binding that is not built is found without trying the engine', (t) => {
  const { root } = emptyProject(t);
  const [finding] = checkEngine(root, () => assert.fail('tried'), noGpu);
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
  const h200 = { names: ['NVIDIA H200'], hasDevice: true, hasLibrary: true };
  const idle = engineWith(t, { stdout }, h200)[1];
  assert.equal(idle.state, 'note');
  assert.match(idle.remedy ?? '', /setup -- --gpu/);
  const used = engineWith(t, { stdout: JSON.stringify({ ...facts, device: 'GPU' }) }, h200)[1];
  assert.equal(used.value, 'GPU: NVIDIA H200');
});

/** As TensorFlow's CUDA build writes it. */
const cuInit = (error: string) =>
  `E0000 00:00:1795645856.663778   19293 cuda_platform.cc:52] failed call to cuInit: INTERNAL: CUDA error: Failed call to cuInit: ${error}\n`;
const noDevice = cuInit('CUDA_ERROR_NO_DEVICE: no CUDA-capable device is detected');
const works = { hasDevice: true, hasLibrary: true, names: ['NVIDIA H200'], driver: '570.86.15' };

const reasons: [given: string, facts: Partial<GpuFacts>, log: string, why: RegExp, remedy: RegExp][] = [
  [
    'no driver',
    {},
    cuInit('UNKNOWN ERROR (303)'),
    /no NVIDIA driver/,
    /install NVIDIA's driver.*setup -- --cpu/,
  ],
  ['no driver, and hidden', { visible: '' }, '', /no NVIDIA driver/, /install/],
  ['no device', { hasLibrary: true }, noDevice, /no device \(no \/dev\/nvidia0/, /--gpus all/],
  ['no library', { ...works, hasLibrary: false }, '', /H200.*no libcuda\.so\.1/, /libcuda1/],
  [
    'hidden',
    { ...works, visible: '' },
    noDevice,
    /CUDA_VISIBLE_DEVICES hides every GPU \(it is ""\)/,
    /unset/,
  ],
  ['hidden by a number', { ...works, visible: '-1' }, noDevice, /hides every GPU \(it is "-1"\)/, /unset/],
  ['an old driver', { ...works, driver: '470.256.02' }, '', /470\.256\.02, is too old/, /525 or newer/],
  [
    'an old driver that says so',
    { ...works, driver: undefined },
    cuInit(
      'CUDA_ERROR_SYSTEM_DRIVER_MISMATCH: system has unsupported display driver / cuda driver combination',
    ),
    /too old or not the one of its library \(CUDA_ERROR_SYSTEM_DRIVER_MISMATCH\)/,
    /update NVIDIA's driver/,
  ],
  [
    'packages missing',
    { ...works, missing: ['nvidia-cudnn-cu12'] },
    '',
    /libraries are missing: nvidia-cudnn-cu12/,
    /setup -- --gpu/,
  ],
  [
    'libraries that do not load',
    works,
    'W0000 gpu_device.cc:2400] Cannot dlopen some GPU libraries. Please make sure',
    /cannot be loaded/,
    /setup -- --gpu/,
  ],
  [
    'a number of no GPU',
    { ...works, visible: '7' },
    noDevice,
    /CUDA_ERROR_NO_DEVICE/,
    /CUDA_VISIBLE_DEVICES names/,
  ],
  [
    'a driver that fails',
    works,
    cuInit('CUDA_ERROR_UNKNOWN: unknown error'),
    /CUDA_ERROR_UNKNOWN/,
    /restart/,
  ],
  ['nothing said', works, '', /it does not say why/, /environment\.md/],
];

for (const [given, facts, log, why, remedy] of reasons)
  test(`a CUDA build on the processor says why: ${given}`, () => {
    const finding = checkDevice('CPU', { ...noGpu, build: 'gpu', ...facts }, log);
    assert.equal(finding.state, 'note');
    assert.match(finding.value, /^CPU.*CUDA build finds no GPU/);
    assert.match(finding.value, why);
    assert.match(finding.remedy ?? '', remedy);
    assert.doesNotMatch(`${finding.value}${finding.remedy}`, /\n|undefined/);
  });

test('the CUDA build on a GPU, and the other where there is none, are as they should be', () => {
  assert.deepEqual(checkDevice('GPU', { ...noGpu, build: 'gpu', ...works }), {
    name: 'device',
    value: 'GPU: NVIDIA H200',
    state: 'ok',
  });
  assert.equal(checkDevice('CPU', noGpu).state, 'ok');
  assert.match(checkDevice('CPU', { ...noGpu, hasDevice: true }).value, /though there is a GPU$/);
});

test('the build, and what it lacks, are told from the packages that are installed', (t) => {
  const { root, put } = emptyProject(t);
  assert.deepEqual([gpuFacts(root).build, gpuFacts(root).missing], ['cpu', []]);
  put(
    'setup/requirements-gpu.txt',
    '# why\ntensorflow==2.21.0\nnvidia-cublas-cu12==12.9\nnvidia-cudnn-cu12==9.28\n',
  );
  const site = '.venv/lib/python3.11/site-packages';
  put(`${site}/tensorflow-2.21.0.dist-info/METADATA`);
  put(`${site}/nvidia_cublas_cu12-12.9.dist-info/METADATA`);
  assert.deepEqual([gpuFacts(root).build, gpuFacts(root).missing], ['gpu', ['nvidia-cudnn-cu12']]);
  put(`${site}/tensorflow_cpu-2.21.0.dist-info/METADATA`);
  assert.equal(gpuFacts(root).build, 'cpu');
});

test('the version of the driver is read from what it says of itself', (t) => {
  const { root, put } = emptyProject(t);
  assert.equal(driverVersion(join(root, 'version')), undefined);
  const says = (kind: string) =>
    put(
      'version',
      `NVRM version: NVIDIA UNIX ${kind} 535.104.05  Sat Aug 19 01:15:15 UTC 2023\nGCC version: 12.2\n`,
    );
  for (const kind of ['x86_64 Kernel Module ', 'Open Kernel Module for x86_64 '])
    assert.equal(driverVersion(says(kind)), '535.104.05');
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
