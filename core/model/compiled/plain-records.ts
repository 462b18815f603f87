/** Records of the nodes without weights: where they read and write, row by row or through tables of offsets. */
import { dropThreshold } from './affine-record.ts';
import type { Arena } from './arena.ts';
import {
  activations,
  mergeOperations,
  type ActivationNode,
  type DropoutNode,
  type GraphNode,
  type LearningNode,
  type MergeNode,
  type PoolNode,
  type RearrangeNode,
} from './graph.ts';
import type { ValueBuffer } from './memory-layout.ts';
import type { OwnFields } from './node-record.ts';
import {
  pixelOffsets,
  rearrangeRuns,
  windowCounts,
  windowOffsetCount,
  windowOffsets,
} from './offset-tables.ts';
import { floatBytes } from './stored-values.ts';

type PlainNode = Exclude<GraphNode, LearningNode>;

export function plainRecord(
  node: PlainNode,
  values: readonly ValueBuffer[],
  batchSize: number,
  arena: Arena,
): Readonly<Record<string, number>> {
  const input = values[node.inputs[0]]!;
  const output = values[node.output]!;
  switch (node.kind) {
    case 'activation':
      return activationRecord(node, input, output);
    case 'pool':
      return poolRecord(node, input, output, arena);
    case 'dropout':
      return dropoutRecord(node, input, output, arena.reserve(batchSize * storedFloats(output)));
    case 'merge':
      return mergeRecord(node, input, values[node.inputs[1]]!, output);
    case 'rearrange':
      return rearrangeRecord(node, input, output, arena);
  }
}

function activationRecord(
  node: ActivationNode,
  input: ValueBuffer,
  output: ValueBuffer,
): OwnFields<'activation'> {
  return {
    ...rowByRow(input, output),
    activation: activations.indexOf(node.activation),
    slope: node.slope,
    pixelBytes: floatBytes * output.storedChannels,
    pixelBytesUsed: floatBytes * output.channels,
  };
}

function poolRecord(
  node: PoolNode,
  input: ValueBuffer,
  output: ValueBuffer,
  arena: Arena,
): OwnFields<'pool'> {
  const positions = output.height * output.width;
  return {
    ...wholeValues(input, output),
    average: Number(node.average),
    positions,
    pixelBytes: floatBytes * output.storedChannels,
    outputOffsets: arena.table(positions, () => pixelOffsets(output)),
    counts: arena.table(positions, () => windowCounts(node, input, output)),
    windowOffsets: arena.table(windowOffsetCount(node, input, output), () =>
      windowOffsets(node, input, output),
    ),
  };
}

function dropoutRecord(
  node: DropoutNode,
  input: ValueBuffer,
  output: ValueBuffer,
  codes: number,
): OwnFields<'dropout'> {
  return {
    ...rowByRow(input, output),
    dropThreshold: dropThreshold(node.rate),
    keepScale: 1 / (1 - node.rate),
    codes,
  };
}

function mergeRecord(
  node: MergeNode,
  first: ValueBuffer,
  second: ValueBuffer,
  output: ValueBuffer,
): OwnFields<'merge'> {
  const { input, inputGradient, inputStride, inputRowStride } = rowByRow(second, output);
  return {
    ...rowByRow(first, output),
    second: input,
    secondGradient: inputGradient,
    secondStride: inputStride,
    secondRowStride: inputRowStride,
    operation: mergeOperations.indexOf(node.operation),
    scale: node.scale,
  };
}

function rearrangeRecord(
  node: RearrangeNode,
  input: ValueBuffer,
  output: ValueBuffer,
  arena: Arena,
): OwnFields<'rearrange'> {
  const runs = rearrangeRuns(node, input, output);
  return {
    ...wholeValues(input, output),
    runs: arena.table(runs.length, () => runs),
    runCount: runs.length / 3,
  };
}

function wholeValues(input: ValueBuffer, output: ValueBuffer) {
  return {
    input: input.address,
    inputGradient: input.gradient,
    inputStride: input.imageStride,
    output: output.address,
    outputGradient: output.gradient,
    outputStride: output.imageStride,
  };
}

/** Both are maps of the same shape; the addresses are those inside the border. */
export function rowByRow(input: ValueBuffer, output: ValueBuffer) {
  return {
    input: input.address + input.inside,
    inputGradient: input.gradient === 0 ? 0 : input.gradient + input.inside,
    inputStride: input.imageStride,
    inputRowStride: input.rowStride,
    output: output.address + output.inside,
    outputGradient: output.gradient === 0 ? 0 : output.gradient + output.inside,
    outputStride: output.imageStride,
    outputRowStride: output.rowStride,
    rows: output.height,
    rowBytes: floatBytes * output.width * output.storedChannels,
  };
}

function storedFloats({ height, width, storedChannels }: ValueBuffer): number {
  return height * width * storedChannels;
}
