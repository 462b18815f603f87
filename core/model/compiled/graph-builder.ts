/** Makes a graph node by node (graph.ts). What an affine node can do itself, it absorbs. */
import {
  type Activation,
  type AffineNode,
  type DepthwiseNode,
  type Graph,
  type GraphNode,
  type MapShape,
  type MergeOperation,
  type NormaliseNode,
  type RearrangeNode,
  type Window,
  isLearning,
} from './graph.ts';

interface Part {
  readonly value: number;
  readonly source: RearrangeNode['source'];
}

export class GraphBuilder {
  readonly #values: MapShape[];
  readonly #nodes: GraphNode[] = [];
  /** The image with its channels padded as in all other values. */
  #spreadImage: number | undefined;

  constructor(image: MapShape) {
    this.#values = [image];
  }

  shape(value: number): MapShape {
    return this.#values[value]!;
  }

  /** The same numbers in the same order as a map of that shape. */
  shaped(value: number, shape: MapShape, label: string): number {
    const { height, width, channels } = this.shape(value);
    if (height === shape.height && width === shape.width && channels === shape.channels) return value;
    return this.rearrange([{ value, source: (element) => element }], shape, label);
  }

  /** shape: after everything, of a convolution without what follows it. */
  affine(input: number, shape: MapShape, rest: Pick<AffineNode, 'label' | 'window' | 'useBias'>): number {
    const output = this.#value(shape);
    const none = { relu: false, pooled: false, dropoutRate: 0 };
    this.#nodes.push({ kind: 'affine', inputs: [input], output, ...none, ...rest });
    return output;
  }

  /** shape: of the output. */
  depthwise(
    input: number,
    shape: MapShape,
    rest: Pick<DepthwiseNode, 'label' | 'window' | 'multiplier' | 'useBias'>,
  ): number {
    const read = this.#padded(input, rest.label);
    const output = this.#value(shape);
    this.#nodes.push({ kind: 'depthwise', inputs: [read], output, relu: false, ...rest });
    return output;
  }

  normalise(
    input: number,
    rest: Pick<NormaliseNode, 'label' | 'over' | 'groups' | 'epsilon' | 'momentum'>,
  ): number {
    const read = this.#padded(input, rest.label);
    const output = this.#value(this.shape(read));
    this.#nodes.push({ kind: 'normalise', inputs: [read], output, relu: false, ...rest });
    return output;
  }

  /** True if the node that computes the value, which nothing else may read, takes ReLU's work on itself. */
  absorbRelu(value: number): boolean {
    const index = this.#nodes.findIndex(({ output }) => output === value);
    const node = this.#nodes[index];
    if (node === undefined || !isLearning(node)) return false;
    this.#nodes[index] = { ...node, relu: true };
    return true;
  }

  /** The same for max-pooling by 2 x 2, which drops the last row or column of an odd map; shape: after it. */
  absorbPool(value: number, window: Window, shape: MapShape): boolean {
    const { height, width } = this.shape(value);
    const { top, left } = window;
    const isByTwo = [window.height, window.width, window.down, window.across].every((size) => size === 2);
    if (!isByTwo || top + left > 0 || 2 * shape.height > height || 2 * shape.width > width) return false;
    const isAbsorbed = this.#absorb(value, ({ pooled, dropoutRate }) =>
      pooled || dropoutRate > 0 ? undefined : { pooled: true },
    );
    if (isAbsorbed) this.#values[value] = shape;
    return isAbsorbed;
  }

  absorbDropout(value: number, rate: number): boolean {
    return this.#absorb(value, ({ dropoutRate }) => (dropoutRate > 0 ? undefined : { dropoutRate: rate }));
  }

  activate(input: number, activation: Activation, label: string, slope = 0): number {
    const read = this.#padded(input, label);
    const output = this.#value(this.shape(read));
    this.#nodes.push({ kind: 'activation', label, inputs: [read], output, activation, slope });
    return output;
  }

  dropout(input: number, rate: number, label: string): number {
    const read = this.#padded(input, label);
    const output = this.#value(this.shape(read));
    this.#nodes.push({ kind: 'dropout', label, inputs: [read], output, rate });
    return output;
  }

  pool(
    input: number,
    shape: MapShape,
    rest: { readonly label: string; readonly window: Window; readonly average: boolean },
  ): number {
    const read = this.#padded(input, rest.label);
    const output = this.#value(shape);
    this.#nodes.push({ kind: 'pool', inputs: [read], output, ...rest });
    return output;
  }

  merge(left: number, right: number, operation: MergeOperation, label: string, scale: number): number {
    const first = this.#padded(left, label);
    const second = this.shaped(this.#padded(right, label), this.shape(first), label);
    const output = this.#value(this.shape(first));
    this.#nodes.push({ kind: 'merge', label, inputs: [first, second], output, operation, scale });
    return output;
  }

  /** One node for each part. */
  rearrange(parts: readonly Part[], shape: MapShape, label: string): number {
    const output = this.#value(shape);
    for (const { value, source } of parts)
      this.#nodes.push({ kind: 'rearrange', label, inputs: [value], output, source });
    return output;
  }

  finish(last: number, rest: Omit<Graph, 'values' | 'nodes' | 'logits'>): Graph {
    const shape = { height: 1, width: 1, channels: rest.classes };
    const logits = this.shaped(this.#padded(last, rest.lastLabel), shape, rest.lastLabel);
    return { values: this.#values, nodes: this.#nodes, logits, ...rest };
  }

  #value(shape: MapShape): number {
    return this.#values.push(shape) - 1;
  }

  /** What all nodes but affine ones and rearrangements read in the place of the image. */
  #padded(value: number, label: string): number {
    if (value !== 0) return value;
    const source = (element: number): number => element;
    return (this.#spreadImage ??= this.rearrange([{ value, source }], this.shape(0), label));
  }

  #absorb(value: number, change: (node: AffineNode) => Partial<AffineNode> | undefined): boolean {
    const index = this.#nodes.findIndex(({ output }) => output === value);
    const node = this.#nodes[index];
    if (node?.kind !== 'affine') return false;
    const changes = change(node);
    if (changes !== undefined) this.#nodes[index] = { ...node, ...changes };
    return changes !== undefined;
  }
}
