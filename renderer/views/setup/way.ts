/** What a problem is called outside of its field, and the way out of it, as a field offers it. */
import type { MessageKey, Texts } from '../../messages/translate.ts';
import type { SetupState } from '../../state/setup.svelte.ts';
import type { SetupField, SetupProblem } from '../../state/setup-rules.ts';

export function wayOf(
  setup: SetupState,
  problem: SetupProblem | undefined,
): { readonly text: string; readonly go: () => void } | undefined {
  const way = problem?.way;
  if (way === undefined) return undefined;
  return {
    text: way.text,
    go: () => {
      setup.apply(way.change);
    },
  };
}

const labels = {
  title: 'setup.title',
  clients: 'setup.people',
  rounds: 'setup.rounds',
  dataset: 'setup.folder',
  model: 'setup.model',
  masks: 'setup.masks',
  signatures: 'setup.signatures',
  epochs: 'setup.epochs',
  batch: 'setup.batch',
  learningRate: 'setup.rate',
  optimizer: 'setup.optimizer',
  momentum: 'setup.momentum',
  prox: 'setup.prox',
  loss: 'setup.loss',
  labelSmoothing: 'setup.smoothing',
  focalGamma: 'setup.gamma',
  partition: 'setup.partition',
  examplesPerClient: 'setup.images',
  weights: 'setup.weights',
  fraction: 'setup.fraction',
  serverOptimizer: 'setup.server',
  aggregation: 'setup.aggregation',
  target: 'setup.target',
  threshold: 'setup.threshold',
  keyAgreement: 'setup.agreement',
  quantisation: 'setup.quantisation',
  graph: 'setup.graph',
  tolerate: 'setup.tolerate',
  deadlineSeconds: 'setup.deadline',
  seed: 'setup.seed',
  engine: 'setup.engine',
  processes: 'setup.processes',
  noiseMultiplier: 'setup.multiplier',
  clippingNorm: 'setup.clipping',
  delta: 'setting.delta',
  clippingQuantile: 'setup.quantile',
  privacyBudget: 'setting.privacyBudget',
} as const satisfies Partial<Record<SetupField, MessageKey>>;

/** undefined for what has no field in every set-up. */
export function labelOf(field: SetupField, { t }: Texts): string | undefined {
  return field in labels ? t(labels[field as keyof typeof labels]) : undefined;
}
