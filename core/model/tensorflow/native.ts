/**
 * The part of tfjs-node's backend that runs TensorFlow's own operations by name: what tf.js has no name for, such as an
 * optimiser's step in one call.
 */
import type * as tf from '@tensorflow/tfjs-core';

/** tfjs-node's NodeJSKernelBackend, as far as it is used here. */
export interface NativeBackend {
  readonly binding: Readonly<Record<string, number>>;
  executeMultipleOutputs(
    name: string,
    attributes: readonly NativeAttribute[],
    inputs: readonly tf.TensorInfo[],
    outputs: number,
  ): tf.Tensor[];
}

interface NativeAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** The name under which tfjs-node's kernels are registered. */
export const backendName = 'tensorflow';

/** A setting of an operation: an element type, whole numbers, a shape, a word or a flag. */
export type Setting =
  | { readonly type: 'float32' }
  | { readonly integers: readonly number[] }
  | { readonly shape: readonly number[] }
  | { readonly text: string }
  | { readonly flag: boolean };

type Settings = Readonly<Record<string, Setting>>;

/** An operation and its settings, put in order once: it runs at every step. */
export class NativeOperation {
  readonly #backend: NativeBackend;
  readonly #name: string;
  readonly #attributes: readonly NativeAttribute[];

  /** Settings without the type T, which is float32 unless said otherwise. */
  constructor(backend: NativeBackend, name: string, settings: Settings = { T: { type: 'float32' } }) {
    this.#backend = backend;
    this.#name = name;
    this.#attributes = Object.entries(settings).map(([key, setting]) => attribute(backend, key, setting));
  }

  /** The one tensor that it gives. */
  run(...inputs: readonly tf.TensorInfo[]): tf.Tensor {
    return this.#backend.executeMultipleOutputs(this.#name, this.#attributes, inputs, 1)[0]!;
  }

  /** For what it does, not for what it gives. */
  perform(...inputs: readonly tf.TensorInfo[]): void {
    this.#backend.executeMultipleOutputs(this.#name, this.#attributes, inputs, 0);
  }
}

function attribute({ binding }: NativeBackend, name: string, setting: Setting): NativeAttribute {
  if ('type' in setting) return { name, type: binding['TF_ATTR_TYPE']!, value: binding['TF_FLOAT'] };
  if ('integers' in setting) return { name, type: binding['TF_ATTR_INT']!, value: setting.integers };
  if ('shape' in setting) return { name, type: binding['TF_ATTR_SHAPE']!, value: setting.shape };
  if ('text' in setting) return { name, type: binding['TF_ATTR_STRING']!, value: setting.text };
  return { name, type: binding['TF_ATTR_BOOL']!, value: setting.flag };
}
