/** Models of random windows: a 1 x 1 convolution, convolutions and poolings, and a dense softmax over 3 classes. */
import fc from 'fast-check';
import type { ModelTopology } from '../../../../core/model/engine.ts';

interface Window {
  readonly kind: string;
  readonly rows: number;
  readonly columns: number;
  readonly strides: readonly [number, number];
  readonly padding: string;
  readonly channels: number;
  readonly activation: string;
}

interface ImageSize {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

const size = fc.integer({ min: 1, max: 4 });
const side = fc.integer({ min: 4, max: 9 });

/** One to three windows of any kind, or of the kinds and strides that every engine has. */
const windowOf = (kinds: readonly string[], strides: fc.Arbitrary<[number, number]>): fc.Arbitrary<Window> =>
  fc.record({
    kind: fc.constantFrom(...kinds),
    rows: size,
    columns: size,
    strides,
    padding: fc.constantFrom('valid', 'same'),
    channels: fc.integer({ min: 1, max: 5 }),
    activation: fc.constantFrom('linear', 'relu'),
  });
export const anyWindow = windowOf(
  ['Conv2D', 'DepthwiseConv2D', 'Conv2DTranspose', 'MaxPooling2D', 'AveragePooling2D'],
  fc.tuple(size, size),
);
const plainWindow = windowOf(['Conv2D'], fc.constant([1, 1]));

export const imageSizes: fc.Arbitrary<ImageSize> = fc.record({
  height: side,
  width: side,
  channels: fc.integer({ min: 1, max: 3 }),
});

export const windowCases = fc.record({
  image: imageSizes,
  windows: fc.oneof(
    fc.array(anyWindow, { minLength: 1, maxLength: 3 }),
    fc.array(plainWindow, { minLength: 1, maxLength: 3 }),
  ),
  batch: fc.integer({ min: 1, max: 5 }),
});

/** Means over a power of two of values are exact. */
const powerOfTwo = (length: number): number => 2 ** Math.floor(Math.log2(length));

/** A 1 x 1 convolution, the windows, and a dense softmax over 3 classes. */
export function windowModel(image: ImageSize, windows: readonly Window[]): ModelTopology {
  const layers = windows.map(({ kind, rows, columns, strides, padding, channels, activation }, index) => ({
    class_name: kind,
    config: {
      name: `window_${index}`,
      strides: kind === 'DepthwiseConv2D' ? [strides[0], strides[0]] : strides,
      padding: kind === 'AveragePooling2D' ? 'valid' : padding,
      ...(kind.includes('Pooling')
        ? {
            pool_size: [rows, columns].map((length) =>
              kind === 'AveragePooling2D' ? powerOfTwo(length) : length,
            ),
          }
        : { kernel_size: [rows, columns], activation }),
      ...(kind === 'DepthwiseConv2D' ? { depth_multiplier: Math.min(channels, 2) } : {}),
      ...(kind === 'Conv2D' || kind === 'Conv2DTranspose' ? { filters: channels } : {}),
    },
  }));
  const first = {
    class_name: 'Conv2D',
    config: {
      name: 'first',
      filters: 2,
      kernel_size: [1, 1],
      batch_input_shape: [null, image.height, image.width, image.channels],
    },
  };
  const last = { class_name: 'Dense', config: { name: 'last', units: 3, activation: 'softmax' } };
  const flatten = { class_name: 'Flatten', config: { name: 'flatten' } };
  return { class_name: 'Sequential', config: { name: 'windows', layers: [first, ...layers, flatten, last] } };
}
