/** Records of the nodes whose weights go by channel: depthwise convolutions and normalisations. */
import type { Arena } from './arena.ts';
import type { DepthwiseNode, NormaliseNode } from './graph.ts';
import type { PlacedTensor, ValueBuffer } from './memory-layout.ts';
import type { OwnFields } from './node-record.ts';
import { rowByRow } from './plain-records.ts';
import { floatBytes } from './stored-values.ts';

interface ChannelPlaces {
  readonly batchSize: number;
  /** In the order of the flat weights. */
  readonly tensors: readonly PlacedTensor[];
  /** As many zeros as any node has channels. */
  readonly noBias: number;
}

export function channelRecord(
  node: DepthwiseNode | NormaliseNode,
  values: readonly ValueBuffer[],
  places: ChannelPlaces,
  arena: Arena,
): Readonly<Record<string, number>> {
  const input = values[node.inputs[0]]!;
  const output = values[node.output]!;
  return node.kind === 'depthwise'
    ? depthwiseRecord(node, input, output, places, arena)
    : normaliseRecord(node, input, output, places, arena);
}

function depthwiseRecord(
  node: DepthwiseNode,
  input: ValueBuffer,
  output: ValueBuffer,
  { tensors: [kernel, bias], noBias }: ChannelPlaces,
  arena: Arena,
): OwnFields<'depthwise'> {
  const { window, multiplier } = node;
  const inputPixelBytes = floatBytes * input.storedChannels;
  const pixelBytes = floatBytes * output.storedChannels;
  const start = input.inside - window.top * input.rowStride - window.left * inputPixelBytes;
  const sourceRows = (output.height - 1) * window.down + window.height;
  const sourceColumns = (output.width - 1) * window.across + window.width;
  const isSpread = multiplier > 1;
  const sourceRowStride = isSpread ? sourceColumns * pixelBytes : input.rowStride;
  const ifGradient = (bytes: number): number => (output.gradient === 0 ? 0 : arena.reserve(bytes));
  return {
    input: input.address + start,
    inputGradient: input.gradient === 0 ? 0 : input.gradient + start,
    inputStride: input.imageStride,
    inputRowStride: input.rowStride,
    inputPixelBytes,
    output: output.address + output.inside,
    outputGradient: output.gradient + output.inside,
    outputStride: output.imageStride,
    outputRowStride: output.rowStride,
    rows: output.height,
    columns: output.width,
    pixelBytes,
    channels: input.channels,
    multiplier,
    kernelRows: window.height,
    kernelColumns: window.width,
    down: window.down,
    across: window.across,
    sourceRows,
    sourceColumns,
    sourceRowStride,
    weights: kernel!.address,
    weightGradient: kernel!.gradient,
    bias: bias?.address ?? noBias,
    biasGradient: bias?.gradient ?? 0,
    relu: Number(node.relu),
    packed: ifGradient(output.height * output.width * pixelBytes),
    spread: isSpread ? arena.reserve(sourceRows * sourceRowStride) : 0,
    spreadGradient: isSpread ? ifGradient(sourceRows * sourceRowStride) : 0,
  };
}

/** Numbers that forward leaves for backward: of a pixel, and by channel of whatever else is normalised together. */
const perPixel = 2;
const perChannel = 5;

function normaliseRecord(
  node: NormaliseNode,
  input: ValueBuffer,
  output: ValueBuffer,
  { tensors: [gamma, beta, mean, variance], batchSize }: ChannelPlaces,
  arena: Arena,
): OwnFields<'normalise'> {
  const { over, groups, epsilon, momentum, relu } = node;
  const { storedChannels, channels } = output;
  const pixels = output.height * output.width;
  const statistics = {
    pixel: batchSize * pixels * perPixel,
    group: batchSize * storedChannels * perChannel,
    batch: storedChannels * perChannel,
  }[over];
  const mask = (): Int32Array => {
    const ones = Float32Array.from({ length: storedChannels }, (_, channel) => Number(channel < channels));
    return new Int32Array(ones.buffer);
  };
  return {
    ...rowByRow(input, output),
    pixelBytes: floatBytes * storedChannels,
    pixels,
    channels,
    groups,
    along: Number(over === 'pixel'),
    relu: Number(relu),
    epsilon,
    newShare: 1 - momentum,
    gamma: gamma!.address,
    beta: beta!.address,
    gammaGradient: gamma!.gradient,
    betaGradient: beta!.gradient,
    movingMean: mean?.address ?? 0,
    movingVariance: variance?.address ?? 0,
    mask: over === 'pixel' ? arena.table(storedChannels, mask) : 0,
    moments: over === 'pixel' ? 0 : arena.reserve(2 * batchSize * storedChannels * floatBytes),
    statistics: arena.reserve(statistics * floatBytes),
  };
}
