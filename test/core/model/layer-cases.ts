/**
 * For every layer of the catalogue, models with it, built by tf.js from images [8, 7, 2] to 3 classes. Each ends in a
 * dense softmax, and has weights in front of the layer, so that gradients flow through it.
 */
import { input, layers as L, model, sequential, type LayersModel } from '@tensorflow/tfjs-layers';
import { GroupNormalization } from '../../../core/model/tfjs/group-normalisation.ts';

type Layer = ReturnType<typeof L.dense>;

export const caseData = { height: 8, width: 7, channels: 2, classes: 3 };
const imageShape = [8, 7, 2];

const front = () => L.conv2d({ filters: 3, kernelSize: 3, padding: 'same', inputShape: imageShape });
const last = () => L.dense({ units: 3, activation: 'softmax' });
const back = () => [L.flatten(), last()];

const onImages = (...middle: unknown[]): LayersModel =>
  sequential({ layers: [front(), ...(middle as Layer[]), ...back()] });
/** As onImages; the middle layers give one row of features. */
const toFeatures = (...middle: unknown[]): LayersModel =>
  sequential({ layers: [front(), ...(middle as Layer[]), last()] });
/** The middle layers see [56, 3]. */
const onRows = (...middle: unknown[]): LayersModel =>
  onImages(L.reshape({ targetShape: [56, 3] }), ...middle);
/** The middle layers see [168]. */
const onFeatures = (...middle: unknown[]): LayersModel => toFeatures(L.flatten(), ...middle);

/** Two branches of [8, 7, 3] merged. */
function merged(merge: { apply: (inputs: never) => unknown }): LayersModel {
  const image = input({ shape: imageShape });
  const left = L.conv2d({ filters: 3, kernelSize: 3, padding: 'same' }).apply(image);
  const right = L.conv2d({ filters: 3, kernelSize: 1 }).apply(image);
  const [flatten, dense] = back();
  const output = dense!.apply(flatten!.apply(merge.apply([left, right] as never) as never));
  return model({ inputs: image, outputs: output as never });
}

const activation = (name: string) => onImages(L.activation({ activation: name as 'relu' }));

/** Class name of the layer: its models by a word that tells them apart. */
export const layerCases: Readonly<Record<string, Readonly<Record<string, () => LayersModel>>>> = {
  Dense: {
    features: () => onFeatures(L.dense({ units: 5, activation: 'tanh' })),
    'last axis': () => onImages(L.dense({ units: 4 })),
    'no bias': () => onFeatures(L.dense({ units: 5, useBias: false, activation: 'relu' })),
  },
  Conv1D: {
    valid: () => onRows(L.conv1d({ filters: 4, kernelSize: 3, activation: 'relu' })),
    'same, strided': () => onRows(L.conv1d({ filters: 2, kernelSize: 5, strides: 3, padding: 'same' })),
  },
  Conv2D: {
    valid: () => onImages(L.conv2d({ filters: 4, kernelSize: 3, activation: 'relu' })),
    same: () => onImages(L.conv2d({ filters: 4, kernelSize: [2, 4], padding: 'same', activation: 'elu' })),
    strided: () => onImages(L.conv2d({ filters: 4, kernelSize: 3, strides: 2, useBias: false })),
    'same, strided': () =>
      onImages(L.conv2d({ filters: 4, kernelSize: [3, 2], strides: [2, 3], padding: 'same' })),
    'stride above kernel': () => onImages(L.conv2d({ filters: 2, kernelSize: 1, strides: 3 })),
  },
  Conv2DTranspose: {
    valid: () => onImages(L.conv2dTranspose({ filters: 2, kernelSize: 3, strides: 2 })),
    same: () =>
      onImages(
        L.conv2dTranspose({
          filters: 2,
          kernelSize: [3, 2],
          strides: [1, 2],
          padding: 'same',
          activation: 'relu',
        }),
      ),
  },
  DepthwiseConv2D: {
    valid: () => onImages(L.depthwiseConv2d({ kernelSize: 3, activation: 'relu' })),
    'multiplier, strided, same': () =>
      onImages(L.depthwiseConv2d({ kernelSize: [3, 2], depthMultiplier: 2, strides: 2, padding: 'same' })),
    'strided, valid': () => onImages(L.depthwiseConv2d({ kernelSize: 2, strides: [3, 3], useBias: false })),
  },
  SeparableConv2D: {
    valid: () => onImages(L.separableConv2d({ filters: 4, kernelSize: 3, activation: 'relu' })),
    'same, strided': () =>
      onImages(L.separableConv2d({ filters: 2, kernelSize: 3, strides: 2, padding: 'same' })),
  },
  MaxPooling1D: { two: () => onRows(L.maxPooling1d({ poolSize: 2 })) },
  MaxPooling2D: {
    two: () => onImages(L.maxPooling2d({})),
    overlapping: () => onImages(L.maxPooling2d({ poolSize: 3, strides: 2 })),
    same: () => onImages(L.maxPooling2d({ poolSize: [3, 2], strides: [2, 1], padding: 'same' })),
  },
  AveragePooling1D: { three: () => onRows(L.averagePooling1d({ poolSize: 3, strides: 2, padding: 'same' })) },
  AveragePooling2D: {
    two: () => onImages(L.averagePooling2d({ poolSize: [2, 2] })),
    overlapping: () => onImages(L.averagePooling2d({ poolSize: [3, 3], strides: [2, 1] })),
    same: () => onImages(L.averagePooling2d({ poolSize: [3, 2], strides: [2, 2], padding: 'same' })),
  },
  GlobalMaxPooling1D: {
    rows: () => toFeatures(L.reshape({ targetShape: [56, 3] }), L.globalMaxPooling1d({})),
  },
  GlobalMaxPooling2D: { images: () => toFeatures(L.globalMaxPooling2d({})) },
  GlobalAveragePooling1D: {
    rows: () => toFeatures(L.reshape({ targetShape: [56, 3] }), L.globalAveragePooling1d({})),
  },
  GlobalAveragePooling2D: { images: () => toFeatures(L.globalAveragePooling2d({})) },
  Flatten: { images: () => onImages() },
  Reshape: {
    whole: () => onImages(L.reshape({ targetShape: [4, 21, 2] }), L.conv2d({ filters: 2, kernelSize: 2 })),
  },
  Permute: {
    exchanged: () => onImages(L.permute({ dims: [3, 1, 2] }), L.conv2d({ filters: 2, kernelSize: 2 })),
  },
  RepeatVector: {
    three: () => onFeatures(L.repeatVector({ n: 3 }), L.dense({ units: 2, activation: 'relu' }), L.flatten()),
  },
  ZeroPadding2D: {
    uneven: () =>
      onImages(
        L.zeroPadding2d({
          padding: [
            [1, 2],
            [0, 3],
          ],
        }),
        L.maxPooling2d({}),
      ),
  },
  Cropping2D: {
    uneven: () =>
      onImages(
        L.cropping2D({
          cropping: [
            [1, 2],
            [0, 3],
          ],
        }),
      ),
  },
  UpSampling2D: {
    uneven: () => onImages(L.upSampling2d({ size: [2, 3] }), L.conv2d({ filters: 2, kernelSize: 3 })),
  },
  Dropout: { off: () => onImages(L.dropout({ rate: 0.4 })) },
  Activation: Object.fromEntries(
    [
      'relu',
      'relu6',
      'elu',
      'selu',
      'sigmoid',
      'softmax',
      'softplus',
      'softsign',
      'tanh',
      'swish',
      'mish',
      'gelu',
    ].map((name) => [name, () => activation(name)]),
  ),
  ReLU: { plain: () => onImages(L.reLU()), six: () => onImages(L.reLU({ maxValue: 6 })) },
  LeakyReLU: { slope: () => onImages(L.leakyReLU({ alpha: 0.2 })) },
  PReLU: { each: () => onImages(L.prelu()), shared: () => onImages(L.prelu({ sharedAxes: [1, 2] })) },
  ELU: { plain: () => onImages(L.elu()) },
  Softmax: { last: () => onFeatures(L.dense({ units: 3 }), L.softmax()) },
  BatchNormalization: {
    images: () => onImages(L.batchNormalization({ momentum: 0.9 }), L.reLU()),
    rows: () => onRows(L.batchNormalization({ epsilon: 0.01 })),
    features: () => onFeatures(L.batchNormalization()),
  },
  GroupNormalization: {
    'three groups': () => onImages(new GroupNormalization({ groups: 3, epsilon: 1e-3 }), L.reLU()),
    'one group': () => onRows(new GroupNormalization({ groups: 1, epsilon: 0.01 })),
    features: () => onFeatures(new GroupNormalization({ groups: 8, epsilon: 1e-3 })),
  },
  LayerNormalization: {
    whole: () => onImages(L.layerNormalization()),
    features: () => onFeatures(L.layerNormalization({ epsilon: 0.01 })),
  },
  Add: { two: () => merged(L.add()) },
  Multiply: { two: () => merged(L.multiply()) },
  Average: { two: () => merged(L.average()) },
  Maximum: { two: () => merged(L.maximum()) },
  Minimum: { two: () => merged(L.minimum()) },
  Concatenate: { two: () => merged(L.concatenate({ axis: -1 })) },
};
