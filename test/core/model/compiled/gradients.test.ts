/**
 * Gradients of both builds of the training step against tf.js's plain JavaScript backend: worst error at most 1e-5 of the
 * tensor's largest entry.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { streamFromState } from '../../../../core/random/generator.ts';
import { caseWeights, gradientCases, randomCase, type GradientCase } from './gradient-cases.ts';
import { graphCases, randomGraphCase } from './graph-cases.ts';
import { kernelCases } from './kernel-cases.ts';
import {
  createStep,
  cut,
  drawnMasks,
  randomImages,
  Reference,
  states,
  variants,
  worstError,
} from './support.ts';

const limit = 1e-5;

const drawing = streamFromState(Int32Array.of(1, 2, 3, 4));
const randomCases = [
  ...Array.from({ length: 60 }, (_, index) => randomCase(drawing, index)),
  ...Array.from({ length: 60 }, (_, index) => randomGraphCase(drawing, index)),
];

/** The case's data and weights, and the reference's gradient under given masks: computed once for both builds. */
async function prepare(one: GradientCase, seed: number) {
  const { model, images, ties } = one;
  const stream = streamFromState(Int32Array.of(seed, 5, 6, 7));
  const reference = await Reference.create(model);
  const { shapes } = reference;
  const data = randomImages(model.input, 8, shapes.at(-1)!.at(-1)!, stream, ties ? 2 : 256);
  const weights = caseWeights(one, shapes, stream);
  reference.setWeights(weights);
  const rows = Uint32Array.from({ length: images }, () => stream.nextBelow(8));
  let last: { masks: Float32Array[]; expected: ReturnType<Reference['gradient']> } | undefined;
  const expectedUnder = (masks: Float32Array[]): ReturnType<Reference['gradient']> => {
    if (!isDeepStrictEqual(masks, last?.masks))
      last = { masks, expected: reference.gradient(data, rows, masks) };
    return last!.expected;
  };
  return { one, shapes, data, weights, rows, expectedUnder };
}

/** One forward and backward pass of the step, and the reference's gradient under the same masks. */
async function backward(
  { one, shapes, data, weights, rows, expectedUnder }: Awaited<ReturnType<typeof prepare>>,
  variant: 'relaxed' | 'plain',
) {
  const step = await createStep(one.model, variant, one.batch);
  step.start(weights, states.dropout);
  step.takeBatch(data, rows);
  step.forward(true);
  step.loss();
  step.backward(true);
  const masks = drawnMasks(step, one.images);
  return { step, data, rows, shapes, masks, expected: expectedUnder(masks) };
}

describe('gradients of both builds', () => {
  for (const [index, one] of [...gradientCases, ...graphCases, ...randomCases, ...kernelCases].entries())
    it(`backward() agrees with tf.js: ${one.name}`, async () => {
      const prepared = await prepare(one, index);
      for (const variant of variants) {
        const { step, rows, expected, shapes } = await backward(prepared, variant);
        const gradientError = worstError(cut(step.getGradient(), shapes), expected.gradient);
        assert.ok(gradientError <= limit, `gradient of the ${variant} build off by ${gradientError}`);
        const lossError =
          Math.abs(step.statistics.lossSum / rows.length - expected.loss) / Math.max(expected.loss, 1e-3);
        assert.ok(lossError <= limit, `loss of the ${variant} build off by ${lossError}`);
      }
    });

  for (const variant of variants)
    it(`the check sees one wrong entry, one wrong window code, one wrong offset: ${variant}`, async () => {
      const one = gradientCases[0]!;
      const { step, data, rows, expected, shapes } = await backward(await prepare(one, 0), variant);
      const errorNow = (): number => worstError(cut(step.getGradient(), shapes), expected.gradient);
      const again = (spoil: () => void): void => {
        step.start(step.getWeights(), states.dropout);
        step.takeBatch(data, rows);
        step.forward(true);
        step.loss();
        spoil();
        step.backward(true);
      };
      const memory = step.memory.buffer;
      const second = step.layout.affine[1]!.record;
      again(() => undefined);
      assert.ok(errorNow() <= limit);

      const gradient = new Float32Array(memory, step.layout.gradient, step.layout.storedParameters);
      const largest = gradient.reduce(
        (best, value, index) => (Math.abs(value) > Math.abs(gradient[best]!) ? index : best),
        0,
      );
      gradient[largest]! *= 1 + 3 * limit;
      assert.ok(errorNow() > limit);

      again(() => {
        const codes = new Uint8Array(memory, second.windowCodes, second.positions * second.channels);
        const flowing = codes.findIndex((code) => code < 4);
        codes[flowing] = (codes[flowing]! + 1) % 4;
      });
      assert.ok(errorNow() > limit);

      again(() => {
        const offsets = new Int32Array(memory, second.patchOffsets, second.pixels);
        offsets[0]! += 4;
      });
      assert.ok(errorNow() > limit);
    });

  it('they agree to rounding, with the same dropout masks', async () => {
    for (const one of [gradientCases[0]!, gradientCases[7]!]) {
      const prepared = await prepare(one, 1);
      const [relaxed, plain] = await Promise.all(variants.map((variant) => backward(prepared, variant)));
      assert.deepEqual(relaxed!.masks, plain!.masks);
      const { shapes } = relaxed!;
      assert.ok(
        worstError(cut(relaxed!.step.getGradient(), shapes), cut(plain!.step.getGradient(), shapes)) <= limit,
      );
    }
  });
});
