import * as fs from 'node:fs';
import * as os from 'node:os';
import { throwIfAbandoned } from '../base/interrupt';
import { thisMachine } from '../base/machine';
import type { NativeBackend } from './native';

/** The native backend, started once a process; a second call does nothing. */
export function startEngine(): void {
  if (started.has(KEY)) return;
  prepareEnvironment();
  restoreRemovedNodeFunctions();
  quietly(() => {
    const tf = loadBinding();
    tf.dispose(tf.add(tf.scalar(1), tf.scalar(1))); // creates the device, which is when TensorFlow speaks
    refuseAbandoned(tf.backend() as unknown as NativeBackend);
  });
  started.add(KEY);
}

// On globalThis, so that reloading this file in a notebook does not start a second engine.
const KEY = 'engine';
const REGISTRY = Symbol.for('pathkernel.started');
const globals = globalThis as { [REGISTRY]?: Set<string> };
globals[REGISTRY] ??= new Set<string>();
const started = globals[REGISTRY];

/** Settings TensorFlow reads when it is loaded; what the user has set stays. */
function prepareEnvironment(): void {
  const { env } = process;
  env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  env.TF_ENABLE_ONEDNN_OPTS ??= '1'; // twice as fast in convolutions; TensorFlow leaves it off on some processors
  const { cores } = thisMachine();
  if (env.PATHKERNEL_THREADS !== undefined) env.TF_NUM_INTRAOP_THREADS = env.PATHKERNEL_THREADS;
  else if (cores < os.availableParallelism()) env.TF_NUM_INTRAOP_THREADS ??= String(cores); // TensorFlow looks at no quota
  env.TF_NUM_INTEROP_THREADS ??= '1'; // ops run one after the other; more pools only compete
}

/**
 * Node 23 removed two functions of node:util that tfjs-node calls. They go into the module itself, as `require` gives it
 * to tfjs-node: an `import *` would be a copy.
 */
function restoreRemovedNodeFunctions(): void {
  const target: { isNullOrUndefined?: unknown; isArray?: unknown } = require('node:util');
  target.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  target.isArray ??= Array.isArray;
}

function loadBinding(): typeof import('@tensorflow/tfjs-node-gpu') {
  try {
    return require('@tensorflow/tfjs-node-gpu');
  } catch (cause) {
    throw new Error(
      'TensorFlow is not set up here; run `npm run setup` in the project folder, then try again',
      { cause },
    );
  }
}

/** Runs no op for code that goes on although its cell was given up. */
function refuseAbandoned(backend: NativeBackend): void {
  const { binding } = backend;
  const executeOp: typeof binding.executeOp = (...op) => {
    throwIfAbandoned();
    return binding.executeOp(...op);
  };
  backend.binding = Object.create(binding, { executeOp: { value: executeOp } });
}

/**
 * Runs `body` with the process's standard error turned away, when that is a screen or a pipe.
 *
 * TensorFlow writes two lines about oneDNN to file descriptor 2 before its own log level applies. A log file keeps them:
 * reopening one would give it a second write position.
 */
function quietly(body: () => void): void {
  const saved = process.env.TF_CPP_MIN_LOG_LEVEL === '0' ? undefined : redirectStandardError();
  try {
    body();
  } finally {
    if (saved !== undefined) {
      fs.closeSync(2);
      fs.openSync(`/proc/self/fd/${saved}`, 'a'); // the lowest free descriptor is 2 again
      fs.closeSync(saved);
    }
  }
}

/** Points descriptor 2 at nothing and returns a descriptor of where it pointed before; undefined where that cannot be done. */
function redirectStandardError(): number | undefined {
  if (os.platform() !== 'linux') return undefined;
  try {
    const { mode } = fs.fstatSync(2);
    const kind = mode & fs.constants.S_IFMT;
    if (kind !== fs.constants.S_IFCHR && kind !== fs.constants.S_IFIFO) return undefined;
    const saved = fs.openSync('/proc/self/fd/2', 'a');
    fs.closeSync(2);
    fs.openSync('/dev/null', 'w');
    return saved;
  } catch {
    return undefined;
  }
}
