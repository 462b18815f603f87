/**
 * What a kernel of the training step knows about a layer: one record of 32-bit words in the module's memory, written by
 * the planner (memory-layout.ts) and read by the module, whose source declares the same fields in the same order
 * (build/training-step/generate.ts).
 *
 * Every layer is affine: a convolution, or a dense layer seen as a convolution whose kernel covers the whole map. ReLU,
 * 2x2 max-pooling and dropout belong to the affine layer before them. Strides, offsets and addresses are in bytes.
 */

/** The type that each field has in the module. usize: an address or a number of bytes. */
type FieldType = 'usize' | 'i32' | 'u32' | 'f32';

export const layerFields = {
  /** Activations [image][row][column][channel], borders of 'same' padding included; bytes from image to image. */
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
  /** The next layer's input (its border excluded through the table of positions), or the logits. */
  output: 'usize',
  outputStride: 'usize',
  outputOffsets: 'usize',
  /** One byte per output value [image][position][channels]: see WindowCode in build/training-step/finish.ts. */
  windowCodes: 'usize',
  /** Gradients, laid out like input and output. inputGradient is 0 when nothing before this layer learns. */
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
  /** Scratch: the products of one group before the bias, [rows][channels]; 16 of them under Winograd. */
  product: 'usize',
  winograd: 'i32',
  transformedWeights: 'usize',
  transformedInput: 'usize',
  transformedOffsets: 'usize',
  /** Scratch of the first layer's weight gradient, [positions][kernelFloats][4]; 0: the layer uses lists. */
  windowColumns: 'usize',
} as const satisfies Record<string, FieldType>;

export type LayerRecord = Readonly<Record<keyof typeof layerFields, number>>;

const fieldBytes = 4;

export const layerRecordBytes = fieldBytes * Object.keys(layerFields).length;

/** Writes a record at an address of the module's memory. */
export function writeLayerRecord(memory: DataView, address: number, record: LayerRecord): void {
  let at = address;
  for (const [field, type] of Object.entries(layerFields)) {
    const value = record[field as keyof LayerRecord];
    if (type === 'f32') memory.setFloat32(at, value, true);
    else memory.setUint32(at, value, true);
    at += fieldBytes;
  }
}
