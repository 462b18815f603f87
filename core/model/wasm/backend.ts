/** Turns tf.js's WebAssembly backend on: one thread, as its threads do not work in Node and processes share the cores. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { registerBackpropKernels } from './backprop-kernels.ts';

/** tf.js has one backend at a time for the whole process: call before every task. */
export async function useWasmBackend(): Promise<void> {
  if (tf.getBackend() === 'wasm') return;
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  registerBackpropKernels();
  if (!(await tf.setBackend('wasm'))) throw new Error('tf.js cannot start its WebAssembly backend');
}
