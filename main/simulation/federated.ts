/**
 * Federated training on one machine: the room's machines run the protocol, compute processes train for the clients,
 * the coordinator averages and evaluates.
 */
import {
  isUnusual,
  type ProtocolEvent,
  type RoundResult,
  type SimulationResult,
  type UnusualEvent,
} from '../../core/contract/run-result.ts';
import { type RandomSource, systemRandom } from '../../core/crypto/random.ts';
import type { FederationError } from '../../core/errors/federation-error.ts';
import {
  applyAggregate,
  readAggregate,
  reportedFigures,
  type SummedUpdate,
  sumFault,
} from '../../core/fedavg/global-update.ts';
import { ruledUpdateInSteps } from '../../core/fedavg/individual-updates.ts';
import { classificationMetrics, reachesTarget } from '../../core/fedavg/metrics.ts';
import { clippingNormAfter, roundPrivacy } from '../../core/fedavg/round-privacy.ts';
import { initialServerState } from '../../core/fedavg/server-optimiser.ts';
import { initialWeights } from '../../core/model/initial-weights.ts';
import { modelSha256 } from '../../core/model/model-hash.ts';
import { movingStatistics, type StatisticRange } from '../../core/model/moving-statistics.ts';
import { createClient } from '../../core/secagg/client.ts';
import { nothingStored } from '../../core/secagg/client-session.ts';
import { modelHash } from '../../core/secagg/context.ts';
import { createCoordinator } from '../../core/secagg/coordinator.ts';
import type { InputVector } from '../../core/secagg/client-events.ts';
import type { Aggregate, Model } from '../../core/secagg/coordinator-events.ts';
import type { RunningSum } from '../../core/secagg/coordinator-state.ts';
import { defaultFloors } from '../../core/secagg/floors.ts';
import { privacyPlanOf } from '../../core/secagg/privacy-plan.ts';
import { SimulatedBudgets } from './budgets.ts';
import type { Conductor } from './conductor.ts';
import { createCostMeter, meanAndMax, type CostMeter } from './costs.ts';
import { LocalTraining } from './local-training.ts';
import { CancelledError, type OnProgress } from './progress.ts';
import { createRoom, type AttemptOutcome, type RefusedMessage, type Room } from './room.ts';
import { isExactSum, quantisationError } from './round-inputs.ts';
import { openSimulatedEpoch } from './simulated-epoch.ts';
import { drawVanishing } from './vanishing.ts';
import { describeEnvironment, describeWorkbench, type Workbench } from './workbench.ts';

/** Attempts at one round before the run ends: whoever vanished is back in each. */
const mostAttempts = 3;

/** Sees what only whoever runs all parties can see. Numbers are lent: they must be copied to be kept. */
export interface Witness {
  /** weights: [d] the model that the attempt is about; sum: the coordinator's, so far, to look at at once. */
  attemptStarts(round: number, weights: Float32Array, sum: () => RunningSum | undefined): void;
  /** update: [d]. */
  trained(client: number, update: Float32Array): void;
  /** packed: as it goes over the wire; vector: the same before it was masked. */
  vectorSent(client: number, packed: Uint8Array, vector: InputVector): void;
  /** The masks have cancelled. mean: [d], undefined when no weight came; weights: [d] the model that it leads to. */
  summed(mean: Float64Array | undefined, weights: Float32Array): void;
}

export interface RunOptions {
  readonly version: string;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
  /** For a person who watches. */
  readonly conductor?: Conductor;
  readonly witness?: Witness;
  /** Where the noise of differential privacy comes from; the system's generator unless given, so that no run is another's. */
  readonly noise?: (client: number, round: number) => RandomSource;
}

/**
 * Runs all rounds. Cancelled after a round, it returns what is finished; before that it throws CancelledError, or
 * returns a result without rounds where `keepNothing` says that it belongs to something that is worth keeping. Throws
 * FederationError when training itself fails.
 */
export async function runFederated(
  bench: Workbench,
  options: RunOptions,
  keepNothing = false,
): Promise<SimulationResult> {
  return new Federation(bench, options).run(keepNothing);
}

type End = Pick<SimulationResult, 'ended' | 'aborted'>;
type Evaluation = Pick<RoundResult, 'accuracy' | 'f1Weighted' | 'loss' | 'confusion'>;

class Federation {
  readonly #bench: Workbench;
  readonly #options: RunOptions;
  readonly #startedAt = performance.now();
  readonly #events: UnusualEvent[] = [];
  readonly #rounds: RoundResult[] = [];
  readonly #budgets: SimulatedBudgets;
  /** C of the round under way; undefined without differential privacy. */
  #clippingNorm: number | undefined;
  #weights: Float32Array<ArrayBuffer>;
  #serverState;
  readonly #statistics: readonly StatisticRange[];
  /** Of the rounds before this one. */
  #trainingCpuMs = 0;
  /** Of the bench's replacements, those that were told. */
  #replacementsTold: number;
  // of the round under way
  #round = 1;
  #training: LocalTraining;
  #refused: RefusedMessage[] = [];
  #dropped = new Set<number>();

  constructor(bench: Workbench, options: RunOptions) {
    this.#bench = bench;
    this.#options = options;
    this.#weights = Float32Array.from(initialWeights(bench.topology, bench.settings.seed));
    this.#budgets = new SimulatedBudgets(bench.parameters, bench.settings.privacyBudget ?? Infinity);
    this.#clippingNorm = bench.parameters.differentialPrivacy?.clippingNorm;
    this.#serverState = initialServerState(bench.parameters.serverOptimiser, bench.parameterCount);
    this.#statistics = movingStatistics(bench.topology);
    this.#training = new LocalTraining(bench, 1, this.#weights, options);
    this.#replacementsTold = bench.replacements.length;
  }

  async run(keepNothing: boolean): Promise<SimulationResult> {
    const startedAt = new Date().toISOString();
    let end: End = {};
    try {
      const room = await this.#openRoom();
      for (let round = 1; round <= this.#bench.parameters.rounds && end.ended === undefined; round += 1)
        end = await this.#playRound(room, round);
    } catch (error) {
      if (!this.#options.signal.aborted) throw error;
      if (this.#rounds.length === 0 && !keepNothing)
        throw new CancelledError('cancelled before the first round ended');
      end = { ended: 'cancelled' };
    }
    return this.#result(startedAt, end);
  }

  async #openRoom(): Promise<Room> {
    const { settings, parameters, architecture } = this.#bench;
    const { onProgress, signal, conductor, witness, noise } = this.#options;
    const { epoch, signers, words } = await openSimulatedEpoch(
      parameters,
      settings.rsaBits,
      (done, total) => {
        onProgress({ kind: 'identities', done, total });
      },
      signal,
    );
    onProgress({ kind: 'epoch', epoch });
    onProgress({ kind: 'words', words });
    const [coordinatorSigner, ...clientSigners] = signers;
    const floors = {
      ...defaultFloors,
      demonstration: parameters.demonstration,
      tolerate: settings.tolerate,
    };
    const keepsVectors = settings.aggregation !== 'mean';
    const coordinatorEnvironment = { epoch, signer: coordinatorSigner!, keepsVectors };
    return createRoom({
      coordinator: { state: createCoordinator(), environment: coordinatorEnvironment },
      clients: clientSigners.map((signer, index) => {
        const environment = { epoch, client: index + 1, signer, random: systemRandom, architecture };
        return { state: createClient(environment, floors, nothingStored).state, environment };
      }),
      train: async (client, selected, costs, clippingNorm) => {
        const turn =
          clippingNorm === undefined
            ? undefined
            : { selected, clippingNorm, random: noise?.(client, this.#round) ?? systemRandom };
        const vector = selected
          ? await this.#training.makeVector(client, costs, turn)
          : this.#training.leaveOut(client, costs, turn);
        witness?.trained(client, this.#training.inputs.get(client)!.update);
        return vector;
      },
      charge: (client, _round, digest) => this.#budgets.charge(client, digest),
      observer: {
        event: (event) => {
          this.#note(event);
        },
        refused: (refused) => this.#refused.push(refused),
        awaits: (phase, clients) => {
          onProgress({ kind: 'awaits', phase, clients });
        },
        vectorSent: (client, packed, vector) => witness?.vectorSent(client, packed, vector),
      },
      conductor,
    });
  }

  /** A result keeps what was unusual: what everyone does in every round is in the rounds' counts. */
  #note(event: ProtocolEvent): void {
    if (isUnusual(event)) this.#events.push(event);
    if (event.kind === 'dropped' && event.client !== undefined) this.#dropped.add(event.client);
    this.#options.onProgress({ kind: 'protocol', event });
  }

  /** Compute processes that died since this was last asked. */
  #noteReplacements(round: number, attempt: number, phase: string): void {
    const { replacements } = this.#bench;
    for (const reason of replacements.slice(this.#replacementsTold))
      this.#note({ round, attempt, phase, kind: 'process-replaced', detail: { reason } });
    this.#replacementsTold = replacements.length;
  }

  /** One round, all its attempts. Says how the run ended, if it did. */
  async #playRound(room: Room, round: number): Promise<End> {
    const { settings, parameters } = this.#bench;
    const plan = privacyPlanOf(parameters);
    const { onProgress, conductor, witness } = this.#options;
    const startedAt = performance.now();
    const costs = createCostMeter(settings.clients);
    this.#round = round;
    onProgress({ kind: 'round-started', round, rounds: parameters.rounds });
    this.#refused = [];
    this.#dropped = new Set();
    this.#trainingCpuMs += this.#training.cpuMs;
    this.#training = new LocalTraining(this.#bench, round, this.#weights, this.#options);

    let outcome: AttemptOutcome;
    let attempt = 0;
    do {
      attempt += 1;
      const vanishing = drawVanishing(settings, round, attempt);
      for (const client of vanishing.keys()) this.#dropped.add(client);
      this.#training.start(vanishing);
      onProgress({ kind: 'attempt-started', round, attempt });
      witness?.attemptStarts(round, this.#weights, () => room.sum);
      const start =
        attempt === 1
          ? ({ kind: 'begin', round, model: this.#model(true) } as const)
          : ({ kind: 'retry' } as const);
      outcome = await room.attempt(start, vanishing, costs);
      this.#noteReplacements(round, attempt, 'masked-input');
    } while (
      outcome.kind === 'abort' &&
      outcome.retry !== 'burnt' &&
      attempt < mostAttempts &&
      !this.#budgetsReached
    );
    const trainMs = this.#training.endedAt - startedAt;
    if (outcome.kind === 'abort') {
      const end = abortedIn(round, attempt, outcome.error);
      return this.#budgetsReached ? { ...end, ended: 'privacy-budget' } : end;
    }

    const { aggregate } = outcome;
    const { u1, u2, u3, u4, sum } = aggregate;
    await conductor?.breathe();
    const about = { survivors: u3.length, clippingNorm: this.#clippingNorm ?? 0, vectors: round };
    const update = costs.time(0, 'aggregate', () => readAggregate(sum, parameters, about));
    const fault = sum instanceof Int32Array ? sumFault(sum, update, u3.length, parameters) : undefined;
    if (fault !== undefined) return abortedIn(round, attempt, room.reject(fault, costs).error);
    await conductor?.breathe();
    await this.#apply(aggregate, update, costs);
    witness?.summed(update.meanUpdate, this.#weights);
    room.publish(this.#model(false), costs);
    const evaluationStartedAt = performance.now();
    const evaluation = await this.#evaluate(this.#options.signal);
    this.#noteReplacements(round, attempt, 'aggregate');
    const now = performance.now();
    const clients = costs.clients(u3);
    const checked = await this.#check(aggregate, update);
    const { clippedRate, reported } = reportedFigures(update);
    const result: RoundResult = {
      round,
      attempts: attempt,
      ...evaluation,
      clients: { advertised: u1.length, shared: u2.length, masked: u3.length, unmasked: u4.length },
      dropped: [...this.#dropped].sort((left, right) => left - right),
      refused: this.#refused,
      ...checked,
      clippedRate,
      bytesUpPerClient: meanAndMax(clients.map(({ bytesUp }) => bytesUp)),
      bytesDownPerClient: meanAndMax(clients.map(({ bytesDown }) => bytesDown)),
      ms: {
        train: trainMs,
        client: meanAndMax(clients.map(({ cpuMs }) => cpuMs)).mean,
        coordinator: costs.coordinatorMs(),
        evaluate: now - evaluationStartedAt,
        total: now - startedAt,
      },
      phases: costs.phases(u3),
      reported,
      ...(plan === undefined || !('withinNorm' in update)
        ? {}
        : { privacy: roundPrivacy(plan, about, update) }),
    };
    this.#adaptNorm(result);
    this.#rounds.push(result);
    onProgress({ kind: 'round-finished', result });
    if (reachesTarget(result.accuracy, settings.target)) return { ended: 'target' };
    if (round < parameters.rounds) await conductor?.betweenRounds();
    return {};
  }

  /** The server optimiser's step, on the mean of the sum or on what the rule of aggregation makes of each update. */
  async #apply({ vectors }: Aggregate, update: SummedUpdate, costs: CostMeter): Promise<void> {
    const { parameters, settings } = this.#bench;
    const ruling = ruledUpdateInSteps(settings.aggregation, update, vectors, parameters);
    const next = (): ReturnType<typeof ruling.next> => costs.time(0, 'aggregate', () => ruling.next());
    let ruled = next();
    for (; ruled.done !== true; ruled = next()) await this.#options.conductor?.breathe();
    const { value } = ruled;
    const step = costs.time(0, 'aggregate', () =>
      applyAggregate(value, parameters, this.#weights, this.#serverState, this.#statistics),
    );
    this.#weights = step.weights;
    this.#serverState = step.state;
  }

  /** What only a simulation can check, as it knows the inputs. */
  async #check(
    aggregate: Aggregate,
    { meanUpdate }: SummedUpdate,
  ): Promise<Pick<RoundResult, 'exactSum' | 'quantisationError'>> {
    const { parameters } = this.#bench;
    const { inputs } = this.#training;
    const exactSum = isExactSum(aggregate, inputs, parameters.bits);
    await this.#options.conductor?.breathe();
    return {
      exactSum,
      quantisationError:
        parameters.quantisation && parameters.differentialPrivacy === null
          ? quantisationError(meanUpdate, aggregate, inputs, parameters)
          : null,
    };
  }

  async #evaluate(signal?: AbortSignal): Promise<Evaluation> {
    const { lossSum, confusion, count } = await this.#bench.pool.evaluate(this.#weights, { signal });
    const { accuracy, f1Weighted } = classificationMetrics(confusion);
    return { accuracy, f1Weighted, loss: lossSum / count, confusion: [...confusion] };
  }

  #model(withWeights: boolean): Model {
    const weights = new Uint8Array(this.#weights.buffer);
    const adaptive = this.#bench.parameters.differentialPrivacy?.adaptive ?? null;
    return {
      hash: modelHash(this.#bench.architecture, weights),
      weights: withWeights ? weights : new Uint8Array(0),
      ...(adaptive === null || this.#clippingNorm === undefined ? {} : { clippingNorm: this.#clippingNorm }),
    };
  }

  /** C of the next round. */
  #adaptNorm({ privacy }: RoundResult): void {
    const { differentialPrivacy: noise } = this.#bench.parameters;
    if (noise !== null && privacy !== undefined) this.#clippingNorm = clippingNormAfter(noise, privacy);
  }

  /** Too few clients are left that may send anything more. */
  get #budgetsReached(): boolean {
    const { clients, threshold } = this.#bench.parameters;
    return clients - this.#budgets.refused < threshold;
  }

  async #result(startedAt: string, end: End): Promise<SimulationResult> {
    const { parameters, settings, topology } = this.#bench;
    const seconds = (performance.now() - this.#startedAt) / 1000;
    const last = this.#rounds.at(-1) ?? (await this.#evaluate());
    const environment = describeEnvironment(this.#options.version);
    const trainingCpuMs = this.#trainingCpuMs + this.#training.cpuMs;
    return {
      kind: 'simulation',
      startedAt,
      seconds,
      settings,
      resolved: {
        threshold: parameters.threshold,
        graph: parameters.graph,
        neighbours: parameters.neighbours,
        neighbourThreshold: parameters.neighbourThreshold,
        bits: parameters.bits,
        scale: parameters.scale,
        clipBound: parameters.clipBound,
      },
      ...describeWorkbench(this.#bench),
      environment,
      rounds: this.#rounds,
      events: this.#events,
      ...end,
      trainingShare: trainingCpuMs / 1000 / (environment.cores * seconds),
      final: {
        accuracy: last.accuracy,
        f1Weighted: last.f1Weighted,
        modelSha256: modelSha256(topology, this.#weights),
      },
    };
  }
}

function abortedIn(round: number, attempt: number, { details, code }: FederationError): End {
  if (!('needed' in details && 'reason' in details)) return { ended: code };
  const { phase, reason, needed, got } = details;
  return { ended: reason, aborted: { round, attempt, phase, reason, needed, got } };
}
