/** Gradients of one number by any values behind it, themselves values that can be differentiated. */
import { add } from './operations.ts';
import { constant, withoutRecording, type Value } from './value.ts';

/**
 * d output / d input for each input, zeros where output does not depend on it. output: one number; inputs: variables,
 * or anything between them and output. Every order is right: call it on what is made of its results. With `last`, the
 * results are constants, which saves holding what they are made of.
 */
export function gradients(output: Value, inputs: readonly Value[], last?: 'last'): Value[] {
  return last === undefined ? flowBack(output, inputs) : withoutRecording(() => flowBack(output, inputs));
}

function flowBack(output: Value, inputs: readonly Value[]): Value[] {
  if (output.size !== 1) throw new RangeError(`gradients are taken of one number, not of ${output.size}`);
  const between = onTheWay(output, inputs);
  const flowing = new Map<Value, Value>([[output, constant(Float64Array.of(1), output.shape)]]);
  for (const value of between) {
    const gradient = flowing.get(value);
    if (gradient === undefined || value.backward === undefined) continue;
    for (const [index, parent] of value.parents.entries()) {
      if (!between.has(parent)) continue;
      const part = value.backward(gradient, index);
      const others = flowing.get(parent);
      flowing.set(parent, others === undefined ? part : add(others, part));
    }
  }
  return inputs.map((input) => flowing.get(input) ?? constant(new Float64Array(input.size), input.shape));
}

/** All that output is made of and that is made of an input, both included, latest first. */
function onTheWay(output: Value, inputs: readonly Value[]): Set<Value> {
  const behind = new Set([output]);
  for (const value of behind) for (const parent of value.parents) behind.add(parent);
  const wanted = new Set(inputs);
  const between: Value[] = [];
  const chosen = new Set<Value>();
  for (const value of [...behind].sort((left, right) => left.id - right.id))
    if (wanted.has(value) || value.parents.some((parent) => chosen.has(parent))) {
      chosen.add(value);
      between.push(value);
    }
  return new Set(between.reverse());
}
