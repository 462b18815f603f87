/**
 * Gradients of both builds of the training step against tf.js's plain JavaScript backend: worst error at most 1e-5 of the
 * tensor's largest entry.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
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

/** One forward and backward pass of the step, and the reference's gradient under the same masks. */
async function backward(one: GradientCase, variant: 'relaxed' | 'plain', seed: number) {
  const { model, images, batch, ties } = one;
  const stream = streamFromState(Int32Array.of(seed, 5, 6, 7));
  const reference = await Reference.create(model);
  const { shapes } = reference;
  const data = randomImages(model.input, 8, shapes.at(-1)!.at(-1)!, stream, ties ? 2 : 256);
  const weights = caseWeights(one, shapes, stream);
  reference.setWeights(weights);

  const rows = Uint32Array.from({ length: images }, () => stream.nextBelow(8));
  const step = await createStep(model, variant, batch);
  step.start(weights, states.dropout);
  step.takeBatch(data, rows);
  step.forward(true);
  step.loss();
  step.backward(true);
  return { step, data, rows, shapes, expected: reference.gradient(data, rows, drawnMasks(step, images)) };
}

for (const variant of variants)
  describe(`gradients of the ${variant} build`, () => {
    for (const [index, one] of [...gradientCases, ...graphCases, ...randomCases, ...kernelCases].entries())
      it(`backward() agrees with tf.js: ${one.name}`, async () => {
        const { step, rows, expected, shapes } = await backward(one, variant, index);
        const gradientError = worstError(cut(step.getGradient(), shapes), expected.gradient);
        assert.ok(gradientError <= limit, `gradient off by ${gradientError}`);
        const lossError =
          Math.abs(step.statistics.lossSum / rows.length - expected.loss) / Math.max(expected.loss, 1e-3);
        assert.ok(lossError <= limit, `loss off by ${lossError}`);
      });

    it('the check sees one wrong entry, one wrong window code, one wrong offset', async () => {
      const one = gradientCases[0]!;
      const { step, data, rows, expected, shapes } = await backward(one, variant, 0);
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
  });

describe('the two builds', () => {
  it('agree to rounding, with the same dropout masks', async () => {
    for (const one of [gradientCases[0]!, gradientCases[7]!]) {
      const [relaxed, plain] = await Promise.all(variants.map((variant) => backward(one, variant, 1)));
      assert.deepEqual(drawnMasks(relaxed!.step, one.images), drawnMasks(plain!.step, one.images));
      const { shapes } = relaxed!;
      assert.ok(
        worstError(cut(relaxed!.step.getGradient(), shapes), cut(plain!.step.getGradient(), shapes)) <= limit,
      );
    }
  });
});
