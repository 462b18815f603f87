/** Numbers that a report or a screen derives from a result: means, baselines, per-class scores. Pure; shares lie in [0, 1]. */
import { engineText } from '../contract/engines.ts';
import type { PhaseResult, RoundResult, RunResult, SimulationResult } from '../contract/run-result.ts';
import { type RunSettings, runSettingsSchema } from '../contract/run-settings.ts';
import type { SessionPhase, SessionResult } from '../contract/session-result.ts';

/** A run whose clients trained together: on one machine, or over a network. */
export type FederatedRun = SimulationResult | SessionResult;

export function runOf(result: RunResult): FederatedRun {
  return result.kind === 'comparison' ? result.simulation : result;
}

/** What trained on the machine that wrote the result: 'compiled (relaxed SIMD)', several where they changed; undefined of earlier versions. */
export function engineOf(run: FederatedRun): string | undefined {
  return run.kind === 'session' ? run.engine : engineText(run.engine);
}

/** Of the program that wrote the result. */
export function versionOf(run: FederatedRun): string {
  return run.kind === 'session' ? run.masquerade : run.environment.masquerade;
}

export function clientCount(run: FederatedRun): number {
  return run.kind === 'session' ? run.session.members.length : run.settings.clients;
}

/** The settings of a run that nobody changed. */
export const defaultSettings: RunSettings = runSettingsSchema.parse({});

/** Accuracies on MNIST that the reference experiment is measured against. */
export const referenceAccuracies = {
  centralised: 0.9916,
  'single-client': 0.9576,
  federated: 0.9786,
} as const;

/** What changes what is learnt; protections, threads and the seed do not make it another experiment. */
const learningSettings = [
  'clients',
  'rounds',
  'dataset',
  'partition',
  'epochs',
  'batch',
  'learningRate',
  'model',
  'drop',
  'examplesPerClient',
  'weights',
  'fraction',
  'optimizer',
  'momentum',
  'prox',
  'loss',
  'labelSmoothing',
  'focalGamma',
  'serverOptimizer',
  'aggregation',
  'noiseMultiplier',
] as const satisfies readonly (keyof RunSettings)[];

/** Whether the reference accuracies may stand beside this run: a whole run of the same experiment, nothing else. */
export function isReferenceExperiment(run: FederatedRun): boolean {
  return (
    run.kind === 'simulation' &&
    run.ended === undefined &&
    learningSettings.every((name) => run.settings[name] === defaultSettings[name])
  );
}

type Protections = 'masked-and-signed' | 'masked-only' | 'signed-only' | 'none';

export function protectionsOf(settings: Pick<RunSettings, 'masks' | 'signatures'>): Protections {
  if (settings.masks) return settings.signatures ? 'masked-and-signed' : 'masked-only';
  return settings.signatures ? 'signed-only' : 'none';
}

/** A run that a person or an abort ended early; one that reached its target is whole. */
export function isPartial({ ended }: FederatedRun): boolean {
  return ended !== undefined && ended !== 'target';
}

export function isMnist({ settings, dataset }: FederatedRun): boolean {
  return settings.dataset === 'mnist' || dataset.name.toLowerCase() === 'mnist';
}

/** A client's name in the roster that the round belonged to; undefined in a simulation, where clients have none. */
export function nameOfClient(client: number, round: number, run: FederatedRun): string | undefined {
  if (run.kind !== 'session') return undefined;
  const { rounds, attempts, session } = run;
  const epoch =
    rounds.find((one) => one.round === round)?.epoch ??
    attempts.findLast((attempt) => attempt.round === round)?.epoch;
  const roster = session.epochs.find((one) => one.epoch === epoch) ?? session;
  return roster.members.find(({ number }) => number === client)?.name;
}

export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

export interface ClassFigures {
  readonly index: number;
  readonly images: number;
  readonly recall: number;
  readonly precision: number;
  readonly f1: number;
}

export interface ClassError {
  readonly actual: number;
  readonly predicted: number;
  readonly count: number;
}

export interface ConfusionFigures {
  readonly classes: readonly ClassFigures[];
  /** Off the diagonal and above zero, the most frequent first. */
  readonly errors: readonly ClassError[];
  readonly errorCount: number;
}

/** From a [count x count] matrix, row = true class, column = answer. */
export function confusionFigures(confusion: readonly number[], count: number): ConfusionFigures {
  const at = (actual: number, predicted: number): number => confusion[actual * count + predicted] ?? 0;
  const indices = Array.from({ length: count }, (_, index) => index);
  const classes = indices.map((index) => {
    const images = indices.reduce((sum, other) => sum + at(index, other), 0);
    const answers = indices.reduce((sum, other) => sum + at(other, index), 0);
    const right = at(index, index);
    return {
      index,
      images,
      recall: images === 0 ? 0 : right / images,
      precision: answers === 0 ? 0 : right / answers,
      f1: images + answers === 0 ? 0 : (2 * right) / (images + answers),
    };
  });
  const errors = indices
    .flatMap((actual) => indices.map((predicted) => ({ actual, predicted, count: at(actual, predicted) })))
    .filter((error) => error.actual !== error.predicted && error.count > 0)
    .sort((first, second) => second.count - first.count);
  return { classes, errors, errorCount: errors.reduce((sum, error) => sum + error.count, 0) };
}

/** What always answering the most frequent class gets: accuracy p, and F1 2p / (1 + p) on that class alone. */
export function majorityBaseline(
  round: Pick<RoundResult, 'confusion'>,
  classCount: number,
): { readonly accuracy: number; readonly f1Weighted: number } {
  const images = confusionFigures(round.confusion, classCount).classes.map((figures) => figures.images);
  const total = images.reduce((sum, count) => sum + count, 0);
  const share = total === 0 ? 0 : Math.max(...images) / total;
  return { accuracy: share, f1Weighted: (share * 2 * share) / (1 + share) };
}

/** Mean of each phase over the rounds, in the order of the protocol. */
export function phaseMeans(rounds: readonly RoundResult[]): readonly PhaseResult[] {
  const order = ['advertise-keys', 'share-keys', 'masked-input', 'statement', 'unmask', 'aggregate'] as const;
  return order
    .filter((phase) => rounds.some((round) => round.phases.some((entry) => entry.phase === phase)))
    .map((phase) => {
      const entries = rounds.flatMap((round) => round.phases.filter((entry) => entry.phase === phase));
      const perRound = (value: (entry: PhaseResult) => number): number =>
        entries.reduce((sum, entry) => sum + value(entry), 0) / rounds.length;
      return {
        phase,
        clientMs: perRound((entry) => entry.clientMs),
        coordinatorMs: perRound((entry) => entry.coordinatorMs),
        bytesUp: perRound((entry) => entry.bytesUp),
        bytesDown: perRound((entry) => entry.bytesDown),
      };
    });
}

const waitedPhases = ['advertise-keys', 'share-keys', 'masked-input', 'statement', 'unmask'] as const;

export interface PhaseWait {
  readonly phase: (typeof waitedPhases)[number];
  /** By the clock, over all attempts. */
  readonly meanMs: number;
  readonly mostMs: number;
  readonly answered: number;
  readonly awaited: number;
}

/** How long a session's coordinator waited in each phase, in the order of the protocol. */
export function phaseWaits(phases: readonly SessionPhase[]): readonly PhaseWait[] {
  const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
  return waitedPhases
    .map((phase) => ({ phase, waits: phases.filter((one) => one.phase === phase) }))
    .filter(({ waits }) => waits.length > 0)
    .map(({ phase, waits }) => ({
      phase,
      meanMs: mean(waits.map(({ ms }) => ms)),
      mostMs: Math.max(...waits.map(({ ms }) => ms)),
      answered: total(waits.map(({ answered }) => answered)),
      awaited: total(waits.map(({ awaited }) => awaited)),
    }));
}

/** [1, 2, 3, 7] -> ['1–3', '7'] */
export function ranges(numbers: readonly number[]): readonly string[] {
  const sorted = [...new Set(numbers)].sort((first, second) => first - second);
  const found: { first: number; last: number }[] = [];
  for (const value of sorted) {
    const current = found.at(-1);
    if (current !== undefined && value === current.last + 1) current.last = value;
    else found.push({ first: value, last: value });
  }
  return found.map(({ first, last }) =>
    first === last ? String(first) : last === first + 1 ? `${first}, ${last}` : `${first}–${last}`,
  );
}
