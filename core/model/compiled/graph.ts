/**
 * A model as the training step sees it: values (maps of numbers, one for each image) and the nodes that compute them, in an
 * order in which every node follows what it reads. Read from an architecture by read-graph.ts.
 *
 * A value is a map [row][column][channel]. What has no rows is one of them: a row of features is 1 x 1 x features, a
 * sequence 1 x steps x channels. Its numbers in that order are tf.js's in the order of memory, so that flattening and
 * reshaping leave a value as it is.
 */

import type { StatisticRange } from '../moving-statistics.ts';

export interface MapShape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** A window that slides over a map. */
export interface Window {
  readonly height: number;
  readonly width: number;
  /** Rows and columns from one place to the next. */
  readonly down: number;
  readonly across: number;
  /** Rows and columns of padding before the map; what comes after it follows from the number of places. */
  readonly top: number;
  readonly left: number;
}

/** What every node has. Values go by number; 0 is the image. */
interface NodeOf<Kind extends string> {
  readonly kind: Kind;
  /** How messages name the layer that it comes from. */
  readonly label: string;
  readonly inputs: readonly [number, ...number[]];
  readonly output: number;
}

/**
 * A convolution with what follows it at once: ReLU, 2x2 max-pooling and dropout are computed in the same pass and stored
 * once. A dense layer is a convolution whose kernel covers the whole map, which has one place; its weights [in, out],
 * with 'in' ordered [row, column, channel], are the convolution's [row, column, channel, out].
 */
export interface AffineNode extends NodeOf<'affine'> {
  readonly window: Window;
  readonly useBias: boolean;
  readonly relu: boolean;
  readonly pooled: boolean;
  /** 0: none. */
  readonly dropoutRate: number;
}

/** tf.js's activations that are functions of one number, but for 'linear'; leakyRelu is the layer LeakyReLU. */
export const activations = [
  'relu',
  'relu6',
  'leakyRelu',
  'elu',
  'selu',
  'sigmoid',
  'tanh',
  'softsign',
  'softplus',
  'swish',
  'mish',
  'gelu',
] as const;
export type Activation = (typeof activations)[number];

export interface ActivationNode extends NodeOf<'activation'> {
  readonly activation: Activation;
  /** Of leakyRelu, below zero. */
  readonly slope: number;
}

/** Of what lies inside the map: a maximum knows no padding, an average divides by the number of values inside. */
export interface PoolNode extends NodeOf<'pool'> {
  readonly window: Window;
  readonly average: boolean;
}

export interface DropoutNode extends NodeOf<'dropout'> {
  /** 0 < rate < 1 */
  readonly rate: number;
}

export const mergeOperations = ['add', 'multiply', 'maximum', 'minimum'] as const;
export type MergeOperation = (typeof mergeOperations)[number];

/** Two inputs, value by value. Equal values: the gradient of a maximum or minimum goes to the first, as in tf.js. */
export interface MergeNode extends NodeOf<'merge'> {
  readonly inputs: readonly [number, number];
  readonly operation: MergeOperation;
  /** What the result is multiplied by. */
  readonly scale: number;
}

/**
 * Each number of the output is one of the input or, where another node of the same output fills it or nothing does, left
 * as it is: joining, padding, cropping, enlarging, exchanging of axes.
 */
export interface RearrangeNode extends NodeOf<'rearrange'> {
  /** For a number of the output, by its place in memory order, the place of the input's; undefined: none. */
  readonly source: (element: number) => number | undefined;
}

/** Each channel by itself, with so many kernels of its own; then ReLU. */
export interface DepthwiseNode extends NodeOf<'depthwise'> {
  readonly window: Window;
  readonly multiplier: number;
  readonly useBias: boolean;
  readonly relu: boolean;
}

/** A map less a mean, over a deviation, times a factor of each channel, plus an offset; then ReLU. */
export interface NormaliseNode extends NodeOf<'normalise'> {
  /** What is normalised together: a channel of the batch, a group of channels of an image, the channels of a pixel. */
  readonly over: 'batch' | 'group' | 'pixel';
  /** Of 'group': how many; else 0. */
  readonly groups: number;
  readonly epsilon: number;
  /** Of 'batch', 0 .. <1: what stays of a moving statistic in a step. */
  readonly momentum: number;
  readonly relu: boolean;
}

export type GraphNode =
  | AffineNode
  | DepthwiseNode
  | NormaliseNode
  | ActivationNode
  | PoolNode
  | DropoutNode
  | MergeNode
  | RearrangeNode;

/** Nodes with weights. */
export type LearningNode = AffineNode | DepthwiseNode | NormaliseNode;
const learningKinds: readonly GraphNode['kind'][] = ['affine', 'depthwise', 'normalise'];
export const isLearning = (node: GraphNode): node is LearningNode => learningKinds.includes(node.kind);

export interface Graph {
  /** Shapes of the values. */
  readonly values: readonly MapShape[];
  /** In order of computing. */
  readonly nodes: readonly GraphNode[];
  /** The value before the softmax: 1 x 1 x classes. */
  readonly logits: number;
  readonly classes: number;
  readonly parameterCount: number;
  /** Which of the flat weights are moving statistics. */
  readonly statistics: readonly StatisticRange[];
  /** Of the first and the last layer, for messages about images and classes. */
  readonly firstLabel: string;
  readonly lastLabel: string;
}

export function elements({ height, width, channels }: MapShape): number {
  return height * width * channels;
}

/** For each value: is there anything to learn before it, so that training needs its gradient? */
export function learnsBefore({ values, nodes }: Graph): readonly boolean[] {
  const learns = values.map(() => false);
  for (const node of nodes)
    learns[node.output] ||= isLearning(node) || node.inputs.some((input) => learns[input]);
  return learns;
}

/**
 * For each value: does no gradient flow back to where it is zero, as that is where a ReLU was not above zero, or where
 * dropout dropped what a ReLU gave?
 */
export function zerosAreDead({ values, nodes }: Graph): readonly boolean[] {
  const dead = values.map(() => false);
  for (const node of nodes)
    dead[node.output] =
      (isLearning(node) && node.relu) ||
      (node.kind === 'activation' && node.activation === 'relu') ||
      (node.kind === 'dropout' && dead[node.inputs[0]]!);
  return dead;
}
