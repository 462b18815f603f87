/**
 * The engine 'wasm': tf.js layers on its WebAssembly backend. Slower than the compiled engine by a factor of ten, but
 * it trains every model whose layers are in the catalogue.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Engine } from '../engine.ts';
import { createTfjsEngine } from '../tfjs/engine.ts';
import { useWasmBackend } from './backend.ts';

export function createWasmEngine(): Engine {
  return createTfjsEngine({
    name: 'wasm',
    variant: `tf.js ${tf.version_core}, SIMD`,
    use: useWasmBackend,
  });
}
