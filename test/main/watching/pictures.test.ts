/** Which coordinates are shown, and what pictures and histograms make of readable and of masked vectors. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { presetTopology } from '../../../core/model/presets.ts';
import { parameterCount } from '../../../core/model/architecture.ts';
import { initialWeights } from '../../../core/model/initial-weights.ts';
import type { ModelTopology } from '../../../core/model/engine.ts';
import { standardNormal } from '../../../core/random/normal.ts';
import { randomStream } from '../../../core/random/stream.ts';
import { pictureLayout } from '../../../main/watching/picture-layout.ts';
import {
  histogramBins,
  maskedCounts,
  maskedPicture,
  readablePicture,
  robustScale,
  zeroPixel,
} from '../../../main/watching/vector-picture.ts';

const mnist = { height: 28, width: 28, channels: 1, classes: 10 };

function modelOf(input: readonly number[], layers: readonly (readonly [string, object])[]): ModelTopology {
  return {
    class_name: 'Sequential',
    config: {
      name: 'model',
      layers: layers.map(([class_name, config], index) => ({
        class_name,
        config: {
          name: `layer_${index}`,
          ...(index === 0 ? { batch_input_shape: [null, ...input] } : {}),
          ...config,
        },
      })),
    },
  };
}
const classify: readonly [string, object] = ['Dense', { units: 2, activation: 'softmax' }];

/** Every place at most once, and within the vector. */
function assertPlaces({ places, side, coordinates, of }: ReturnType<typeof pictureLayout>): void {
  assert.equal(places.length, side * side);
  const shown = [...places].filter((place) => place >= 0);
  assert.equal(shown.length, coordinates);
  assert.equal(new Set(shown).size, shown.length);
  assert.ok(shown.every((place) => place < of));
}

describe('pictureLayout()', () => {
  it('shows nine hidden units of mlp as images, those with most energy, row by row of the image', () => {
    const topology = presetTopology('mlp', mnist);
    const weights = new Float32Array(parameterCount(topology));
    // kernel [784, 256]: unit 7 has most, then 200, then those by number
    for (let pixel = 0; pixel < 784; pixel += 1)
      for (let unit = 0; unit < 256; unit += 1)
        weights[pixel * 256 + unit] = unit === 7 ? 3 : unit === 200 ? -2 : 1 / (1 + unit);
    const layout = pictureLayout(topology, weights);
    assertPlaces(layout);
    assert.deepEqual([layout.kind, layout.side, layout.coordinates, layout.of], ['dense', 84, 7056, 203_530]);
    for (const [tile, unit] of [7, 200, 0, 1, 2, 3, 4, 5, 6].entries()) {
      const corner = Math.floor(tile / 3) * 28 * 84 + (tile % 3) * 28;
      assert.equal(layout.places[corner], unit);
      assert.equal(layout.places[corner + 5 * 84 + 3], (5 * 28 + 3) * 256 + unit);
    }
  });

  it('shows 784 kernels of cnn, of the first layer that has as many, in order of their energy', () => {
    const topology = presetTopology('cnn', mnist);
    const weights = initialWeights(topology, 3);
    const layout = pictureLayout(topology, weights);
    assertPlaces(layout);
    assert.deepEqual([layout.kind, layout.side, layout.coordinates], ['kernels', 84, 7056]);
    const energies = Array.from({ length: 784 }, (_, tile) => {
      const corner = Math.floor(tile / 28) * 3 * 84 + (tile % 28) * 3;
      const cells = [0, 1, 2].flatMap((row) => [0, 1, 2].map((column) => corner + row * 84 + column));
      const places = cells.map((cell) => layout.places[cell]!);
      // kernel [3, 3, 32, 64] after the 320 weights of the first layer: one kernel's cells are 2,048 apart
      const pair = places[0]! - 320;
      assert.ok(pair >= 0 && pair < 2_048);
      assert.deepEqual(
        places,
        Array.from({ length: 9 }, (_cell, cell) => 320 + pair + cell * 2_048),
      );
      return places.reduce((sum, place) => sum + weights[place]! ** 2, 0);
    });
    assert.ok(energies.every((energy, index) => index === 0 || energy <= energies[index - 1]!));
  });

  it('makes a picture of any model and size of image', () => {
    const few: [ModelTopology, string, number][] = [
      // fewer units than tiles, an image that is no square, colours, an image larger than the picture
      [modelOf([28, 28, 1], [['Flatten', {}], classify]), 'dense', 28],
      [modelOf([10, 6, 1], [['Flatten', {}], ['Dense', { units: 9 }], classify]), 'dense', 30],
      [modelOf([8, 8, 3], [['Flatten', {}], ['Dense', { units: 4 }], classify]), 'dense', 16],
      [modelOf([200, 120, 1], [['Flatten', {}], classify]), 'dense', 84],
      [
        modelOf([8, 8, 1], [['Conv2D', { filters: 2, kernel_size: 5 }], ['Flatten', {}], classify]),
        'kernels',
        5,
      ],
      [modelOf([9], [['Dense', { units: 3 }], classify]), 'plain', 6],
    ];
    for (const [topology, kind, side] of few) {
      const layout = pictureLayout(topology, initialWeights(topology, 1));
      assertPlaces(layout);
      assert.deepEqual([layout.kind, layout.side], [kind, side]);
    }
  });
});

const square = { kind: 'plain', side: 2, places: Int32Array.of(0, 1, 2, -1), coordinates: 3, of: 4 } as const;

describe('readablePicture()', () => {
  it('shows zero, and what is nothing, as 128, and the scale and beyond as the ends', () => {
    const values = Float32Array.of(0, 2, -8, ...new Array<number>(30).fill(1));
    const { pixels, range } = readablePicture(values, square, 2);
    assert.deepEqual([...pixels], [zeroPixel, 255, 1, zeroPixel]);
    assert.equal(zeroPixel, 128);
    assert.deepEqual(range, [-2, 2]);
  });

  it('counts every number but zero in 64 bins, symmetric about zero, as shares of the fullest', () => {
    const small = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? 1e-9 : -1e-9));
    const values = Float64Array.of(0, 0, 0, ...small, 1.99, 50, -2);
    const { histogram } = readablePicture(values, square, 2);
    const bins = new Array<number>(histogramBins).fill(0);
    [bins[32], bins[31], bins[63], bins[0]] = [1, 1, 0.2, 0.1];
    assert.deepEqual(histogram, bins);
    const nothing = readablePicture(new Float32Array(4), square, 1).histogram;
    assert.deepEqual(nothing, new Array(histogramBins).fill(0));
  });
});

describe('the histogram of numbers far beyond the scale', () => {
  it('has a range of its own, and their shape instead of two bars', () => {
    const stream = randomStream(1, 'noise');
    const noise = Float64Array.from({ length: 20_000 }, () => 5 * standardNormal(stream));
    const { histogram, range, pixels } = readablePicture(noise, square, 0.01);
    // 99.5 % of a normal number lie within 2.807 deviations
    assert.ok(Math.abs(range[1] / (5 * 2.807) - 1) < 0.05, String(range[1]));
    assert.equal(range[0], -range[1]);
    const fullest = histogram.indexOf(1);
    assert.ok(fullest > 24 && fullest < 40, `the fullest is ${fullest}`);
    assert.ok(histogram[0]! < 0.2 && histogram[63]! < 0.2);
    // pictures keep the scale, so that they compare
    assert.ok(pixels.subarray(0, 3).every((pixel) => pixel < 4 || pixel > 252));
  });

  it('is that of the scale where only the few largest lie beyond', () => {
    const values = Float64Array.from({ length: 1000 }, (_, index) => (index < 40 ? 9 : 0.5));
    assert.deepEqual(readablePicture(values, square, 1).range, [-1, 1]);
  });
});

describe('robustScale()', () => {
  it('is the 99.5th percentile of the absolute values, whatever the largest is', () => {
    const values = Float32Array.from(
      { length: 10_000 },
      (_, index) => ((index % 2) * 2 - 1) * (index / 10_000),
    );
    const scale = robustScale(values);
    assert.ok(Math.abs(scale - 0.995) < 1 / 4096 + 1e-6, String(scale));
    assert.equal(robustScale(new Float32Array(5)), 1);
  });
});

describe('maskedPicture()', () => {
  it('shows the sum of masked vectors, modulo 2^bits, as the sum of what each picture shows', () => {
    const bits = 21;
    const stream = randomStream(5, 'dropout', 1, 1);
    const vectors = Array.from({ length: 20 }, () =>
      Uint32Array.from({ length: 4 }, () => stream.nextBelow(2 ** bits)),
    );
    const sum = new Uint32Array(4);
    for (const vector of vectors) for (const [index, word] of vector.entries()) sum[index]! += word;
    const { pixels, range } = maskedPicture(sum, bits, square);
    assert.deepEqual(range, [0, 2 ** bits]);
    const exact = [0, 1, 2].map(
      (index) => vectors.reduce((total, vector) => total + vector[index]!, 0) % 2 ** bits,
    );
    assert.deepEqual([...pixels], [...exact.map((value) => Math.floor(value / 2 ** (bits - 8))), 0]);
    // each picture loses less than one step of 256 to rounding
    const drift = [0, 1, 2].map((index) => {
      const added = vectors.reduce(
        (total, vector) => total + maskedPicture(vector, bits, square).pixels[index]!,
        0,
      );
      return (pixels[index]! - added + 256 * 20) % 256;
    });
    assert.ok(
      drift.every((steps) => steps <= 20),
      String(drift),
    );
  });
});

describe('maskedCounts()', () => {
  it('puts the ends of the range into the first and the last bin, for every width', () => {
    for (const bits of [6, 8, 21, 32]) {
      const counts = maskedCounts(Uint32Array.of(0, 2 ** bits - 1, 2 ** (bits - 1)), bits);
      assert.deepEqual([counts[0], counts[63], counts[32]], [1, 1, 1], String(bits));
    }
  });
});
