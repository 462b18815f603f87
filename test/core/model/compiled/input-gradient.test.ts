/**
 * inputGradient() of both builds against tf.js's plain JavaScript backend: worst error at most 1e-5 of the largest entry
 * of each image's own gradient.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createCompiledEngine } from '../../../../core/model/compiled/engine.ts';
import type { InputGradientTask } from '../../../../core/model/engine.ts';
import { streamFromState, type RandomStream } from '../../../../core/random/generator.ts';
import { caseWeights, gradientCases, randomCase, type GradientCase } from './gradient-cases.ts';
import { graphCases, randomGraphCase } from './graph-cases.ts';
import {
  modules,
  modulesWithoutRelaxed,
  randomImages,
  Reference,
  states,
  topologyOf,
  variants,
  worstError,
} from './support.ts';

const limit = 1e-5;
const drawing = streamFromState(Int32Array.of(4, 3, 2, 1));
const cases = [
  ...gradientCases,
  ...graphCases,
  ...Array.from({ length: 60 }, (_, index) => randomCase(drawing, index)),
  ...Array.from({ length: 60 }, (_, index) => randomGraphCase(drawing, index)),
];

/**
 * At random, no row need sum to 1. One entry is negative: targets near the probabilities would leave differences at the
 * logits that lose their digits, in tf.js as here.
 */
const softTargets = (size: number, classes: number, stream: RandomStream): Float32Array =>
  Float32Array.from({ length: size }, (_, at) => (at % classes === 0 ? -1 : 1) * (0.2 + stream.nextFloat()));

const engines = {
  relaxed: createCompiledEngine(modules),
  plain: createCompiledEngine(modulesWithoutRelaxed),
};

async function planned({ model }: GradientCase, variant: 'relaxed' | 'plain', stream: RandomStream) {
  const data = randomImages(model.input, 8, 2, stream);
  return engines[variant].plan(topologyOf(model), { train: data, test: data }, { batchSize: 4 });
}

async function drawTask(
  one: GradientCase,
  count: number,
  stream: RandomStream,
): Promise<{ reference: Reference; task: InputGradientTask; classes: number; pixels: number }> {
  const { input } = one.model;
  const reference = await Reference.create(one.model);
  const classes = reference.shapes.at(-1)!.at(-1)!;
  const weights = caseWeights(one, reference.shapes, stream);
  reference.setWeights(weights);
  const pixels = input.reduce((product, length) => product * length, 1);
  // Two values where ties are wanted; else any number, negative ones and ones above 1 included.
  const images = Float32Array.from({ length: count * pixels }, () =>
    one.ties ? stream.nextBelow(2) : 3 * stream.nextFloat() - 1,
  );
  const task = { weights, count, images, targets: softTargets(count * classes, classes, stream) };
  return { reference, task, classes, pixels };
}

/** One array for each image. */
const byImage = (values: Float32Array, size: number): Float32Array[] =>
  Array.from({ length: values.length / size }, (_, image) =>
    values.subarray(image * size, (image + 1) * size),
  );

describe('inputGradient() of both builds', () => {
  for (const [index, one] of cases.entries())
    it(`agrees with tf.js: ${one.name}`, async () => {
      const stream = streamFromState(Int32Array.of(index, 9, 8, 7));
      const { reference, task, classes, pixels } = await drawTask(one, one.images, stream);
      const expected = reference.inputGradient(task.images, task.targets);
      for (const variant of variants) {
        const model = await planned(one, variant, stream);
        const found = await model.inputGradient(task);
        model.dispose();
        const error = worstError(byImage(found.gradient, pixels), byImage(expected.gradient, pixels));
        assert.ok(error <= limit, `gradient of the ${variant} build off by ${error}`);
        // Terms of either sign may cancel in a loss: then what was added up counts.
        for (const [image, loss] of expected.losses.entries())
          assert.ok(Math.abs(found.losses[image]! - loss) <= limit * Math.max(1, Math.abs(loss)), variant);
        const given = byImage(found.probabilities, classes);
        assert.ok(worstError(given, byImage(expected.probabilities, classes)) <= limit, variant);
      }
    });

  for (const variant of variants)
    it(`the check sees a pixel that is off, and gradients of other weights: ${variant}`, async () => {
      const stream = streamFromState(Int32Array.of(6, 6, 6, 6));
      const one = gradientCases[0]!;
      const { reference, task, pixels } = await drawTask(one, 2, stream);
      const expected = byImage(reference.inputGradient(task.images, task.targets).gradient, pixels);
      const model = await planned(one, variant, stream);
      const moved = task.images.with(400, task.images[400]! + 0.01);
      const { gradient } = await model.inputGradient({ ...task, images: moved });
      assert.ok(worstError(byImage(gradient, pixels), expected) > limit);
      // The same array of weights, changed in place: what was packed before must not answer.
      await model.inputGradient(task);
      task.weights[0]! += 0.01;
      const changed = await model.inputGradient(task);
      assert.ok(worstError(byImage(changed.gradient, pixels), expected) > limit);
    });
});

describe('inputGradient()', () => {
  const stream = streamFromState(Int32Array.of(5, 5, 5, 5));
  const one = gradientCases[3]!;

  it('gives every image the same numbers in any company, whatever ran before, and disturbs nothing', async () => {
    const { task, classes, pixels } = await drawTask(one, 230, stream);
    const model = await planned(one, 'relaxed', stream);
    const training = {
      weights: task.weights,
      indices: Uint32Array.of(0, 1, 2, 3, 4, 5),
      epochs: 2,
      batchSize: 4,
      optimiser: { kind: 'adam', learningRate: 0.01 },
      proximalMu: 0,
      shuffleState: states.shuffle,
      dropoutState: states.dropout,
    } as const;
    const trained = await model.train(training);
    const all = await model.inputGradient(task);
    for (const image of [0, 99, 100, 229]) {
      const alone = await model.inputGradient({
        weights: task.weights,
        count: 1,
        images: task.images.slice(image * pixels, (image + 1) * pixels),
        targets: task.targets.slice(image * classes, (image + 1) * classes),
      });
      assert.deepEqual(alone.gradient, byImage(all.gradient, pixels)[image]!.slice());
      assert.equal(alone.losses[0], all.losses[image]);
    }
    assert.deepEqual(await model.train(training), trained);
    assert.deepEqual(await model.inputGradient(task), all);
    const none = { ...task, count: 0, images: new Float32Array(), targets: new Float32Array() };
    assert.equal((await model.inputGradient(none)).gradient.length, 0);
  });

  it('refuses what does not fit and what is not finite', async () => {
    const { task } = await drawTask(one, 2, stream);
    const model = await planned(one, 'relaxed', stream);
    const wrong: Partial<InputGradientTask>[] = [
      { weights: task.weights.slice(1) },
      { weights: task.weights.with(0, Infinity) },
      { count: 3 },
      { targets: task.targets.slice(1) },
      { images: task.images.with(5, NaN) },
      { targets: task.targets.with(5, Infinity) },
    ];
    for (const changes of wrong)
      await assert.rejects(model.inputGradient({ ...task, ...changes }), { code: 'internal' });
  });
});
