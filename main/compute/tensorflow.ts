/**
 * TensorFlow where `npm run engine:tensorflow` has set it up: what there is of it, and loading it into this process.
 *
 * tfjs-node looks for the package @tensorflow/tfjs. The set-up puts one there that hands over the tf.js of this
 * program, so that there is one tf.js: tensors of two would not know each other.
 */
import { createRequire } from 'node:module';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import util from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { FederationError } from '../../core/errors/federation-error.ts';
import type { Engine } from '../../core/model/engine.ts';
import { createTensorflowEngine, type TensorflowBackend } from '../../core/model/tensorflow/engine.ts';
import {
  readTensorflowRecord,
  tensorflowCommand,
  tensorflowFolder,
  tensorflowPossible,
} from './tensorflow-facts.ts';

/** Where the package that tfjs-node looks for finds tf.js: build/tensorflow/parts.ts writes it. */
const sharedTfjs = Symbol.for('masquerade.tfjs');

/** One engine for the whole process: TensorFlow cannot be loaded twice. */
let known: Engine | undefined;

/**
 * The engine, of which nothing is loaded before it plans a model. Throws FederationError 'engine-missing' where
 * TensorFlow was not set up; plan() does where it does not load. folder: another than the usual one, for the first call
 * only.
 */
export async function tensorflowEngine(folder = tensorflowFolder): Promise<Engine> {
  const record = await readTensorflowRecord(folder);
  if (record === undefined) throw missing('it must be set up on this machine, and is not');
  known ??= createTensorflowEngine(record.tensorflow, () => loadTfjsNode(folder));
  return known;
}

/** tfjs-node's backend with its own kernels. Call once in a process. Throws FederationError 'engine-missing'. */
export function loadTfjsNode(folder = tensorflowFolder): TensorflowBackend {
  prepareProcess();
  try {
    return createBackend(folder);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw missing(`it must load, and does not (${reason})`, cause);
  }
}

/** TensorFlow reads these when it is loaded. */
function prepareProcess(): void {
  // One thread, as processes share the cores: the order of sums is then the same on any machine of this kind.
  for (const name of ['TF_NUM_INTRAOP_THREADS', 'TF_NUM_INTEROP_THREADS', 'OMP_NUM_THREADS'])
    process.env[name] = '1';
  // oneDNN's kernels are faster by a fifth, but do not bear signals: where a handler of this process interrupted them
  // (a profiler's, a child's end), gradients were not a number or memory was overwritten.
  process.env['TF_ENABLE_ONEDNN_OPTS'] = '0';
  // Errors only: it greets with what the processor could do.
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '3';
}

function createBackend(folder: URL): TensorflowBackend {
  const required = createRequire(new URL('node_modules/@tensorflow/tfjs-node/package.json', folder));
  // Gone from newer Node (tensorflow/tfjs#8609).
  Object.assign(util, {
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
    isArray: (value: unknown) => Array.isArray(value),
  });
  Object.assign(globalThis, { [sharedTfjs]: tf });
  const { NodeJSKernelBackend } = required('./dist/nodejs_kernel_backend.js') as {
    NodeJSKernelBackend: new (binding: unknown, packageName: string) => TensorflowBackend;
  };
  // Its kernels look for the backend by this name as soon as they are registered.
  required('./dist/register_all_kernels.js');
  const binding: unknown = required(fileURLToPath(new URL('lib/tfjs_binding.node', folder)));
  return new NodeJSKernelBackend(binding, '@tensorflow/tfjs-node');
}

function missing(reason: string, cause?: unknown): FederationError<'engine-missing'> {
  const command = tensorflowPossible() ? tensorflowCommand : '';
  const way = command === '' ? 'choose another engine' : `run ${command}, or choose another engine`;
  return new FederationError('engine-missing', `Cannot train with TensorFlow, as ${reason}: ${way}.`, {
    details: { engine: 'tensorflow', command },
    blame: 'user',
    action: 'correct',
    cause,
  });
}
