/**
 * What a model is called by: SHA-256 of its canonical architecture, and of that with its weights.
 *
 * The canonical architecture is JSON with sorted keys of what defines the function and nothing else: no names, no
 * initialisers, no defaults left out. An activation is a step of its own wherever it was written, so that
 * Dense(relu) and Dense followed by ReLU are one architecture.
 */
import { toHex, utf8 } from '../bytes/bytes.ts';
import { sha256 } from '../crypto/hash.ts';
import { parameterCount, readArchitecture } from './architecture.ts';
import type { ModelTopology } from './engine.ts';
import type { JsonValue } from './layers/json.ts';

/** Throws FederationError 'model-refused' when the topology is not one that can be trained. */
export function canonicalArchitecture(topology: ModelTopology): string {
  const { input, layers } = readArchitecture(topology);
  const steps: Readonly<Record<string, JsonValue>>[] = [];
  /** Which step gives a layer's output; -1 is the input. */
  const given: number[] = [];
  for (const layer of layers) {
    const from = layer.inbound.map((feeder) => (feeder === -1 ? -1 : given[feeder]!));
    const activation = layer.activation ?? 'linear';
    let at = from[0]!;
    if (!isFunction(layer.className)) {
      steps.push(
        layer.className === 'Flatten'
          ? { step: 'Reshape', from, target_shape: layer.output }
          : { step: layer.className, from, ...layer.config },
      );
      at = steps.length - 1;
    }
    if (activation !== 'linear') {
      steps.push({ step: activation, from: [at] });
      at = steps.length - 1;
    }
    given.push(at);
  }
  return sortedJson({ input, steps });
}

const isFunction = (className: string): boolean =>
  ['Activation', 'ReLU', 'ELU', 'Softmax'].includes(className);

function sortedJson(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map((item) => sortedJson(item as JsonValue)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${sortedJson(item)}`).join(',')}}`;
}

/** Hexadecimal. */
export function architectureSha256(topology: ModelTopology): string {
  return toHex(sha256(utf8(canonicalArchitecture(topology))));
}

/**
 * Hexadecimal, over the canonical architecture's JSON and then the weights, [parameters] float32, little-endian, in
 * layer order. Throws RangeError when there are more or fewer weights than the architecture has.
 */
export function modelSha256(topology: ModelTopology, weights: Float32Array): string {
  const expected = parameterCount(topology);
  if (weights.length !== expected)
    throw new RangeError(
      `cannot hash a model, as it must have ${expected} weights, and has ${weights.length}`,
    );
  const bytes = new Uint8Array(weights.length * 4);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < weights.length; index += 1) view.setFloat32(index * 4, weights[index]!, true);
  return toHex(sha256(utf8(canonicalArchitecture(topology)), bytes));
}
