/** People of re-identification, distances to a class, and training that lets the pictures move. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { distanceTo, prepareClassDistances } from '../../../../core/attacks/inversion/class-distance.ts';
import { drawnAgain, peopleOf } from '../../../../core/attacks/inversion/people.ts';
import { meanAbsoluteError } from '../../../../core/attacks/metrics/similarity.ts';
import { pixelsAt, selectImages, shapeOf } from '../../../../core/attacks/pictures.ts';
import { trainSteadily } from '../../../../core/attacks/train-steadily.ts';
import { modelDataOf } from '../../../../core/attacks/victim.ts';
import { initialWeights } from '../../../../core/model/initial-weights.ts';
import { presetTopology } from '../../../../core/model/presets.ts';
import { randomStream } from '../../../../core/random/stream.ts';
import { attackGround } from '../../../support/attack-run.ts';

describe('peopleOf()', () => {
  it('makes one class of each image: the image itself first, then others that are like it', async () => {
    const { dataset } = await attackGround();
    const images = selectImages(dataset.train, [5, 9, 40]);
    const people = peopleOf(images, 10, randomStream(1, 'people'));
    assert.equal(people.count, 30);
    assert.deepEqual(
      [...people.labels],
      Array.from({ length: 30 }, (_, index) => Math.floor(index / 10)),
    );
    for (let person = 0; person < 3; person += 1) {
      const own = pixelsAt(images, person);
      assert.deepEqual(pixelsAt(people, 10 * person), own);
      for (let variation = 1; variation < 10; variation += 1) {
        const other = pixelsAt(people, 10 * person + variation);
        const error = meanAbsoluteError(own, other);
        assert.ok(error > 0.005 && error < 0.12, `${error}`);
        const ink = (pixels: Float32Array): number => pixels.reduce((sum, value) => sum + value, 0);
        assert.ok(Math.abs(ink(other) / ink(own) - 1) < 0.25);
      }
    }
  });

  it('draws again within the picture: what is moved out is gone, what comes in is black', async () => {
    const { dataset } = await attackGround();
    const white = new Float32Array(784).fill(1);
    const stream = randomStream(3, 'white');
    for (let time = 0; time < 20; time += 1) {
      const drawn = drawnAgain(white, shapeOf(dataset.train), stream);
      assert.ok(drawn.every((value) => value >= 0 && value <= 1 + 1e-6));
      assert.ok(Math.abs(drawn[14 * 28 + 14]! - 1) < 1e-6);
    }
  });
});

describe('class distances', () => {
  it('are those of a black image on all of MNIST, by class', async () => {
    const { dataset } = await attackGround();
    const distances = prepareClassDistances(dataset.train);
    const black = new Float32Array(784);
    // The class's image of least ink, and the mean over the class: facts of MNIST, from a loop over its files.
    const expected = [0.06, 0.0254, 0.0452, 0.0402, 0.0412, 0.0396, 0.0502, 0.0432, 0.0507, 0.0492];
    let mean = 0;
    for (const [label, nearest] of expected.entries()) {
      const found = distances(black, label);
      assert.ok(Math.abs(found.nearest - nearest) < 5e-5, `${label}: ${found.nearest}`);
      assert.equal(dataset.train.labels[found.place], label);
      mean += found.mean / 10;
    }
    assert.ok(Math.abs(mean - 0.1315) < 5e-5, `${mean}`);
  });

  it('name the image that is nearest, and refuse a class without images', async () => {
    const { dataset } = await attackGround();
    const found = distanceTo(dataset.train, [3, 7, 12], pixelsAt(dataset.train, 7));
    assert.equal(found.place, 7);
    assert.equal(found.nearest, 0);
    assert.ok(found.mean > 0);
    assert.throws(() => distanceTo(dataset.train, [], new Float32Array(784)), RangeError);
  });
});

describe('trainSteadily()', () => {
  it('takes every image once an epoch, in short calls, and learns; the same seed gives the same weights', async () => {
    const { dataset, engine } = await attackGround();
    const topology = presetTopology('mlp', modelDataOf(dataset));
    const model = await engine.plan(topology, dataset, { batchSize: 32 });
    const taken: number[] = [];
    const watched = {
      ...model,
      train: (task: Parameters<typeof model.train>[0]) => {
        taken.push(...task.indices);
        return model.train(task);
      },
    };
    const indices = Uint32Array.from({ length: 1000 }, (_, index) => 7 * index);
    const run = async (seed: number, engineModel: Parameters<typeof trainSteadily>[0] = model) => {
      const training = trainSteadily(engineModel, {
        start: initialWeights(topology, 1),
        indices,
        epochs: 3,
        batchSize: 32,
        optimiser: { kind: 'adam', learningRate: 0.001 },
        seed,
        labels: ['test'],
      });
      const told = [];
      for (let next = await training.next(); ; next = await training.next()) {
        if (next.done === true) return { told, weights: next.value };
        told.push(next.value);
      }
    };
    const { told, weights } = await run(1, watched);
    assert.equal(told.length, 9);
    assert.equal(told.at(-1)!.done, 1);
    assert.ok(told.every(({ done }, index) => index === 0 || done > told[index - 1]!.done));
    assert.ok(told.at(-1)!.accuracy > told[0]!.accuracy + 0.1);
    for (let epoch = 0; epoch < 3; epoch += 1) {
      const seen = taken.slice(1000 * epoch, 1000 * (epoch + 1));
      assert.notDeepEqual(seen, [...indices]);
      assert.deepEqual(
        seen.sort((one, other) => one - other),
        [...indices],
      );
    }
    assert.deepEqual((await run(1)).weights, weights);
    assert.notDeepEqual((await run(2)).weights, weights);
    model.dispose();
  });
});
