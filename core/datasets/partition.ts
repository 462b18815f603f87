/**
 * Deals the training examples to the clients, by the run's seed alone:
 * - iid: everything shuffled and cut into equal parts (sizes differ by at most one).
 * - shards (McMahan et al. 2017, section 3): sorted by label, cut into equal shards, each client gets PER_CLIENT of
 *   them at random; most clients see few classes.
 * - dirichlet (Hsu, Qi, Brown 2019, section 3): each client draws its class shares q from Dir(alpha p), p being the
 *   class shares of all the data, then the class of each example from q. Large alpha: everybody like the whole; small:
 *   one class each. (Elsewhere Dir(a, ..., a) is usual: with K equally frequent classes that is alpha = K a.) Clients
 *   get equally many examples as in the paper, so each has at least one. Departs from it in what happens when a class
 *   runs out: its share goes to the client's other classes, and the clients draw in turn, one example each, so that
 *   nobody is left with only what the others did not want.
 */
import { invalidSetting } from '../errors/federation-error.ts';
import { randomStream, shuffle, type RandomStream } from '../random/stream.ts';
import { datasetError } from './dataset-error.ts';
import { drawDirichlet } from './dirichlet.ts';

export type Partition =
  | { readonly kind: 'iid' }
  | { readonly kind: 'dirichlet'; readonly alpha: number }
  | { readonly kind: 'shards'; readonly perClient: number };

export interface DealRequest {
  /** [examples], class numbers. */
  readonly labels: Uint8Array;
  readonly clients: number;
  /** Examples that each client gets; all are dealt by default. */
  readonly examplesPerClient?: number | undefined;
  /** The run's seed. */
  readonly seed: number;
}

/** Above, shares are the same as those of all the data within rounding. */
const LARGEST_ALPHA = 1e6;

/** Reads 'iid', 'dirichlet:ALPHA' or 'shards:PER_CLIENT'. Throws FederationError invalid-setting. */
export function parsePartition(text: string): Partition {
  if (text === 'iid') return { kind: 'iid' };
  const [, alphaText] = /^dirichlet:(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  if (alphaText !== undefined) {
    const alpha = Number(alphaText);
    if (alpha > 0 && alpha <= LARGEST_ALPHA) return { kind: 'dirichlet', alpha };
    throw invalidSetting(
      'partition',
      text,
      `dirichlet:ALPHA with ALPHA above 0 and at most ${String(LARGEST_ALPHA)}`,
    );
  }
  const [, perClientText] = /^shards:(\d+)$/.exec(text) ?? [];
  if (perClientText !== undefined) {
    const perClient = Number(perClientText);
    if (perClient >= 1 && Number.isSafeInteger(perClient)) return { kind: 'shards', perClient };
    throw invalidSetting('partition', text, 'shards:PER_CLIENT with PER_CLIENT a whole number from 1');
  }
  throw invalidSetting(
    'partition',
    text,
    'iid, dirichlet:ALPHA (such as dirichlet:0.5) or shards:PER_CLIENT (such as shards:2)',
  );
}

/**
 * One array of example numbers per client (client i + 1 has element i), disjoint, none empty.
 * Throws FederationError partition-impossible when there are fewer examples or shards than asked for.
 */
export function dealExamples(partition: Partition, request: DealRequest): Uint32Array<ArrayBuffer>[] {
  const { labels, clients, examplesPerClient, seed } = request;
  const wanted = clients * (examplesPerClient ?? 1);
  if (wanted > labels.length) throw tooFewExamples(clients, examplesPerClient ?? 1, labels.length);
  const stream = randomStream(seed, 'deal');
  switch (partition.kind) {
    case 'iid':
      return dealIid(labels.length, clients, stream).map((part) => part.slice(0, examplesPerClient));
    case 'dirichlet':
      return dealDirichlet(partition.alpha, labels, clients, examplesPerClient, stream);
    case 'shards':
      return dealShards(partition.perClient, labels, clients, stream).map((part) =>
        subsample(part, examplesPerClient, stream),
      );
  }
}

function dealIid(examples: number, clients: number, stream: RandomStream): Uint32Array<ArrayBuffer>[] {
  return cutEqually(shuffled(examples, stream), clients);
}

function dealShards(
  perClient: number,
  labels: Uint8Array,
  clients: number,
  stream: RandomStream,
): Uint32Array<ArrayBuffer>[] {
  const shardCount = clients * perClient;
  if (shardCount > labels.length) {
    throw datasetError(
      'partition-impossible',
      `Cannot deal ${String(perClient)} shards to each of ${String(clients)} clients, as each of these ` +
        `${String(shardCount)} shards must hold an example, and there are ${String(labels.length)} examples.`,
      { clients, wanted: shardCount, available: labels.length, unit: 'shards' },
    );
  }
  // Shuffled before the sort (which keeps the order of equals), so that which examples of a class share a shard is drawn.
  const byLabel = shuffled(labels.length, stream).sort((left, right) => labels[left]! - labels[right]!);
  const shards = cutEqually(byLabel, shardCount);
  const order = shuffled(shardCount, stream);
  return Array.from({ length: clients }, (_, client) => {
    const own = order.subarray(client * perClient, (client + 1) * perClient);
    return joinIndices(Array.from(own, (shard) => shards[shard]!));
  });
}

function dealDirichlet(
  alpha: number,
  labels: Uint8Array,
  clients: number,
  examplesPerClient: number | undefined,
  stream: RandomStream,
): Uint32Array<ArrayBuffer>[] {
  const order = shuffled(labels.length, stream);
  const pools = poolsByClass(order, labels);
  const concentration = pools.map((pool) => (alpha * pool.length) / labels.length);
  const shares = Array.from({ length: clients }, () => drawDirichlet(concentration, stream));
  const dealt: number[][] = Array.from({ length: clients }, () => []);
  const total = examplesPerClient === undefined ? labels.length : clients * examplesPerClient;
  for (let turn = 0; turn < total; turn += 1) {
    const client = turn % clients;
    const pool = pools[drawClass(shares[client]!, pools, stream)]!;
    dealt[client]!.push(pool.pop()!);
  }
  return dealt.map((indices) => Uint32Array.from(indices));
}

/** A class among those with examples left, by the client's shares; by what is left where all its shares are 0. */
function drawClass(shares: Float64Array, pools: readonly number[][], stream: RandomStream): number {
  const own = pools.map((pool, index) => (pool.length > 0 ? shares[index]! : 0));
  const ownTotal = own.reduce((sum, share) => sum + share, 0);
  const weights = ownTotal > 0 ? own : pools.map((pool) => pool.length);
  const weightTotal = ownTotal > 0 ? ownTotal : weights.reduce((sum, weight) => sum + weight, 0);
  let remaining = stream.nextFloat() * weightTotal;
  let last = 0;
  for (const [index, weight] of weights.entries()) {
    if (weight === 0) continue;
    last = index;
    if (remaining < weight) return index;
    remaining -= weight;
  }
  return last; // rounding left a crumb beyond the last class
}

function poolsByClass(order: Uint32Array, labels: Uint8Array): number[][] {
  const classes = labels.reduce((largest, label) => Math.max(largest, label), 0) + 1;
  const pools: number[][] = Array.from({ length: classes }, () => []);
  for (const index of order) pools[labels[index]!]!.push(index);
  return pools;
}

/** Takes `size` of a client's examples at random. */
function subsample(
  indices: Uint32Array<ArrayBuffer>,
  size: number | undefined,
  stream: RandomStream,
): Uint32Array<ArrayBuffer> {
  if (size === undefined) return indices;
  if (size > indices.length) throw shardsTooSmall(size, indices.length);
  shuffle(indices, stream);
  return indices.slice(0, size);
}

function shuffled(count: number, stream: RandomStream): Uint32Array<ArrayBuffer> {
  const indices = Uint32Array.from({ length: count }, (_, index) => index);
  shuffle(indices, stream);
  return indices;
}

/** Consecutive parts whose sizes differ by at most one, the larger first. */
function cutEqually(indices: Uint32Array<ArrayBuffer>, parts: number): Uint32Array<ArrayBuffer>[] {
  const smaller = Math.floor(indices.length / parts);
  const larger = indices.length % parts;
  const start = (part: number): number => part * smaller + Math.min(part, larger);
  return Array.from({ length: parts }, (_, part) => indices.slice(start(part), start(part + 1)));
}

function joinIndices(parts: readonly Uint32Array[]): Uint32Array<ArrayBuffer> {
  const joined = new Uint32Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

function tooFewExamples(clients: number, each: number, available: number): Error {
  const wanted = clients * each;
  const fewerEach = Math.floor(available / clients);
  const help = [
    ...(available >= each ? [`at most ${String(Math.floor(available / each))} clients`] : []),
    ...(fewerEach >= 1 ? [`at most ${examples(fewerEach)} per client`] : []),
  ];
  return datasetError(
    'partition-impossible',
    `Cannot deal ${examples(each)} to each of ${String(clients)} clients, as that takes ${String(wanted)}, and the ` +
      `data has ${String(available)} to train on. Take ${help.join(', or ')}.`,
    { clients, wanted, available, unit: 'examples' },
  );
}

/** available: of the client whose shards hold least. */
function shardsTooSmall(wanted: number, available: number): Error {
  return datasetError(
    'partition-impossible',
    `Cannot take ${examples(wanted)} of a client, as its shards hold ${String(available)}. Take at most ` +
      `${examples(available)} per client, or fewer clients, whose shards are larger.`,
    { clients: 1, wanted, available, unit: 'examples' },
  );
}

function examples(count: number): string {
  return `${String(count)} ${count === 1 ? 'example' : 'examples'}`;
}
