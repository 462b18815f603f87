/**
 * What the kernels of the training step know about a node: one record of 32-bit words in the module's memory, written by
 * the planner (memory-layout.ts) and read by the module, whose source declares the same fields in the same order
 * (build/training-step/generate.ts). Strides, offsets and addresses are in bytes.
 */
import type { GraphNode } from './graph.ts';

/** The type that each field has in the module. usize: an address or a number of bytes. */
type FieldType = 'usize' | 'i32' | 'u32' | 'f32';
type Fields = Readonly<Record<string, FieldType>>;

/** How every record starts. */
export const headerFields = {
  /** Which kernels run: the place of the node's kind among the kinds below. */
  kind: 'i32',
  /**
   * Gradients that the node is the first of the backward pass to add to, and so clears before: a table of clearCount pairs
   * of an address and the bytes of an image.
   */
  clearCount: 'i32',
  clears: 'usize',
} as const satisfies Fields;

/** A value that the node reads: the first byte of the batch; 0 for the gradient when nobody needs it. */
const inputFields = {
  input: 'usize',
  inputGradient: 'usize',
  inputStride: 'usize',
} as const satisfies Fields;
const outputFields = {
  output: 'usize',
  outputGradient: 'usize',
  outputStride: 'usize',
} as const satisfies Fields;
/** Of nodes that go row by row: then the addresses are those of the first number inside the border. */
const rowStrides = { inputRowStride: 'usize', outputRowStride: 'usize' } as const satisfies Fields;
/** Rows of an image, and the bytes of one: whole pixels, padded channels included. */
const rowFields = { rows: 'i32', rowBytes: 'usize' } as const satisfies Fields;

/** A convolution with ReLU, 2x2 max-pooling and dropout (core/model/compiled/graph.ts). */
const affineFields = {
  ...headerFields,
  /** The value [image][row][column][channel] with its border, or patches copied from the image, row by row. */
  input: 'usize',
  inputStride: 'usize',
  /** Places where the kernel is applied, per image, and values kept per channel: pixels = 4 positions when pooled. */
  pixels: 'i32',
  positions: 'i32',
  /** Table: the first byte of each pixel's patch, for one group of images; window by window when pooled. */
  patchOffsets: 'usize',
  /** A kernel is kernelRows runs of rowFloats, rowStride apart in the input; rowFloatsUsed of them carry weights. */
  kernelRows: 'i32',
  rowFloats: 'i32',
  rowFloatsUsed: 'i32',
  rowStride: 'usize',
  /** kernelRows x rowFloats, and how many of them carry weights when the rows are explicit patches. */
  kernelFloats: 'i32',
  kernelFloatsUsed: 'i32',
  /** Output channels, padded to a multiple of 8. */
  channels: 'i32',
  /** Master weights and their gradient [channels][kernelFloats]; the same weights in panels [channels / 8][kernelFloats][8]. */
  weights: 'usize',
  weightGradient: 'usize',
  panels: 'usize',
  bias: 'usize',
  biasGradient: 'usize',
  relu: 'i32',
  pooled: 'i32',
  /** A value is dropped when the generator's 32 bits are at most dropThreshold (0: no dropout); kept ones are scaled. */
  dropThreshold: 'u32',
  keepScale: 'f32',
  /** The value that it gives, with its border: the table of positions leaves that out. */
  output: 'usize',
  outputStride: 'usize',
  outputOffsets: 'usize',
  /** One byte per output value [image][position][channels]: see WindowCode in build/training-step/finish.ts. */
  windowCodes: 'usize',
  /** Gradients, laid out like input and output. inputGradient is 0 when nothing before this node learns. */
  inputGradient: 'usize',
  outputGradient: 'usize',
  /** How many images pass through the kernels together. */
  forwardGroup: 'i32',
  backwardGroup: 'i32',
  /** Backward lists of (value, offset), one per channel and one per pixel, and where each of them ends. */
  weightRowOffsets: 'usize',
  channelLists: 'usize',
  channelListEnds: 'usize',
  pixelLists: 'usize',
  pixelListEnds: 'usize',
  /** Scratch: the products of one group before the bias, [pixels][channels]. */
  product: 'usize',
  /** The number of the Winograd tile, counted from 1, or 0; tiles in an image. */
  winograd: 'i32',
  tiles: 'i32',
  /** Tables: the first byte of each tile's patch in an image; of each of its outputs in an image's product. */
  tilePatches: 'usize',
  tileRows: 'usize',
  /** For each frequency: panels of weights; a plane [tiles][input channels], and where tiles start. Products [tiles][frequencies][8]. */
  transformedWeights: 'usize',
  transformedInput: 'usize',
  transformedOffsets: 'usize',
  weightPlaneBytes: 'usize',
  inputPlaneBytes: 'usize',
  frequencyProducts: 'usize',
  /**
   * Dense layers: 1, and how many inputs make a block of the lists, and images a batch. Weights and their gradient are
   * [kernelFloats][channels], without panels. Where the gradient of images is wanted: 0, and instead of panels a copy of
   * the weights that lies so.
   */
  byInput: 'i32',
  blockInputs: 'i32',
  batchSize: 'i32',
  /** Table: the first byte of each image's row in the product. */
  productOffsets: 'usize',
  /**
   * Scratch of dense layers for a block of inputs, of which those that are not zero: (value, offset of the weights) by image, [batchSize]
   * [blockInputs]; (value, offset of the gradient) by input, the other way about; and where the lists end.
   */
  imageLists: 'usize',
  imageListEnds: 'usize',
  inputLists: 'usize',
  inputListEnds: 'usize',
  /** Their bytes from the first input, by image, for the input gradient; or all inputs', where it is wanted at all. */
  positionLists: 'usize',
  everyPosition: 'usize',
  /** 1: the convolution reads the image itself, and no patches are written out. */
  direct: 'i32',
  /** Scratch of the first layer's weight gradient, [positions][kernelFloats][4]; 0: the node uses lists. */
  windowColumns: 'usize',
  /** Few entries of the output's gradient are zero. */
  denseGradient: 'i32',
  /** Then: a table of where each pixel's output gradient lies, for a group; scratch for [kernelFloats / 8][channels][8], [pixels][8]. */
  gradientOffsets: 'usize',
  gradientPanels: 'usize',
  gradientProduct: 'usize',
  /** Where patches are copied from, and their gradient is added to; source is 0 when the kernels find them by themselves. */
  source: 'usize',
  sourceGradient: 'usize',
  sourceStride: 'usize',
  sourceOffsets: 'usize',
  sourceRuns: 'i32',
  sourceRunFloats: 'i32',
  sourceRowStride: 'usize',
} as const satisfies Fields;

const activationFields = {
  ...headerFields,
  ...inputFields,
  ...outputFields,
  ...rowStrides,
  ...rowFields,
  /** Which function, by its place in the list of graph.ts. */
  activation: 'i32',
  slope: 'f32',
  /** Bytes of a pixel, and how many of them carry values. */
  pixelBytes: 'usize',
  pixelBytesUsed: 'usize',
} as const satisfies Fields;

const poolFields = {
  ...headerFields,
  ...inputFields,
  ...outputFields,
  average: 'i32',
  positions: 'i32',
  /** Bytes of a pixel. */
  pixelBytes: 'usize',
  /** Tables: where each position lies in the output; how many pixels of the input its window holds; */
  outputOffsets: 'usize',
  counts: 'usize',
  /** and, window by window, where these lie. */
  windowOffsets: 'usize',
} as const satisfies Fields;

const dropoutFields = {
  ...headerFields,
  ...inputFields,
  ...outputFields,
  ...rowStrides,
  ...rowFields,
  dropThreshold: 'u32',
  keepScale: 'f32',
  /** One byte per value of a batch: 0 kept, 4 dropped. */
  codes: 'usize',
} as const satisfies Fields;

const mergeFields = {
  ...headerFields,
  ...inputFields,
  /** The second input. */
  second: 'usize',
  secondGradient: 'usize',
  secondStride: 'usize',
  secondRowStride: 'usize',
  ...outputFields,
  ...rowStrides,
  ...rowFields,
  /** Which operation, by its place in the list of graph.ts, and what the result is multiplied by. */
  operation: 'i32',
  scale: 'f32',
} as const satisfies Fields;

const rearrangeFields = {
  ...headerFields,
  ...inputFields,
  ...outputFields,
  /** Table of runs: where each starts in the input and in the output, and its bytes. */
  runs: 'usize',
  runCount: 'i32',
} as const satisfies Fields;

/** A depthwise convolution (build/training-step/depthwise.ts). */
const depthwiseFields = {
  ...headerFields,
  /** Here the addresses are those of the first window's first number. */
  ...inputFields,
  inputRowStride: 'usize',
  inputPixelBytes: 'usize',
  /** The addresses are those of the first number inside the border. */
  ...outputFields,
  outputRowStride: 'usize',
  rows: 'i32',
  columns: 'i32',
  pixelBytes: 'usize',
  /** Of the input, and kernels for each. */
  channels: 'i32',
  multiplier: 'i32',
  kernelRows: 'i32',
  kernelColumns: 'i32',
  down: 'i32',
  across: 'i32',
  /** Rows and columns that windows reach, of the input or, with several kernels for a channel, of its spread copy. */
  sourceRows: 'i32',
  sourceColumns: 'i32',
  sourceRowStride: 'usize',
  /** [tap][channels of the output]; gradients are 0 when nothing learns. */
  weights: 'usize',
  weightGradient: 'usize',
  bias: 'usize',
  biasGradient: 'usize',
  relu: 'i32',
  /** Scratch: one image's gradient without border; one image's spread map and its gradient. */
  packed: 'usize',
  spread: 'usize',
  spreadGradient: 'usize',
} as const satisfies Fields;

/** A normalisation (normalisation.ts and layer-normalisation.ts of build/training-step). */
const normaliseFields = {
  ...headerFields,
  ...inputFields,
  ...outputFields,
  ...rowStrides,
  ...rowFields,
  pixelBytes: 'usize',
  pixels: 'i32',
  channels: 'i32',
  /** 0: of the batch; along: of each pixel. */
  groups: 'i32',
  along: 'i32',
  relu: 'i32',
  epsilon: 'f32',
  /** 1 - momentum. */
  newShare: 'f32',
  /** Gradients are 0 when nothing learns; moving statistics are 0 where there are none. */
  gamma: 'usize',
  beta: 'usize',
  gammaGradient: 'usize',
  betaGradient: 'usize',
  movingMean: 'usize',
  movingVariance: 'usize',
  /** Of each stored channel 1, or 0 beyond the map's. */
  mask: 'usize',
  /** Scratch: [image][2][channels]; and what forward leaves for backward. */
  moments: 'usize',
  statistics: 'usize',
} as const satisfies Fields;

/** Fields by kind of node; the name of a class in the module for each. */
export const recordFields = {
  affine: affineFields,
  depthwise: depthwiseFields,
  normalise: normaliseFields,
  activation: activationFields,
  pool: poolFields,
  dropout: dropoutFields,
  merge: mergeFields,
  rearrange: rearrangeFields,
} as const satisfies Readonly<Record<GraphNode['kind'], Fields>>;

export type NodeKind = keyof typeof recordFields;
export const nodeKinds = Object.keys(recordFields) as readonly NodeKind[];
export type RecordOf<Kind extends NodeKind> = Readonly<Record<keyof (typeof recordFields)[Kind], number>>;
export type AffineRecord = RecordOf<'affine'>;
/** What the planner finds for a node of its kind; what every record starts with is added for all alike. */
export type OwnFields<Kind extends NodeKind> = Omit<RecordOf<Kind>, keyof typeof headerFields>;

const fieldBytes = 4;

export function recordBytes(kind: NodeKind): number {
  return fieldBytes * Object.keys(recordFields[kind]).length;
}

/** Writes a record at an address of the module's memory. */
export function writeRecord(
  memory: DataView,
  address: number,
  kind: NodeKind,
  record: Readonly<Record<string, number>>,
): void {
  let at = address;
  for (const [field, type] of Object.entries<FieldType>(recordFields[kind])) {
    const value = record[field]!;
    if (type === 'f32') memory.setFloat32(at, value, true);
    else memory.setUint32(at, value, true);
    at += fieldBytes;
  }
}
