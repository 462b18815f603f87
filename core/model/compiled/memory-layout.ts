/**
 * Lays out the memory of one training step: where every weight, value, gradient, list and table lies. Planned once per
 * model and batch size; nothing is allocated while training.
 */
import { modelRefused } from '../refusals.ts';
import { affineRecord, scratchBytes } from './affine-record.ts';
import { Arena, type Table } from './arena.ts';
import { channelRecord } from './channel-records.ts';
import { affineGeometry, type AffineGeometry } from './geometry.ts';
import {
  elements,
  isLearning,
  learnsBefore,
  zerosAreDead,
  type Graph,
  type GraphNode,
  type LearningNode,
} from './graph.ts';
import { nodeKinds, recordBytes, type AffineRecord } from './node-record.ts';
import { plainRecord } from './plain-records.ts';
import {
  affineBlocks,
  depthwiseBlocks,
  normaliseBlocks,
  type ParameterBlock,
  placeBlocks,
  type PlacedBlock,
} from './parameters.ts';
import { floatBytes, storeValues, type StoredValue } from './stored-values.ts';

/** A value in memory: of one batch, and its gradient, laid out alike; 0: nobody needs it. */
export interface ValueBuffer extends StoredValue {
  readonly address: number;
  readonly gradient: number;
}

export interface PlannedNode {
  readonly node: GraphNode;
  /** Address of its record, and what that holds. */
  readonly address: number;
  readonly record: Readonly<Record<string, number>>;
}

export interface MemoryLayout {
  readonly graph: Graph;
  readonly batchSize: number;
  readonly nodes: readonly PlannedNode[];
  /** Those of them that are affine. */
  readonly affine: readonly { readonly geometry: AffineGeometry; readonly record: AffineRecord }[];
  /** Table: addresses of the nodes' records. */
  readonly nodeTable: number;
  /** Tables to write once. */
  readonly tables: readonly Table[];
  /** Tensors of the model, in the order of the flat weights. */
  readonly blocks: readonly PlacedBlock[];
  /** Floats in each of the parameter ranges: all kernels, then all vectors, as stored; of the weights, also moving statistics. */
  readonly storedParameters: number;
  readonly storedWeights: number;
  readonly weights: number;
  /** Parameter ranges of training; 0 in other layouts. */
  readonly gradient: number;
  readonly firstMoment: number;
  readonly secondMoment: number;
  readonly anchor: number;
  /** One batch: bytes as they came, the same as a value, logits, labels, predictions (int32). */
  readonly bytes: number;
  readonly image: ValueBuffer;
  readonly logits: ValueBuffer;
  readonly labels: number;
  readonly predictions: number;
  /** Two float64: sum of losses, correct predictions. */
  readonly statistics: number;
  /** First byte after everything. */
  readonly end: number;
}

/** What a layout has room for: a whole step; the forward pass alone; or that and the gradient of the images. */
export type Purpose = 'training' | 'forward' | 'input-gradient';

export interface LayoutOptions {
  readonly batchSize: number;
  readonly purpose: Purpose;
  /** The module's own data ends here. */
  readonly firstFreeAddress: number;
}

/** What a 16-byte load may read beyond the last number. */
const surplusBytes = 16;
/** Kernels compute offsets in signed 32-bit numbers. */
const memoryLimitBytes = 2 ** 31 - 2 ** 20;

/** Throws FederationError 'model-refused', naming the largest layer, when a training step of these batches would not fit. */
export function requireMemory(graph: Graph, batchSize: number): void {
  planMemory(graph, { batchSize, purpose: 'training', firstFreeAddress: 64 });
}

/** Throws FederationError 'model-refused', naming the largest layer, when there is not that much memory. */
export function planMemory(graph: Graph, options: LayoutOptions): MemoryLayout {
  const { batchSize, firstFreeAddress } = options;
  const arena = new Arena(firstFreeAddress);
  const stored = storeValues(graph);
  const geometries = graph.nodes
    .filter((node) => node.kind === 'affine')
    .map((node) => affineGeometry(node, stored, batchSize, options.purpose !== 'input-gradient'));
  const { ranges, tensorsOf, noBias, unreadGradient } = placeParameters(
    graph,
    stored,
    geometries,
    options,
    arena,
  );
  const values = placeValues(graph, stored, options, arena);
  const dead = zerosAreDead(graph);
  const needs = geometries.map((geometry) =>
    scratchBytes(geometry, {
      batchSize,
      weightGradient: tensorsOf(geometry.node)[0]!.gradient,
      inputGradient: values[geometry.node.inputs[0]]!.gradient,
    }),
  );
  arena.chargeTo(geometries[needs.indexOf(Math.max(...needs))]?.node.label ?? '');
  const scratch = arena.reserve(Math.max(0, ...needs));

  const affine: { geometry: AffineGeometry; record: AffineRecord }[] = [];
  const nodes = graph.nodes.map((node): PlannedNode => {
    arena.chargeTo(node.label);
    const address = arena.reserve(recordBytes(node.kind));
    const header = { kind: nodeKinds.indexOf(node.kind), ...clearedGradients(graph, node, values, arena) };
    if (!isLearning(node))
      return { node, address, record: { ...header, ...plainRecord(node, values, batchSize, arena) } };
    const tensors = tensorsOf(node);
    if (node.kind !== 'affine') {
      const own = channelRecord(node, values, { tensors, noBias, batchSize }, arena);
      return { node, address, record: { ...header, ...own } };
    }
    const [kernel, bias = { address: noBias, gradient: unreadGradient }] = tensors;
    const geometry = geometries.find((one) => one.node === node)!;
    const input = values[node.inputs[0]]!;
    const output = values[node.output]!;
    const places = {
      batchSize,
      scratch,
      zerosAreDead: dead[node.inputs[0]]!,
      input: input.address,
      inputGradient: input.gradient,
      output: output.address,
      outputGradient: output.gradient,
      weights: kernel!.address,
      weightGradient: kernel!.gradient,
      bias: bias.address,
      biasGradient: bias.gradient,
    };
    const record = { ...header, ...affineRecord(geometry, places, arena) };
    affine.push({ geometry, record });
    return { node, address, record };
  });

  arena.chargeTo(graph.firstLabel);
  const layout = {
    graph,
    batchSize,
    nodes,
    affine,
    nodeTable: arena.table(nodes.length, () => Int32Array.from(nodes, ({ address }) => address)),
    ...ranges,
    bytes: arena.reserve(batchSize * elements(graph.values[0]!)),
    image: values[0]!,
    logits: values[graph.logits]!,
    labels: arena.reserve(4 * batchSize),
    predictions: arena.reserve(4 * batchSize),
    statistics: arena.reserve(16),
    tables: arena.tables,
    end: arena.end,
  };
  if (layout.end <= memoryLimitBytes) return layout;
  const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6)} MB`;
  throw modelRefused(
    arena.largest,
    `is the largest of a model that needs ${megabytes(layout.end)} in batches of ${batchSize}; the compiled engine has ${megabytes(memoryLimitBytes)}`,
  );
}

/** A tensor of a node's weights: where it lies, and its gradient; 0 where nothing learns. */
export interface PlacedTensor {
  readonly address: number;
  readonly gradient: number;
}

/** Parameters of all nodes in one range, so that an optimiser is one sweep. */
function placeParameters(
  { nodes }: Graph,
  stored: readonly StoredValue[],
  geometries: readonly AffineGeometry[],
  { purpose }: LayoutOptions,
  arena: Arena,
) {
  const training = purpose === 'training';
  const blocksOf = (node: LearningNode): readonly ParameterBlock[] => {
    if (node.kind === 'affine') return affineBlocks(geometries.find((geometry) => geometry.node === node)!);
    const output = stored[node.output]!;
    return node.kind === 'depthwise' ? depthwiseBlocks(node, output) : normaliseBlocks(node, output);
  };
  const learning = nodes.filter(isLearning).map((node) => ({ node, blocks: blocksOf(node) }));
  const { placed, ...sizes } = placeBlocks(learning.flatMap(({ blocks }) => blocks));
  const floatsOf = ({ blocks }: (typeof learning)[number]): number =>
    blocks.reduce((total, { floats }) => total + floats, 0);
  const [largest] = learning.toSorted((left, right) => floatsOf(right) - floatsOf(left));
  arena.chargeTo(largest?.node.label ?? '');
  const weights = arena.reserve(floatBytes * sizes.storedWeights);
  const [gradient, firstMoment, secondMoment, anchor] = [1, 2, 3, 4].map(() =>
    training ? arena.reserve(floatBytes * sizes.storedParameters) : 0,
  ) as [number, number, number, number];
  // A node without bias has one all the same, of zeros that no optimiser sees; its gradient goes to a place never read.
  const biasBytes = floatBytes * Math.max(0, ...stored.map(({ storedChannels }) => storedChannels));
  const noBias = arena.reserve(biasBytes);
  const unreadGradient = training ? arena.reserve(biasBytes) : 0;

  let first = 0;
  const tensors = new Map<LearningNode, readonly PlacedTensor[]>();
  for (const { node, blocks } of learning) {
    const own = placed.slice(first, first + blocks.length).map(({ at, kind }) => ({
      address: weights + floatBytes * at,
      gradient: training && kind !== 'statistic' ? gradient + floatBytes * at : 0,
    }));
    tensors.set(node, own);
    first += blocks.length;
  }
  return {
    ranges: { blocks: placed, ...sizes, weights, gradient, firstMoment, secondMoment, anchor },
    tensorsOf: (node: LearningNode) => tensors.get(node)!,
    noBias,
    unreadGradient,
  };
}

/** The loss writes a gradient at the logits whatever the purpose. */
function placeValues(
  graph: Graph,
  stored: readonly StoredValue[],
  { batchSize, purpose }: LayoutOptions,
  arena: Arena,
): readonly ValueBuffer[] {
  const learns = learnsBefore(graph);
  const needsGradient = (value: number): boolean =>
    value === graph.logits || purpose === 'input-gradient' || (purpose === 'training' && learns[value]!);
  const labelOf = (value: number): string =>
    graph.nodes.find(({ output }) => output === value)?.label ?? graph.firstLabel;
  const reserve = (value: number): number => {
    arena.chargeTo(labelOf(value));
    return arena.reserve(batchSize * stored[value]!.imageStride + surplusBytes);
  };
  const addresses = stored.map((_, value) => reserve(value));
  const gradients = stored.map((_, value) => (needsGradient(value) ? reserve(value) : 0));
  return stored.map((value, index) => ({
    ...value,
    address: addresses[index]!,
    gradient: gradients[index]!,
  }));
}

/** The gradients that no node after this one adds to. */
function clearedGradients(
  { nodes }: Graph,
  node: GraphNode,
  values: readonly ValueBuffer[],
  arena: Arena,
): { readonly clearCount: number; readonly clears: number } {
  const cleared = [...new Set(node.inputs)]
    .filter((input) => nodes.findLast(({ inputs }) => inputs.includes(input)) === node)
    .map((input) => values[input]!)
    .filter(({ gradient }) => gradient !== 0);
  const pairs = cleared.flatMap(({ gradient, imageStride }) => [gradient, imageStride]);
  return { clearCount: cleared.length, clears: arena.table(pairs.length, () => Int32Array.from(pairs)) };
}
