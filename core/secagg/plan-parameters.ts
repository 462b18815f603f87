/**
 * From settings to the parameters of an epoch's rounds: thresholds, graph, scale and width. Settings that cannot work
 * together are refused here, naming the field, its value and what is allowed.
 */
import {
  chosenLoss,
  idleLossSetting,
  isNoised,
  type LossSettings,
  type RunSettings,
} from '../contract/run-settings.ts';
import { invalidSetting } from '../errors/federation-error.ts';
import { DEFAULT_SERVER_OPTIMISERS } from '../fedavg/server-optimiser.ts';
import type { ClientOptimiser } from '../model/engine.ts';
import { COMPLETE_GRAPH_LIMIT, SPARSE_GRAPH_LIMIT, sparseParameters } from './graph-security.ts';
import type { RoundParameters } from './parameters.ts';
import { noiseParameters, planNoise } from './privacy-plan.ts';
import { LEAST_EXPECTED_HONEST, colludersTolerated, leastThreshold } from './quorum.ts';
import { MAX_BITS, bitsFor, largestWithin, powerOfTwoWithin, scaleFor } from './quantise.ts';
import { vectorLengthOf } from './vector-layout.ts';

/** The settings that a round depends on. */
export type PlannedSettings = Pick<
  RunSettings,
  | 'clients'
  | 'rounds'
  | 'dataset'
  | 'partition'
  | 'epochs'
  | 'batch'
  | 'learningRate'
  | 'seed'
  | 'threshold'
  | 'masks'
  | 'signatures'
  | 'quantisation'
  | 'keyAgreement'
  | 'graph'
  | 'examplesPerClient'
  | 'weights'
  | 'fraction'
  | 'optimizer'
  | 'momentum'
  | 'prox'
  | keyof LossSettings
  | 'serverOptimizer'
  | 'aggregation'
  | 'tolerate'
  | 'noiseMultiplier'
  | 'clippingNorm'
  | 'delta'
  | 'adaptiveClipping'
  | 'clippingQuantile'
  | 'language'
>;

/** What is known beside the settings. */
export interface PlanFacts {
  /** d */
  readonly parameterCount: number;
  /** Examples of the client that has most; left out when everyone brings their own. */
  readonly largestCount?: number;
  /** Digest of the data set; left out when everyone brings their own. */
  readonly datasetDigest?: string;
  /** R, instead of the default. */
  readonly clipBound?: number;
  /** True for a model with moving statistics, which go farther in a round than any trained weight. */
  readonly movingStatistics?: boolean;
  /** True for a session openly started as a demonstration even though every protection is on. */
  readonly demonstration?: boolean;
}

/** Most examples that the parameters allow for where nobody knows the clients' counts. */
export const UNKNOWN_LARGEST_COUNT = 10_000;
/** Bits of an update's coordinate beside those that the number of clients takes: resolution of about R / 2^15. */
const COORDINATE_BITS = 16;
/**
 * Adam's move in one step is at most (1 - beta1) / sqrt(1 - beta2) = 3.16 learning rates (Kingma, Ba 2015, section 2.1),
 * with beta1 = 0.9 and beta2 = 0.999; rounded up.
 */
const ADAM_LARGEST_MOVE = 3.2;
/** SGD has no largest move. */
const SGD_CLIP_BOUND = 1;
/**
 * Means and variances of activations move by less in a round, unless something has gone wrong; what goes farther gets there
 * in several rounds. The trained weights keep the resolution that they have without, as far as 32 bits allow.
 */
const STATISTICS_CLIP_BOUND = 4;
/** Far outside of what a float32 model can use, and far inside of what float64 can compute. */
const SMALLEST_CLIP_BOUND = 1e-30;
const LARGEST_CLIP_BOUND = 1e30;
/** Cross-entropy of a probability clipped at 1e-7 is 16.1; the focal loss is no larger. */
const LOSS_BOUND = 17;
/** At most 2 / classes; a loss this small needs a sum this much finer. */
const SQUARED_ERROR_BOUND = 1;

/** Throws FederationError 'invalid-setting'. */
export function planParameters(settings: PlannedSettings, facts: PlanFacts): RoundParameters {
  const { clients, epochs, batch, masks, signatures, quantisation } = settings;
  const graph = planGraph(settings);
  requireMean(settings);
  requireOneLoss(settings);
  if (masks && !quantisation) {
    throw invalidSetting('quantisation', 'off', 'on while masks are on: masks are added to whole numbers');
  }
  const noised = isNoised(settings) ? planNoised(settings, facts, graph) : undefined;
  const largestCount = facts.largestCount ?? UNKNOWN_LARGEST_COUNT;
  const weightCap = planWeightCap(settings.weights, largestCount);
  const optimiser = planOptimiser(settings);
  const steps = epochs * Math.ceil(largestCount / batch);
  const trainedBound = facts.clipBound ?? defaultClipBound(optimiser, steps);
  const clipBound =
    facts.movingStatistics === true ? Math.max(trainedBound, STATISTICS_CLIP_BOUND) : trainedBound;
  if (!(clipBound >= SMALLEST_CLIP_BOUND && clipBound <= LARGEST_CLIP_BOUND)) {
    throw invalidSetting('clipBound', clipBound, `in ${SMALLEST_CLIP_BOUND} .. ${LARGEST_CLIP_BOUND}`);
  }
  const bits = Math.max(
    Math.min(
      MAX_BITS,
      COORDINATE_BITS +
        Math.ceil(Math.log2(clipBound / trainedBound)) +
        countBits(facts, weightCap) +
        Math.ceil(Math.log2(clients)),
    ),
    bitsFor(clients, weightCap),
  );
  if (bits > MAX_BITS) {
    throw invalidSetting(
      'examplesPerClient',
      weightCap,
      `at most ${largestWithin(clients, MAX_BITS)} for ${clients} clients, so that sums fit ${MAX_BITS} bits`,
    );
  }
  requireFraction(settings);
  return {
    clients,
    ...graph,
    parameterCount: facts.parameterCount,
    ...(noised ?? {
      vectorLength: vectorLengthOf(facts.parameterCount),
      bits,
      scale: scaleFor(largestWithin(clients, bits), clipBound),
      clipBound,
      differentialPrivacy: null,
    }),
    weightCap,
    lossBound: settings.loss === 'squared-error' ? SQUARED_ERROR_BOUND : LOSS_BOUND,
    weights: settings.weights,
    rounds: settings.rounds,
    epochs,
    batch,
    loss: chosenLoss(settings) ?? 'categorical-crossentropy',
    optimiser,
    proximalMu: settings.prox,
    serverOptimiser: DEFAULT_SERVER_OPTIMISERS[settings.serverOptimizer],
    fraction: settings.fraction,
    seed: settings.seed,
    data: {
      dataset: settings.dataset,
      digest: facts.datasetDigest ?? '',
      partition: settings.partition,
      examplesPerClient: settings.examplesPerClient ?? null,
    },
    keyAgreement: settings.keyAgreement,
    masks,
    signatures,
    quantisation,
    demonstration: (facts.demonstration ?? false) || !(masks && signatures && quantisation),
    language: settings.language,
  };
}

type PlannedGraph = ReturnType<typeof planGraph>;
type NoisedLayout = Pick<
  RoundParameters,
  'vectorLength' | 'bits' | 'scale' | 'clipBound' | 'differentialPrivacy'
>;

function planNoised(settings: PlannedSettings, facts: PlanFacts, graph: PlannedGraph): NoisedLayout {
  const { clients, weights, clippingNorm, rounds, fraction } = settings;
  if (weights !== 'uniform') {
    throw invalidSetting('weights', weights, 'uniform with differential privacy: noise does not hide counts');
  }
  const off = (['masks', 'signatures'] as const).find((name) => !settings[name]);
  if (off !== undefined) {
    throw invalidSetting(off, 'off', 'on with differential privacy: its noise protects sums of many only');
  }
  if (facts.clipBound !== undefined) {
    throw invalidSetting('clipBound', facts.clipBound, 'left out with differential privacy');
  }
  const plan = planNoise(
    { clients, ...graph, parameterCount: facts.parameterCount, rounds, fraction },
    {
      noiseMultiplier: settings.noiseMultiplier,
      clippingNorm,
      delta: settings.delta,
      quantile: settings.adaptiveClipping ? settings.clippingQuantile : null,
    },
  );
  return {
    vectorLength: plan.vectorLength,
    bits: plan.bits,
    scale: plan.clipUnits / clippingNorm,
    clipBound: clippingNorm,
    differentialPrivacy: noiseParameters(plan),
  };
}

/** Who shares with whom, and how many must answer. Throws 'invalid-setting'. */
export function planGraph(
  settings: Pick<PlannedSettings, 'clients' | 'graph' | 'tolerate'> & {
    readonly threshold?: number | undefined;
  },
): Pick<RoundParameters, 'threshold' | 'graph' | 'neighbours' | 'neighbourThreshold' | 'tolerate'> {
  const { clients, graph, tolerate } = settings;
  if (!Number.isInteger(clients) || clients < 3 || clients > SPARSE_GRAPH_LIMIT) {
    throw invalidSetting('clients', clients, `in 3 .. ${SPARSE_GRAPH_LIMIT}`);
  }
  const least = leastThreshold(clients);
  const threshold = settings.threshold ?? least;
  if (!Number.isInteger(threshold) || threshold < least || threshold > clients) {
    throw invalidSetting('threshold', threshold, `in ${least} .. ${clients} for ${clients} clients`);
  }
  if (clients <= COMPLETE_GRAPH_LIMIT) {
    if (graph === 'sparse') {
      throw invalidSetting(
        'graph',
        graph,
        `auto or complete up to ${COMPLETE_GRAPH_LIMIT} clients: a neighbourhood that is safe is nearly everybody`,
      );
    }
    return {
      threshold,
      graph: 'complete',
      neighbours: clients,
      neighbourThreshold: threshold,
      tolerate: null,
    };
  }
  if (graph === 'complete') {
    throw invalidSetting(
      'graph',
      graph,
      `auto or sparse above ${COMPLETE_GRAPH_LIMIT} clients: everybody sharing with everybody costs too much`,
    );
  }
  const sparse = sparseParameters(clients, tolerate);
  if (sparse === undefined)
    throw invalidSetting('tolerate', tolerate, 'a column of the table of sparse graphs');
  return {
    threshold,
    graph: 'sparse',
    neighbours: sparse.neighbours,
    neighbourThreshold: sparse.threshold,
    tolerate,
  };
}

/**
 * Where nobody knows the counts, the cap is far above most of them, and a client's share w / W of the scale so small that its
 * update would round to nothing: eight images of a cap of 10,000 would keep five of sixteen bits. So many more bits, as far as
 * there are any, leave even a client with one image the resolution that it has where all counts are equal.
 */
function countBits({ largestCount }: PlanFacts, weightCap: number): number {
  return largestCount === undefined ? Math.ceil(Math.log2(weightCap)) : 0;
}

function planOptimiser({ optimizer, learningRate, momentum }: PlannedSettings): ClientOptimiser {
  return optimizer === 'adam' ? { kind: 'adam', learningRate } : { kind: 'sgd', learningRate, momentum };
}

function defaultClipBound(optimiser: ClientOptimiser, steps: number): number {
  return optimiser.kind === 'adam' ? ADAM_LARGEST_MOVE * optimiser.learningRate * steps : SGD_CLIP_BOUND;
}

function planWeightCap(weights: RoundParameters['weights'], largestCount: number): number {
  if (!Number.isInteger(largestCount) || largestCount < 1) {
    throw invalidSetting('examplesPerClient', largestCount, 'at least 1');
  }
  switch (weights) {
    case 'exact':
      return largestCount;
    case 'bucketed':
      return powerOfTwoWithin(largestCount);
    case 'uniform':
      return 1;
  }
}

/**
 * Throws 'invalid-setting' for a rule of aggregation that there are no updates for. It is not among the parameters, as no
 * client computes anything else for it; it stands in the plan, which everyone reads.
 */
export function requireMean({
  aggregation,
  masks,
  noiseMultiplier,
}: Pick<PlannedSettings, 'aggregation' | 'masks' | 'noiseMultiplier'>): void {
  if (aggregation === 'mean') return;
  if (masks) {
    throw invalidSetting(
      'aggregation',
      aggregation,
      'mean while masks are on: any other rule needs every single update, and masks leave the sum alone',
    );
  }
  if (isNoised({ noiseMultiplier })) {
    throw invalidSetting(
      'aggregation',
      aggregation,
      'mean with noise, which is laid out for the sum: a single update drowns in it',
    );
  }
}

/** Throws 'invalid-setting' for the number of another loss than the chosen one. */
export function requireOneLoss(settings: LossSettings): void {
  const idle = idleLossSetting(settings);
  if (idle !== undefined)
    throw invalidSetting(idle.name, settings[idle.name], `left out unless the loss is ${idle.needed}`);
}

function requireFraction({ clients, fraction }: PlannedSettings): void {
  if (!(fraction > 0 && fraction <= 1)) throw invalidSetting('fraction', fraction, 'above 0 and at most 1');
  const honest = clients - colludersTolerated(clients);
  if (fraction < 1 && fraction * honest < LEAST_EXPECTED_HONEST) {
    const allowed =
      honest < LEAST_EXPECTED_HONEST ? '1' : `1, or at least ${LEAST_EXPECTED_HONEST}/${honest}`;
    throw invalidSetting(
      'fraction',
      fraction,
      `${allowed} for ${clients} clients, so that nobody trains alone`,
    );
  }
}
